//! Whether a signature is the account's, over exactly what was reviewed.

use alloy::primitives::{Address, B256, U256};
use alloy::signers::Signature;

use super::DeviceCause;

/// The signature as the chain takes it, where it recovers to `expected` over `hash`. Which of the two parities it has is
/// found by recovering, so that nothing rests on a device's `v`: devices number it in four different ways.
pub(super) fn own_signature(
    (r, s): (&[u8], &[u8]),
    hash: B256,
    expected: Address,
) -> Result<Signature, DeviceCause> {
    let number = |bytes: &[u8]| U256::try_from_be_slice(bytes).filter(|_| bytes.len() <= 32);
    let (Some(r), Some(s)) = (number(r), number(s)) else {
        return Err(DeviceCause::Broken { detail: "a signature of a wrong length" });
    };
    let both = [false, true].map(|odd| Signature::new(r, s, odd).normalized_s());
    let own = both
        .into_iter()
        .find(|one| one.recover_address_from_prehash(&hash).is_ok_and(|from| from == expected));
    own.ok_or(DeviceCause::OtherSignature { expected })
}

#[cfg(test)]
mod tests {
    use alloy::primitives::keccak256;

    use alloy::signers::SignerSync as _;
    use alloy::signers::local::PrivateKeySigner;

    use super::*;

    #[test]
    fn a_signature_is_taken_in_either_parity_and_either_half_and_no_other_is() {
        let key = PrivateKeySigner::from_bytes(&B256::repeat_byte(9)).unwrap();
        let order =
            U256::from_str_radix("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16)
                .unwrap();
        for number in 0..8_u8 {
            let hash = keccak256([number]);
            let made = key.sign_hash_sync(&hash).unwrap();
            let (r, s) = (made.r().to_be_bytes::<32>(), made.s().to_be_bytes::<32>());
            assert_eq!(own_signature((&r, &s), hash, key.address()), Ok(made));
            // The other half of the curve's order signs the same, and no block takes it.
            let high = (order - made.s()).to_be_bytes::<32>();
            assert_eq!(own_signature((&r, &high), hash, key.address()), Ok(made));
            let other = keccak256([number, 1]);
            let expected = key.address();
            let refused = own_signature((&r, &s), other, expected);
            assert_eq!(refused, Err(DeviceCause::OtherSignature { expected }));
            assert!(matches!(own_signature((&[1; 33], &s), hash, expected), Err(DeviceCause::Broken { .. })));
        }
    }
}
