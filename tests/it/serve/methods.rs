//! Every method against the network's own answer to the same question.

use std::collections::BTreeSet;

use alloy::consensus::{TxEip1559, TxEnvelope, transaction::Recovered};
use alloy::eips::eip2718::Encodable2718 as _;
use alloy::primitives::{Address, Bytes, TxKind, U256};
use lifeboat::devnet::PRACTICE_CHAIN_ID;
use lifeboat::devnet::execution::{PRACTICE_ACCOUNTS, PRACTICE_DOLLAR, PRACTICE_GOLD, sign};
use lifeboat::serve::Options;
use serde_json::{Value, json};

use super::lab::Lab;

fn hex(number: u64) -> String {
    format!("{number:#x}")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_network_itself_answers_the_same() {
    let lab = Lab::start(Options::default()).await;
    let head = lab.head().await;
    let (alice, nobody) = (PRACTICE_ACCOUNTS[0].address, Address::repeat_byte(0xab));
    let block = lab.node("eth_getBlockByNumber", &json!([hex(head - 1), false])).await["result"].clone();
    let tx = block["transactions"][0].clone();
    let mut asked = BTreeSet::new();
    let mut cases = vec![
        ("eth_chainId", json!([])),
        ("net_version", json!([])),
        ("eth_syncing", json!([])),
        ("eth_getBlockByNumber", json!(["0x0", true])),
        ("eth_getBlockByNumber", json!([hex(head - 3), false])),
        ("eth_getBlockByHash", json!([block["hash"], true])),
        ("eth_getBlockTransactionCountByHash", json!([block["hash"]])),
        ("eth_getTransactionByBlockHashAndIndex", json!([block["hash"], "0x0"])),
        ("eth_getTransactionByBlockHashAndIndex", json!([block["hash"], "0xffff"])),
        ("eth_getTransactionByHash", json!([tx])),
        ("eth_getTransactionReceipt", json!([tx])),
        ("eth_getTransactionReceipt", json!([alloy::primitives::B256::repeat_byte(9)])),
        ("eth_getBlockReceipts", json!([block["hash"]])),
        ("eth_getLogs", json!([{"blockHash": block["hash"]}])),
        (
            "eth_getLogs",
            json!([{"fromBlock": hex(head - 9), "toBlock": hex(head), "address": PRACTICE_GOLD}]),
        ),
        ("eth_getLogs", json!([{"fromBlock": hex(head), "toBlock": hex(head), "address": nobody}])),
        ("eth_feeHistory", json!(["0x5", hex(head), [10, 50, 90]])),
        ("eth_feeHistory", json!(["0x3", hex(head - 2)])),
    ];
    for at in [hex(head), hex(head - 1)] {
        cases.extend([
            ("eth_getBlockByNumber", json!([at, true])),
            ("eth_getBlockTransactionCountByNumber", json!([at])),
            ("eth_getTransactionByBlockNumberAndIndex", json!([at, "0x0"])),
            ("eth_getBalance", json!([alice, at])),
            ("eth_getBalance", json!([nobody, at])),
            ("eth_getTransactionCount", json!([alice, at])),
            ("eth_getCode", json!([PRACTICE_DOLLAR, at])),
            ("eth_getCode", json!([nobody, at])),
            ("eth_getStorageAt", json!([PRACTICE_DOLLAR, "0x2", at])),
            ("eth_getStorageAt", json!([nobody, "0x2", at])),
            ("eth_getProof", json!([PRACTICE_DOLLAR, [U256::from(2), U256::from(99)], at])),
            ("eth_getProof", json!([nobody, [], at])),
            ("eth_call", json!([{"to": PRACTICE_DOLLAR, "data": "0x18160ddd"}, at])),
            ("eth_estimateGas", json!([{"from": alice, "to": nobody, "value": "0x1"}, at])),
        ]);
    }
    for (method, params) in cases {
        let (ours, own) = (lab.reply(method, &params).await, lab.node(method, &params).await);
        assert_eq!(ours["result"], own["result"], "{method} {params}\n{ours}\n{own}");
        assert!(ours.get("result").is_some(), "{method} {params}: {ours}");
        asked.insert(method);
    }
    assert!(asked.len() >= 18, "{asked:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn fees_follow_from_proven_blocks() {
    let lab = Lab::start(Options::default()).await;
    let history = lab.ask("eth_feeHistory", json!(["0x1", "latest"])).await;
    let number = |value: &Value| u128::from_str_radix(&value.as_str().unwrap()[2..], 16).unwrap();
    let next = number(&history["baseFeePerGas"][1]);
    assert_eq!(number(&lab.ask("eth_baseFee", json!([])).await), next);
    let tip = number(&lab.ask("eth_maxPriorityFeePerGas", json!([])).await);
    assert!(tip > 0);
    assert_eq!(number(&lab.ask("eth_gasPrice", json!([])).await), next + tip);
    assert_eq!(lab.ask("eth_blobBaseFee", json!([])).await, "0x1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_answered_in_order_and_at_one_head() {
    let lab = Lab::start(Options::default()).await;
    let mut batch: Vec<Value> = (0..40)
        .map(|id| json!({"jsonrpc": "2.0", "id": id, "method": "eth_blockNumber", "params": []}))
        .collect();
    batch.insert(7, json!("no request"));
    batch.push(json!({"jsonrpc": "2.0", "id": "last", "method": "eth_nothing"}));
    let reply = lab.post(&lab.server.url(), &Value::Array(batch)).await;
    let replies = reply.as_array().unwrap();
    assert_eq!(replies.len(), 42);
    assert_eq!(replies[7]["error"]["code"], -32600);
    assert_eq!(replies[41]["error"]["code"], -32601);
    assert_eq!(replies[41]["id"], "last");
    let numbers: BTreeSet<_> = replies.iter().filter_map(|one| one["result"].as_str()).collect();
    assert_eq!(numbers.len(), 1, "{numbers:?}");
    assert_eq!(replies[0]["id"], 0);
    assert_eq!(replies[40]["id"], 39);
}

#[tokio::test(flavor = "multi_thread")]
async fn overrides_and_access_lists() {
    let lab = Lab::start(Options::default()).await;
    let poor = Address::repeat_byte(0xcd);
    let send = json!({"from": poor, "to": PRACTICE_ACCOUNTS[1].address, "value": "0x1"});
    let (code, words) = lab.refused("eth_call", json!([send, "latest"])).await;
    assert_eq!(code, -32000, "{words}");
    let rich = json!({ poor.to_string(): {"balance": "0xffff"} });
    assert_eq!(lab.ask("eth_call", json!([send, "latest", rich])).await, "0x");
    assert_eq!(lab.ask("eth_estimateGas", json!([send, "latest", rich])).await, "0x5208");
    // PUSH1 0 SLOAD PUSH1 0 MSTORE PUSH1 32 PUSH1 0 RETURN on a slot that is not there.
    let code = "0x60005460005260206000f3";
    let slot = alloy::primitives::B256::ZERO;
    let value = alloy::primitives::B256::with_last_byte(7);
    let over = json!({ poor.to_string(): {"code": code, "stateDiff": {slot.to_string(): value}} });
    assert_eq!(lab.ask("eth_call", json!([{"to": poor}, "latest", over])).await, value.to_string());
    // TIMESTAMP PUSH1 0 MSTORE PUSH1 32 PUSH1 0 RETURN under a block override.
    let clock = json!({ poor.to_string(): {"code": "0x4260005260206000f3"} });
    let time = lab.ask("eth_call", json!([{"to": poor}, "latest", clock, {"time": "0x7"}])).await;
    assert_eq!(time, value.to_string());
    let both = json!({ poor.to_string(): {"state": {}, "stateDiff": {}} });
    assert_eq!(lab.refused("eth_call", json!([send, "latest", both])).await.0, -32602);

    let balance_of = Bytes::from(
        [&[0x70, 0xa0, 0x82, 0x31][..], &[0; 12][..], PRACTICE_ACCOUNTS[2].address.as_slice()].concat(),
    );
    let call = json!({"to": PRACTICE_DOLLAR, "input": balance_of});
    let list = lab.ask("eth_createAccessList", json!([call, "latest"])).await;
    let own = lab.node("eth_createAccessList", &json!([call, hex(lab.head().await)])).await;
    assert_eq!(list, own["result"]);
    assert_eq!(list["accessList"][0]["address"], format!("{PRACTICE_DOLLAR:#x}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_proven_is_refused_in_words() {
    let lab = Lab::start(Options::default()).await;
    let who = PRACTICE_ACCOUNTS[0].address;
    for (method, params) in [
        ("eth_getBalance", json!([who, "pending"])),
        ("eth_getTransactionCount", json!([who, "pending"])),
        ("eth_getBlockByNumber", json!(["safe", false])),
        ("eth_pendingTransactions", json!([])),
        ("txpool_content", json!([])),
    ] {
        let (code, words) = lab.refused(method, params).await;
        assert_eq!(code, -32004, "{method}: {words}");
        assert!(words.contains("cannot be proven"), "{words}");
    }
    for method in
        ["eth_sendTransaction", "eth_sign", "eth_accounts", "personal_unlockAccount", "debug_setHead"]
    {
        assert_eq!(lab.refused(method, json!([])).await.0, -32601, "{method}");
    }
    let beyond = hex(lab.head().await + 100);
    let (code, words) = lab.refused("eth_getBalance", json!([who, beyond])).await;
    assert_eq!(code, -32001, "{words}");
    assert!(words.contains("beyond the verified head"), "{words}");
    assert_eq!(lab.ask("eth_getBlockByNumber", json!([beyond, false])).await, Value::Null);
    let (code, _) = lab.refused("eth_getLogs", json!([{"fromBlock": "0x0", "toBlock": beyond}])).await;
    assert_eq!(code, -32602);
    for (method, params) in [
        ("eth_getBalance", json!([])),
        ("eth_getBalance", json!(["0x12"])),
        ("eth_getBalance", json!([who, "newest"])),
        ("eth_getStorageAt", json!([who, "0xzz"])),
        ("eth_getProof", json!([who, vec!["0x0"; 2_000]])),
        ("eth_call", json!([{"to": who, "chainId": "0x1"}])),
        ("eth_call", json!([{"to": who, "input": "0x01", "data": "0x02"}])),
        ("eth_feeHistory", json!(["0x1", "latest", [50, 10]])),
        ("eth_sendRawTransaction", json!(["0x00"])),
    ] {
        let (code, words) = lab.refused(method, params.clone()).await;
        assert_eq!(code, -32602, "{method} {params}: {words}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_is_sent_and_its_receipt_proven() {
    let lab = Lab::start(Options::default()).await;
    let raw = |chain_id| {
        let tx = TxEip1559 {
            chain_id,
            nonce: 0,
            gas_limit: 21_000,
            max_fee_per_gas: 10_000_000_000,
            max_priority_fee_per_gas: 1_000_000_000,
            to: TxKind::Call(Address::repeat_byte(0x42)),
            value: U256::from(5),
            ..TxEip1559::default()
        };
        let signed: Recovered<TxEnvelope> = sign(1, tx).unwrap();
        (Bytes::from(signed.encoded_2718()), *signed.tx_hash())
    };
    let (foreign, _) = raw(PRACTICE_CHAIN_ID + 1);
    let (code, words) = lab.refused("eth_sendRawTransaction", json!([foreign])).await;
    assert_eq!(code, -32602, "{words}");
    let (raw, hash) = raw(PRACTICE_CHAIN_ID);
    assert_eq!(lab.ask("eth_sendRawTransaction", json!([raw])).await, hash.to_string());
    assert_eq!(lab.ask("eth_sendRawTransaction", json!([raw])).await, hash.to_string(), "already known");
    assert_eq!(lab.ask("eth_getTransactionReceipt", json!([hash])).await, Value::Null);
    lab.advance(2).await;
    let receipt = lab.ask("eth_getTransactionReceipt", json!([hash])).await;
    assert_eq!(receipt["status"], "0x1");
    let balance = lab.ask("eth_getBalance", json!([Address::repeat_byte(0x42), "latest"])).await;
    assert_eq!(balance, "0x5");
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_at_different_blocks_do_not_disturb_each_other() {
    let lab = Lab::start(Options::default()).await;
    let head = lab.head().await;
    let questions: Vec<_> = (0..120)
        .map(|index| {
            let who = PRACTICE_ACCOUNTS[index % 10].address;
            let at = hex(head - (index as u64 * 7) % 6);
            match index % 3 {
                0 => ("eth_getBalance", json!([who, at])),
                1 => ("eth_getStorageAt", json!([PRACTICE_DOLLAR, hex(index as u64), at])),
                _ => ("eth_call", json!([{"to": PRACTICE_GOLD, "data": "0x18160ddd"}, at])),
            }
        })
        .collect();
    let replies =
        futures::future::join_all(questions.iter().map(|(method, params)| lab.reply(method, params)));
    for ((method, params), reply) in questions.iter().zip(replies.await) {
        let own = lab.node(method, params).await;
        assert_eq!(reply["result"], own["result"], "{method} {params}: {reply}");
        assert!(reply["result"].is_string(), "{method} {params}: {reply}");
    }
}
