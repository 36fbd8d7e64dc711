//! The screens, a file each.
//!
//! *Invariant*: see the room's door; nothing here waits for anything.

mod about;
mod checkpoint;
mod endpoints;
pub(super) mod explorer;
mod explorer_block;
mod explorer_transaction;
mod first_run;
mod home;
mod messages;
mod network;
mod practice;
mod receive;
mod router;
mod settings;

pub(super) use router::show;
