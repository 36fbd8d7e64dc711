//! What a log says.

use alloy::dyn_abi::DynSolType;
use alloy::json_abi::Event;
use alloy::primitives::{Address, B256, Bytes};
use serde_json::{Value, json};

use super::abi_book::{AbiBook, Provenance};
use super::abi_reader::{Typed, read_typed, read_word};
use super::abi_types::event_type_of;
use super::value::{AbiValue, NamedValue};
use super::value_text::{sanitise, values_json, values_text};

/// Longest log data that is decoded.
const MAX_DATA: usize = 1 << 20;

/// What a log says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodedLog {
    /// The contract that wrote it.
    pub address: Address,
    /// What the book calls this address.
    pub label: Option<String>,
    /// The event.
    pub body: LogBody,
}

/// What the topics and data of a log say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogBody {
    /// An event and its arguments in the order of the interface, the indexed ones too.
    Event {
        /// Its name.
        name: String,
        /// `Name(types)`.
        signature: String,
        /// Its arguments.
        args: Vec<NamedValue>,
        /// Who says that it is this event.
        provenance: Provenance,
    },
    /// Topics and data of unknown meaning.
    Raw {
        /// The topics.
        topics: Vec<B256>,
        /// The data.
        data: Bytes,
    },
}

impl DecodedLog {
    /// The event's name, its arguments, and a mark when it is a guess; safe to print.
    #[must_use]
    pub fn title(&self) -> String {
        match &self.body {
            LogBody::Raw { topics, data } => {
                format!("an unknown event ({} topics, {} bytes)", topics.len(), data.len())
            }
            LogBody::Event { name, args, provenance, .. } => {
                let guess = if *provenance == Provenance::Guess { " (a guess by its topic)" } else { "" };
                format!("{}({}){guess}", sanitise(name, 80), values_text(args))
            }
        }
    }

    /// For programs.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let body = match &self.body {
            LogBody::Raw { topics, data } => json!({ "kind": "raw", "topics": topics, "data": data }),
            LogBody::Event { name, signature, args, provenance } => json!({
                "kind": "event", "name": name, "signature": signature, "args": values_json(args),
                "provenance": provenance,
            }),
        };
        json!({ "address": self.address.to_checksum(None), "label": self.label, "log": body })
    }
}

/// Decodes a log of `address`. Never fails: what is not understood is raw.
#[must_use]
pub fn decode_log(
    book: &AbiBook,
    chain_id: u64,
    address: Address,
    topics: &[B256],
    data: &[u8],
) -> DecodedLog {
    let known = topics.split_first().filter(|_| data.len() <= MAX_DATA).and_then(|(topic0, indexed)| {
        book.events(chain_id, Some(address), *topic0).into_iter().find_map(|found| {
            let args = event_args(&found.item, indexed, data)?;
            let (name, signature) = (found.item.name.clone(), found.item.signature());
            Some(LogBody::Event { name, signature, args, provenance: found.provenance })
        })
    });
    let raw = || LogBody::Raw { topics: topics.to_vec(), data: Bytes::copy_from_slice(data) };
    DecodedLog { address, label: book.label(chain_id, address), body: known.unwrap_or_else(raw) }
}

/// The arguments in order; `None` when topics or data do not fit. The number of topics tells apart events of one
/// signature that index different arguments, as the `Transfer` of ERC-20 and ERC-721.
fn event_args(event: &Event, indexed: &[B256], data: &[u8]) -> Option<Vec<NamedValue>> {
    if event.inputs.iter().filter(|input| input.indexed).count() != indexed.len() {
        return None;
    }
    let mut types = Vec::with_capacity(event.inputs.len());
    for input in &event.inputs {
        types.push(event_type_of(input).ok()?);
    }
    let all = || event.inputs.iter().zip(&types);
    let in_data: Vec<Typed<'_>> = all()
        .filter(|(input, _)| !input.indexed)
        .map(|(input, ty)| (input.name.as_str(), ty.clone(), input.components.as_slice()))
        .collect();
    let mut in_data =
        Some(read_typed(&in_data, data).ok()?).filter(|read| read.trailing == 0)?.values.into_iter();
    let mut topics = indexed.iter();
    all()
        .map(|(input, ty)| {
            if !input.indexed {
                return in_data.next();
            }
            let value = topic_value(ty, *topics.next()?)?;
            let solidity_type = ty.sol_type_name().into_owned();
            Some(NamedValue { name: input.name.clone(), solidity_type, value })
        })
        .collect()
}

/// A topic holds a value that fits a word, or the hash of a longer one.
fn topic_value(ty: &DynSolType, topic: B256) -> Option<AbiValue> {
    match ty {
        DynSolType::Bytes
        | DynSolType::String
        | DynSolType::Array(_)
        | DynSolType::FixedArray(..)
        | DynSolType::Tuple(_) => Some(AbiValue::Hashed(topic)),
        word => read_word(word, topic).ok(),
    }
}

#[cfg(test)]
mod tests {
    use alloy::primitives::{U256, address, b256, keccak256};
    use proptest::prelude::*;

    use super::*;

    const USDC: Address = address!("A0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48");
    const BAYC: Address = address!("BC4CA0EdA7647A8aB7C2061c2E118A18a936f13D");
    const TRANSFER: B256 = b256!("ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");

    #[test]
    fn one_topic_two_events_told_apart_by_what_is_indexed() {
        let book = AbiBook::new();
        let (from, to) = (Address::repeat_byte(0xaa).into_word(), Address::repeat_byte(0xbb).into_word());
        let amount = U256::from(1_000_000);
        let erc20 = decode_log(&book, 1, USDC, &[TRANSFER, from, to], &amount.to_be_bytes::<32>());
        assert_eq!(erc20.label.as_deref(), Some("USDC"));
        assert_eq!(
            erc20.title(),
            "Transfer(from: 0xaAaAaAaaAaAaAaaAaAAAAAAAAaaaAaAaAaaAaaAa, to: 0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB, value: 1000000)"
        );
        let nft = decode_log(&book, 1, BAYC, &[TRANSFER, from, to, B256::with_last_byte(9)], &[]);
        assert!(nft.title().ends_with("tokenId: 9) (a guess by its topic)"), "{}", nft.title());
        let neither = decode_log(&book, 1, USDC, &[TRANSFER, from], &[]);
        assert!(matches!(neither.body, LogBody::Raw { .. }));
        assert_eq!(erc20.to_json()["log"]["args"][2]["value"], "1000000");
    }

    #[test]
    fn a_long_indexed_argument_is_only_a_hash() {
        let mut book = AbiBook::new();
        book.add_json(1, BAYC, r#"["event Named(string indexed name, uint8 level)"]"#).unwrap();
        let topics = [keccak256("Named(string,uint8)"), keccak256("someone")];
        let log = decode_log(&book, 1, BAYC, &topics, &U256::from(3).to_be_bytes::<32>());
        assert_eq!(log.title(), format!("Named(name: hash {}, level: 3)", keccak256("someone")));
    }

    proptest! {
        #[test]
        fn any_log_is_told(
            first in 0..3_usize,
            topics in proptest::collection::vec(any::<[u8; 32]>(), 0..5),
            data in proptest::collection::vec(any::<u8>(), 0..300),
        ) {
            let mut topics: Vec<B256> = topics.into_iter().map(B256::from).collect();
            if let Some(topic) = topics.first_mut() {
                *topic = [TRANSFER, keccak256("DiamondCut((address,uint8,bytes4[])[],address,bytes)"), *topic][first];
            }
            let log = decode_log(&AbiBook::new(), 1, USDC, &topics, &data);
            prop_assert!(!log.title().chars().any(char::is_control));
        }
    }
}
