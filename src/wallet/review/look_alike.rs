//! R03: an address made to be taken for another (THREATS T33).

use alloy::primitives::{Address, hex};

/// Digits at each end that are enough together.
const BOTH_ENDS: usize = 3;
/// Digits at one end that are enough alone.
const ONE_END: usize = 6;
/// So many zeros at the start are no chance: both addresses were searched for them, to be cheap to store or to look at. That
/// two have them is no likeness.
const SOUGHT_ZEROS: usize = 6;
/// Digits at the right end that are enough where both begin with such zeros.
const AFTER_ZEROS: usize = 4;

/// How alike two different addresses are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LookAlike {
    /// Equal digits from the left.
    pub leading: usize,
    /// Equal digits from the right.
    pub trailing: usize,
    /// Digits of 40 that differ.
    pub differing: usize,
}

/// Whether `address` could be taken for `known`: at least three equal digits at both ends, or six at one. Zeros that many
/// addresses are given on purpose count for little.
pub fn imitates(address: Address, known: Address) -> Option<LookAlike> {
    if address == known {
        return None;
    }
    let (own, other) = (hex::encode(address), hex::encode(known));
    let pairs = || own.bytes().zip(other.bytes());
    let leading = pairs().take_while(|(one, two)| one == two).count();
    let trailing = pairs().rev().take_while(|(one, two)| one == two).count();
    let differing = pairs().filter(|(one, two)| one != two).count();
    let zeros = pairs().take_while(|both| *both == (b'0', b'0')).count();
    let (counted, at_right) = match zeros {
        SOUGHT_ZEROS.. => (leading.saturating_sub(zeros), AFTER_ZEROS),
        _ => (leading, ONE_END),
    };
    let alike = (counted >= BOTH_ENDS && trailing >= BOTH_ENDS) || counted >= ONE_END || trailing >= at_right;
    alike.then_some(LookAlike { leading, trailing, differing })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_address() -> impl Strategy<Value = Address> {
        any::<[u8; 20]>().prop_map(Address::from)
    }

    /// `victim` with all digits between the first `leading` and the last `trailing` from `noise`, at least one changed.
    fn look_alike(victim: Address, noise: Address, leading: usize, trailing: usize) -> Option<Address> {
        let (victim_digits, noise) = (hex::encode(victim), hex::encode(noise));
        let digits: String = victim_digits
            .char_indices()
            .zip(noise.chars())
            .map(|((at, own), other)| if at < leading || at >= 40 - trailing { own } else { other })
            .collect();
        let made: Address = digits.parse().unwrap();
        (made != victim).then_some(made)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5_000))]
        /// Every look-alike from 3 + 3 digits, or 6 at one end, up to 39 is flagged.
        #[test]
        fn every_look_alike_is_flagged(victim in any_address(), noise in any_address(), leading in 0..40_usize, trailing in 0..40_usize) {
            let trailing = trailing % (40 - leading);
            let enough = (leading >= 3 && trailing >= 3) || leading >= 6 || trailing >= 6;
            if enough && let Some(made) = look_alike(victim, noise, leading, trailing) {
                let found = imitates(made, victim).unwrap();
                prop_assert!(found.leading >= leading && found.trailing >= trailing && found.differing > 0);
            }
        }
    }

    #[test]
    fn no_random_pair_of_a_hundred_thousand_is_flagged() {
        let mut seed = alloy::primitives::keccak256("pairs");
        let mut next = || {
            seed = alloy::primitives::keccak256(seed);
            Address::from_word(seed)
        };
        let flagged = (0..100_000).filter(|_| imitates(next(), next()).is_some()).count();
        assert_eq!(flagged, 0);
    }

    /// Addresses that were searched for zeros at their start, as the contracts are that everybody calls.
    #[test]
    fn two_that_were_given_zeros_are_not_taken_for_each_other() {
        let seaport: Address = "0000000000000068F116a894984e2DB1123eB395".parse().unwrap();
        let permit2: Address = "000000000022D473030F116dDEE9F6B43aC78BA3".parse().unwrap();
        assert_eq!(imitates(permit2, seaport), None);
        let mut seed = alloy::primitives::keccak256("vanity");
        let mut next = || {
            seed = alloy::primitives::keccak256(seed);
            let mut made = Address::from_word(seed);
            let zeros = usize::from(3 + seed[0] % 5); // six to fourteen digits
            made[..zeros].fill(0);
            made
        };
        // Of 65,536 such pairs one ends in the same four digits by chance.
        let flagged = (0..100_000).filter(|_| imitates(next(), next()).is_some()).count();
        assert!(flagged <= 4, "{flagged} of 100000");
        // One that was made after it is still found: by its end, or by what follows the zeros at both ends.
        let by_end: Address = "0000000000ffffffffffffffffffffffffff8BA3".parse().unwrap();
        let by_both: Address = "000000000022D4ffffffffffffffffffffffFBA3".parse().unwrap();
        let by_start: Address = "000000000022D47303ffffffffffffffffffffff".parse().unwrap();
        for made in [by_end, by_both, by_start] {
            assert!(imitates(made, permit2).is_some(), "{made}");
        }
    }

    #[test]
    fn the_same_address_imitates_nobody_and_five_digits_are_chance() {
        let known: Address = "52908400098527886E0F7030069857D2E4169EE7".parse().unwrap();
        assert_eq!(imitates(known, known), None);
        let five: Address = "52908f00098527886E0F7030069857D2E4169000".parse().unwrap();
        assert_eq!(imitates(five, known), None);
        let designed: Address = "5290111111111111111111111111111111119EE7".parse().unwrap();
        let alike = imitates(designed, known).unwrap();
        assert_eq!((alike.leading, alike.trailing), (4, 4));
    }
}
