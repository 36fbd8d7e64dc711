//! How deep and how wide JSON from strangers is, counted before any of it is read (THREATS T21).

/// The deepest honest JSON, a block of EIP-7702 transactions, nests 7 deep.
pub const MOST_JSON_DEPTH: usize = 32;

/// The size of a text as JSON, whether it is any or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JsonExtent {
    /// How deep brackets nest outside of strings.
    pub depth: usize,
    /// Values, and members of lists and objects.
    pub members: usize,
}

/// Counts brackets and commas; whether brackets match is the parser's business.
#[must_use]
pub fn json_extent(bytes: &[u8]) -> JsonExtent {
    let (mut open, mut depth, mut members) = (0_usize, 0, 1_usize);
    let (mut in_string, mut escaped) = (false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => {
                open = open.saturating_add(1);
                depth = depth.max(open);
                members = members.saturating_add(1);
            }
            b',' if !in_string => members = members.saturating_add(1),
            b']' | b'}' if !in_string => open = open.saturating_sub(1),
            _ => {}
        }
    }
    JsonExtent { depth, members }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_strings_do_not_count_and_escapes_do_not_end_them() {
        let of = |text: &[u8]| json_extent(text);
        assert_eq!(of(br#"{"a":["[[[[",{"b":"\"[[,,"}]}"#), JsonExtent { depth: 3, members: 5 });
        assert_eq!(of(br#"["\\",["x"]]"#), JsonExtent { depth: 2, members: 4 });
        assert_eq!(of(b"]]]][").depth, 1);
    }
}
