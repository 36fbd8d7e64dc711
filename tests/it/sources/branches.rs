//! Endpoints that know a block by its number only, follow another branch, or answer with more than one may ask for.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use alloy::primitives::{Address, B256, U256};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use lifeboat::sources::{ExecutionSource, SourceError, StateRef};
use serde_json::{Value, json};

use super::{cause, mainnet_but, pool};

const AT: StateRef =
    StateRef { block_hash: B256::repeat_byte(5), number: 7, state_root: B256::repeat_byte(6) };

fn answer(request: &Value, result: impl Fn(&Value) -> Value) -> axum::response::Response {
    let one = |request: &Value| json!({"jsonrpc": "2.0", "id": request["id"], "result": result(request)});
    match request.as_array() {
        Some(list) => axum::Json(list.iter().map(one).collect::<Vec<_>>()).into_response(),
        None => axum::Json(one(request)).into_response(),
    }
}

/// Takes no block hash for state, and means `block` by the number.
fn by_number_only(block: B256) -> String {
    let takes_hash = |request: &Value| request.to_string().contains("blockHash");
    mainnet_but(move |request| {
        if takes_hash(request) {
            let error = json!({"code": -32602, "message": "invalid argument 2: hex string expected"});
            return axum::Json(json!({"jsonrpc": "2.0", "id": request["id"], "error": error}))
                .into_response();
        }
        answer(request, |one| match one["method"].as_str() {
            Some("eth_getBlockByNumber") => json!({"hash": block}),
            Some("eth_getCode") => json!("0x6001"),
            _ => json!({"nonce": "0x1", "balance": "0x2", "codeHash": B256::ZERO, "storageHash": B256::ZERO,
                "accountProof": [], "storageProof": []}),
        })
    })
}

/// What it says of the other block is no lie about ours, so it must not come to be verified as one.
#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_on_another_branch_is_not_taken_for_a_liar() {
    let questions: Vec<(Address, Vec<U256>)> =
        vec![(Address::ZERO, vec![]), (Address::repeat_byte(1), vec![])];
    let same = pool(&[by_number_only(AT.block_hash)]);
    assert_eq!(same.proofs(AT, &questions).await.unwrap().body.len(), 2);
    assert_eq!(same.code(AT, Address::ZERO).await.unwrap().body.len(), 2);
    let other = pool(&[by_number_only(B256::repeat_byte(8))]);
    for _ in 0..2 {
        let error = cause(other.proofs(AT, &questions).await.unwrap_err());
        assert!(matches!(error, SourceError::NotFound), "{error:?}");
        let error = cause(other.code(AT, Address::ZERO).await.unwrap_err());
        assert!(matches!(error, SourceError::NotFound), "{error:?}");
        let error = cause(other.codes(AT, &[Address::ZERO, Address::ZERO]).await.unwrap_err());
        assert!(matches!(error, SourceError::NotFound), "{error:?}");
    }
}

/// A block that lists a million transactions would have us ask a million times.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_without_end_starts_no_flood() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&asked);
    let endless = mainnet_but(move |request| {
        counter.fetch_add(1, Ordering::Relaxed);
        answer(request, |one| match one["method"].as_str() {
            Some("eth_getBlockByHash") => json!({"transactions": vec![B256::repeat_byte(1); 20_000]}),
            _ => Value::Null,
        })
    });
    let error = cause(pool(&[endless]).receipts(AT.block_hash).await.unwrap_err());
    assert!(matches!(&error, SourceError::Malformed { detail } if detail.contains("room")), "{error:?}");
    assert!(asked.load(Ordering::Relaxed) <= 4, "{asked:?}");
}

/// However many questions there are, only a few requests are under way at once.
#[tokio::test(flavor = "multi_thread")]
async fn many_questions_are_asked_a_few_at_a_time() {
    for takes_batches in [true, false] {
        let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (running, peak) = (Arc::clone(&now), Arc::clone(&most));
        let busy = mainnet_but(move |request| {
            if request.is_array() && !takes_batches {
                return (StatusCode::BAD_REQUEST, "no batches").into_response();
            }
            peak.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(5));
            running.fetch_sub(1, Ordering::SeqCst);
            answer(request, |_| json!("0x"))
        });
        let who: Vec<Address> = (0..600_u16).map(|n| Address::left_padding_from(&n.to_be_bytes())).collect();
        let codes = pool(&[busy]).codes(AT, &who).await.unwrap();
        assert_eq!(codes.body.len(), who.len());
        assert!(most.load(Ordering::SeqCst) <= 16, "{most:?}");
    }
}
