//! THREATS T51: after the wallet locks, neither a password, nor a phrase, nor a key is left in the program's own heap: not
//! after a key or a phrase came in, not after it signed, and not after it was exported. The heap of this process is read as
//! the system shows it, and searched.

use std::io::{Read as _, Seek as _, SeekFrom};
use std::sync::Mutex;
use std::time::Duration;

use alloy::primitives::{Address, hex};
use lifeboat::app::signing::Intent;
use lifeboat::app::signing::keys::{DerivationPath, Phrase, Secret};
use lifeboat::app::signing::review::Answers;
use lifeboat::app::{
    Command, Handed, KeyImport, Outcome, SendRequest, Snapshot, Then, ToSign, Unlock, WalletCommand,
};

use super::messages::ordered;
use super::{Lab, ether, pay, who};

/// glibc's arenas begin at multiples of this.
const ARENA: u64 = 64 << 20;
const PAGE: usize = 4096;
const PIECE: usize = 1 << 20;

/// What must be found nowhere, written where it is no part of the heap: the password, the key as it is typed, and as its
/// bytes stand in memory in either order; the phrase, its entropy, its passphrase, the seed, the keys on the way to its first
/// account, and that account's key in either order.
static CANARIES: [(&str, &[u8]); 14] = [
    ("password", PASSWORD),
    ("key as typed", KEY_HEX),
    ("key", &KEY),
    ("key, other order", &reversed(KEY)),
    ("phrase", PHRASE),
    ("part of the phrase", b"trim fence ensure ecology clown"),
    ("entropy", &hex!("28fabab0ab9ae7d155425a460582021e")),
    ("passphrase", PASSPHRASE),
    ("seed", &hex!("a96f66ecaee37309b045a7087aac9f694288e52d8f6fa7254f77e1d873dfd540")),
    ("master key", &hex!("e5d7716c09b307a0f6bcf7f7f40d62fe358939007ec1da3f3f87f52e57650145")),
    ("key of m/44'/60'", &hex!("424c0f8d131e3cb1d094cf36dd0a381ff429ea26a082bc32c09d75ecd9f40b32")),
    ("key of m/44'/60'/0'", &hex!("92c052b7514a06646e3f7cf76394bfea7ed5c9b3befe1e1591a07f3a9fcd91d7")),
    ("derived key", &DERIVED),
    ("derived key, other order", &reversed(DERIVED)),
];
const PASSWORD: &[u8] = b"canary password 0b1fa7, forty bytes long";
const KEY_HEX: &[u8] = b"5a4c9e1177d3b8e6f02a6d4b8c15930ef7a2b46180d9c35e2b7f64a1093dce58";
const KEY: [u8; 32] = hex!("5a4c9e1177d3b8e6f02a6d4b8c15930ef7a2b46180d9c35e2b7f64a1093dce58");
const PHRASE: &[u8] = b"cigar still promote fire purpose trim fence ensure ecology clown letter diamond";
const PASSPHRASE: &[u8] = b"canary passphrase 7f3a";
/// Of the phrase under its passphrase, at the first standard path; computed with another program.
const DERIVED: [u8; 32] = hex!("13ad60344c5ae317cb6aba9942f8113ae56cfe9a07131482ec7b5964975d42ab");

/// As numbers stand in the memory of a computer of today.
const fn reversed(bytes: [u8; 32]) -> [u8; 32] {
    let mut out = [0; 32];
    let mut at = 0;
    while at < 32 {
        out[at] = bytes[31 - at];
        at += 1;
    }
    out
}

/// A secret that is written where it stays.
fn secret(bytes: &'static [u8]) -> Secret {
    Secret::new(bytes.to_vec())
}

/// What is searched is copied here, outside the heap: it would else be found once more, or hide what lies beside it.
static BUFFER: Mutex<[u8; PIECE]> = Mutex::new([0; PIECE]);

/// Which of them stand in the heap. Stacks and what is mapped for files are left:
/// what a function keeps there while it works is not what outlives a lock.
fn found() -> Vec<&'static str> {
    let mut buffer = BUFFER.lock().unwrap();
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let mut memory = std::fs::File::open("/proc/self/mem").unwrap();
    let mut seen = [false; CANARIES.len()];
    let mut firsts = [false; 256];
    CANARIES.iter().for_each(|(_, canary)| firsts[usize::from(canary[0])] = true);
    for line in maps.lines() {
        let (range, rest) = line.split_once(' ').unwrap();
        let (from, to) = range.split_once('-').unwrap();
        let [from, to] = [from, to].map(|one| u64::from_str_radix(one, 16).unwrap());
        let anonymous = rest.split_whitespace().count() == 4;
        let heap = rest.ends_with("[heap]") || (anonymous && from.is_multiple_of(ARENA));
        if !heap || !rest.starts_with("rw") {
            continue;
        }
        let mut at = from;
        while at < to {
            let length = usize::try_from(to - at).unwrap().min(PIECE);
            let piece = &mut buffer[..length];
            read(&mut memory, at, piece);
            look(piece, &firsts, &mut seen);
            // The pieces overlap, so that nothing hides on an edge.
            at += if length == PIECE { (PIECE - 128) as u64 } else { length as u64 };
        }
    }
    CANARIES.iter().zip(seen).filter(|(_, seen)| *seen).map(|((name, _), _)| *name).collect()
}

/// What is there now. Other threads give pages back meanwhile: those stand as zeros, and what is behind them is read.
fn read(memory: &mut std::fs::File, at: u64, piece: &mut [u8]) {
    let mut whole = |from: u64, into: &mut [u8]| {
        memory.seek(SeekFrom::Start(from)).is_ok() && memory.read_exact(into).is_ok()
    };
    if whole(at, piece) {
        return;
    }
    for (index, page) in piece.chunks_mut(PAGE).enumerate() {
        if !whole(at + (index * PAGE) as u64, page) {
            page.fill(0);
        }
    }
}

/// Notes which of them stand in the piece. One pass for all: most bytes begin none of them.
fn look(piece: &[u8], firsts: &[bool; 256], seen: &mut [bool; CANARIES.len()]) {
    static ZEROS: [u8; PIECE] = [0; PIECE];
    if piece == &ZEROS[..piece.len()] {
        return;
    }
    for (at, byte) in piece.iter().enumerate() {
        if firsts[usize::from(*byte)] {
            for (seen, (_, canary)) in seen.iter_mut().zip(CANARIES) {
                *seen |= piece[at..].starts_with(canary);
            }
        }
    }
}

/// A second look for what another thread may just be giving back.
async fn nothing_is_left(after: &str) {
    let started = std::time::Instant::now();
    let mut left = found();
    while !left.is_empty() && started.elapsed() < Duration::from_secs(5) {
        tokio::time::sleep(Duration::from_millis(100)).await;
        left = found();
    }
    assert!(left.is_empty(), "{after} left behind: {left:?}");
}

async fn done(lab: &mut Lab, order: WalletCommand) -> Outcome {
    ordered(lab, order).await.1.unwrap()
}

fn answers() -> Answers {
    Answers { held: true, facts: Vec::new() }
}

/// Imports, and says whose it is.
async fn imported(lab: &mut Lab, import: KeyImport, name: &str) -> Address {
    let password = Handed::new(secret(PASSWORD));
    let add = WalletCommand::AddKey { import: Handed::new(import), name: name.to_owned(), password };
    match done(lab, add).await {
        Outcome::KeyAdded(accounts) => accounts[0].address,
        other => panic!("{other:?}"),
    }
}

/// Unlocks the account as the window does, signs a payment and a text, and locks.
async fn signs(lab: &mut Lab, account: Address) {
    let password = Handed::new(secret(PASSWORD));
    done(lab, WalletCommand::Unlock { account, password }).await;
    // It is there all the while; a map of this process that is read while other tests change it may miss it.
    let started = std::time::Instant::now();
    while !found().contains(&"password") {
        assert!(started.elapsed() < Duration::from_secs(60), "the search does not see what is there");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let while_open = found();
    assert_eq!(while_open, ["password"], "the key itself stays sealed while nothing is signed");
    let request = SendRequest::new(account, Intent::SendEther { to: who(1), amount: ether(1) });
    done(lab, WalletCommand::Review(Box::new(request))).await;
    let review = lab.handle.snapshot().wallet.review.as_ref().unwrap().prepared.review.id();
    done(lab, WalletCommand::Sign { review, answers: answers(), then: Then::Keep }).await;
    let wanted = ToSign::Text("canary".to_owned());
    done(lab, WalletCommand::ReviewMessage { from: account, wanted }).await;
    let review = lab.handle.snapshot().wallet.message.as_ref().unwrap().id();
    done(lab, WalletCommand::Sign { review, answers: answers(), then: Then::Keep }).await;
    lab.handle.send(Command::Wallet(WalletCommand::Lock)).unwrap();
    let locked = |now: &Snapshot| !now.wallet.unlocked.contains(&account);
    tokio::time::timeout(Duration::from_secs(60), lab.handle.wait_until(locked)).await.unwrap().unwrap();
    nothing_is_left("signing and a lock").await;
    // As the command line does it, and with the key as another wallet's file.
    let prepared = lab.wallet().prepare(&SendRequest::new(account, pay(1, 1))).await.unwrap();
    let unlock = Unlock::Password(secret(PASSWORD));
    lab.wallet().sign(prepared.review.id(), &answers(), unlock).await.unwrap();
    nothing_is_left("signing with a password").await;
    let view = lab.wallet().account(&account.to_string()).unwrap();
    lab.wallet().export(&view, &secret(PASSWORD), &secret(PASSWORD)).unwrap();
    nothing_is_left("an export").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_lock_no_password_no_phrase_and_no_key_is_left_in_the_heap() {
    let mut lab = Lab::start().await;
    let hex = imported(&mut lab, KeyImport::Hex(secret(KEY_HEX)), "Canary").await;
    nothing_is_left("sealing a key").await;
    let words = || Phrase::new(&secret(PHRASE), secret(PASSPHRASE)).ok().unwrap();
    done(&mut lab, WalletCommand::Discover(Handed::new(words()))).await;
    nothing_is_left("the search for a phrase's accounts").await;
    let paths = vec![DerivationPath::standard(0)];
    let derived = imported(&mut lab, KeyImport::Phrase { phrase: words(), paths }, "Words").await;
    nothing_is_left("sealing a phrase").await;
    for to in [hex, derived] {
        let prepared = lab.prepared(Intent::SendEther { to, amount: ether(20) }).await;
        let signed = lab.sign(&prepared, &[]).await;
        lab.wallet().deliver(signed.hash).await.unwrap();
    }
    lab.advance(2).await;
    for account in [hex, derived] {
        signs(&mut lab, account).await;
    }
    drop(lab.prepared(pay(3, 1)).await); // work goes on meanwhile
    nothing_is_left("all of it").await;
}
