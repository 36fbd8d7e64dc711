//! What tells the owner's own entries from those that another program wrote into the same files.

use alloy::primitives::B256;

use super::derive::{Seed, hmac};
use super::{KeyError, Secret};

/// Made of a sealed secret, so that nobody has it who has no password. Zeroed when dropped.
#[expect(missing_debug_implementations, reason = "a secret is never printed")]
pub struct MarkKey(Seed);

impl MarkKey {
    pub(super) fn of(secret: &Secret) -> Result<Self, KeyError> {
        let key = hmac(b"Lifeboat: marks of what its owner confirmed, 1", &[secret.expose()]);
        key.map(Self).ok_or(KeyError::NotAKey)
    }

    /// The mark of these bytes: HMAC-SHA512, its first half.
    pub fn mark(&self, content: &[u8]) -> B256 {
        let mark = hmac(self.0.as_ref(), &[content]);
        mark.and_then(|mark| mark.get(..32).map(B256::from_slice)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_of_one_key_and_one_content() {
        let key = |text: &str| MarkKey::of(&Secret::of_text(text.to_owned())).ok().unwrap();
        assert_eq!(key("one").mark(b"Alice"), key("one").mark(b"Alice"));
        assert_ne!(key("one").mark(b"Alice"), key("two").mark(b"Alice"));
        assert_ne!(key("one").mark(b"Alice"), key("one").mark(b"Alicf"));
        assert_ne!(key("one").mark(b"Alice"), B256::ZERO);
    }
}
