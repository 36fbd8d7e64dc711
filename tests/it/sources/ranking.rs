//! Whom the pool asks: not who shares the failed one's carrier, and a second one where the first takes unusually long.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use alloy::primitives::B256;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use lifeboat::networks::mainnet;
use lifeboat::sources::{
    BlockSelector, EndpointConfig, EndpointKind, ExecutionSource, HttpOptions, HttpPool,
};
use serde_json::json;

use super::{mainnet_but, pool};

/// An endpoint that a test can slow down and break, and the requests it had.
#[derive(Clone, Default)]
struct Knobs {
    millis: Arc<AtomicU64>,
    broken: Arc<AtomicBool>,
    asked: Arc<AtomicUsize>,
}

impl Knobs {
    fn serve(&self, header: &'static str) -> String {
        let knobs = self.clone();
        mainnet_but(move |request| {
            knobs.asked.fetch_add(1, Ordering::SeqCst);
            // What waits on this thread must not wait with it: the client runs here too.
            let slow = Duration::from_millis(knobs.millis.load(Ordering::SeqCst));
            tokio::task::block_in_place(|| std::thread::sleep(slow));
            if knobs.broken.load(Ordering::SeqCst) {
                return (StatusCode::SERVICE_UNAVAILABLE, [(header, "x")], "no").into_response();
            }
            let answer = json!({"jsonrpc": "2.0", "id": request["id"], "result": {"number": "0x1"}});
            ([(header, "x")], axum::Json(answer)).into_response()
        })
    }

    fn take(&self) -> usize {
        self.asked.swap(0, Ordering::SeqCst)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_shares_the_failed_ones_carrier_is_asked_last() {
    let (first, alike, other) = (Knobs::default(), Knobs::default(), Knobs::default());
    alike.millis.store(40, Ordering::SeqCst);
    other.millis.store(120, Ordering::SeqCst);
    let pool = pool(&[first.serve("cf-ray"), alike.serve("cf-ray"), other.serve("fly-request-id")]);
    for _ in 0..8 {
        pool.locate_all(B256::ZERO).await; // everybody's carrier and speed is learnt
    }
    first.broken.store(true, Ordering::SeqCst);
    for knobs in [&first, &alike, &other] {
        knobs.take();
    }
    assert!(pool.header(BlockSelector::Number(1)).await.is_ok());
    assert_eq!((first.take(), alike.take(), other.take()), (1, 0, 1), "slower, but not behind the same CDN");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_second_endpoint_is_asked_where_the_first_takes_unusually_long() {
    let (first, second) = (Knobs::default(), Knobs::default());
    second.millis.store(30, Ordering::SeqCst);
    let pool = pool(&[first.serve("x-vercel-id"), second.serve("fly-request-id")]);
    for _ in 0..8 {
        pool.locate_all(B256::ZERO).await;
    }
    // So long that a machine under load is no reason to wait for it.
    first.millis.store(3_000, Ordering::SeqCst);
    let start = Instant::now();
    assert!(pool.header(BlockSelector::Number(1)).await.is_ok());
    assert!(start.elapsed() < Duration::from_millis(2_900), "{:?}", start.elapsed());
    assert!(second.take() > 8);
}

/// A header alone is a tenth of a block object: whoever has it is found once and then kept, slower or not.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn who_has_headers_alone_is_asked_for_them() {
    let asked: [Arc<std::sync::Mutex<Vec<String>>>; 3] = Default::default();
    let broken = Arc::new(AtomicBool::new(false));
    let urls: Vec<String> = asked
        .iter()
        .enumerate()
        .map(|(index, asked)| {
            let (asked, broken) = (Arc::clone(asked), Arc::clone(&broken));
            mainnet_but(move |request| {
                let method = request["method"].as_str().unwrap_or_default().to_owned();
                asked.lock().unwrap().push(method.clone());
                let has_headers = index == 2;
                if has_headers {
                    tokio::task::block_in_place(|| std::thread::sleep(Duration::from_millis(60)));
                    if broken.load(Ordering::SeqCst) {
                        return StatusCode::SERVICE_UNAVAILABLE.into_response();
                    }
                }
                let body = if method == "eth_getHeaderByHash" && !has_headers {
                    json!({"jsonrpc": "2.0", "id": request["id"], "error": {"code": -32601, "message": "no"}})
                } else {
                    json!({"jsonrpc": "2.0", "id": request["id"], "result": {"number": "0x1"}})
                };
                axum::Json(body).into_response()
            })
        })
        .collect();
    let endpoints =
        urls.iter().map(|url| EndpointConfig::parse(url, EndpointKind::Execution).unwrap()).collect();
    let options = HttpOptions { read_ms: 20_000, large_read_ms: 20_000, proxy: None, hedge: false };
    let pool = HttpPool::new(Arc::new(mainnet()), endpoints, options).unwrap();
    let take = || asked.each_ref().map(|one| std::mem::take(&mut *one.lock().unwrap()));
    for byte in 0..8 {
        pool.header(BlockSelector::Hash(B256::repeat_byte(byte))).await.unwrap();
    }
    take();
    for byte in 8..12 {
        pool.header(BlockSelector::Hash(B256::repeat_byte(byte))).await.unwrap();
    }
    let [first, second, third] = take();
    assert!(first.is_empty() && second.is_empty(), "no whole block where a header is to be had");
    assert_eq!(third, ["eth_getHeaderByHash"; 4]);
    broken.store(true, Ordering::SeqCst);
    pool.header(BlockSelector::Hash(B256::repeat_byte(12))).await.unwrap();
    let [first, second, _] = take();
    assert_eq!([first, second].concat(), ["eth_getBlockByHash"], "it failed: a whole block does");
}
