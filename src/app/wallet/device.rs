//! A Ledger on USB: its address, and its signature of what was approved. Asks no vendor's server for anything, so the
//! device shows a hash for calls that its own firmware cannot read (R28).
//!
//! The USB library panics where there is no USB stack; it runs in a task of its own, whose panic is "no device".

use std::time::Duration;

use alloy::primitives::Address;
use alloy::signers::ledger::{HDPath, LedgerSigner};

use super::super::Reason;
use super::desk::Wallet;
use super::ledger::TransactionView;
use crate::wallet::ReviewId;
use crate::wallet::Unsigned;
use crate::wallet::keys::DerivationPath;
use crate::wallet::review::Answers;

/// A person reads a device's small screen page by page.
const PATIENCE: Duration = Duration::from_secs(180);
/// Long enough for a device that is there and open.
const FIND: Duration = Duration::from_secs(8);

impl Wallet {
    /// The address that the plugged-in Ledger has at `path`.
    ///
    /// # Errors
    /// [`Reason`] saying what to do on the device.
    pub async fn ledger_address(&self, path: &DerivationPath) -> Result<Address, Reason> {
        let path = HDPath::Other(path.to_string());
        let read = async move { LedgerSigner::new(path, None).await.map(|signer| signer_address(&signer)) };
        contained(FIND, read).await
    }

    /// Signs the review shown under `id` on the Ledger, and keeps it. Nothing is sent.
    ///
    /// # Errors
    /// [`Reason`]: not approved, another account on the device, declined there, or no device.
    pub async fn sign_on_ledger(
        &self,
        id: ReviewId,
        answers: &Answers,
        path: &DerivationPath,
    ) -> Result<TransactionView, Reason> {
        let (prepared, approved) = self.approved(id, answers).await?;
        let found = self.ledger_address(path).await?;
        let expected = approved.from();
        if found != expected {
            let what = format!("This Ledger holds other keys: expected {expected}, found {found}");
            return Err(Reason::new(&what, "nothing was signed", "check the passphrase and the path"));
        }
        let unsigned = approved.unsigned()?;
        if matches!(unsigned, Unsigned::Eip7702 { .. }) {
            let what = "Delegations are not signed on a Ledger here";
            return Err(Reason::new(what, "nothing was signed", "use another signer"));
        }
        let (bytes, path) = (unsigned.bytes_to_sign(), HDPath::Other(path.to_string()));
        let sign = async move {
            let signer = LedgerSigner::new(path, None).await?;
            signer.sign_tx_rlp(&bytes).await
        };
        let signature = contained(PATIENCE, sign).await?;
        let signed = approved.with_signatures(signature, &[])?;
        self.keep_signed(id, &prepared, &signed)
    }
}

fn signer_address(signer: &LedgerSigner) -> Address {
    alloy::signers::Signer::address(signer)
}

/// Runs work on the device in a task of its own.
async fn contained<T: Send + 'static, E: std::fmt::Display + Send + 'static>(
    limit: Duration,
    work: impl Future<Output = Result<T, E>> + Send + 'static,
) -> Result<T, Reason> {
    match tokio::time::timeout(limit, tokio::spawn(work)).await {
        Ok(Ok(Ok(done))) => Ok(done),
        Ok(Ok(Err(error))) => Err(device_words(&error.to_string())),
        Ok(Err(_panic)) => Err(not_found()),
        Err(_elapsed) => Err(Reason::new(
            "The Ledger did not answer",
            "nothing was signed",
            "look at its screen, unlock it and open the Ethereum app",
        )),
    }
}

fn not_found() -> Reason {
    Reason::new(
        "Ledger not found. Plug it in; close other wallet apps",
        "nothing was signed",
        "on Linux it may need a udev rule: put Ledger's 20-hw1.rules into /etc/udev/rules.d and plug it in again",
    )
}

/// The device's status words (ISO 7816), in the design's sentences.
fn device_words(error: &str) -> Reason {
    let text = error.to_lowercase();
    let says = |any: &[&str]| any.iter().any(|part| text.contains(part));
    let nothing = "nothing was signed";
    match () {
        () if says(&["6985", "denied", "rejected"]) => {
            Reason::new("You declined on the Ledger. Nothing was sent", nothing, "nothing")
        }
        () if says(&["5515", "locked", "6b0c"]) => {
            Reason::new("The Ledger is locked", nothing, "Unlock your Ledger with its PIN")
        }
        () if says(&["6a80", "invalid data"]) => Reason::new(
            "The Ledger refused contract data",
            nothing,
            "On the device: Ethereum app › Settings › Blind signing › On. Turn it off afterwards",
        ),
        () if says(&["6e00", "6d00", "6511", "cla", "ins not supported"]) => {
            Reason::new("The Ethereum app is not open", nothing, "Open the Ethereum app on the Ledger")
        }
        () if says(&["not found", "no device", "hid", "usb"]) => not_found(),
        () => Reason::new(
            &format!("The Ledger answered: {}", crate::contracts::sanitise(error, 160)),
            nothing,
            "unplug it, plug it in, unlock it, and try again",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_of_the_usb_library_is_no_device() {
        let work = async { if true { panic!("no USB stack") } else { Ok::<(), String>(()) } };
        let reason = contained(Duration::from_secs(1), work).await.unwrap_err();
        assert!(reason.what.starts_with("Ledger not found"), "{reason}");
        let late = contained(Duration::from_millis(1), std::future::pending::<Result<(), String>>());
        assert!(late.await.unwrap_err().what.starts_with("The Ledger did not answer"));
    }

    #[test]
    fn the_devices_refusals_have_words_of_their_own() {
        for (error, words) in [
            ("APDU response 6985", "You declined on the Ledger. Nothing was sent."),
            ("status 0x5515", "The Ledger is locked."),
            ("0x6a80", "The Ledger refused contract data."),
            ("0x6d00", "The Ethereum app is not open."),
        ] {
            assert_eq!(device_words(error).what, words);
        }
        assert!(device_words("strange").what.contains("strange"));
    }
}
