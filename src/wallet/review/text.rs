//! Amounts and addresses as sentences need them.

use alloy::primitives::utils::format_units;
use alloy::primitives::{Address, U256, hex};

use super::input::Units;

/// Digits behind the point that sentences show.
const SHOWN: usize = 6;

/// Wei as ether with at most six digits behind the point, rounded up: for what is owed.
pub fn ether_up(wei: U256) -> String {
    let unit = U256::from(10_u64.pow(12));
    let rounded = wei.div_ceil(unit).saturating_mul(unit);
    cut(rounded, 18)
}

/// The same rounded down: for what is had. Anything below the last digit shown reads `<0.000001`.
pub fn ether_down(wei: U256) -> String {
    cut(wei, 18)
}

/// Every digit: this is what is signed.
pub(super) fn ether_exact(wei: U256) -> String {
    let text = alloy::primitives::utils::format_ether(wei);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn cut(raw: U256, decimals: u8) -> String {
    let Ok(text) = format_units(raw, decimals) else { return format!("{raw} raw units") };
    let Some((whole, fraction)) = text.split_once('.') else { return text };
    let shown = fraction.get(..fraction.len().min(SHOWN)).unwrap_or_default().trim_end_matches('0');
    match (shown.is_empty(), whole == "0" && !raw.is_zero()) {
        (true, true) => "<0.000001".to_owned(),
        (true, false) => whole.to_owned(),
        (false, _) => format!("{whole}.{shown}"),
    }
}

/// An exact amount of a token with its symbol; raw units where its decimals are not known.
pub fn amount_text(units: &Units, token: Address, raw: U256) -> String {
    match units.get(&token) {
        Some((symbol, decimals)) => match format_units(raw, *decimals) {
            Ok(text) if text.contains('.') => {
                format!("{} {symbol}", text.trim_end_matches('0').trim_end_matches('.'))
            }
            Ok(text) => format!("{text} {symbol}"),
            Err(_) => format!("{raw} raw units of {symbol}"),
        },
        None => format!("{raw} raw units of {token}"),
    }
}

/// A token's symbol, or its whole address where it has none here.
pub(super) fn symbol(units: &Units, token: Address) -> String {
    units.get(&token).map_or_else(|| token.to_checksum(None), |(symbol, _)| symbol.clone())
}

/// The whole address as ten groups of four digits.
pub fn chunked(address: Address) -> String {
    let text = address.to_checksum(None);
    let digits: Vec<char> = text.trim_start_matches("0x").chars().collect();
    let groups: Vec<String> = digits.chunks(4).map(|four| four.iter().collect()).collect();
    format!("0x {}", groups.join(" "))
}

/// Minutes, from one on.
pub(super) fn minutes(secs: u64) -> u64 {
    (secs / 60).max(1)
}

/// Up to `digits` hex digits from the left, with 0x, and as many from the right.
pub(super) fn ends(address: Address, leading: usize, trailing: usize) -> (String, String) {
    let text = address.to_checksum(None);
    let digits = text.trim_start_matches("0x");
    let start = digits.get(..leading.min(8)).unwrap_or_default();
    let end = digits.get(digits.len().saturating_sub(trailing.min(8))..).unwrap_or_default();
    (format!("0x{start}"), end.to_owned())
}

/// Bytes as groups of four hex digits, for comparing with a device.
pub fn hash_chunks(hash: &[u8]) -> String {
    let digits: Vec<char> = hex::encode(hash).chars().collect();
    let groups: Vec<String> = digits.chunks(4).map(|four| four.iter().collect()).collect();
    groups.join(" ")
}

#[cfg(test)]
mod tests {
    use alloy::primitives::address;

    use super::*;

    #[test]
    fn what_is_owed_rounds_up_and_what_is_had_rounds_down() {
        let wei = U256::from(211_000_000_000_001_u64);
        assert_eq!((ether_up(wei), ether_down(wei)), ("0.000212".to_owned(), "0.000211".to_owned()));
        assert_eq!(ether_down(U256::from(5)), "<0.000001");
        assert_eq!(ether_up(U256::ZERO), "0");
        assert_eq!(ether_up(U256::from(10).pow(U256::from(18))), "1");
    }

    #[test]
    fn addresses_are_shown_whole() {
        let one = address!("52908400098527886E0F7030069857D2E4169EE7");
        assert_eq!(chunked(one), "0x 5290 8400 0985 2788 6E0F 7030 0698 57D2 E416 9EE7");
        assert_eq!(ends(one, 4, 4), ("0x5290".to_owned(), "9EE7".to_owned()));
    }

    #[test]
    fn amounts_are_exact() {
        let token = Address::repeat_byte(1);
        let units = Units::from([(token, ("USDC".to_owned(), 6))]);
        assert_eq!(amount_text(&units, token, U256::from(1_500_000)), "1.5 USDC");
        assert_eq!(amount_text(&units, token, U256::from(1)), "0.000001 USDC");
        assert!(amount_text(&Units::new(), token, U256::from(7)).starts_with("7 raw units of 0x0101"));
    }
}
