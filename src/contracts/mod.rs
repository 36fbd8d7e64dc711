//! What do bytes mean? Bundled ABIs, decoding.
//!
//! *Invariant*: pure; meaning never decides truth.

mod abi_book;
mod abi_files;
mod abi_json;
mod abi_reader;
mod abi_types;
mod argument;
mod bundled;
mod code_hashes;
mod code_walk;
mod commands;
mod decode;
mod decode_log;
mod descriptor;
mod erc20;
mod fragment;
mod function_call;
mod nested;
mod proxy;
mod revert;
mod tokens;
mod value;
mod value_text;

#[cfg(test)]
mod abi_reader_tests;
#[cfg(test)]
mod decode_tests;
#[cfg(test)]
mod function_call_tests;

pub use abi_book::{AbiBook, Found, Provenance};
pub use abi_json::{AbiJsonError, parse_abi_json};
pub use abi_reader::AbiReadError;
pub use abi_types::TypeError;
pub use argument::ArgumentError;
pub use bundled::KnownAddress;
pub use code_hashes::KnownCode;
pub use code_walk::selectors_in_code;
pub use decode::{CallBody, DecodedCall, decode_calldata};
pub use decode_log::{DecodedLog, LogBody, decode_log};
pub use descriptor::{PlainCall, PlainField, PlainValue, plain_call};
pub use erc20::Erc20;
pub use function_call::{FunctionCall, FunctionCallError};
pub use proxy::{BEACON_IMPLEMENTATION, ProxyKind, ProxySlot, classify_proxy, proxy_slots_to_read};
pub use revert::{Revert, decode_revert, panic_meaning};
pub use tokens::{Token, TokenAnswerError, TokenList, TokenQuirk, token_decimals, token_text};
pub use value::{AbiValue, NamedValue};
pub use value_text::{TEXT_CAP, plain_name, sanitise, value_json, value_text, values_json, values_text};
