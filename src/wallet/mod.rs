//! Keys and transactions: drafts, review, signing, what became of them.
//!
//! *Invariant*: a transaction only moves forward, and the signer can only be given what was reviewed. Touches no disk and
//! no endpoint: the core hands bytes in and takes bytes out. Secrets are zeroized and have no `Debug`.

mod control;
mod draft;
mod effects;
mod fees;
mod follow;
mod history;
mod inner_failure;
mod intent;
pub mod keys;
mod qr;
pub mod review;
mod sign;
mod simulate;
mod status;
mod told;
mod unsigned;

#[cfg(test)]
mod blob_tests;

pub use crate::execution::{Allowance, Approval, Asset};
pub use control::{Control, ControlChange};
pub use draft::{Draft, DraftError, DraftRequest, delegate_of};
pub use effects::{AssetChange, Effects, Failure};
pub use fees::{FeeQuote, Fees, TipBasis, next_base_fee};
pub use follow::{Sighting, look, news};
pub use history::{BlockMark, Entry, History, Record, SendOutcome, State};
pub use intent::{Amount, Intent};
pub use qr::{QrError, QrSigner, SignatureReader, sign_request};
pub use sign::{Approved, ReviewId, SignError, Signed};
pub use simulate::Simulated;
pub use status::{StatusWord, grouped};
pub use unsigned::{TxType, Unsigned, UnsignedError};
