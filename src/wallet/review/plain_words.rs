//! The intent sentence of a call that a bundled descriptor explains (ERC-7730).

use alloy::primitives::{Address, U256};

use crate::contracts::{PlainCall, PlainValue};

use super::input::ReviewInput;
use super::text::{amount_text, ether_exact};

fn who(input: &ReviewInput<'_>, address: Address) -> String {
    let whole = address.to_checksum(None);
    if address == input.from {
        return format!("this account ({whole})");
    }
    match input.name_of(address) {
        Some(name) => format!("{name} ({whole})"),
        None => whole,
    }
}

fn value(input: &ReviewInput<'_>, value: &PlainValue) -> String {
    match value {
        PlainValue::Token(token, raw) => amount_text(&input.units, *token, *raw),
        PlainValue::Ether(wei) => format!("{} ETH", ether_exact(*wei)),
        PlainValue::Who(address) => who(input, *address),
        PlainValue::Date(secs) => date(*secs),
        PlainValue::Text(text) => crate::contracts::sanitise(text, 120),
    }
}

/// In UTC; a moment that no calendar has is for ever.
fn date(secs: U256) -> String {
    let moment = i64::try_from(secs).ok().and_then(|secs| jiff::Timestamp::from_second(secs).ok());
    moment.map_or_else(|| "for ever".to_owned(), |moment| format!("{moment:.0}"))
}

/// As `Withdraw on Aave v3 Pool (0x…): Amount 1.5 WETH · To this account (0x…).`
pub(super) fn sentence(plain: &PlainCall, to: Address, input: &ReviewInput<'_>) -> String {
    let fields: Vec<String> =
        plain.fields.iter().map(|field| format!("{} {}", field.label, value(input, &field.value))).collect();
    format!("{} on {}: {}.", plain.intent, who(input, to), fields.join(" · "))
}

/// As `Withdraw on Aave v3 Pool`.
pub(super) fn title(plain: &PlainCall, to: Address, input: &ReviewInput<'_>) -> String {
    let name = input.book.label(input.chain_id, to);
    format!("{} on {}", plain.intent, name.unwrap_or_else(|| to.to_checksum(None)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_written_in_utc() {
        assert_eq!(date(U256::from(1_759_363_200_u64)), "2025-10-02T00:00:00Z");
        assert_eq!(date(U256::MAX), "for ever");
    }
}
