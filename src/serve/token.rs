//! The secret in the path: what a web page cannot know.

use alloy::primitives::{FixedBytes, U128, hex};

use super::ServeError;
use super::error::RpcError;

/// 16 random bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(FixedBytes<16>);

impl Token {
    /// A fresh one from the system's source of randomness.
    ///
    /// # Errors
    /// [`ServeError::NoRandomness`].
    pub fn random() -> Result<Self, ServeError> {
        FixedBytes::try_random().map(Self).map_err(|error| ServeError::NoRandomness(error.to_string()))
    }

    /// As it stands in the URL: 32 hex digits.
    pub fn to_hex(&self) -> String {
        hex::encode(self.0)
    }

    /// Compares in time that does not tell how much was right.
    pub(super) fn opens(&self, word: &str) -> bool {
        let own = self.to_hex();
        let differing = own.bytes().zip(word.bytes()).fold(0u8, |sum, (a, b)| sum | (a ^ b));
        own.len() == word.len() && differing == 0
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// An id that nobody can guess, as a quantity.
pub(super) fn random_id() -> Result<String, RpcError> {
    let bytes = FixedBytes::<16>::try_random()
        .map_err(|error| RpcError::internal(format!("the system gives no random numbers: {error}")))?;
    Ok(format!("{:#x}", U128::from_be_bytes(bytes.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_token_opens() {
        let token = Token::random().unwrap();
        let word = token.to_hex();
        assert_eq!(word.len(), 32);
        assert!(token.opens(&word));
        assert!(!token.opens(&word[..31]) && !token.opens(&format!("{word}0")) && !token.opens(""));
        let mut wrong = word.clone().into_bytes();
        wrong[31] ^= 1;
        assert!(!token.opens(std::str::from_utf8(&wrong).unwrap()));
        assert_ne!(Token::random().unwrap(), token);
        assert!(!format!("{token:?}").contains(&word));
    }
}
