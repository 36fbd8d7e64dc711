//! Calls that change nothing: `eth_call`, gas estimates, access lists.

use alloy::eips::BlockId;
use alloy::eips::eip2930::{AccessList, AccessListItem, AccessListResult};
use alloy::primitives::{Address, B256, Bytes, TxKind, U256};
use alloy::rpc::types::TransactionRequest;
use revm::context::TxEnv;
use revm::context::result::{ExecutionResult, ResultAndState};
use revm::context_interface::either::Either;
use revm::primitives::hardfork::SpecId;
use revm::state::EvmState;
use serde_json::Value;

use super::error::RpcError;
use super::params::{Answer, Params, quantity, to_json};
use super::view::{View, one_more};
use crate::devnet::execution::ExecutionLie;
use crate::devnet::execution::evm::{Checks, call_env};
use crate::devnet::execution::state::StateView;

/// Gas of a call that names none.
const CALL_GAS: u64 = 50_000_000;
/// Most gas of one transaction from Osaka on (EIP-7825).
const TRANSACTION_GAS_CAP: u64 = 1 << 24;
/// Times an access list is refined until it stands still.
const ACCESS_ROUNDS: u8 = 8;

/// `eth_call(transaction, block)`.
pub(super) fn call(view: &View<'_>, params: &Params) -> Answer {
    let (request, id) = question(params)?;
    let run = run(view, id, tx_of(view, &request, CALL_GAS))?;
    let mut output = finished(run.result)?.to_vec();
    if view.lie() == Some(ExecutionLie::CallResultOff)
        && let Some(last) = output.last_mut()
    {
        *last ^= 1;
    }
    to_json(&Bytes::from(output))
}

/// `eth_estimateGas(transaction, block)`: the least gas with which it succeeds, by bisection.
pub(super) fn estimate_gas(view: &View<'_>, params: &Params) -> Answer {
    let (request, id) = question(params)?;
    let mut high = allowance(view, id, &request)?;
    let first = run(view, id, tx_of(view, &request, high))?;
    if let ExecutionResult::Halt { .. } = first.result {
        return Err(RpcError::server(format!("gas required exceeds allowance ({high})")));
    }
    let used = first.result.gas().tx_gas_used();
    finished(first.result)?;
    let mut low = used.saturating_sub(1);
    while low.saturating_add(1) < high {
        let middle = low.saturating_add(high.saturating_sub(low) / 2);
        let succeeds = run(view, id, tx_of(view, &request, middle)).is_ok_and(|run| run.result.is_success());
        if succeeds {
            high = middle;
        } else {
            low = middle;
        }
    }
    quantity(high)
}

/// `eth_createAccessList(transaction, block)`: what the call touches (EIP-2930).
pub(super) fn access_list(view: &View<'_>, params: &Params) -> Answer {
    let (mut request, id) = question(params)?;
    let mut list = request.access_list.clone().unwrap_or_default();
    let mut outcome = run(view, id, tx_of(view, &request, CALL_GAS))?;
    for _ in 0..ACCESS_ROUNDS {
        let touched = touched(&request, &outcome.state);
        if touched == list {
            break;
        }
        request.access_list = Some(touched.clone());
        list = touched;
        outcome = run(view, id, tx_of(view, &request, CALL_GAS))?;
    }
    if view.lie() == Some(ExecutionLie::EmptyAccessList) {
        list = AccessList::default();
    }
    let gas_used = U256::from(outcome.result.gas().tx_gas_used());
    let error = finished(outcome.result).err().map(|error| error.message);
    to_json(&AccessListResult { access_list: list, gas_used, error })
}

fn question(params: &Params) -> Result<(TransactionRequest, BlockId), RpcError> {
    if params.0.get(2).is_some_and(|overrides| !is_empty(overrides)) {
        return Err(RpcError::invalid_params("state overrides are not supported"));
    }
    Ok((params.required(0)?, params.block(1)?))
}

fn is_empty(overrides: &Value) -> bool {
    overrides.is_null() || overrides.as_object().is_some_and(serde_json::Map::is_empty)
}

fn tx_of(view: &View<'_>, request: &TransactionRequest, gas: u64) -> TxEnv {
    let kind = request.to.unwrap_or(TxKind::Create);
    let input = request.input.input().cloned().unwrap_or_default();
    let gas_limit = request.gas.map_or(gas, |asked| asked.min(gas));
    let mut tx = call_env(request.from.unwrap_or_default(), kind, input, gas_limit);
    tx.value = request.value.unwrap_or_default();
    tx.gas_price = request.gas_price.or(request.max_fee_per_gas).unwrap_or_default();
    tx.gas_priority_fee = request.max_priority_fee_per_gas;
    // Typed transactions must name a chain; a wrong one is refused by the EVM.
    tx.chain_id = Some(request.chain_id.unwrap_or(view.chain.config().chain_id));
    if let Some(list) = &request.access_list {
        tx.access_list = list.clone();
        tx.tx_type = 1;
    }
    if tx.gas_priority_fee.is_some() || request.max_fee_per_gas.is_some() {
        tx.tx_type = 2;
    }
    if let Some(list) = &request.authorization_list {
        tx.authorization_list = list.iter().cloned().map(Either::Left).collect();
        tx.tx_type = 4;
    }
    tx
}

fn run(view: &View<'_>, id: BlockId, tx: TxEnv) -> Result<ResultAndState, RpcError> {
    let (block, state) = view.state(id)?;
    if tx.value > state.balance(tx.caller) {
        return Err(RpcError::server(format!(
            "insufficient funds for transfer: address {} have {} want {}",
            tx.caller,
            state.balance(tx.caller),
            tx.value
        )));
    }
    let hash = block.hash();
    let block_hash = |number: u64| view.chain.ancestor(hash, number);
    let state = StateView { state, block_hash: &block_hash };
    view.chain
        .env_of(&block)
        .transact(&state, tx, Checks::Call)
        .map_err(|error| RpcError::server(format!("err: {error}")))
}

fn finished(result: ExecutionResult) -> Result<Bytes, RpcError> {
    match result {
        ExecutionResult::Success { output, .. } => Ok(output.into_data()),
        ExecutionResult::Revert { output, .. } => Err(RpcError::reverted(&output)),
        ExecutionResult::Halt { reason, .. } => {
            Err(RpcError::server(format!("execution halted: {reason:?}")))
        }
    }
}

/// Most gas the transaction may use: asked, allowed by block and fork, and affordable at its price.
fn allowance(view: &View<'_>, id: BlockId, request: &TransactionRequest) -> Result<u64, RpcError> {
    let (block, state) = view.state(id)?;
    let mut most = block.header.gas_limit;
    // Amsterdam caps only one of its two kinds of gas (EIP-8037), so its transactions may go above.
    if view.chain.env_of(&block).spec == SpecId::OSAKA {
        most = most.min(TRANSACTION_GAS_CAP);
    }
    if let Some(asked) = request.gas {
        most = most.min(asked);
    }
    let price = U256::from(request.gas_price.or(request.max_fee_per_gas).unwrap_or_default());
    let funds =
        state.balance(request.from.unwrap_or_default()).saturating_sub(request.value.unwrap_or_default());
    let affordable = funds.checked_div(price).and_then(|gas| u64::try_from(gas).ok());
    Ok(affordable.map_or(most, |affordable| most.min(affordable)))
}

/// Accounts and slots that a run loaded, without those that are warm anyhow.
fn touched(request: &TransactionRequest, state: &EvmState) -> AccessList {
    let caller = request.from.unwrap_or_default();
    let target = request.to.and_then(|kind| kind.to().copied());
    let mut items: Vec<AccessListItem> = state
        .iter()
        .filter_map(|(address, account)| {
            let mut storage_keys: Vec<B256> = account.storage.keys().map(|slot| B256::from(*slot)).collect();
            storage_keys.sort_unstable();
            let warm = *address == caller || Some(*address) == target || is_precompile(*address);
            let empty = account.info.is_empty() && storage_keys.is_empty();
            (!storage_keys.is_empty() || !(warm || empty))
                .then_some(AccessListItem { address: *address, storage_keys })
        })
        .collect();
    items.sort_unstable_by_key(|item| item.address);
    AccessList(items)
}

/// Addresses 1 to 0x11 and 0x100 (EIP-7951).
fn is_precompile(address: Address) -> bool {
    let number = U256::from_be_slice(address.as_slice());
    number == U256::from(0x100) || (number <= U256::from(0x11) && number >= one_more(U256::ZERO))
}
