//! Raw header RLP rebuilt from a JSON-RPC block object, with every header field that was sent.
//!
//! Forks append fields to the header. Known later ones are placed by name; ones this build has never heard of are
//! tried in every order behind them, since only the right order gives the proven hash.

use alloy::primitives::{Bytes, U256, hex};
use alloy::rlp::{BufMut, Encodable, Header as RlpHeader};
use serde_json::Value;

use super::ProofError;

#[derive(Clone, Copy)]
enum Kind {
    Data,
    Quantity,
}

/// Fields that every header has, in RLP order, by JSON-RPC name.
const ALWAYS: [(&str, Kind); 15] = [
    ("parentHash", Kind::Data),
    ("sha3Uncles", Kind::Data),
    ("miner", Kind::Data),
    ("stateRoot", Kind::Data),
    ("transactionsRoot", Kind::Data),
    ("receiptsRoot", Kind::Data),
    ("logsBloom", Kind::Data),
    ("difficulty", Kind::Quantity),
    ("number", Kind::Quantity),
    ("gasLimit", Kind::Quantity),
    ("gasUsed", Kind::Quantity),
    ("timestamp", Kind::Quantity),
    ("extraData", Kind::Data),
    ("mixHash", Kind::Data),
    ("nonce", Kind::Data),
];

/// Fields that forks appended, in order: EIP-1559, 4895, 4844, 4788, 7685, 7928, 7843.
const APPENDED: [(&str, Kind); 8] = [
    ("baseFeePerGas", Kind::Quantity),
    ("withdrawalsRoot", Kind::Data),
    ("blobGasUsed", Kind::Quantity),
    ("excessBlobGas", Kind::Quantity),
    ("parentBeaconBlockRoot", Kind::Data),
    ("requestsHash", Kind::Data),
    ("blockAccessListHash", Kind::Data),
    ("slotNumber", Kind::Quantity),
];

/// Members of a block object that are not header fields.
const NOT_HEADER: [&str; 8] =
    ["hash", "size", "totalDifficulty", "transactions", "uncles", "withdrawals", "author", "blockAccessList"];

/// Unknown fields beyond this are not tried: the number of orders grows as the factorial.
const MAX_UNKNOWN: usize = 4;
/// The longest field, the bloom, has 256 bytes; extra data has 32 and had more in old test networks.
const MAX_FIELD: usize = 4_096;
/// Names and their letters that an error repeats.
const MAX_NAMES: usize = 8;
const MAX_NAME: usize = 32;

/// A raw header from known fields, the names of unknown scalar members, and raw headers with those appended.
type Candidates = (Vec<u8>, Vec<String>, Vec<Vec<u8>>);

/// Raw headers worth hashing.
///
/// # Errors
/// `BadHeader` where a field is missing or malformed.
pub(super) fn candidates(block: &Value) -> Result<Candidates, ProofError> {
    let object = block.as_object().ok_or_else(|| bad("not an object"))?;
    let mut items = Vec::with_capacity(23);
    for (name, kind) in ALWAYS {
        let value = object.get(name).ok_or_else(|| bad(&format!("{name} is missing")))?;
        items.push(encode(name, kind, value)?);
    }
    for (name, kind) in APPENDED {
        match object.get(name) {
            Some(value) if !value.is_null() => items.push(encode(name, kind, value)?),
            _ => {}
        }
    }
    let known = list(items.iter());
    let is_known = |name: &str| {
        ALWAYS.iter().chain(&APPENDED).any(|(known, _)| *known == name) || NOT_HEADER.contains(&name)
    };
    let unknown: Vec<(&String, Vec<u8>)> = object
        .iter()
        .filter(|(name, _)| !is_known(name))
        .filter_map(|(name, value)| encode(name, guess(value), value).ok().map(|item| (name, item)))
        .collect();
    // Names are the endpoint's own text, and end up in sentences.
    let plain = |name: &str| name.chars().filter(char::is_ascii_alphanumeric).take(MAX_NAME).collect();
    let names = unknown.iter().take(MAX_NAMES).map(|(name, _)| plain(name)).collect();
    let extra: Vec<Vec<u8>> = unknown.into_iter().map(|(_, item)| item).collect();
    let with_unknown = if extra.len() > MAX_UNKNOWN {
        Vec::new()
    } else {
        orders(&extra).into_iter().map(|order| list(items.iter().chain(order))).collect()
    };
    Ok((known, names, with_unknown))
}

/// 20 bytes or more are data (addresses, hashes); shorter ones are taken for quantities.
fn guess(value: &Value) -> Kind {
    if value.as_str().is_some_and(|text| text.len() >= 42) { Kind::Data } else { Kind::Quantity }
}

/// Every order of every non-empty subset is not needed: an endpoint that sends a field has it in its header. But one
/// that sends a member of its own beside them must not spoil the rest, so shorter choices are tried too.
fn orders(items: &[Vec<u8>]) -> Vec<Vec<&Vec<u8>>> {
    let mut all: Vec<Vec<usize>> = vec![Vec::new()];
    let mut from = 0;
    while from < all.len() {
        let prefix = all.get(from).cloned().unwrap_or_default();
        let longer = (0..items.len()).filter(|index| !prefix.contains(index));
        let longer: Vec<Vec<usize>> =
            longer.map(|index| prefix.iter().copied().chain(std::iter::once(index)).collect()).collect();
        all.extend(longer);
        from += 1;
    }
    all.iter().skip(1).map(|order| order.iter().filter_map(|index| items.get(*index)).collect()).collect()
}

fn encode(name: &str, kind: Kind, value: &Value) -> Result<Vec<u8>, ProofError> {
    let text = value.as_str().ok_or_else(|| bad(&format!("{name} is not a string")))?;
    if text.len() > MAX_FIELD.saturating_mul(2) {
        return Err(bad(&format!("{name} is longer than a header field")));
    }
    let mut out = Vec::new();
    match kind {
        Kind::Data => {
            let digits = text.strip_prefix("0x").ok_or_else(|| bad(&format!("{name} is not hex")))?;
            let bytes = hex::decode(digits).map_err(|error| bad(&format!("{name}: {error}")))?;
            Bytes::from(bytes).encode(&mut out);
        }
        Kind::Quantity => {
            let digits = text.strip_prefix("0x").ok_or_else(|| bad(&format!("{name} is not hex")))?;
            let number =
                U256::from_str_radix(digits, 16).map_err(|error| bad(&format!("{name}: {error}")))?;
            number.encode(&mut out);
        }
    }
    Ok(out)
}

fn list<'a>(items: impl Iterator<Item = &'a Vec<u8>> + Clone) -> Vec<u8> {
    let payload_length = items.clone().map(Vec::len).sum();
    let mut out = Vec::with_capacity(payload_length + 4);
    RlpHeader { list: true, payload_length }.encode(&mut out);
    items.for_each(|item| out.put_slice(item));
    out
}

fn bad(detail: &str) -> ProofError {
    ProofError::BadHeader { detail: detail.to_owned() }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::*;

    fn block(more: &[(&str, Value)]) -> Value {
        let known = ALWAYS.iter().map(|(name, kind)| {
            let value = match kind {
                Kind::Data => "0x00",
                Kind::Quantity => "0x1",
            };
            ((*name).to_owned(), json!(value))
        });
        let more = more.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        Value::Object(known.chain(more).collect::<Map<_, _>>())
    }

    /// Every order of every choice of unknown fields is tried: long ones would be copied some 150 times.
    #[test]
    fn a_long_member_is_no_field_and_costs_nothing() {
        let long = json!(format!("0x{}", "ab".repeat(1 << 20)));
        let names = ["a", "b", "c", "d"];
        let bent: Vec<_> = names.iter().map(|name| (*name, long.clone())).collect();
        let (known, unknown, tried) = candidates(&block(&bent)).unwrap();
        assert_eq!((unknown.len(), tried.len()), (0, 0));
        assert_eq!(known, candidates(&block(&[])).unwrap().0);
        assert!(candidates(&block(&[("extraData", long)])).is_err());
        let short: Vec<_> = names.iter().map(|name| (*name, json!("0x01"))).collect();
        let bytes: usize = candidates(&block(&short)).unwrap().2.iter().map(Vec::len).sum();
        assert!(bytes < 20_000, "{bytes}");
    }

    #[test]
    fn names_that_an_error_repeats_are_few_short_and_plain() {
        let hostile = format!("\u{1b}[2J{}", "x".repeat(10_000));
        let mut bent = vec![(hostile.as_str(), json!("0x1"))];
        let others: Vec<String> = (0..100).map(|n| format!("n{n}")).collect();
        bent.extend(others.iter().map(|name| (name.as_str(), json!("0x1"))));
        let (_, names, tried) = candidates(&block(&bent)).unwrap();
        assert!(tried.is_empty());
        let text = names.join(", ");
        assert!(text.len() < 400 && !text.contains('\u{1b}'), "{text}");
    }
}
