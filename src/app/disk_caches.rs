//! What the light client keeps between runs, in the data folder. None of it is believed when it comes back.

use std::sync::Arc;

use alloy::primitives::{B256, Bytes};

use crate::chain::{AccessRecord, AccessStore, CodeCache, Learned};
use crate::storage::{AccessSet, AccessSets, DataDir};

/// Bytecode in the data folder: small files, read and written where a read is already waiting for the network.
#[derive(Debug)]
pub(super) struct DiskCodes(pub(super) Arc<DataDir>);

impl CodeCache for DiskCodes {
    fn load(&self, hash: B256) -> Option<Bytes> {
        self.0.load_code(hash)
    }

    fn save(&self, hash: B256, code: &Bytes) {
        if !self.0.is_read_only()
            && let Err(error) = self.0.save_code(hash, code)
        {
            tracing::warn!(%error, "bytecode was not kept");
        }
    }
}

/// Access sets in the data folder: one file, read at the first call and written now and then.
#[derive(Debug)]
pub(super) struct DiskAccess(pub(super) Arc<DataDir>);

impl AccessStore for DiskAccess {
    fn load(&self) -> Learned {
        let kept = self.0.load_access_sets().unwrap_or_else(|error| {
            tracing::warn!(%error, "what calls read is learned anew");
            AccessSets::default()
        });
        let record = |set: AccessSet| AccessRecord {
            contract: set.contract,
            selector: set.selector,
            input_length: set.input_length,
            exact: set.exact,
            accounts: set.accounts,
        };
        Learned { sets: kept.sets.into_iter().map(record).collect(), codes: kept.codes }
    }

    fn save(&self, learned: Learned) {
        let set = |record: AccessRecord| AccessSet {
            contract: record.contract,
            selector: record.selector,
            input_length: record.input_length,
            exact: record.exact,
            accounts: record.accounts,
        };
        let sets = AccessSets { sets: learned.sets.into_iter().map(set).collect(), codes: learned.codes };
        if !self.0.is_read_only()
            && let Err(error) = self.0.save_access_sets(sets)
        {
            tracing::warn!(%error, "what calls read was not kept");
        }
    }
}
