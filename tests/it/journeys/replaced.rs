//! A transaction whose nonce another one used: proven wherever sender and nonce are known, and whoever hides it.

use std::sync::Arc;

use alloy::consensus::TxEip1559;
use alloy::eips::eip2718::Encodable2718 as _;
use alloy::primitives::{Address, B256, TxKind, U256};
use lifeboat::chain::{ChainEdges, Heads, Reader, TransactionStatus};
use lifeboat::devnet::execution::{PRACTICE_ACCOUNTS, sign};
use lifeboat::sources::{Claim, TxLocation};
use serde_json::{Value, json};

use crate::support::bent_source::BentSource;
use crate::support::practice::{Bench, options};

/// An account without traffic of its own.
const SENDER: usize = 1;

type Locate = Box<dyn Fn(&mut Vec<Claim<TxLocation>>) + Send + Sync>;

/// Both say nonce 0; the second pays more and is the one that lands.
async fn replaced() -> (Bench, Reader, Heads, [B256; 2], Value) {
    let bench = Bench::start(&options()).await;
    let send = |value: u64, tip: u128| {
        let unsigned = TxEip1559 {
            chain_id: bench.network.spec().chain_id,
            gas_limit: 21_000,
            max_fee_per_gas: 100_000_000_000 + tip,
            max_priority_fee_per_gas: tip,
            to: TxKind::Call(Address::repeat_byte(7)),
            value: U256::from(value),
            ..TxEip1559::default()
        };
        bench.network.submit(&sign(SENDER, unsigned).unwrap().inner().encoded_2718()).unwrap()
    };
    let lost = send(1, 1_000_000_000);
    let url = bench.network.execution_endpoints()[0].url().to_string();
    let body = json!({"jsonrpc": "2.0", "id": 1, "method": "eth_getTransactionByHash", "params": [lost]});
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let reply: Value = client.post(url).json(&body).send().await.unwrap().json().await.unwrap();
    let held = reply["result"].clone();
    assert_eq!(held["nonce"], "0x0", "{reply}");
    let won = send(2, 50_000_000_000);
    bench.advance(3);
    let syncer = bench.synced().await.unwrap();
    let (reader, heads) = bench.heads(&syncer).await;
    (bench, reader, heads, [lost, won], held)
}

fn bent(bench: &Bench, locate: Locate) -> Reader {
    let mut source = BentSource::new(bench.pool.clone());
    source.locations = locate;
    Reader::new(ChainEdges { execution: Arc::new(source), ..bench.edges.clone() })
}

fn holds(json: &Value) -> Locate {
    let json = json.clone();
    Box::new(move |claims| {
        claims.iter_mut().for_each(|one| one.body = TxLocation::Pending(Box::new(json.clone())));
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn who_took_its_place_is_proven() {
    let (bench, reader, heads, [lost, won], held) = replaced().await;
    let from = PRACTICE_ACCOUNTS[SENDER].address;
    // Its own sender asks, and every endpoint has forgotten it; or a stranger asks, and one still holds it.
    let own = reader.transaction(&heads, lost, Some((from, 0))).await.unwrap();
    let seen = bent(&bench, holds(&held)).transaction(&heads, lost, None).await.unwrap();
    for status in [own, seen] {
        let TransactionStatus::NonceUsed { account, nonce, by: Some(by), .. } = status else {
            panic!("{status:?}")
        };
        assert_eq!((account.value().address, account.value().nonce, nonce, by.hash), (from, 1, 0, won));
        let block = reader.transactions(&by.header).await.unwrap();
        assert!(block.value().iter().any(|one| one.hash == won));
    }
    // Who knows neither is told nothing that is not proven.
    let stranger = reader.transaction(&heads, lost, None).await.unwrap();
    assert!(matches!(stranger, TransactionStatus::Unknown { .. }), "{stranger:?}");
    let free = reader.transaction(&heads, lost, Some((from, 1))).await.unwrap();
    assert!(matches!(free, TransactionStatus::Unknown { .. }), "{free:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_endpoint_says_of_a_waiting_one_counts_only_under_its_hash() {
    let (bench, _, heads, [lost, _], held) = replaced().await;
    for (field, value) in [("nonce", json!("0x5")), ("value", json!("0x9")), ("r", json!("0x1"))] {
        let mut forged = held.clone();
        forged[field] = value;
        let status = bent(&bench, holds(&forged)).transaction(&heads, lost, None).await.unwrap();
        assert!(matches!(status, TransactionStatus::Pending { .. }), "{field}: {status:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inclusion_that_every_endpoint_hides_is_found_by_its_nonce() {
    let (bench, _, heads, [_, won], _) = replaced().await;
    let hidden: Locate = Box::new(|claims| claims.iter_mut().for_each(|one| one.body = TxLocation::Unknown));
    let signed = Some((PRACTICE_ACCOUNTS[SENDER].address, 0));
    let status = bent(&bench, hidden).transaction(&heads, won, signed).await.unwrap();
    let TransactionStatus::Included { outcome, .. } = status else { panic!("{status:?}") };
    assert_eq!((outcome.value().hash(), outcome.value().success), (won, Some(true)));
}
