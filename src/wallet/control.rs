//! Who controls what after a transaction: owners, a Safe's signers, the code behind proxies, and delegations, as a
//! simulation shows them.
//!
//! A contract's log is its own word; a slot and a delegation are facts. Code can rewrite a slot without a word (a
//! delegatecall into foreign code does), so the slots are read too.

use std::collections::BTreeSet;

use alloy::primitives::{Address, B256, Log, U256, b256};

use crate::execution::{Simulation, SlotChange};

/// Changes kept; whoever makes more of them hides something, and it is said that there are more.
const MOST: usize = 64;

/// `OwnershipTransferred(address,address)`.
const OWNERSHIP: B256 = b256!("8be0079c531659141344cd1fd0a4f28419497f9722a3daafe3b4186f6b6457e0");
/// `OwnershipTransferStarted(address,address)` of Ownable2Step.
const OWNERSHIP_STARTED: B256 = b256!("38d16b8cac22d99fc7c124b9cd0de2d3fa1faef420bfe791d8c362d765e22700");
/// `AddedOwner(address)` of a Safe.
const ADDED_OWNER: B256 = b256!("9465fa0c962cc76958e6373a993326400c1c94f8be2fe3a952adfa7f60b2ea26");
/// `RemovedOwner(address)` of a Safe.
const REMOVED_OWNER: B256 = b256!("f8d49fc529812e9a7c5c50e69c20f0dccc0db8fa95c98bc58cc9a4f1c1299eaf");
/// `ChangedThreshold(uint256)` of a Safe.
const CHANGED_THRESHOLD: B256 = b256!("610f7ff2b304ae8903c3de74c60c6ab1f7d6226b3f52c5161905bb5ad4039c93");
/// `EnabledModule(address)` of a Safe.
const ENABLED_MODULE: B256 = b256!("ecdf3a3effea5783a3c4c2140e677577666428d44ed9d474a0b3a4c9943f8440");
/// `DisabledModule(address)` of a Safe.
const DISABLED_MODULE: B256 = b256!("aab4fa2b463f581b2b32cb3b7e3b704b9ce37cc209b5fb4d77e593ace4054276");
/// `ChangedGuard(address)` of a Safe.
const CHANGED_GUARD: B256 = b256!("1151116914515bc0891ff9047a6cb32cf902546f83066499bcf8ba33d2353fa2");
/// `ChangedModuleGuard(address)` of a Safe from 1.5 on.
const CHANGED_MODULE_GUARD: B256 = b256!("cd1966d6be16bc0c030cc741a06c6e0efaf8d00de2c8b6a9e11827e125de8bb8");

/// EIP-1967: whose code a proxy runs.
const IMPLEMENTATION: B256 = b256!("360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc");
/// EIP-1967: who may change that.
const ADMIN: B256 = b256!("b53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103");
/// EIP-1967: whom a proxy asks for it.
const BEACON: B256 = b256!("a3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50");

/// What of a contract's or an account's control changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Control {
    /// Its owner.
    Owner {
        /// Before.
        before: Address,
        /// After; the zero address for nobody.
        after: Address,
    },
    /// Who may take its ownership next.
    NextOwner {
        /// Who.
        after: Address,
    },
    /// The code that a proxy runs.
    Implementation {
        /// Before.
        before: Address,
        /// After.
        after: Address,
    },
    /// Who may change that code.
    Admin {
        /// Before.
        before: Address,
        /// After.
        after: Address,
    },
    /// The beacon that names that code.
    Beacon {
        /// Before.
        before: Address,
        /// After.
        after: Address,
    },
    /// The address in its first slot: the code of a Safe and of older proxies, the owner of many contracts.
    FirstSlot {
        /// Before.
        before: Address,
        /// After.
        after: Address,
    },
    /// An owner of a Safe is added.
    SafeOwnerAdded {
        /// Who.
        owner: Address,
    },
    /// An owner of a Safe is removed.
    SafeOwnerRemoved {
        /// Who.
        owner: Address,
    },
    /// So many owners must sign from now on.
    SafeThreshold {
        /// How many.
        after: u64,
    },
    /// A module may move a Safe's funds without its owners, or no more.
    SafeModule {
        /// Which.
        module: Address,
        /// It may.
        enabled: bool,
    },
    /// A Safe's guard, or that of its modules.
    SafeGuard {
        /// The new one; the zero address for none.
        after: Address,
    },
    /// Whose code an account runs (EIP-7702).
    Delegation {
        /// Before.
        before: Option<Address>,
        /// After.
        after: Option<Address>,
    },
}

/// A change of control.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ControlChange {
    /// Of which contract or account.
    pub of: Address,
    /// What.
    pub what: Control,
}

impl Control {
    /// It concerns who can move a Safe's funds.
    pub fn is_safes(self) -> bool {
        matches!(
            self,
            Self::SafeOwnerAdded { .. }
                | Self::SafeOwnerRemoved { .. }
                | Self::SafeThreshold { .. }
                | Self::SafeModule { .. }
                | Self::SafeGuard { .. }
        )
    }

    /// In a few words, addresses by `name`.
    pub fn words(self, name: impl Fn(Address) -> String) -> String {
        let some = |who: Address| if who.is_zero() { "nobody".to_owned() } else { name(who) };
        let may = |who: Option<Address>| who.map_or_else(|| "nobody".to_owned(), &name);
        match self {
            Self::Owner { before, after } => format!("owner {} → {}", some(before), some(after)),
            Self::NextOwner { after } => format!("may become owner: {}", some(after)),
            Self::Implementation { before, after } => format!("code {} → {}", some(before), some(after)),
            Self::Admin { before, after } => {
                format!("may change the code: {} → {}", some(before), some(after))
            }
            Self::Beacon { before, after } => format!("beacon {} → {}", some(before), some(after)),
            Self::FirstSlot { before, after } => {
                format!("first slot, often the owner or the code: {} → {}", some(before), some(after))
            }
            Self::SafeOwnerAdded { owner } => format!("Safe owner added: {}", name(owner)),
            Self::SafeOwnerRemoved { owner } => format!("Safe owner removed: {}", name(owner)),
            Self::SafeThreshold { after } => format!("signatures a Safe needs: {after}"),
            Self::SafeModule { module, enabled: true } => {
                format!("module that may move a Safe's funds without its owners: {}", name(module))
            }
            Self::SafeModule { module, enabled: false } => {
                format!("module of a Safe removed: {}", name(module))
            }
            Self::SafeGuard { after } => format!("guard of a Safe: {}", some(after)),
            Self::Delegation { before, after } => {
                format!("runs the code of {} → {}", may(before), may(after))
            }
        }
    }
}

/// What a simulation shows, in the order of its logs and then of its slots; true where there was more. A contract that the
/// transaction itself made has no control that could change.
pub(super) fn changes(simulation: &Simulation) -> (Vec<ControlChange>, bool) {
    let mut all: Vec<ControlChange> = Vec::new();
    let delegations = simulation.delegations.iter().map(|one| {
        let what = Control::Delegation { before: one.before, after: one.after };
        ControlChange { of: one.account, what }
    });
    all.extend(delegations);
    all.extend(simulation.outcome.logs.iter().filter_map(of_log));
    let told: BTreeSet<Address> = all.iter().map(|one| one.of).collect();
    all.extend(simulation.slots.iter().filter_map(|slot| of_slot(slot, &told)));
    all.retain(|one| !simulation.created.contains(&one.of));
    let mut seen = BTreeSet::new();
    all.retain(|one| seen.insert(*one));
    let more = all.len() > MOST;
    all.truncate(MOST);
    (all, more)
}

fn of_log(log: &Log) -> Option<ControlChange> {
    let (topics, data) = (log.data.topics(), &log.data.data);
    // A Safe of before 1.4 writes what a later one indexes into the data.
    let word = |place: usize| {
        let indexed = topics.get(place.saturating_add(1)).copied();
        let at = place.saturating_mul(32);
        indexed.or_else(|| data.get(at..at.saturating_add(32)).map(B256::from_slice))
    };
    let who = |place: usize| word(place).map(Address::from_word);
    let what = match *topics.first()? {
        OWNERSHIP => Control::Owner { before: who(0)?, after: who(1)? },
        OWNERSHIP_STARTED => Control::NextOwner { after: who(1)? },
        ADDED_OWNER => Control::SafeOwnerAdded { owner: who(0)? },
        REMOVED_OWNER => Control::SafeOwnerRemoved { owner: who(0)? },
        CHANGED_THRESHOLD => {
            Control::SafeThreshold { after: U256::from_be_bytes(word(0)?.0).saturating_to() }
        }
        ENABLED_MODULE => Control::SafeModule { module: who(0)?, enabled: true },
        DISABLED_MODULE => Control::SafeModule { module: who(0)?, enabled: false },
        CHANGED_GUARD | CHANGED_MODULE_GUARD => Control::SafeGuard { after: who(0)? },
        _ => return None,
    };
    Some(ControlChange { of: log.address, what })
}

/// `told` already said in a log what changes of it.
fn of_slot(change: &SlotChange, told: &BTreeSet<Address>) -> Option<ControlChange> {
    let (before, after) = (holder(change.before)?, holder(change.after)?);
    let slot = B256::from(change.slot);
    let what = match slot {
        IMPLEMENTATION => Control::Implementation { before, after },
        ADMIN => Control::Admin { before, after },
        BEACON => Control::Beacon { before, after },
        _ if change.slot.is_zero() && !told.contains(&change.account) => {
            // A counter, a flag or packed values are no addresses.
            (is_address(change.before) && is_address(change.after)).then_some(())?;
            Control::FirstSlot { before, after }
        }
        _ => return None,
    };
    Some(ControlChange { of: change.account, what })
}

/// The address that a word holds, with nothing before it.
fn holder(word: U256) -> Option<Address> {
    let bytes: [u8; 32] = word.to_be_bytes();
    let (high, low) = bytes.split_at(12);
    high.iter().all(|byte| *byte == 0).then(|| Address::from_slice(low))
}

/// Large enough to be one that somebody holds.
fn is_address(word: U256) -> bool {
    (U256::from(1) << 80_usize..U256::from(1) << 160_usize).contains(&word)
}

#[cfg(test)]
mod tests {
    use alloy::primitives::{Bytes, LogData, keccak256};

    use super::*;
    use crate::execution::{CallOutcome, CallStatus, CallTree, DelegationChange};

    const VAULT: Address = Address::repeat_byte(0x11);
    const ALICE: Address = Address::repeat_byte(0xaa);
    const EVE: Address = Address::repeat_byte(0xee);

    fn simulation(logs: Vec<Log>, slots: Vec<SlotChange>) -> Simulation {
        Simulation {
            outcome: CallOutcome {
                status: CallStatus::Success,
                output: Bytes::new(),
                gas_used: 1,
                logs,
                created: None,
            },
            transfers: vec![],
            approvals: vec![],
            effects_not_kept: 0,
            created: vec![],
            destroyed: vec![],
            delegations: vec![],
            balances: vec![],
            slots,
            fee: U256::ZERO,
            calls: CallTree::default(),
        }
    }

    fn log(name: &str, indexed: &[Address], data: &[u8]) -> Log {
        let mut topics = vec![keccak256(name)];
        topics.extend(indexed.iter().map(|one| one.into_word()));
        Log { address: VAULT, data: LogData::new_unchecked(topics, Bytes::copy_from_slice(data)) }
    }

    fn slot(slot: B256, before: Address, after: Address) -> SlotChange {
        let word = |who: Address| U256::from_be_bytes(who.into_word().0);
        SlotChange { account: VAULT, slot: slot.into(), before: word(before), after: word(after) }
    }

    fn told(simulation: &Simulation) -> Vec<Control> {
        changes(simulation).0.into_iter().map(|one| one.what).collect()
    }

    #[test]
    fn logs_of_owners_and_safes_are_read_by_their_names() {
        let two = U256::from(2).to_be_bytes::<32>();
        let logs = vec![
            log("OwnershipTransferred(address,address)", &[ALICE, EVE], &[]),
            log("OwnershipTransferStarted(address,address)", &[ALICE, EVE], &[]),
            log("AddedOwner(address)", &[EVE], &[]),
            log("RemovedOwner(address)", &[], ALICE.into_word().as_slice()), // a Safe of before 1.4
            log("ChangedThreshold(uint256)", &[], &two),
            log("EnabledModule(address)", &[EVE], &[]),
            log("DisabledModule(address)", &[EVE], &[]),
            log("ChangedGuard(address)", &[EVE], &[]),
            log("Transfer(address,address,uint256)", &[ALICE, EVE], &two),
            log("OwnershipTransferred(address,address)", &[], &[]), // too short to say anything
        ];
        let expected = [
            Control::Owner { before: ALICE, after: EVE },
            Control::NextOwner { after: EVE },
            Control::SafeOwnerAdded { owner: EVE },
            Control::SafeOwnerRemoved { owner: ALICE },
            Control::SafeThreshold { after: 2 },
            Control::SafeModule { module: EVE, enabled: true },
            Control::SafeModule { module: EVE, enabled: false },
            Control::SafeGuard { after: EVE },
        ];
        assert_eq!(told(&simulation(logs, vec![])), expected);
    }

    #[test]
    fn slots_tell_what_no_log_does() {
        let of = |name: &str| B256::from(U256::from_be_bytes(keccak256(name).0) - U256::from(1));
        let slots = vec![
            slot(of("eip1967.proxy.implementation"), ALICE, EVE),
            slot(of("eip1967.proxy.admin"), ALICE, EVE),
            slot(of("eip1967.proxy.beacon"), Address::ZERO, EVE),
            slot(B256::ZERO, ALICE, EVE),
            slot(B256::with_last_byte(7), ALICE, EVE),
        ];
        let expected = [
            Control::Implementation { before: ALICE, after: EVE },
            Control::Admin { before: ALICE, after: EVE },
            Control::Beacon { before: Address::ZERO, after: EVE },
            Control::FirstSlot { before: ALICE, after: EVE },
        ];
        assert_eq!(told(&simulation(vec![], slots)), expected);
        // An owner that stands in the first slot and was told in a log is one change.
        let logs = vec![log("OwnershipTransferred(address,address)", &[ALICE, EVE], &[])];
        let both = simulation(logs, vec![slot(B256::ZERO, ALICE, EVE)]);
        assert_eq!(told(&both), [Control::Owner { before: ALICE, after: EVE }]);
    }

    #[test]
    fn counters_flags_and_new_contracts_are_no_change_of_control() {
        let plain = |before: u64, after: u64| SlotChange {
            account: VAULT,
            slot: U256::ZERO,
            before: U256::from(before),
            after: U256::from(after),
        };
        let packed = SlotChange { before: U256::MAX, after: U256::MAX - U256::from(1), ..plain(0, 0) };
        let first = slot(B256::ZERO, Address::ZERO, EVE); // set for the first time: an initialiser
        for quiet in [plain(1, 2), plain(0, 1), packed, first] {
            assert_eq!(told(&simulation(vec![], vec![quiet])), [], "{quiet:?}");
        }
        let mut made = simulation(vec![log("AddedOwner(address)", &[EVE], &[])], vec![]);
        made.created = vec![VAULT];
        assert_eq!(told(&made), []);
        made.created.clear();
        made.delegations = vec![DelegationChange { account: ALICE, before: None, after: Some(EVE) }];
        assert_eq!(told(&made)[0], Control::Delegation { before: None, after: Some(EVE) });
    }

    #[test]
    fn more_than_is_kept_is_said() {
        let logs =
            (0..70_u8).map(|at| log("AddedOwner(address)", &[Address::repeat_byte(at)], &[])).collect();
        let (all, more) = changes(&simulation(logs, vec![]));
        assert!(more && all.len() == MOST);
    }
}
