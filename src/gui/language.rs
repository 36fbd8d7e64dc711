//! Languages, and how a word gets its values.

use serde::{Deserialize, Serialize};

/// A language of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Language {
    /// English, complete.
    #[default]
    English,
    /// Spanish.
    Spanish,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::English, Self::Spanish];

    /// Its own name for itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Spanish => "Español",
        }
    }
}

/// `template` with each `{}` replaced by the next value.
pub(super) fn fill(template: &str, values: &[&str]) -> String {
    let mut parts = template.split("{}");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for (part, value) in parts.zip(values.iter().chain(std::iter::repeat(&""))) {
        filled.push_str(value);
        filled.push_str(part);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::words::Word;

    #[test]
    fn values_go_where_the_sentence_wants_them() {
        assert_eq!(fill("{} of {}", &["1", "2"]), "1 of 2");
        assert_eq!(fill("{} and {}", &["{}"]), "{} and ");
    }

    #[test]
    fn every_translation_has_every_value() {
        for word in Word::all() {
            let (english, spanish) = (word.of(Language::English), word.of(Language::Spanish));
            assert_eq!(english.matches("{}").count(), spanish.matches("{}").count(), "{word:?}");
            assert!(!english.is_empty() && !spanish.is_empty(), "{word:?}");
        }
    }
}
