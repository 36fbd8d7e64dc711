//! What do bytes mean? Bundled ABIs, decoding.
//!
//! *Invariant*: pure; meaning never decides truth.

mod abi_reader;
mod abi_types;
mod argument;
mod erc20;
mod function_call;
mod value;
mod value_text;

#[cfg(test)]
mod abi_reader_tests;
#[cfg(test)]
mod function_call_tests;

pub use abi_reader::AbiReadError;
pub use abi_types::TypeError;
pub use argument::ArgumentError;
pub use erc20::Erc20;
pub use function_call::{FunctionCall, FunctionCallError};
pub use value::{AbiValue, NamedValue};
pub use value_text::{TEXT_CAP, sanitise, value_json, value_text, values_json, values_text};
