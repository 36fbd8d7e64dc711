//! The wallet's commands.
//!
//! *Invariant*: a password, phrase or key comes from a prompt or a file descriptor, never from an argument or the
//! environment. `--yes` never skips a danger.

mod accounts;
mod activity;
mod broadcast;
mod confirm;
mod flow;
mod key;
mod replace;
mod review_json;
mod review_text;
mod secrets;
mod send;
mod sign;

pub(in crate::cli) use accounts::AccountsArgs;
pub(in crate::cli) use activity::WaitArgs;
pub(in crate::cli) use broadcast::BroadcastArgs;
pub(in crate::cli) use key::KeyArgs;
pub(in crate::cli) use replace::ReplaceArgs;
pub(in crate::cli) use send::{ApproveArgs, RevokeArgs, SendArgs};
pub(in crate::cli) use sign::SignArgs;

pub(in crate::cli) use accounts::accounts;
pub(in crate::cli) use activity::{activity, await_transaction};
pub(in crate::cli) use broadcast::broadcast;
pub(in crate::cli) use key::key;
pub(in crate::cli) use replace::{cancel, speed_up};
pub(in crate::cli) use send::{approve, revoke, send};
pub(in crate::cli) use sign::sign;
