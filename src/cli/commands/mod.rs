//! Commands with arguments of their own, one a file: its words, how it runs, and how its answer is shown.

pub(super) mod abi;
pub(super) mod approvals;
pub(super) mod call;
pub(super) mod decode;
pub(super) mod exit_plan;
pub(super) mod gas;
pub(super) mod logs;
pub(super) mod named;
pub(super) mod positions;
pub(super) mod price;
pub(super) mod protocols;
pub(super) mod resolve;
pub(super) mod safe;
pub(super) mod shell;
pub(super) mod tokens;
pub(super) mod wallet;

mod answers;
mod follow;

use answers::read_abi;
pub(super) use answers::{exit_of, json, text};
