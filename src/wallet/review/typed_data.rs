//! Typed data (EIP-712): what a signature allows, its hashes for comparing with a device, and check R24.

use alloy::dyn_abi::TypedData;
use alloy::primitives::{Address, B256, U256, keccak256};
use serde_json::Value;

use crate::wallet::{Approved, ReviewId};

use super::approve::{approve_message, message_id};
use super::finding::{Fact, Finding, Level};
use super::safe_tx::SafeTx;
use super::text::{amount_text, hash_chunks, symbol};
use super::{Act, Answers, ApproveError, Gesture, ReviewInput};

/// Longest JSON taken, in bytes.
const MAX_BYTES: usize = 256 * 1024;
/// Deepest nesting of it (THREATS T21).
const MAX_DEPTH: usize = 32;
/// Fields that are shown.
const MAX_FIELDS: usize = 512;
/// The last second that has a year with four digits.
const LAST_SECOND: u64 = 253_402_300_799;

const PERMIT: &str = "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)";
const DAI_PERMIT: &str = "Permit(address holder,address spender,uint256 nonce,uint256 expiry,bool allowed)";
const PERMIT_SINGLE: &str = "PermitSingle(PermitDetails details,address spender,uint256 sigDeadline)PermitDetails(address token,uint160 amount,uint48 expiration,uint48 nonce)";
const PERMIT_BATCH: &str = "PermitBatch(PermitDetails[] details,address spender,uint256 sigDeadline)PermitDetails(address token,uint160 amount,uint48 expiration,uint48 nonce)";
const TRANSFER_FROM: &str = "PermitTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline)TokenPermissions(address token,uint256 amount)";
const BATCH_TRANSFER_FROM: &str = "PermitBatchTransferFrom(TokenPermissions[] permitted,address spender,uint256 nonce,uint256 deadline)TokenPermissions(address token,uint256 amount)";

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

/// A right that a signature alone gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    /// The token.
    pub token: Address,
    /// Who may take.
    pub spender: Address,
    /// Raw units; `None` for all there is.
    pub amount: Option<U256>,
    /// Unix second until which; `None` for ever.
    pub until: Option<u64>,
}

/// What is shown before typed data is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedDataReview {
    from: Address,
    chain_id: u64,
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
        if json.len() > MAX_BYTES || depth(json) > MAX_DEPTH {
            return Err(TypedDataError::TooLarge);
        }
        let malformed =
            |detail: String| TypedDataError::Malformed { detail: crate::contracts::sanitise(&detail, 160) };
        let data: TypedData = serde_json::from_str(json).map_err(|error| malformed(error.to_string()))?;
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
        let findings = findings(&data, (permissions.as_deref(), safe_tx.as_ref()), input);
        let mut fields = Vec::new();
        flatten("", &data.message, &mut fields);
        let safe = |text: &str| crate::contracts::sanitise(text, 64);
        let permissions = permissions.unwrap_or_default();
        Ok(Self {
            from: input.from,
            chain_id: input.chain_id,
            bytes,
            domain_hash: hash_chunks(domain_hash.as_slice()),
            message_hash: hash_chunks(message_hash.as_slice()),
            primary_type: safe(&data.primary_type),
            domain_name: data.domain.name.as_ref().map(|name| safe(name)),
            contract: data.domain.verifying_contract,
            sentence: safe_tx
                .map_or_else(|| sentence(&data, &permissions, input), |safe_tx| safe_tx.sentence()),
            permissions,
            fields,
            findings,
        })
    }

    /// Names this review: the hash that is signed.
    pub fn id(&self) -> ReviewId {
        message_id(&self.bytes)
    }

    /// The account that signs.
    pub fn from(&self) -> Address {
        self.from
    }

    /// The gesture asked for.
    pub fn gesture(&self) -> Gesture {
        Gesture::of(&self.findings)
    }

    /// Approves the review shown under `id`.
    ///
    /// # Errors
    /// [`ApproveError`].
    pub fn approve(&self, id: ReviewId, answers: &Answers) -> Result<Approved, ApproveError> {
        approve_message((self.from, self.chain_id), &self.bytes, &self.findings, (id, answers))
    }
}

/// Deepest nesting of brackets outside strings.
fn depth(json: &str) -> usize {
    let (mut now, mut most, mut inside, mut escaped) = (0_usize, 0, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => inside = !inside,
            b'{' | b'[' if !inside => now = now.saturating_add(1),
            b'}' | b']' if !inside => now = now.saturating_sub(1),
            _ => {}
        }
        most = most.max(now);
    }
    most
}

fn number(value: Option<&Value>) -> Option<U256> {
    match value? {
        Value::Number(number) => number.as_u64().map(U256::from),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn address(value: Option<&Value>) -> Option<Address> {
    value?.as_str()?.parse().ok()
}

fn until(value: Option<&Value>) -> Option<Option<u64>> {
    let second = number(value)?;
    Some(u64::try_from(second).ok().filter(|second| *second <= LAST_SECOND))
}

fn limited(amount: U256, width_max: U256) -> Option<U256> {
    (amount < width_max && !Act::is_unlimited(amount)).then_some(amount)
}

/// What is allowed, by the exact type; `None` where the type is not known or its values do not fit.
fn permissions(encoded_type: &str, data: &TypedData, signer: Address) -> Option<Vec<Permission>> {
    let message = &data.message;
    let contract = data.domain.verifying_contract;
    let max_160 = (U256::from(1) << 160_usize).saturating_sub(U256::from(1));
    let spender = address(message.get("spender"))?;
    match encoded_type {
        PERMIT => {
            address(message.get("owner")).filter(|owner| *owner == signer)?;
            let amount = limited(number(message.get("value"))?, U256::MAX);
            Some(vec![Permission {
                token: contract?,
                spender,
                amount,
                until: until(message.get("deadline"))?,
            }])
        }
        DAI_PERMIT => {
            let allowed =
                message.get("allowed").is_some_and(|one| *one == Value::Bool(true) || *one == "true");
            let amount = if allowed { None } else { Some(U256::ZERO) };
            let expiry = number(message.get("expiry"))?;
            let until = if expiry.is_zero() { None } else { until(message.get("expiry"))? };
            Some(vec![Permission { token: contract?, spender, amount, until }])
        }
        PERMIT_SINGLE => Some(vec![detail(message.get("details")?, spender, max_160)?]),
        PERMIT_BATCH => {
            let all = message.get("details")?.as_array()?;
            all.iter().map(|one| detail(one, spender, max_160)).collect()
        }
        TRANSFER_FROM => Some(vec![permitted(message.get("permitted")?, message, spender)?]),
        BATCH_TRANSFER_FROM => {
            let all = message.get("permitted")?.as_array()?;
            all.iter().map(|one| permitted(one, message, spender)).collect()
        }
        _ => None,
    }
}

fn detail(details: &Value, spender: Address, max: U256) -> Option<Permission> {
    let amount = limited(number(details.get("amount"))?, max);
    let until = until(details.get("expiration"))?;
    Some(Permission { token: address(details.get("token"))?, spender, amount, until })
}

fn permitted(one: &Value, message: &Value, spender: Address) -> Option<Permission> {
    let amount = limited(number(one.get("amount"))?, U256::MAX);
    let until = until(message.get("deadline"))?;
    Some(Permission { token: address(one.get("token"))?, spender, amount, until })
}

/// The year of a Unix second.
fn year(second: u64) -> String {
    let time = i64::try_from(second).ok().and_then(|second| jiff::Timestamp::from_second(second).ok());
    time.and_then(|time| time.to_string().get(..4).map(str::to_owned)).unwrap_or_else(|| second.to_string())
}

fn findings(
    data: &TypedData,
    (permissions, safe_tx): (Option<&[Permission]>, Option<&SafeTx>),
    input: &ReviewInput<'_>,
) -> Vec<Finding> {
    let mut found = Vec::new();
    match data.domain.chain_id.map(|id| (id, id == U256::from(input.chain_id))) {
        Some((id, false)) => {
            let (name, own) = (&input.chain_name, input.chain_id);
            let text = format!("This signature is for chain {id}. Lifeboat is verified on {name} ({own}).");
            found.push(Finding::new(24, Level::Block, text));
        }
        Some((id, true)) => found.push(Finding::passed(1, format!("Chain id {id} = verified chain"))),
        None => {
            let text = "It names no chain, so it holds on every chain that has this contract.";
            found.push(Finding::new(24, Level::Caution, text));
        }
    }
    match permissions {
        None if safe_tx.is_some() => found.extend(safe_tx.map(SafeTx::findings).unwrap_or_default()),
        None => {
            let text = "Lifeboat cannot read this call, so you would sign blind.".replace("call", "data");
            found.push(Finding::danger(10, text, Fact::new("BLIND", &["BLIND"])));
        }
        Some(all) => found.extend(all.iter().map(|one| permission_finding(one, input))),
    }
    if input.spender.is_some_and(|facts| !facts.has_code) {
        let text = "The spender is a person's wallet, not a contract. Real apps do not ask for this.";
        found.push(Finding::danger(8, text, Fact::new("WALLET", &["WALLET"])));
    }
    found.sort_by_key(|one| (std::cmp::Reverse(one.level), one.check));
    found
}

/// R24.
fn permission_finding(one: &Permission, input: &ReviewInput<'_>) -> Finding {
    let what = match one.amount {
        None => format!("your {}", symbol(&input.units, one.token)),
        Some(amount) => format!("{} of yours", amount_text(&input.units, one.token, amount)),
    };
    let time = one.until.map_or_else(|| "for ever".to_owned(), |second| format!("until {}", year(second)));
    let text = format!(
        "A signature alone lets {} take {what} {time}. It costs no gas and cannot be seen in Activity.",
        one.spender
    );
    let fact = match (one.amount, one.until) {
        (Some(_), Some(second)) => Fact::new("the year", &[&year(second)]),
        _ => Fact::new("UNLIMITED", &["UNLIMITED"]),
    };
    Finding::danger(24, text, fact)
}

fn sentence(data: &TypedData, permissions: &[Permission], input: &ReviewInput<'_>) -> String {
    let safe = |text: &str| crate::contracts::sanitise(text, 64);
    match permissions {
        [] => format!("You sign {} data of unknown meaning.", safe(&data.primary_type)),
        [one] => {
            let much = match one.amount {
                None => format!("all your {}", symbol(&input.units, one.token)),
                Some(amount) => format!("up to {}", amount_text(&input.units, one.token, amount)),
            };
            format!("You allow {} to take {much} by this signature alone.", one.spender)
        }
        all => format!("You allow {} tokens to be taken by this signature alone.", all.len()),
    }
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
