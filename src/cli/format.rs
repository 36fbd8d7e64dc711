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
    fn ages_and_times() {
        assert_eq!(age(59), "59 s");
        assert_eq!(age(3_700), "1 h 1 min");
        assert_eq!(utc(1_767_225_600), "2026-01-01T00:00:00Z");
        assert_eq!(utc(u64::MAX), "Unix second 18446744073709551615");
    }
}
