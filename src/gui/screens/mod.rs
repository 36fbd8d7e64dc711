//! The screens, a file each.
//!
//! *Invariant*: see the room's door; nothing here waits for anything.

mod about;
mod accounts;
mod action_bar;
mod activity;
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
mod keys;
mod keys_forms;
mod keys_phrase;
mod lies;
mod messages;
mod network;
mod practice;
mod receive;
mod review;
mod review_bar;
mod review_call;
mod review_changes;
mod review_checks;
mod router;
mod safety;
mod send;
mod send_fee;
mod send_form;
mod send_recipient;
mod settings;
mod transaction;
mod transfers;
pub(super) mod unlock;

pub(super) use action_bar::show as action_bar;
pub(super) use closed::closed;
pub(super) use router::show;
pub(super) use safety::lock_after;
pub(super) use send::bring_text as bring;
