//! The rules of the house, as tests: who may import whom, what a room may not contain, how long a file may be.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a rule that cannot be read must stop"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What each room may name; the table of `src/lib.rs`, kept.
const IMPORTS: [(&str, &[&str]); 14] = [
    ("networks", &[]),
    ("consensus", &["networks"]),
    ("execution", &["networks", "consensus"]),
    ("contracts", &["networks"]),
    ("sources", &["networks"]),
    ("storage", &["networks"]),
    ("chain", &["networks", "consensus", "execution", "sources"]),
    ("protocols", &["networks", "execution", "contracts", "chain"]),
    ("wallet", &["networks", "execution", "contracts", "chain"]),
    (
        "app",
        &[
            "networks",
            "consensus",
            "execution",
            "contracts",
            "sources",
            "storage",
            "chain",
            "protocols",
            "wallet",
        ],
    ),
    ("cli", &["app", "serve"]),
    ("gui", &["app"]),
    ("serve", &["app"]),
    ("devnet", &["networks", "consensus", "contracts"]),
];

const PURE: [&str; 4] = ["networks", "consensus", "execution", "contracts"];

/// Words that pure rooms may not contain.
const IMPURE: [&str; 12] = [
    "async fn",
    ".await",
    "tokio",
    "reqwest",
    "std::fs",
    "std::net",
    "std::env",
    "SystemTime",
    "Instant::now",
    "tracing",
    "println!",
    "std::thread",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut stack = vec![folder.to_path_buf()];
    while let Some(dir) = stack.pop() {
        for entry in fs::read_dir(dir).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                stack.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "{}", folder.display());
    found
}

/// The product part of a file: what stands before its inline tests.
fn product(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap()
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

/// The names that follow `crate::` in a line.
fn rooms_named(line: &str) -> Vec<String> {
    let after = line.match_indices("crate::").map(|(at, _)| &line[at + 7..]);
    after.map(|text| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()).collect()
}

#[test]
fn rooms_import_only_what_they_may() {
    let allowed: BTreeMap<&str, &[&str]> = IMPORTS.into_iter().collect();
    let mut wrong = Vec::new();
    for (room, may) in &allowed {
        for (path, text) in sources(&root().join("src").join(room)) {
            for line in product(&text).lines().filter(|line| !is_comment(line)) {
                let named =
                    rooms_named(line).into_iter().filter(|named| allowed.contains_key(named.as_str()));
                let foreign = named.filter(|named| named != room && !may.contains(&named.as_str()));
                wrong.extend(foreign.map(|named| format!("{}: {room} names {named}", path.display())));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn pure_rooms_stay_pure() {
    let mut wrong = Vec::new();
    for room in PURE {
        let product_files = sources(&root().join("src").join(room));
        // A file of inline tests that grew too long for its module stands beside it under this name.
        for (path, text) in
            product_files.into_iter().filter(|(path, _)| !path.to_string_lossy().ends_with("_tests.rs"))
        {
            for (number, line) in product(&text).lines().enumerate().filter(|(_, line)| !is_comment(line)) {
                for word in IMPURE.iter().filter(|word| line.contains(**word)) {
                    wrong.push(format!("{}:{}: {word}", path.display(), number + 1));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn faces_and_edges_keep_to_themselves() {
    let forbidden = [
        ("app", &["clap", "egui", "println!"][..]),
        ("chain", &["clap", "egui", "std::fs", "reqwest"][..]),
        ("sources", &["clap", "egui", "consensus::", "execution::"][..]),
        ("storage", &["clap", "egui", "reqwest"][..]),
        ("cli", &["egui"][..]),
        (
            "gui",
            &[
                "clap",
                "tokio",
                "reqwest",
                "std::fs",
                "block_on",
                "Instant::now",
                "SystemTime",
                "thread::spawn",
            ][..],
        ),
    ];
    let mut wrong = Vec::new();
    for (room, words) in forbidden {
        for (path, text) in sources(&root().join("src").join(room)) {
            for line in product(&text).lines().filter(|line| !is_comment(line)) {
                for word in words.iter().filter(|word| line.contains(**word)) {
                    wrong.push(format!("{}: {word}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn files_fit_a_head_and_say_what_they_are_for() {
    let mut wrong = Vec::new();
    for folder in ["src", "tests"] {
        for (path, text) in sources(&root().join(folder)) {
            let lines = text.lines().count();
            if lines > 400 {
                wrong.push(format!("{} has {lines} lines", path.display()));
            }
            if !text.starts_with("//!") {
                wrong.push(format!("{} does not say what it is for", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn doors_are_doors() {
    let mut wrong = Vec::new();
    for (path, text) in sources(&root().join("src")) {
        if path.file_name().is_some_and(|name| name == "mod.rs") {
            let starts = ["fn ", "pub fn ", "impl ", "struct ", "pub struct ", "enum ", "pub enum "];
            let body = text.lines().find(|line| starts.iter().any(|start| line.starts_with(start)));
            if let Some(line) = body {
                wrong.push(format!("{}: {line}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn nothing_unfinished_and_nothing_of_the_workplace() {
    // Split, so that this file does not find itself.
    let words = [("to", "do!("), ("unimple", "mented!("), ("FIX", "ME"), ("XX", "X"), ("/wo", "rk/")];
    let mut wrong = Vec::new();
    for folder in ["src", "tests"] {
        for (path, text) in sources(&root().join(folder)) {
            for (left, right) in words {
                if text.contains(&format!("{left}{right}")) {
                    wrong.push(format!("{}: {left}{right}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_execution_makes_proven_values() {
    for (path, text) in sources(&root().join("src")) {
        let inside = path.starts_with(root().join("src/execution"));
        assert!(inside || !text.contains("Proven::new("), "{}", path.display());
    }
}
