//! Numbers and times as people read them.

use alloy::primitives::U256;
use alloy::primitives::utils::format_ether;

use crate::app::{BlockRef, Finality};

/// Wei as ether, every digit, no trailing zeros.
pub(super) fn ether(wei: U256) -> String {
    let text = format_ether(wei);
    let trimmed = text.trim_end_matches('0').trim_end_matches('.');
    format!("{trimmed} ETH")
}

/// An amount of the smallest unit with its point: every digit, no trailing zeros.
pub(super) fn units(amount: U256, decimals: u8) -> String {
    let digits = amount.to_string();
    let point = usize::from(decimals);
    let padded = format!("{digits:0>width$}", width = point.saturating_add(1));
    let (whole, part) = padded.split_at(padded.len().saturating_sub(point));
    match part.trim_end_matches('0') {
        "" => whole.to_owned(),
        part => format!("{whole}.{part}"),
    }
}

/// Wei per gas as gwei, every digit.
pub(super) fn gwei(wei: u128) -> String {
    format!("{} gwei", units(U256::from(wei), 9))
}

/// An age in the two largest units.
pub(super) fn age(secs: u64) -> String {
    match secs {
        0..60 => format!("{secs} s"),
        60..3_600 => format!("{} min {} s", secs / 60, secs % 60),
        3_600..86_400 => format!("{} h {} min", secs / 3_600, secs % 3_600 / 60),
        _ => format!("{} d {} h", secs / 86_400, secs % 86_400 / 3_600),
    }
}

/// `final` or `head`.
pub(super) fn proof(finality: Finality) -> &'static str {
    match finality {
        Finality::Final => "final",
        Finality::Optimistic => "head",
    }
}

/// How a value is known, in a line.
pub(super) fn provenance(at: BlockRef, now_ms: u64) -> String {
    let old = age((now_ms / 1_000).saturating_sub(at.timestamp));
    let word = match at.finality {
        Finality::Final => "final",
        Finality::Optimistic => "head, not yet final",
    };
    format!("proven at block {} ({word}), {old} old, {}", at.number, at.hash)
}

/// Bytes with a unit.
pub(super) fn bytes(count: u64) -> String {
    if count < 10_000 { format!("{count} B") } else { format!("{} kB", count / 1_000) }
}

/// UTC as ISO 8601, as `2026-01-01T00:00:00Z`; the bare number where no calendar reaches.
pub(super) fn utc(unix_secs: u64) -> String {
    let time = i64::try_from(unix_secs).ok().and_then(|secs| jiff::Timestamp::from_second(secs).ok());
    time.map_or_else(|| format!("Unix second {unix_secs}"), |time| time.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_keep_every_digit() {
        assert_eq!(ether(U256::from(1)), "0.000000000000000001 ETH");
        assert_eq!(ether(U256::from(10).pow(U256::from(18))), "1 ETH");
        assert_eq!(ether(U256::ZERO), "0 ETH");
        assert_eq!(ether(U256::from(1_500_000_000_000_000_000_u64)), "1.5 ETH");
    }

    #[test]
    fn units_of_any_token() {
        assert_eq!(units(U256::from(1_234_500), 6), "1.2345");
        assert_eq!(units(U256::from(7), 0), "7");
        assert_eq!(units(U256::ZERO, 18), "0");
        assert_eq!(units(U256::from(5), 255).len(), 257);
        assert_eq!(gwei(1_500_000_000), "1.5 gwei");
        assert_eq!(gwei(1), "0.000000001 gwei");
    }

    #[test]
    fn ages_and_times() {
        assert_eq!(age(59), "59 s");
        assert_eq!(age(3_700), "1 h 1 min");
        assert_eq!(utc(1_767_225_600), "2026-01-01T00:00:00Z");
        assert_eq!(utc(u64::MAX), "Unix second 18446744073709551615");
    }
}
