//! What the protocol itself does in a block that nobody made: its system contracts.

use std::collections::BTreeSet;

use alloy::eips::{eip2935, eip4788, eip7002, eip7251};
use alloy::primitives::{Address, B256, Bytes, U256, b256};
use revm::context::BlockEnv;
use revm::database::CacheDB;
use revm::primitives::hardfork::SpecId;
use revm::{
    Context, Database as _, DatabaseCommit as _, MainBuilder as _, MainContext as _, SystemCallEvm as _,
};
use sha2::{Digest as _, Sha256};

use super::planned_rules::refused;
use super::view::View;
use super::{BlocksPlan, CallError, Checks, RanBlock, StateKey, Witness};
use crate::execution::HISTORY_SERVE_WINDOW;

/// `DepositEvent(bytes,bytes,bytes,bytes,bytes)` of the deposit contract (EIP-6110).
const DEPOSIT: B256 = b256!("649bbc62d0e31342afea4e5cd82d4049e7e1ee912fc0889aa790803be39038c5");

/// Ring buffer of EIP-4788.
const BEACON_ROOTS: u64 = 8_191;
/// In the place of a hash that is not known yet; what comes of it is thrown away.
const STAND_IN: B256 = B256::repeat_byte(1);

impl BlocksPlan {
    /// What the system contracts are known to read and write, as far as it is not here yet: asked for before anything runs,
    /// in two rounds and not one after another.
    pub(super) fn system_ahead(&self, known: &Witness) -> BTreeSet<StateKey> {
        let mut keys = BTreeSet::new();
        let mut contract = |who: Address, slots: &mut dyn Iterator<Item = u64>| match known.account(who) {
            None => {
                keys.insert(StateKey::Account(who));
                keys.extend(slots.map(|slot| StateKey::Slot(who, U256::from(slot))));
            }
            Some(account) if !account.has_no_code() && !known.has_code(account.code_hash) => {
                keys.insert(StateKey::Code(account.code_hash));
            }
            Some(_) => {}
        };
        let blocks = || self.blocks.iter();
        if self.env.rules >= SpecId::CANCUN {
            let times = blocks().map(|block| block.timestamp % BEACON_ROOTS);
            let mut slots = times.flat_map(|slot| [slot, slot.saturating_add(BEACON_ROOTS)]);
            contract(eip4788::BEACON_ROOTS_ADDRESS, &mut slots);
        }
        if self.env.rules >= SpecId::PRAGUE {
            let mut slots = blocks().map(|block| block.number.saturating_sub(1) % HISTORY_SERVE_WINDOW);
            contract(eip2935::HISTORY_STORAGE_ADDRESS, &mut slots);
            contract(eip7002::WITHDRAWAL_REQUEST_PREDEPLOY_ADDRESS, &mut (0..4));
            contract(eip7251::CONSOLIDATION_REQUEST_PREDEPLOY_ADDRESS, &mut (0..4));
        }
        keys
    }

    /// EIP-4788 and EIP-2935. Where the parent's hash cannot be known it is not written: the slot keeps what it had. Where
    /// it may yet be known a stand-in is, so that what the block changes is seen.
    pub(super) fn system_begins(
        &self,
        db: &mut CacheDB<&View<'_>>,
        block: &BlockEnv,
        (parent, beacon_root): (Option<B256>, B256),
    ) -> Result<(), CallError> {
        if self.env.rules >= SpecId::CANCUN {
            self.system(db, block, eip4788::BEACON_ROOTS_ADDRESS, beacon_root.0.into())?;
        }
        let parent = parent.or_else(|| (!self.no_more_nodes).then_some(STAND_IN));
        if let Some(parent) = parent.filter(|_| self.env.rules >= SpecId::PRAGUE) {
            self.system(db, block, eip2935::HISTORY_STORAGE_ADDRESS, parent.0.into())?;
        }
        Ok(())
    }

    /// EIP-7002 and EIP-7251; the hash of what the block asks of the beacon chain (EIP-7685). `None` where it holds
    /// deposits, whose requests are not put together here.
    pub(super) fn system_ends(
        &self,
        db: &mut CacheDB<&View<'_>>,
        block: &BlockEnv,
        ran: &RanBlock,
    ) -> Result<Option<B256>, CallError> {
        let mut all = Sha256::new();
        if self.env.rules >= SpecId::PRAGUE {
            for (kind, contract) in [
                (eip7002::WITHDRAWAL_REQUEST_TYPE, eip7002::WITHDRAWAL_REQUEST_PREDEPLOY_ADDRESS),
                (eip7251::CONSOLIDATION_REQUEST_TYPE, eip7251::CONSOLIDATION_REQUEST_PREDEPLOY_ADDRESS),
            ] {
                let asked = self.system(db, block, contract, Bytes::new())?;
                if !asked.is_empty() {
                    all.update(Sha256::digest([&[kind], asked.as_ref()].concat()));
                }
            }
        }
        let mut logs = ran.calls.iter().flat_map(|one| &one.outcome.logs);
        let deposits = logs.any(|log| log.data.topics().first() == Some(&DEPOSIT));
        Ok((!deposits).then(|| B256::from_slice(&all.finalize())))
    }

    /// Calls a system contract, free of charge; nothing where there is none, as on test chains.
    fn system(
        &self,
        db: &mut CacheDB<&View<'_>>,
        block: &BlockEnv,
        contract: Address,
        input: Bytes,
    ) -> Result<Bytes, CallError> {
        let found = db.basic(contract).ok().flatten();
        if found.is_none_or(|account| account.is_empty_code_hash()) {
            return Ok(Bytes::new());
        }
        let mut evm = Context::mainnet()
            .with_db(&mut *db)
            .with_block(block.clone())
            .modify_cfg_chained(|cfg| self.env.configure(cfg, Checks::Call))
            .build_mainnet();
        let run = evm.system_call(contract, input).map_err(refused)?;
        db.commit(run.state);
        Ok(if run.result.is_success() { run.result.into_output().unwrap_or_default() } else { Bytes::new() })
    }
}
