//! What a simulated transaction did to the user's accounts, read from its outcome.

use std::collections::BTreeMap;

use alloy::primitives::{Address, B256, Log, U256, b256};

use crate::execution::{CallOutcome, CallStatus};

const TRANSFER: B256 = b256!("ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");
const APPROVAL: B256 = b256!("8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925");
const APPROVAL_FOR_ALL: B256 = b256!("17307eab39ab6107e8899845ad3d59bd9653f200f220920489ca2b5937696c31");
const TRANSFER_SINGLE: B256 = b256!("c3d58168c5ae7397731d063d5bbf3d657854427343f4c083240f7aacaa2d0f62");
const TRANSFER_BATCH: B256 = b256!("4a39dc06d4c0dbc64b70af90fd698a233a518aa5d07e595d983b8c0526c8f7fb");
const DEPOSIT: B256 = b256!("e1fffcc4923d04b559f4d29a8bfc6cda04eb5b0d3c460751c2402c5c5cc9109c");
const WITHDRAWAL: B256 = b256!("7fcf532c15f0a6db0bd6d0e038bea71d30d808c7d98cb3bf7268a95bf5081b65");
/// Entries of one batch event that are read.
const MAX_BATCH: usize = 256;

/// Something that can be owned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Asset {
    /// Ether.
    Ether,
    /// An ERC-20 token.
    Token(Address),
    /// One ERC-721 token.
    Nft(Address, U256),
    /// A kind of ERC-1155 token.
    MultiToken(Address, U256),
}

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

/// A right to take that was given or taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ApprovalChange {
    /// Who gave it.
    pub owner: Address,
    /// Who may take.
    pub spender: Address,
    /// The token or collection.
    pub token: Address,
    /// What may be taken.
    pub extent: Extent,
}

/// What may be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Up to so many raw units; 0 takes the right back.
    UpTo(U256),
    /// One NFT.
    One(U256),
    /// Every token of a collection, or none any more.
    All(bool),
}

/// What a transaction does, as far as a simulation shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effects {
    /// It would fail: the raw revert data and how it ended. `None` where it succeeds.
    pub failure: Option<Failure>,
    /// Gas it used.
    pub gas_used: u64,
    /// Assets of the user's accounts, without the fee.
    pub changes: Vec<AssetChange>,
    /// Approvals of the user's accounts.
    pub approvals: Vec<ApprovalChange>,
    /// All its logs.
    pub logs: Vec<Log>,
    /// In the next block's environment it came out otherwise (THREATS T40).
    pub depends_on_block: bool,
}

/// How a simulated transaction fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Revert data, not decoded.
    pub data: alloy::primitives::Bytes,
    /// The EVM's own words where it was no revert.
    pub halt: Option<String>,
}

/// The ether that moved, as far as it is known beside the logs: from, to, wei.
pub(super) type EtherMoves = Vec<(Address, Address, U256)>;

impl Effects {
    /// Reads an outcome. `ether` is every movement of ether in it; `yours` whose changes are kept.
    pub(super) fn of(outcome: &CallOutcome, ether: &EtherMoves, yours: &[Address]) -> Self {
        let failure = match &outcome.status {
            CallStatus::Success => None,
            CallStatus::Revert => Some(Failure { data: outcome.output.clone(), halt: None }),
            CallStatus::Halt(words) => Some(Failure { data: Default::default(), halt: Some(words.clone()) }),
        };
        let mut ledger = Ledger::default();
        let mut approvals = Vec::new();
        if failure.is_none() {
            for (from, to, wei) in ether {
                ledger.moved(*from, *to, Asset::Ether, *wei);
            }
            for log in &outcome.logs {
                read_moves(log, &mut ledger);
                approvals.extend(read_approval(log));
            }
        }
        approvals.retain(|one| yours.contains(&one.owner));
        Self {
            failure,
            gas_used: outcome.gas_used,
            changes: ledger.changes(yours),
            approvals: last_of_each(approvals),
            logs: outcome.logs.clone(),
            depends_on_block: false,
        }
    }

    /// Nothing of the user's moves and nothing is allowed to.
    pub fn nothing_moves(&self) -> bool {
        self.changes.is_empty() && self.approvals.is_empty()
    }

    /// The same for the user: other gas or other people's logs do not count.
    pub fn same_for_user(&self, other: &Self) -> bool {
        self.failure.is_some() == other.failure.is_some()
            && self.changes == other.changes
            && self.approvals == other.approvals
    }
}

/// Sums by owner and asset.
#[derive(Debug, Default)]
struct Ledger(BTreeMap<(Address, Asset), (U256, U256)>);

impl Ledger {
    fn moved(&mut self, from: Address, to: Address, asset: Asset, amount: U256) {
        let given = &mut self.0.entry((from, asset)).or_default().0;
        *given = given.saturating_add(amount);
        let got = &mut self.0.entry((to, asset)).or_default().1;
        *got = got.saturating_add(amount);
    }

    fn changes(&self, yours: &[Address]) -> Vec<AssetChange> {
        let own = self.0.iter().filter(|((who, _), _)| yours.contains(who));
        own.filter(|(_, (given, got))| given != got)
            .map(|((who, asset), (given, got))| AssetChange {
                who: *who,
                asset: *asset,
                gained: got > given,
                amount: got.abs_diff(*given),
            })
            .collect()
    }
}

fn address_of(topic: &B256) -> Address {
    Address::from_word(*topic)
}

fn word(data: &[u8], at: usize) -> Option<U256> {
    let from = at.checked_mul(32)?;
    data.get(from..from.checked_add(32)?).map(U256::from_be_slice)
}

/// A log is only its contract's word. What it says of the contract's own token is all that it is asked.
fn read_moves(log: &Log, ledger: &mut Ledger) {
    let (topics, data, token) = (log.data.topics(), &log.data.data, log.address);
    let one = U256::from(1);
    match topics {
        [TRANSFER, from, to] if data.len() == 32 => {
            if let Some(amount) = word(data, 0) {
                ledger.moved(address_of(from), address_of(to), Asset::Token(token), amount);
            }
        }
        [TRANSFER, from, to, id] if data.is_empty() => {
            let id = U256::from_be_bytes(id.0);
            ledger.moved(address_of(from), address_of(to), Asset::Nft(token, id), one);
        }
        [TRANSFER_SINGLE, _, from, to] => {
            if let (Some(id), Some(amount)) = (word(data, 0), word(data, 1)) {
                ledger.moved(address_of(from), address_of(to), Asset::MultiToken(token, id), amount);
            }
        }
        [TRANSFER_BATCH, _, from, to] => {
            for (id, amount) in batch(data) {
                ledger.moved(address_of(from), address_of(to), Asset::MultiToken(token, id), amount);
            }
        }
        // WETH9 mints and burns without a Transfer.
        [DEPOSIT, to] if data.len() == 32 => {
            if let Some(amount) = word(data, 0) {
                ledger.moved(Address::ZERO, address_of(to), Asset::Token(token), amount);
            }
        }
        [WITHDRAWAL, from] if data.len() == 32 => {
            if let Some(amount) = word(data, 0) {
                ledger.moved(address_of(from), Address::ZERO, Asset::Token(token), amount);
            }
        }
        _ => {}
    }
}

/// Two arrays of equal length.
fn batch(data: &[u8]) -> Vec<(U256, U256)> {
    let array = |head: usize| {
        let at = usize::try_from(word(data, head)?).ok()?.checked_div(32)?;
        let count = usize::try_from(word(data, at)?).ok().filter(|count| *count <= MAX_BATCH)?;
        (1..=count).map(|index| word(data, at.checked_add(index)?)).collect::<Option<Vec<_>>>()
    };
    match (array(0), array(1)) {
        (Some(ids), Some(amounts)) if ids.len() == amounts.len() => ids.into_iter().zip(amounts).collect(),
        _ => Vec::new(),
    }
}

fn read_approval(log: &Log) -> Option<ApprovalChange> {
    let (topics, data, token) = (log.data.topics(), &log.data.data, log.address);
    let (owner, spender, extent) = match topics {
        [APPROVAL, owner, spender] => (owner, spender, Extent::UpTo(word(data, 0)?)),
        [APPROVAL, owner, spender, id] => (owner, spender, Extent::One(U256::from_be_bytes(id.0))),
        [APPROVAL_FOR_ALL, owner, spender] => (owner, spender, Extent::All(!word(data, 0)?.is_zero())),
        _ => return None,
    };
    Some(ApprovalChange { owner: address_of(owner), spender: address_of(spender), token, extent })
}

/// Of several changes of one right the last one holds.
fn last_of_each(all: Vec<ApprovalChange>) -> Vec<ApprovalChange> {
    let mut kept: Vec<ApprovalChange> = Vec::new();
    for one in all {
        let right = |of: &ApprovalChange| {
            let which = match of.extent {
                Extent::UpTo(_) => (0_u8, U256::ZERO),
                Extent::One(id) => (1, id),
                Extent::All(_) => (2, U256::ZERO),
            };
            (of.owner, of.spender, of.token, which)
        };
        kept.retain(|old| right(old) != right(&one));
        kept.push(one);
    }
    kept
}

#[cfg(test)]
mod tests {
    use alloy::primitives::{Bytes, LogData};

    use super::*;

    const ME: Address = Address::repeat_byte(1);
    const OTHER: Address = Address::repeat_byte(2);
    const TOKEN: Address = Address::repeat_byte(3);

    fn log(topics: &[B256], words: &[u64]) -> Log {
        let data: Vec<u8> = words.iter().flat_map(|one| U256::from(*one).to_be_bytes::<32>()).collect();
        Log { address: TOKEN, data: LogData::new_unchecked(topics.to_vec(), data.into()) }
    }

    fn outcome(status: CallStatus, logs: Vec<Log>) -> CallOutcome {
        CallOutcome { status, output: Bytes::new(), gas_used: 1, logs, created: None }
    }

    #[test]
    fn what_comes_and_goes_is_summed_by_asset() {
        let (me, other) = (ME.into_word(), OTHER.into_word());
        let logs = vec![
            log(&[TRANSFER, me, other], &[100]),
            log(&[TRANSFER, other, me], &[30]),
            log(&[TRANSFER, me, other, B256::with_last_byte(9)], &[]),
            log(&[TRANSFER_SINGLE, other, other, me], &[5, 2]),
            log(&[TRANSFER_BATCH, other, me, other], &[64, 160, 2, 6, 7, 2, 10, 20]),
            log(&[TRANSFER, other, other], &[1_000]),
        ];
        let effects =
            Effects::of(&outcome(CallStatus::Success, logs), &vec![(ME, OTHER, U256::from(4))], &[ME]);
        let change =
            |asset, gained, amount: u64| AssetChange { who: ME, asset, gained, amount: U256::from(amount) };
        assert_eq!(
            effects.changes,
            [
                change(Asset::Ether, false, 4),
                change(Asset::Token(TOKEN), false, 70),
                change(Asset::Nft(TOKEN, U256::from(9)), false, 1),
                change(Asset::MultiToken(TOKEN, U256::from(5)), true, 2),
                change(Asset::MultiToken(TOKEN, U256::from(6)), false, 10),
                change(Asset::MultiToken(TOKEN, U256::from(7)), false, 20),
            ]
        );
    }

    #[test]
    fn the_last_word_on_a_right_counts() {
        let (me, other) = (ME.into_word(), OTHER.into_word());
        let logs = vec![
            log(&[APPROVAL, me, other], &[0]),
            log(&[APPROVAL, me, other], &[77]),
            log(&[APPROVAL_FOR_ALL, me, other], &[1]),
            log(&[APPROVAL, other, me], &[5]),
        ];
        let effects = Effects::of(&outcome(CallStatus::Success, logs), &Vec::new(), &[ME]);
        let extents: Vec<_> = effects.approvals.iter().map(|one| one.extent).collect();
        assert_eq!(extents, [Extent::UpTo(U256::from(77)), Extent::All(true)]);
    }

    #[test]
    fn a_failure_moves_nothing() {
        let logs = vec![log(&[TRANSFER, ME.into_word(), OTHER.into_word()], &[1])];
        let effects =
            Effects::of(&outcome(CallStatus::Revert, logs), &vec![(ME, OTHER, U256::from(4))], &[ME]);
        assert!(effects.failure.is_some() && effects.nothing_moves());
    }

    proptest::proptest! {
        #[test]
        fn no_log_makes_it_panic(
            first in 0..7_usize,
            topics in proptest::collection::vec(proptest::prelude::any::<[u8; 32]>(), 0..4),
            data in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300),
        ) {
            let first = [TRANSFER, APPROVAL, APPROVAL_FOR_ALL, TRANSFER_SINGLE, TRANSFER_BATCH, DEPOSIT, WITHDRAWAL][first];
            let topics = std::iter::once(first).chain(topics.into_iter().map(B256::from)).collect();
            let log = Log { address: TOKEN, data: LogData::new_unchecked(topics, data.into()) };
            let _any = Effects::of(&outcome(CallStatus::Success, vec![log]), &Vec::new(), &[ME]);
        }
    }
}
