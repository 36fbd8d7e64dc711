//! Receipts of a proven block: the root rebuilt from consensus fields, everything derived computed.

use alloy::consensus::{Eip658Value, Receipt as ConsensusReceipt, ReceiptEnvelope, ReceiptWithBloom};
use alloy::eips::eip2718::Encodable2718 as _;
use alloy::primitives::{Address, B256, Bloom, Bytes, Log, U256, hex};
use alloy_trie::root::ordered_trie_root_encoded;
use serde_json::Value;

use super::{ProofError, Proven, ProvenHeader};

const LIST: &str = "receipts";

/// A receipt of a proven block: the fields that the chain itself keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// EIP-2718 type of its transaction.
    pub kind: u8,
    /// Success (EIP-658), or the state root of a receipt before Byzantium.
    pub status: Eip658Value,
    /// Gas used in the block up to and including this transaction.
    pub cumulative_gas_used: u64,
    /// Its logs, in order.
    pub logs: Vec<Log>,
}

impl Receipt {
    /// The receipt in the envelope of its kind, with its logs in whichever form; the bloom is computed from them.
    pub fn envelope<L>(&self, logs: Vec<L>) -> ReceiptEnvelope<L> {
        let logs_bloom: Bloom = self.logs.iter().collect();
        let (status, cumulative_gas_used) = (self.status, self.cumulative_gas_used);
        let receipt = ConsensusReceipt { status, cumulative_gas_used, logs };
        let with_bloom = ReceiptWithBloom { receipt, logs_bloom };
        match self.kind {
            1 => ReceiptEnvelope::Eip2930(with_bloom),
            2 => ReceiptEnvelope::Eip1559(with_bloom),
            3 => ReceiptEnvelope::Eip4844(with_bloom),
            4 => ReceiptEnvelope::Eip7702(with_bloom),
            _ => ReceiptEnvelope::Legacy(with_bloom),
        }
    }
}

/// Proves all receipts of a block, given as JSON-RPC objects in block order.
///
/// # Errors
/// `BadEntry`, `UnknownType`, `ListRoot`.
pub fn verify_receipts(at: &ProvenHeader, receipts: &[Value]) -> Result<Proven<Vec<Receipt>>, ProofError> {
    let receipts =
        receipts.iter().enumerate().map(|(index, json)| parse(index, json)).collect::<Result<Vec<_>, _>>()?;
    let raw = |receipt: &Receipt| receipt.envelope(receipt.logs.clone()).encoded_2718();
    let encoded: Vec<Vec<u8>> = receipts.iter().map(raw).collect();
    let (expected, found) = (at.receipts_root(), ordered_trie_root_encoded(&encoded));
    if found != expected {
        return Err(ProofError::ListRoot { list: LIST, expected, found });
    }
    Ok(Proven::new(receipts, at.block_ref()))
}

fn parse(index: usize, json: &Value) -> Result<Receipt, ProofError> {
    let bad = |detail: &str| ProofError::BadEntry { list: LIST, index, detail: detail.to_owned() };
    let text = |name| json.get(name).and_then(Value::as_str);
    let kind = text("type").map_or(Some(0), quantity).ok_or_else(|| bad("type"))?;
    let kind = match u8::try_from(kind) {
        Ok(known @ 0..=4) => known,
        _ => return Err(ProofError::UnknownType { list: LIST, index, kind }),
    };
    let status = match (text("status"), text("root")) {
        (Some(status), _) => match quantity(status) {
            Some(0) => Eip658Value::Eip658(false),
            Some(1) => Eip658Value::Eip658(true),
            _ => return Err(bad("status")),
        },
        (None, Some(root)) => Eip658Value::PostState(root.parse().map_err(|_hex| bad("root"))?),
        (None, None) => return Err(bad("status")),
    };
    let cumulative_gas_used =
        text("cumulativeGasUsed").and_then(quantity).ok_or_else(|| bad("cumulativeGasUsed"))?;
    let logs = json.get("logs").and_then(Value::as_array).ok_or_else(|| bad("logs"))?;
    let logs = logs.iter().map(|log| parse_log(log).ok_or_else(|| bad("a log"))).collect::<Result<_, _>>()?;
    Ok(Receipt { kind, status, cumulative_gas_used, logs })
}

fn parse_log(json: &Value) -> Option<Log> {
    let address: Address = json.get("address")?.as_str()?.parse().ok()?;
    let topics: Option<Vec<B256>> =
        json.get("topics")?.as_array()?.iter().map(|topic| topic.as_str()?.parse().ok()).collect();
    let data = hex::decode(json.get("data")?.as_str()?).ok()?;
    Log::new(address, topics?, Bytes::from(data))
}

/// A JSON-RPC quantity that fits 64 bits.
pub(super) fn quantity(text: &str) -> Option<u64> {
    let digits = text.strip_prefix("0x")?;
    U256::from_str_radix(digits, 16).ok().and_then(|number| u64::try_from(number).ok())
}
