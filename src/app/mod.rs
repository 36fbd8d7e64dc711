//! The core both faces share: commands in, immutable snapshots out.
//!
//! *Invariant*: knows neither clap nor egui. One core owns all state; a face sends [`Command`]s, reads a
//! [`Snapshot`], and is woken by a callback. An answer lands under its question, never "on the visible screen".

mod answer;
mod command;
mod core;
mod direct;
mod disk_caches;
mod endpoints;
mod handle;
mod jobs;
mod open;
mod plain;
mod reads;
mod reason;
mod snapshot;
mod sync_task;

pub use answer::{Answer, BlockView};
pub use command::{Command, Question, Tag};
pub use direct::{Broadcast, Reads};
pub use handle::{Busy, Handle, Wake};
pub use open::{NetworkName, OpenError, Opened, Request, open};
pub use plain::plain;
pub use reason::Reason;
pub use snapshot::{
    CheckpointView, ClaimedRoot, Comparison, HeadView, Lie, Loadable, Notice, Snapshot, SyncView, Trial,
    TrialOutcome,
};

// Plain types that faces show.
pub use crate::chain::{BlockQuery, Clock, SystemClock, TransactionStatus};
pub use crate::chain::{Heads, ProvenSlot, ReadError, Reader, StateAt, StateProof};
pub use crate::consensus::Finality;
pub use crate::execution::{Account, BlockRef, Proven, ProvenHeader, TransactionOutcome};
pub use crate::execution::{
    AccountOverride, BlockBody, BlockTransaction, Call, CallError, CallOutcome, CallStatus, GasEstimate,
    Overrides, ProofError, Receipt, StateKey,
};
pub use crate::networks::{Checkpoint, NetworkSpec};
pub use crate::sources::{
    Carrier, EndpointConfig, EndpointId, EndpointKind, EndpointReport, Probe, SourceError, Standing, Traffic,
};
pub use crate::storage::Origin;
