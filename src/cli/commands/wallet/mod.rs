//! The wallet's commands.
//!
//! *Invariant*: a password, phrase or key comes from a prompt or a file descriptor, never from an argument or the
//! environment. `--yes` never skips a danger.

mod accounts;
mod activity;
mod broadcast;
mod commands;
mod confirm;
mod device;
mod discover;
mod flow;
mod key;
mod pin;
mod qr;
mod remove;
mod replace;
mod review_json;
mod review_text;
mod scan;
mod secrets;
mod send;
mod sign;
mod sign_alone;

pub(in crate::cli) use activity::{WaitArgs, await_transaction};
pub(in crate::cli) use commands::{WalletArgs, is_offline, run};
