//! What a simulated transaction did to the user's accounts.

use std::collections::BTreeMap;

use alloy::primitives::{Address, Bytes, Log, U256};

use super::ControlChange;
use crate::execution::{Allowance, Approval, Asset, Call, CallStatus, Simulation, Transfer};

/// More or less of an asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AssetChange {
    /// Whose.
    pub who: Address,
    /// Of what.
    pub asset: Asset,
    /// It became more.
    pub gained: bool,
    /// By so many raw units.
    pub amount: U256,
}

/// What a transaction does, as far as a simulation shows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Effects {
    /// How it would fail; `None` where it succeeds.
    pub failure: Option<Failure>,
    /// A Safe that takes its own transaction for done though the call inside fails: what succeeds here is the spending of
    /// its number, its signatures and the fee.
    pub inner_failure: Option<Address>,
    /// Gas it used.
    pub gas_used: u64,
    /// Assets of the user's accounts, without the fee.
    pub changes: Vec<AssetChange>,
    /// Approvals of the user's accounts, the last word on each.
    pub approvals: Vec<Approval>,
    /// Who controls what after it: owners, Safes, proxies, delegations; of any contract it touches.
    pub control: Vec<ControlChange>,
    /// All its logs.
    pub logs: Vec<Log>,
    /// It answers one word of nothing: a token that does so says that it did not do what was asked.
    pub says_no: bool,
    /// There was more than a simulation keeps: this is not all.
    pub is_cut: bool,
    /// In the next block's environment it came out otherwise (THREATS T40); interest of one block is no other outcome.
    pub depends_on_block: bool,
}

/// How a simulated transaction fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Revert data, not decoded.
    pub data: Bytes,
    /// The EVM's own words where it was no revert.
    pub halt: Option<String>,
}

impl Effects {
    /// Reads the simulation of `call`. `yours` are the accounts whose changes are kept.
    pub fn of(simulation: &Simulation, call: &Call, yours: &[Address]) -> Self {
        let outcome = &simulation.outcome;
        let failure = match &outcome.status {
            CallStatus::Success => None,
            CallStatus::Revert => Some(Failure { data: outcome.output.clone(), halt: None }),
            CallStatus::Halt(words) => Some(Failure { data: Bytes::new(), halt: Some(words.clone()) }),
        };
        let (control, more) = super::control::changes(simulation);
        let own = |one: &&Approval| yours.contains(&one.owner);
        Self {
            failure,
            inner_failure: super::inner_failure::of(call, outcome),
            gas_used: outcome.gas_used,
            changes: changes(&simulation.transfers, yours),
            approvals: last_of_each(simulation.approvals.iter().filter(own)),
            control,
            logs: outcome.logs.clone(),
            says_no: outcome.output.len() == 32 && outcome.output.iter().all(|byte| *byte == 0),
            is_cut: more || simulation.effects_not_kept > 0,
            depends_on_block: false,
        }
    }

    /// Nothing of the user's moves, nothing is allowed to, and nobody else controls anything.
    pub fn nothing_moves(&self) -> bool {
        self.changes.is_empty() && self.approvals.is_empty() && self.control.is_empty()
    }

    /// The same for the user, but for amounts that moved by half a percent or less (UX §5): what a person saw still holds.
    /// Other gas or other people's logs do not count.
    pub fn still_as_shown(&self, now: &Self) -> bool {
        self.failure.is_some() == now.failure.is_some()
            && self.inner_failure == now.inner_failure
            && close(&self.changes, &now.changes)
            && self.approvals == now.approvals
            && self.control == now.control
    }
}

/// Shares of one in two hundred: half a percent.
const HALF_PERCENT: u64 = 200;

/// The same assets in the same direction, each within half a percent: interest grows with every block, and that is not
/// another outcome.
fn close(before: &[AssetChange], after: &[AssetChange]) -> bool {
    let near = |(old, new): (&AssetChange, &AssetChange)| {
        let moved = old.amount.abs_diff(new.amount).saturating_mul(U256::from(HALF_PERCENT));
        (old.who, old.asset, old.gained) == (new.who, new.asset, new.gained) && moved <= old.amount
    };
    before.len() == after.len() && before.iter().zip(after).all(near)
}

/// Sums by owner and asset; what comes and goes in equal parts is no change.
fn changes(transfers: &[Transfer], yours: &[Address]) -> Vec<AssetChange> {
    let mut sums: BTreeMap<(Address, Asset), (U256, U256)> = BTreeMap::new();
    for one in transfers {
        let given = &mut sums.entry((one.from, one.asset)).or_default().0;
        *given = given.saturating_add(one.amount);
        let got = &mut sums.entry((one.to, one.asset)).or_default().1;
        *got = got.saturating_add(one.amount);
    }
    let own = sums.into_iter().filter(|((who, _), (given, got))| yours.contains(who) && given != got);
    own.map(|((who, asset), (given, got))| AssetChange {
        who,
        asset,
        gained: got > given,
        amount: got.abs_diff(given),
    })
    .collect()
}

/// Of several changes of one right the last one holds.
fn last_of_each<'a>(all: impl Iterator<Item = &'a Approval>) -> Vec<Approval> {
    let right = |of: &Approval| {
        let which = match of.allowance {
            Allowance::Erc20 { .. } => (0_u8, U256::ZERO, Address::ZERO),
            Allowance::Erc721 { id } => (1, id, Address::ZERO),
            Allowance::Operator { .. } => (2, U256::ZERO, Address::ZERO),
            Allowance::Permit2 { keeper, .. } => (3, U256::ZERO, keeper),
        };
        // One item has one approved spender, whoever it is.
        let spender = if which.0 == 1 { Address::ZERO } else { of.spender };
        (of.owner, spender, of.token, which)
    };
    let mut kept: Vec<Approval> = Vec::new();
    for one in all {
        kept.retain(|old| right(old) != right(one));
        kept.push(*one);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interest_is_no_other_outcome_and_half_a_percent_more_is() {
        let change = |amount: u64, gained| AssetChange {
            who: Address::ZERO,
            asset: Asset::Ether,
            gained,
            amount: U256::from(amount),
        };
        let effects = |changes: Vec<AssetChange>| Effects {
            failure: None,
            inner_failure: None,
            gas_used: 1,
            changes,
            approvals: Vec::new(),
            control: Vec::new(),
            logs: Vec::new(),
            says_no: false,
            is_cut: false,
            depends_on_block: false,
        };
        let shown = effects(vec![change(10_000, false)]);
        for (now, same) in [
            (effects(vec![change(10_001, false)]), true),
            (effects(vec![change(10_050, false)]), true),
            (effects(vec![change(9_950, false)]), true),
            (effects(vec![change(10_051, false)]), false),
            (effects(vec![change(9_949, false)]), false),
            (effects(vec![change(10_000, true)]), false),
            (effects(Vec::new()), false),
            (effects(vec![change(10_000, false), change(1, true)]), false),
        ] {
            assert_eq!(shown.still_as_shown(&now), same, "{now:?}");
        }
        let fails = Effects { failure: Some(Failure { data: Bytes::new(), halt: None }), ..shown.clone() };
        assert!(!shown.still_as_shown(&fails));
        let inside = Effects { inner_failure: Some(OTHER), ..shown.clone() };
        assert!(!shown.still_as_shown(&inside), "a Safe's call that fails now is another outcome");
    }

    const ME: Address = Address::repeat_byte(1);
    const OTHER: Address = Address::repeat_byte(2);
    const TOKEN: Address = Address::repeat_byte(3);

    fn moved(asset: Asset, from: Address, to: Address, amount: u64) -> Transfer {
        Transfer { asset, from, to, amount: U256::from(amount) }
    }

    #[test]
    fn what_comes_and_goes_is_summed_by_asset() {
        let token = Asset::Erc20 { token: TOKEN };
        let item = Asset::Erc721 { token: TOKEN, id: U256::from(9) };
        let transfers = [
            moved(token, ME, OTHER, 100),
            moved(token, OTHER, ME, 30),
            moved(item, ME, OTHER, 1),
            moved(item, OTHER, ME, 1),
            moved(Asset::Ether, OTHER, ME, 4),
            moved(token, OTHER, OTHER, 1_000),
        ];
        let change =
            |asset, gained, amount: u64| AssetChange { who: ME, asset, gained, amount: U256::from(amount) };
        assert_eq!(changes(&transfers, &[ME]), [change(Asset::Ether, true, 4), change(token, false, 70)]);
        assert_eq!(changes(&transfers, &[TOKEN]), []);
    }

    #[test]
    fn the_last_word_on_a_right_counts() {
        let approval = |spender, allowance| Approval { token: TOKEN, owner: ME, spender, allowance };
        let erc20 = |amount: u64| Allowance::Erc20 { amount: U256::from(amount) };
        let item = Allowance::Erc721 { id: U256::from(5) };
        let all = [
            approval(OTHER, erc20(0)),
            approval(OTHER, erc20(77)),
            approval(OTHER, Allowance::Operator { allowed: true }),
            approval(OTHER, item),
            approval(Address::ZERO, item),
        ];
        let last = last_of_each(all.iter());
        assert_eq!(last, [all[1], all[2], all[4]]);
    }
}
