//! The screens, a file each.
//!
//! *Invariant*: see the room's door; nothing here waits for anything.

mod about;
mod accounts;
mod add_endpoint;
mod approval_rows;
mod approval_selection;
mod approvals;
mod assets;
mod checkpoint;
mod closed;
mod connection;
mod contacts;
mod contract_call;
pub(super) mod contracts;
mod danger_card;
mod endpoints;
mod exit_instead;
mod exit_plan;
mod exit_steps;
pub(super) mod explorer;
mod explorer_block;
mod explorer_more;
mod explorer_transaction;
mod first_run;
mod home;
mod lies;
mod messages;
mod network;
mod position_action;
mod position_card;
mod position_settings;
mod positions;
mod practice;
mod receive;
mod router;
mod safe;
mod settings;

pub(super) use closed::closed;
pub(super) use router::show;
