//! The binary beside a practice network that the test owns: faults on one side, words and exit codes on the other.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use alloy::consensus::{TxEip1559, TxEnvelope, transaction::Recovered};
use alloy::eips::eip2718::Encodable2718 as _;
use alloy::primitives::{Address, B256, Bytes, TxKind, U256, keccak256};
use lifeboat::chain::{Clock as _, SystemClock};
use lifeboat::devnet::beacon::BeaconLie;
use lifeboat::devnet::execution::{ExecutionLie, sign};
use lifeboat::devnet::http::Fault;
use lifeboat::devnet::{PRACTICE_CHAIN_ID, PracticeNetwork, PracticeOptions};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

const SLOT_MS: u64 = 12_000;
/// No single run may take longer: a person waits.
const PATIENCE: Duration = Duration::from_secs(60);

/// What one run of the binary said.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) code: i32,
    pub(super) out: String,
    pub(super) err: String,
}

impl Run {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The run succeeded and said nothing beside the answer.
    pub(super) fn done(self) -> Self {
        assert_eq!((self.code, self.err.as_str()), (0, ""), "{self:?}");
        self
    }
}

/// Runs the binary with these words and nothing of this machine's own settings.
pub(super) fn lifeboat(args: &[&str]) -> Run {
    let started = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_lifeboat"));
    for name in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]
        .into_iter()
        .chain(["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"])
    {
        command.env_remove(name);
    }
    let output = command.env_remove("LIFEBOAT_LOG").args(args).output().unwrap();
    assert!(started.elapsed() < PATIENCE, "{args:?} took {:?}", started.elapsed());
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Run { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

/// A practice network, and a folder whose settings describe it as the network `custom`.
pub(super) struct Lab {
    pub(super) network: PracticeNetwork,
    folder: TempDir,
    runtime: Runtime,
}

impl Lab {
    /// The newest slot is the clock's.
    pub(super) fn start(pairs: usize) -> Self {
        Self::start_with(pairs, |_| {})
    }

    /// `prepare` may submit transactions; four more slots are made after it.
    pub(super) fn start_with(pairs: usize, prepare: impl FnOnce(&PracticeNetwork)) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let now_ms = SystemClock.unix_ms() - 4 * SLOT_MS;
        let options = PracticeOptions { slot_ms: SLOT_MS, endpoints: pairs, ..PracticeOptions::at(now_ms) };
        let network = runtime.block_on(PracticeNetwork::start(&options)).unwrap();
        let first = network.head_slot();
        prepare(&network); // which may have made blocks of its own
        network.advance(4 + first - network.head_slot()).unwrap();
        let lab = Self { network, folder: tempfile::tempdir().unwrap(), runtime };
        lab.write("settings.toml", &lab.settings());
        lab
    }

    /// The newest slot is `slots` behind the clock's, so that as many more can be made while a test runs.
    pub(super) fn start_behind(pairs: usize, slots: u64) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let now_ms = SystemClock.unix_ms() - slots * SLOT_MS;
        let options = PracticeOptions { slot_ms: SLOT_MS, endpoints: pairs, ..PracticeOptions::at(now_ms) };
        let network = runtime.block_on(PracticeNetwork::start(&options)).unwrap();
        let lab = Self { network, folder: tempfile::tempdir().unwrap(), runtime };
        lab.write("settings.toml", &lab.settings());
        lab
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn write(&self, name: &str, content: &str) {
        std::fs::write(self.path().join(name), content).unwrap();
    }

    pub(super) fn settings(&self) -> String {
        let spec = self.network.spec();
        let urls = |urls: Vec<String>| serde_json::to_string(&urls).unwrap();
        let forks: String = spec
            .forks
            .forks
            .iter()
            .filter_map(|one| Some((one, one.epoch?)))
            .map(|(one, epoch)| {
                format!("{} = {{ version = \"{}\", epoch = {epoch} }}\n", one.fork.name(), one.version)
            })
            .collect();
        format!(
            "[networks.custom]\nbeacon = {}\nexecution = {}\n[custom]\nchain_id = {}\ngenesis_time = {}\n\
             genesis_validators_root = \"{}\"\nslot_duration_ms = {}\n[custom.forks]\n{forks}",
            urls(self.network.beacon_endpoints().iter().map(|one| one.url().to_string()).collect()),
            urls(self.network.execution_endpoints().iter().map(|one| one.url().to_string()).collect()),
            spec.chain_id,
            spec.genesis_time_secs,
            spec.genesis_validators_root,
            spec.slot_duration_ms,
        )
    }

    pub(super) fn checkpoint(&self) -> String {
        self.network.spec().checkpoint.unwrap().root.to_string()
    }

    /// The binary on this network, from what the folder holds.
    pub(super) fn resume(&self, args: &[&str]) -> Run {
        let folder = self.path().to_str().unwrap();
        lifeboat(&[&["--network", "custom", "--data-dir", folder], args].concat())
    }

    /// The binary on this network, from its checkpoint.
    pub(super) fn run(&self, args: &[&str]) -> Run {
        self.resume(&[&["--checkpoint", &self.checkpoint()], args].concat())
    }

    pub(super) fn set_beacons(&self, fault: Fault<BeaconLie>) {
        self.network.beacon_endpoints().iter().for_each(|one| one.faults().set(fault));
    }

    pub(super) fn set_executions(&self, fault: Fault<ExecutionLie>) {
        self.network.execution_endpoints().iter().for_each(|one| one.faults().set(fault));
    }

    /// The block that a client can have proven: the newest one is not signed yet.
    pub(super) fn head(&self) -> (u64, B256) {
        let own = self.network.execution().read().unwrap_or_else(PoisonError::into_inner);
        let number = own.head().number() - 1;
        (number, own.block_by_number(number).unwrap().hash())
    }

    pub(super) fn block_hash(&self, number: u64) -> B256 {
        let own = self.network.execution().read().unwrap_or_else(PoisonError::into_inner);
        own.block_by_number(number).unwrap().hash()
    }

    /// The network's own answer.
    pub(super) fn rpc(&self, method: &str, params: &Value) -> Value {
        let url = self.network.execution_endpoints()[0].url().clone();
        let body = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let reply =
            async { client.post(url).json(&body).send().await.unwrap().json::<Value>().await.unwrap() };
        self.runtime.block_on(reply)["result"].clone()
    }

    /// What changes from run to run, made the same: ports, ages, latencies, traffic.
    pub(super) fn masked(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (kind, urls) in [
            (
                "BEACON",
                self.network.beacon_endpoints().iter().map(|one| one.url().clone()).collect::<Vec<_>>(),
            ),
            ("EXECUTION", self.network.execution_endpoints().iter().map(|one| one.url().clone()).collect()),
        ] {
            for (index, url) in urls.iter().enumerate() {
                text = text.replace(url.as_str().trim_end_matches('/'), &format!("{kind}{}", index + 1));
            }
        }
        masked_numbers(&text).replace("_ min _ s", "_ s").replace("_ kB", "_ B")
    }

    /// Every file of the folder with the hash of its content, the time of the last save apart; and without evidence of
    /// lies, which may only be added.
    pub(super) fn files(&self) -> BTreeMap<PathBuf, B256> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.path().to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().flatten() {
                let path = entry.path();
                if path.is_dir() && !path.ends_with("evidence") {
                    folders.push(path);
                } else if path.is_file() {
                    let hash = content_hash(&std::fs::read(&path).unwrap());
                    found.insert(path, hash);
                }
            }
        }
        found
    }

    pub(super) fn evidence(&self) -> usize {
        std::fs::read_dir(self.path().join("custom/evidence")).map_or(0, Iterator::count)
    }
}

pub(super) fn content_hash(bytes: &[u8]) -> B256 {
    let text = String::from_utf8_lossy(bytes);
    let timeless = match text.split_once("\"saved_at_ms\":") {
        Some((before, after)) => {
            format!("{before}{}", after.trim_start_matches(|c: char| c.is_ascii_digit()))
        }
        None => text.into_owned(),
    };
    keccak256(timeless)
}

/// Replaces a number that stands before a unit of time or traffic.
fn masked_numbers(text: &str) -> String {
    let units = ["s", "min", "ms", "B", "kB", "requests,"];
    let lines = text.split('\n').map(|line| {
        let words: Vec<&str> = line.split(' ').collect();
        let mask = |(index, word): (usize, &&str)| {
            let unit = words
                .get(index + 1)
                .is_some_and(|next| units.contains(&next.trim_end_matches(',')) || units.contains(next));
            if unit && word.parse::<u64>().is_ok() { "_".to_owned() } else { (*word).to_owned() }
        };
        words.iter().enumerate().map(mask).collect::<Vec<_>>().join(" ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// A signed transaction of practice account `index`.
pub(super) fn transaction(index: usize, nonce: u64, to: Address, input: Bytes) -> Recovered<TxEnvelope> {
    let unsigned = TxEip1559 {
        chain_id: PRACTICE_CHAIN_ID,
        nonce,
        gas_limit: 200_000,
        max_fee_per_gas: 100_000_000_000,
        max_priority_fee_per_gas: 1_000_000_000,
        to: TxKind::Call(to),
        value: U256::ZERO,
        input,
        ..TxEip1559::default()
    };
    sign(index, unsigned).unwrap()
}

/// Hands it to the chain.
pub(super) fn submit(network: &PracticeNetwork, transaction: &Recovered<TxEnvelope>) -> String {
    network.submit(&transaction.inner().encoded_2718()).unwrap().to_string()
}
