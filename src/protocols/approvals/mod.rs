//! Who may take what from an account: allowances of tokens, those inside Permit2, operators of collectibles.
//!
//! *Invariant*: nothing on a chain lists allowances. What is found is proven; that nothing else exists is never said.

mod book;
mod list;
mod read;
mod revoke;
mod standing;

pub use book::{PERMIT2, Spender, SpenderBook};
pub use list::{Approval, ApprovalKind, Approvals, ApprovalsQuestion};
pub use read::approvals;
pub use standing::{StandingAllowances, standing};
