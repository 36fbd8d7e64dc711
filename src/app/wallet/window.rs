//! The wallet for a face that sends commands and draws snapshots.

use std::sync::{Arc, Mutex};

use alloy::primitives::{Address, B256, Bytes};

use super::super::{Loadable, Reason};
use super::accounts::{AccountView, KeyImport};
use super::desk::{Wallet, locked};
use super::ledger::TransactionView;
use super::prepare::{Prepared, SendRequest};
use super::replace::Replacement;
use super::unlock::Unlock;
use crate::wallet::ReviewId;
use crate::wallet::keys::{KdfParams, Secret};
use crate::wallet::review::{Answers, Finding};

/// Something secret on its way to the core: taken out once, never printed, equal only to itself.
pub struct Sealed<T>(Arc<Mutex<Option<T>>>);

impl<T> Sealed<T> {
    /// Takes the secret over.
    pub fn new(secret: T) -> Self {
        Self(Arc::new(Mutex::new(Some(secret))))
    }

    fn take(&self) -> Option<T> {
        locked(&self.0).take()
    }
}

impl<T> Clone for Sealed<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> std::fmt::Debug for Sealed<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealed")
    }
}

impl<T> PartialEq for Sealed<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Eq for Sealed<T> {}

/// What a face may ask of the wallet. Each ends in [`WalletView`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WalletCommand {
    /// Read accounts and the journal, and look for what is not settled.
    Open,
    /// Make and review a transaction.
    Prepare(Box<SendRequest>),
    /// Make and review a replacement.
    Replace(B256, Replacement),
    /// Close the review; nothing is signed.
    CloseReview,
    /// Sign the review shown, keep it, and send it where that is meant.
    Sign {
        /// The review that was shown.
        review: ReviewId,
        /// How the person answered.
        answers: Answers,
        /// What opens the key.
        unlock: Sealed<Unlock>,
        /// Send it at once.
        send: bool,
    },
    /// Send a transaction of the journal, again or for the first time.
    Deliver(B256),
    /// Take in a raw signed transaction from elsewhere, without sending it.
    Adopt(Bytes),
    /// Watch an account.
    Watch {
        /// The user's name for it.
        name: String,
        /// The account.
        address: Address,
    },
    /// Take in a key.
    Import {
        /// The key.
        import: Sealed<KeyImport>,
        /// The user's name for it.
        name: String,
        /// The password that encrypts it here.
        password: Sealed<Secret>,
    },
    /// Make a new key.
    NewKey {
        /// The user's name for it.
        name: String,
        /// The password that encrypts it here.
        password: Sealed<Secret>,
    },
}

/// The wallet at one instant.
#[derive(Debug, Clone, Default)]
pub struct WalletView {
    /// Every account; empty until [`WalletCommand::Open`].
    pub accounts: Arc<[AccountView]>,
    /// The journal, newest first; empty until [`WalletCommand::Open`].
    pub activity: Arc<[TransactionView]>,
    /// The open review. While it is made anew at a later head the last one is the previous one.
    pub review: Option<Loadable<Arc<Prepared>>>,
    /// What the last command came to, where it failed.
    pub failed: Option<Reason>,
    /// The transaction signed, sent or taken in last.
    pub last: Option<B256>,
    /// A command is at work.
    pub busy: bool,
    /// What had to be repaired in the journal, in words.
    pub repaired: Option<String>,
}

impl Wallet {
    /// The wallet as a face may draw it.
    pub fn shown(&self) -> Arc<WalletView> {
        Arc::new(locked(&self.inner.shown).clone())
    }

    /// Something is open that a new head may change.
    pub(in crate::app) fn wants_heads(&self) -> bool {
        let shown = locked(&self.inner.shown);
        shown.review.is_some() || shown.activity.iter().any(|one| one.is_open)
    }

    fn change(&self, change: impl FnOnce(&mut WalletView)) {
        change(&mut locked(&self.inner.shown));
    }

    /// Marks the wallet busy; called before the command's work is queued.
    pub(in crate::app) fn begin(&self) {
        self.change(|view| (view.busy, view.failed) = (true, None));
    }

    /// Does what was asked. The view holds what came of it.
    pub(in crate::app) async fn obey(self, command: WalletCommand) {
        let done = self.work(command).await;
        let (accounts, activity) = (self.accounts(), self.activity());
        let repaired = self.repaired();
        self.change(|view| {
            if let Ok(accounts) = accounts {
                view.accounts = accounts.into();
            }
            match activity {
                Ok(activity) => view.activity = activity.into(),
                Err(reason) => view.failed = Some(reason),
            }
            if let Err(reason) = done {
                view.failed = Some(reason);
            }
            (view.busy, view.repaired) = (false, repaired);
        });
    }

    async fn work(&self, command: WalletCommand) -> Result<(), Reason> {
        match command {
            WalletCommand::Open => {
                if self.heads().is_ok() {
                    self.refresh_open().await?;
                }
                Ok(())
            }
            WalletCommand::Prepare(request) => {
                let made = self.prepare(&request).await;
                self.review_came(made)
            }
            WalletCommand::Replace(hash, kind) => {
                let made = self.prepare_replacement(hash, kind).await;
                self.review_came(made)
            }
            WalletCommand::CloseReview => {
                self.change(|view| view.review = None);
                Ok(())
            }
            WalletCommand::Sign { review, answers, unlock, send } => {
                let unlock = unlock.take().ok_or_else(used)?;
                let wallet = self.clone();
                let signed = blocking(move || wallet.sign(review, &answers, &unlock)).await?;
                self.change(|view| (view.review, view.last) = (None, Some(signed.hash)));
                if send {
                    self.deliver(signed.hash).await?;
                }
                Ok(())
            }
            WalletCommand::Deliver(hash) => {
                self.deliver(hash).await?;
                self.change(|view| view.last = Some(hash));
                Ok(())
            }
            WalletCommand::Adopt(raw) => {
                let adopted = self.adopt(&raw)?;
                self.change(|view| view.last = Some(adopted.hash));
                Ok(())
            }
            WalletCommand::Watch { name, address } => self.watch(&name, address),
            WalletCommand::Import { import, name, password } => {
                let (import, password) = (import.take().ok_or_else(used)?, password.take().ok_or_else(used)?);
                let wallet = self.clone();
                blocking(move || wallet.import(import, &name, &password, KdfParams::default())).await?;
                Ok(())
            }
            WalletCommand::NewKey { name, password } => {
                let password = password.take().ok_or_else(used)?;
                let wallet = self.clone();
                blocking(move || wallet.new_key(&name, &password, KdfParams::default())).await?;
                Ok(())
            }
        }
    }

    fn review_came(&self, made: Result<Prepared, Reason>) -> Result<(), Reason> {
        let shown = match made {
            Ok(prepared) => Loadable::Ready(Arc::new(prepared)),
            Err(reason) => Loadable::Failed { reason, previous: None },
        };
        self.change(|view| view.review = Some(shown));
        Ok(())
    }

    /// At a new head: what is open is looked at again, and an open review is run again (R27).
    pub(in crate::app) async fn head_moved(self) {
        let open = match &locked(&self.inner.shown).review {
            Some(Loadable::Ready(prepared)) => Some(Arc::clone(prepared)),
            _ => None,
        };
        if let Some(open) = open {
            let again = self.prepare_again(&open).await;
            self.change(|view| {
                // The person may have signed or closed it meanwhile, or asked for another.
                let same =
                    matches!(&view.review, Some(Loadable::Ready(now)) if now.review.id() == open.review.id());
                if let (true, Ok(again)) = (same, again)
                    && levels(&again.review.findings) != levels(&open.review.findings)
                {
                    view.review = Some(Loadable::Ready(Arc::new(again)));
                }
            });
        }
        if let Err(error) = self.refresh_open().await {
            tracing::debug!(%error, "the journal was not looked at");
        }
        if let Ok(activity) = self.activity() {
            self.change(|view| view.activity = activity.into());
        }
    }
}

/// What a face would show otherwise: a check's level or words. Ages count only where they change a level.
fn levels(findings: &[Finding]) -> Vec<(super::super::signing::review::CheckId, u8)> {
    let mut all: Vec<_> = findings.iter().map(|one| (one.check, one.level as u8)).collect();
    all.sort_unstable();
    all
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Reason> + Send + 'static,
) -> Result<T, Reason> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|_panic| {
        Err(Reason::new("A task failed", "this is a fault of the program; nothing was sent", "try again"))
    })
}

fn used() -> Reason {
    Reason::new("The secret was used already", "nothing was done", "type it again")
}
