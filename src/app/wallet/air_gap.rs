//! Files that carry a transaction to a computer without a network and back.

use alloy::primitives::{Address, Bytes};
use serde::{Deserialize, Serialize};

use super::carried_state::CarriedState;
use super::prepare::Prepared;
use crate::execution::BlockRef;
use crate::wallet::{Draft, Signed, Unsigned};

/// Longest file taken.
const MAX_BYTES: usize = 16 << 20;
const UNSIGNED: &str = "unsigned-transaction";
const SIGNED: &str = "signed-transaction";

/// What such a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfflineFile {
    /// To be reviewed and signed. What it shows is read from these bytes.
    Unsigned(Box<Draft>),
    /// To be sent.
    Signed(Box<Signed>),
}

/// Why a file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OfflineFileError {
    /// Not such a file.
    #[error("this is no offline transaction file: {detail}")]
    Malformed {
        /// What is wrong.
        detail: String,
    },
    /// Made by a later build.
    #[error("this file is of version {found}; this build knows 1")]
    Version {
        /// Its version.
        found: u64,
    },
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileForm {
    lifeboat: String,
    version: u64,
    chain_id: u64,
    from: Address,
    bytes: Bytes,
    /// Where nonce and funds were proven; for the reader's eye, nothing is taken from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    made_at_block: Option<u64>,
    /// What proves the state that it was made on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    state: Option<CarriedState>,
}

impl OfflineFile {
    /// The file of a review, as text, with the state that it was made on where `state` carries it.
    pub fn of_review(prepared: &Prepared, state: Option<CarriedState>) -> String {
        let review = &prepared.review;
        let made = (Some(prepared.at), state);
        text(UNSIGNED, review.tx.chain_id(), (review.from(), review.bytes()), made)
    }

    /// The state that a file carries; `None` where it carries none. Nothing of it is verified yet.
    ///
    /// # Errors
    /// [`OfflineFileError`].
    pub fn state(bytes: &[u8]) -> Result<Option<CarriedState>, OfflineFileError> {
        Ok(form(bytes)?.state)
    }

    /// The file of a signed transaction, as text.
    pub fn of_signed(signed: &Signed) -> String {
        text(SIGNED, signed.chain_id(), (signed.from(), signed.raw()), (None, None))
    }

    /// Reads a file. Everything said beside the transaction's own bytes must agree with them.
    ///
    /// # Errors
    /// [`OfflineFileError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, OfflineFileError> {
        let form = form(bytes)?;
        match form.lifeboat.as_str() {
            UNSIGNED => {
                let tx = Unsigned::decode(&form.bytes).map_err(|error| malformed(&error.to_string()))?;
                if tx.chain_id() != form.chain_id {
                    return Err(malformed("its chain is not that of its transaction"));
                }
                Ok(Self::Unsigned(Box::new(Draft::of(form.from, tx))))
            }
            SIGNED => {
                let signed = Signed::decode(&form.bytes).map_err(|error| malformed(&error.to_string()))?;
                if (signed.chain_id(), signed.from()) != (form.chain_id, form.from) {
                    return Err(malformed("its chain or sender is not that of its transaction"));
                }
                Ok(Self::Signed(Box::new(signed)))
            }
            _ => Err(malformed("it is of another kind")),
        }
    }
}

fn malformed(detail: &str) -> OfflineFileError {
    OfflineFileError::Malformed { detail: detail.to_owned() }
}

fn form(bytes: &[u8]) -> Result<FileForm, OfflineFileError> {
    if bytes.len() > MAX_BYTES {
        return Err(malformed("it is too long"));
    }
    let form: FileForm =
        serde_json::from_slice(bytes).map_err(|error| malformed(&what_is_wrong(bytes, &error)))?;
    if form.version != 1 {
        return Err(OfflineFileError::Version { found: form.version });
    }
    Ok(form)
}

/// In words; the reader's own error names fields of a form that the person never saw.
fn what_is_wrong(bytes: &[u8], error: &serde_json::Error) -> String {
    match serde_json::from_slice::<serde_json::Value>(bytes) {
        Err(_) => "it is cut off, or was never one".to_owned(),
        Ok(value) if value.get("lifeboat").is_none() => "another program wrote it".to_owned(),
        Ok(_) => crate::contracts::sanitise(&error.to_string(), 160),
    }
}

type Made = (Option<BlockRef>, Option<CarriedState>);

fn text(kind: &str, chain_id: u64, (from, bytes): (Address, &[u8]), (at, state): Made) -> String {
    let form = FileForm {
        lifeboat: kind.to_owned(),
        version: 1,
        chain_id,
        from,
        bytes: Bytes::copy_from_slice(bytes),
        made_at_block: at.map(|at| at.number),
        state,
    };
    serde_json::to_string_pretty(&form).unwrap_or_default()
}

/// What differs between what was asked for and what came back signed; `None` where nothing does.
pub fn differs(asked: &Unsigned, signed: &Unsigned) -> Option<String> {
    let mut parts = Vec::new();
    let mut note = |what: &str, old: String, new: String| {
        if old != new {
            parts.push(format!("{what} {old} → {new}"));
        }
    };
    let to = |tx: &Unsigned| tx.to().map_or_else(|| "a new contract".to_owned(), |to| to.to_checksum(None));
    let ether = |tx: &Unsigned| alloy::primitives::utils::format_ether(tx.value());
    note("chain", asked.chain_id().to_string(), signed.chain_id().to_string());
    note("recipient", to(asked), to(signed));
    note("amount", ether(asked), ether(signed));
    note("nonce", asked.nonce().to_string(), signed.nonce().to_string());
    note("data", asked.input().to_string(), signed.input().to_string());
    note("max fee", asked.max_fee().to_string(), signed.max_fee().to_string());
    if parts.is_empty() && asked.id() != signed.id() {
        parts.push("form of the transaction".to_owned());
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

#[cfg(test)]
mod tests {
    use alloy::consensus::TxEip1559;
    use alloy::primitives::{TxKind, U256};

    use super::*;

    fn unsigned(value: u64) -> Unsigned {
        let to = TxKind::Call(Address::repeat_byte(2));
        Unsigned::Eip1559(TxEip1559 { chain_id: 5, to, value: U256::from(value), ..TxEip1559::default() })
    }

    #[test]
    fn a_file_with_a_changed_word_is_refused_or_shows_its_own_bytes() {
        let tx = unsigned(7);
        let file = text(UNSIGNED, 5, (Address::repeat_byte(1), &tx.bytes_to_sign()), (None, None));
        let OfflineFile::Unsigned(draft) = OfflineFile::parse(file.as_bytes()).unwrap() else { panic!() };
        assert_eq!(draft.unsigned(), &tx);
        let other_chain = file.replace("\"chain_id\": 5", "\"chain_id\": 1");
        assert!(matches!(
            OfflineFile::parse(other_chain.as_bytes()),
            Err(OfflineFileError::Malformed { .. })
        ));
        let newer = file.replace("\"version\": 1", "\"version\": 2");
        assert_eq!(OfflineFile::parse(newer.as_bytes()), Err(OfflineFileError::Version { found: 2 }));
        for at in 0..file.len() {
            let mut bent = file.clone().into_bytes();
            bent[at] ^= 1;
            let _either = OfflineFile::parse(&bent);
        }
    }

    #[test]
    fn a_difference_is_named() {
        let difference =
            differs(&unsigned(1_500_000_000_000_000_000), &unsigned(15_000_000_000_000_000_000)).unwrap();
        assert!(difference.starts_with("amount 1.5"), "{difference}");
        assert_eq!(differs(&unsigned(1), &unsigned(1)), None);
    }
}
