//! An execution endpoint that answers from the chain file what our sources ask of one.

use std::sync::Arc;

use alloy::consensus::transaction::{Recovered, TransactionInfo};
use alloy::consensus::{Eip658Value, Sealed, TxReceipt as _, Typed2718 as _};
use alloy::primitives::{Address, B256, U64, U256};
use alloy::rpc::types::{Block as RpcBlock, BlockTransactions, Header as RpcHeader, Transaction};
use axum::extract::State;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::replay::{Chain, Ran};

/// Serves the chain on a loopback port, until the runtime ends; gives its address.
pub(super) async fn serve(chain: Arc<Chain>) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let router = Router::new().fallback(answer).with_state(chain);
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    url
}

async fn answer(State(chain): State<Arc<Chain>>, Json(message): Json<Value>) -> Json<Value> {
    Json(match &message {
        Value::Array(all) => all.iter().map(|one| reply(&chain, one)).collect(),
        one => reply(&chain, one),
    })
}

fn reply(chain: &Chain, request: &Value) -> Value {
    let (method, params) = (request["method"].as_str().unwrap(), &request["params"]);
    match result(chain, method, params) {
        Some(result) => json!({"jsonrpc": "2.0", "id": request["id"], "result": result}),
        None => json!({
            "jsonrpc": "2.0",
            "id": request["id"],
            "error": {"code": -32601, "message": format!("the method {method} does not exist/is not available")},
        }),
    }
}

fn result(chain: &Chain, method: &str, params: &Value) -> Option<Value> {
    let found = |block: &Value| find(chain, block);
    Some(match method {
        "eth_chainId" => json!(U64::from(chain.chain_id)),
        "eth_blockNumber" => json!(U64::from(chain.head().block.header.number)),
        "eth_getBlockByHash" | "eth_getBlockByNumber" => {
            json!(found(&params[0]).map(|ran| shown(ran, params[1] == true)))
        }
        "eth_getBlockReceipts" => json!(found(&params[0]).map(receipts)),
        "eth_getTransactionByHash" => {
            let hash: B256 = params[0].as_str().unwrap().parse().unwrap();
            let place = chain.blocks.iter().find_map(|ran| {
                let index = ran.block.body.transactions.iter().position(|tx| *tx.tx_hash() == hash)?;
                Some(transaction(ran, index))
            });
            json!(place)
        }
        "eth_getCode" => {
            let who: Address = params[0].as_str().unwrap().parse().unwrap();
            let holder = found(&params[1])?.world.0.get(&who).cloned().unwrap_or_default();
            json!(holder.code)
        }
        "eth_getProof" => proof(found(&params[2])?, params),
        _ => return None,
    })
}

fn find<'a>(chain: &'a Chain, block: &Value) -> Option<&'a Ran> {
    let text = block.get("blockHash").unwrap_or(block).as_str().unwrap();
    if text.len() == 66 {
        let hash: B256 = text.parse().unwrap();
        return chain.blocks.iter().find(|ran| ran.hash == hash);
    }
    let number = usize::from_str_radix(text.trim_start_matches("0x"), 16).unwrap();
    chain.blocks.get(number)
}

fn transaction(ran: &Ran, index: usize) -> Transaction {
    let tx = ran.block.body.transactions[index].clone();
    let info = TransactionInfo {
        hash: Some(*tx.tx_hash()),
        index: Some(index as u64),
        block_hash: Some(ran.hash),
        block_number: Some(ran.block.header.number),
        base_fee: ran.block.header.base_fee_per_gas,
        block_timestamp: None,
    };
    Transaction::from_transaction(Recovered::new_unchecked(tx, ran.senders[index]), info)
}

fn shown(ran: &Ran, full: bool) -> RpcBlock {
    let all = &ran.block.body.transactions;
    let transactions = if full {
        BlockTransactions::Full((0..all.len()).map(|index| transaction(ran, index)).collect())
    } else {
        BlockTransactions::Hashes(all.iter().map(|tx| *tx.tx_hash()).collect())
    };
    let header = Sealed::new_unchecked(ran.block.header.clone(), ran.hash);
    RpcBlock {
        header: RpcHeader::from_consensus(header, None, None),
        uncles: ran.block.body.ommers.iter().map(alloy::consensus::Header::hash_slow).collect(),
        transactions,
        withdrawals: ran.block.body.withdrawals.clone(),
    }
}

/// The consensus fields alone: what else a receipt tells is for the light client to compute.
fn receipts(ran: &Ran) -> Vec<Value> {
    let one = |receipt: &alloy::consensus::ReceiptEnvelope| {
        let mut shown = json!({
            "type": U64::from(receipt.ty()),
            "cumulativeGasUsed": U64::from(receipt.cumulative_gas_used()),
            "logs": receipt.logs().iter().map(|log| {
                json!({"address": log.address, "topics": log.data.topics(), "data": log.data.data})
            }).collect::<Vec<_>>(),
        });
        match receipt.status_or_post_state() {
            Eip658Value::Eip658(success) => shown["status"] = json!(U64::from(u64::from(success))),
            Eip658Value::PostState(root) => shown["root"] = json!(root),
        }
        shown
    };
    ran.receipts.iter().map(one).collect()
}

fn proof(ran: &Ran, params: &Value) -> Value {
    let who: Address = params[0].as_str().unwrap().parse().unwrap();
    let holder = ran.world.0.get(&who).cloned().unwrap_or_default();
    let slots: Vec<U256> = serde_json::from_value(params[1].clone()).unwrap();
    let storage: Vec<Value> = slots
        .into_iter()
        .map(|slot| {
            let value = holder.storage.get(&slot).copied().unwrap_or_default();
            json!({"key": B256::from(slot), "value": value, "proof": holder.prove(slot)})
        })
        .collect();
    json!({
        "address": who,
        "accountProof": ran.world.prove(who),
        "balance": holder.balance,
        "codeHash": holder.code_hash(),
        "nonce": U64::from(holder.nonce),
        "storageHash": holder.storage_root(),
        "storageProof": storage,
    })
}
