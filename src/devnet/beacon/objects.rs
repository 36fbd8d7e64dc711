//! Light-client objects in the form of their fork.

use std::sync::Arc;

use alloy::consensus::{Header, Sealed};
use serde::Serialize;
use ssz_types::{FixedVector, VariableList};
use tree_hash::TreeHash as _;

use super::chain::Block;
use crate::consensus::wire::{
    DenebHeader, Electra, ExecutionPayloadHeaderDeneb, Gloas, GloasHeader, LightClientBootstrap,
    LightClientFinalityUpdate, LightClientOptimisticUpdate, LightClientUpdate,
};
use crate::consensus::{EXECUTION_BLOCK_HASH_GINDEX_GLOAS, Mainnet};
use crate::devnet::execution::ExecutionBlock;
use crate::networks::{Fork, NetworkSpec};

/// An object in one of the two forms that the practice network speaks.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub(super) enum Object<E, G> {
    Electra(E),
    Gloas(G),
}

impl<E: ssz::Encode, G: ssz::Encode> Object<E, G> {
    pub(super) fn ssz(&self) -> Vec<u8> {
        match self {
            Self::Electra(object) => object.as_ssz_bytes(),
            Self::Gloas(object) => object.as_ssz_bytes(),
        }
    }
}

pub(super) type Bootstrap =
    Object<LightClientBootstrap<Mainnet, Electra>, LightClientBootstrap<Mainnet, Gloas>>;
pub(super) type Update = Object<LightClientUpdate<Mainnet, Electra>, LightClientUpdate<Mainnet, Gloas>>;
pub(super) type FinalityUpdate =
    Object<LightClientFinalityUpdate<Mainnet, Electra>, LightClientFinalityUpdate<Mainnet, Gloas>>;
pub(super) type OptimisticUpdate =
    Object<LightClientOptimisticUpdate<Mainnet, Electra>, LightClientOptimisticUpdate<Mainnet, Gloas>>;

impl Update {
    /// The finality update inside a full one.
    pub(super) fn finality(&self) -> FinalityUpdate {
        macro_rules! narrow {
            ($update:ident) => {
                LightClientFinalityUpdate {
                    attested_header: $update.attested_header.clone(),
                    finalized_header: $update.finalized_header.clone(),
                    finality_branch: $update.finality_branch.clone(),
                    sync_aggregate: $update.sync_aggregate.clone(),
                    signature_slot: $update.signature_slot,
                }
            };
        }
        match self {
            Self::Electra(update) => Object::Electra(narrow!(update)),
            Self::Gloas(update) => Object::Gloas(narrow!(update)),
        }
    }

    /// The optimistic update inside a full one.
    pub(super) fn optimistic(&self) -> OptimisticUpdate {
        macro_rules! narrow {
            ($update:ident) => {
                LightClientOptimisticUpdate {
                    attested_header: $update.attested_header.clone(),
                    sync_aggregate: $update.sync_aggregate.clone(),
                    signature_slot: $update.signature_slot,
                }
            };
        }
        match self {
            Self::Electra(update) => Object::Electra(narrow!(update)),
            Self::Gloas(update) => Object::Gloas(narrow!(update)),
        }
    }
}

/// The payload header that a beacon block of Electra or Fulu commits to.
pub(super) fn payload_header(block: &Arc<ExecutionBlock>) -> ExecutionPayloadHeaderDeneb {
    let transactions_root = transactions_root(&block.raw_transactions());
    ExecutionPayloadHeaderDeneb { transactions_root, ..found_payload_header(&block.header) }
}

/// The same of a block of which only the header is known. Its list of transactions is committed to by the root that the
/// header has of it, which is of another form; see [`transactions_root`].
pub(super) fn found_payload_header(header: &Sealed<Header>) -> ExecutionPayloadHeaderDeneb {
    ExecutionPayloadHeaderDeneb {
        parent_hash: header.parent_hash,
        fee_recipient: header.beneficiary,
        state_root: header.state_root,
        receipts_root: header.receipts_root,
        logs_bloom: header.logs_bloom.0,
        prev_randao: header.mix_hash,
        block_number: header.number,
        gas_limit: header.gas_limit,
        gas_used: header.gas_used,
        timestamp: header.timestamp,
        extra_data: VariableList::try_from(header.extra_data.to_vec()).unwrap_or_default(),
        base_fee_per_gas: alloy::primitives::U256::from(header.base_fee_per_gas.unwrap_or_default()),
        block_hash: header.hash(),
        transactions_root: header.transactions_root,
        withdrawals_root: VariableList::<u64, typenum::U16>::default().tree_hash_root(),
        blob_gas_used: header.blob_gas_used.unwrap_or_default(),
        excess_blob_gas: header.excess_blob_gas.unwrap_or_default(),
    }
}

/// A root that depends on every transaction. A light client only carries it inside the payload header's root; the
/// transactions themselves are proven against the execution header's own trie root.
fn transactions_root(raw: &[alloy::primitives::Bytes]) -> alloy::primitives::B256 {
    let roots: Vec<_> = raw.iter().map(alloy::primitives::keccak256).collect();
    VariableList::<_, typenum::U1048576>::try_from(roots)
        .map(|list| list.tree_hash_root())
        .unwrap_or_default()
}

/// Header of a block from before Gloas in the form of that time.
pub(super) fn deneb_header(block: &Block) -> DenebHeader {
    block.deneb.clone().unwrap_or_default()
}

/// Header of any block in the Gloas form; older ones are upgraded as `fork.md` does.
pub(super) fn gloas_header(block: &Block, spec: &NetworkSpec) -> GloasHeader {
    if spec.fork_at(block.header.slot) >= Fork::Gloas {
        let branch = block.body.branch(EXECUTION_BLOCK_HASH_GINDEX_GLOAS);
        return GloasHeader {
            beacon: block.header,
            execution_block_hash: block.gloas_hash,
            execution_branch: FixedVector::try_from(branch).unwrap_or_default(),
        };
    }
    let upgraded =
        crate::consensus::wire::UpgradeHeader::upgrade(&deneb_header(block), spec).unwrap_or_default();
    GloasHeader {
        beacon: upgraded.beacon,
        execution_block_hash: upgraded.execution_block_hash,
        execution_branch: FixedVector::try_from(upgraded.execution_branch.0.to_vec()).unwrap_or_default(),
    }
}
