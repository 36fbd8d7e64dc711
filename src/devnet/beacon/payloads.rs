//! Where a beacon chain's payloads come from: the practice execution chain, which builds them to order, or an execution
//! client of somebody else's, which makes its own.

use std::sync::PoisonError;

use alloy::consensus::{Header, Sealed};
use alloy::primitives::B256;

use super::BeaconError;
use super::objects::{found_payload_header, payload_header};
use crate::consensus::wire::ExecutionPayloadHeaderDeneb;
use crate::devnet::execution::{PayloadAttributes, SharedChain};

/// Where payloads come from.
#[derive(Debug)]
pub enum Payloads {
    /// Each slot's is built for it.
    Built(SharedChain),
    /// The newest one that was found; slots without a new one repeat it.
    Found(Box<Sealed<Header>>),
}

impl Payloads {
    /// The payload of the first block's parent.
    pub(super) fn genesis_hash(&self) -> B256 {
        match self {
            Self::Built(chain) => chain.read().unwrap_or_else(PoisonError::into_inner).genesis_hash(),
            Self::Found(header) => header.parent_hash,
        }
    }

    /// The payload of a slot, as a beacon block of before Gloas commits to it.
    pub(super) fn of_slot(
        &self,
        attributes: &PayloadAttributes,
        parent: B256,
    ) -> Result<ExecutionPayloadHeaderDeneb, BeaconError> {
        let chain = match self {
            Self::Built(chain) => chain,
            Self::Found(header) => return Ok(found_payload_header(header)),
        };
        let mut chain = chain.write().unwrap_or_else(PoisonError::into_inner);
        let payload = chain.build_block(attributes, parent)?;
        chain.set_head(payload)?;
        Ok(chain.block(payload).map(|block| payload_header(&block)).unwrap_or_default())
    }
}
