//! Questions about the chain and this server.

use serde_json::{Value, json};

use super::context::{Pinned, is_fresh};
use super::params::{Answer, Params, quantity};

/// `eth_chainId()`.
pub(super) fn chain_id(at: &Pinned) -> Answer {
    quantity(at.reads.network().chain_id)
}

/// `net_version()`: decimal.
pub(super) fn net_version(at: &Pinned) -> Answer {
    Ok(Value::String(at.reads.network().chain_id.to_string()))
}

/// `web3_clientVersion()`.
pub(super) fn client_version() -> Answer {
    Ok(Value::String(concat!("lifeboat/", env!("CARGO_PKG_VERSION")).to_owned()))
}

/// `web3_sha3(data)`.
pub(super) fn keccak(params: &Params) -> Answer {
    let data: alloy::primitives::Bytes = params.required(0)?;
    super::params::to_json(&alloy::primitives::keccak256(data))
}

/// `eth_blockNumber()`: of the newest block that the committee signed.
pub(super) async fn block_number(at: &Pinned) -> Answer {
    quantity(at.latest().await?.number())
}

/// `eth_syncing()`: false as long as `latest` is answered. How far the chain really is cannot be proven while behind, so the highest block
/// told is the verified one.
pub(super) fn syncing(at: &Pinned) -> Answer {
    let heads = at.reads.heads();
    if heads.as_ref().is_some_and(|heads| is_fresh(&at.reads, heads)) {
        return Ok(Value::Bool(false));
    }
    let number = |number: u64| format!("{number:#x}");
    let (finalized, head) =
        heads.map_or((0, 0), |heads| (heads.finalized.number(), heads.optimistic.number()));
    Ok(json!({
        "startingBlock": number(finalized),
        "currentBlock": number(head),
        "highestBlock": number(head),
    }))
}
