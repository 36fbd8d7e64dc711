//! Creation bytecodes of real contracts, from the folder that `LIFEBOAT_ARTIFACTS` names, and of stand-ins of ours.

use std::collections::BTreeMap;
use std::path::PathBuf;

use alloy::hex;
use alloy::primitives::Address;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
struct Artifact {
    bytecode: String,
    links: Vec<(String, usize)>,
}

/// The folder.
#[derive(Debug, Clone)]
pub(crate) struct Artifacts(PathBuf);

impl Artifacts {
    /// `None`, said on stderr, where there is none.
    pub(crate) fn find() -> Option<Self> {
        let Some(folder) = std::env::var_os("LIFEBOAT_ARTIFACTS") else {
            eprintln!("SKIPPED: LIFEBOAT_ARTIFACTS names no folder (see tests/interop/artifacts.sh)");
            return None;
        };
        Some(Self(folder.into()))
    }

    /// The folder's where it has all of `names`; else stand-ins of ours for what no package has, which is said.
    pub(crate) fn or_ours(names: &[&str]) -> Self {
        let folder = std::env::var_os("LIFEBOAT_ARTIFACTS").map(|folder| Self(folder.into()));
        let whole = |found: &Self| names.iter().all(|name| found.path(name).exists());
        folder.filter(whole).unwrap_or_else(|| {
            eprintln!("STAND-INS: {names:?} are not all in a folder that LIFEBOAT_ARTIFACTS names");
            Self::none()
        })
    }

    /// For tests that deploy only what is in this repository.
    pub(crate) fn none() -> Self {
        Self(PathBuf::new())
    }

    /// The same where the folder has all of `names`: what no package has is there only where somebody put it.
    pub(crate) fn with(names: &[&str]) -> Option<Self> {
        let found = Self::find()?;
        let missing: Vec<_> = names.iter().filter(|name| !found.path(name).exists()).collect();
        if missing.is_empty() {
            return Some(found);
        }
        eprintln!("SKIPPED: {missing:?} are not in {}", found.0.display());
        None
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(format!("{name}.json"))
    }

    /// Creation code with its libraries put in.
    pub(crate) fn code(&self, name: &str, libraries: &BTreeMap<&str, Address>) -> Vec<u8> {
        if self.0.as_os_str().is_empty() {
            return ours(name);
        }
        let text = std::fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let artifact: Artifact = serde_json::from_str(&text).unwrap();
        let mut code = hex::decode(&artifact.bytecode).unwrap();
        for (library, at) in &artifact.links {
            code[*at..*at + 20].copy_from_slice(libraries[library.as_str()].as_slice());
        }
        code
    }
}

/// Creation code of a contract of this repository (`solidity/`).
pub(super) fn ours(name: &str) -> Vec<u8> {
    let codes: BTreeMap<String, String> =
        serde_json::from_str(include_str!("bytecode/StandIns.json")).unwrap();
    hex::decode(&codes[name]).unwrap()
}
