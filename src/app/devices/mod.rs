//! Hardware signers: what is asked of a Ledger or a Trezor, and what may come of it.
//!
//! *Invariant*: a device is trusted with nothing but its key. Its address must be the account's before it is asked to
//! sign, and a signature counts only where it recovers to that account over the bytes that were reviewed. No vendor's
//! server is asked for anything. Whoever waits for a device waits in a thread of its own, and can be told to stop. A PIN is
//! nowhere here: where a device wants it by the computer, it is given places on its own screen.

mod error;
mod kind;
#[cfg(feature = "hardware")]
mod ledger;
#[cfg(feature = "hardware")]
mod ledger_hid;
#[cfg(feature = "hardware")]
mod ledger_link;
#[cfg(feature = "hardware")]
mod own_signature;
mod pin_pad;
mod ports;
mod signer;
#[cfg(feature = "hardware")]
mod trezor;
#[cfg(feature = "hardware")]
mod trezor_link;
#[cfg(feature = "hardware")]
mod trezor_typed_data;
#[cfg(feature = "hardware")]
mod trezor_wire;

pub use error::{DeviceCause, DeviceError};
pub use kind::{Device, DeviceKind};
pub use pin_pad::PinPad;
pub use ports::{Cancel, DevicePorts, Patience};
pub(super) use signer::{Typed, on_device};
