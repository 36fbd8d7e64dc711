//! A decoded ABI value with the names and types of its fields.

use alloy::primitives::{Address, B256, Bytes, I256, U256};

/// One value of the contract ABI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AbiValue {
    /// `bool`.
    Bool(bool),
    /// `uint8` to `uint256`.
    Uint(U256),
    /// `int8` to `int256`.
    Int(I256),
    /// `address`.
    Address(Address),
    /// `bytes`, `bytes1` to `bytes32`, and `function` (24 bytes).
    Bytes(Bytes),
    /// `string`; bytes that are not UTF-8 were replaced.
    String(String),
    /// `T[]` and `T[n]`.
    Array(Vec<Self>),
    /// A tuple (a struct), its fields in order.
    Tuple(Vec<NamedValue>),
    /// An indexed event argument of a type longer than a word: the log holds only its hash.
    Hashed(B256),
}

/// A value, the name it has in the interface (may be empty), and its Solidity type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedValue {
    /// The name in the interface, or empty.
    pub name: String,
    /// The canonical type: `uint256`, `(address,bytes)[]`.
    pub solidity_type: String,
    /// The value.
    pub value: AbiValue,
}

impl AbiValue {
    /// The address, when it is one.
    #[must_use]
    pub fn as_address(&self) -> Option<Address> {
        if let Self::Address(address) = self { Some(*address) } else { None }
    }

    /// The unsigned integer, when it is one.
    #[must_use]
    pub fn as_uint(&self) -> Option<U256> {
        if let Self::Uint(number) = self { Some(*number) } else { None }
    }

    /// The bytes, when it is some.
    #[must_use]
    pub fn as_bytes(&self) -> Option<&Bytes> {
        if let Self::Bytes(bytes) = self { Some(bytes) } else { None }
    }

    /// The text, when it is some.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    /// The elements, when it is an array.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Self]> {
        if let Self::Array(values) = self { Some(values) } else { None }
    }

    /// The fields, when it is a tuple.
    #[must_use]
    pub fn as_tuple(&self) -> Option<&[NamedValue]> {
        if let Self::Tuple(fields) = self { Some(fields) } else { None }
    }
}
