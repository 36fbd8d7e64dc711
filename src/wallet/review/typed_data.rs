//! Typed data (EIP-712): what a signature allows, its hashes for comparing with a device, and check R24.

use alloy::dyn_abi::TypedData;
use alloy::primitives::{Address, B256, keccak256};
use alloy::sol_types::Eip712Domain;
use serde_json::Value;

use crate::chain::{MOST_JSON_DEPTH, json_extent};
use crate::contracts::DecodedCall;
use crate::wallet::{Approved, ReviewId};

use super::approve::{approve_message, message_id};
use super::finding::Finding;
use super::safe_tx::SafeTx;
use super::state_checks::refute;
use super::text::{amount_text, hash_chunks, symbol};
use super::typed_checks::{Subject, findings, sentence};
use super::typed_permits::permissions;
use super::{Answers, ApproveError, Gesture, Permission, ReviewInput};

/// Longest JSON taken, in bytes.
const MAX_BYTES: usize = 256 * 1024;
/// Fields that are shown.
const MAX_FIELDS: usize = 512;

/// Why JSON is no typed data to be signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TypedDataError {
    /// Too long or nested too deep.
    #[error("the typed data is larger or deeper than anything honest")]
    TooLarge,
    /// Not typed data, or values that do not fit their types.
    #[error("this is no EIP-712 typed data: {detail}")]
    Malformed {
        /// What is wrong.
        detail: String,
    },
}

/// What is shown before typed data is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedDataReview {
    from: Address,
    chain_id: u64,
    json: String,
    bytes: Vec<u8>,
    /// Hash of the domain, in groups of four.
    pub domain_hash: String,
    /// Hash of the message, in groups of four.
    pub message_hash: String,
    /// Name of the signed type, as text from elsewhere.
    pub primary_type: String,
    /// The domain's own name, as text from elsewhere.
    pub domain_name: Option<String>,
    /// The contract that the domain names.
    pub contract: Option<Address>,
    /// What it allows, where that is known.
    pub permissions: Vec<Permission>,
    /// Every field with its value, safe to print.
    pub fields: Vec<(String, String)>,
    /// Symbols and decimals of the tokens.
    units: super::Units,
    /// What a Safe would run, where it is a Safe's transaction.
    safe_call: Option<DecodedCall>,
    /// The intent sentence.
    pub sentence: String,
    /// What the checks found.
    pub findings: Vec<Finding>,
}

impl TypedDataReview {
    /// Reads and checks typed data.
    ///
    /// # Errors
    /// [`TypedDataError`].
    pub fn new(json: &str, input: &ReviewInput<'_>) -> Result<Self, TypedDataError> {
        if json.len() > MAX_BYTES || json_extent(json.as_bytes()).depth > MOST_JSON_DEPTH {
            return Err(TypedDataError::TooLarge);
        }
        let malformed =
            |detail: String| TypedDataError::Malformed { detail: crate::contracts::sanitise(&detail, 160) };
        let data: TypedData =
            serde_json::from_str(json).map_err(|error| malformed(what_is_wrong(json, &error)))?;
        let wrong = |error: alloy::dyn_abi::Error| malformed(error.to_string());
        let domain_hash = data.domain.separator();
        let mut bytes = [[0x19, 0x01].as_slice(), domain_hash.as_slice()].concat();
        let message_hash = match data.primary_type.as_str() {
            "EIP712Domain" => B256::ZERO,
            _ => data.hash_struct().map_err(wrong)?,
        };
        if data.primary_type != "EIP712Domain" {
            bytes.extend_from_slice(message_hash.as_slice());
        }
        if keccak256(&bytes) != data.eip712_signing_hash().map_err(wrong)? {
            return Err(malformed("its hashes do not agree".to_owned()));
        }
        let encoded_type = data.encode_type().map_err(wrong)?;
        let permissions = permissions(&encoded_type, &data, input.from);
        let safe_tx = SafeTx::read(&encoded_type, &data, input);
        let subject = Subject { data: &data, permissions: permissions.as_deref(), safe_tx: safe_tx.as_ref() };
        let (findings, sentence) = (findings(&subject, input), sentence(&subject, input));
        let mut fields = Vec::new();
        flatten("", &data.message, &mut fields);
        let safe = |text: &str| crate::contracts::sanitise(text, 64);
        let permissions = permissions.unwrap_or_default();
        Ok(Self {
            from: input.from,
            chain_id: input.chain_id,
            json: json.to_owned(),
            bytes,
            domain_hash: hash_chunks(domain_hash.as_slice()),
            message_hash: hash_chunks(message_hash.as_slice()),
            primary_type: safe(&data.primary_type),
            domain_name: data.domain.name.as_ref().map(|name| safe(name)),
            contract: data.domain.verifying_contract,
            units: input.units.clone(),
            safe_call: safe_tx.map(|one| one.call().clone()),
            sentence,
            permissions,
            fields,
            findings,
        })
    }

    /// The same once a later reading was refuted: it is shown as it was, and cannot be signed (R26).
    #[must_use]
    pub fn refuted(mut self) -> Self {
        refute(&mut self.findings);
        self
    }

    /// The same once the state it stands on is `secs` old (R14). True where that changed what is asked for.
    pub fn grow_old(&mut self, secs: u64) -> bool {
        super::state_checks::grow_old(&mut self.findings, secs)
    }

    /// Names this review: the hash that is signed.
    pub fn id(&self) -> ReviewId {
        message_id(&self.bytes)
    }

    /// What a Safe would run, where it is a Safe's transaction.
    pub fn safe_call(&self) -> Option<&DecodedCall> {
        self.safe_call.as_ref()
    }

    /// What was read, for a device that reads it too.
    pub fn json(&self) -> &str {
        &self.json
    }

    /// Hashes of domain and message; `None` where only the domain is signed.
    pub fn hashes(&self) -> Option<(B256, B256)> {
        let rest = self.bytes.get(2..).filter(|rest| rest.len() == 64)?;
        let (domain, message) = rest.split_at(32);
        Some((B256::from_slice(domain), B256::from_slice(message)))
    }

    /// The account that signs.
    pub fn from(&self) -> Address {
        self.from
    }

    /// The gesture asked for.
    pub fn gesture(&self) -> Gesture {
        Gesture::of(&self.findings)
    }

    /// How much a permission is for, as `5 USDC`; of one without a limit, `all USDC`.
    pub fn amount_of(&self, permission: &Permission) -> String {
        match permission.amount {
            Some(amount) => amount_text(&self.units, permission.token, amount),
            None => format!("all {}", symbol(&self.units, permission.token)),
        }
    }

    /// Approves the review shown under `id`.
    ///
    /// # Errors
    /// [`ApproveError`].
    pub fn approve(&self, id: ReviewId, answers: &Answers) -> Result<Approved, ApproveError> {
        approve_message((self.from, self.chain_id), &self.bytes, &self.findings, (id, answers))
    }
}

/// Which part is missing or bent, in words; the reader's own error names a type of its program.
fn what_is_wrong(json: &str, error: &serde_json::Error) -> String {
    let value = match serde_json::from_str::<Value>(json) {
        Ok(Value::Object(value)) => value,
        Ok(_) => return "it is no JSON object".to_owned(),
        Err(error) => return format!("it is no JSON: {error}"),
    };
    for part in ["types", "primaryType", "domain", "message"] {
        if !value.contains_key(part) {
            return format!("it has no \"{part}\"");
        }
    }
    let domain = value.get("domain").cloned().unwrap_or_default();
    if let Err(error) = serde_json::from_value::<Eip712Domain>(domain) {
        return format!("its domain does not fit: {error}");
    }
    format!("its types do not fit: {error}")
}

/// Every leaf with its path, in order; at most [`MAX_FIELDS`].
fn flatten(path: &str, value: &Value, into: &mut Vec<(String, String)>) {
    if into.len() >= MAX_FIELDS {
        return;
    }
    let joined = |part: &str| if path.is_empty() { part.to_owned() } else { format!("{path}.{part}") };
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                flatten(&joined(&crate::contracts::sanitise(name, 64)), inner, into);
            }
        }
        Value::Array(all) => {
            for (at, inner) in all.iter().enumerate() {
                flatten(&joined(&at.to_string()), inner, into);
            }
        }
        Value::String(text) => into.push((path.to_owned(), crate::contracts::sanitise(text, 512))),
        other => into.push((path.to_owned(), other.to_string())),
    }
}
