//! JSON from an endpoint: nothing of it is read before its nesting was found to be shallow (THREATS T21).

use serde::Deserialize;

use super::json_rpc_parse::malformed;
use crate::sources::SourceError;

/// The deepest honest reply, a block of EIP-7702 transactions, nests 7 deep.
const MAX_DEPTH: usize = 32;

/// Reads a reply.
///
/// # Errors
/// `Malformed` where it nests deeper than [`MAX_DEPTH`], is no JSON, or has another shape.
pub(super) fn from_json<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, SourceError> {
    if depth(bytes) > MAX_DEPTH {
        return Err(malformed("the reply nests too deep"));
    }
    serde_json::from_slice(bytes).map_err(|error| malformed(&error.to_string()))
}

/// How deep brackets nest outside of strings; whether they match is the parser's business.
fn depth(bytes: &[u8]) -> usize {
    let (mut open, mut deepest) = (0_usize, 0);
    let (mut in_string, mut escaped) = (false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => {
                open = open.saturating_add(1);
                deepest = deepest.max(open);
            }
            b']' | b'}' if !in_string => open = open.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn brackets_in_strings_do_not_count_and_escapes_do_not_end_them() {
        assert_eq!(depth(br#"{"a":["[[[[",{"b":"\"[["}]}"#), 3);
        assert_eq!(depth(br#"["\\",["x"]]"#), 2);
        assert_eq!(depth(b"]]]]["), 1);
    }

    #[test]
    fn the_limit_is_sharp() {
        let nested = |deep: usize| format!("{}{}", "[".repeat(deep), "]".repeat(deep)).into_bytes();
        assert!(from_json::<Value>(&nested(MAX_DEPTH)).is_ok());
        let refused = from_json::<Value>(&nested(MAX_DEPTH + 1)).unwrap_err();
        assert!(refused.to_string().contains("nests too deep"), "{refused}");
        assert!(from_json::<Value>(&vec![b'['; 10 << 20]).is_err());
    }
}
