//! Interfaces from JSON text: an ABI array, or one of the files that compilers and explorers wrap around it.

use std::borrow::Cow;

use alloy::json_abi::{AbiItem, JsonAbi};
use serde_json::{Map, Value, json};

use super::abi_types::fragment_is_tame;
use super::fragment::function_of;
use super::value_text::sanitise;

/// Longest text taken.
const MAX_TEXT: usize = 16 << 20;

/// Why a text is no interface.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AbiJsonError {
    /// Too long.
    #[error("the text is longer than 16 MiB, which no contract interface is")]
    TooLong,
    /// Not JSON.
    #[error("this is not JSON (line {line}, column {column})")]
    NotJson {
        /// Where it stops to be JSON.
        line: usize,
        /// Where in the line.
        column: usize,
    },
    /// JSON, but nothing that holds an ABI.
    #[error("there is no ABI in this JSON; give a list of functions, or an object with `abi`")]
    NoAbi,
    /// An item is none of function, event, error.
    #[error("item {position} of the ABI is not understood: {why}")]
    Item {
        /// Counted from 1.
        position: usize,
        /// What is wrong.
        why: String,
    },
    /// An empty list.
    #[error("the ABI is empty: it has no function, event or error")]
    Empty,
}

/// Words a human-readable fragment begins with.
const FRAGMENTS: [&str; 6] = ["function ", "event ", "error ", "constructor", "fallback", "receive"];

/// An interface from the text of a user: fragments, one a line; or JSON: a bare array, `{"abi": [...]}` (Truffle, Hardhat, Foundry), compiler metadata
/// (`{"output": {"abi": [...]}}`), or an explorer's answer where the array is inside a string.
///
/// # Errors
/// One plain sentence on what the text is not.
pub fn parse_abi_json(text: &str) -> Result<JsonAbi, AbiJsonError> {
    if text.len() > MAX_TEXT {
        return Err(AbiJsonError::TooLong);
    }
    let json = match (serde_json::from_str::<Value>(text), fragment_lines(text)) {
        (Ok(json), _) => json,
        (Err(_), Some(fragments)) => Value::Array(fragments),
        (Err(why), None) => return Err(AbiJsonError::NotJson { line: why.line(), column: why.column() }),
    };
    let items = find_items(&json, 0).ok_or(AbiJsonError::NoAbi)?;
    let mut abi = JsonAbi::new();
    for (at, item) in items.iter().enumerate() {
        insert(&mut abi, item)
            .map_err(|why| AbiJsonError::Item { position: at.saturating_add(1), why: sanitise(&why, 160) })?;
    }
    if abi.is_empty() { Err(AbiJsonError::Empty) } else { Ok(abi) }
}

/// The fragments of a text that has one in every line; empty lines and comments are left out.
fn fragment_lines(text: &str) -> Option<Vec<Value>> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    let fragments: Vec<&str> = lines.map(|line| line.trim_end_matches([';', ','])).collect();
    let all = fragments.iter().all(|line| FRAGMENTS.iter().any(|word| line.starts_with(word)));
    (all && !fragments.is_empty()).then(|| fragments.into_iter().map(Value::from).collect())
}

fn find_items(json: &Value, depth: usize) -> Option<Cow<'_, [Value]>> {
    match json {
        Value::Array(items) => Some(Cow::Borrowed(items)),
        Value::String(text) if depth < 4 => {
            let inner: Value = serde_json::from_str(text).ok()?;
            find_items(&inner, depth.saturating_add(1)).map(|items| Cow::Owned(items.into_owned()))
        }
        Value::Object(fields) if depth < 4 => ["abi", "ABI", "output", "result"]
            .iter()
            .find_map(|name| find_items(fields.get(*name)?, depth.saturating_add(1))),
        _ => None,
    }
}

/// Adds one item: a JSON object, or a human-readable fragment. Items that only deploying needs are left out.
pub(super) fn insert(abi: &mut JsonAbi, item: &Value) -> Result<(), String> {
    let item = match item {
        Value::String(fragment) if !fragment_is_tame(fragment) => {
            return Err("it is too long or nested too deep".to_owned());
        }
        Value::String(fragment) => match function_of(fragment)
            .filter(|_| fragment.trim().starts_with("function "))
        {
            Some(function) => AbiItem::Function(Cow::Owned(function)),
            None => AbiItem::parse(fragment).map_err(|_why| format!("`{fragment}` is no ABI fragment"))?,
        },
        Value::Object(fields) => {
            let complete = Value::Object(with_defaults(fields));
            serde_json::from_value(complete).map_err(|why| why.to_string())?
        }
        _ => return Err("it is neither an object nor a fragment".to_owned()),
    };
    match item {
        AbiItem::Function(one) => abi.functions.entry(one.name.clone()).or_default().push(one.into_owned()),
        AbiItem::Event(one) => abi.events.entry(one.name.clone()).or_default().push(one.into_owned()),
        AbiItem::Error(one) => abi.errors.entry(one.name.clone()).or_default().push(one.into_owned()),
        AbiItem::Constructor(_) | AbiItem::Fallback(_) | AbiItem::Receive(_) => {}
    }
    Ok(())
}

/// What the ABI specification allows to leave out.
fn with_defaults(fields: &Map<String, Value>) -> Map<String, Value> {
    let mut all = fields.clone();
    all.entry("type").or_insert_with(|| "function".into());
    let more = match all.get("type").and_then(Value::as_str) {
        Some("function") => ("outputs", json!([])),
        Some("event") => ("anonymous", json!(false)),
        _ => return all,
    };
    all.entry(more.0).or_insert(more.1);
    all
}

#[cfg(test)]
mod tests {
    use alloy::primitives::hex;
    use proptest::prelude::*;

    use super::*;

    const ITEM: &str = r#"{"type":"function","name":"transfer","stateMutability":"nonpayable","inputs":[{"name":"to","type":"address"},{"name":"value","type":"uint256"}],"outputs":[{"type":"bool"}]}"#;

    #[test]
    fn every_wrapping_is_taken() {
        let array =
            format!("[{ITEM},{{\"type\":\"constructor\",\"inputs\":[],\"stateMutability\":\"payable\"}}]");
        for text in [
            array.clone(),
            format!(r#"{{"abi": {array}}}"#),
            format!(r#"{{"contractName":"T","abi":{array},"bytecode":{{"object":"0x60__$ab$__"}}}}"#),
            format!(r#"{{"compiler":{{}},"output":{{"abi":{array},"devdoc":{{}}}}}}"#),
            json!({ "status": "1", "message": "OK", "result": array }).to_string(),
            r#"[{"name":"transfer","inputs":[{"type":"address","name":""},{"type":"uint256","name":""}]}]"#
                .to_owned(),
            r#"["function transfer(address to, uint256 value)", "function g((address to, uint8 x)[] all)"]"#
                .to_owned(),
            r#"["function transfer(address to, uint256 value) returns (bool)"]"#.to_owned(),
            "// mine\n\nfunction transfer(address to, uint256 value) external returns (bool);\nevent E(uint256 indexed x);"
                .to_owned(),
        ] {
            let abi = parse_abi_json(&text).unwrap();
            assert_eq!(abi.function("transfer").unwrap()[0].selector(), hex!("a9059cbb"), "{text}");
        }
        let whole = include_str!("../../abis/ERC20PresetMinterPauser/abi.json");
        assert!(parse_abi_json(whole).unwrap().functions().count() > 20);
    }

    #[test]
    fn what_is_no_interface_is_refused_in_one_sentence() {
        let said = |text: &str| parse_abi_json(text).unwrap_err().to_string();
        assert_eq!(said("[\n{]"), "this is not JSON (line 2, column 2)");
        assert!(
            said(r#"{"status":"0","result":"Contract source code not verified"}"#)
                .starts_with("there is no ABI")
        );
        assert!(said("[]").contains("empty"));
        assert_eq!(said("function f(uint\nsomething"), "this is not JSON (line 1, column 2)");
        assert!(said("function f(uint").starts_with("item 1 of the ABI"));
        assert!(said("[1]").starts_with("item 1 of the ABI"));
        assert!(said(r#"[{"type":"function"}]"#).starts_with("item 1 of the ABI"));
        assert!(said("[\"function f((((((((((((((uint))))))))))))))\"]").contains("too deep"));
    }

    proptest! {
        #[test]
        fn any_text_is_taken_or_refused(text in any::<String>(), name in any::<String>(), ty in "[a-z0-9\\[\\]\\(\\)]{0,20}") {
            let _either = parse_abi_json(&text);
            let item = json!([{ "type": "function", "name": name, "inputs": [{ "type": ty, "name": "" }], "outputs": [] }]);
            let _either = parse_abi_json(&item.to_string());
        }
    }
}
