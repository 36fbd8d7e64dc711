//! What is shown before a signature: the act read from the bytes to be signed, checks R01 to R28, and the gesture that
//! the worst of them asks for.
//!
//! *Invariant*: pure; a review is decoded from the bytes that would be signed, never from the draft. No check can be
//! switched off.

mod act;
mod act_words;
mod approval_checks;
mod approve;
mod finding;
mod input;
mod look_alike;
mod message;
mod money_checks;
mod plain_words;
mod protocol_checks;
mod receivers;
mod recipient_checks;
mod safe_tx;
mod state_checks;
mod text;
mod typed_checks;
mod typed_data;
mod typed_permits;

#[cfg(test)]
mod act_tests;
#[cfg(test)]
mod check_tests;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod more_check_tests;

pub use act::{Act, UNLIMITED_FROM, act_of};
pub use approval_checks::readable;
pub use approve::{Answers, ApproveError, Review};
pub use finding::{CheckId, Fact, Finding, Gesture, Level};
pub use input::{
    AccountFacts, ClipboardFact, CodeStanding, DeviceFact, HealthFact, MovedName, Party, PartyKind,
    PastPayment, ReviewInput, SafeChange, Standing, SwapFact, Units, WaitingTx, WitnessFact,
};
pub use look_alike::{LookAlike, imitates};
pub use message::{MessageReview, personal_message_bytes};
pub(super) use money_checks::reason as revert_words;
pub use receivers::receivers;
pub use safe_tx::{safe_change, safe_change_of_owners, threshold_change};
pub use state_checks::witness_finding;
pub use text::{amount_text, chunked, ether_down, ether_up, hash_chunks};
pub use typed_data::{TypedDataError, TypedDataReview};
pub use typed_permits::Permission;
