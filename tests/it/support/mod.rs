//! What several test folders need.

pub(crate) mod bent_source;
pub(crate) mod deploy;
pub(crate) mod exit_journey;
#[cfg(feature = "hardware")]
pub(crate) mod fake_ledger;
#[cfg(feature = "hardware")]
pub(crate) mod fake_trezor;
#[cfg(feature = "hardware")]
pub(crate) mod fake_trezor_session;
#[cfg(feature = "hardware")]
mod fake_trezor_typed_data;
pub(crate) mod gateway;
pub(crate) mod practice;
pub(crate) mod qr;

use std::path::PathBuf;

/// A folder of the shared reference data that lies beside the checkout, or `None` (said on stderr) where it is absent.
/// With `CI` set its absence is a failure: CI always has it.
pub(crate) fn shared(folder: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared").join(folder);
    if path.is_dir() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none(), "CI must have {}", path.display());
    eprintln!("SKIPPED: {} is absent", path.display());
    None
}
