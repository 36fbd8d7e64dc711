//! Spenders that are asked about, by chain.

use std::collections::BTreeMap;

use alloy::primitives::{Address, address};
use serde::Deserialize;

/// Permit2, at the same address on every chain that has it.
pub const PERMIT2: Address = address!("000000000022D473030F116dDEE9F6B43aC78BA3");

/// A contract that people let spend their tokens. The name helps to read and is no endorsement.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Spender {
    /// What people call it.
    pub name: String,
    /// The contract.
    pub address: Address,
}

/// The spenders of one chain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SpenderBook {
    /// Each once.
    pub spenders: Vec<Spender>,
}

impl SpenderBook {
    /// The bundled spenders of a chain; none where none are bundled.
    pub fn of_chain(chain_id: u64) -> Self {
        // Read by a test; a file that could not be read would be an empty list, which claims nothing.
        let all: BTreeMap<String, Vec<Spender>> =
            serde_json::from_str(include_str!("../../../assets/spenders.json")).unwrap_or_default();
        Self { spenders: all.get(&chain_id.to_string()).cloned().unwrap_or_default() }
    }

    /// The same with more contracts, nameless.
    #[must_use]
    pub fn with(mut self, more: &[Address]) -> Self {
        for address in more {
            if !self.spenders.iter().any(|one| one.address == *address) {
                self.spenders.push(Spender { name: String::new(), address: *address });
            }
        }
        self
    }

    /// The name of a spender, where it has one.
    pub fn name(&self, address: Address) -> Option<&str> {
        let found = self.spenders.iter().find(|one| one.address == address);
        found.map(|one| one.name.as_str()).filter(|name| !name.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_spenders_are_read() {
        let book = SpenderBook::of_chain(1);
        assert!(book.spenders.len() >= 80, "{}", book.spenders.len());
        assert_eq!(book.name(PERMIT2), Some("Permit2"));
        assert!(book.spenders.iter().all(|one| !one.name.is_empty()));
        let more = SpenderBook::of_chain(77).with(&[PERMIT2, PERMIT2]);
        assert_eq!((more.spenders.len(), more.name(PERMIT2)), (1, None));
    }
}
