//! What is signed and sent nowhere: a text, bytes, or typed data. Its open review, and the signature that came of it.

use alloy::primitives::{Address, B256, Bytes, hex};
use serde_json::{Value, json};

use super::super::Reason;
use super::super::devices::DeviceKind;
use crate::wallet::ReviewId;
use crate::wallet::review::{Finding, Gesture, MessageReview, TypedDataReview};

/// What is to be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToSign {
    /// A text (EIP-191).
    Text(String),
    /// Bytes that somebody gave as hex (EIP-191).
    Bytes(Bytes),
    /// Typed data (EIP-712), as JSON.
    TypedData(String),
}

/// What was read of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessageBody {
    /// Typed data.
    TypedData(Box<TypedDataReview>),
    /// A text or bytes.
    Message(Box<MessageReview>),
}

/// The open review of something that is signed alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageView {
    /// What was brought.
    pub wanted: ToSign,
    /// What was read of it.
    pub body: MessageBody,
    /// The device that signs, where one does.
    pub device: Option<DeviceKind>,
    /// The head that others were asked about, where the review calls for it (THREATS T07).
    pub witnessed: Option<B256>,
    /// Time of the block it was read on, Unix seconds; `None` where it rests on none.
    pub at_secs: Option<u64>,
    /// Counts up with every reading.
    pub reading: u64,
    /// The intent sentence that a person was shown first: a later reading is measured against it (R27).
    pub shown: String,
    /// Why the newest head could not be read; the reading shown is older.
    pub outdated: Option<Reason>,
}

impl MessageView {
    /// The first reading of what was brought.
    pub fn new(
        wanted: ToSign,
        body: MessageBody,
        (device, witnessed): (Option<DeviceKind>, Option<B256>),
    ) -> Self {
        let (at_secs, shown, outdated) = (None, String::new(), None);
        let view = Self { wanted, body, device, witnessed, at_secs, reading: 1, shown, outdated };
        Self { shown: view.sentence().to_owned(), ..view }
    }

    /// The same once a later reading was refuted: a text stands on nothing that could be.
    pub(super) fn refuted(self) -> Self {
        let body = match self.body {
            MessageBody::TypedData(review) => MessageBody::TypedData(Box::new(review.refuted())),
            text => text,
        };
        Self { body, ..self }
    }

    /// The same once its state is `secs` old (R14). True where that changed what is asked for.
    pub(super) fn grow_old(&mut self, secs: u64) -> bool {
        let moved = match &mut self.body {
            MessageBody::TypedData(review) => review.grow_old(secs),
            MessageBody::Message(_) => false,
        };
        self.reading = self.reading.saturating_add(u64::from(moved));
        moved
    }

    /// Names the review: the hash that is signed.
    pub fn id(&self) -> ReviewId {
        match &self.body {
            MessageBody::TypedData(review) => review.id(),
            MessageBody::Message(review) => review.id(),
        }
    }

    /// The account that signs.
    pub fn from(&self) -> Address {
        match &self.body {
            MessageBody::TypedData(review) => review.from(),
            MessageBody::Message(review) => review.from(),
        }
    }

    /// The intent sentence.
    pub fn sentence(&self) -> &str {
        match &self.body {
            MessageBody::TypedData(review) => &review.sentence,
            MessageBody::Message(review) => &review.sentence,
        }
    }

    /// What the chain says can change what is said of it. A text means the same at every head.
    pub fn rests_on_state(&self) -> bool {
        matches!(self.body, MessageBody::TypedData(_))
    }

    /// What the checks found, the worst first.
    pub fn findings(&self) -> &[Finding] {
        match &self.body {
            MessageBody::TypedData(review) => &review.findings,
            MessageBody::Message(review) => &review.findings,
        }
    }

    /// The gesture asked for.
    pub fn gesture(&self) -> Gesture {
        Gesture::of(self.findings())
    }
}

/// A signature of something that is no transaction. It stands in no journal: whoever gets it may use it, and nobody can
/// take it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedMessage {
    /// Who signed.
    pub from: Address,
    /// What.
    pub wanted: ToSign,
    /// The hash that was signed.
    pub signing_hash: B256,
    /// r, s and v: 65 bytes.
    pub signature: Bytes,
}

impl SignedMessage {
    /// The signature as a file that other tools read too: `address`, `msg` and `sig` as MyCrypto and Etherscan name them,
    /// `typed_data` in place of `msg` for EIP-712.
    pub fn to_file(&self) -> String {
        let mut file = json!({
            "address": self.from,
            "sig": self.signature,
            "signing_hash": self.signing_hash,
            "version": "2",
        });
        let (name, what) = match &self.wanted {
            ToSign::Text(text) => ("msg", Value::from(text.as_str())),
            ToSign::Bytes(bytes) => ("msg", Value::from(hex::encode_prefixed(bytes))),
            ToSign::TypedData(text) => {
                ("typed_data", serde_json::from_str(text).unwrap_or_else(|_| Value::from(text.as_str())))
            }
        };
        if let Some(fields) = file.as_object_mut() {
            fields.insert(name.to_owned(), what);
        }
        // Values of strings and maps of strings have no way to fail.
        serde_json::to_string_pretty(&file).unwrap_or_default()
    }

    /// A name for that file.
    pub fn file_name(&self) -> String {
        let hash = hex::encode(self.signing_hash);
        format!("lifeboat-signature-{}.json", hash.get(..8).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_file_holds_what_was_signed_in_its_own_form() {
        let of = |wanted| SignedMessage {
            from: Address::repeat_byte(1),
            wanted,
            signing_hash: B256::repeat_byte(0xab),
            signature: Bytes::from(vec![2; 65]),
        };
        let read = |one: &SignedMessage| serde_json::from_str::<Value>(&one.to_file()).unwrap();
        let text = of(ToSign::Text("Hello".to_owned()));
        assert_eq!(read(&text)["msg"], "Hello");
        assert_eq!(read(&text)["sig"], hex::encode_prefixed([2; 65]));
        assert_eq!(text.file_name(), "lifeboat-signature-abababab.json");
        assert_eq!(read(&of(ToSign::Bytes(vec![0xff, 0].into())))["msg"], "0xff00");
        let typed = of(ToSign::TypedData("{\"domain\":{\"chainId\":1}}".to_owned()));
        assert_eq!(read(&typed)["typed_data"]["domain"]["chainId"], 1);
        assert!(read(&typed).get("msg").is_none());
    }
}
