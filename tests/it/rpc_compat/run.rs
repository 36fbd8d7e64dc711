//! The run: every file, and a table of what came of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use lifeboat::app::{Handle, NetworkName, Request, open};
use lifeboat::serve::{Options, Server};
use lifeboat::sources::{EndpointConfig, EndpointKind};
use serde_json::Value;

use super::cases::{self, Case, difference};
use super::replay::Chain;
use super::{beacon, node};
use crate::serve::lab::HandClock;
use crate::support::shared;

fn folder() -> Option<PathBuf> {
    match std::env::var_os("LIFEBOAT_RPC_COMPAT") {
        Some(folder) => Some(PathBuf::from(folder)),
        None => shared("fixtures/rpc-compat"),
    }
}

/// A light client on one of the synthetic networks, with a server in front.
struct Bench {
    server: Server,
    client: reqwest::Client,
    _handle: Handle,
    _folder: tempfile::TempDir,
}

impl Bench {
    async fn start(light_client: &Path, chain: Arc<Chain>) -> Self {
        let (spec, now_ms) = beacon::network(light_client);
        assert_eq!(spec.chain_id, chain.chain_id);
        let endpoints = vec![
            EndpointConfig::parse(&beacon::serve(light_client, &spec).await, EndpointKind::Beacon).unwrap(),
            EndpointConfig::parse(&node::serve(chain).await, EndpointKind::Execution).unwrap(),
        ];
        let clock = Arc::new(HandClock::default());
        clock.0.store(now_ms, Ordering::Relaxed);
        let folder = tempfile::tempdir().unwrap();
        let request = Request {
            practice: Some((spec, endpoints)),
            data_dir: Some(folder.path().to_owned()),
            ..Request::of(NetworkName::Practice)
        };
        let (handle, _core) = open(request, clock).unwrap().start(Arc::new(|| {})).unwrap();
        let server = Server::start(handle.reads(), Options::default()).await.unwrap();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { server, client, _handle: handle, _folder: folder }
    }

    async fn ask(&self, request: &Value) -> Value {
        self.client.post(self.server.url()).json(request).send().await.unwrap().json().await.unwrap()
    }
}

#[derive(Debug, Default)]
struct Row {
    passed: usize,
    unprovable: Vec<String>,
    not_claimed: usize,
    wrong: Vec<String>,
}

async fn judge(bench: &Bench, case: &Case, row: &mut Row) {
    let mut unprovable = false;
    for (request, recorded) in &case.exchanges {
        let answer = bench.ask(request).await;
        match answer["error"]["code"].as_i64() {
            Some(-32601) => {
                row.not_claimed += 1;
                return;
            }
            Some(-32004) => unprovable = true,
            _ => {
                if let Some(what) = difference(case, &answer, recorded) {
                    row.wrong.push(format!("{}/{}: {what}\n  {answer}", case.method, case.name));
                    return;
                }
            }
        }
    }
    if unprovable {
        row.unprovable.push(case.name.clone());
    } else {
        row.passed += 1;
    }
}

async fn table(light_client: &Path, chain: Arc<Chain>, cases: &[Case]) -> BTreeMap<String, Row> {
    let bench = Bench::start(light_client, chain).await;
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    for case in cases {
        judge(&bench, case, rows.entry(case.method.clone()).or_default()).await;
    }
    rows
}

fn print(network: &str, rows: &BTreeMap<String, Row>) {
    println!(
        "\n{network}\n{:<42} {:>5} {:>10} {:>11} {:>6}",
        "method", "pass", "unprovable", "not claimed", "wrong"
    );
    let mut sums = [0; 4];
    for (method, row) in rows {
        let counts = [row.passed, row.unprovable.len(), row.not_claimed, row.wrong.len()];
        let [passed, unprovable, not_claimed, wrong] = counts;
        let names = row.unprovable.join(", ");
        println!("{method:<42} {passed:>5} {unprovable:>10} {not_claimed:>11} {wrong:>6}  {names}");
        sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
    }
    let [passed, unprovable, not_claimed, wrong] = sums;
    println!("{:<42} {passed:>5} {unprovable:>10} {not_claimed:>11} {wrong:>6}", "all");
}

/// What `serve` does not answer, and says so.
const NOT_CLAIMED: [&str; 2] = ["eth_capabilities", "eth_config"];
/// `safe` is between what sync committees sign; block 3 has an uncle; block 1 is of before the merge, and the hashes of the
/// first blocks, which two simulations ask for, are of before the history contract.
const UNPROVABLE: [&str; 5] = [
    "eth_getBlockByNumber/get-safe",
    "debug_getRawBlock/get-block-n",
    "eth_simulateV1/ethSimulate-empty-with-block-num-set-firstblock",
    "eth_simulateV1/ethSimulate-blockhash-simple",
    "eth_simulateV1/ethSimulate-blockhash-start-before-head",
];
/// These simulate blocks of after the fork that one network has soon after its head.
const BEYOND_THE_FORK: [&str; 2] = [
    "eth_simulateV1/ethSimulate-blocknumber-increment",
    "eth_simulateV1/ethSimulate-fee-recipient-receiving-funds",
];
/// On the network that is Gloas from its beginning the head would run under Amsterdam's rules, which the chain file,
/// of Osaka, does not follow.
const RUN_CODE: [&str; 4] = ["eth_call", "eth_estimateGas", "eth_createAccessList", "eth_simulateV1"];

#[tokio::test(flavor = "multi_thread")]
async fn recorded_answers_behind_a_verified_head() {
    let Some(folder) = folder() else { return };
    let tests = folder.join("tests");
    let chain = Arc::new(Chain::load(&tests));
    let own = std::env::var_os("LIFEBOAT_RPC_COMPAT").is_none();
    let mut networks = 0;
    for name in ["fulu", "fulu-to-gloas", "gloas"] {
        let light_client = folder.join("light-client").join(name);
        if !light_client.is_dir() {
            continue;
        }
        networks += 1;
        let mut cases = cases::all(&tests);
        cases.retain(|case| name != "gloas" || !RUN_CODE.contains(&case.method.as_str()));
        let rows = table(&light_client, Arc::clone(&chain), &cases).await;
        print(name, &rows);
        let wrong: Vec<_> = rows.values().flat_map(|row| &row.wrong).collect();
        assert!(wrong.is_empty(), "{}", wrong.iter().map(|one| format!("{one}\n")).collect::<String>());
        for (method, row) in rows.iter().filter(|_| own) {
            let claimed = !NOT_CLAIMED.contains(&method.as_str());
            assert!((row.not_claimed == 0) == claimed && (row.passed > 0) == claimed, "{method}: {row:?}");
            let known = |case: &String| {
                let case = format!("{method}/{case}");
                UNPROVABLE.contains(&case.as_str())
                    || name == "fulu-to-gloas" && BEYOND_THE_FORK.contains(&case.as_str())
            };
            assert!(row.unprovable.iter().all(known), "{row:?}");
        }
        assert!(rows.values().any(|row| row.passed > 0), "nothing was compared");
    }
    assert!(networks > 0, "no light-client data in {}", folder.display());
}
