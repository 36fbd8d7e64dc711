//! What can be done with a position, and the calls that do it.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use alloy::primitives::{Address, Bytes, Selector, U256};
use alloy::sol_types::SolCall as _;

use super::{Asset, CodeCheck, IntentError, Position, Verdict};
use crate::contracts::Erc20;
use crate::execution::Call;

/// What a protocol noted of a position to build its calls from. Only that protocol can read it.
#[derive(Clone)]
pub struct Detail(Arc<dyn Any + Send + Sync>);

impl Detail {
    /// Notes `value`.
    pub fn new<T: Any + Send + Sync>(value: T) -> Self {
        Self(Arc::new(value))
    }

    /// The note, where it is of this kind.
    pub fn get<T: Any + Send + Sync>(&self) -> Option<&T> {
        self.0.downcast_ref()
    }
}

impl fmt::Debug for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Detail")
    }
}

/// How much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Amount {
    /// All there is when the transaction runs, interest of the meantime included.
    All,
    /// Exactly this many units.
    Exactly(U256),
}

/// When in an exit an action comes. Earlier ones make later ones possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Take what is already due.
    Claim,
    /// Take apart what holds tokens that a debt may need.
    Free,
    /// Pay back.
    Repay,
    /// Take out.
    Withdraw,
    /// Turn into the plain asset.
    Unwrap,
    /// Start what takes days.
    Queue,
}

/// Something that can be done with a position.
#[derive(Debug, Clone)]
pub struct Action {
    /// The protocol's id.
    pub protocol: String,
    /// Whose position.
    pub owner: Address,
    /// Its name in the protocol, as `repay`.
    pub kind: &'static str,
    /// In words, as `Repay all USDC`.
    pub title: String,
    /// What it moves.
    pub asset: Asset,
    /// How much of it.
    pub amount: Amount,
    /// What [`Amount::All`] comes to now.
    pub all: U256,
    /// Its place in an exit; `None` for another way to the same end.
    pub stage: Option<Stage>,
    /// What to know before it, in words.
    pub note: Option<String>,
    /// Why it cannot be done now, in words.
    pub blocked: Option<String>,
    /// Of what it is, where the code behind the position is not the one that the bundle binds: it can be done, and whoever
    /// reviews its calls is told (R09).
    pub changed: Option<String>,
    /// What the protocol needs to build the calls.
    pub detail: Detail,
    /// How the protocol builds them: pure, from the action alone.
    pub build: fn(&Action) -> Result<Vec<Intent>, IntentError>,
}

impl Action {
    /// An action about all there is of an asset: kind, title, asset and amount. No place in an exit, no note, not blocked.
    pub(super) fn of_all(
        position: &Position,
        build: fn(&Self) -> Result<Vec<Intent>, IntentError>,
        (kind, title, asset, all): (&'static str, String, &Asset, U256),
    ) -> Self {
        Self {
            protocol: position.protocol.clone(),
            owner: position.owner,
            kind,
            title,
            asset: asset.clone(),
            amount: Amount::All,
            all,
            stage: None,
            note: None,
            blocked: None,
            changed: None,
            detail: position.detail.clone(),
            build,
        }
    }

    /// Its calls, in order, without approvals.
    ///
    /// # Errors
    /// [`IntentError`] where it is blocked, or asks for more than there is.
    pub fn intents(&self) -> Result<Vec<Intent>, IntentError> {
        match &self.blocked {
            Some(why) => Err(IntentError::Blocked { why: why.clone() }),
            None => {
                let mut intents = (self.build)(self)?;
                for intent in &mut intents {
                    intent.changed.clone_from(&self.changed);
                }
                Ok(intents)
            }
        }
    }

    /// The same action on another amount.
    #[must_use]
    pub fn with_amount(&self, amount: Amount) -> Self {
        Self { amount, ..self.clone() }
    }

    /// The amount in units, with `All` as it is now.
    pub fn units(&self) -> U256 {
        match self.amount {
            Amount::All => self.all,
            Amount::Exactly(units) => units,
        }
    }

    /// The units, where they are no more than there is.
    ///
    /// # Errors
    /// [`IntentError::TooMuch`].
    pub fn at_most_all(&self) -> Result<U256, IntentError> {
        let units = self.units();
        if units > self.all {
            return Err(IntentError::TooMuch { most: self.asset.show(self.all) });
        }
        Ok(units)
    }

    /// Units of what it moves as people read them: what is paid back is rounded up, all else cut.
    pub fn show(&self, units: U256) -> String {
        if self.kind.starts_with("repay") { self.asset.show_up(units) } else { self.asset.show(units) }
    }

    /// That this action is of another protocol.
    pub fn not_ours(&self) -> IntentError {
        IntentError::NotOurs { protocol: self.protocol.clone() }
    }
}

/// Why a function cannot be called, where the code that runs does not have it.
pub fn blocked_without(code: &CodeCheck, selector: [u8; 4], function: &str) -> Option<String> {
    if code.verdict == Verdict::NoCode {
        return Some(format!("There is no contract at {}.", code.contract));
    }
    let changed = !code.has(Selector::from(selector));
    changed.then(|| {
        format!("The code that runs for {} has no function {function}: it was changed.", code.contract)
    })
}

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

/// One transaction to be: whom to call with what, and what it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// Who is called.
    pub to: Address,
    /// With what.
    pub calldata: Bytes,
    /// Wei sent along.
    pub value: U256,
    /// What it does, in a sentence.
    pub sentence: String,
    /// Allowances that must stand before it; [`with_approvals`] puts them there.
    pub needs: Vec<Allowance>,
    /// What the owner must hold for it, wei of `value` included.
    pub spends: Vec<(Asset, U256)>,
    /// What it grants, where it is itself an approval.
    pub grants: Vec<Allowance>,
    /// As in [`Action::changed`].
    pub changed: Option<String>,
}

impl Intent {
    /// A call that needs nothing but gas.
    pub fn call(to: Address, calldata: Vec<u8>, sentence: String) -> Self {
        Self {
            to,
            calldata: calldata.into(),
            value: U256::ZERO,
            sentence,
            needs: Vec::new(),
            spends: Vec::new(),
            grants: Vec::new(),
            changed: None,
        }
    }

    /// The same, taking `amount` of `token` from the owner through an allowance to `spender`.
    #[must_use]
    pub fn taking(mut self, token: &Asset, spender: Address, amount: U256) -> Self {
        self.needs.push(Allowance { token: token.clone(), spender, amount });
        self.spends.push((token.clone(), amount));
        self
    }

    /// The same with wei sent along.
    #[must_use]
    pub fn sending(mut self, wei: U256) -> Self {
        self.value = wei;
        self.spends.push((Asset::ether(), wei));
        self
    }

    /// The function it calls.
    pub fn selector(&self) -> Option<Selector> {
        self.calldata.first_chunk::<4>().map(|bytes| Selector::from(*bytes))
    }

    /// As a call from `owner`, to be simulated.
    pub fn as_call(&self, owner: Address) -> Call {
        Call { from: owner, value: self.value, ..Call::read(self.to, self.calldata.clone()) }
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
/// stands and is enough is used and not raised. What is said of the code behind the call is said of them too: it is what
/// may take the tokens.
pub fn with_approvals(intent: Intent, standing: impl Fn(Address, Address) -> U256) -> Vec<Intent> {
    let approve = |token: &Asset, spender, amount| Intent {
        changed: intent.changed.clone(),
        ..approve(token, spender, amount)
    };
    let mut all = Vec::new();
    for need in &intent.needs {
        let there = standing(need.token.address, need.spender);
        if there >= need.amount {
            continue;
        }
        if !there.is_zero() {
            all.push(approve(&need.token, need.spender, U256::ZERO));
        }
        all.push(approve(&need.token, need.spender, need.amount));
    }
    all.push(intent);
    all
}

/// `amount` and a thousandth more, for what grows between reading and inclusion. Never less than one unit more.
pub fn with_margin(amount: U256) -> U256 {
    amount.saturating_add((amount / U256::from(1_000)).max(U256::from(1)))
}

/// The least that is taken for `amount`: half a percent below.
pub fn less_slippage(amount: U256) -> U256 {
    amount.saturating_sub(amount / U256::from(200))
}

/// Twenty minutes after `now` (Unix seconds): how long an exchange waits for a transaction.
pub fn deadline(now: u64) -> U256 {
    U256::from(now.saturating_add(1_200))
}

#[cfg(test)]
mod tests {
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
            let approvals: Vec<u64> =
                all.iter().flat_map(|one| &one.grants).map(|one| one.amount.to()).collect();
            assert_eq!(all.len(), approvals.len() + 1);
            approvals
        };
        assert_eq!(amounts(0), [100]);
        assert_eq!(amounts(99), [0, 100], "an allowance that is not 0 is first set to 0");
        assert!(amounts(100).is_empty());
        assert_eq!(with_approvals(call(), |_, _| U256::ZERO).len(), 1);
        let changed = Intent { changed: Some("Aave".to_owned()), ..need() };
        let all = with_approvals(changed, |_, _| U256::ZERO);
        assert!(all.len() == 2 && all.iter().all(|one| one.changed.is_some()), "{all:?}");
    }

    #[test]
    fn an_approval_is_exactly_that_call() {
        let intent = approve(&usdt(), Address::repeat_byte(9), U256::from(5));
        assert_eq!(intent.selector(), Some(Selector::from([0x09, 0x5e, 0xa7, 0xb3])));
        assert_eq!(intent.to, usdt().address);
        assert!(intent.sentence.ends_with("0.000005 USDT"), "{}", intent.sentence);
    }

    #[test]
    fn a_margin_is_never_nothing() {
        assert_eq!(with_margin(U256::ZERO), U256::from(1));
        assert_eq!(with_margin(U256::from(1_000_000)), U256::from(1_001_000));
        assert_eq!(with_margin(U256::MAX), U256::MAX);
    }

    #[test]
    fn a_note_is_read_only_as_what_it_is() {
        let detail = Detail::new(7_u64);
        assert_eq!(detail.get::<u64>(), Some(&7));
        assert_eq!(detail.get::<u32>(), None);
    }
}
