//! Accounts whose key is on a Ledger or a Trezor: which there are, and their signature of what was approved.

use alloy::primitives::{Address, B256, Bytes};

use super::super::Reason;
use super::super::devices::{Cancel, Device, DeviceCause, DeviceKind, DevicePorts, Typed, on_device};
use super::accounts::AccountView;
use super::desk::{Wallet, locked};
use super::ledger::TransactionView;
use super::prepare::Pending;
use super::send::not_waiting;
use super::to_sign::{MessageBody, SignedMessage};
use crate::wallet::ReviewId;
use crate::wallet::keys::DerivationPath;
use crate::wallet::review::Answers;

/// A message or typed data, taken out of its review for the device.
enum Text {
    Message(Vec<u8>),
    Typed(Typed),
}

impl Wallet {
    /// Says where devices are looked for.
    pub fn use_device_ports(&self, ports: DevicePorts) {
        *locked(&self.inner.ports) = ports;
    }

    fn device(&self, cancel: &Cancel) -> (DevicePorts, Cancel) {
        (*locked(&self.inner.ports), cancel.clone())
    }

    /// The addresses that the plugged-in device has at these paths.
    ///
    /// # Errors
    /// [`Reason`] saying what to do on the device.
    pub async fn device_addresses(
        &self,
        kind: DeviceKind,
        paths: Vec<DerivationPath>,
        cancel: &Cancel,
    ) -> Result<Vec<(DerivationPath, Address)>, Reason> {
        let read = |path: DerivationPath, address| (path, address);
        on_device(kind, self.device(cancel), move |signer| {
            paths.into_iter().map(|path| signer.address(&path, false).map(|own| read(path, own))).collect()
        })
        .await
    }

    /// Keeps an account of a device under a name, once the person saw its address on the device's own screen and
    /// confirmed it there.
    ///
    /// # Errors
    /// [`Reason`]: another address than `expected`, declined on the device, or a name that is taken.
    pub async fn add_device(
        &self,
        device: &Device,
        (name, expected): (&str, Option<Address>),
        cancel: &Cancel,
    ) -> Result<AccountView, Reason> {
        self.may_be_named(name, expected)?;
        let path = device.path.clone();
        let shown = on_device(device.kind, self.device(cancel), move |signer| {
            let found = signer.address(&path, false)?;
            match expected {
                Some(expected) if expected != found => Err(DeviceCause::OtherKeys { expected, found }),
                _ if signer.address(&path, true)? != found => {
                    Err(DeviceCause::Broken { detail: "two addresses for one path" })
                }
                _ => Ok(found),
            }
        });
        let address = shown.await?;
        self.may_be_named(name, Some(address))?;
        self.keep_device(device, name, address)
    }

    /// Signs the review shown under `id` on the device, and keeps it. Nothing is sent.
    ///
    /// # Errors
    /// [`Reason`]: not approved, another account on the device, declined there, another signature, or no device.
    pub async fn sign_on_device(
        &self,
        (id, answers): (ReviewId, &Answers),
        device: &Device,
        cancel: &Cancel,
    ) -> Result<TransactionView, Reason> {
        let (prepared, approved) = self.approved(id, answers).await?;
        let (expected, unsigned, path) = (approved.from(), approved.unsigned()?, device.path.clone());
        let signature = on_device(device.kind, self.device(cancel), move |signer| {
            own(signer.address(&path, false)?, expected)?;
            signer.transaction((&path, expected), &unsigned)
        });
        let signed = approved.with_signatures(signature.await?, &[])?;
        self.own_accounts([expected]);
        self.keep_signed(id, &prepared, &signed)
    }

    /// Signs the typed data or message shown under `id` on the device.
    ///
    /// # Errors
    /// As [`Wallet::sign_on_device`].
    pub async fn sign_message_on_device(
        &self,
        (id, answers): (ReviewId, &Answers),
        device: &Device,
        cancel: &Cancel,
    ) -> Result<SignedMessage, Reason> {
        let open = match locked(&self.inner.pending).get(&id) {
            Some(Pending::Message(open)) => self.as_old_as_now((**open).clone()),
            _ => return Err(not_waiting()),
        };
        let (approved, text) = match &open.body {
            MessageBody::TypedData(review) => {
                let approved = review.approve(id, answers)?;
                let Some((domain, message)) = review.hashes() else {
                    let cause = DeviceCause::Unsupported { what: "A domain without a message".to_owned() };
                    return Err(Reason::from(&cause.of(device.kind)));
                };
                (approved, Text::Typed(Typed { json: review.json().to_owned(), domain, message }))
            }
            MessageBody::Message(review) => {
                (review.approve(id, answers)?, Text::Message(review.message().to_vec()))
            }
        };
        self.witness_message(&open).await?;
        let (expected, path, hash): (Address, DerivationPath, B256) =
            (approved.from(), device.path.clone(), id.0);
        let signature = on_device(device.kind, self.device(cancel), move |signer| {
            own(signer.address(&path, false)?, expected)?;
            match text {
                Text::Message(message) => signer.message((&path, expected), &message, hash),
                Text::Typed(data) => signer.typed_data((&path, expected), &data, hash),
            }
        });
        let signature = approved.with_message_signature(signature.await?)?;
        self.own_accounts([expected]);
        let signature = Bytes::from(signature.as_bytes().to_vec());
        locked(&self.inner.pending).remove(&id);
        Ok(SignedMessage { from: open.from(), wanted: open.wanted, signing_hash: id.0, signature })
    }
}

/// The device holds the account's key, before it is asked to sign.
fn own(found: Address, expected: Address) -> Result<(), DeviceCause> {
    if found == expected { Ok(()) } else { Err(DeviceCause::OtherKeys { expected, found }) }
}
