//! A face's end of the core.

use std::sync::Arc;

use tokio::sync::{mpsc, watch};

use super::{Command, NamedByHand, Reads, Snapshot, Wallet};

/// Called after a new snapshot is visible. The core does not know what it wakes.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// The core takes no more commands: it is full, or has stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the core takes no more commands")]
pub struct Busy;

/// Sends commands and reads snapshots. Dropping it stops the core.
#[derive(Debug)]
pub struct Handle {
    pub(super) commands: mpsc::Sender<Command>,
    pub(super) snapshots: watch::Receiver<Arc<Snapshot>>,
    pub(super) reads: Reads,
    pub(super) wallet: Wallet,
    pub(super) named: NamedByHand,
}

impl Handle {
    /// Queues a command; never blocks.
    ///
    /// # Errors
    /// [`Busy`].
    pub fn send(&self, command: Command) -> Result<(), Busy> {
        self.commands.try_send(command).map_err(|_full_or_closed| Busy)
    }

    /// Direct reads at the core's heads.
    pub fn reads(&self) -> Reads {
        self.reads.clone()
    }

    /// Accounts, keys and transactions of this network.
    pub fn wallet(&self) -> Wallet {
        self.wallet.clone()
    }

    /// What the user named by hand on this network. What is changed through this, snapshots show from the next start on.
    pub fn named(&self) -> NamedByHand {
        self.named.clone()
    }

    /// The newest snapshot if it was not seen before.
    pub fn poll(&mut self) -> Option<Arc<Snapshot>> {
        self.snapshots.has_changed().unwrap_or(false).then(|| Arc::clone(&self.snapshots.borrow_and_update()))
    }

    /// The newest snapshot.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.snapshots.borrow())
    }

    /// Waits for a snapshot that `done` accepts; `None` where the core stopped before.
    pub async fn wait_until(&mut self, mut done: impl FnMut(&Snapshot) -> bool) -> Option<Arc<Snapshot>> {
        self.snapshots.wait_for(|snapshot| done(snapshot)).await.ok().map(|snapshot| Arc::clone(&snapshot))
    }
}
