//! The screens, a file each.
//!
//! *Invariant*: see the room's door; nothing here waits for anything.

mod about;
mod accounts;
mod add_endpoint;
mod assets;
mod checkpoint;
mod closed;
mod connection;
mod contacts;
mod contract_call;
pub(super) mod contracts;
mod endpoints;
pub(super) mod explorer;
mod explorer_block;
mod explorer_more;
mod explorer_transaction;
mod first_run;
mod home;
mod lies;
mod messages;
mod network;
mod practice;
mod receive;
mod router;
mod settings;

pub(super) use closed::closed;
pub(super) use router::show;
