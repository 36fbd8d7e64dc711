//! `lifeboat practice`: what is typed to it moves the network that other programs read.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use super::lab::lifeboat;

const MARKET: &str = "0x4ed7c70F96B99c776995fB64377f0d4aB3B0e1C1";
const OWNER: &str = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

/// A practice network in a program of its own; it ends with the test.
struct Foreground {
    child: Child,
    orders: ChildStdin,
    said: BufReader<ChildStdout>,
}

impl Foreground {
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_lifeboat"))
            .args(["practice", "--slot-seconds", "2"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let orders = child.stdin.take().unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        Self { child, orders, said }
    }

    /// Everything up to the line that holds `part`.
    fn until(&mut self, part: &str) -> Vec<String> {
        let mut all = Vec::new();
        loop {
            let mut line = String::new();
            assert!(self.said.read_line(&mut line).unwrap() > 0, "it ended before {part:?}: {all:?}");
            all.push(line.trim_end().to_owned());
            if line.contains(part) {
                return all;
            }
        }
    }

    fn order(&mut self, line: &str, answer: &str) {
        writeln!(self.orders, "{line}").unwrap();
        let said = self.until(answer);
        assert_eq!(said.len(), 1, "{line}: {said:?}");
    }
}

impl Drop for Foreground {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The health factor of account 0 as the market tells it, in hundredths.
fn factor(folder: &str, root: &str) -> Option<u64> {
    let market = "getUserAccountData(address)(uint256,uint256,uint256,uint256,uint256,uint256)";
    let words =
        ["--network", "custom", "--data-dir", folder, "--checkpoint", root, "call", MARKET, market, OWNER];
    let run = lifeboat(&words);
    let mut words = run.out.rsplit(|c: char| !c.is_ascii_digit());
    let wad: u128 = words.find(|word| word.len() >= 18)?.parse().ok()?;
    u64::try_from(wad / 10_u128.pow(16)).ok()
}

#[test]
fn a_price_typed_to_the_foreground_moves_the_loan_that_others_read() {
    let mut network = Foreground::start();
    let said = network.until("Orders, a line each");
    let checkpoint = said.iter().find(|line| line.starts_with("checkpoint")).unwrap();
    let root = checkpoint.split_whitespace().last().unwrap().to_owned();
    let settings = said.iter().position(|line| line == "[networks.custom]").unwrap();
    let folder = tempfile::tempdir().unwrap();
    // All that follows belongs to the file, as somebody would copy it.
    let text = [&said[settings..], &network.until("`off CARRIER`")].concat().join("\n");
    std::fs::write(folder.path().join("settings.toml"), text).unwrap();
    network.order("ether fells 15", "is no order");
    network.until("`off CARRIER`");
    network.order("ether falls 15", "Ether is at 2550 US dollars");
    let started = Instant::now();
    let path = folder.path().to_str().unwrap();
    let mut found = None;
    while found != Some(97) {
        assert!(started.elapsed() < Duration::from_secs(60), "the loan stays at {found:?}");
        found = factor(path, &root);
    }
    network.order("off practice-north", "2 endpoints close every connection.");
    network.order("ether back", "Ether is at 3000 US dollars");
    let started = Instant::now();
    while found != Some(114) {
        assert!(started.elapsed() < Duration::from_secs(60), "the loan stays at {found:?}");
        found = factor(path, &root);
    }
}
