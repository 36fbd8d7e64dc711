//! Which device, and where on it an account is.

use serde::{Deserialize, Serialize};

use crate::wallet::keys::DerivationPath;
use crate::wallet::review::DeviceFact;

/// A kind of hardware signer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeviceKind {
    /// Ledger, with its Ethereum application.
    Ledger,
    /// Trezor.
    Trezor,
}

impl DeviceKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Ledger, Self::Trezor];

    /// Its vendor's name for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ledger => "Ledger",
            Self::Trezor => "Trezor",
        }
    }

    /// What the checks must know of it.
    pub fn fact(self) -> DeviceFact {
        DeviceFact { name: self.name().to_owned(), shows_only_hash: false }
    }

    /// The same where it signs typed data: a Ledger is given its two hashes. Trezor's first model is too, but only the
    /// plugged-in device says which model it is.
    pub fn typed_data_fact(self) -> DeviceFact {
        DeviceFact { shows_only_hash: self == Self::Ledger, ..self.fact() }
    }
}

/// A key on a device.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Device {
    /// Which device.
    pub kind: DeviceKind,
    /// Where on it.
    pub path: DerivationPath,
}
