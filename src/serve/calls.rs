//! Calls on proven state: `eth_call` and the gas it takes.

use alloy::primitives::{Bytes, TxKind};
use alloy::rpc::types::TransactionRequest;
use alloy::sol_types::{Panic, Revert, SolError as _};

use super::context::Pinned;
use super::error::RpcError;
use super::overrides::overrides;
use super::params::{Answer, Params, quantity, to_json};
use crate::app::{Call, CallOutcome, CallStatus, GasEstimate, StateAt, plain};

/// Most gas of one call: the allowance most nodes give.
pub(super) const GAS_CAP: u64 = 50_000_000;
/// Characters of a contract's own reason that are repeated.
const MAX_REASON: usize = 1_024;

/// `eth_call(transaction, block, state overrides, block overrides)`.
pub(super) async fn call(at: &Pinned, params: &Params) -> Answer {
    let (call, state) = question(at, params).await?;
    let overrides = overrides(params, 2)?;
    let outcome = state.call_with(call, overrides).await?;
    to_json(&finished(outcome.into_value())?)
}

/// `eth_estimateGas(transaction, block, state overrides, block overrides)`: the least gas with which it succeeds.
pub(super) async fn estimate_gas(at: &Pinned, params: &Params) -> Answer {
    let (call, state) = question(at, params).await?;
    let overrides = overrides(params, 2)?;
    match state.estimate_gas_with(call, overrides).await?.into_value() {
        GasEstimate::Needs(gas) => quantity(gas),
        GasEstimate::Fails(outcome) => {
            finished(outcome)?;
            Err(RpcError::failed("the call fails with all the gas there is"))
        }
    }
}

/// The call and the state it is to be run on.
pub(super) async fn question(at: &Pinned, params: &Params) -> Result<(Call, StateAt), RpcError> {
    let request: TransactionRequest = params.required(0)?;
    let state = at.state(params.block(1)?).await?;
    let chain_id = at.reads.network().chain_id;
    if request.chain_id.is_some_and(|asked| asked != chain_id) {
        return Err(RpcError::invalid_params(format!("chainId does not match this chain's, {chain_id}")));
    }
    Ok((call_of(request, &state)?, state))
}

/// The call of a request that is run on this state: one price, which is what it would pay there.
fn call_of(request: TransactionRequest, state: &StateAt) -> Result<Call, RpcError> {
    let base_fee = u128::from(state.header().fields().base_fee_per_gas.unwrap_or_default());
    let call = call_of_request(request)?;
    let gas_price = match call.priority_fee {
        Some(tip) => call.gas_price.min(base_fee.saturating_add(tip)),
        None => call.gas_price,
    };
    let gas_limit = call.gas_limit.map(|gas| gas.min(GAS_CAP));
    Ok(Call { gas_price, gas_limit, priority_fee: None, ..call })
}

/// The call of a request as it stands.
pub(super) fn call_of_request(request: TransactionRequest) -> Result<Call, RpcError> {
    let (gas_price, priority_fee) = match (request.gas_price, request.max_fee_per_gas) {
        (Some(_), Some(_)) => {
            return Err(RpcError::invalid_params(
                "both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified",
            ));
        }
        (Some(price), None) => (price, None),
        (None, most) => {
            (most.unwrap_or_default(), Some(request.max_priority_fee_per_gas.unwrap_or_default()))
        }
    };
    let input = request
        .input
        .try_into_unique_input()
        .map_err(|error| RpcError::invalid_params(format!("data and input differ: {error}")))?;
    Ok(Call {
        from: request.from.unwrap_or_default(),
        to: match request.to {
            Some(TxKind::Call(to)) => Some(to),
            Some(TxKind::Create) | None => None,
        },
        input: input.unwrap_or_default(),
        value: request.value.unwrap_or_default(),
        gas_limit: request.gas,
        gas_price,
        priority_fee,
        nonce: request.nonce,
        access_list: request.access_list.unwrap_or_default(),
        blob_hashes: request.blob_versioned_hashes.unwrap_or_default(),
        authorizations: request.authorization_list.unwrap_or_default(),
    })
}

/// What it returned, or how it failed.
pub(super) fn finished(outcome: CallOutcome) -> Result<Bytes, RpcError> {
    match outcome.status {
        CallStatus::Success => Ok(outcome.output),
        CallStatus::Revert => Err(RpcError::reverted(revert_words(&outcome.output), &outcome.output)),
        CallStatus::Halt(words) => Err(RpcError::failed(format!("execution halted: {words}"))),
    }
}

/// The reason is the contract's own text: nothing in it may move a cursor or forge a line.
pub(super) fn revert_words(output: &[u8]) -> String {
    let reason = Revert::abi_decode(output)
        .map(|revert| revert.reason)
        .or_else(|_not_a_string| Panic::abi_decode(output).map(|panic| panic_words(&panic)));
    match reason {
        Ok(reason) => {
            let reason: String = plain(&reason).chars().take(MAX_REASON).collect();
            format!("execution reverted: {reason}")
        }
        Err(_neither) => "execution reverted".to_owned(),
    }
}

fn panic_words(panic: &Panic) -> String {
    match panic.code.saturating_to::<u64>() {
        0x00 => "generic panic".to_owned(),
        0x01 => "assert(false)".to_owned(),
        0x11 => "arithmetic underflow or overflow".to_owned(),
        0x12 => "division or modulo by zero".to_owned(),
        0x21 => "enum overflow".to_owned(),
        0x22 => "invalid encoded storage byte array accessed".to_owned(),
        0x31 => "out-of-bounds array access; popping on an empty array".to_owned(),
        0x32 => "out-of-bounds access of an array or bytesN".to_owned(),
        0x41 => "out of memory".to_owned(),
        0x51 => "uninitialized function".to_owned(),
        code => format!("unknown panic code: {code:#x}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_read_and_made_harmless() {
        let revert = Revert { reason: "no\n\u{202e}\u{1b}[2J funds".to_owned() };
        assert_eq!(revert_words(&revert.abi_encode()), "execution reverted: no [2J funds");
        let panic = Panic { code: alloy::primitives::U256::from(0x11) };
        assert_eq!(revert_words(&panic.abi_encode()), "execution reverted: arithmetic underflow or overflow");
        let huge = Panic { code: alloy::primitives::U256::MAX };
        assert!(revert_words(&huge.abi_encode()).starts_with("execution reverted"));
        assert_eq!(revert_words(&[1, 2, 3]), "execution reverted");
    }
}
