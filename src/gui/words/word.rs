//! A word of the window, and how the tables are written.

use crate::gui::language::Language;

/// A word or sentence of the window. Values go where `{}` stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Word {
    english: &'static str,
    spanish: &'static str,
}

impl Word {
    /// Every table.
    const TABLES: [&'static [Self]; 12] = [
        super::devices::ALL,
        super::explorer::ALL,
        super::home::ALL,
        super::keys::ALL,
        super::network::ALL,
        super::palette::ALL,
        super::positions::ALL,
        super::settings::ALL,
        super::shell::ALL,
        super::signing::ALL,
        super::truth::ALL,
        super::wallet::ALL,
    ];

    /// An entry of a table.
    pub(super) const fn new(english: &'static str, spanish: &'static str) -> Self {
        Self { english, spanish }
    }

    /// Every word.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::TABLES.into_iter().flatten().copied()
    }

    /// The word in `language`.
    pub fn of(self, language: Language) -> &'static str {
        match language {
            Language::English => self.english,
            Language::Spanish => self.spanish,
        }
    }
}

macro_rules! words {
    ($all:ident; $($name:ident: $english:literal, $spanish:literal;)*) => {
        #[expect(non_upper_case_globals, missing_docs, reason = "used like variants; the table beside each name is its meaning")]
        impl Word {
            $(pub const $name: Self = Self::new($english, $spanish);)*
        }

        /// Every word of this table.
        pub(super) const $all: &[Word] = &[$(Word::$name),*];
    };
}

pub(super) use words;
