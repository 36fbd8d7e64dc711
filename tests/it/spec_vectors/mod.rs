//! The official consensus light-client vectors: every case found is run, and a case that was not read fails the test.
//!
//! `LIFEBOAT_VECTORS` names another folder; sets in the standard layout are found below it.
//! Out of scope, said here so that it is no silence: `light_client/data_collection` (what a *server* stores), the
//! bid containers of `ssz_static` (a light client never sees one).

mod bls;
mod merkle_proof;
mod ranking;
mod spec;
mod ssz_static;
mod sync;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_yaml_ng::Value;

use crate::support::shared;

/// One case folder and where it stands in the layout.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) dir: PathBuf,
    pub(crate) preset: String,
    pub(crate) fork: String,
    pub(crate) runner: String,
    pub(crate) handler: String,
    pub(crate) name: String,
}

impl Case {
    pub(crate) fn yaml(&self, file: &str) -> Value {
        let text =
            std::fs::read_to_string(self.dir.join(file)).unwrap_or_else(|e| panic!("{self:?} {file}: {e}"));
        serde_yaml_ng::from_str(&text).unwrap_or_else(|e| panic!("{self:?} {file}: {e}"))
    }

    /// A raw snappy block, decompressed.
    pub(crate) fn ssz(&self, file: &str) -> Vec<u8> {
        let bytes = std::fs::read(self.dir.join(format!("{file}.ssz_snappy")))
            .unwrap_or_else(|e| panic!("{self:?} {file}: {e}"));
        snap::raw::Decoder::new().decompress_vec(&bytes).unwrap_or_else(|e| panic!("{self:?} {file}: {e}"))
    }
}

/// All cases below `root`: a case is a folder whose path ends in
/// `tests/<preset>/<fork>/<runner>/<handler>/<suite>/<case>`.
fn cases(root: &Path) -> Vec<Case> {
    let mut found = Vec::new();
    let mut stack = vec![root.to_path_buf()];
    while let Some(dir) = stack.pop() {
        if dir.file_name().is_some_and(|name| name == "tests") {
            found.extend(below(&dir));
            continue;
        }
        stack.extend(folders(&dir));
    }
    found.sort_by(|a, b| a.dir.cmp(&b.dir));
    found
}

fn below(tests: &Path) -> Vec<Case> {
    let mut level = vec![tests.to_path_buf()];
    for _ in 0..6 {
        level = level.iter().flat_map(|dir| folders(dir)).collect();
    }
    level
        .into_iter()
        .map(|dir| {
            let parts: Vec<String> = dir
                .strip_prefix(tests)
                .unwrap()
                .components()
                .map(|part| part.as_os_str().to_string_lossy().into_owned())
                .collect();
            Case {
                preset: parts[0].clone(),
                fork: parts[1].clone(),
                runner: parts[2].clone(),
                handler: parts[3].clone(),
                name: parts[5].clone(),
                dir,
            }
        })
        .collect()
}

fn folders(dir: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(dir).into_iter().flatten().flatten().map(|e| e.path()).filter(|p| p.is_dir()).collect()
}

fn is_out_of_scope(case: &Case) -> bool {
    matches!(
        (case.runner.as_str(), case.handler.as_str()),
        ("light_client", "data_collection")
            | ("ssz_static", "ExecutionPayloadBid" | "SignedExecutionPayloadBid")
    )
}

fn run(case: &Case) {
    match (case.runner.as_str(), case.handler.as_str()) {
        ("light_client", "sync") => sync::run(case),
        ("light_client", "update_ranking") => ranking::run(case),
        ("light_client", "single_merkle_proof") => merkle_proof::run(case),
        ("ssz_static", _) => ssz_static::run(case),
        ("bls", handler) => bls::run(case, handler),
        other => panic!("no runner for {other:?}: {}", case.dir.display()),
    }
}

#[test]
fn every_official_case() {
    let own = std::env::var_os("LIFEBOAT_VECTORS").map(PathBuf::from);
    let Some(root) = own.clone().or_else(|| shared("fixtures/consensus-vectors")) else { return };
    let all = cases(&root);
    assert!(!all.is_empty(), "no case in the standard layout below {}", root.display());
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for case in &all {
        let key = format!("{}/{}", case.runner, case.handler);
        if is_out_of_scope(case) {
            *counts.entry(format!("{key} (out of scope)")).or_default() += 1;
            continue;
        }
        run(case);
        *counts.entry(key).or_default() += 1;
    }
    // Files in a `tests` folder that no case claims would be vectors not read.
    let read: usize = counts.values().sum();
    assert_eq!(read, all.len(), "a case was not read");
    for (key, count) in &counts {
        println!("{count:5} {key}");
    }
    if own.is_none() {
        for must in ["light_client/sync", "light_client/update_ranking", "light_client/single_merkle_proof"] {
            assert!(counts.contains_key(must), "{must} is missing from the shared vectors");
        }
    }
}
