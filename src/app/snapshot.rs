//! Everything a face may show, at one instant.

use std::collections::HashMap;
use std::sync::Arc;

use alloy::primitives::{B256, Bytes};

use super::{Answer, Question, Reason, WalletView};
use crate::chain::SyncProgress;
use crate::consensus::ProvenBlock;
use crate::execution::BlockRef;
use crate::networks::{NetworkSpec, Slot};
use crate::protocols::Named;
use crate::sources::{EndpointId, EndpointKind, EndpointReport, Probe, Traffic};
use crate::storage::Origin;

/// How far the light client is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SyncView {
    /// Looking for the checkpoint.
    Starting,
    /// Verifying one update a period.
    CatchingUp(SyncProgress),
    /// At the head.
    Following,
    /// Waiting for the user: the checkpoint is too old, or there is none.
    NeedsCheckpoint(Reason),
    /// The last attempt failed; another follows.
    Failed(Reason),
}

/// A head that the committee signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeadView {
    /// What consensus proved.
    pub proven: ProvenBlock,
    /// The execution block, once its header was fetched and hashed.
    pub block: Option<BlockRef>,
    /// Its base fee, wei per gas.
    pub base_fee: Option<u64>,
}

/// Where trust started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CheckpointView {
    /// The root this run started from.
    pub root: B256,
    /// Its slot, once known.
    pub slot: Option<Slot>,
    /// Where it came from.
    pub origin: Origin,
    /// This run continued the store of an earlier one.
    pub resumed: bool,
    /// The user went on although it was too old.
    pub accepted_although_old: bool,
}

/// A root and its slot as an endpoint claims them, or its failure in words.
pub type ClaimedRoot = Result<(B256, Slot), String>;

/// What beacon endpoints call finalized. Unverified: it is for the user to compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Each endpoint's root and slot, or why it has none.
    pub sources: Vec<(EndpointId, ClaimedRoot)>,
}

/// Something the user should know that no question asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Plain text.
    pub text: String,
}

/// An endpoint that the user wants to add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// Its name.
    pub label: String,
    /// What it should serve.
    pub kind: EndpointKind,
    /// What came of it.
    pub outcome: TrialOutcome,
}

/// What came of trying an endpoint out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrialOutcome {
    /// It is being asked.
    Running,
    /// It works and was added.
    Added,
    /// It was added, and is of use for sending only.
    AddedWithoutProofs,
    /// It is in the list already.
    AlreadyThere,
    /// It serves another network and was not added.
    WrongNetwork {
        /// What it claims: a chain id, or a genesis root.
        found: String,
        /// What this network has.
        expected: String,
    },
    /// It does not answer as it should and was not added.
    NoAnswer(String),
}

/// A reply that broke a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lie {
    /// Who gave it.
    pub endpoint: EndpointId,
    /// The rule it broke.
    pub rule: String,
    /// The reply, capped.
    pub bytes: Bytes,
    /// When, Unix milliseconds.
    pub at_ms: u64,
}

/// A value on its way. An old value survives a reload.
#[derive(Debug, Clone)]
pub enum Loadable<T> {
    /// Asked for.
    Loading {
        /// The last value, if there was one.
        previous: Option<T>,
    },
    /// Here.
    Ready(T),
    /// Not to be had.
    Failed {
        /// Why.
        reason: Reason,
        /// The last value, if there was one.
        previous: Option<T>,
    },
}

/// The state of the core at one instant. Cheap to clone; never changed once published.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The network.
    pub network: Arc<NetworkSpec>,
    /// How far the light client is.
    pub sync: SyncView,
    /// Newest signed block.
    pub head: Option<HeadView>,
    /// Newest final block.
    pub finalized: Option<HeadView>,
    /// Where trust started.
    pub checkpoint: Option<CheckpointView>,
    /// Slots between the head and this computer's clock.
    pub lag_slots: Slot,
    /// Why nothing can be read although the light client runs; `None` while reads are possible or not yet tried.
    pub no_reads: Option<Reason>,
    /// Every endpoint.
    pub endpoints: Arc<[EndpointReport]>,
    /// Answers under their questions.
    pub answers: Arc<HashMap<Question, Loadable<Answer>>>,
    /// The last probe of all endpoints.
    pub probes: Option<Arc<[Probe]>>,
    /// The last comparison of checkpoint sources.
    pub comparison: Option<Arc<Comparison>>,
    /// Oldest first.
    pub notices: Arc<[Notice]>,
    /// Replies that broke a rule, oldest first.
    pub lies: Arc<[Lie]>,
    /// The endpoint that the user wants to add.
    pub trial: Option<Trial>,
    /// Nobody is asked for anything: the user's choice.
    pub offline: bool,
    /// What the user named by hand on this network, the oldest first.
    pub named: Arc<[Named]>,
    /// The proxy of the next start.
    pub proxy: Option<String>,
    /// When the light client tries again after a failure, Unix milliseconds.
    pub next_try_ms: Option<u64>,
    /// How far this computer's clock is behind those of the hosts that answered, in milliseconds. Their claim.
    pub clock_skew_ms: Option<i64>,
    /// Accounts, the open review, what was signed here.
    pub wallet: Arc<WalletView>,
    /// Requests and bytes of this run.
    pub traffic: Traffic,
    /// Unix milliseconds by the core's clock when this was published.
    pub now_ms: u64,
}
