//! A beacon chain above an execution client that is not ours: here one practice network's, with a second beacon chain.

use std::net::TcpListener;
use std::sync::Arc;

use axum::Router;
use axum::routing::any;
use lifeboat::chain::{Anchor, Reader, Syncer};
use lifeboat::devnet::execution::{PRACTICE_ACCOUNTS, PRACTICE_DOLLAR};
use lifeboat::devnet::{NodeError, PracticeError, PracticeNetwork, SignedNode};
use lifeboat::sources::{EndpointConfig, EndpointKind};
use serde_json::{Value, json};
use url::Url;

use crate::support::practice::{FixedClock, edges, options, patient_pool};

#[tokio::test(flavor = "multi_thread")]
async fn blocks_of_another_client_are_signed_as_they_are_found() {
    let other = PracticeNetwork::start(&options()).await.unwrap();
    let node = other.execution_endpoints()[0].url().clone();
    let signed = SignedNode::start(&options(), node.clone()).await.unwrap();
    assert_ne!(signed.spec().genesis_time_secs, 0);
    other.advance(3).unwrap();
    signed.advance(2).await.unwrap();
    let newest = other.execution().read().unwrap().head().hash();
    let spec = Arc::new(signed.spec().clone());
    let endpoints = signed.beacon_endpoints().iter().map(|one| one.url().as_str());
    let mut endpoints: Vec<EndpointConfig> =
        endpoints.map(|url| EndpointConfig::parse(url, EndpointKind::Beacon).unwrap()).collect();
    endpoints.push(EndpointConfig::parse(node.as_str(), EndpointKind::Execution).unwrap());
    let clock = Arc::new(FixedClock::default());
    let now = spec.slot_start_ms(signed.head_slot()) + spec.slot_duration_ms / 2;
    clock.0.store(now, std::sync::atomic::Ordering::Relaxed);
    let checkpoint = spec.checkpoint.unwrap();
    let edges = edges(Arc::clone(&spec), &patient_pool(&spec, endpoints), &clock);
    let anchor = Anchor { root: checkpoint.root, slot: checkpoint.slot, accept_old: false };
    let mut syncer = Syncer::bootstrap(edges.clone(), anchor).await.unwrap();
    syncer.catch_up(&|_| {}).await.unwrap();
    syncer.follow().await.unwrap();
    let reader = Reader::new(edges);
    let heads = reader.heads(syncer.head(), syncer.finalized()).await.unwrap();
    assert_eq!(heads.optimistic.hash(), newest, "the block before the newest slot's is signed");
    let state = reader.state_at(heads.optimistic);
    let accounts = state.accounts(&[PRACTICE_ACCOUNTS[2].address, PRACTICE_DOLLAR]).await.unwrap();
    assert!(!accounts[0].value().balance.is_zero() && !accounts[1].value().has_no_code());
}

/// A client whose every answer is `answer`'s.
fn client(answer: impl Fn(&str) -> Value + Clone + Send + Sync + 'static) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(any(move |body: axum::Json<Value>| {
        let answer = answer(body["method"].as_str().unwrap());
        async move { axum::Json(json!({"jsonrpc": "2.0", "id": 1, "result": answer})) }
    }));
    tokio::spawn(async move {
        axum::serve(tokio::net::TcpListener::from_std(listener).unwrap(), router).await.unwrap();
    });
    url.parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_whose_hash_is_not_its_headers_is_not_signed() {
    let other = PracticeNetwork::start(&options()).await.unwrap();
    let header = other.execution().read().unwrap().head().header.inner().clone();
    let bent = client(move |method| match method {
        "eth_chainId" => json!("0x1"),
        _ => {
            let mut block = serde_json::to_value(&header).unwrap();
            block["hash"] = json!(alloy::primitives::B256::repeat_byte(7));
            block
        }
    });
    let refused = SignedNode::start(&options(), bent).await.unwrap_err();
    assert!(matches!(refused, PracticeError::Node(NodeError::WrongHash { .. })), "{refused}");
    let mute = SignedNode::start(&options(), "http://127.0.0.1:1".parse().unwrap()).await.unwrap_err();
    assert!(matches!(mute, PracticeError::Node(NodeError::Silent { .. })), "{mute}");
    let odd = SignedNode::start(&options(), client(|_| Value::Null)).await.unwrap_err();
    assert!(matches!(odd, PracticeError::Node(NodeError::Unusable { method: "eth_chainId", .. })), "{odd}");
}
