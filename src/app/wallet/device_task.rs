//! Hardware signers in the wallet's loop: each order is waited for beside it, one at a time, and can be left.

use alloy::primitives::Address;

use super::super::Reason;
use super::super::devices::{Cancel, Device, DeviceKind};
use super::command::Then;
use super::ends::Job;
use super::task::WalletTask;
use super::view::{Outcome, Running};
use crate::wallet::ReviewId;
use crate::wallet::keys::DerivationPath;
use crate::wallet::review::Answers;

impl WalletTask {
    /// The device is asked for one thing at a time: what a person sees on its screen is what this order is about.
    fn turn(&mut self, kind: DeviceKind) -> Option<Cancel> {
        if !self.leave_device.is_stopped() {
            return None;
        }
        self.leave_device = Cancel::new();
        self.view.running = Some(Running::Device(kind));
        Some(self.leave_device.clone())
    }

    pub(super) fn sign_on_device(
        &mut self,
        (review, answers): (ReviewId, Answers),
        then: Option<Then>,
        device: Device,
    ) {
        let Some(cancel) = self.turn(device.kind) else { return };
        let wallet = self.wallet.clone();
        self.jobs.spawn(async move {
            let what = (review, &answers);
            match then {
                Some(then) => Job::Signed(then, wallet.sign_on_device(what, &device, &cancel).await),
                // What is no transaction is signed alone.
                None => Job::SignedMessage(wallet.sign_message_on_device(what, &device, &cancel).await),
            }
        });
    }

    pub(super) fn read_device(&mut self, kind: DeviceKind, paths: Vec<DerivationPath>) {
        let Some(cancel) = self.turn(kind) else { return };
        let wallet = self.wallet.clone();
        self.jobs.spawn(async move {
            let found = wallet.device_addresses(kind, paths, &cancel).await;
            let rows = |all: Vec<(DerivationPath, Address)>| {
                let rows = all.into_iter().map(|(path, address)| (path.to_string(), address));
                Outcome::DeviceAccounts(kind, rows.collect())
            };
            Job::Key(found.map(rows))
        });
    }

    pub(super) fn add_device(&mut self, device: Device, address: Address, name: String) {
        let Some(cancel) = self.turn(device.kind) else { return };
        let wallet = self.wallet.clone();
        self.jobs.spawn(async move {
            let added: Result<_, Reason> = wallet.add_device(&device, (&name, Some(address)), &cancel).await;
            Job::Key(added.map(|one| Outcome::KeyAdded(vec![one])))
        });
    }
}
