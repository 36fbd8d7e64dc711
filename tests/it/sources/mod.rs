//! The HTTP edge against loopback servers that misbehave in form: each gives its named error, and an honest endpoint
//! beside it gives the answer.

mod branches;
mod ranking;

use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use alloy::primitives::{Address, B256, U256};
use axum::Router;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::any;
use lifeboat::networks::mainnet;
use lifeboat::sources::{
    BlockSelector, EndpointConfig, EndpointId, EndpointKind, ExecutionSource, HttpOptions, HttpPool,
    SourceError, Standing, StateRef, TxLocation,
};
use serde_json::{Value, json};

/// A server whose answer to each JSON-RPC body `reply` makes.
fn server(reply: impl Fn(Value) -> axum::response::Response + Clone + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(any(move |body: String| {
        let reply = reply.clone();
        async move { reply(serde_json::from_str(&body).unwrap_or(Value::Null)) }
    }));
    tokio::spawn(async move {
        axum::serve(tokio::net::TcpListener::from_std(listener).unwrap(), router).await.unwrap();
    });
    url
}

/// Answers the network check rightly and everything else by `rest`.
fn mainnet_but(rest: impl Fn(&Value) -> axum::response::Response + Clone + Send + Sync + 'static) -> String {
    server(move |request| match request["method"].as_str() {
        Some("eth_chainId") => {
            axum::Json(json!({"jsonrpc": "2.0", "id": request["id"], "result": "0x1"})).into_response()
        }
        _ => rest(&request),
    })
}

fn honest() -> String {
    mainnet_but(|request| {
        axum::Json(json!({"jsonrpc": "2.0", "id": request["id"], "result": "0x2a"})).into_response()
    })
}

fn pool(urls: &[String]) -> Arc<HttpPool> {
    let endpoints =
        urls.iter().map(|url| EndpointConfig::parse(url, EndpointKind::Execution).unwrap()).collect();
    let options = HttpOptions { read_ms: 700, large_read_ms: 1_000, proxy: None, hedge: true };
    HttpPool::new(Arc::new(mainnet()), endpoints, options).unwrap()
}

/// The one cause of a failure with a single endpoint.
fn cause(error: SourceError) -> SourceError {
    match error {
        SourceError::AllFailed { causes } => *causes.into_iter().next().unwrap().1,
        other => other,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_misbehaviour_has_its_name_and_is_survived() {
    let rpc_error = |code: i64, message: &'static str| {
        mainnet_but(move |request| {
            let error = json!({"code": code, "message": message});
            axum::Json(json!({"jsonrpc": "2.0", "id": request["id"], "error": error})).into_response()
        })
    };
    let text = |status: StatusCode, body: &'static str| mainnet_but(move |_| (status, body).into_response());
    type Names = fn(&SourceError) -> bool;
    let cases: Vec<(&str, String, Names)> = vec![
        ("500", text(StatusCode::INTERNAL_SERVER_ERROR, "oops"), |e| {
            matches!(e, SourceError::Status { status: 500 })
        }),
        ("429", text(StatusCode::TOO_MANY_REQUESTS, ""), |e| matches!(e, SourceError::RateLimited { .. })),
        ("-32005", rpc_error(-32005, "slow down"), |e| matches!(e, SourceError::RateLimited { .. })),
        ("words", rpc_error(-32000, "Rate limit reached"), |e| matches!(e, SourceError::RateLimited { .. })),
        ("no method", rpc_error(-32601, "no such method"), |e| matches!(e, SourceError::Unsupported { .. })),
        ("proof window", rpc_error(-32000, "distance to target block exceeds maximum proof window"), |e| {
            matches!(e, SourceError::Unsupported { .. })
        }),
        ("no state", rpc_error(-32000, "missing trie node abc"), |e| matches!(e, SourceError::NotFound)),
        (
            "other error",
            rpc_error(3, "x\u{1b}[2J"),
            |e| matches!(e, SourceError::Rpc { code: 3, message } if !message.contains('\u{1b}')),
        ),
        (
            "null",
            mainnet_but(|r| {
                axum::Json(json!({"jsonrpc": "2.0", "id": r["id"], "result": null})).into_response()
            }),
            |e| matches!(e, SourceError::NotFound),
        ),
        ("html", text(StatusCode::OK, "<html>log in"), |e| matches!(e, SourceError::Malformed { .. })),
        (
            "wrong id",
            mainnet_but(|_| axum::Json(json!({"jsonrpc": "2.0", "id": 77, "result": "0x1"})).into_response()),
            |e| matches!(e, SourceError::Malformed { .. }),
        ),
        (
            "not a number",
            mainnet_but(|r| {
                axum::Json(json!({"jsonrpc": "2.0", "id": r["id"], "result": [1]})).into_response()
            }),
            |e| matches!(e, SourceError::Malformed { .. }),
        ),
        ("huge", mainnet_but(|_| "x".repeat(100_000).into_response()), |e| {
            matches!(e, SourceError::TooLarge { .. })
        }),
        (
            "wrong chain",
            server(|r| axum::Json(json!({"jsonrpc": "2.0", "id": r["id"], "result": "0x5"})).into_response()),
            |e| matches!(e, SourceError::WrongNetwork { .. }),
        ),
        ("dead", "http://127.0.0.1:1".to_owned(), |e| matches!(e, SourceError::Connect { .. })),
    ];
    for (name, url, is_named) in cases {
        let error = cause(pool(std::slice::from_ref(&url)).block_number().await.unwrap_err());
        assert!(is_named(&error), "{name}: {error:?}");
        let pair = pool(&[url, honest()]);
        assert_eq!(pair.block_number().await.unwrap().body, 42, "{name} was not survived");
        assert!(pair.evidence().is_empty(), "{name}: nobody lied");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limited_endpoint_is_left_alone_and_a_quarantined_one_is_not_asked() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let limited = mainnet_but(move |_| {
        counter.fetch_add(1, Ordering::Relaxed);
        (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "30")], "").into_response()
    });
    let pool = pool(&[limited, honest()]);
    for _ in 0..5 {
        assert_eq!(pool.block_number().await.unwrap().body, 42);
    }
    assert_eq!(asked.load(Ordering::Relaxed), 1, "Retry-After was not obeyed");
    let good: EndpointId = pool.report()[1].id.clone();
    ExecutionSource::blame(&*pool, &good, "a rule", b"bytes");
    assert!(matches!(&pool.report()[1].standing, Standing::Quarantined { rule } if rule == "a rule"));
    assert_eq!(pool.evidence()[0].bytes.as_ref(), b"bytes");
    assert!(pool.block_number().await.is_err(), "a quarantined endpoint was asked");
    assert!(pool.forgive(&good));
    assert_eq!(pool.block_number().await.unwrap().body, 42);
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_reordered_missing_and_refused() {
    let proof = |id: &Value| {
        let result = json!({"nonce": "0x0", "balance": format!("0x{:x}", id.as_u64().unwrap() + 1), "codeHash": B256::ZERO,
            "storageHash": B256::ZERO, "accountProof": [], "storageProof": []});
        json!({"jsonrpc": "2.0", "id": id, "result": result})
    };
    let at = StateRef { block_hash: B256::ZERO, number: 1, state_root: B256::ZERO };
    let questions: Vec<(Address, Vec<U256>)> =
        (0..3).map(|n| (Address::with_last_byte(n), Vec::new())).collect();
    let reversed = mainnet_but(move |request| match request.as_array() {
        Some(list) => {
            axum::Json(list.iter().rev().map(|one| proof(&one["id"])).collect::<Vec<_>>()).into_response()
        }
        None => axum::Json(proof(&request["id"])).into_response(),
    });
    let claims = pool(&[reversed]).proofs(at, &questions).await.unwrap();
    assert_eq!(claims.body.iter().map(|one| one.balance).collect::<Vec<_>>(), [1, 2, 3].map(U256::from));
    for refuse in [true, false] {
        let partly = mainnet_but(move |request| match request.as_array() {
            Some(_) if refuse => (StatusCode::BAD_REQUEST, "no batches").into_response(),
            Some(list) => axum::Json(vec![proof(&list[0]["id"])]).into_response(),
            None => axum::Json(proof(&request["id"])).into_response(),
        });
        let claims = pool(&[partly]).proofs(at, &questions).await.unwrap();
        assert_eq!(claims.body.len(), 3, "one by one where batches do not work");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_endpoint_cannot_hide_what_another_knows() {
    let knows = mainnet_but(|request| {
        let result = json!({"blockHash": B256::repeat_byte(3), "transactionIndex": "0x1"});
        axum::Json(json!({"jsonrpc": "2.0", "id": request["id"], "result": result})).into_response()
    });
    let hides = mainnet_but(|request| {
        axum::Json(json!({"jsonrpc": "2.0", "id": request["id"], "result": null})).into_response()
    });
    let pool = pool(&[hides, knows]);
    let said: Vec<TxLocation> =
        pool.locate_all(B256::ZERO).await.into_iter().map(|claim| claim.body).collect();
    assert_eq!(said.len(), 2);
    assert!(said.contains(&TxLocation::Included { block_hash: B256::repeat_byte(3), index: 1 }));
    assert!(pool.header(BlockSelector::Number(1)).await.is_ok());
}
