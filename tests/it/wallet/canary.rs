//! THREATS T51: after the wallet locks, neither a password nor a key is left in the program's own heap. The heap of this
//! process is read as the system shows it, and searched.

use std::io::{Read as _, Seek as _, SeekFrom};
use std::sync::Mutex;
use std::time::Duration;

use lifeboat::app::signing::keys::Secret;
use lifeboat::app::{Command, Handed, KeyImport, Snapshot, WalletCommand};

use super::{Lab, pay};

/// glibc's arenas begin at multiples of this.
const ARENA: u64 = 64 << 20;
const PAGE: usize = 4096;
const PIECE: usize = 1 << 20;
const LENGTH: usize = 40;

/// A byte of the password. It is computed, so that this program's own text does not hold it.
fn password(at: usize) -> u8 {
    b'a' + u8::try_from((at * 7 + 3) % 26).unwrap()
}

/// A hex digit of the key.
fn digit(at: usize) -> u8 {
    b"0123456789abcdef"[(at * 11 + at / 16 + 5) % 16]
}

/// A byte of the key itself.
fn key(at: usize) -> u8 {
    let value = |digit: u8| if digit.is_ascii_digit() { digit - b'0' } else { digit - b'a' + 10 };
    value(digit(at * 2)) << 4 | value(digit(at * 2 + 1))
}

/// A secret that is written where it stays.
fn secret(length: usize, byte: fn(usize) -> u8) -> Secret {
    let mut bytes = Vec::with_capacity(length);
    (0..length).for_each(|at| bytes.push(byte(at)));
    Secret::new(bytes)
}

/// What is searched is copied here, outside the heap: it would else be found once more, or hide what lies beside it.
static BUFFER: Mutex<[u8; PIECE]> = Mutex::new([0; PIECE]);

/// How often each of the three stands in the heap. Stacks and what is mapped for files are left:
/// what a function keeps there while it works is not what outlives a lock.
fn found() -> [usize; 3] {
    let mut buffer = BUFFER.lock().unwrap();
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    let mut memory = std::fs::File::open("/proc/self/mem").unwrap();
    let mut counts = [0; 3];
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
            for (count, (byte, long)) in
                counts.iter_mut().zip([(password as fn(usize) -> u8, LENGTH), (digit, 64), (key, 32)])
            {
                *count += occurrences(piece, byte, long);
            }
            // The pieces overlap, so that nothing hides on an edge.
            at += if length == PIECE { (PIECE - 64) as u64 } else { length as u64 };
        }
    }
    counts
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

fn occurrences(piece: &[u8], byte: fn(usize) -> u8, long: usize) -> usize {
    let first = byte(0);
    let starts = piece.iter().enumerate().filter(|(_, one)| **one == first).map(|(at, _)| at);
    starts
        .filter(|at| {
            piece
                .get(*at..at + long)
                .is_some_and(|text| text.iter().enumerate().all(|(at, one)| *one == byte(at)))
        })
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_lock_no_password_and_no_key_is_left_in_the_heap() {
    let mut lab = Lab::start().await;
    let wait = Duration::from_secs(60);
    let import = Handed::new(KeyImport::Hex(secret(64, digit)));
    let name = "Canary".to_owned();
    let add = WalletCommand::AddKey { import, name, password: Handed::new(secret(LENGTH, password)) };
    lab.handle.send(Command::Wallet(add)).unwrap();
    let added = |now: &Snapshot| now.wallet.accounts.iter().any(|one| one.name == "Canary");
    let now = tokio::time::timeout(wait, lab.handle.wait_until(added)).await.unwrap().unwrap();
    let account = now.wallet.accounts.iter().find(|one| one.name == "Canary").unwrap().address;
    assert_eq!(found(), [0; 3], "sealing left something behind");
    let unlock = WalletCommand::Unlock { account, password: Handed::new(secret(LENGTH, password)) };
    lab.handle.send(Command::Wallet(unlock)).unwrap();
    let open = |now: &Snapshot| now.wallet.unlocked.contains(&account);
    tokio::time::timeout(wait, lab.handle.wait_until(open)).await.unwrap().unwrap();
    // It is there all the while; a map of this process that is read while other tests change it may miss it.
    let started = std::time::Instant::now();
    let mut while_open = found();
    while while_open[0] == 0 && started.elapsed() < wait {
        tokio::time::sleep(Duration::from_millis(50)).await;
        while_open = found();
    }
    assert!(while_open[0] >= 1, "the search sees what is there: {while_open:?}");
    assert_eq!(while_open[1..], [0, 0], "the key itself stays sealed while nothing is signed");
    lab.handle.send(Command::Wallet(WalletCommand::Lock)).unwrap();
    let locked = |now: &Snapshot| !now.wallet.unlocked.contains(&account);
    tokio::time::timeout(wait, lab.handle.wait_until(locked)).await.unwrap().unwrap();
    drop(lab.prepared(pay(3, 1)).await); // work goes on meanwhile
    assert_eq!(found(), [0; 3], "a lock left something behind");
}
