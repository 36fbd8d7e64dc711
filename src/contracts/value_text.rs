//! How values are shown: one way for people, one JSON shape for programs.
//!
//! Text from the chain is anybody's text. What could steer a terminal or turn the reading direction is escaped, and
//! length is capped, before a person sees it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use alloy::primitives::hex;
use serde_json::{Value, json};

use super::value::{AbiValue, NamedValue};

/// The longest text shown of one string or one run of bytes, in characters.
pub const TEXT_CAP: usize = 512;

/// The longest text shown of one whole value, in characters.
const WHOLE_CAP: usize = 16_384;

/// One value as text for people.
#[must_use]
pub fn value_text(value: &AbiValue) -> String {
    let mut out = String::new();
    write_value(&mut out, value);
    out
}

/// Values with their names, separated by commas.
#[must_use]
pub fn values_text(values: &[NamedValue]) -> String {
    let mut out = String::new();
    write_fields(&mut out, values);
    out
}

fn write_value(out: &mut String, value: &AbiValue) {
    let _infallible = match value {
        AbiValue::Bool(flag) => write!(out, "{flag}"),
        AbiValue::Uint(number) => write!(out, "{number}"),
        AbiValue::Int(number) => write!(out, "{number}"),
        AbiValue::Address(address) => write!(out, "{}", address.to_checksum(None)),
        AbiValue::Hashed(hash) => write!(out, "hash {hash}"),
        AbiValue::Bytes(bytes) => write!(out, "{}", bytes_text(bytes)),
        AbiValue::String(text) => write!(out, "\"{}\"", sanitise(text, TEXT_CAP)),
        AbiValue::Array(values) => {
            out.push('[');
            for (at, one) in values.iter().enumerate() {
                if out.len() > WHOLE_CAP {
                    let left = values.len().saturating_sub(at);
                    let _infallible = write!(out, "… {left} more");
                    break;
                }
                out.push_str(if at == 0 { "" } else { ", " });
                write_value(out, one);
            }
            write!(out, "]")
        }
        AbiValue::Tuple(fields) => {
            out.push('(');
            write_fields(out, fields);
            write!(out, ")")
        }
    };
}

fn write_fields(out: &mut String, fields: &[NamedValue]) {
    for (at, field) in fields.iter().enumerate() {
        out.push_str(if at == 0 { "" } else { ", " });
        if !field.name.is_empty() {
            let _infallible = write!(out, "{}: ", sanitise(&field.name, 64));
        }
        write_value(out, &field.value);
    }
}

fn bytes_text(bytes: &[u8]) -> String {
    let shown = bytes.get(..TEXT_CAP / 2).filter(|_| bytes.len() > TEXT_CAP / 2);
    shown.map_or_else(
        || hex::encode_prefixed(bytes),
        |start| format!("{}… ({} bytes)", hex::encode_prefixed(start), bytes.len()),
    )
}

/// One value for programs: integers are decimal strings, bytes are hex, a tuple is an object where every field has its
/// own name, else an array. Strings are exact: nothing is escaped or cut.
#[must_use]
pub fn value_json(value: &AbiValue) -> Value {
    match value {
        AbiValue::Bool(flag) => json!(flag),
        AbiValue::Uint(number) => json!(number.to_string()),
        AbiValue::Int(number) => json!(number.to_string()),
        AbiValue::Address(address) => json!(address.to_checksum(None)),
        AbiValue::Hashed(hash) => json!({ "hash": hash.to_string() }),
        AbiValue::Bytes(bytes) => json!(bytes.to_string()),
        AbiValue::String(text) => json!(text),
        AbiValue::Array(values) => values.iter().map(value_json).collect(),
        AbiValue::Tuple(fields) => {
            let names: BTreeSet<&str> = fields.iter().map(|field| field.name.as_str()).collect();
            if names.len() == fields.len() && !names.contains("") {
                fields.iter().map(|field| (field.name.clone(), value_json(&field.value))).collect()
            } else {
                fields.iter().map(|field| value_json(&field.value)).collect()
            }
        }
    }
}

/// Values with name and type for programs.
#[must_use]
pub fn values_json(values: &[NamedValue]) -> Value {
    let one = |field: &NamedValue| json!({ "name": field.name, "type": field.solidity_type, "value": value_json(&field.value) });
    values.iter().map(one).collect()
}

/// Text from the chain made safe to show: control, direction and invisible characters are escaped as `\u{..}`,
/// backslashes are doubled so that an escape cannot be forged, and at most `cap` characters are kept.
#[must_use]
pub fn sanitise(text: &str, cap: usize) -> String {
    escaped(text, cap, misleads)
}

/// A name that a contract gives itself, made safe to show: printable ASCII stays, everything else is escaped as `\u{..}`, so
/// that no letter of another script can stand for one of ours (UTS 39). At most `cap` characters are kept.
#[must_use]
pub fn plain_name(text: &str, cap: usize) -> String {
    escaped(text, cap, |c| !(' '..='~').contains(&c))
}

fn escaped(text: &str, cap: usize, is_escaped: impl Fn(char) -> bool) -> String {
    let mut out = String::new();
    for (at, c) in text.chars().enumerate() {
        if at >= cap {
            out.push('…');
            break;
        }
        if c == '\\' {
            out.push_str("\\\\");
        } else if is_escaped(c) {
            let _infallible = write!(out, "\\u{{{:x}}}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

/// Control characters, and those that are invisible or turn the direction of the text.
fn misleads(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use alloy::primitives::{I256, U256, address};
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn named(name: &str, value: AbiValue) -> NamedValue {
        NamedValue { name: name.to_owned(), solidity_type: String::new(), value }
    }

    #[test]
    fn values_read_as_people_write_them() {
        let usdc = AbiValue::Address(address!("a0b86991c6218b36c1d19d4a2e9eb0ce3606eb48"));
        let tuple = AbiValue::Tuple(vec![
            named("token", usdc),
            named(
                "amounts",
                AbiValue::Array(vec![AbiValue::Uint(U256::from(7)), AbiValue::Int(I256::MINUS_ONE)]),
            ),
            named("", AbiValue::Bytes(vec![0xab, 0xcd].into())),
        ]);
        assert_eq!(
            value_text(&tuple),
            "(token: 0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48, amounts: [7, -1], 0xabcd)"
        );
        let expected = json!(["0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48", ["7", "-1"], "0xabcd"]);
        assert_eq!(value_json(&tuple), expected);
        let named_tuple =
            AbiValue::Tuple(vec![named("max", AbiValue::Uint(U256::MAX)), named("ok", AbiValue::Bool(true))]);
        assert_eq!(value_json(&named_tuple), json!({ "max": U256::MAX.to_string(), "ok": true }));
    }

    #[test]
    fn text_cannot_steer_the_terminal_or_forge_an_escape() {
        assert_eq!(sanitise("USDC\u{202e}CDSU\x1b[2J", 64), "USDC\\u{202e}CDSU\\u{1b}[2J");
        assert_eq!(sanitise("\\u{41}\u{9b}", 64), "\\\\u{41}\\u{9b}");
        assert_eq!(sanitise("Dai 💵 ünïcode", 64), "Dai 💵 ünïcode");
        assert_eq!(sanitise(&"x".repeat(100), 10), format!("{}…", "x".repeat(10)));
    }

    #[test]
    fn long_values_are_cut_for_people_and_whole_for_programs() {
        let bytes = AbiValue::Bytes(vec![1; 10_000].into());
        assert!(value_text(&bytes).ends_with("… (10000 bytes)"));
        assert_eq!(value_json(&bytes).as_str().unwrap().len(), 20_002);
        let many = AbiValue::Array(vec![bytes; 200]);
        let text = value_text(&many);
        assert!(text.len() < 2 * WHOLE_CAP && text.contains("more]"), "{}", text.len());
    }

    proptest! {
        #[test]
        fn shown_text_holds_no_control_character(text in any::<String>()) {
            prop_assert!(!value_text(&AbiValue::String(text)).chars().any(misleads));
        }
    }
}
