//! `lifeboat serve` as a program: what it prints, that it answers, how it refuses to start and how it ends.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use super::lab::{Lab, lifeboat};

/// A server that ends with the test.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn start(lab: &Lab, more: &[&str]) -> Served {
    let folder = lab.path().to_str().unwrap();
    let checkpoint = lab.checkpoint();
    let common =
        ["--network", "custom", "--data-dir", folder, "--checkpoint", &checkpoint, "serve", "--port", "0"];
    let child = Command::new(env!("CARGO_BIN_EXE_lifeboat"))
        .args([&common, more].concat())
        .env("NO_PROXY", "*")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    Served(child)
}

fn line(served: &mut Served, lines: usize) -> String {
    let mut out = BufReader::new(served.0.stdout.take().unwrap());
    let mut text = String::new();
    for _ in 0..lines {
        out.read_line(&mut text).unwrap();
    }
    text
}

fn ask(url: &str, origin: Option<&str>) -> (u16, Value) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let body = json!({"jsonrpc": "2.0", "id": 1, "method": "eth_blockNumber", "params": []});
        let mut request = client.post(url).json(&body);
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let reply = request.send().await.unwrap();
        (reply.status().as_u16(), reply.json().await.unwrap_or_default())
    })
}

#[test]
fn it_leaves_the_journal_to_the_wallet() {
    let lab = Lab::start_behind(3, 4);
    let send = ["send", "practice-1", "1", "--from", "practice-0", "--yes"];
    let first = lab.run(&send);
    assert_eq!(first.code, 0, "{first:?}");
    let mut served = start(&lab, &["--no-token"]);
    assert!(line(&mut served, 1).contains("http://127.0.0.1:"));
    let second = lab.run(&send);
    assert_eq!(second.code, 0, "{second:?}");
}

#[test]
fn it_says_where_it_is_and_answers_there() {
    let lab = Lab::start(1);
    let mut served = start(&lab, &["--allow-origin", "https://app.example"]);
    let text = line(&mut served, 2);
    let words: Vec<&str> = text.split_whitespace().collect();
    let (http, websocket) = (words[1], words[3]);
    assert!(websocket.starts_with("ws://127.0.0.1:"), "{text}");
    let token = http.rsplit('/').next().unwrap();
    assert_eq!(token.len(), 32, "{text}");
    let (status, reply) = ask(http, None);
    assert_eq!((status, &reply["result"]), (200, &json!(format!("{:#x}", lab.head().0))), "{reply}");
    assert_eq!(ask(http, Some("https://app.example")).0, 200);
    assert_eq!(ask(http, Some("https://evil.example")).0, 403);
    assert_eq!(ask(http.trim_end_matches(token), None).0, 404);
}

#[test]
fn json_and_no_token() {
    let lab = Lab::start(1);
    let mut served = start(&lab, &["--no-token", "--json"]);
    let said: Value = serde_json::from_str(&line(&mut served, 5)).unwrap();
    let http = said["http"].as_str().unwrap();
    assert!(http.ends_with('/'), "{said}");
    assert_eq!(ask(http, None).0, 200);
    served.0.kill().unwrap();
    let mut err = String::new();
    served.0.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert!(err.contains("Every answer is proven first."), "{err}");
}

#[test]
fn a_port_that_is_taken_is_a_reason() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let lab = Lab::start(1);
    let run = lab.run(&["serve", "--port", &port]);
    assert_eq!((run.code, run.out.as_str()), (3, ""), "{run:?}");
    assert!(run.err.contains(&format!("Cannot listen on 127.0.0.1:{port}")), "{run:?}");
    assert!(run.err.contains("--port"), "{run:?}");
    for (words, wanted) in [
        (["serve", "--allow-origin", "*"], "is no origin"),
        (["serve", "--allow-origin", "null"], "is no origin"),
        (["serve", "--port", "65536"], "65536 is not in 0..=65535"),
    ] {
        let run = lifeboat(&words);
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{words:?}: {run:?}");
        assert!(run.err.contains(wanted), "{words:?}: {run:?}");
    }
}
