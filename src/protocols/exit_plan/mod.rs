//! The way out of every position of an account: which calls, in which order, what each costs and leaves.

mod buy;
mod ethers;
mod fair;
mod plan;
mod planner;
mod purchase;
mod repay;
mod simulate;
mod take_now;

pub use plan::{ExitPlan, HealthMove, LeftOut, Shortfall, Step, StepOutcome, TakeOut, WalletChange};
pub use planner::plan_exit;
