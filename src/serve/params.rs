//! Positional parameters, decoded by type.

use alloy::eips::BlockId;
use alloy::primitives::{B256, U64};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::RpcError;

/// The outcome of a method.
pub(super) type Answer = Result<Value, RpcError>;

/// The `params` of one request.
#[derive(Debug, Clone, Default)]
pub(super) struct Params(pub(super) Vec<Value>);

impl Params {
    /// The parameter at `index`, which must be there.
    pub(super) fn required<T: DeserializeOwned>(&self, index: usize) -> Result<T, RpcError> {
        self.optional(index)?
            .ok_or_else(|| RpcError::invalid_params(format!("missing value for required argument {index}")))
    }

    /// The parameter at `index`; `None` where it is absent or null.
    pub(super) fn optional<T: DeserializeOwned>(&self, index: usize) -> Result<Option<T>, RpcError> {
        match self.0.get(index) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => T::deserialize(value)
                .map(Some)
                .map_err(|error| RpcError::invalid_params(format!("invalid argument {index}: {error}"))),
        }
    }

    /// The 32-byte hash at `index`, with its 0x.
    pub(super) fn hash(&self, index: usize) -> Result<B256, RpcError> {
        let text: String = self.required(index)?;
        let digits = text.strip_prefix("0x").filter(|digits| digits.len() == 64);
        digits.and_then(|digits| digits.parse().ok()).ok_or_else(|| {
            RpcError::invalid_params(format!("invalid argument {index}: a hash is 0x and 64 hex digits"))
        })
    }

    /// The block at `index`: number, tag, hash or EIP-1898 object; latest where it is absent.
    pub(super) fn block(&self, index: usize) -> Result<BlockId, RpcError> {
        Ok(self.optional(index)?.unwrap_or_default())
    }

    /// No parameter at `index` or after it.
    pub(super) fn none_from(&self, index: usize) -> Result<(), RpcError> {
        if self.0.iter().skip(index).all(Value::is_null) {
            return Ok(());
        }
        Err(RpcError::invalid_params(format!("too many arguments, want at most {index}")))
    }
}

/// `value` as JSON.
pub(super) fn to_json<T: Serialize>(value: &T) -> Answer {
    serde_json::to_value(value).map_err(|error| RpcError::internal(error.to_string()))
}

/// `number` as a hex quantity.
pub(super) fn quantity(number: u64) -> Answer {
    to_json(&U64::from(number))
}
