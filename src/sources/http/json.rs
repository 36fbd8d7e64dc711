//! JSON from an endpoint: nothing of it is read before its nesting was found to be shallow (THREATS T21) and its members
//! to be no more than its length explains.

use serde::Deserialize;

use super::json_rpc_parse::malformed;
use crate::sources::{JsonExtent, MOST_JSON_DEPTH, SourceError, json_extent};

/// Members that any reply may have, and beyond them one for so many bytes. A member costs some hundred bytes once it is
/// read: 64 MB of `[0,0,0,…` would become gigabytes. Honest replies spend 30 bytes a member and more.
const FREE_MEMBERS: usize = 65_536;
const BYTES_A_MEMBER: usize = 16;

/// Reads a reply.
///
/// # Errors
/// `Malformed` where it nests deeper than [`MOST_JSON_DEPTH`], has more members than its length explains, is no JSON, or has
/// another shape.
pub(in crate::sources) fn from_json<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, SourceError> {
    let JsonExtent { depth, members } = json_extent(bytes);
    if depth > MOST_JSON_DEPTH {
        return Err(malformed("the reply nests too deep"));
    }
    if members > FREE_MEMBERS.saturating_add(bytes.len() / BYTES_A_MEMBER) {
        return Err(malformed("the reply has more members than its length explains"));
    }
    serde_json::from_slice(bytes).map_err(|error| malformed(&error.to_string()))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_reply_of_tiny_members_is_refused_before_it_is_read() {
        let many = |members: usize| format!("[{}0]", "0,".repeat(members)).into_bytes();
        assert!(from_json::<Value>(&many(FREE_MEMBERS)).is_ok());
        for bomb in [many(200_000), "[],".repeat(200_000).into_bytes(), br#"{"a":0},"#.repeat(200_000)] {
            let refused = from_json::<Value>(&bomb).unwrap_err();
            assert!(refused.to_string().contains("more members"), "{refused}");
        }
        let honest = format!("[{}0]", r#""0x00000000000000000000000000000000","#.repeat(200_000));
        assert!(from_json::<Value>(honest.as_bytes()).is_ok());
    }

    #[test]
    fn the_limit_is_sharp() {
        let nested = |deep: usize| format!("{}{}", "[".repeat(deep), "]".repeat(deep)).into_bytes();
        assert!(from_json::<Value>(&nested(MOST_JSON_DEPTH)).is_ok());
        let refused = from_json::<Value>(&nested(MOST_JSON_DEPTH + 1)).unwrap_err();
        assert!(refused.to_string().contains("nests too deep"), "{refused}");
        assert!(from_json::<Value>(&vec![b'['; 10 << 20]).is_err());
    }
}
