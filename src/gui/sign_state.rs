//! What the screen that signs messages remembers between frames. No secret is in it.

use std::sync::Arc;

use alloy::primitives::{Address, hex};

use super::ui_state::Field;
use crate::app::{Reason, SignedMessage, ToSign};

/// What a text is signed as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignKind {
    /// A text.
    Text,
    /// Bytes, given as hex.
    Bytes,
    /// Typed data, as JSON.
    TypedData,
}

/// Signing what is no transaction.
#[derive(Debug, Clone, Default)]
pub struct SignState {
    /// Who signs; `None` for the first account that can.
    pub from: Option<Address>,
    /// As what; `None` until the user chose: then it is told from the text.
    pub kind: Option<SignKind>,
    /// What is to be signed, as it was brought.
    pub text: String,
    /// A file to open.
    pub path: Field,
    /// What was wrong with it.
    pub error: Option<Reason>,
    /// A secret was pasted, and removed.
    pub secret: bool,
    /// What was signed last.
    pub done: Option<Arc<SignedMessage>>,
    /// Where its file goes.
    pub save: Field,
}

impl SignState {
    /// As what the text is signed: as the user chose, else typed data where it looks like it.
    pub fn kind(&self) -> SignKind {
        self.kind.unwrap_or(match self.looks_typed() {
            true => SignKind::TypedData,
            false => SignKind::Text,
        })
    }

    /// JSON with the parts that typed data has.
    pub(super) fn looks_typed(&self) -> bool {
        looks_typed(&self.text)
    }

    /// What is to be signed; `None` where nothing is there or it is not what it should be.
    pub(super) fn wanted(&self) -> Option<ToSign> {
        if self.text.trim().is_empty() {
            return None;
        }
        match self.kind() {
            SignKind::Text => Some(ToSign::Text(self.text.clone())),
            SignKind::TypedData => Some(ToSign::TypedData(self.text.clone())),
            SignKind::Bytes => hex::decode(self.text.trim()).ok().map(|bytes| ToSign::Bytes(bytes.into())),
        }
    }
}

/// JSON with the parts that typed data has, in any case.
pub(super) fn looks_typed(text: &str) -> bool {
    text.trim_start().starts_with('{') && text.to_lowercase().contains("\"primarytype\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_what_it_looks_like_until_the_user_says() {
        let mut state = SignState { text: "Hello\n".to_owned(), ..SignState::default() };
        assert_eq!(state.wanted(), Some(ToSign::Text("Hello\n".to_owned())), "not one character is changed");
        state.text = " {\"primaryType\":\"Permit\"}".to_owned();
        assert_eq!(state.kind(), SignKind::TypedData);
        state.kind = Some(SignKind::Text);
        assert!(matches!(state.wanted(), Some(ToSign::Text(_))));
        state.kind = Some(SignKind::Bytes);
        assert_eq!(state.wanted(), None);
        state.text = "0xFF00".to_owned();
        assert_eq!(state.wanted(), Some(ToSign::Bytes(vec![0xff, 0].into())));
        state.text = " ".to_owned();
        assert_eq!(state.wanted(), None);
    }
}
