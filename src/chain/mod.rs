//! The light client in motion: the only place that loops fetch, verify, repeat.
//!
//! *Invariant*: no value leaves without passing `consensus` or `execution`; a failed check blames the endpoint.

mod access_memory;
mod ancestors;
mod attempts;
mod blocks;
mod bodies;
mod clock;
mod decode;
mod edges;
mod error;
mod first_round;
mod follow;
mod inclusion;
mod logs;
mod nonce_use;
mod offchain;
mod proof;
mod reader;
mod recent;
mod refusals;
mod run_call;
mod second_witness;
mod simulate;
mod state_at;
mod sync;

pub use access_memory::{AccessRecord, AccessStore, Learned};
pub use blocks::BlockQuery;
pub use clock::{Clock, SystemClock};
pub use edges::ChainEdges;
pub use error::{ReadError, Refused, SyncError};
pub use follow::Moved;
pub use inclusion::TransactionStatus;
pub use logs::PlacedLog;
pub use nonce_use::{NonceUse, NonceUser};
pub use offchain::{FollowError, GatewayConsent, Told, gateway_hosts};
pub use proof::{ProvenSlot, StateProof};
pub use reader::{CodeCache, Heads, Reader};
pub use second_witness::{About, Conflict, Said, Statement, Weight, second_witness};
pub use state_at::{AccountWithSlots, StateAt};
pub use sync::{Anchor, SyncProgress, Syncer};

// For rooms that read JSON of strangers and know no source.
pub use crate::sources::{MOST_JSON_DEPTH, json_extent};
