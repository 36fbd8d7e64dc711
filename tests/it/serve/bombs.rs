//! Calls made to exhaust: an answer or a named refusal, in bounded time, and the next request is answered.

use std::time::{Duration, Instant};

use alloy::primitives::Address;
use lifeboat::serve::Options;
use serde_json::{Value, json};

use super::lab::Lab;

/// Runs this code in the place of an account that has none.
async fn run(lab: &Lab, method: &str, code: &str) -> Value {
    let who = Address::repeat_byte(0xb0);
    lab.reply(method, &json!([{"to": who}, "latest", { who.to_string(): {"code": code} }])).await
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_that_would_not_end_are_ended() {
    let lab = Lab::start(Options::default()).await;
    let started = Instant::now();
    // JUMPDEST PUSH1 0 JUMP: until the gas is gone.
    let forever = run(&lab, "eth_call", "0x5b600056").await;
    assert_eq!(forever["error"]["code"], -32000, "{forever}");
    assert!(forever["error"]["message"].as_str().unwrap().contains("out of gas"), "{forever}");
    let forever = run(&lab, "eth_estimateGas", "0x5b600056").await;
    assert_eq!(forever["error"]["code"], -32000, "{forever}");
    // RETURN of 10 MB costs more gas than a call has; 4 MB do not, and come whole.
    let ten = run(&lab, "eth_call", "0x62a000006000f3").await;
    assert_eq!(ten["error"]["code"], -32000, "{ten}");
    let four = run(&lab, "eth_call", "0x624000006000f3").await;
    assert_eq!(four["result"].as_str().unwrap().len(), 2 + 2 * 0x0040_0000);
    // BLOCKHASH of five blocks back is the proven one.
    let head = lab.head().await;
    let hash = run(&lab, "eth_call", "0x600543034060005260206000f3").await["result"].clone();
    let own = lab.node("eth_getBlockByNumber", &json!([format!("{:#x}", head - 5), false])).await;
    assert_eq!(hash, own["result"]["hash"]);
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
    assert!(lab.ask("eth_chainId", json!([])).await.is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn many_heavy_calls_do_not_shut_out_the_others() {
    let lab = Lab::start(Options::default()).await;
    let who = Address::repeat_byte(0xb0);
    let bomb = json!({
        "jsonrpc": "2.0", "id": 1, "method": "eth_call",
        "params": [{"to": who}, "latest", { who.to_string(): {"code": "0x5b600056"} }],
    });
    let batch = Value::Array(vec![bomb; 30]);
    let url = lab.server.url();
    let heavy = lab.post(&url, &batch);
    let light = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        let started = Instant::now();
        assert!(lab.ask("eth_chainId", json!([])).await.is_string());
        started.elapsed()
    };
    let (replies, waited) = tokio::join!(heavy, light);
    assert_eq!(replies.as_array().unwrap().len(), 30);
    assert!(replies.as_array().unwrap().iter().all(|one| one["error"]["code"] == -32000), "{replies}");
    assert!(waited < Duration::from_secs(60), "{waited:?}");
}
