//! Where devices are looked for, how long they are waited for, and how that is stopped.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::PinPad;

/// How long a device is waited for, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For a first answer, which needs nobody.
    pub first_ms: u64,
    /// For a person who reads a small screen page by page.
    pub person_ms: u64,
}

impl Default for Patience {
    fn default() -> Self {
        Self { first_ms: 10_000, person_ms: 300_000 }
    }
}

/// Where devices are. Without anything here they are on USB; an address is that of a vendor's emulator on this computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DevicePorts {
    /// Speculos, by its APDU port over TCP.
    pub ledger: Option<SocketAddr>,
    /// The Trezor emulator, by its UDP port.
    pub trezor: Option<SocketAddr>,
    /// How long they are waited for.
    pub patience: Patience,
}

/// The person beside a device that is waited for: who can stop the wait from anywhere, and types the PIN of a device that
/// cannot take it itself.
#[derive(Debug, Clone, Default)]
pub struct Cancel {
    stopped: Arc<AtomicBool>,
    pin: PinPad,
}

impl Cancel {
    /// Not stopped yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Of nothing: there is no wait.
    pub fn stopped() -> Self {
        Self { stopped: Arc::new(AtomicBool::new(true)), pin: PinPad::default() }
    }

    /// Stops it.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// It was stopped, or what was waited for has ended.
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Where its PIN is asked for and given.
    pub fn pin_pad(&self) -> &PinPad {
        &self.pin
    }
}
