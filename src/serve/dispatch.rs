//! Method names to their answers. A name that is not here is refused; nothing is passed on.

use super::context::Pinned;
use super::error::RpcError;
use super::filters::Filters;
use super::params::{Answer, Params};
use super::{access_list, blocks, calls, fees, logs, node, raw, send, simulate, state, transactions};

/// Answers one request.
pub(super) async fn dispatch(at: &Pinned, filters: &Filters, method: &str, params: &Params) -> Answer {
    if let Some(answer) = of_state(at, method, params).await {
        return answer;
    }
    if let Some(answer) = of_blocks(at, method, params).await {
        return answer;
    }
    match method {
        "eth_chainId" => node::chain_id(at),
        "net_version" => node::net_version(at),
        "web3_clientVersion" => node::client_version(),
        "web3_sha3" => node::keccak(params),
        "eth_syncing" => node::syncing(at),
        "eth_newFilter" => filters.new_logs(at, params).await,
        "eth_newBlockFilter" => filters.new_blocks(at).await,
        "eth_getFilterChanges" => filters.changes(at, params).await,
        "eth_getFilterLogs" => filters.logs(at, params).await,
        "eth_uninstallFilter" => filters.remove(params),
        "eth_sendRawTransaction" => send::raw(at, params).await,
        other => Err(refused(other)),
    }
}

/// Questions about the state after a block.
async fn of_state(at: &Pinned, method: &str, params: &Params) -> Option<Answer> {
    Some(match method {
        "eth_getBalance" => state::balance(at, params).await,
        "eth_getTransactionCount" => state::nonce(at, params).await,
        "eth_getCode" => state::code(at, params).await,
        "eth_getStorageAt" => state::storage_at(at, params).await,
        "eth_getStorageValues" => state::storage_values(at, params).await,
        "eth_getProof" => state::proof(at, params).await,
        "eth_call" => calls::call(at, params).await,
        "eth_estimateGas" => calls::estimate_gas(at, params).await,
        "eth_simulateV1" => simulate::blocks(at, params).await,
        "eth_createAccessList" => access_list::create(at, params).await,
        "eth_gasPrice" => fees::gas_price(at).await,
        "eth_maxPriorityFeePerGas" => fees::tip(at).await,
        "eth_baseFee" => fees::base_fee(at).await,
        "eth_blobBaseFee" => fees::blob_base_fee(at).await,
        "eth_feeHistory" => fees::history(at, params).await,
        _ => return None,
    })
}

/// Questions about blocks and what they hold.
async fn of_blocks(at: &Pinned, method: &str, params: &Params) -> Option<Answer> {
    Some(match method {
        "eth_blockNumber" => node::block_number(at).await,
        "eth_getBlockByHash" => blocks::by_hash(at, params).await,
        "eth_getBlockByNumber" => blocks::by_number(at, params).await,
        "eth_getHeaderByHash" => blocks::header_by_hash(at, params).await,
        "eth_getHeaderByNumber" => blocks::header_by_number(at, params).await,
        "eth_getBlockTransactionCountByHash" => blocks::count_by_hash(at, params).await,
        "eth_getBlockTransactionCountByNumber" => blocks::count_by_number(at, params).await,
        "eth_getBlockReceipts" => blocks::receipts(at, params).await,
        "eth_getTransactionByBlockHashAndIndex" => blocks::transaction_by_hash(at, params).await,
        "eth_getTransactionByBlockNumberAndIndex" => blocks::transaction_by_number(at, params).await,
        "eth_getTransactionByHash" => transactions::by_hash(at, params).await,
        "eth_getTransactionReceipt" => transactions::receipt(at, params).await,
        "debug_getRawHeader" => raw::header(at, params).await,
        "debug_getRawBlock" => raw::block(at, params).await,
        "debug_getRawReceipts" => raw::receipts(at, params).await,
        "debug_getRawTransaction" => raw::transaction(at, params).await,
        "eth_getLogs" => logs::matching(at, params).await,
        _ => return None,
    })
}

/// Why a method has no answer here.
fn refused(method: &str) -> RpcError {
    match method {
        "eth_pendingTransactions" | "eth_newPendingTransactionFilter" => {
            RpcError::unprovable("a mempool cannot be proven: only what is in a block can")
        }
        "eth_accounts"
        | "eth_requestAccounts"
        | "eth_sign"
        | "eth_signTransaction"
        | "eth_sendTransaction" => RpcError {
            message: format!("{method}: this server holds no keys"),
            ..RpcError::unknown_method(method)
        },
        "eth_subscribe" | "eth_unsubscribe" => RpcError {
            message: format!("{method} needs a WebSocket, and stands alone in its message"),
            ..RpcError::unknown_method(method)
        },
        _ if method.starts_with("txpool_") => {
            RpcError::unprovable("a mempool cannot be proven: only what is in a block can")
        }
        _ => RpcError::unknown_method(method),
    }
}
