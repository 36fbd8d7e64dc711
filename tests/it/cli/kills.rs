//! THREATS T52: the binary is killed at any moment of a sending and of the making of a key. Some moments are drawn at
//! random; others are waited for, because they are a thousandth of a run: between the signature on the disk and its
//! sending, and while a key's file is written. A test in which one of them did not occur has failed.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::PoisonError;
use std::time::{Duration, Instant};

use lifeboat::app::signing::keys::SealedKey;
use lifeboat::chain::{Clock as _, SystemClock};
use lifeboat::devnet::execution::PRACTICE_ACCOUNTS;
use serde_json::Value;

use super::lab::Lab;

/// A run that takes longer has hung.
const PATIENCE: Duration = Duration::from_secs(120);

/// How often to kill: `LIFEBOAT_KILLS` raises it, as to the thousand that is promised.
fn rounds(usual: usize) -> usize {
    std::env::var("LIFEBOAT_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// Starts the binary with this on its standard input.
fn started(lab: &Lab, args: &[&str], input: &str) -> Child {
    let folder = lab.path().to_str().unwrap().to_owned();
    let mut child = Command::new(env!("CARGO_BIN_EXE_lifeboat"))
        .args(["--network", "custom", "--data-dir", &folder, "--checkpoint", &lab.checkpoint()])
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child
}

/// Kills it as soon as `now` is true, unless it ends before; whether it ended by itself and well.
fn killed_when(mut child: Child, mut now: impl FnMut() -> bool) -> bool {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.success();
        }
        if now() || started.elapsed() > PATIENCE {
            let _may_have_ended = child.kill();
            return child.wait().unwrap().success();
        }
        std::thread::sleep(Duration::from_micros(50));
    }
}

fn after(moment: Duration) -> impl FnMut() -> bool {
    let started = Instant::now();
    move || started.elapsed() >= moment
}

/// Where a sending was when it died.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sending {
    /// Nothing was signed.
    Unsigned,
    /// The signature is on the disk, and the network has nothing of it.
    Kept,
    /// The network has it.
    Sent,
    /// It ended by itself.
    Ended,
}

/// What is waited for in a round.
#[derive(Debug, Clone, Copy)]
enum Moment {
    Random,
    /// The signature reached the disk.
    Signed,
    /// The network took it.
    Taken,
}

/// The nonces of account 0 that the network has, in blocks and waiting.
fn seen(lab: &Lab) -> BTreeSet<u64> {
    let waiting = waiting(lab);
    (0..used(lab)).chain(waiting).collect()
}

/// Those that wait for a block: read where the chain is, because a question over HTTP takes longer than a sending lives on
/// after its transaction was taken.
fn waiting(lab: &Lab) -> Vec<u64> {
    let own = PRACTICE_ACCOUNTS[0].address;
    let chain = lab.network.execution().read().unwrap_or_else(PoisonError::into_inner);
    let waiting = chain.waiting_transactions().filter(|one| one.signer() == own);
    waiting.map(|one| alloy::consensus::Transaction::nonce(one.inner())).collect()
}

/// The account's next nonce on the chain.
fn used(lab: &Lab) -> u64 {
    let asked = serde_json::json!([PRACTICE_ACCOUNTS[0].address, "latest"]);
    let count = lab.rpc("eth_getTransactionCount", &asked);
    u64::from_str_radix(count.as_str().unwrap().trim_start_matches("0x"), 16).unwrap()
}

/// The chain follows the clock, three slots behind: those are for the end.
fn keep_pace(lab: &Lab) {
    let now = lab.network.spec().slot_at(SystemClock.unix_ms());
    let behind = now.saturating_sub(lab.network.head_slot());
    if behind > 4 {
        lab.network.advance(behind - 4).unwrap();
    }
}

/// The journal's transactions, as the program lists them.
fn journal(lab: &Lab) -> Vec<Value> {
    let activity = lab.run(&["--json", "activity"]);
    assert_eq!(activity.code, 0, "{activity:?}");
    activity.json()["transactions"].as_array().unwrap().clone()
}

/// One sending, killed at this moment; and where it was.
fn killed_sending(lab: &Lab, moment: Moment, random: Duration) -> Sending {
    let kept = || std::fs::metadata(lab.path().join("custom/journal")).map_or(0, |meta| meta.len());
    let (kept_before, seen_before, waiting_before) = (kept(), seen(lab).len(), waiting(lab).len());
    let child = started(lab, &["send", "practice-1", "0.01", "--from", "practice-0", "--yes"], "");
    let ended = match moment {
        Moment::Random => killed_when(child, after(random)),
        Moment::Signed => killed_when(child, || kept() > kept_before),
        Moment::Taken => killed_when(child, || waiting(lab).len() > waiting_before),
    };
    match (ended, kept() > kept_before, seen(lab).len() > seen_before) {
        (true, ..) => Sending::Ended,
        (false, _, true) => Sending::Sent,
        (false, true, false) => Sending::Kept,
        (false, false, false) => Sending::Unsigned,
    }
}

/// Sends what was signed and not sent. False where the journal still has `before` transactions: the kill came while the
/// record was written, which is cut off then and told, and nothing of it had left.
fn sent_later(lab: &Lab, before: usize) -> bool {
    let activity = lab.run(&["--json", "activity"]);
    let all = activity.json()["transactions"].as_array().unwrap().clone();
    if all.len() == before {
        assert!(activity.err.contains("that are no whole record"), "{activity:?}");
        return false;
    }
    // Among them what an earlier kill left sent and not noted.
    let waiting = all.iter().filter(|one| one["state"] == "saved");
    for hash in waiting.map(|one| one["hash"].as_str().unwrap()) {
        let sent = lab.run(&["broadcast", hash]);
        assert_eq!(sent.code, 0, "{sent:?}");
    }
    true
}

/// What the network has seen is in the journal, no nonce was signed twice, and what was signed and not sent can be sent.
#[test]
fn killed_at_any_moment_nothing_signed_is_forgotten() {
    let lab = Lab::start_behind(1, 8);
    let first = used(&lab);
    lab.run(&["status"]);
    let mut moments = fastrand::Rng::with_seed(17);
    let mut classes: BTreeMap<Sending, usize> = BTreeMap::new();
    // One that is left alone says how long a sending takes here.
    let began = Instant::now();
    *classes.entry(killed_sending(&lab, Moment::Random, PATIENCE)).or_default() += 1;
    let usual = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX).max(20);
    let (wanted, mut round) = (rounds(40), 1);
    let all = [Sending::Unsigned, Sending::Kept, Sending::Sent, Sending::Ended];
    // A slow machine may need more rounds until each moment was met.
    while round < wanted || (round < wanted * 4 && all.iter().any(|class| !classes.contains_key(class))) {
        let moment = [Moment::Random, Moment::Signed, Moment::Random, Moment::Taken][round % 4];
        // Every eighth is left alone for so long that it ends.
        let random = if round % 8 == 2 { PATIENCE } else { Duration::from_millis(moments.u64(10..usual)) };
        let mut class = killed_sending(&lab, moment, random);
        let signed = classes.iter().filter(|(class, _)| **class != Sending::Unsigned);
        let signed: usize = signed.map(|(_, count)| *count).sum();
        if class == Sending::Kept && !sent_later(&lab, signed) {
            class = Sending::Unsigned;
        }
        *classes.entry(class).or_default() += 1;
        keep_pace(&lab);
        round += 1;
    }
    println!("killed while sending: {classes:?}");
    assert!(all.iter().all(|class| classes.contains_key(class)), "a moment was never met: {classes:?}");
    lab.network.advance(3).unwrap();
    let kept: Vec<(String, u64)> = journal(&lab)
        .iter()
        .map(|one| (one["hash"].as_str().unwrap().to_owned(), one["nonce"].as_u64().unwrap()))
        .collect();
    let nonces: BTreeSet<u64> = kept.iter().map(|(_, nonce)| *nonce).collect();
    assert_eq!(nonces.len(), kept.len(), "a nonce was signed twice: {kept:?}");
    // Every round that signed stands in the journal, and all of it reached the chain.
    let signed = round - classes.get(&Sending::Unsigned).copied().unwrap_or_default();
    assert_eq!(kept.len(), signed, "{classes:?}: {kept:?}");
    let seen: Vec<u64> = seen(&lab).into_iter().filter(|nonce| *nonce >= first).collect();
    assert_eq!(seen, nonces.into_iter().collect::<Vec<u64>>(), "the chain and the journal differ");
}

/// Where the making of a key was when it died.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Making {
    /// No file was begun.
    Nothing,
    /// A file was begun that has no key's name yet.
    Begun,
    /// The key's file is there.
    Whole,
    /// It ended by itself.
    Ended,
}

/// What is in the folder of keys: files that have a key's name, and others.
fn key_files(folder: &Path) -> (usize, usize) {
    let names = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let (keys, others): (Vec<_>, Vec<_>) =
        names.map(|one| one.path()).partition(|path| path.extension().is_some_and(|one| one == "lbkey"));
    (keys.len(), others.len())
}

/// Each key is there whole, or not at all.
#[test]
fn killed_while_keys_are_made_none_is_half() {
    let lab = Lab::start(1);
    let folder = lab.path().join("keys");
    let mut moments = fastrand::Rng::with_seed(23);
    let mut classes: BTreeMap<Making, usize> = BTreeMap::new();
    let all = [Making::Nothing, Making::Begun, Making::Whole, Making::Ended];
    let (wanted, mut round, mut made) = (rounds(8), 0, BTreeSet::new());
    while round < wanted || (round < wanted.max(10) * 4 && all.iter().any(|one| !classes.contains_key(one))) {
        let name = format!("key-{round}");
        let before = key_files(&folder);
        let args = ["key", "new", "--name", &name, "--password-fd", "0"];
        let child = started(&lab, &args, "canary-correct-horse\n");
        let ended = match round % 4 {
            0 => killed_when(child, after(Duration::from_millis(moments.u64(..1_500)))),
            1 => killed_when(child, || key_files(&folder) != before),
            2 => killed_when(child, || key_files(&folder).0 > before.0),
            _ => killed_when(child, || false),
        };
        let now = key_files(&folder);
        let class = match (ended, now.0 > before.0, now.1 > before.1) {
            (true, ..) => Making::Ended,
            (false, true, _) => Making::Whole,
            (false, false, true) => Making::Begun,
            (false, false, false) => Making::Nothing,
        };
        if matches!(class, Making::Ended | Making::Whole) {
            made.insert(name);
        }
        *classes.entry(class).or_default() += 1;
        round += 1;
    }
    println!("killed while keys were made: {classes:?}");
    assert!(all.iter().all(|class| classes.contains_key(class)), "a moment was never met: {classes:?}");
    for path in std::fs::read_dir(&folder).unwrap().flatten().map(|one| one.path()) {
        if path.extension().is_some_and(|one| one == "lbkey") {
            let bytes = std::fs::read(&path).unwrap();
            assert!(SealedKey::parse(&bytes).is_ok(), "{} is no whole key", path.display());
        }
    }
    let listed = lab.run(&["--json", "key", "list"]);
    assert_eq!((listed.code, listed.err.as_str()), (0, ""), "no damaged file: {listed:?}");
    for name in &made {
        assert!(listed.out.contains(&format!("\"{name}\"")), "{name} is lost: {}", listed.out);
    }
}
