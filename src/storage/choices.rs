//! `choices.json`: what the user chose in the program. It stands beside `settings.toml`, his own writing, which the
//! program never rewrites; where both say something, the choice was made later and wins.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{DataDir, StorageError, atomic_file};

/// Larger than any list a person makes.
const MAX_BYTES: u64 = 1024 * 1024;
const VERSION: u32 = 1;
const NAME: &str = "choices.json";

/// Choices that outlive a run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choices {
    version: u32,
    /// Proxy for every request in place of the one in settings; an empty text means none.
    pub proxy: Option<String>,
    /// By network name.
    pub networks: BTreeMap<String, NetworkChoices>,
}

/// Choices about one network's endpoints.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NetworkChoices {
    /// Endpoints beside the configured ones.
    pub added: Vec<AddedEndpoint>,
    /// Addresses of endpoints that are not asked.
    pub off: Vec<String>,
}

/// An endpoint that the user added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddedEndpoint {
    /// `beacon` or `execution`.
    pub kind: String,
    /// Its address, keys in it included.
    pub url: String,
}

impl DataDir {
    /// The choices of earlier runs.
    ///
    /// # Errors
    /// `SetAside` for a file that cannot be used; `Io`.
    pub fn choices(&self) -> Result<Choices, StorageError> {
        let path = self.path().join(NAME);
        let Some(bytes) = atomic_file::read(&path, MAX_BYTES)? else { return Ok(Choices::default()) };
        let aside = |why: String| atomic_file::set_aside(&path, "choices.json", why);
        let choices: Choices = serde_json::from_slice(&bytes).map_err(|error| aside(error.to_string()))?;
        if choices.version > VERSION {
            return Err(aside(format!("version {} is newer than this program", choices.version)));
        }
        Ok(choices)
    }

    /// Keeps them.
    ///
    /// # Errors
    /// `Io`.
    pub fn save_choices(&self, choices: &Choices) -> Result<(), StorageError> {
        let choices = Choices { version: VERSION, ..choices.clone() };
        let bytes = serde_json::to_vec_pretty(&choices).unwrap_or_default();
        atomic_file::write(&self.path().join(NAME), &bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_come_back_and_damaged_ones_are_set_aside() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open(Some(folder.path().to_path_buf()), "practice").unwrap();
        assert_eq!(data.choices().unwrap(), Choices::default());
        let added = AddedEndpoint { kind: "beacon".to_owned(), url: "http://my.node:5052/".to_owned() };
        let network = NetworkChoices { added: vec![added], off: vec!["http://x/".to_owned()] };
        let chosen = Choices {
            version: VERSION,
            proxy: Some("socks5h://127.0.0.1:9050".to_owned()),
            networks: BTreeMap::from([("mainnet".to_owned(), network)]),
        };
        data.save_choices(&chosen).unwrap();
        assert_eq!(data.choices().unwrap(), chosen);
        for content in ["{", r#"{"version": 9}"#] {
            std::fs::write(folder.path().join(NAME), content).unwrap();
            let Err(StorageError::SetAside { path, .. }) = data.choices() else { panic!("{content}") };
            assert_eq!(std::fs::read_to_string(path).unwrap(), content);
            assert_eq!(data.choices().unwrap(), Choices::default(), "the next start is clean");
        }
    }
}
