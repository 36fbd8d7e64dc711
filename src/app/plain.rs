//! Text that came from outside.

/// `text` without what could forge a line or its order: control characters and direction marks.
pub fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| {
            !c.is_control()
                && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_that_moves_the_cursor_or_the_order() {
        assert_eq!(plain("a\u{202e}b\u{1b}[2Jc\nd\u{85}e\u{feff}"), "ab[2Jc d e");
        assert_eq!(plain("21 °C, ½ ✓"), "21 °C, ½ ✓");
    }
}
