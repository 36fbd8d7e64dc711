//! News of the head: subscriptions over WebSocket, and filters.

use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use lifeboat::devnet::execution::PRACTICE_DOLLAR;
use lifeboat::serve::{Options, Token};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::lab::{Lab, request};

struct Client(WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>);

impl Client {
    async fn open(lab: &Lab) -> Self {
        Self(connect_async(lab.server.websocket_url()).await.unwrap().0)
    }

    async fn say(&mut self, value: &Value) {
        self.0.send(Message::text(value.to_string())).await.unwrap();
    }

    async fn hear(&mut self) -> Value {
        loop {
            let next = tokio::time::timeout(Duration::from_secs(60), self.0.next()).await;
            if let Message::Text(text) = next.expect("news come").unwrap().unwrap() {
                return serde_json::from_str(&text).unwrap();
            }
        }
    }

    async fn ask(&mut self, method: &str, params: Value) -> Value {
        self.say(&request(method, &params)).await;
        self.hear().await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn new_heads_come_one_by_one() {
    let token = Some(Token::random().unwrap());
    let lab = Lab::start(Options { token, ..Options::default() }).await;
    let mut client = Client::open(&lab).await;
    let head = lab.head().await;
    assert_eq!(client.ask("eth_blockNumber", json!([])).await["result"], format!("{head:#x}"));
    let heads = client.ask("eth_subscribe", json!(["newHeads"])).await["result"].clone();
    let logs =
        client.ask("eth_subscribe", json!(["logs", {"address": PRACTICE_DOLLAR}])).await["result"].clone();
    assert_ne!(heads, logs);
    assert_eq!(client.ask("eth_subscribe", json!(["newPendingTransactions"])).await["error"]["code"], -32004);
    assert_eq!(client.ask("eth_subscribe", json!(["weather"])).await["error"]["code"], -32602);
    lab.advance(3).await;
    let (mut numbers, mut log_blocks) = (Vec::new(), Vec::new());
    while numbers.len() < 3 || log_blocks.is_empty() {
        let news = client.hear().await;
        assert_eq!(news["method"], "eth_subscription", "{news}");
        let result = &news["params"]["result"];
        if news["params"]["subscription"] == heads {
            let hash = result["hash"].clone();
            let own = lab.node("eth_getBlockByHash", &json!([hash, false])).await;
            for (name, value) in result.as_object().unwrap() {
                assert_eq!(&own["result"][name], value, "{name}");
            }
            numbers.push(result["number"].as_str().unwrap().to_owned());
        } else {
            assert_eq!(news["params"]["subscription"], logs);
            log_blocks.push(result["blockNumber"].as_str().unwrap().to_owned());
        }
    }
    let expected: Vec<_> = (head + 1..=head + 3).map(|number| format!("{number:#x}")).collect();
    assert_eq!(numbers, expected);
    for id in [heads, logs] {
        client.say(&request("eth_unsubscribe", &json!([id]))).await;
        while client.hear().await.get("result") != Some(&json!(true)) {}
    }
    lab.advance(1).await;
    assert!(tokio::time::timeout(Duration::from_millis(300), client.0.next()).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_tell_what_is_new_since_they_were_asked() {
    let lab = Lab::start(Options::default()).await;
    let blocks = lab.ask("eth_newBlockFilter", json!([])).await;
    let logs = lab.ask("eth_newFilter", json!([{"address": PRACTICE_DOLLAR}])).await;
    assert_eq!(lab.ask("eth_getFilterChanges", json!([blocks])).await, json!([]));
    let head = lab.head().await;
    lab.advance(2).await;
    let news = lab.ask("eth_getFilterChanges", json!([blocks])).await;
    let mut expected = Vec::new();
    for number in [head + 1, head + 2] {
        let params = json!([format!("{number:#x}"), false]);
        expected.push(lab.node("eth_getBlockByNumber", &params).await["result"]["hash"].clone());
    }
    assert_eq!(news, json!(expected));
    assert_eq!(lab.ask("eth_getFilterChanges", json!([blocks])).await, json!([]));
    let range = json!([{"fromBlock": format!("{:#x}", head + 1), "toBlock": format!("{:#x}", head + 2), "address": PRACTICE_DOLLAR}]);
    let own = lab.node("eth_getLogs", &range).await["result"].clone();
    assert!(!own.as_array().unwrap().is_empty());
    assert_eq!(lab.ask("eth_getFilterChanges", json!([logs])).await, own);
    assert_eq!(lab.ask("eth_uninstallFilter", json!([logs])).await, true);
    assert_eq!(lab.ask("eth_uninstallFilter", json!([logs])).await, false);
    assert_eq!(lab.refused("eth_getFilterChanges", json!([logs])).await.0, -32000);
}

/// What took the place of blocks that were told is news too: their logs are nowhere else.
#[tokio::test(flavor = "multi_thread")]
async fn after_a_reorganisation_the_new_blocks_are_told_from_where_the_lines_part() {
    let lab = Lab::start(Options::default()).await;
    lab.advance(3).await;
    let blocks = lab.ask("eth_newBlockFilter", json!([])).await;
    let head = lab.head().await;
    lab.advance(2).await;
    let told = lab.ask("eth_getFilterChanges", json!([blocks])).await;
    assert_eq!(told.as_array().unwrap().len(), 2);
    lab.network.reorg(4);
    lab.advance_to(head + 3, 6).await;
    let mut expected = Vec::new();
    for number in head..=lab.head().await {
        let hash = lab.node("eth_getBlockByNumber", &json!([format!("{number:#x}"), false])).await;
        expected.push(hash["result"]["hash"].clone());
    }
    let news = lab.ask("eth_getFilterChanges", json!([blocks])).await;
    let news = news.as_array().unwrap();
    for block in expected.iter().skip(1) {
        assert!(news.contains(block), "{block} was not told: {news:?}");
    }
    assert!(told.as_array().unwrap().iter().all(|old| !news.contains(old)));
    assert_eq!(lab.ask("eth_getFilterChanges", json!([blocks])).await, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_server_closes_its_connections() {
    let lab = Lab::start(Options::default()).await;
    let mut client = Client::open(&lab).await;
    assert!(client.ask("eth_subscribe", json!(["newHeads"])).await["result"].is_string());
    let url = lab.server.url();
    drop(lab.server);
    let end = tokio::time::timeout(Duration::from_secs(60), client.0.next()).await.expect("it ends");
    assert!(!matches!(end, Some(Ok(Message::Text(_)))), "{end:?}");
    tokio::time::sleep(Duration::from_millis(100)).await;
    let fresh = reqwest::Client::builder().no_proxy().build().unwrap();
    assert!(fresh.post(url).json(&request("eth_chainId", &json!([]))).send().await.is_err());
}
