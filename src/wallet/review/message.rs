//! Personal messages (EIP-191): what is signed, and what may be wrong with signing it.

use alloy::primitives::Address;

use crate::wallet::{Approved, ReviewId};

use super::approve::{approve_message, message_id};
use super::finding::{Fact, Finding};
use super::{Answers, ApproveError, Gesture};

/// Characters of a message that are shown.
const SHOWN: usize = 4_096;

/// What is shown before a message is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageReview {
    from: Address,
    chain_id: u64,
    message: Vec<u8>,
    bytes: Vec<u8>,
    /// Bytes of the message itself.
    length: usize,
    /// The message, safe to print; `None` where it is no text.
    pub text: Option<String>,
    /// The intent sentence.
    pub sentence: String,
    /// What the checks found.
    pub findings: Vec<Finding>,
}

/// The bytes whose hash is signed: the prefix of EIP-191 keeps them from being a transaction.
pub fn personal_message_bytes(message: &[u8]) -> Vec<u8> {
    let mut bytes = format!("\u{19}Ethereum Signed Message:\n{}", message.len()).into_bytes();
    bytes.extend_from_slice(message);
    bytes
}

impl MessageReview {
    /// Reviews a message.
    pub fn new(from: Address, chain_id: u64, message: &[u8]) -> Self {
        let text = std::str::from_utf8(message).ok().filter(|text| is_text(text));
        let lines = |text: &str| {
            let safe: Vec<String> =
                text.split('\n').map(|line| crate::contracts::sanitise(line, SHOWN)).collect();
            safe.join("\n")
        };
        let mut findings = Vec::new();
        if text.is_none() {
            let blind = "Lifeboat cannot read this message, so you would sign blind.";
            findings.push(Finding::danger(10, blind, Fact::new("BLIND", &["BLIND"])));
        }
        let sentence = match text {
            Some(_) => "You sign a text. It moves nothing by itself; whoever gets the signature can show it.",
            None => "You sign bytes that are no text. They may be the hash of something that moves money.",
        };
        Self {
            from,
            chain_id,
            message: message.to_vec(),
            bytes: personal_message_bytes(message),
            length: message.len(),
            text: text.map(lines),
            sentence: sentence.to_owned(),
            findings,
        }
    }

    /// Names this review: the hash that is signed.
    pub fn id(&self) -> ReviewId {
        message_id(&self.bytes)
    }

    /// The message itself, as a device wants it: it puts the prefix before it by itself.
    pub fn message(&self) -> &[u8] {
        &self.message
    }

    /// The account that signs.
    pub fn from(&self) -> Address {
        self.from
    }

    /// The gesture asked for.
    pub fn gesture(&self) -> Gesture {
        Gesture::of(&self.findings)
    }

    /// The message as hex, without the prefix that is signed with it.
    pub fn hex(&self) -> String {
        let own = self.bytes.len().saturating_sub(self.length);
        alloy::primitives::hex::encode_prefixed(self.bytes.get(own..).unwrap_or_default())
    }

    /// Approves the review shown under `id`.
    ///
    /// # Errors
    /// [`ApproveError`].
    pub fn approve(&self, id: ReviewId, answers: &Answers) -> Result<Approved, ApproveError> {
        approve_message((self.from, self.chain_id), &self.bytes, &self.findings, (id, answers))
    }
}

/// Something a person can read: no control characters but line ends and tabs.
fn is_text(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'))
}

#[cfg(test)]
mod tests {
    use alloy::primitives::{b256, hex};

    use super::*;
    use crate::wallet::keys::PrivateKey;

    /// The example that ethers prints for `signMessage("Hello World")`.
    #[test]
    fn a_known_message_has_its_known_hash() {
        let review = MessageReview::new(Address::ZERO, 1, b"Hello World");
        assert_eq!(review.id().0, b256!("a1de988600a42c4b4ab089b619297c17d53cffae5d5120d82d8a92d0bb3b78f2"));
        assert_eq!((review.gesture(), review.text.as_deref()), (Gesture::Click, Some("Hello World")));
    }

    #[test]
    fn a_hash_in_disguise_is_a_danger() {
        let key = PrivateKey::of_bytes(&[1; 32]).ok().unwrap();
        let review = MessageReview::new(key.address(), 1, &[0xab; 32]);
        assert_eq!(review.gesture(), Gesture::TypeThenHold);
        let held = Answers { held: true, facts: vec![] };
        assert!(matches!(review.approve(review.id(), &held), Err(ApproveError::FactMissing { .. })));
        let typed = Answers { held: true, facts: vec!["blind".to_owned()] };
        let approved = review.approve(review.id(), &typed).unwrap();
        let signature = approved.sign_message(&key).unwrap();
        let recovered = signature.recover_address_from_prehash(&review.id().0).unwrap();
        assert_eq!(recovered, key.address());
        assert!(approved.sign(&key).is_err(), "a message is no transaction");
    }

    #[test]
    fn text_cannot_steer_the_terminal() {
        let review = MessageReview::new(Address::ZERO, 1, "a\u{202e}b\nc".as_bytes());
        assert_eq!(review.text.as_deref(), Some("a\\u{202e}b\nc"));
        assert!(MessageReview::new(Address::ZERO, 1, b"\x1b[2J").text.is_none());
        assert!(MessageReview::new(Address::ZERO, 1, &hex!("ff00")).text.is_none());
    }
}
