//! Endpoints that lie or fail behind the server: the right answer or a named refusal, never a wrong value.

use lifeboat::devnet::execution::{ExecutionLie, PRACTICE_ACCOUNTS, PRACTICE_DOLLAR};
use lifeboat::devnet::http::Fault;
use lifeboat::serve::Options;
use serde_json::{Value, json};

use super::lab::Lab;

fn questions(head: u64) -> Vec<(&'static str, Value)> {
    let at = format!("{head:#x}");
    let before = format!("{:#x}", head - 1);
    let who = PRACTICE_ACCOUNTS[0].address;
    vec![
        ("eth_getBalance", json!([who, at])),
        ("eth_getTransactionCount", json!([who, at])),
        ("eth_getCode", json!([PRACTICE_DOLLAR, at])),
        ("eth_getStorageAt", json!([PRACTICE_DOLLAR, "0x2", at])),
        ("eth_getProof", json!([PRACTICE_DOLLAR, ["0x2", "0x63"], at])),
        ("eth_call", json!([{"to": PRACTICE_DOLLAR, "data": "0x18160ddd"}, at])),
        ("eth_getBlockByNumber", json!([before, true])),
        ("eth_getBlockReceipts", json!([before])),
        ("eth_getLogs", json!([{"fromBlock": before, "toBlock": at}])),
        ("eth_feeHistory", json!(["0x2", at, [50]])),
    ]
}

async fn replies(lab: &Lab, head: u64) -> Vec<Value> {
    let mut all = Vec::new();
    for (method, params) in questions(head) {
        all.push(lab.reply(method, &params).await);
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn no_lie_passes_through() {
    let honest = Lab::start(Options::default()).await;
    let head = honest.head().await;
    let mut truths = Vec::new();
    for (method, params) in questions(head) {
        truths.push(honest.node(method, &params).await);
    }
    let mut refused = 0;
    for lie in ExecutionLie::ALL {
        // Each lie meets a server that has proven nothing yet; the practice chain is the same every time.
        let lab = Lab::start(Options::default()).await;
        assert_eq!(lab.head().await, head);
        lab.set_executions(Fault::Lying { lie: *lie });
        for (reply, truth) in replies(&lab, head).await.iter().zip(&truths) {
            match reply.get("error") {
                None => assert_eq!(reply["result"], truth["result"], "{}", lie.name()),
                Some(error) => {
                    let code = error["code"].as_i64().unwrap();
                    assert!(matches!(code, -32004 | -32002), "{}: {error}", lie.name());
                    refused += 1;
                }
            }
        }
    }
    assert!(refused > 20, "the lies were met: {refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_proofs_there_is_a_reason_and_no_number() {
    let lab = Lab::start(Options::default()).await;
    let head = lab.head().await;
    for fault in [Fault::NoProofs, Fault::Dead, Fault::ServerError { status: 500 }] {
        lab.set_executions(fault);
        let who = alloy::primitives::Address::repeat_byte(0x31);
        let (code, words) = lab.refused("eth_getBalance", json!([who, format!("{head:#x}")])).await;
        assert_eq!(code, -32002, "{fault:?}: {words}");
        assert!(words.contains("It means"), "{words}");
    }
    lab.set_executions(Fault::Healthy);
}

/// Endpoints that hold news back: what a tag means now is not answered from a head of a while ago; a block that is named
/// is what it always was.
#[tokio::test(flavor = "multi_thread")]
async fn an_old_head_is_not_the_latest() {
    let lab = Lab::start(Options::default()).await;
    let (head, who) = (format!("{:#x}", lab.head().await), PRACTICE_ACCOUNTS[0].address);
    let balance = lab.ask("eth_getBalance", json!([who, "latest"])).await;
    assert_eq!(lab.ask("eth_syncing", json!([])).await, json!(false));
    lab.wait_secs(90);
    assert_eq!(lab.ask("eth_getBalance", json!([who, "latest"])).await, balance);
    lab.wait_secs(60);
    let call = json!({"to": PRACTICE_DOLLAR, "data": "0x18160ddd"});
    for (method, params) in [
        ("eth_blockNumber", json!([])),
        ("eth_getBalance", json!([who, "latest"])),
        ("eth_getBalance", json!([who])),
        ("eth_getBalance", json!([who, "finalized"])),
        ("eth_getBlockByNumber", json!(["latest", false])),
        ("eth_call", json!([call, "latest"])),
        ("eth_getLogs", json!([{"address": PRACTICE_DOLLAR}])),
        ("eth_gasPrice", json!([])),
        ("eth_feeHistory", json!(["0x2", "latest", []])),
    ] {
        let (code, words) = lab.refused(method, params).await;
        assert!(
            code == -32002 && words.contains(" s old: what is latest now is not known"),
            "{method}: {words}"
        );
    }
    assert_eq!(lab.ask("eth_syncing", json!([])).await["currentBlock"], head);
    assert_eq!(lab.ask("eth_getBalance", json!([who, head])).await, balance);
    lab.advance(12).await;
    assert_eq!(lab.ask("eth_syncing", json!([])).await, json!(false));
    lab.ask("eth_getBalance", json!([who, "latest"])).await;
}
