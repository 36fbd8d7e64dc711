//! What goes wrong in the wallet, as a person can act on it.

use super::super::Reason;
use crate::storage::{JournalError, StorageError};
use crate::wallet::keys::KeyError;
use crate::wallet::review::{ApproveError, TypedDataError};
use crate::wallet::{DraftError, SignError, UnsignedError};

const NOTHING_HAPPENED: &str = "nothing was signed and nothing was sent";

impl From<&KeyError> for Reason {
    fn from(error: &KeyError) -> Self {
        let next = match error {
            KeyError::WrongPassword => "try again; the wait grows with each wrong one",
            KeyError::Damaged { .. } | KeyError::OtherAddress { .. } | KeyError::TooCostly { .. } => {
                "use another copy of the file, or the recovery phrase"
            }
            KeyError::NoSuchAccount { .. } => "`lifeboat key list` shows what there are keys for",
            KeyError::NoRandomness => "restart the computer",
            _ => "correct it and try again",
        };
        Self::new(&error.to_string(), "no key was opened, changed or lost", next)
    }
}

impl From<&StorageError> for Reason {
    fn from(error: &StorageError) -> Self {
        Self::new(&error.to_string(), NOTHING_HAPPENED, "free space, or give a folder with --data-dir")
    }
}

impl From<&JournalError> for Reason {
    fn from(error: &JournalError) -> Self {
        let next = match error {
            JournalError::InUse { .. } => "close the other one, or send from it",
            _ => "free space, or give a folder with --data-dir",
        };
        Self::new(&error.to_string(), NOTHING_HAPPENED, next)
    }
}

impl From<&DraftError> for Reason {
    fn from(error: &DraftError) -> Self {
        match error {
            DraftError::Read(error) => Self::from(error),
            other => Self::new(&other.to_string(), NOTHING_HAPPENED, "change the amount or the token"),
        }
    }
}

impl From<&UnsignedError> for Reason {
    fn from(error: &UnsignedError) -> Self {
        Self::new(&error.to_string(), NOTHING_HAPPENED, "copy it again, whole, from its source")
    }
}

impl From<&TypedDataError> for Reason {
    fn from(error: &TypedDataError) -> Self {
        Self::new(&error.to_string(), NOTHING_HAPPENED, "copy it again, whole, from its source")
    }
}

impl From<&SignError> for Reason {
    fn from(error: &SignError) -> Self {
        Self::new(&error.to_string(), "nothing was kept and nothing was sent", "review it again")
    }
}

impl From<&ApproveError> for Reason {
    fn from(error: &ApproveError) -> Self {
        let next = match error {
            ApproveError::OtherReview => "look at the new review",
            ApproveError::Blocked { .. } => "correct what the check names",
            ApproveError::FactMissing { .. } => {
                "read the check; only if you still want it, type what it asks for (--fact \"…\" on the command line)"
            }
            ApproveError::NotHeld { .. } => "confirm it (hold the button; --yes on the command line)",
        };
        Self::new(&error.to_string(), NOTHING_HAPPENED, next)
    }
}

macro_rules! reason_from_owned {
    ($($error:ty),*) => {$(
        impl From<$error> for Reason {
            fn from(error: $error) -> Self {
                Self::from(&error)
            }
        }
    )*};
}
reason_from_owned!(
    KeyError,
    StorageError,
    JournalError,
    DraftError,
    UnsignedError,
    TypedDataError,
    SignError,
    ApproveError
);
