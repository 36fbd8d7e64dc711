//! The table of methods.

use serde_json::{Value, json};

use super::error::RpcError;
use super::params::{Answer, Params, quantity};
use super::view::View;
use super::{blocks, calls, fees, logs, receipts, state, transactions};
use crate::devnet::http::Fault;

/// Answers a request that only reads.
pub(super) fn dispatch(view: &View<'_>, method: &str, params: &Params) -> Answer {
    if method == "eth_getProof" && view.fault == Fault::NoProofs {
        return Err(RpcError::unknown_method(method));
    }
    match method {
        "eth_chainId" => quantity(view.chain_id()),
        "net_version" => Ok(Value::String(view.chain_id().to_string())),
        "net_listening" => Ok(Value::Bool(true)),
        "web3_clientVersion" => Ok(json!(concat!("lifeboat-practice/v", env!("CARGO_PKG_VERSION")))),
        "eth_syncing" => Ok(Value::Bool(false)),
        "eth_accounts" => Ok(json!([])),
        "eth_blockNumber" => blocks::number(view),
        "eth_getBlockByHash" => blocks::by_hash(view, params),
        "eth_getHeaderByHash" => blocks::header_by_hash(view, params),
        "eth_getBlockByNumber" => blocks::by_number(view, params),
        "eth_getBlockTransactionCountByHash" | "eth_getBlockTransactionCountByNumber" => {
            blocks::transaction_count(view, params)
        }
        "debug_getRawHeader" => blocks::raw_header(view, params),
        "debug_getRawBlock" => blocks::raw_block(view, params),
        "eth_getBlockReceipts" => receipts::of_block(view, params),
        "eth_getTransactionReceipt" => receipts::by_hash(view, params),
        "debug_getRawReceipts" => receipts::raw(view, params),
        "eth_getTransactionByHash" => transactions::by_hash(view, params),
        "eth_getTransactionByBlockHashAndIndex" | "eth_getTransactionByBlockNumberAndIndex" => {
            transactions::by_index(view, params)
        }
        "debug_getRawTransaction" | "eth_getRawTransactionByHash" => transactions::raw(view, params),
        "eth_pendingTransactions" => transactions::pending(view),
        "eth_getBalance" => state::balance(view, params),
        "eth_getTransactionCount" => state::nonce(view, params),
        "eth_getCode" => state::code(view, params),
        "eth_getStorageAt" => state::storage_at(view, params),
        "eth_getProof" => state::proof(view, params),
        "eth_call" => calls::call(view, params),
        "eth_estimateGas" => calls::estimate_gas(view, params),
        "eth_createAccessList" => calls::access_list(view, params),
        "eth_gasPrice" => fees::gas_price(view),
        "eth_maxPriorityFeePerGas" => fees::tip(view),
        "eth_blobBaseFee" => quantity(1),
        "eth_feeHistory" => fees::history(view, params),
        "eth_getLogs" => logs::matching(view, params),
        _ => Err(RpcError::unknown_method(method)),
    }
}
