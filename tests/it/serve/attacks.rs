//! What a web page in the user's browser could try against the port (THREATS T55).

use std::time::{Duration, Instant};

use lifeboat::serve::{Options, Origin, Token};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::lab::{Lab, request};

const ASK: &str = r#"{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}"#;

/// Sends bytes as they are; the status and the whole answer.
async fn raw(lab: &Lab, text: &str) -> (u16, String) {
    let url = url::Url::parse(&lab.server.url()).unwrap();
    let mut stream = TcpStream::connect(("127.0.0.1", url.port().unwrap())).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut answer));
    read.await.expect("the connection is closed").ok();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, answer)
}

/// A request with these header lines and this body.
async fn send(lab: &Lab, start: &str, headers: &[&str], body: &str) -> (u16, String) {
    let lines: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
    let length = body.len();
    raw(
        lab,
        &format!("{start} HTTP/1.1\r\n{lines}connection: close\r\ncontent-length: {length}\r\n\r\n{body}"),
    )
    .await
}

fn parts(lab: &Lab) -> (String, String) {
    let url = url::Url::parse(&lab.server.url()).unwrap();
    (format!("host: 127.0.0.1:{}", url.port().unwrap()), url.path().to_owned())
}

async fn guarded(origins: &[&str]) -> Lab {
    let origins = origins.iter().map(|text| Origin::parse(text).unwrap()).collect();
    Lab::start(Options { port: 0, token: Some(Token::random().unwrap()), origins }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pages_requests_are_refused() {
    let lab = guarded(&[]).await;
    let (host, path) = parts(&lab);
    let json = "content-type: application/json";
    let post = format!("POST {path}");
    let (status, answer) = send(&lab, &post, &[&host, json], ASK).await;
    assert_eq!(status, 200, "{answer}");
    assert!(answer.contains("\"result\""), "{answer}");
    let port = host.rsplit(':').next().unwrap();
    let rebound = format!("host: evil.example:{port}");
    let cases: [(&str, &str, Vec<&str>, u16); 13] = [
        ("rebinding", &post, vec![&rebound, json], 403),
        ("no host", &post, vec![json], 400),
        ("foreign origin", &post, vec![&host, json, "origin: https://evil.example"], 403),
        ("null origin", &post, vec![&host, json, "origin: null"], 403),
        ("two origins", &post, vec![&host, json, "origin: a", "origin: b"], 403),
        ("a form", &post, vec![&host, "content-type: application/x-www-form-urlencoded"], 415),
        ("no-cors fetch", &post, vec![&host, "content-type: text/plain;charset=UTF-8"], 415),
        ("no type", &post, vec![&host], 415),
        ("no token", "POST /", vec![&host, json], 404),
        ("wrong token", "POST /00000000000000000000000000000000", vec![&host, json], 404),
        ("preflight", &format!("OPTIONS {path}"), vec![&host, "origin: https://evil.example"], 403),
        ("an image", &format!("GET {path}"), vec![&host], 405),
        ("a script", "GET /", vec![&host], 404),
    ];
    for (what, start, headers, expected) in cases {
        let (status, answer) = send(&lab, start, &headers, ASK).await;
        let ok = status == expected || (what == "no host" && status == 403);
        assert!(ok, "{what}: {answer}");
        assert!(!answer.contains("jsonrpc"), "{what}: {answer}");
        assert!(!answer.to_lowercase().contains("access-control-allow"), "{what}: {answer}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_allowed_page_gets_its_own_leave_and_no_other() {
    let lab = guarded(&["https://app.example"]).await;
    let (host, path) = parts(&lab);
    let asks = [&host, "origin: https://app.example", "access-control-request-method: POST"];
    let (status, answer) = send(&lab, &format!("OPTIONS {path}"), &asks, "").await;
    assert_eq!(status, 204, "{answer}");
    assert!(answer.contains("access-control-allow-origin: https://app.example"), "{answer}");
    let headers = [&host, "content-type: application/json", "origin: https://app.example"];
    let (status, answer) = send(&lab, &format!("POST {path}"), &headers, ASK).await;
    assert_eq!(status, 200, "{answer}");
    assert!(answer.contains("access-control-allow-origin: https://app.example"), "{answer}");
    let (status, _) = send(&lab, "POST /", &headers, ASK).await;
    assert_eq!(status, 404, "the token is still asked for");
    let other = [&host, "content-type: application/json", "origin: https://app.example.evil"];
    assert_eq!(send(&lab, &format!("POST {path}"), &other, ASK).await.0, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_websocket_needs_the_token_and_no_foreign_origin() {
    let lab = guarded(&[]).await;
    let (host, path) = parts(&lab);
    let handshake = [
        &host,
        "upgrade: websocket",
        "sec-websocket-version: 13",
        "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
    ];
    let open = async |path: &str, more: &[&str]| {
        let lines: String =
            [&handshake[..], more].concat().iter().map(|line| format!("{line}\r\n")).collect();
        let url = url::Url::parse(&lab.server.url()).unwrap();
        let mut stream = TcpStream::connect(("127.0.0.1", url.port().unwrap())).await.unwrap();
        let text = format!("GET {path} HTTP/1.1\r\n{lines}connection: upgrade\r\n\r\n");
        stream.write_all(text.as_bytes()).await.unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    };
    assert_eq!(open(&path, &[]).await, "HTTP/1.1 101");
    assert_eq!(open("/", &[]).await, "HTTP/1.1 404");
    assert_eq!(open("/00000000000000000000000000000000", &[]).await, "HTTP/1.1 404");
    assert_eq!(open(&path, &["origin: https://evil.example"]).await, "HTTP/1.1 403");
    assert_eq!(open(&path, &["origin: null"]).await, "HTTP/1.1 403");
}

#[tokio::test(flavor = "multi_thread")]
async fn too_much_is_refused_in_bounded_time() {
    let lab = Lab::start(Options::default()).await;
    let (host, path) = parts(&lab);
    let json_type = "content-type: application/json";
    let large = "x".repeat(1_000_001);
    let (status, answer) = send(&lab, &format!("POST {path}"), &[&host, json_type], &large).await;
    // The server may answer and close before the whole body was sent.
    assert!(status == 413 || answer.is_empty(), "{answer}");
    let batch = Value::Array(vec![request("eth_chainId", &json!([])); 101]);
    let reply = lab.post(&lab.server.url(), &batch).await;
    assert_eq!(reply["error"]["code"], -32005, "{reply}");
    let deep = "[".repeat(900_000);
    let (status, answer) = send(&lab, &format!("POST {path}"), &[&host, json_type], &deep).await;
    assert_eq!(status, 200);
    assert!(answer.contains("-32700"), "{answer}");
    // More than a burst of requests at once: some are refused as too many, none is lost.
    let started = Instant::now();
    let hundred = Value::Array(vec![request("eth_chainId", &json!([])); 100]);
    let mut refused = 0;
    for _ in 0..30 {
        let replies = lab.post(&lab.server.url(), &hundred).await;
        let replies = replies.as_array().unwrap().clone();
        assert_eq!(replies.len(), 100);
        refused += replies.iter().filter(|one| one["error"]["code"] == -32005).count();
    }
    assert!(started.elapsed() > Duration::from_secs(9) || refused > 0, "3,000 requests went unhindered");
    // It still answers: a slow sender holds up nobody.
    let url = url::Url::parse(&lab.server.url()).unwrap();
    let mut slow = TcpStream::connect(("127.0.0.1", url.port().unwrap())).await.unwrap();
    let head = format!("POST {path} HTTP/1.1\r\n{host}\r\n{json_type}\r\ncontent-length: 100\r\n\r\n{{");
    slow.write_all(head.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(lab.ask("eth_chainId", json!([])).await.is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn it_listens_on_loopback_only() {
    let lab = Lab::start(Options::default()).await;
    let port = url::Url::parse(&lab.server.url()).unwrap().port().unwrap();
    let table = std::fs::read_to_string("/proc/net/tcp").unwrap_or_default();
    let port_hex = format!(":{port:04X}");
    let bound: Vec<&str> = table
        .lines()
        .filter_map(|line| line.split_whitespace().nth(1))
        .filter(|local| local.ends_with(&port_hex))
        .collect();
    assert!(table.is_empty() || !bound.is_empty());
    assert!(bound.iter().all(|local| local.starts_with("0100007F:")), "{bound:?}");
    drop(lab.server);
}
