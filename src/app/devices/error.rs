//! Why a device did not do what it was asked for, in words that a person can act on.

use alloy::primitives::Address;

use super::super::Reason;
use super::DeviceKind;

const NOTHING: &str = "nothing was signed";

/// A device failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {cause:?}", device.name())]
pub struct DeviceError {
    /// Which.
    pub device: DeviceKind,
    /// Why.
    pub cause: DeviceCause,
}

/// Why it failed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeviceCause {
    /// None is plugged in.
    NotFound,
    /// It is there, and the system does not let this program open it.
    NoAccess,
    /// Another program holds it.
    Busy,
    /// It went away while it was asked.
    Unplugged,
    /// It wants its PIN first.
    Locked,
    /// The PIN that was typed is not its own.
    WrongPin,
    /// It wants a new PIN, which nobody here asked it to.
    NewPin,
    /// It speaks only the protocol of newer models, with encrypted sessions (THP).
    NewerProtocol,
    /// Its Ethereum application is not open.
    WrongApp,
    /// Its settings forbid calls that it cannot read.
    BlindSigningOff,
    /// No wallet was ever made on it, or it waits in its bootloader.
    NotSetUp,
    /// The person said no on it.
    Declined,
    /// It did not answer in time.
    Silent,
    /// The person gave up here.
    Cancelled,
    /// Another account's keys are on it, or at that path.
    OtherKeys {
        /// The account that signs.
        expected: Address,
        /// What the device has at its path.
        found: Address,
    },
    /// Its signature is not that of the account over what was reviewed.
    OtherSignature {
        /// Whose it should be.
        expected: Address,
    },
    /// It cannot do that.
    Unsupported {
        /// What, as a sentence's subject.
        what: String,
    },
    /// It refused in its own words.
    Answered {
        /// As it said it.
        text: String,
    },
    /// What came from it is not its protocol.
    Broken {
        /// What was wrong.
        detail: &'static str,
    },
    /// This build has no support for devices.
    NotBuilt,
}

impl DeviceCause {
    /// With the device that it is about.
    pub fn of(self, device: DeviceKind) -> DeviceError {
        DeviceError { device, cause: self }
    }
}

fn udev(device: DeviceKind) -> &'static str {
    match device {
        DeviceKind::Ledger => {
            "on Linux it may need a udev rule: put Ledger's 20-hw1.rules into /etc/udev/rules.d and plug it in again"
        }
        DeviceKind::Trezor => {
            "on Linux it may need a udev rule: put Trezor's 51-trezor.rules into /etc/udev/rules.d and plug it in again"
        }
    }
}

impl From<&DeviceError> for Reason {
    fn from(error: &DeviceError) -> Self {
        let name = error.device.name();
        match &error.cause {
            DeviceCause::NotFound => Self::new(
                &format!("{name} not found. Plug it in; close other wallet apps"),
                NOTHING,
                udev(error.device),
            ),
            DeviceCause::NoAccess => Self::new(
                &format!("The {name} is there, but this program may not open it"),
                NOTHING,
                udev(error.device),
            ),
            DeviceCause::Busy => Self::new(
                &format!("Another program holds the {name}"),
                NOTHING,
                "close other wallet apps and browser tabs that use it, then try again",
            ),
            DeviceCause::Unplugged => Self::new(
                &format!("The {name} was unplugged, or restarted"),
                NOTHING,
                "plug it in, unlock it, and try again",
            ),
            DeviceCause::Silent => Self::new(
                &format!("The {name} did not answer"),
                NOTHING,
                match error.device {
                    DeviceKind::Ledger => "look at its screen, unlock it and open the Ethereum app",
                    DeviceKind::Trezor => {
                        "look at its screen and unlock it; if nothing helps, plug it in again"
                    }
                },
            ),
            DeviceCause::Cancelled => Self::new(
                &format!("You stopped waiting for the {name}"),
                "nothing was signed; what it may still show can be rejected there",
                "nothing",
            ),
            DeviceCause::Declined => {
                Self::new(&format!("You declined on the {name}. Nothing was sent"), NOTHING, "nothing")
            }
            DeviceCause::OtherKeys { expected, found } => Self::new(
                &format!("This {name} holds other keys: expected {expected}, found {found}"),
                NOTHING,
                "check the passphrase and the path",
            ),
            DeviceCause::OtherSignature { expected } => Self::new(
                &format!("The {name}'s signature is not of {expected} over what was reviewed"),
                "it was thrown away; nothing was sent",
                "do not try again with this device before you know why: it, or what stands between, signed something else",
            ),
            other => asks(error.device, other),
        }
    }
}

/// What the device wants first, and what it cannot do.
fn asks(device: DeviceKind, cause: &DeviceCause) -> Reason {
    let name = device.name();
    match cause {
        DeviceCause::Locked => Reason::new(
            &format!("Unlock your {name} with its PIN"),
            "it is locked; nothing was signed",
            "then try again",
        ),
        DeviceCause::WrongPin => Reason::new(
            &format!("That was not the {name}'s PIN"),
            "nothing was signed; it waits longer after each wrong one, and erases itself after sixteen",
            "look where the digits stand now, and try again",
        ),
        DeviceCause::NewPin => Reason::new(
            &format!("The {name} wants a new PIN"),
            NOTHING,
            "set it in its vendor's own application, then try again",
        ),
        DeviceCause::NewerProtocol => Reason::new(
            &format!("This {name} speaks only a newer protocol (THP), as the Safe 7 does"),
            "Lifeboat cannot speak with it yet; nothing was signed, and nothing on it changed",
            "use another signer, or its words on one that Lifeboat supports",
        ),
        DeviceCause::WrongApp => Reason::new(
            &format!("Open the Ethereum app on the {name}"),
            "it is not open; nothing was signed",
            "then try again",
        ),
        DeviceCause::BlindSigningOff => Reason::new(
            &format!("The {name} refused contract data"),
            NOTHING,
            "On the device: Ethereum app › Settings › Blind signing › On. Turn it off afterwards",
        ),
        DeviceCause::NotSetUp => Reason::new(
            &format!("There is no wallet on this {name} yet, or it waits in its bootloader"),
            NOTHING,
            "plug it in again without pressing anything, or set it up in its vendor's own application",
        ),
        DeviceCause::Unsupported { what } => {
            Reason::new(&format!("{what}: a {name} does not sign that here"), NOTHING, "use another signer")
        }
        DeviceCause::Answered { text } => Reason::new(
            &format!("The {name} answered: {}", crate::contracts::sanitise(text, 160)),
            NOTHING,
            "unplug it, plug it in, unlock it, and try again",
        ),
        DeviceCause::Broken { detail } => Reason::new(
            &format!("What came from the {name} is not its protocol: {detail}"),
            NOTHING,
            "plug it in again; if it stays so, this device or its firmware is newer than Lifeboat knows",
        ),
        _ => Reason::new(
            "This program was built without its support for hardware signers",
            NOTHING,
            "use a build with the feature `hardware`",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_words_of_its_own() {
        let said = |cause: DeviceCause, device| Reason::from(&cause.of(device));
        for (cause, device, what, next) in [
            (
                DeviceCause::Declined,
                DeviceKind::Ledger,
                "You declined on the Ledger. Nothing was sent.",
                "Nothing.",
            ),
            (
                DeviceCause::Declined,
                DeviceKind::Trezor,
                "You declined on the Trezor. Nothing was sent.",
                "Nothing.",
            ),
            (DeviceCause::Locked, DeviceKind::Ledger, "Unlock your Ledger with its PIN.", "Then try again."),
            (
                DeviceCause::WrongApp,
                DeviceKind::Ledger,
                "Open the Ethereum app on the Ledger.",
                "Then try again.",
            ),
            (DeviceCause::NotBuilt, DeviceKind::Trezor, "This program was built without", "Use a build"),
        ] {
            let reason = said(cause, device);
            assert!(reason.what.starts_with(what) && reason.next.starts_with(next), "{reason}");
        }
        let found = said(DeviceCause::NotFound, DeviceKind::Trezor);
        assert!(found.what.starts_with("Trezor not found. Plug it in; close other wallet apps"));
        assert!(found.next.contains("51-trezor.rules"), "{found}");
    }

    #[test]
    fn a_device_cannot_draw_on_the_screen_with_its_words() {
        let reason = Reason::from(
            &DeviceCause::Answered { text: "\u{1b}[2Jok\u{202e}".to_owned() }.of(DeviceKind::Trezor),
        );
        assert!(!reason.what.contains('\u{1b}') && !reason.what.contains('\u{202e}'), "{reason}");
    }
}
