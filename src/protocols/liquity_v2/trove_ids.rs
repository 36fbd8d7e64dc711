//! Numbers of troves that somebody may own: a trove's number is a hash of who opened it, for whom, and which one it was.

use alloy::primitives::{Address, U256, keccak256};
use alloy::sol_types::SolValue as _;

/// So many troves of one opener are looked for.
const MOST: u64 = 10;

/// Numbers of the first troves that `owner` would have opened, directly or through one of `zappers`.
pub(super) fn candidates(owner: Address, zappers: &[Address]) -> Vec<U256> {
    let mut all = Vec::new();
    for index in 0..MOST {
        let index = U256::from(index);
        all.push(trove_id(owner, owner, index));
        // `BaseZapper._getTroveIndex`: a zapper hashes its caller into the index.
        let through = U256::from_be_bytes(keccak256((owner, index).abi_encode()).0);
        all.extend(zappers.iter().map(|zapper| trove_id(*zapper, owner, through)));
    }
    all
}

/// `BorrowerOperations._openTrove`.
fn trove_id(opener: Address, owner: Address, index: U256) -> U256 {
    U256::from_be_bytes(keccak256((opener, owner, index).abi_encode()).0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_the_hash_of_three_words() {
        let owner = Address::repeat_byte(1);
        let words = [owner.into_word(), owner.into_word(), U256::from(3).into()].concat();
        let ids = candidates(owner, &[Address::repeat_byte(2)]);
        assert_eq!(ids.len(), 20);
        assert_eq!(ids[6], U256::from_be_bytes(keccak256(words).0));
        let unique: std::collections::BTreeSet<_> = ids.iter().collect();
        assert_eq!(unique.len(), ids.len());
    }
}
