//! Which code a well-known contract runs, as it was proven when this program was made.

use std::collections::HashMap;
use std::sync::OnceLock;

use alloy::primitives::{Address, B256};
use serde::Deserialize;

/// The code that a contract is known to run.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct KnownCode {
    /// The chain.
    pub chain: u64,
    /// The contract.
    pub address: Address,
    /// What people call it.
    pub name: String,
    /// Hash of the code that runs; behind a proxy that of the implementation.
    pub code_hash: B256,
}

impl KnownCode {
    /// The code shipped for a contract; `None` where none is.
    #[must_use]
    pub fn of(chain_id: u64, address: Address) -> Option<&'static Self> {
        static ALL: OnceLock<HashMap<(u64, Address), KnownCode>> = OnceLock::new();
        let all = ALL.get_or_init(|| {
            // Read by a test; a list that could not be read would be an empty one, never a panic.
            let text = include_str!("../../assets/code-hashes.json");
            let rows: Vec<Self> = serde_json::from_str(text).unwrap_or_default();
            rows.into_iter().map(|row| ((row.chain, row.address), row)).collect()
        });
        all.get(&(chain_id, address))
    }
}

#[cfg(test)]
mod tests {
    use alloy::primitives::address;

    use super::*;
    use crate::contracts::AbiBook;

    #[test]
    fn every_row_is_read_and_is_in_the_address_book_or_the_token_list() {
        let text = include_str!("../../assets/code-hashes.json");
        let raw: Vec<serde_json::Value> = serde_json::from_str(text).unwrap();
        assert!(raw.len() >= 5);
        let book = AbiBook::new();
        for row in raw {
            let address = Address::parse_checksummed(row["address"].as_str().unwrap(), None).unwrap();
            let chain = row["chain"].as_u64().unwrap();
            assert!(KnownCode::of(chain, address).is_some(), "{address}");
            assert!(book.label(chain, address).is_some(), "{address}");
        }
        assert!(KnownCode::of(1, address!("0000000000000000000000000000000000000001")).is_none());
    }
}
