//! Rights that a call needs, and the approvals that give them.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall as _;

use super::{Asset, Intent};
use crate::contracts::Erc20;

/// An allowance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowance {
    /// Of what.
    pub token: Asset,
    /// Who may take it.
    pub spender: Address,
    /// How much of it.
    pub amount: U256,
}

impl Allowance {
    /// Token and spender.
    pub fn pair(&self) -> (Address, Address) {
        (self.token.address, self.spender)
    }
}

/// `approve(spender, amount)`, exact by default.
pub fn approve(token: &Asset, spender: Address, amount: U256) -> Intent {
    let calldata = Erc20::approveCall { spender, value: amount }.abi_encode();
    let sentence = if amount.is_zero() {
        format!("Take back from {spender} the right to spend your {}", token.symbol)
    } else {
        format!("Allow {spender} to take up to {}", token.show_up(amount))
    };
    let mut intent = Intent::call(token.address, calldata, sentence);
    intent.grants.push(Allowance { token: token.clone(), spender, amount });
    intent
}

/// The approvals that `intent` still needs, then itself. `standing` tells the allowance that is there.
///
/// An allowance that is there and not enough is set to 0 first: USDT refuses to change one that is not 0. One that
/// stands and is enough is used and not raised, and the call says so. What is said of the code behind the call is said of
/// the approvals too: it is what may take the tokens.
pub fn with_approvals(mut intent: Intent, standing: impl Fn(Address, Address) -> U256) -> Vec<Intent> {
    let changed = intent.changed.clone();
    let approve = |token: &Asset, spender, amount| Intent {
        changed: changed.clone(),
        ..approve(token, spender, amount)
    };
    let (mut all, mut used) = (Vec::new(), String::new());
    for need in &intent.needs {
        let there = standing(need.token.address, need.spender);
        if there >= need.amount {
            used.push_str(&by_right(need, there));
            continue;
        }
        if !there.is_zero() {
            all.push(approve(&need.token, need.spender, U256::ZERO));
        }
        all.push(approve(&need.token, need.spender, need.amount));
    }
    intent.sentence.push_str(&used);
    all.push(intent);
    all
}

/// That a right which stands already is used, as more of a call's sentence.
fn by_right(need: &Allowance, there: U256) -> String {
    if need.amount.is_zero() {
        return String::new();
    }
    let endless =
        there.bit_len() >= 255 || there == (U256::MAX >> 160_usize) || there == (U256::MAX >> 96_usize);
    let most =
        if endless { format!("any amount of {}", need.token.symbol) } else { need.token.show_up(there) };
    format!(", by the right that {} already has to take {most}", need.spender)
}

#[cfg(test)]
mod tests {
    use alloy::primitives::Selector;

    use super::*;

    fn usdt() -> Asset {
        Asset::token(Address::repeat_byte(7), "USDT", 6)
    }

    #[test]
    fn only_what_is_missing_is_approved() {
        let spender = Address::repeat_byte(9);
        let call = || Intent::call(spender, vec![1, 2, 3, 4], "Pay".to_owned());
        let need = || call().taking(&usdt(), spender, U256::from(100));
        let amounts = |standing: u64| {
            let all = with_approvals(need(), |_, _| U256::from(standing));
            let said =
                all.last().is_some_and(|call| call.sentence.contains("already has to take 0.0001 USDT"));
            assert_eq!(said, standing == 100, "a right that is used is told of: {all:?}");
            let approvals: Vec<u64> =
                all.iter().flat_map(|one| &one.grants).map(|one| one.amount.to()).collect();
            assert_eq!(all.len(), approvals.len() + 1);
            approvals
        };
        assert_eq!(amounts(0), [100]);
        assert_eq!(amounts(99), [0, 100], "an allowance that is not 0 is first set to 0");
        assert!(amounts(100).is_empty());
        assert_eq!(with_approvals(call(), |_, _| U256::ZERO).len(), 1);
        let all = with_approvals(need(), |_, _| U256::MAX);
        let [endless] = all.as_slice() else { panic!("nothing to approve: {all:?}") };
        assert!(endless.sentence.ends_with("already has to take any amount of USDT"), "{}", endless.sentence);
        let changed = Intent { changed: Some("Aave".to_owned()), ..need() };
        let all = with_approvals(changed, |_, _| U256::ZERO);
        assert!(all.len() == 2 && all.iter().all(|one| one.changed.is_some()), "{all:?}");
        let nothing = call().taking(&usdt(), spender, U256::ZERO);
        assert_eq!(with_approvals(nothing, |_, _| U256::ZERO)[0].sentence, "Pay", "nothing is taken");
    }

    #[test]
    fn an_approval_is_exactly_that_call() {
        let intent = approve(&usdt(), Address::repeat_byte(9), U256::from(5));
        assert_eq!(intent.selector(), Some(Selector::from([0x09, 0x5e, 0xa7, 0xb3])));
        assert_eq!(intent.to, usdt().address);
        assert!(intent.sentence.ends_with("0.000005 USDT"), "{}", intent.sentence);
    }
}
