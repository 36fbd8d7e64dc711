//! What a signature leaves in memory for the next review: the code that was called, and where a name led.
//!
//! The file is not authenticated (THREATS T54), and need not be: a note can only add a danger to a review. Nobody is known,
//! trusted or paid because a note says so. Whom the user paid before is read from the journal, whose entries carry the
//! user's own signatures; where a name leads is proven anew at every use; code is hashed from proven state. Whoever can
//! write here can take a warning away by a forged note, and just as well by deleting the file, which no seal prevents.

use alloy::primitives::{Address, B256};
use serde::{Deserialize, Serialize};

use super::super::Reason;
use super::desk::Wallet;
use super::prepare::Prepared;
use crate::protocols::Deployments;
use crate::wallet::review::{DeviceFact, MovedName};

const NAME: &str = "noted.json";
/// Older notes make way.
const MAX_NOTES: usize = 4_096;

/// What a review was made with, for every later reading of it and for what is noted at its signature.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Noted {
    /// The name that led to the recipient, as `alice.eth`.
    pub name: Option<String>,
    /// The device that would sign.
    pub device: Option<DeviceFact>,
    /// What a protocol's own call is for, in its words: the title in lists. What it does is read from its bytes.
    pub words: Option<String>,
    /// The user's own deployments of known protocols.
    pub own: Option<Deployments>,
    /// The protocol that the call is of, where the code behind the position is not the bundled one: a danger (R09). It can
    /// only add one.
    pub changed: Option<String>,
    /// The contract called and the hash of the code that runs for it; the review fills it in.
    pub code: Option<(Address, B256)>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct NotedFile {
    version: u32,
    #[serde(default)]
    code: Vec<CodeNote>,
    #[serde(default)]
    names: Vec<NameNote>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct CodeNote {
    chain_id: u64,
    address: Address,
    code_hash: B256,
    at_ms: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct NameNote {
    chain_id: u64,
    name: String,
    address: Address,
    at_ms: u64,
}

impl Wallet {
    /// The day on which this wallet last signed a call to other code at the same address.
    pub(super) fn other_code_called(&self, (address, now): (Address, B256)) -> Option<String> {
        let file = self.notes().ok()?;
        let own = |one: &&CodeNote| (one.chain_id, one.address) == (self.chain_id(), address);
        let last = file.code.iter().rev().find(own)?;
        (last.code_hash != now).then(|| day(last.at_ms))
    }

    /// Where a name led when this wallet last paid by it, if that was elsewhere.
    pub(super) fn moved_name(&self, name: &str, to: Address) -> Option<MovedName> {
        let file = self.notes().ok()?;
        let own = |one: &&NameNote| one.chain_id == self.chain_id() && one.name == name;
        let last = file.names.iter().rev().find(own)?;
        (last.address != to).then(|| MovedName { name: name.to_owned(), since: day(last.at_ms) })
    }

    /// Notes what a signature confirmed. A note that cannot be kept takes nothing back.
    pub(super) fn note(&self, prepared: &Prepared) {
        let (chain_id, at_ms) = (self.chain_id(), self.now_ms());
        let code =
            prepared.noted.code.map(|(address, code_hash)| CodeNote { chain_id, address, code_hash, at_ms });
        let to = prepared.review.act.recipient();
        let name = prepared.noted.name.clone().zip(to);
        let name = name.map(|(name, address)| NameNote { chain_id, name, address, at_ms });
        if code.is_none() && name.is_none() {
            return;
        }
        let kept = self.notes().and_then(|mut file| {
            file.version = 1;
            file.code.retain(|old| {
                code.as_ref().is_none_or(|new| (old.chain_id, old.address) != (new.chain_id, new.address))
            });
            file.names.retain(|old| {
                name.as_ref().is_none_or(|new| (old.chain_id, &old.name) != (new.chain_id, &new.name))
            });
            file.code.extend(code);
            file.names.extend(name);
            newest(&mut file.code);
            newest(&mut file.names);
            let bytes = serde_json::to_vec_pretty(&file).map_err(|error| {
                Reason::new(&error.to_string(), "this is a fault of the program", "report it")
            })?;
            Ok(self.inner.data.save_small(NAME, &bytes)?)
        });
        if let Err(reason) = kept {
            tracing::warn!(%reason, "what was signed could not be noted for later reviews");
        }
    }

    fn notes(&self) -> Result<NotedFile, Reason> {
        let Some(bytes) = self.inner.data.load_small(NAME)? else { return Ok(NotedFile::default()) };
        match serde_json::from_slice::<NotedFile>(&bytes) {
            Ok(file) if file.version <= 1 => Ok(file),
            Ok(file) => {
                let what = format!("{NAME} is of version {}, this build knows 1", file.version);
                Err(Reason::new(&what, "nothing was changed", "use the newer Lifeboat"))
            }
            Err(error) => {
                Err(self.inner.data.set_small_aside(NAME, "the wallet's notes", error.to_string()).into())
            }
        }
    }
}

fn newest<T>(notes: &mut Vec<T>) {
    let old = notes.len().saturating_sub(MAX_NOTES);
    notes.drain(..old);
}

/// As `2025-10-02`, in UTC.
fn day(unix_ms: u64) -> String {
    let time = i64::try_from(unix_ms).ok().and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
    time.map_or_else(|| "a day unknown".to_owned(), |time| time.to_string().chars().take(10).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_in_utc() {
        assert_eq!(day(1_759_363_200_000), "2025-10-02");
        assert_eq!(day(u64::MAX), "a day unknown");
    }

    #[test]
    fn the_oldest_notes_make_way() {
        let mut notes: Vec<usize> = (0..MAX_NOTES + 3).collect();
        newest(&mut notes);
        assert_eq!((notes.len(), notes.first()), (MAX_NOTES, Some(&3)));
    }
}
