//! Where a transaction stands, in the design's exact sentences.

use alloy::primitives::B256;

use super::history::{Record, SendOutcome, State};
use super::review::ether_up;

/// After this long without a block a sent transaction is said to be not seen.
const NOT_SEEN_MS: u64 = 180_000;

/// The word for a state, for lists and programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StatusWord {
    /// Signed and saved.
    Saved,
    /// Sent.
    Sent,
    /// Sent, and in no block for three minutes.
    NotSeen,
    /// In a block.
    Included,
    /// In a final block.
    Final,
    /// In a block, and failed.
    Reverted,
    /// Another one has its nonce.
    Replaced,
    /// Its nonce is used, perhaps by itself.
    NonceUsed,
    /// Its block was left.
    Reorged,
}

impl StatusWord {
    /// Lower case, for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Saved => "saved",
            Self::Sent => "sent",
            Self::NotSeen => "not-seen",
            Self::Included => "included",
            Self::Final => "final",
            Self::Reverted => "reverted",
            Self::Replaced => "replaced",
            Self::NonceUsed => "nonce-used",
            Self::Reorged => "reorged",
        }
    }
}

impl Record {
    /// The word for its state at `now_ms`.
    pub fn word(&self, now_ms: u64) -> StatusWord {
        match &self.state {
            State::Saved => StatusWord::Saved,
            State::Sent => {
                let since = now_ms.saturating_sub(self.sent_at_ms.unwrap_or(now_ms));
                if since >= NOT_SEEN_MS { StatusWord::NotSeen } else { StatusWord::Sent }
            }
            State::Included { success: false, .. } => StatusWord::Reverted,
            State::Included { is_final: true, .. } => StatusWord::Final,
            State::Included { .. } => StatusWord::Included,
            State::Replaced { .. } => StatusWord::Replaced,
            State::NonceUsed { .. } => StatusWord::NonceUsed,
            State::Reorged { .. } => StatusWord::Reorged,
        }
    }

    /// The sentence for its state at `now_ms`.
    pub fn sentence(&self, now_ms: u64) -> String {
        let nonce = self.signed.nonce();
        match &self.state {
            State::Saved => "Signed and saved. Not sent yet.".to_owned(),
            State::Sent => self.sent_sentence(now_ms),
            State::Included { success: false, fee, .. } if self.does_nothing() => format!(
                "Cancelled: it took the place of nonce {nonce}. The code of your account failed on it, so nothing moved except the fee {} ETH.",
                ether_up(*fee)
            ),
            State::Included { success: false, fee, reason, .. } => {
                let reason = reason.as_deref().unwrap_or("not known");
                format!(
                    "It was included but failed, so nothing moved except the fee {} ETH. Reason: {reason}",
                    ether_up(*fee)
                )
            }
            State::Included { is_final: true, .. } => "Final. The network treats it as settled.".to_owned(),
            State::Included { block, index, .. } => format!(
                "In block {}, position {index}. Result: success. Proven by receipt.",
                grouped(block.number)
            ),
            State::Replaced { by, .. } => {
                let by = short(*by);
                format!("Another transaction with nonce {nonce} was included: {by}. This one can never run.")
            }
            State::NonceUsed { .. } => format!(
                "Nonce {nonce} is used. Whether by this transaction or by another one is not proven. Before you pay \
                 again, look at what it should have changed."
            ),
            State::Reorged { block } => format!(
                "Block {} was replaced. The transaction is waiting again; do not resend a different one.",
                grouped(block.number)
            ),
        }
    }

    /// Nothing to oneself: what it is for is its nonce, and that is used whether it succeeds or fails.
    fn does_nothing(&self) -> bool {
        let from = self.signed.from();
        self.signed.unsigned().is_ok_and(|tx| tx.is_nothing_of(from) && tx.authorizations().is_empty())
    }

    fn sent_sentence(&self, now_ms: u64) -> String {
        let (took, asked) =
            (self.answers.iter().filter(|(_, answer)| answer.took_it()).count(), self.answers.len());
        if took == 0 {
            return match self.refusal() {
                Some(text) => text,
                None => "Signed, but no endpoint took it. It is saved.".to_owned(),
            };
        }
        if self.word(now_ms) == StatusWord::NotSeen {
            let nonce = self.signed.nonce();
            return format!(
                "Not in a block yet. It can still be included at any time until nonce {nonce} is used."
            );
        }
        format!("Accepted by {took} of {asked} endpoints. Acceptance is not proof; inclusion will be.")
    }

    /// The common reason of all refusals, where it is one that has words of its own.
    fn refusal(&self) -> Option<String> {
        let all = |is: fn(&SendOutcome) -> bool| {
            let answered =
                self.answers.iter().filter(|(_, one)| !matches!(one, SendOutcome::Unreachable { .. }));
            let mut answered = answered.peekable();
            answered.peek().is_some() && answered.all(|(_, one)| is(one))
        };
        let nonce = self.signed.nonce();
        if all(|one| *one == SendOutcome::NonceTooLow) {
            return Some(format!(
                "Nonce {nonce} was used while you signed. Check Activity before trying again."
            ));
        }
        if all(|one| *one == SendOutcome::Underpriced) {
            let least = self.signed.unsigned().ok().map(|tx| {
                let more = tx.max_fee_per_gas().saturating_mul(110).div_ceil(100);
                alloy::primitives::U256::from(more)
                    .saturating_mul(alloy::primitives::U256::from(tx.gas_limit()))
            });
            let least = ether_up(least.unwrap_or_default());
            return Some(format!("A replacement must pay at least 10 % more: try {least} ETH."));
        }
        None
    }
}

/// Digits in groups of three with thin spaces.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && digits.len().saturating_sub(at) % 3 == 0 {
            out.push('\u{2009}');
        }
        out.push(digit);
    }
    out
}

fn short(hash: B256) -> String {
    hash.to_string()
}

#[cfg(test)]
mod tests {
    use alloy::consensus::{SignableTransaction as _, TxEip1559, TxEnvelope};
    use alloy::eips::eip2718::Encodable2718 as _;
    use alloy::primitives::U256;

    use super::*;
    use crate::wallet::history::{BlockMark, Entry, History};
    use crate::wallet::keys::PrivateKey;

    fn signed() -> alloy::primitives::Bytes {
        let key = PrivateKey::of_bytes(&[9; 32]).ok().unwrap();
        let tx = TxEip1559 {
            chain_id: 1,
            nonce: 211,
            gas_limit: 21_000,
            max_fee_per_gas: 10_000_000_000,
            ..TxEip1559::default()
        };
        let signature = key.sign_hash(tx.signature_hash()).ok().unwrap();
        TxEnvelope::from(tx.into_signed(signature)).encoded_2718().into()
    }

    fn history(more: impl Fn(B256) -> Vec<Entry>) -> (History, B256) {
        let mut history = History::default();
        let raw = signed();
        let hash = alloy::primitives::keccak256(&raw);
        let title = "Send 1 ETH".to_owned();
        assert!(history.apply(&Entry::Signed { raw, at_ms: 0, title, head: 1, payment: None }));
        for entry in more(hash) {
            assert!(history.apply(&entry));
        }
        (history, hash)
    }

    fn sent(hash: B256, answers: &[SendOutcome]) -> Entry {
        let answers =
            answers.iter().enumerate().map(|(at, one)| (format!("node-{at}"), one.clone())).collect();
        Entry::Sent { hash, at_ms: 1_000, answers }
    }

    const BLOCK: BlockMark = BlockMark { number: 23_944_944, hash: B256::ZERO };

    fn included(hash: B256, success: bool) -> Entry {
        let reason = (!success).then(|| "health factor too low".to_owned());
        let fee = U256::from(142_000_000_000_000_u64);
        Entry::Included { hash, at_ms: 2_000, block: BLOCK, index: 112, success, fee, reason }
    }

    type Story = Box<dyn Fn(B256) -> Vec<Entry>>;

    #[test]
    #[expect(clippy::too_many_lines, reason = "one row a state")]
    fn each_state_has_its_exact_sentence() {
        use SendOutcome::{Accepted, AlreadyKnown, NonceTooLow, Underpriced};
        let says = |more: &dyn Fn(B256) -> Vec<Entry>, now_ms| {
            let (history, hash) = history(more);
            let record = history.get(hash).unwrap();
            (record.word(now_ms), record.sentence(now_ms))
        };
        let cases: Vec<(Story, u64, StatusWord, &str)> = vec![
            (Box::new(|_| vec![]), 0, StatusWord::Saved, "Signed and saved. Not sent yet."),
            (
                Box::new(|hash| vec![sent(hash, &[Accepted, Accepted, AlreadyKnown, Accepted, Accepted])]),
                2_000,
                StatusWord::Sent,
                "Accepted by 5 of 5 endpoints. Acceptance is not proof; inclusion will be.",
            ),
            (
                Box::new(|hash| vec![sent(hash, &[Accepted])]),
                181_000,
                StatusWord::NotSeen,
                "Not in a block yet. It can still be included at any time until nonce 211 is used.",
            ),
            (
                Box::new(|hash| vec![sent(hash, &[Accepted]), included(hash, true)]),
                3_000,
                StatusWord::Included,
                "In block 23\u{2009}944\u{2009}944, position 112. Result: success. Proven by receipt.",
            ),
            (
                Box::new(|hash| vec![included(hash, true), Entry::Final { hash, at_ms: 9 }]),
                3_000,
                StatusWord::Final,
                "Final. The network treats it as settled.",
            ),
            (
                Box::new(|hash| vec![included(hash, false)]),
                3_000,
                StatusWord::Reverted,
                "It was included but failed, so nothing moved except the fee 0.000142 ETH. Reason: health factor too low",
            ),
            (
                Box::new(|hash| {
                    vec![Entry::Replaced { hash, at_ms: 9, by: Some(B256::ZERO), is_final: true }]
                }),
                3_000,
                StatusWord::Replaced,
                "Another transaction with nonce 211 was included: 0x0000000000000000000000000000000000000000000000000000000000000000. This one can never run.",
            ),
            (
                Box::new(|hash| vec![Entry::Replaced { hash, at_ms: 9, by: None, is_final: true }]),
                3_000,
                StatusWord::NonceUsed,
                "Nonce 211 is used. Whether by this transaction or by another one is not proven. Before you pay again, look at what it should have changed.",
            ),
            (
                Box::new(|hash| {
                    let down = SendOutcome::Unreachable { why: "no answer".to_owned() };
                    vec![sent(hash, &[Accepted, Accepted]), sent(hash, &[down.clone(), down])]
                }),
                2_000,
                StatusWord::Sent,
                "Accepted by 2 of 2 endpoints. Acceptance is not proof; inclusion will be.",
            ),
            (
                Box::new(|hash| vec![included(hash, true), Entry::Reorged { hash, at_ms: 9, block: BLOCK }]),
                3_000,
                StatusWord::Reorged,
                "Block 23\u{2009}944\u{2009}944 was replaced. The transaction is waiting again; do not resend a different one.",
            ),
            (
                Box::new(|hash| vec![sent(hash, &[SendOutcome::Refused { why: "busy".to_owned() }])]),
                2_000,
                StatusWord::Sent,
                "Signed, but no endpoint took it. It is saved.",
            ),
            (
                Box::new(|hash| vec![sent(hash, &[NonceTooLow, NonceTooLow])]),
                2_000,
                StatusWord::Sent,
                "Nonce 211 was used while you signed. Check Activity before trying again.",
            ),
            (
                Box::new(|hash| vec![sent(hash, &[Underpriced])]),
                2_000,
                StatusWord::Sent,
                "A replacement must pay at least 10 % more: try 0.000231 ETH.",
            ),
        ];
        for (more, now_ms, word, sentence) in cases {
            assert_eq!(says(&*more, now_ms), (word, sentence.to_owned()));
        }
    }

    #[test]
    fn entries_survive_their_journey_to_disk_and_strangers_are_counted() {
        let hash = B256::repeat_byte(1);
        let answers = vec![("node".to_owned(), SendOutcome::OtherHash { hash })];
        let entries = [sent(hash, &[]), Entry::Sent { hash, at_ms: 1, answers }, included(hash, false)];
        for entry in entries {
            assert_eq!(serde_json::from_slice::<Entry>(&entry.encode().unwrap()).unwrap(), entry);
        }
        let history = History::of(&[b"{}".to_vec(), sent(hash, &[]).encode().unwrap()]);
        assert_eq!((history.unreadable, history.records().len()), (2, 0));
    }

    #[test]
    fn refusals_are_told_apart_by_the_words_of_nodes() {
        let of = SendOutcome::of_refusal;
        assert_eq!(of("already known"), SendOutcome::AlreadyKnown);
        assert_eq!(of("nonce too low: next nonce 5, tx nonce 4"), SendOutcome::NonceTooLow);
        assert_eq!(of("replacement transaction underpriced"), SendOutcome::Underpriced);
        assert_eq!(of("insufficient funds for gas * price + value"), SendOutcome::InsufficientFunds);
        assert_eq!(of("\u{1b}[2Jno"), SendOutcome::Refused { why: "\\u{1b}[2Jno".to_owned() });
    }
}
