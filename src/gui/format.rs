//! Amounts, ages, numbers and addresses as people read them. No screen formats by itself.

use std::cell::Cell;

use alloy::primitives::utils::format_units;
use alloy::primitives::{Address, B256, U256};
use serde::{Deserialize, Serialize};

/// What stands between thousands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Grouping {
    /// U+2009, which is drawn narrow and meant for thousands.
    #[default]
    Space,
    /// A comma.
    Comma,
}

impl Grouping {
    fn sign(self) -> char {
        match self {
            Self::Space => '\u{2009}',
            Self::Comma => ',',
        }
    }
}

thread_local! {
    /// The user's choice, set before each frame of the thread that draws.
    static GROUPING: Cell<Grouping> = const { Cell::new(Grouping::Space) };
}

/// From now on numbers of this thread are grouped like this.
pub(super) fn set_grouping(grouping: Grouping) {
    GROUPING.set(grouping);
}

/// A number as programs read it: without what groups its digits.
pub(super) fn bare(text: &str) -> String {
    let gap = GROUPING.get().sign();
    let characters: Vec<char> = text.chars().collect();
    let digit = |at: Option<usize>| at.and_then(|at| characters.get(at)).is_some_and(char::is_ascii_digit);
    let groups = |at: usize| digit(at.checked_sub(1)) && digit(at.checked_add(1));
    let kept = characters.iter().enumerate().filter(|(at, c)| **c != gap || !groups(*at));
    kept.map(|(_, c)| *c).collect()
}

/// Which way a number that does not fit is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Round {
    /// What you have or get.
    Down,
    /// What you owe or pay.
    Up,
}

/// A whole number in groups of three.
pub(super) fn number(value: u64) -> String {
    group(&value.to_string())
}

fn group(digits: &str) -> String {
    let (length, gap) = (digits.len(), GROUPING.get().sign());
    let mut grouped = String::with_capacity(length.saturating_add(length / 3));
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && length > 4 && length.saturating_sub(at).is_multiple_of(3) {
            grouped.push(gap);
        }
        grouped.push(digit);
    }
    grouped
}

/// `wei` as ether with at most six decimals; something below that shows as such, never as 0.
pub(super) fn ether(wei: U256, round: Round) -> String {
    amount(wei, 18, 6, round)
}

/// Every digit of `wei` as ether.
pub(super) fn ether_exact(wei: U256) -> String {
    amount(wei, 18, 18, Round::Down)
}

/// `raw` units of a token of `decimals`, with at most `shown` decimals.
pub(super) fn amount(raw: U256, decimals: u8, shown: u8, round: Round) -> String {
    let unit = U256::from(10).checked_pow(U256::from(decimals.saturating_sub(shown))).unwrap_or(U256::MAX);
    let (mut whole, rest) = raw.div_rem(unit);
    if !rest.is_zero() {
        if whole.is_zero() && round == Round::Down {
            return format!("<0.{}1", "0".repeat(usize::from(shown.saturating_sub(1))));
        }
        if round == Round::Up {
            whole = whole.saturating_add(U256::from(1));
        }
    }
    let text = format_units(whole, shown.min(decimals)).unwrap_or_else(|_too_many| raw.to_string());
    let (integer, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let fraction = fraction.trim_end_matches('0');
    if fraction.is_empty() { group(integer) } else { format!("{}.{fraction}", group(integer)) }
}

/// Dollars with 18 digits behind the point, as `$12 400.50`; rounded down, and never to nothing.
pub(super) fn dollars(value: U256) -> String {
    let cent = U256::from(10_000_000_000_000_000_u64);
    let (cents, rest) = value.div_rem(cent);
    if cents.is_zero() && !rest.is_zero() {
        return "<$0.01".to_owned();
    }
    let (whole, part) = cents.div_rem(U256::from(100));
    format!("${}.{:0>2}", group(&whole.to_string()), part.to_string())
}

/// Money with two decimals, always both: `13 970.00`.
pub(super) fn fiat(raw: U256, decimals: u8, round: Round) -> String {
    let text = amount(raw, decimals, 2, round);
    match text.split_once('.') {
        None if decimals >= 2 => format!("{text}.00"),
        Some((_, cents)) if cents.len() == 1 => format!("{text}0"),
        _ => text,
    }
}

/// An amount in a protocol's unit of account: dollars with their sign, anything else with its name.
pub(super) fn worth(raw: U256, decimals: u8, unit: &str, round: Round) -> String {
    match unit {
        "USD" => format!("${}", fiat(raw, decimals, round)),
        other => format!("{} {other}", amount(raw, decimals, decimals.min(6), round)),
    }
}

/// Wei per gas as gwei: three decimals below 1, else one; rounded up. What would round up to a thousandth is said in wei.
pub(super) fn gwei(wei: U256) -> String {
    if !wei.is_zero() && wei < U256::from(1_000_000_u64) {
        return format!("{} wei", amount(wei, 0, 0, Round::Up));
    }
    let shown = if wei < U256::from(1_000_000_000_u64) { 3 } else { 1 };
    format!("{} gwei", amount(wei, 9, shown, Round::Up))
}

/// Every digit of wei per gas as gwei: for what is signed.
pub(super) fn gwei_exact(wei: U256) -> String {
    format!("{} gwei", amount(wei, 9, 9, Round::Up))
}

/// An age: `4 s`, `3 min`, `2 h 10 min`, `5 d`.
pub(super) fn age(secs: u64) -> String {
    match secs {
        0..60 => format!("{secs} s"),
        60..3_600 => format!("{} min", secs / 60),
        3_600..86_400 => match secs % 3_600 / 60 {
            0 => format!("{} h", secs / 3_600),
            minutes => format!("{} h {minutes} min", secs / 3_600),
        },
        _ => format!("{} d", secs / 86_400),
    }
}

/// A length of time with its seconds: `4 min 10 s`.
pub(super) fn long_age(secs: u64) -> String {
    match (secs / 60, secs % 60) {
        (minutes @ 1..60, rest @ 1..) => format!("{minutes} min {rest} s"),
        _ => age(secs),
    }
}

/// UTC as ISO 8601.
pub(super) fn utc(unix_secs: u64) -> String {
    let time = i64::try_from(unix_secs).ok().and_then(|secs| jiff::Timestamp::from_second(secs).ok());
    time.map_or_else(|| format!("Unix {unix_secs}"), |time| time.to_string())
}

/// The time of day in UTC.
pub(super) fn clock(unix_ms: u64) -> String {
    let secs = unix_ms / 1_000;
    format!("{:02}:{:02}:{:02} UTC", secs / 3_600 % 24, secs / 60 % 60, secs % 60)
}

/// `0x52908400…E4169EE7`: 8 and 8 digits, never fewer.
pub(super) fn short_address(address: Address) -> String {
    short(&address.to_checksum(None))
}

/// `0x52908400…e4169ee7`.
pub(super) fn short_hash(hash: B256) -> String {
    short(&hash.to_string())
}

fn short(text: &str) -> String {
    let (head, tail) = (text.get(..10), text.get(text.len().saturating_sub(8)..));
    head.zip(tail).map_or_else(|| text.to_owned(), |(head, tail)| format!("{head}…{tail}"))
}

/// The ten groups of four digits after `0x`.
pub(super) fn address_groups(address: Address) -> Vec<String> {
    let text = address.to_checksum(None);
    let digits: Vec<char> = text.chars().skip(2).collect();
    digits.chunks(4).map(|group| group.iter().collect()).collect()
}

/// A share as a whole percentage.
pub(super) fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// Milliseconds as a latency.
pub(super) fn millis(millis: f64) -> String {
    if millis < 1_000.0 { format!("{millis:.0} ms") } else { format!("{:.1} s", millis / 1_000.0) }
}

/// Bytes with a unit.
pub(super) fn bytes(count: u64) -> String {
    match count {
        0..10_000 => format!("{count} B"),
        10_000..10_000_000 => format!("{} kB", count / 1_000),
        _ => format!("{} MB", count / 1_000_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wei(text: &str) -> U256 {
        alloy::primitives::utils::parse_ether(text).unwrap()
    }

    #[test]
    fn have_rounds_down_and_pay_rounds_up() {
        assert_eq!(ether(wei("4.8129039"), Round::Down), "4.812903");
        assert_eq!(ether(wei("4.8129039"), Round::Up), "4.812904");
        assert_eq!(amount(U256::from(13_969_991_000_u64), 6, 2, Round::Up), "13\u{2009}970");
        assert_eq!(ether(U256::from(1), Round::Down), "<0.000001");
        assert_eq!(ether(U256::from(1), Round::Up), "0.000001");
        assert_eq!(ether(U256::ZERO, Round::Down), "0");
        assert_eq!(ether(wei("10000"), Round::Down), "10\u{2009}000");
        assert_eq!(ether_exact(U256::from(1)), "0.000000000000000001");
    }

    #[test]
    fn money_has_both_decimals() {
        let cents = |raw: u64, round| fiat(U256::from(raw), 8, round);
        assert_eq!(cents(1_396_999_100_000, Round::Up), "13\u{2009}970.00");
        assert_eq!(cents(1_396_999_100_000, Round::Down), "13\u{2009}969.99");
        assert_eq!(cents(50_000_000, Round::Down), "0.50");
        assert_eq!(cents(1, Round::Down), "<0.01");
        assert_eq!(worth(U256::from(240_295_000_000_u64), 8, "USD", Round::Up), "$2402.95");
        assert_eq!(worth(U256::from(1_500_000), 6, "stETH", Round::Down), "1.5 stETH");
    }

    #[test]
    fn the_user_chooses_what_groups_digits() {
        set_grouping(Grouping::Comma);
        assert_eq!(number(23_944_940), "23,944,940");
        assert_eq!(bare("12,400.5 ETH, final"), "12400.5 ETH, final");
        set_grouping(Grouping::Space);
        assert_eq!(bare("12\u{2009}400.5 ETH"), "12400.5 ETH");
    }

    #[test]
    fn numbers_ages_and_gas() {
        assert_eq!(number(23_944_940), "23\u{2009}944\u{2009}940");
        assert_eq!(number(1_234), "1234");
        assert_eq!(dollars(wei("38753.509")), "$38\u{2009}753.50");
        assert_eq!(dollars(wei("0.001")), "<$0.01");
        assert_eq!(dollars(U256::ZERO), "$0.00");
        assert_eq!(age(59), "59 s");
        assert_eq!(age(7_800), "2 h 10 min");
        assert_eq!(long_age(250), "4 min 10 s");
        assert_eq!(long_age(59), "59 s");
        assert_eq!(long_age(120), "2 min");
        assert_eq!(age(5 * 86_400 + 5), "5 d");
        assert_eq!(gwei(U256::from(8_u64)), "8 wei");
        assert_eq!(gwei(U256::from(840_000_000_u64)), "0.84 gwei");
        assert_eq!(gwei(U256::from(12_340_000_000_u64)), "12.4 gwei");
        assert_eq!(clock(1_767_225_611_000), "00:00:11 UTC");
    }

    #[test]
    fn an_address_is_never_cut_below_eight_and_eight() {
        let address: Address = "0x52908400098527886E0F7030069857D2E4169EE7".parse().unwrap();
        assert_eq!(short_address(address), "0x52908400…E4169EE7");
        assert_eq!(address_groups(address).len(), 10);
        assert_eq!(address_groups(address).concat(), "52908400098527886E0F7030069857D2E4169EE7");
    }
}
