//! `eth_simulateV1`: what it says would happen is what happens, and nobody can bend it.

use alloy::consensus::TxEip1559;
use alloy::eips::eip2718::Encodable2718 as _;
use alloy::primitives::{Address, TxKind, U256};
use alloy::sol_types::SolCall as _;
use lifeboat::contracts::Erc20;
use lifeboat::devnet::PRACTICE_CHAIN_ID;
use lifeboat::devnet::execution::{ExecutionLie, PRACTICE_ACCOUNTS, PRACTICE_DOLLAR, sign};
use lifeboat::devnet::http::Fault;
use lifeboat::serve::Options;
use serde_json::{Value, json};

use super::lab::Lab;

const SENDER: usize = 0;
/// The contract of EIP-2935.
const HISTORY: &str = "0x0000f90827f1c53a10cb7a02335b175320002935";

fn who(index: usize) -> Address {
    PRACTICE_ACCOUNTS[index].address
}

fn dollars(to: Address, value: u64) -> Value {
    let data = Erc20::transferCall { to, value: U256::from(value) }.abi_encode();
    json!({"from": who(SENDER), "to": PRACTICE_DOLLAR, "data": alloy::hex::encode_prefixed(data)})
}

fn held(owner: Address) -> Value {
    let data = Erc20::balanceOfCall { owner }.abi_encode();
    json!({"to": PRACTICE_DOLLAR, "data": alloy::hex::encode_prefixed(data)})
}

fn word(value: &Value) -> U256 {
    value.as_str().unwrap().parse().unwrap()
}

fn number(value: &Value) -> u64 {
    u64::from_str_radix(&value.as_str().unwrap()[2..], 16).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_it_says_is_what_then_happens() {
    let lab = Lab::start(Options::default()).await;
    let stranger = Address::repeat_byte(0x61);
    let payload = json!({"blockStateCalls": [
        {"calls": [dollars(stranger, 500), dollars(stranger, 700)]},
        {"calls": [held(stranger), dollars(stranger, 1)]},
    ]});
    let blocks = lab.ask("eth_simulateV1", json!([payload, "latest"])).await;
    let head = lab.head().await;
    assert_eq!((number(&blocks[0]["number"]), number(&blocks[1]["number"])), (head + 1, head + 2));
    let calls = |block: usize| blocks[block]["calls"].as_array().unwrap().clone();
    assert!(calls(0).iter().chain(&calls(1)).all(|one| one["status"] == "0x1"), "{blocks}");
    assert_eq!(word(&calls(1)[0]["returnData"]), U256::from(1_200), "the second block stands on the first");
    // The same transactions on the chain itself.
    let nonce = number(&lab.ask("eth_getTransactionCount", json!([who(SENDER), "latest"])).await);
    let mut sent = Vec::new();
    for (more, value) in [(0, 500_u64), (1, 700)] {
        let unsigned = TxEip1559 {
            chain_id: PRACTICE_CHAIN_ID,
            nonce: nonce + more,
            gas_limit: 200_000,
            max_fee_per_gas: 200_000_000_000,
            max_priority_fee_per_gas: 50_000_000_000,
            to: TxKind::Call(PRACTICE_DOLLAR),
            input: Erc20::transferCall { to: stranger, value: U256::from(value) }.abi_encode().into(),
            ..TxEip1559::default()
        };
        sent.push(lab.network.submit(&sign(SENDER, unsigned).unwrap().inner().encoded_2718()).unwrap());
    }
    lab.advance(3).await;
    for (hash, simulated) in sent.iter().zip(calls(0)) {
        let receipt = lab.ask("eth_getTransactionReceipt", json!([hash])).await;
        assert_eq!(receipt["gasUsed"], simulated["gasUsed"]);
        for (real, log) in
            receipt["logs"].as_array().unwrap().iter().zip(simulated["logs"].as_array().unwrap())
        {
            for field in ["address", "topics", "data"] {
                assert_eq!(real[field], log[field], "{field}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn overrides_transfers_and_rules() {
    let lab = Lab::start(Options::default()).await;
    let (poor, other) = (Address::repeat_byte(0x71), Address::repeat_byte(0x72));
    let pay = json!({"from": poor, "to": other, "value": "0x64"});
    let blocks = |accounts: Value, calls: Value| json!([{"stateOverrides": accounts, "calls": calls}]);
    let broke = json!([{"blockStateCalls": blocks(json!({}), json!([pay]))}, "latest"]);
    assert_eq!(lab.refused("eth_simulateV1", broke).await.0, -38014);
    let funded = blocks(json!({poor.to_string(): {"balance": "0x64"}}), json!([pay]));
    let payload = json!({"blockStateCalls": funded, "traceTransfers": true});
    let done = lab.ask("eth_simulateV1", json!([payload, "latest"])).await;
    let log = &done[0]["calls"][0]["logs"][0];
    assert_eq!(log["address"], "0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee");
    assert_eq!(word(&log["data"]), U256::from(100));
    // Checked as a block's it needs a fee, and its nonce in turn.
    let payload = json!({"blockStateCalls": funded, "validation": true});
    assert_eq!(lab.refused("eth_simulateV1", json!([payload, "latest"])).await.0, -38012);
    let early = json!({"from": who(SENDER), "to": other, "nonce": "0xffff", "maxFeePerGas": "0x174876e800"});
    let payload = json!({"blockStateCalls": [{"calls": [early]}], "validation": true});
    assert_eq!(lab.refused("eth_simulateV1", json!([payload, "latest"])).await.0, -38011);
    // The state root is computed from what was proven, and the hash of the header with it.
    let words =
        |block: &Value| block["stateRoot"].as_str().unwrap().len() + block["hash"].as_str().unwrap().len();
    assert_eq!(words(&done[0]), 2 * 66, "{done}");
    let previous_hash = json!({"input": "0x600143034060005260206000f3"});
    let payload = json!({"blockStateCalls": [{"calls": [previous_hash]}, {"calls": [previous_hash]}]});
    let asked = lab.ask("eth_simulateV1", json!([payload, "latest"])).await;
    let said = |block: usize| &asked[block]["calls"][0]["returnData"];
    assert_eq!((said(0), said(1)), (&asked[0]["parentHash"], &asked[0]["hash"]), "code sees the same hashes");
    assert_eq!(asked[1]["parentHash"], asked[0]["hash"]);
    // The history contract of EIP-2935 was run: it gives the same hash of the block before.
    let number = number(&asked[0]["number"]);
    let history = json!({"to": HISTORY, "data": format!("{number:#066x}")});
    let payload = json!({"blockStateCalls": [{"calls": [previous_hash]}, {"calls": [history]}]});
    let asked = lab.ask("eth_simulateV1", json!([payload, "latest"])).await;
    assert_eq!(asked[1]["calls"][0]["returnData"], asked[0]["hash"]);
}

/// What a simulation says of the next block is what the chain then makes of it, to the last byte of its state.
#[tokio::test(flavor = "multi_thread")]
async fn a_block_has_the_state_root_that_the_chain_then_has() {
    let lab = Lab::start(Options::default()).await;
    let head = lab.ask("eth_getBlockByNumber", json!(["latest", false])).await;
    lab.advance(1).await;
    let next =
        lab.ask("eth_getBlockByNumber", json!([format!("{:#x}", number(&head["number"]) + 1), true])).await;
    let calls: Vec<Value> = next["transactions"].as_array().unwrap().iter().map(as_call).collect();
    let over = json!({
        "time": next["timestamp"], "gasLimit": next["gasLimit"], "feeRecipient": next["miner"],
        "prevRandao": next["mixHash"], "baseFeePerGas": next["baseFeePerGas"],
        "beaconRoot": next["parentBeaconBlockRoot"],
    });
    let payload = json!({"blockStateCalls": [{"blockOverrides": over, "calls": calls}], "validation": true});
    let simulated = &lab.ask("eth_simulateV1", json!([payload, head["number"]])).await[0];
    for field in ["gasUsed", "logsBloom", "requestsHash", "parentHash", "stateRoot"] {
        assert_eq!(simulated[field], next[field], "{field}");
    }
}

/// A transaction of the chain as a call to be simulated.
fn as_call(tx: &Value) -> Value {
    let priced: &[&str] = &["gasPrice", "accessList"];
    let fees = if tx["maxFeePerGas"].is_null() {
        priced
    } else {
        &["maxFeePerGas", "maxPriorityFeePerGas", "accessList"]
    };
    let names = ["from", "to", "value", "input", "nonce", "gas"].iter().chain(fees);
    let there = names.filter(|name| !tx[**name].is_null());
    Value::Object(there.map(|name| ((*name).to_owned(), tx[*name].clone())).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_input_and_too_much_are_refused() {
    let lab = Lab::start(Options::default()).await;
    let head = lab.head().await;
    let at = |number: u64| json!({"blockOverrides": {"number": format!("{number:#x}")}});
    let calls: Vec<Value> = (0..1_025).map(|_| json!({})).collect();
    for (blocks, code) in [
        (json!([]), -32602),
        (json!([at(head)]), -38020),
        (json!([at(head + 2), at(head + 2)]), -38020),
        (json!([at(head + 257)]), -38026),
        (json!([{"blockOverrides": {"time": "0x1"}}]), -38021),
        (json!([{"calls": [{"gas": "0xffffffffff"}]}]), -38015),
        (json!([{"calls": [{"gas": "0x5207", "to": who(1)}]}]), -38013),
        (json!([{"calls": calls}]), -32005),
        (
            json!([{"stateOverrides": {"0x7100000000000000000000000000000000000000": {"movePrecompileToAddress": who(2)}}}]),
            -32000,
        ),
    ] {
        let (found, words) =
            lab.refused("eth_simulateV1", json!([{"blockStateCalls": blocks}, "latest"])).await;
        assert_eq!(found, code, "{words}");
    }
    assert_eq!(lab.refused("eth_simulateV1", json!([{}, format!("{:#x}", head + 9)])).await.0, -32000);
    // An endless loop ends with the gas there is.
    let spin = json!({"input": "0x5b600056"});
    let done = lab.ask("eth_simulateV1", json!([{"blockStateCalls": [{"calls": [spin]}]}, "latest"])).await;
    assert_eq!(
        (&done[0]["calls"][0]["status"], &done[0]["calls"][0]["error"]["code"]),
        (&json!("0x0"), &json!(-32015))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lie_moves_no_simulation() {
    let stranger = Address::repeat_byte(0x61);
    let payload =
        json!({"blockStateCalls": [{"calls": [dollars(stranger, 500)]}, {"calls": [held(stranger)]}]});
    let honest = Lab::start(Options::default()).await;
    let head = format!("{:#x}", honest.head().await);
    let truth = honest.ask("eth_simulateV1", json!([payload, head])).await;
    let mut refused = 0;
    for lie in ExecutionLie::ALL {
        let lab = Lab::start(Options::default()).await;
        assert_eq!(format!("{:#x}", lab.head().await), head);
        lab.set_executions(Fault::Lying { lie: *lie });
        let reply = lab.reply("eth_simulateV1", &json!([payload, head])).await;
        match reply.get("error") {
            None => assert_eq!(reply["result"], truth, "{}", lie.name()),
            Some(_) => refused += 1,
        }
    }
    assert!(refused > 0, "no lie was met");
}
