//! The execution endpoint over loopback: what an honest one answers, and what every fault and lie does to that.

use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use alloy::consensus::proofs::{calculate_receipt_root, ordered_trie_root_with_encoder};
use alloy::consensus::{Header, ReceiptEnvelope, TxEip1559};
use alloy::eips::eip2718::{Decodable2718, Encodable2718};
use alloy::primitives::{Address, B256, Bytes, TxKind, U256, keccak256};
use alloy::rlp::Decodable;
use alloy::rpc::types::{Block, EIP1186AccountProofResponse, TransactionReceipt};
use alloy::sol_types::SolCall;
use alloy_trie::{Nibbles, TrieAccount, proof::verify_proof};
use lifeboat::contracts::Erc20;
use lifeboat::devnet::execution::{
    ChainConfig, ExecutionChain, ExecutionLie, PRACTICE_ACCOUNTS, PRACTICE_DOLLAR, PayloadAttributes,
    SharedChain, serve, sign,
};
use lifeboat::devnet::http::{Endpoint, Fault};
use serde_json::{Value, json};

const CHAIN_ID: u64 = 7_357;

struct Practice {
    chain: SharedChain,
    endpoint: Endpoint<ExecutionLie>,
    client: reqwest::Client,
}

impl Practice {
    async fn start(blocks: u64) -> Self {
        let chain = ExecutionChain::new(ChainConfig::practice(CHAIN_ID, 1_000)).unwrap();
        let chain = Arc::new(RwLock::new(chain));
        let endpoint = serve(chain.clone(), "practice-cdn-a").await.unwrap();
        let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap();
        let practice = Self { chain, endpoint, client };
        for _ in 0..blocks {
            practice.advance();
        }
        practice
    }

    fn advance(&self) -> B256 {
        let mut chain = self.chain.write().unwrap();
        let head = chain.head();
        let order = PayloadAttributes {
            timestamp_secs: head.header.timestamp + 12,
            parent_beacon_block_root: keccak256(head.hash()),
            slot_number: head.number() + 1,
            ..PayloadAttributes::default()
        };
        let hash = chain.build_block(&order, head.hash()).unwrap();
        chain.set_head(hash).unwrap();
        hash
    }

    async fn post(&self, body: String) -> Result<reqwest::Response, reqwest::Error> {
        self.client.post(self.endpoint.url().clone()).body(body).send().await
    }

    async fn reply(&self, request: &Value) -> Value {
        let text = self.post(request.to_string()).await.unwrap().text().await.unwrap();
        serde_json::from_str(&text).unwrap()
    }

    async fn ask(&self, method: &str, params: Value) -> Value {
        let reply =
            self.reply(&json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params })).await;
        assert_eq!(reply["id"], 1);
        assert!(reply.get("error").is_none(), "{method}: {reply}");
        reply["result"].clone()
    }

    async fn refusal(&self, method: &str, params: Value) -> Value {
        let reply =
            self.reply(&json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params })).await;
        assert!(reply.get("result").is_none(), "{method}: {reply}");
        reply["error"].clone()
    }
}

fn as_type<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

fn payment(nonce: u64) -> (B256, Bytes) {
    let tx = TxEip1559 {
        chain_id: CHAIN_ID,
        nonce,
        gas_limit: 21_000,
        max_fee_per_gas: 3_000_000_000,
        max_priority_fee_per_gas: 1_000_000_000,
        to: TxKind::Call(PRACTICE_ACCOUNTS[2].address),
        value: U256::from(42),
        ..TxEip1559::default()
    };
    let signed = sign(1, tx).unwrap();
    (*signed.tx_hash(), signed.encoded_2718().into())
}

#[tokio::test]
async fn headers_blocks_and_receipts_hash_to_what_they_claim() {
    let practice = Practice::start(3).await;
    let block: Block = as_type(practice.ask("eth_getBlockByNumber", json!(["latest", true])).await);
    assert_eq!(block.header.inner.hash_slow(), block.header.hash);
    assert_eq!(practice.ask("eth_blockNumber", json!([])).await, "0x3");
    let by_hash: Block = as_type(practice.ask("eth_getBlockByHash", json!([block.header.hash, true])).await);
    assert_eq!(by_hash, block);

    let raw: Bytes = as_type(practice.ask("debug_getRawHeader", json!(["latest"])).await);
    assert_eq!(keccak256(&raw), block.header.hash);
    assert_eq!(Header::decode(&mut &raw[..]).unwrap(), block.header.inner);

    let transactions = block.transactions.as_transactions().unwrap();
    assert_eq!(transactions.len(), 4);
    let root = ordered_trie_root_with_encoder(transactions, |tx, out| tx.inner.encode_2718(out));
    assert_eq!(root, block.header.transactions_root);

    let raw: Vec<Bytes> = as_type(practice.ask("debug_getRawReceipts", json!(["latest"])).await);
    let decoded: Vec<ReceiptEnvelope> =
        raw.iter().map(|raw| ReceiptEnvelope::decode_2718(&mut &raw[..]).unwrap()).collect();
    assert_eq!(calculate_receipt_root(&decoded), block.header.receipts_root);
    let receipts: Vec<TransactionReceipt> =
        as_type(practice.ask("eth_getBlockReceipts", json!([block.header.hash])).await);
    let plain: Vec<ReceiptEnvelope> =
        receipts.iter().map(|receipt| receipt.inner.clone().map_logs(|log| log.inner)).collect();
    assert_eq!(plain, decoded);
    assert_eq!(receipts.iter().map(|receipt| receipt.gas_used).sum::<u64>(), block.header.gas_used);

    let logs = practice.ask("eth_getLogs", json!([{ "address": PRACTICE_DOLLAR, "fromBlock": "0x2" }])).await;
    assert!(!logs.as_array().unwrap().is_empty());
    assert_eq!(practice.ask("eth_getBlockByHash", json!([B256::ZERO, false])).await, Value::Null);
}

#[tokio::test]
async fn a_proof_leads_from_the_state_root_to_the_token_balance() {
    let practice = Practice::start(2).await;
    let block: Block = as_type(practice.ask("eth_getBlockByNumber", json!(["0x1", false])).await);
    let owner = PRACTICE_ACCOUNTS[3].address;
    let slot = keccak256([B256::left_padding_from(owner.as_slice()).0, B256::ZERO.0].concat());
    let at = json!({ "blockHash": block.header.hash, "requireCanonical": true });
    let proof: EIP1186AccountProofResponse =
        as_type(practice.ask("eth_getProof", json!([PRACTICE_DOLLAR, [slot, "0x63"], at])).await);
    let account = TrieAccount {
        nonce: proof.nonce,
        balance: proof.balance,
        storage_root: proof.storage_hash,
        code_hash: proof.code_hash,
    };
    let key = Nibbles::unpack(keccak256(PRACTICE_DOLLAR));
    let expected = Some(alloy::rlp::encode(account));
    verify_proof(block.header.state_root, key, expected, &proof.account_proof).unwrap();
    let [held, empty] = proof.storage_proof.as_slice() else { panic!("two slots: {proof:?}") };
    let key = |slot: B256| Nibbles::unpack(keccak256(slot));
    verify_proof(proof.storage_hash, key(slot), Some(alloy::rlp::encode(held.value)), &held.proof).unwrap();
    verify_proof(proof.storage_hash, key(B256::with_last_byte(0x63)), None, &empty.proof).unwrap();
    assert_eq!(held.value, U256::from(3_000) * U256::from(10).pow(U256::from(18)));

    let input = Bytes::from(Erc20::balanceOfCall { owner }.abi_encode());
    let called: Bytes =
        as_type(practice.ask("eth_call", json!([{ "to": PRACTICE_DOLLAR, "data": input }, "0x1"])).await);
    assert_eq!(U256::from_be_slice(&called), held.value);
    let at_slot: B256 =
        as_type(practice.ask("eth_getStorageAt", json!([PRACTICE_DOLLAR, slot, "0x1"])).await);
    assert_eq!(U256::from_be_bytes(at_slot.0), held.value);
    let list = practice.ask("eth_createAccessList", json!([{ "to": PRACTICE_DOLLAR, "data": input }])).await;
    assert_eq!(list["accessList"][0]["storageKeys"], json!([slot]));
    let code: Bytes = as_type(practice.ask("eth_getCode", json!([PRACTICE_DOLLAR, "latest"])).await);
    assert_eq!(keccak256(code), proof.code_hash);
}

#[tokio::test]
async fn a_submitted_transaction_waits_then_is_included() {
    let practice = Practice::start(1).await;
    let (hash, raw) = payment(0);
    let sender = PRACTICE_ACCOUNTS[1].address;
    let request = json!({ "from": sender, "to": PRACTICE_ACCOUNTS[2].address, "value": "0x2a" });
    assert_eq!(practice.ask("eth_estimateGas", json!([request])).await, "0x5208");
    assert_eq!(practice.ask("eth_sendRawTransaction", json!([raw])).await, json!(hash));
    let waiting = practice.ask("eth_getTransactionByHash", json!([hash])).await;
    assert_eq!((&waiting["blockHash"], &waiting["value"]), (&Value::Null, &json!("0x2a")));
    assert_eq!(practice.ask("eth_getTransactionReceipt", json!([hash])).await, Value::Null);
    assert_eq!(practice.ask("eth_getTransactionCount", json!([sender, "latest"])).await, "0x0");
    assert_eq!(practice.ask("eth_getTransactionCount", json!([sender, "pending"])).await, "0x1");

    let included = practice.advance();
    let tx = practice.ask("eth_getTransactionByHash", json!([hash])).await;
    assert_eq!(tx["blockHash"], json!(included));
    let receipt = practice.ask("eth_getTransactionReceipt", json!([hash])).await;
    assert_eq!((&receipt["status"], &receipt["gasUsed"]), (&json!("0x1"), &json!("0x5208")));
    assert_eq!(practice.ask("debug_getRawTransaction", json!([hash])).await, json!(raw));
    let again = practice.refusal("eth_sendRawTransaction", json!([raw])).await;
    assert_eq!((&again["code"], &again["message"]), (&json!(-32000), &json!("already known")));
    let history = practice.ask("eth_feeHistory", json!(["0x2", "latest", [50.0]])).await;
    assert_eq!(history["baseFeePerGas"].as_array().unwrap().len(), 3);
    assert_eq!(history["reward"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn requests_that_cannot_be_met_get_the_usual_codes() {
    let practice = Practice::start(1).await;
    let code = |error: Value| error["code"].as_i64().unwrap();
    assert_eq!(code(practice.refusal("eth_nothing", json!([])).await), -32601);
    assert_eq!(code(practice.refusal("eth_getBalance", json!(["0x12"])).await), -32602);
    assert_eq!(code(practice.refusal("eth_getBalance", json!([Address::ZERO, "0x99"])).await), -32000);
    let transfer = Erc20::transferCall { to: Address::repeat_byte(1), value: U256::MAX }.abi_encode();
    let call = json!([{ "to": PRACTICE_DOLLAR, "data": Bytes::from(transfer) }, "latest"]);
    let reverted = practice.refusal("eth_call", call).await;
    assert_eq!(code(reverted.clone()), 3);
    assert!(reverted["data"].as_str().unwrap().starts_with("0x08c379a0"));
    let text = practice.post("not json".to_owned()).await.unwrap().text().await.unwrap();
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["error"]["code"], -32700);
    let batch = json!([
        { "jsonrpc": "2.0", "id": 7, "method": "eth_chainId" },
        { "jsonrpc": "2.0", "method": "eth_chainId" },
        { "jsonrpc": "2.0", "id": "x", "method": "eth_nothing" },
        5
    ]);
    let replies = practice.reply(&batch).await;
    let replies = replies.as_array().unwrap();
    assert_eq!(replies.len(), 3, "a notification gets no reply");
    assert_eq!((&replies[0]["id"], &replies[0]["result"]), (&json!(7), &json!("0x1cbd")));
    assert_eq!((&replies[1]["id"], &replies[1]["error"]["code"]), (&json!("x"), &json!(-32601)));
    assert_eq!(replies[2]["error"]["code"], -32600);
    assert_eq!(practice.reply(&json!([])).await["error"]["code"], -32600);
}

#[tokio::test]
async fn every_fault_does_what_its_name_says() {
    let practice = Practice::start(3).await;
    let faults = practice.endpoint.faults().clone();
    let ping = || json!({ "jsonrpc": "2.0", "id": 1, "method": "eth_blockNumber" }).to_string();
    let reply = practice.post(ping()).await.unwrap();
    assert_eq!(reply.headers()["server"], "practice-cdn-a");

    faults.set(Fault::Dead);
    assert!(practice.post(ping()).await.is_err());
    faults.set(Fault::Slow { millis: 80 });
    let start = Instant::now();
    assert_eq!(practice.ask("eth_blockNumber", json!([])).await, "0x3");
    assert!(start.elapsed() >= Duration::from_millis(80));
    faults.set(Fault::RateLimited { retry_after_secs: 9 });
    let limited = practice.post(ping()).await.unwrap();
    assert_eq!((limited.status().as_u16(), &limited.headers()["retry-after"]), (429, &"9".parse().unwrap()));
    faults.set(Fault::ServerError { status: 503 });
    assert_eq!(practice.post(ping()).await.unwrap().status().as_u16(), 503);
    faults.set(Fault::Portal);
    assert!(practice.post(ping()).await.unwrap().text().await.unwrap().contains("Sign in"));
    faults.set(Fault::Silent);
    assert!(tokio::time::timeout(Duration::from_millis(60), practice.post(ping())).await.is_err());
    faults.set(Fault::Drip);
    let mut dripping = practice.post(ping()).await.unwrap();
    assert_eq!(dripping.chunk().await.unwrap().unwrap().len(), 1);
    drop(dripping);
    faults.set(Fault::Endless);
    let mut endless = practice.post(ping()).await.unwrap();
    let mut received = 0;
    while received < 4 << 20 {
        received += endless.chunk().await.unwrap().unwrap().len();
    }
    drop(endless);

    faults.set(Fault::Frozen { at: 1 });
    let third = practice.chain.read().unwrap().head().hash();
    assert_eq!(practice.ask("eth_blockNumber", json!([])).await, "0x1");
    assert_eq!(practice.ask("eth_getBlockByHash", json!([third, false])).await, Value::Null);
    faults.set(Fault::NoProofs);
    assert_eq!(
        practice.refusal("eth_getProof", json!([PRACTICE_DOLLAR, [], "latest"])).await["code"],
        -32601
    );
    faults.set(Fault::WrongChain);
    assert_eq!(practice.ask("eth_chainId", json!([])).await, "0x1cbe");
    faults.set(Fault::Healthy);
    assert_eq!(practice.ask("eth_chainId", json!([])).await, "0x1cbd");
}

#[tokio::test]
async fn web_pages_are_turned_away() {
    let practice = Practice::start(0).await;
    let status = |name: &'static str, value: &'static str| {
        let request = practice.client.post(practice.endpoint.url().clone()).header(name, value).body("[]");
        async { request.send().await.unwrap().status().as_u16() }
    };
    assert_eq!(status("accept", "*/*").await, 200);
    assert_eq!(status("host", "localhost:1").await, 200);
    assert_eq!(status("host", "rebound.example").await, 403);
    assert_eq!(status("origin", "https://page.example").await, 403);
    assert_eq!(status("origin", "null").await, 403);
}

/// Questions of every kind about the newest block of `practice`, and a submission.
fn battery(practice: &Practice) -> Vec<(&'static str, Value)> {
    let head = practice.chain.read().unwrap().head();
    let (hash, dollar, owner) = (head.hash(), PRACTICE_DOLLAR, PRACTICE_ACCOUNTS[6].address);
    let slot = keccak256([B256::left_padding_from(owner.as_slice()).0, B256::ZERO.0].concat());
    let tx = *head.transactions[1].tx_hash();
    let input = Bytes::from(Erc20::balanceOfCall { owner }.abi_encode());
    vec![
        ("eth_getBalance", json!([owner, "latest"])),
        ("eth_getTransactionCount", json!([owner, "latest"])),
        ("eth_getProof", json!([owner, [], "latest"])),
        ("eth_getProof", json!([dollar, [slot, "0x2"], "latest"])),
        ("eth_getStorageAt", json!([dollar, slot, "latest"])),
        ("eth_getCode", json!([dollar, "latest"])),
        ("eth_getBlockByHash", json!([hash, true])),
        ("eth_getBlockByNumber", json!(["latest", false])),
        ("debug_getRawHeader", json!([hash])),
        ("eth_getBlockReceipts", json!([hash])),
        ("debug_getRawReceipts", json!([hash])),
        ("eth_getTransactionByHash", json!([tx])),
        ("eth_getTransactionReceipt", json!([tx])),
        ("eth_getLogs", json!([{ "blockHash": hash }])),
        ("eth_call", json!([{ "to": dollar, "data": input }, "latest"])),
        ("eth_createAccessList", json!([{ "to": dollar, "data": input }, "latest"])),
        ("eth_sendRawTransaction", json!([payment(0).1])),
    ]
}

#[tokio::test]
async fn every_lie_is_told_and_well_formed() {
    let changed = |lie: ExecutionLie| async move {
        let practice = Practice::start(3).await;
        let honest = Practice::start(3).await;
        practice.endpoint.faults().set(Fault::Lying { lie });
        let mut changed = Vec::new();
        for (method, params) in battery(&honest) {
            let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
            let (truth, answer) = (honest.reply(&request).await, practice.reply(&request).await);
            assert_eq!(answer["id"] == 1, lie != ExecutionLie::OtherRequestId, "{lie:?}");
            if truth != answer {
                changed.push(method);
            }
        }
        let two = json!([
            { "jsonrpc": "2.0", "id": 1, "method": "eth_chainId" },
            { "jsonrpc": "2.0", "id": 2, "method": "eth_blockNumber" }
        ]);
        if honest.reply(&two).await != practice.reply(&two).await {
            changed.push("batch");
        }
        if lie == ExecutionLie::DroppedSubmission {
            // The answer is the true one; the lie is that nothing waits afterwards.
            assert!(practice.chain.read().unwrap().waiting(payment(0).0).is_none());
            changed.push("eth_sendRawTransaction");
        }
        changed
    };
    for lie in ExecutionLie::ALL {
        assert!(!changed(*lie).await.is_empty(), "{lie:?} changes no answer");
    }
}
