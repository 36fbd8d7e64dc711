//! What the program knows of contracts, read once from the bundled files.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use alloy::json_abi::{Error, Event, Function, JsonAbi};
use alloy::primitives::{Address, B256, Selector};
use serde::Deserialize;
use serde_json::Value;

use super::abi_files::FILES;
use super::abi_json::insert;

/// A contract of the address book. A label helps to read and proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct KnownAddress {
    /// The chain.
    pub chain: u64,
    /// The contract.
    pub address: Address,
    /// What people call it.
    pub label: String,
    /// The protocol: `aave-v3`, `erc20`, `spender`.
    pub protocol: String,
    /// Its interfaces, as `protocol/Contract`.
    pub abis: Vec<String>,
}

/// Everything bundled.
#[derive(Debug, Default)]
pub(super) struct Bundled {
    /// `protocol/Contract` → interface.
    pub(super) abis: BTreeMap<String, (&'static str, JsonAbi)>,
    pub(super) addresses: HashMap<(u64, Address), KnownAddress>,
    /// Selector → signatures somebody once used.
    signatures: HashMap<Selector, Vec<&'static str>>,
    /// Why something bundled could not be read; empty, or a test fails.
    pub(super) broken: Vec<String>,
}

/// Items by what stands in calldata, logs and reverts.
#[derive(Debug, Default)]
struct Index {
    functions: HashMap<Selector, Vec<&'static Function>>,
    events: HashMap<B256, Vec<&'static Event>>,
    errors: HashMap<Selector, Vec<&'static Error>>,
}

impl Bundled {
    /// Reads the files at the first call.
    pub(super) fn get() -> &'static Self {
        static BUNDLED: OnceLock<Bundled> = OnceLock::new();
        BUNDLED.get_or_init(Self::read)
    }

    fn read() -> Self {
        let mut bundled = Self::default();
        for (protocol, text) in FILES {
            bundled.read_file(protocol, text);
        }
        match serde_json::from_str::<Vec<KnownAddress>>(include_str!("../../assets/addresses.json")) {
            Ok(rows) => {
                bundled.addresses = rows.into_iter().map(|row| ((row.chain, row.address), row)).collect();
            }
            Err(why) => bundled.broken.push(format!("addresses.json: {why}")),
        }
        for line in include_str!("../../assets/selectors.tsv").lines() {
            let row = line.split_once('\t').and_then(|(hex, text)| Some((hex.parse().ok()?, text)));
            match row {
                Some((selector, signature)) => {
                    bundled.signatures.entry(selector).or_default().push(signature);
                }
                None => bundled.broken.push(format!("selectors.tsv: {line}")),
            }
        }
        bundled
    }

    fn read_file(&mut self, protocol: &'static str, text: &str) {
        let contracts: BTreeMap<String, Vec<Value>> = match serde_json::from_str(text) {
            Ok(contracts) => contracts,
            Err(why) => return self.broken.push(format!("{protocol}: {why}")),
        };
        for (contract, items) in contracts {
            let mut abi = JsonAbi::new();
            for item in &items {
                if let Err(why) = insert(&mut abi, item) {
                    self.broken.push(format!("{protocol}/{contract}: {why}"));
                }
            }
            self.abis.insert(format!("{protocol}/{contract}"), (protocol, abi));
        }
    }

    /// Signatures somebody once used with this selector: a guess and never more.
    pub(super) fn signatures(&self, selector: Selector) -> &[&'static str] {
        self.signatures.get(&selector).map_or(&[], Vec::as_slice)
    }

    pub(super) fn functions(selector: Selector) -> &'static [&'static Function] {
        index().functions.get(&selector).map_or(&[], Vec::as_slice)
    }

    pub(super) fn events(topic: B256) -> &'static [&'static Event] {
        index().events.get(&topic).map_or(&[], Vec::as_slice)
    }

    pub(super) fn errors(selector: Selector) -> &'static [&'static Error] {
        index().errors.get(&selector).map_or(&[], Vec::as_slice)
    }
}

fn index() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(|| {
        let mut index = Index::default();
        for (_, abi) in Bundled::get().abis.values() {
            for item in abi.functions() {
                index.functions.entry(item.selector()).or_default().push(item);
            }
            for item in abi.events().filter(|event| !event.anonymous) {
                index.events.entry(item.selector()).or_default().push(item);
            }
            for item in abi.errors() {
                index.errors.entry(item.selector()).or_default().push(item);
            }
        }
        index
    })
}

#[cfg(test)]
mod tests {
    use alloy::primitives::{b256, hex, keccak256};

    use super::*;
    use crate::contracts::abi_types::{event_type_of, type_of};

    #[test]
    fn everything_bundled_is_read_and_every_type_is_known() {
        let bundled = Bundled::get();
        assert!(bundled.broken.is_empty(), "{:#?}", bundled.broken);
        assert!(bundled.abis.len() > 120 && bundled.addresses.len() > 1_000);
        for (name, (_, abi)) in &bundled.abis {
            let params = abi.functions().flat_map(|one| one.inputs.iter().chain(&one.outputs));
            for param in params.chain(abi.errors().flat_map(|one| &one.inputs)) {
                assert!(type_of(param).is_ok(), "{name}: {param:?}");
            }
            for param in abi.events().flat_map(|one| &one.inputs) {
                assert!(event_type_of(param).is_ok(), "{name}: {param:?}");
            }
        }
    }

    #[test]
    fn the_address_book_names_only_interfaces_there_are() {
        let bundled = Bundled::get();
        for row in bundled.addresses.values() {
            for abi in &row.abis {
                assert!(bundled.abis.contains_key(abi), "{}: {abi}", row.label);
            }
        }
        let raw: Vec<Value> = serde_json::from_str(include_str!("../../assets/addresses.json")).unwrap();
        assert_eq!(raw.len(), bundled.addresses.len(), "an address stands twice");
        for row in raw {
            let text = row["address"].as_str().unwrap();
            assert!(Address::parse_checksummed(text, None).is_ok(), "{text}");
        }
    }

    #[test]
    fn every_guess_hashes_to_its_selector() {
        let mut count = 0_usize;
        for (selector, signatures) in &Bundled::get().signatures {
            for signature in signatures {
                assert_eq!(keccak256(signature)[..4], selector[..], "{signature}");
                count += 1;
            }
        }
        assert!(count > 10_000, "{count}");
    }

    #[test]
    fn items_are_found_under_the_hashes_the_chain_uses() {
        // From mainnet: topics of logs and selectors of calls everybody has seen.
        let events = [
            ("Transfer", b256!("ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef")),
            ("ApprovalForAll", b256!("17307eab39ab6107e8899845ad3d59bd9653f200f220920489ca2b5937696c31")),
            ("TransferSingle", b256!("c3d58168c5ae7397731d063d5bbf3d657854427343f4c083240f7aacaa2d0f62")),
            ("Approval", b256!("da9fa7c1b00402c17d0161b249b1ab8bbec047c5a52207b9c112deffd817036b")),
            ("Permit", b256!("c6a377bfc4eb120024a8ac08eef205be16b817020812c73223e81d1bdb9708ec")),
            ("ExecutionSuccess", b256!("442e715f626346e8c54381002da614f62bee8d27386535b2521ec8540898556e")),
            ("MessagePassed", b256!("02a52367d10742d8032712c1bb8e0144ff1ec5ffda1ed7d70bb05a2744955054")),
            ("MessageDelivered", b256!("5e3c1311ea442664e8b1611bfabef659120ea7a0a2cfc0667700bebc69cbffe1")),
            ("L2ToL1Tx", b256!("3e7aafa77dbf186b7fd488006beff893744caa3c4f6f299e8a709fa2087374fc")),
            ("Upgraded", b256!("bc7cd75a20ee27fd9adebab32041f755214dbc6bffa90cc0225b39da2e5c2d3b")),
            ("Swap", b256!("d78ad95fa46c994b6551d0da85fc275fe613ce37657fb8d5e3d130840159d822")),
            ("Swap", b256!("c42079f94a6350d7e6235f29174924f928cc2ac818eb64fed8004e115fbcca67")),
            ("Deposit", b256!("e1fffcc4923d04b559f4d29a8bfc6cda04eb5b0d3c460751c2402c5c5cc9109c")),
            ("Withdrawal", b256!("7fcf532c15f0a6db0bd6d0e038bea71d30d808c7d98cb3bf7268a95bf5081b65")),
        ];
        for (name, topic) in events {
            assert!(Bundled::events(topic).iter().any(|one| one.name == name), "{name}");
        }
        assert!(Bundled::functions(hex!("82ad56cb").into()).iter().any(|one| one.name == "aggregate3"));
        assert!(Bundled::errors(hex!("556f1830").into()).iter().any(|one| one.name == "OffchainLookup"));
        assert!(
            Bundled::errors(hex!("e450d38c").into()).iter().any(|one| one.name == "ERC20InsufficientBalance")
        );
    }
}
