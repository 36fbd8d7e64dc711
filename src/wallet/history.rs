//! What was signed here and what became of it, folded from the journal's records.

use std::collections::HashMap;

use alloy::primitives::{Address, B256, Bytes, U256};
use serde::{Deserialize, Serialize};

use super::Signed;

/// A block as the journal names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockMark {
    /// Number.
    pub number: u64,
    /// Hash.
    pub hash: B256,
}

/// How one endpoint answered a broadcast. Unverified, every one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum SendOutcome {
    /// It took it.
    Accepted,
    /// It says that it has it already.
    AlreadyKnown,
    /// It names another hash: it did something else, or lies.
    OtherHash {
        /// The hash it named.
        hash: B256,
    },
    /// It says that the nonce is used.
    NonceTooLow,
    /// It says that a replacement must pay more.
    Underpriced,
    /// It says that the funds do not suffice.
    InsufficientFunds,
    /// It refused for another reason.
    Refused {
        /// In its words, safe to print.
        why: String,
    },
    /// No answer.
    Unreachable {
        /// What went wrong.
        why: String,
    },
}

impl SendOutcome {
    /// The meaning of an endpoint's refusal, by the words that nodes use.
    pub fn of_refusal(message: &str) -> Self {
        let text = message.to_lowercase();
        let says = |any: &[&str]| any.iter().any(|part| text.contains(part));
        match () {
            () if says(&["already known", "known transaction", "already imported", "alreadyknown"]) => {
                Self::AlreadyKnown
            }
            () if says(&["nonce too low", "nonce is too low", "oldnonce"]) => Self::NonceTooLow,
            () if says(&["underpriced", "fee too low to compete"]) => Self::Underpriced,
            () if says(&["insufficient funds"]) => Self::InsufficientFunds,
            () => Self::Refused { why: crate::contracts::sanitise(message, 200) },
        }
    }

    /// The endpoint says that it has the transaction.
    pub fn took_it(&self) -> bool {
        matches!(self, Self::Accepted | Self::AlreadyKnown)
    }
}

/// One record of the journal. Only ever added to: an old record is read as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Entry {
    /// Signed, and on the disk before anybody was told.
    Signed {
        /// EIP-2718 bytes.
        raw: Bytes,
        /// Unix milliseconds.
        at_ms: u64,
        /// For lists.
        title: String,
        /// The verified head then.
        head: u64,
        /// Whom it pays, which token (`None` for ether) and how much, as the review showed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        payment: Option<(Option<Address>, Address, U256)>,
    },
    /// Sent, with each endpoint's answer.
    Sent {
        /// Which.
        hash: B256,
        /// Unix milliseconds.
        at_ms: u64,
        /// Answers by endpoint.
        answers: Vec<(String, SendOutcome)>,
    },
    /// Proven to be in a block.
    Included {
        /// Which.
        hash: B256,
        /// Unix milliseconds.
        at_ms: u64,
        /// The block.
        block: BlockMark,
        /// Its place there.
        index: u64,
        /// Whether it did what it should.
        success: bool,
        /// What it cost, wei.
        fee: U256,
        /// Why it failed, where that could be found.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Proven to be in a final block.
    Final {
        /// Which.
        hash: B256,
        /// Unix milliseconds.
        at_ms: u64,
    },
    /// Its nonce is proven to be used, and where `by` is named, by another transaction in a block.
    Replaced {
        /// Which.
        hash: B256,
        /// Unix milliseconds.
        at_ms: u64,
        /// By whom; `None` where that was not found, and then it may have been this very transaction.
        by: Option<B256>,
        /// The nonce is used in a final block.
        is_final: bool,
    },
    /// Its block is proven not to be in the chain any more.
    Reorged {
        /// Which.
        hash: B256,
        /// Unix milliseconds.
        at_ms: u64,
        /// The block that was left.
        block: BlockMark,
    },
    /// The block of the one that had replaced it was left: its nonce is proven to be free again.
    Waits {
        /// Which.
        hash: B256,
        /// Unix milliseconds.
        at_ms: u64,
    },
}

/// Where a transaction stands, by proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Signed and saved; nobody was told.
    Saved,
    /// Sent; not proven to be in any block.
    Sent,
    /// Proven in a block, perhaps a final one.
    Included {
        /// The block.
        block: BlockMark,
        /// Its place there.
        index: u64,
        /// Whether it did what it should.
        success: bool,
        /// Wei.
        fee: U256,
        /// Why it failed.
        reason: Option<String>,
        /// The block is final.
        is_final: bool,
    },
    /// Its nonce was used by another: this one can never run while that one's block stands.
    Replaced {
        /// By whom.
        by: B256,
        /// For ever.
        is_final: bool,
    },
    /// Its nonce is proven to be used; by whom is not, so it may have been this very transaction.
    NonceUsed {
        /// The nonce is used in a final block.
        is_final: bool,
    },
    /// Its block was left; it waits again.
    Reorged {
        /// The block that was left.
        block: BlockMark,
    },
}

/// One transaction of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The transaction.
    pub signed: Signed,
    /// For lists.
    pub title: String,
    /// Unix milliseconds.
    pub signed_at_ms: u64,
    /// The verified head when it was signed.
    pub head: u64,
    /// When it was first sent.
    pub sent_at_ms: Option<u64>,
    /// The last answers, by endpoint; one that took it stays, whatever was said to a later sending, since it may still
    /// hand it on.
    pub answers: Vec<(String, SendOutcome)>,
    /// Where it stands.
    pub state: State,
}

impl Record {
    /// It may still be included, or its block may still be left.
    pub fn is_open(&self) -> bool {
        !matches!(self.state, State::Included { is_final: true, .. } | State::Replaced { is_final: true, .. })
    }

    /// It waits for a block.
    pub fn is_waiting(&self) -> bool {
        matches!(self.state, State::Saved | State::Sent | State::Reorged { .. })
    }
}

/// The newer answers, but for endpoints that took it before and now say nothing that proves them wrong.
fn joined(before: &[(String, SendOutcome)], now: &[(String, SendOutcome)]) -> Vec<(String, SendOutcome)> {
    let keeps = |name: &str| {
        let newer = now.iter().find(|(other, _)| other == name).map(|(_, answer)| answer);
        !newer.is_some_and(|answer| answer.took_it() || matches!(answer, SendOutcome::OtherHash { .. }))
    };
    let kept: Vec<_> =
        before.iter().filter(|(name, answer)| answer.took_it() && keeps(name)).cloned().collect();
    let others: Vec<_> =
        now.iter().filter(|(name, _)| kept.iter().all(|(old, _)| old != name)).cloned().collect();
    kept.into_iter().chain(others).collect()
}

/// All transactions of the journal, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    records: Vec<Record>,
    places: HashMap<B256, usize>,
    /// Records that this build could not read; they stay in the journal.
    pub unreadable: usize,
}

impl Entry {
    /// The record's bytes in the journal.
    ///
    /// # Errors
    /// Never in practice: every field has a JSON form.
    pub fn encode(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(self)
    }
}

impl History {
    /// Folds the journal's records.
    pub fn of(records: &[Vec<u8>]) -> Self {
        let mut history = Self::default();
        for bytes in records {
            match serde_json::from_slice::<Entry>(bytes) {
                Ok(entry) if history.apply(&entry) => {}
                _ => history.unreadable = history.unreadable.saturating_add(1),
            }
        }
        history
    }

    /// Takes one entry. False where it is of no transaction known here, or holds none.
    pub fn apply(&mut self, entry: &Entry) -> bool {
        match entry {
            Entry::Signed { raw, at_ms, title, head, .. } => {
                let Ok(signed) = Signed::decode(raw) else { return false };
                if self.places.contains_key(&signed.hash()) {
                    return true; // signed twice alike: it is one transaction
                }
                self.places.insert(signed.hash(), self.records.len());
                self.records.push(Record {
                    signed,
                    title: title.clone(),
                    signed_at_ms: *at_ms,
                    head: *head,
                    sent_at_ms: None,
                    answers: Vec::new(),
                    state: State::Saved,
                });
                true
            }
            Entry::Sent { hash, at_ms, answers } => self.change(*hash, |one| {
                one.sent_at_ms.get_or_insert(*at_ms);
                one.answers = joined(&one.answers, answers);
                if one.state == State::Saved {
                    one.state = State::Sent;
                }
            }),
            Entry::Included { hash, block, index, success, fee, reason, .. } => {
                let (block, index, success, fee) = (*block, *index, *success, *fee);
                let reason = reason.clone();
                self.change(*hash, |one| {
                    one.state = State::Included { block, index, success, fee, reason, is_final: false };
                })
            }
            Entry::Final { hash, .. } => self.change(*hash, |one| {
                if let State::Included { is_final, .. } = &mut one.state {
                    *is_final = true;
                }
            }),
            Entry::Replaced { hash, by, is_final, .. } => {
                let is_final = *is_final;
                let state = match *by {
                    Some(by) => State::Replaced { by, is_final },
                    None => State::NonceUsed { is_final },
                };
                self.change(*hash, |one| one.state = state)
            }
            Entry::Reorged { hash, block, .. } => {
                self.change(*hash, |one| one.state = State::Reorged { block: *block })
            }
            Entry::Waits { hash, .. } => self.change(*hash, |one| one.state = State::Sent),
        }
    }

    fn change(&mut self, hash: B256, change: impl FnOnce(&mut Record)) -> bool {
        let place = self.places.get(&hash).copied();
        let Some(record) = place.and_then(|place| self.records.get_mut(place)) else { return false };
        change(record);
        true
    }

    /// Every transaction, oldest first.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// One transaction.
    pub fn get(&self, hash: B256) -> Option<&Record> {
        self.records.get(*self.places.get(&hash)?)
    }

    /// Those of an account on a chain that wait for a block, by nonce.
    pub fn waiting(&self, from: Address, chain_id: u64) -> Vec<&Record> {
        let own = |one: &&Record| {
            one.signed.from() == from && one.signed.chain_id() == chain_id && one.is_waiting()
        };
        let mut found: Vec<&Record> = self.records.iter().filter(own).collect();
        found.sort_by_key(|one| one.signed.nonce());
        found
    }
}
