//! Amounts as they are typed: read exactly, or not at all.

use alloy::primitives::U256;

/// Most that can be typed as an amount, to keep numbers sane.
pub(super) const LONGEST_AMOUNT: usize = 80;

/// Why a text is no amount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum AmountError {
    /// Nothing was typed.
    Empty,
    /// Something else than digits and one dot.
    NotANumber,
    /// So many decimals, where so many are possible.
    Decimals(usize, u8),
    /// Nothing is sent.
    Zero,
}

/// Raw units of an amount as typed: digits and a dot, nothing else.
pub(super) fn amount(text: &str, decimals: u8) -> Result<U256, AmountError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(AmountError::Empty);
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.chars().all(|c| c.is_ascii_digit());
    if text.len() > LONGEST_AMOUNT
        || !digits(whole)
        || !digits(fraction)
        || (whole.is_empty() && fraction.is_empty())
    {
        return Err(AmountError::NotANumber);
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > usize::from(decimals) {
        return Err(AmountError::Decimals(fraction.len(), decimals));
    }
    let padded = format!("{whole}{fraction:0<width$}", width = usize::from(decimals));
    let raw: U256 = padded.parse().map_err(|_too_large| AmountError::NotANumber)?;
    if raw.is_zero() { Err(AmountError::Zero) } else { Ok(raw) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_exactly_or_not_at_all() {
        let ether = |text| amount(text, 18);
        assert_eq!(ether("1.25"), Ok(U256::from(1_250_000_000_000_000_000_u64)));
        assert_eq!(ether(".5"), Ok(U256::from(500_000_000_000_000_000_u64)));
        assert_eq!(ether("0.000000000000000001"), Ok(U256::from(1)));
        assert_eq!(amount("7", 0), Ok(U256::from(7)));
        assert_eq!(ether(" "), Err(AmountError::Empty));
        assert_eq!(ether("0.0"), Err(AmountError::Zero));
        for bad in ["1,25", "-1", "1e3", "1.2.3", ".", "0x10", "1 000"] {
            assert_eq!(ether(bad), Err(AmountError::NotANumber), "{bad}");
        }
        assert_eq!(amount("1.2345678", 6), Err(AmountError::Decimals(7, 6)));
        assert_eq!(amount("1.2300000", 2), Ok(U256::from(123)));
        assert_eq!(ether(&"9".repeat(79)), Err(AmountError::NotANumber));
    }
}
