//! The chain as one endpoint knows it: whole, frozen at a height, or lied about.

use std::sync::Arc;

use alloy::eips::{BlockId, BlockNumberOrTag};
use alloy::primitives::{B256, U256};

use super::doctor::doctor;
use super::error::RpcError;
use crate::devnet::execution::state::State;
use crate::devnet::execution::{ExecutionBlock, ExecutionChain, ExecutionLie};
use crate::devnet::http::Fault;

/// What one request is answered from.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) chain: &'a ExecutionChain,
    pub(super) fault: Fault<ExecutionLie>,
}

impl<'a> View<'a> {
    /// The lie in force.
    pub(super) fn lie(&self) -> Option<ExecutionLie> {
        match self.fault {
            Fault::Lying { lie } => Some(lie),
            _ => None,
        }
    }

    /// The chain id it gives.
    pub(super) fn chain_id(&self) -> u64 {
        let own = self.chain.config().chain_id;
        if self.fault == Fault::WrongChain { own.saturating_add(1) } else { own }
    }

    /// The newest block it knows.
    pub(super) fn head(&self) -> Arc<ExecutionBlock> {
        let head = self.chain.head();
        match self.fault {
            Fault::Frozen { at } if at < head.number() => self.chain.block_by_number(at).unwrap_or(head),
            _ => head,
        }
    }

    /// The block meant by `id`, `None` where it is not known.
    pub(super) fn find(&self, id: BlockId) -> Result<Option<Arc<ExecutionBlock>>, RpcError> {
        let head = self.head();
        let found = match id {
            BlockId::Hash(asked) => {
                let block = self.chain.block(asked.block_hash);
                let canonical = self.chain.is_canonical(asked.block_hash);
                if block.is_some() && !canonical && asked.require_canonical == Some(true) {
                    return Err(RpcError::server("hash is not currently canonical"));
                }
                block
            }
            BlockId::Number(BlockNumberOrTag::Number(number)) => self.chain.block_by_number(number),
            BlockId::Number(BlockNumberOrTag::Earliest) => self.chain.block_by_number(0),
            BlockId::Number(BlockNumberOrTag::Safe) => self.capped(self.chain.safe()),
            BlockId::Number(BlockNumberOrTag::Finalized) => self.capped(self.chain.finalized()),
            // No block is under construction between two slots: pending state is the head's.
            BlockId::Number(BlockNumberOrTag::Latest | BlockNumberOrTag::Pending) => Some(head.clone()),
        };
        let foreign = self.fault == Fault::WrongChain && matches!(id, BlockId::Hash(_));
        Ok(found.filter(|block| block.number() <= head.number() && !foreign))
    }

    /// The block meant by `id` as this endpoint shows it.
    pub(super) fn shown(&self, id: BlockId) -> Result<Option<Arc<ExecutionBlock>>, RpcError> {
        Ok(self.find(id)?.map(|block| self.show(block)))
    }

    /// That block, or what the lie in force makes of it.
    pub(super) fn show(&self, block: Arc<ExecutionBlock>) -> Arc<ExecutionBlock> {
        match self.lie() {
            Some(lie) => {
                let parent = self.chain.block(block.header.parent_hash);
                Arc::new(doctor(lie, &block, parent.as_deref()))
            }
            None => block,
        }
    }

    /// The block meant by `id` and its state.
    pub(super) fn state(&self, id: BlockId) -> Result<(Arc<ExecutionBlock>, &'a State), RpcError> {
        let block = self.find(id)?.ok_or_else(|| RpcError::server("header not found"))?;
        self.state_of(block)
    }

    /// That block's state.
    pub(super) fn state_of(
        &self,
        block: Arc<ExecutionBlock>,
    ) -> Result<(Arc<ExecutionBlock>, &'a State), RpcError> {
        let state = self.chain.state(block.hash()).ok_or_else(|| {
            RpcError::server(format!("missing trie node: state of block {} is not kept", block.number()))
        })?;
        Ok((block, state))
    }

    /// Where a canonical transaction is, if this endpoint admits to know.
    pub(super) fn locate(&self, transaction: B256) -> Option<(Arc<ExecutionBlock>, usize)> {
        let hidden =
            matches!(self.lie(), Some(ExecutionLie::HiddenTransaction | ExecutionLie::PendingForIncluded));
        let (block, index) = self.chain.locate(transaction)?;
        let known = block.number() <= self.head().number() && self.fault != Fault::WrongChain;
        (known && !hidden).then_some((block, index))
    }

    fn capped(&self, hash: B256) -> Option<Arc<ExecutionBlock>> {
        let head = self.head();
        self.chain.block(hash).map(|block| if block.number() > head.number() { head } else { block })
    }
}

/// One more, staying within 256 bits.
pub(super) fn one_more(value: U256) -> U256 {
    value.wrapping_add(U256::ONE)
}
