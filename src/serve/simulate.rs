//! `eth_simulateV1`: blocks that nobody made, run on proven state.
//!
//! The state root of such a block is computed from the nodes that prove what the block changes, and with it the hash. It
//! is null, and so are the hashes that hang on it, in three cases: a value goes and leaves a trie node with a single child
//! that no proof of that value shows; the block deposits to the beacon chain; or the rules are Amsterdam's, whose headers
//! hold more than is known here. Code that asks for such a hash is refused.

use alloy::eips::BlockId;
use alloy::rpc::types::simulate::{SimBlock, SimulatePayload};
use alloy::rpc::types::{BlockOverrides, TransactionRequest};
use serde_json::Value;

use super::calls::{GAS_CAP, call_of_request};
use super::context::Pinned;
use super::error::RpcError;
use super::overrides::{MAX_ACCOUNTS, account};
use super::params::{Answer, Params};
use super::simulated_block;
use crate::app::{BlocksPlan, CallError, PlannedBlock, ProvenHeader, ReadError, TxRule};

/// Blocks in one simulation, as in geth.
const MAX_BLOCKS: usize = 256;
/// Transactions in one simulation.
const MAX_CALLS: usize = 1_024;
/// Seconds between blocks that do not say, as in geth.
const SLOT_SECS: u64 = 12;

/// `eth_simulateV1(payload, block)`.
pub(super) async fn blocks(at: &Pinned, params: &Params) -> Answer {
    params.none_from(2)?;
    let payload: SimulatePayload<TransactionRequest> = params.required(0)?;
    let base = base(at, params.block(1)?).await?;
    let state = at.reads.state_at(base.clone());
    if !base.fields().difficulty.is_zero() {
        return Err(RpcError::unprovable(
            "blocks of before the merge have rules that this build does not know",
        ));
    }
    let asked = in_order(&base, payload.block_state_calls)?;
    if asked.iter().map(|block| block.calls.len()).sum::<usize>() > MAX_CALLS {
        return Err(RpcError::limit(format!("{MAX_CALLS} calls are simulated at once at most")));
    }
    let network = at.reads.network();
    let same_rules = |secs: u64| {
        let [then, base] = [secs, base.timestamp()].map(|secs| network.slot_at(secs.saturating_mul(1_000)));
        network.fork_at(then) == network.fork_at(base)
    };
    if asked.iter().any(|block| !same_rules(block.timestamp)) {
        return Err(RpcError::unprovable("a simulated block lies beyond the next fork, whose rules differ"));
    }
    let plan = BlocksPlan {
        env: state.evm_env()?,
        blocks: asked,
        validation: payload.validation,
        trace_transfers: payload.trace_transfers,
        gas: GAS_CAP,
        nodes: Default::default(),
        no_more_nodes: false,
    };
    let ran = state.simulate_blocks(plan).await.map_err(refusal)?;
    let full = payload.return_full_transactions;
    let mut shown = Vec::with_capacity(ran.value().len());
    for block in ran.value() {
        shown.push(simulated_block::block(block, full)?);
    }
    Ok(Value::Array(shown))
}

async fn base(at: &Pinned, id: BlockId) -> Result<std::sync::Arc<ProvenHeader>, RpcError> {
    at.header(id).await.map_err(|error| match error.code {
        -32001 => RpcError::failed("header not found"),
        _ => error,
    })
}

/// The blocks with their numbers and times, and those between that nobody named.
fn in_order(
    base: &ProvenHeader,
    asked: Vec<SimBlock<TransactionRequest>>,
) -> Result<Vec<PlannedBlock>, RpcError> {
    if asked.is_empty() {
        return Err(RpcError::invalid_params("empty input"));
    }
    if asked.len() > MAX_BLOCKS {
        return Err(RpcError::simulation(-38026, "too many blocks"));
    }
    let mut planned: Vec<PlannedBlock> = Vec::new();
    let (mut number, mut timestamp) = (base.number(), base.timestamp());
    for mut block in asked {
        let overrides = block.block_overrides.take().unwrap_or_default();
        let named = overrides.number.map(|number| number.saturating_to::<u64>());
        let wanted = named.unwrap_or_else(|| number.saturating_add(1));
        if wanted <= number {
            let words = format!("block numbers must be in order: {wanted} <= {number}");
            return Err(RpcError::simulation(-38020, &words));
        }
        if wanted.saturating_sub(base.number()) > MAX_BLOCKS as u64 {
            return Err(RpcError::simulation(-38026, "too many blocks"));
        }
        for between in number.saturating_add(1)..wanted {
            timestamp = timestamp.saturating_add(SLOT_SECS);
            planned.push(PlannedBlock { number: between, timestamp, ..PlannedBlock::default() });
        }
        let time = overrides.time.unwrap_or_else(|| timestamp.saturating_add(SLOT_SECS));
        if time <= timestamp {
            let words = format!("block timestamps must be in order: {time} <= {timestamp}");
            return Err(RpcError::simulation(-38021, &words));
        }
        (number, timestamp) = (wanted, time);
        planned.push(one(block, &overrides, (number, timestamp))?);
    }
    Ok(planned)
}

fn one(
    block: SimBlock<TransactionRequest>,
    overrides: &BlockOverrides,
    (number, timestamp): (u64, u64),
) -> Result<PlannedBlock, RpcError> {
    let BlockOverrides { difficulty, blob_base_fee, block_hash, .. } = overrides;
    if difficulty.is_some() || blob_base_fee.is_some() || block_hash.is_some() {
        return Err(RpcError::invalid_params(
            "these block overrides are not supported: difficulty, blobBaseFee, blockHash",
        ));
    }
    let base_fee = overrides.base_fee.map(u64::try_from).transpose();
    let mut planned = PlannedBlock {
        number,
        timestamp,
        gas_limit: overrides.gas_limit,
        beneficiary: overrides.coinbase,
        prev_randao: overrides.random.unwrap_or_default(),
        beacon_root: overrides.beacon_root.unwrap_or_default(),
        base_fee: base_fee.map_err(|error| RpcError::invalid_params(format!("baseFeePerGas: {error}")))?,
        ..PlannedBlock::default()
    };
    let accounts = block.state_overrides.unwrap_or_default();
    if accounts.len() > MAX_ACCOUNTS {
        return Err(RpcError::limit(format!("more than {MAX_ACCOUNTS} accounts are overridden")));
    }
    for (who, mut over) in accounts {
        if let Some(to) = over.move_precompile_to.take() {
            planned.moved_precompiles.push((who, to));
        }
        planned.accounts.insert(who, account(over)?);
    }
    planned.moved_precompiles.sort_unstable();
    planned.calls = block.calls.into_iter().map(call_of_request).collect::<Result<_, _>>()?;
    Ok(planned)
}

/// The codes of execution-apis.
fn refusal(error: ReadError) -> RpcError {
    match error {
        ReadError::Call(CallError::Refused { rule, detail }) => {
            let code = match rule {
                TxRule::NonceTooLow => -38010,
                TxRule::NonceTooHigh => -38011,
                TxRule::BaseFee => -38012,
                TxRule::IntrinsicGas => -38013,
                TxRule::Funds => -38014,
                TxRule::BlockGasLimit => -38015,
                TxRule::InitCodeSize => -38025,
                TxRule::Other => -32603,
            };
            RpcError::simulation(code, &detail)
        }
        ReadError::Call(error @ CallError::NoPrecompile { .. }) => RpcError::failed(error.to_string()),
        ReadError::Call(error @ CallError::OverriddenTwice { .. }) => {
            RpcError::simulation(-38023, &error.to_string())
        }
        ReadError::Call(error @ CallError::FutureHash { .. }) => RpcError::unprovable(error.to_string()),
        other => other.into(),
    }
}
