//! The review itself: made from a simulated transaction, and the only maker of [`Approved`].

use alloy::primitives::{Address, U256, keccak256};

use crate::contracts::{DecodedCall, PlainCall, PlainValue, decode_calldata, plain_call};
use crate::wallet::sign::Payload;
use crate::wallet::{Approved, ReviewId, Simulated, Unsigned, UnsignedError};

use super::input::Case;
use super::state_checks::{grow_old, refute};
use super::text::ether_exact;
use super::{
    Act, Finding, Gesture, Level, ReviewInput, act_of, approval_checks, money_checks, plain_words,
    protocol_checks, receivers, recipient_checks, state_checks,
};

/// What is shown before a signature.
#[derive(Debug, Clone, PartialEq)]
pub struct Review {
    id: ReviewId,
    from: Address,
    chain_id: u64,
    bytes: Vec<u8>,
    /// The transaction, read from the bytes to be signed.
    pub tx: Unsigned,
    /// What it does.
    pub act: Act,
    /// The call with the calls inside it.
    pub call: DecodedCall,
    /// The call in plain words, where a bundled descriptor explains it.
    pub plain: Option<PlainCall>,
    /// The intent sentence.
    pub sentence: String,
    /// The same for lists.
    pub title: String,
    /// What it would change; `None` where it was not run.
    pub effects: Option<crate::wallet::Effects>,
    /// What an unlimited approval could be limited to: all there is of the token now (R07).
    pub limit: Option<U256>,
    /// Every check that has something to say, the worst first.
    pub findings: Vec<Finding>,
}

/// How the person answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    /// Held for a second and a half, or the stand-in for it that a face without buttons has.
    pub held: bool,
    /// Facts as typed, in any order.
    pub facts: Vec<String>,
}

/// Why a review is not approved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ApproveError {
    /// Another review was meant: it changed since.
    #[error("the review has changed since it was shown; look at it again")]
    OtherReview,
    /// A check forbids it.
    #[error("blocked: {reason}")]
    Blocked {
        /// The check's own sentence.
        reason: String,
    },
    /// A danger's fact was not typed, or wrong.
    #[error("{check}: {text} To go on, type {prompt}")]
    FactMissing {
        /// Which check.
        check: super::CheckId,
        /// Its sentence.
        text: String,
        /// What to type.
        prompt: String,
    },
    /// There is something to be careful about, and the button was only clicked.
    #[error("this needs a deliberate confirmation: {text}")]
    NotHeld {
        /// The worst check's sentence.
        text: String,
    },
}

impl Review {
    /// Reviews what would be signed. Everything shown is read from the bytes of `simulated`.
    ///
    /// # Errors
    /// [`UnsignedError`] where the bytes are no transaction.
    pub fn new(simulated: &Simulated, input: &ReviewInput<'_>) -> Result<Self, UnsignedError> {
        let tx = Unsigned::decode(simulated.bytes())?;
        let call = decode_calldata(input.book, input.chain_id, tx.to(), tx.input());
        let act = act_of(&tx, simulated.from(), &call).told_apart(&input.units, input.effects);
        let plain = plain_call(input.book, input.chain_id, &call, tx.value())
            .filter(|_| matches!(act, Act::Contract { .. }));
        let receivers = receivers::inside(&act, (&call, plain.as_ref()), input);
        let case = Case { tx: &tx, act: &act, call: &call, receivers, input };
        let rooms = [
            recipient_checks::findings,
            approval_checks::findings,
            money_checks::findings,
            state_checks::findings,
            protocol_checks::findings,
        ];
        let mut findings: Vec<Finding> = rooms.iter().flat_map(|room| room(&case)).collect();
        let words = plain.as_ref().zip(tx.to()).map(|(plain, to)| {
            (plain_words::sentence(plain, to, input), plain_words::title(plain, to, input))
        });
        let (sentence, title) = words.unwrap_or_else(|| (act.sentence(input), act.title(input)));
        let sentence = with_ether(sentence, (&tx, &act), plain.as_ref());
        findings.sort_by_key(|one| (std::cmp::Reverse(one.level), one.check));
        Ok(Self {
            id: ReviewId(keccak256(simulated.bytes())),
            from: simulated.from(),
            chain_id: input.chain_id,
            bytes: simulated.bytes().to_vec(),
            plain,
            sentence,
            title,
            effects: simulated.effects().cloned(),
            limit: limit(&act, input),
            tx,
            act,
            call,
            findings,
        })
    }

    /// The same once a later reading was refuted: it is shown as it was, and cannot be signed (R26).
    #[must_use]
    pub fn refuted(mut self) -> Self {
        refute(&mut self.findings);
        self
    }

    /// The same once the state it stands on is `secs` old: the head may stand still while somebody reads (R14). True where
    /// that changed what is asked for.
    pub fn grow_old(&mut self, secs: u64) -> bool {
        grow_old(&mut self.findings, secs)
    }

    /// The same after an earlier reading of it that said the same: a value that moves with every head, as a health factor
    /// does, is taken as it was when it was read (UX §5, G2). A check of another level asks anew.
    #[must_use]
    pub fn after(mut self, earlier: &Self) -> Self {
        if self.id != earlier.id {
            return self;
        }
        for one in self.findings.iter_mut().filter(|one| one.level == Level::Danger) {
            let same = |old: &&Finding| (old.check, old.level) == (one.check, one.level);
            let old = earlier.findings.iter().find(same).and_then(|old| old.fact.as_ref());
            if let Some((fact, old)) = one.fact.as_mut().zip(old) {
                fact.also(old);
            }
        }
        self
    }

    /// Names this review: the hash of the bytes that would be signed.
    pub fn id(&self) -> ReviewId {
        self.id
    }

    /// The account that signs.
    pub fn from(&self) -> Address {
        self.from
    }

    /// The bytes that would be signed.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The gesture that the worst finding asks for.
    pub fn gesture(&self) -> Gesture {
        Gesture::of(&self.findings)
    }

    /// What the checks found, without those that passed.
    pub fn concerns(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|one| one.level > Level::Passed)
    }

    /// Approves the review that was shown under `id`.
    ///
    /// # Errors
    /// [`ApproveError`].
    pub fn approve(&self, id: ReviewId, answers: &Answers) -> Result<Approved, ApproveError> {
        if id != self.id {
            return Err(ApproveError::OtherReview);
        }
        answered(&self.findings, answers)?;
        Ok(Approved {
            from: self.from,
            chain_id: self.chain_id,
            id: self.id,
            payload: Payload::Transaction(self.bytes.clone()),
        })
    }
}

/// An allowance of nothing would be none, and one as good as unlimited no limit.
fn limit(act: &Act, input: &ReviewInput<'_>) -> Option<U256> {
    let Act::Approve { amount, adds: false, .. } = act else { return None };
    let held = input.held.filter(|held| !held.is_zero() && !Act::is_unlimited(*held));
    held.filter(|_| Act::is_unlimited(*amount))
}

/// Ether that goes along with a call is said, whatever else the call is for.
fn with_ether(sentence: String, (tx, act): (&Unsigned, &Act), plain: Option<&PlainCall>) -> String {
    let wei = tx.value();
    let said =
        plain.is_some_and(|plain| plain.fields.iter().any(|field| field.value == PlainValue::Ether(wei)));
    if wei.is_zero() || said || matches!(act, Act::Pay { .. }) {
        return sentence;
    }
    format!("{sentence} {} ETH of yours go with it.", ether_exact(wei))
}

/// Names a review of bytes that are no transaction: the hash that is signed.
pub(super) fn message_id(bytes: &[u8]) -> ReviewId {
    ReviewId(keccak256(bytes))
}

/// Approves bytes that are no transaction, where `id` is what was shown and the answers meet the findings.
pub(super) fn approve_message(
    (from, chain_id): (Address, u64),
    bytes: &[u8],
    findings: &[Finding],
    (id, answers): (ReviewId, &Answers),
) -> Result<Approved, ApproveError> {
    if id != message_id(bytes) {
        return Err(ApproveError::OtherReview);
    }
    answered(findings, answers)?;
    Ok(Approved { from, chain_id, id, payload: Payload::Message(bytes.to_vec()) })
}

/// Whether the answers meet what the findings ask for.
pub(super) fn answered(findings: &[Finding], answers: &Answers) -> Result<(), ApproveError> {
    if let Some(block) = findings.iter().find(|one| one.level == Level::Block) {
        return Err(ApproveError::Blocked { reason: block.text.clone() });
    }
    for danger in findings.iter().filter(|one| one.level == Level::Danger) {
        let met = |fact: &super::Fact| answers.facts.iter().any(|typed| fact.accepts(typed));
        if !danger.fact.as_ref().is_some_and(met) {
            let prompt = danger.fact.as_ref().map(|fact| fact.prompt.clone()).unwrap_or_default();
            let (check, text) = (danger.check, danger.text.clone());
            return Err(ApproveError::FactMissing { check, text, prompt });
        }
    }
    let worst = findings.iter().filter(|one| one.level >= Level::Caution).max_by_key(|one| one.level);
    match worst {
        Some(one) if !answers.held => Err(ApproveError::NotHeld { text: one.text.clone() }),
        _ => Ok(()),
    }
}
