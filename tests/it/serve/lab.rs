//! A practice network, a core on it, and a server in front.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use async_trait::async_trait;
use lifeboat::app::{Clock, Handle, NetworkName, Request, open};
use lifeboat::devnet::PracticeNetwork;
use lifeboat::devnet::execution::ExecutionLie;
use lifeboat::devnet::http::Fault;
use lifeboat::serve::{Options, Server};
use serde_json::{Value, json};

use crate::support::practice::{endpoints, options};

/// A clock whose time the test sets, and whose waits are short.
#[derive(Debug, Default)]
pub(crate) struct HandClock(pub(crate) AtomicU64);

#[async_trait]
impl Clock for HandClock {
    fn unix_ms(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
    async fn sleep(&self, _duration: Duration) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

pub(super) struct Lab {
    pub(super) network: PracticeNetwork,
    pub(super) server: Server,
    clock: Arc<HandClock>,
    client: reqwest::Client,
    handle: Handle,
    _core: JoinHandle<()>,
    _folder: tempfile::TempDir,
}

impl Lab {
    pub(super) async fn start(serve: Options) -> Self {
        let network = PracticeNetwork::start(&options()).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(HandClock::default());
        tick(&network, &clock);
        let request = Request {
            practice: Some((network.spec().clone(), endpoints(&network))),
            data_dir: Some(folder.path().to_owned()),
            ..Request::of(NetworkName::Practice)
        };
        let (handle, core) = open(request, clock.clone()).unwrap().start(Arc::new(|| {})).unwrap();
        let server = Server::start(handle.reads(), serve).await.unwrap();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { network, server, clock, client, handle, _core: core, _folder: folder }
    }

    /// Makes blocks, and waits until the server has seen them.
    pub(super) async fn advance(&self, slots: u64) {
        // However old it is.
        let known = self.handle.reads().heads().map(|heads| heads.optimistic.number());
        let before = match known {
            Some(number) => number,
            None => self.head().await,
        };
        self.network.advance(slots).unwrap();
        tick(&self.network, &self.clock);
        for _ in 0..2_400 {
            if self.head().await == before + slots {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the head stays at {}", self.head().await);
    }

    /// Makes blocks, and waits until the server's head is at `number` or beyond.
    pub(super) async fn advance_to(&self, number: u64, slots: u64) {
        self.network.advance(slots).unwrap();
        tick(&self.network, &self.clock);
        for _ in 0..2_400 {
            if self.head().await >= number {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the head stays at {}", self.head().await);
    }

    /// The head's number, as soon as the head is of now.
    pub(super) async fn head(&self) -> u64 {
        for _ in 0..2_400 {
            let reply = self.reply("eth_blockNumber", &json!([])).await;
            if let Some(number) = reply["result"].as_str() {
                return u64::from_str_radix(&number[2..], 16).unwrap();
            }
            assert_eq!(reply["error"]["code"], -32002, "{reply}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the head stays old");
    }

    /// Lets time pass without a block.
    pub(super) fn wait_secs(&self, secs: u64) {
        self.clock.0.fetch_add(secs * 1_000, Ordering::Relaxed);
    }

    /// The server's whole reply.
    pub(super) async fn reply(&self, method: &str, params: &Value) -> Value {
        self.post(&self.server.url(), &request(method, params)).await
    }

    /// The server's result; an error fails the test.
    pub(super) async fn ask(&self, method: &str, params: Value) -> Value {
        let reply = self.reply(method, &params).await;
        assert!(reply.get("error").is_none(), "{method} {params}: {reply}");
        reply["result"].clone()
    }

    /// The server's error; a result fails the test.
    pub(super) async fn refused(&self, method: &str, params: Value) -> (i64, String) {
        let reply = self.reply(method, &params).await;
        let error = reply.get("error").unwrap_or_else(|| panic!("{method} {params}: {reply}"));
        (error["code"].as_i64().unwrap(), error["message"].as_str().unwrap().to_owned())
    }

    /// The network's own whole reply.
    pub(super) async fn node(&self, method: &str, params: &Value) -> Value {
        let url = self.network.execution_endpoints()[0].url().to_string();
        self.post(&url, &request(method, params)).await
    }

    pub(super) async fn post(&self, url: &str, body: &Value) -> Value {
        self.client.post(url).json(body).send().await.unwrap().json().await.unwrap()
    }

    pub(super) fn set_executions(&self, fault: Fault<ExecutionLie>) {
        self.network.execution_endpoints().iter().for_each(|one| one.faults().set(fault));
    }
}

pub(super) fn request(method: &str, params: &Value) -> Value {
    json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
}

fn tick(network: &PracticeNetwork, clock: &HandClock) {
    let spec = network.spec();
    let now = spec.slot_start_ms(network.head_slot()) + spec.slot_duration_ms / 2;
    clock.0.store(now, Ordering::Relaxed);
}
