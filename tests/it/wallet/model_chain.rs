//! The wallet itself against the practice chain, under random interleavings of signing, sending, endpoints that drop what
//! they took, blocks, reorgs, replacements and restarts. The chain is the model: what the wallet says of each transaction
//! must be what stands there, and nothing it signed may be missing or share its nonce but with its own replacement.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;

use alloy::primitives::B256;
use lifeboat::app::Replacement;
use lifeboat::app::signing::StatusWord;
use lifeboat::devnet::execution::ExecutionLie;
use lifeboat::devnet::http::Fault;

use super::{Lab, pay};

/// What the test did: nonce, and the transaction that it was to replace.
#[derive(Debug, Clone, Copy)]
struct Own {
    hash: B256,
    nonce: u64,
    replaces: Option<B256>,
    /// An endpoint kept it.
    sent: bool,
}

const WAITING: [StatusWord; 4] =
    [StatusWord::Saved, StatusWord::Sent, StatusWord::NotSeen, StatusWord::Reorged];

/// The number of the block that each of them stands in, as far as the proven head reaches.
fn placed(lab: &Lab, own: &[Own]) -> BTreeMap<B256, u64> {
    let head = lab.handle.snapshot().head.and_then(|head| head.block).unwrap().number;
    let chain = lab.network.execution().read().unwrap_or_else(PoisonError::into_inner);
    let place = |one: &Own| Some((one.hash, chain.locate(one.hash)?.0.number()));
    own.iter().filter_map(place).filter(|(_, number)| *number <= head).collect()
}

async fn compared(lab: &Lab, own: &[Own], what: &str) {
    let placed = placed(lab, own);
    for one in own {
        let view = lab.status(one.hash).await;
        assert_eq!(view.nonce, one.nonce, "{what}");
        let rival = own.iter().any(|other| {
            other.hash != one.hash && other.nonce == one.nonce && placed.contains_key(&other.hash)
        });
        let right = match (placed.contains_key(&one.hash), rival) {
            (true, _) => matches!(view.word, StatusWord::Included | StatusWord::Final),
            (false, true) => view.word == StatusWord::Replaced,
            (false, false) => WAITING.contains(&view.word),
        };
        assert!(right, "{what}: {one:?} is said to be {:?}; in blocks: {placed:?}", view.word);
    }
    let kept: BTreeSet<B256> = lab.wallet().activity().unwrap().iter().map(|one| one.hash).collect();
    assert_eq!(kept, own.iter().map(|one| one.hash).collect(), "{what}");
    // Two of one nonce are an original and what replaces it.
    for one in own {
        for other in own.iter().filter(|other| other.nonce == one.nonce && other.hash != one.hash) {
            assert!(one.replaces.is_some() || other.replaces.is_some(), "{what}: {one:?} {other:?}");
        }
    }
}

async fn signed(lab: &Lab, tenths: u64) -> Own {
    let prepared = lab.prepared(pay(1, tenths)).await;
    let view = lab.sign(&prepared, &[]).await;
    Own { hash: view.hash, nonce: view.nonce, replaces: None, sent: false }
}

/// A replacement of it, where it can still be replaced.
async fn replacement(lab: &Lab, of: Own, kind: Replacement) -> Option<Own> {
    let prepared = lab.wallet().prepare_replacement(of.hash, kind).await.ok()?;
    let view = lab.sign(&prepared, &[]).await;
    Some(Own { hash: view.hash, nonce: view.nonce, replaces: Some(of.hash), sent: false })
}

async fn run(seed: u64, steps: u64) -> BTreeMap<&'static str, usize> {
    let mut chance = fastrand::Rng::with_seed(seed);
    let mut lab = Lab::start().await;
    let mut own: Vec<Own> = Vec::new();
    let mut done: BTreeMap<&'static str, usize> = BTreeMap::new();
    for step in 0..steps {
        let at = if own.is_empty() { 0 } else { chance.usize(..own.len()) };
        let what = match chance.u8(..16) {
            0..=3 => {
                own.push(signed(&lab, step + 1).await);
                "sign"
            }
            4..=7 if !own.is_empty() => {
                let drops = chance.u8(..4) == 0;
                if drops {
                    lab.lie(Fault::Lying { lie: ExecutionLie::DroppedSubmission });
                }
                lab.wallet().deliver(own[at].hash).await.unwrap();
                lab.lie(Fault::Healthy);
                own[at].sent |= !drops;
                if drops { "drop" } else { "send" }
            }
            8..=9 if !own.is_empty() => {
                let kind = if chance.bool() { Replacement::SpeedUp } else { Replacement::Cancel };
                match replacement(&lab, own[at], kind).await {
                    Some(new) => {
                        own.push(new);
                        "replace"
                    }
                    None => "replace refused",
                }
            }
            10 => {
                lab = lab.restart().await;
                "restart"
            }
            11 => {
                let depth = chance.usize(1..3);
                lab.network.reorg(depth);
                lab.network.skip(depth as u64).unwrap();
                lab.advance(2).await;
                "reorg"
            }
            _ => {
                lab.advance(chance.u64(1..4)).await;
                "blocks"
            }
        };
        *done.entry(what).or_default() += 1;
        compared(&lab, &own, &format!("seed {seed}, step {step}, {what}")).await;
    }
    done
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_wallet_says_is_what_stands_on_the_chain() {
    let mut done: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 1..=3 {
        for (what, times) in run(seed, 40).await {
            *done.entry(what).or_default() += times;
        }
    }
    for what in ["sign", "send", "drop", "blocks", "reorg", "replace", "restart"] {
        assert!(done.contains_key(what), "{what} never happened: {done:?}");
    }
}
