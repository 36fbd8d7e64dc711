//! The rule that a light-client object broke.

use alloy::primitives::B256;

use crate::networks::{Fork, Period, Slot};

/// Why an object was not taken. Each variant is one rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the sentence of each variant says what its fields are")]
pub enum ConsensusError {
    #[error("the {what} is not valid SSZ of its fork ({detail})")]
    BadSsz { what: &'static str, detail: String },
    #[error("the {what} is not valid JSON of its fork ({detail})")]
    BadJson { what: &'static str, detail: String },
    #[error("the {what} is in a fork's form that this build does not know ({named})")]
    UnknownFork { what: &'static str, named: String },
    #[error("the {what} is in the form of {found:?}, but slot {slot} is in {expected:?}")]
    WrongFork { what: &'static str, found: Fork, expected: Fork, slot: Slot },
    #[error("the header's root is {found}, not the trusted root {trusted}")]
    NotTheTrustedRoot { trusted: B256, found: B256 },
    #[error("the {which} header's execution block hash is not proven by its branch")]
    ExecutionBranch { which: &'static str },
    #[error("the {which} header carries execution data before Capella")]
    ExecutionBeforeCapella { which: &'static str },
    #[error("the {which} header carries no execution block hash")]
    NoExecution { which: &'static str },
    #[error("the pre-Deneb header carries blob gas")]
    BlobGasBeforeDeneb,
    #[error("the current sync committee is not proven by its branch")]
    CurrentCommitteeBranch,
    #[error("the next sync committee is not proven by its branch")]
    NextCommitteeBranch,
    #[error("the next sync committee is given without a branch")]
    NextCommitteeUnproven,
    #[error("the next sync committee differs from the one already known for the period")]
    NextCommitteeMismatch,
    #[error("the finalized header is not proven by its branch")]
    FinalityBranch,
    #[error("a finalized header is given without a branch")]
    FinalityUnproven,
    #[error("nobody signed")]
    NoParticipants,
    #[error("only {participants} of {committee} signed; two thirds are needed")]
    LowParticipation { participants: u64, committee: u64 },
    #[error("the signature slot {signature} is in the future (now {now})")]
    SignatureInFuture { signature: Slot, now: Slot },
    #[error("slots are out of order: signature {signature}, attested {attested}, finalized {finalized}")]
    SlotOrder { signature: Slot, attested: Slot, finalized: Slot },
    #[error("the signature is of period {signature}; the held committees are of period {store} {}", and_next(*next_known))]
    WrongPeriod { signature: Period, store: Period, next_known: bool },
    #[error(
        "the update is not newer than what is known (attested slot {attested}, finalized slot {finalized})"
    )]
    NotNewer { attested: Slot, finalized: Slot },
    #[error("a public key of the sync committee is not a point of the curve")]
    BadPublicKey,
    #[error("the signature is not a point of the curve")]
    BadSignatureEncoding,
    #[error("the sync committee's signature does not verify")]
    BadSignature,
    #[error("the next sync committee of period {store} is needed before period {finalized}")]
    CommitteeGap { store: Period, finalized: Period },
    #[error("the stored light-client data is damaged ({detail})")]
    BadStore { detail: String },
    #[error("the stored light-client data belongs to another network")]
    OtherNetwork,
}

impl ConsensusError {
    /// True where the object may be honest but does not help now: it is old news, or too few signed. Nobody is blamed.
    pub fn is_irrelevant(&self) -> bool {
        matches!(self, Self::NotNewer { .. } | Self::LowParticipation { .. } | Self::CommitteeGap { .. })
    }
}

fn and_next(next_known: bool) -> &'static str {
    if next_known { "and the next" } else { "only" }
}
