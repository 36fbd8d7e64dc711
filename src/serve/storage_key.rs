//! Storage keys as clients write them: 32 bytes, or a short number.

use alloy::primitives::U256;

use super::error::RpcError;

/// A slot, and how its key was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct StorageKey {
    pub(super) slot: U256,
    whole: bool,
}

impl StorageKey {
    pub(super) fn parse(text: &str) -> Result<Self, RpcError> {
        let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")).unwrap_or(text);
        if digits.len() > 64 {
            let words = format!("storage key too long (want at most 32 bytes): {text:?}");
            return Err(RpcError::invalid_params(words));
        }
        let slot = match digits {
            "" => Ok(U256::ZERO),
            digits => U256::from_str_radix(digits, 16),
        };
        let slot =
            slot.map_err(|_error| RpcError::invalid_params(format!("invalid hex in storage key: {text:?}")))?;
        Ok(Self { slot, whole: digits.len() == 64 })
    }

    /// The key written back the way it came.
    pub(super) fn shown(&self) -> String {
        if self.whole { format!("{:#066x}", self.slot) } else { format!("{:#x}", self.slot) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_written_back_as_they_came() {
        let long = format!("0x{}2a", "0".repeat(62));
        for (text, shown) in [("0x2a", "0x2a"), ("0x00", "0x0"), ("2a", "0x2a"), (&*long, &*long)] {
            assert_eq!(StorageKey::parse(text).unwrap().shown(), shown);
        }
        assert!(StorageKey::parse(&format!("0x{}", "0".repeat(65))).is_err());
        assert!(StorageKey::parse("0xzz").is_err() && StorageKey::parse("-1").is_err());
    }
}
