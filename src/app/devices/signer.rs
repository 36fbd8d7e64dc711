//! A device at work: in a thread of its own, so that nobody else ever waits for it.

use alloy::primitives::{Address, B256};
use alloy::signers::Signature;

use super::super::Reason;
use super::{Cancel, DeviceCause, DeviceKind, DevicePorts};
use crate::wallet::Unsigned;
use crate::wallet::keys::DerivationPath;

/// Typed data as devices take it.
#[cfg_attr(not(feature = "hardware"), expect(dead_code, reason = "only a device reads it"))]
pub(in crate::app) struct Typed {
    /// The whole of it, for a device that reads it.
    pub json: String,
    /// Hash of its domain.
    pub domain: B256,
    /// Hash of its message.
    pub message: B256,
}

/// What every device can be asked for. A signature that comes back is the account's, over what was handed in.
pub(in crate::app) trait Signer {
    /// The address at a path; on the device's own screen too, to be confirmed there, where `show` says so.
    fn address(&mut self, path: &DerivationPath, show: bool) -> Result<Address, DeviceCause>;
    /// Signs a transaction.
    fn transaction(
        &mut self,
        own: (&DerivationPath, Address),
        tx: &Unsigned,
    ) -> Result<Signature, DeviceCause>;
    /// Signs a message under the prefix of EIP-191; `hash` is that of both.
    fn message(
        &mut self,
        own: (&DerivationPath, Address),
        message: &[u8],
        hash: B256,
    ) -> Result<Signature, DeviceCause>;
    /// Signs typed data; `hash` is what is signed.
    fn typed_data(
        &mut self,
        own: (&DerivationPath, Address),
        data: &Typed,
        hash: B256,
    ) -> Result<Signature, DeviceCause>;
}

/// Finds the device, and works on it.
pub(in crate::app) async fn on_device<T: Send + 'static>(
    kind: DeviceKind,
    (ports, cancel): (DevicePorts, Cancel),
    work: impl FnOnce(&mut dyn Signer) -> Result<T, DeviceCause> + Send + 'static,
) -> Result<T, Reason> {
    let (done, ended) = tokio::sync::oneshot::channel();
    // Whoever stops awaiting this stops the thread too.
    let stop = StopOnDrop(cancel.clone());
    let job = move || {
        let worked = open(kind, ports, cancel).and_then(|mut signer| work(signer.as_mut()));
        drop(done.send(worked)); // nobody waits any more
    };
    let thread = std::thread::Builder::new().name(format!("device-{}", kind.name())).spawn(job);
    let started = thread.map_err(|_system| DeviceCause::NotFound);
    let worked = match started {
        // A thread that ends without a word panicked: the USB library does where there is no USB.
        Ok(_detached) => ended.await.unwrap_or(Err(DeviceCause::NotFound)),
        Err(cause) => Err(cause),
    };
    drop(stop);
    worked.map_err(|cause| Reason::from(&cause.of(kind)))
}

struct StopOnDrop(Cancel);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.stop();
    }
}

#[cfg(feature = "hardware")]
fn open(kind: DeviceKind, ports: DevicePorts, cancel: Cancel) -> Result<Box<dyn Signer>, DeviceCause> {
    Ok(match kind {
        DeviceKind::Ledger => Box::new(super::ledger::Ledger::open(ports, cancel)?),
        DeviceKind::Trezor => Box::new(super::trezor::Trezor::open(ports, cancel)?),
    })
}

#[cfg(not(feature = "hardware"))]
fn open(_kind: DeviceKind, _ports: DevicePorts, _cancel: Cancel) -> Result<Box<dyn Signer>, DeviceCause> {
    Err(DeviceCause::NotBuilt)
}
