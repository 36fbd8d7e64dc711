//! The wallet for a face that cannot wait: orders in, immutable views out, one worker between.

use std::sync::Arc;

use alloy::primitives::{Address, B256};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use super::super::{Loadable, Reason, Speed, Wake};
use super::{AccountView, FeeChoice, Prepared, SendRequest, TransactionView, Unlock, Wallet, parse_amount};
use crate::wallet::review::Answers;
use crate::wallet::{Intent, ReviewId};

/// A payment as a person wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Who pays.
    pub from: Address,
    /// Who gets it.
    pub to: Address,
    /// The recipient as it was typed.
    pub typed: String,
    /// A token's symbol or address; `None` is ether.
    pub token: Option<String>,
    /// Digits, or `max`.
    pub amount: String,
    /// How much hurry.
    pub speed: Speed,
}

/// What a face orders of the wallet.
pub enum WalletOrder {
    /// Make this payment on proven state, run it, and review it.
    Prepare(Payment),
    /// Sign what is reviewed under this id, keep it, and send it to everybody where that is meant.
    Sign {
        /// The review that was shown.
        id: ReviewId,
        /// How the person answered it.
        answers: Answers,
        /// What opens the key.
        unlock: Unlock,
        /// Send it too.
        send: bool,
    },
    /// Send a transaction of the journal again.
    Deliver(B256),
    /// Forget the open review.
    Close,
    /// Read accounts and journal again.
    Reload,
}

impl std::fmt::Debug for WalletOrder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Prepare(_) => "Prepare",
            Self::Sign { .. } => "Sign", // a password may be in it
            Self::Deliver(_) => "Deliver",
            Self::Close => "Close",
            Self::Reload => "Reload",
        })
    }
}

/// The wallet at one instant.
#[derive(Debug, Clone, Default)]
pub struct WalletView {
    /// Every account.
    pub accounts: Arc<[AccountView]>,
    /// The open review; `None` while nothing is reviewed.
    pub review: Option<Loadable<Arc<Prepared>>>,
    /// A signature is being made.
    pub signing: bool,
    /// Why the last signature or sending failed.
    pub problem: Option<Reason>,
    /// What was signed last in this run.
    pub signed: Option<B256>,
    /// Every transaction signed here, newest first.
    pub activity: Arc<[TransactionView]>,
}

/// A face's end of the counter.
#[derive(Debug)]
pub struct WalletCounter {
    orders: mpsc::Sender<WalletOrder>,
    views: watch::Receiver<Arc<WalletView>>,
}

impl WalletCounter {
    /// Gives an order; false where the counter is closed or full.
    pub fn order(&self, order: WalletOrder) -> bool {
        self.orders.try_send(order).is_ok()
    }

    /// The newest view.
    pub fn view(&self) -> Arc<WalletView> {
        Arc::clone(&self.views.borrow())
    }
}

enum Done {
    Reviewed(Result<Box<Prepared>, Reason>),
    Signed(Result<Option<B256>, Reason>),
    Read(Result<Vec<AccountView>, Reason>, Result<Vec<TransactionView>, Reason>),
}

struct Worker {
    wallet: Wallet,
    view: WalletView,
    views: watch::Sender<Arc<WalletView>>,
    wake: Wake,
    jobs: JoinSet<Done>,
    /// A review that was ordered later makes the running one worthless.
    reviewing: Option<tokio::task::AbortHandle>,
}

/// A counter for `wallet`, and the work behind it: to be run until the face is gone.
pub(in crate::app) fn open(
    wallet: Wallet,
    wake: Wake,
) -> (WalletCounter, impl Future<Output = ()> + Send + 'static) {
    let (orders, inbox) = mpsc::channel(16);
    let (views, view) = watch::channel(Arc::default());
    let worker =
        Worker { wallet, view: WalletView::default(), views, wake, jobs: JoinSet::new(), reviewing: None };
    (WalletCounter { orders, views: view }, worker.run(inbox))
}

impl Worker {
    async fn run(mut self, mut inbox: mpsc::Receiver<WalletOrder>) {
        let mut heads = self.wallet.follow_heads();
        self.read(false);
        loop {
            tokio::select! {
                order = inbox.recv() => match order {
                    Some(order) => self.obey(order),
                    None => return,
                },
                Some(done) = self.jobs.join_next() => match done {
                    Ok(done) => self.take(done),
                    Err(error) if error.is_cancelled() => continue,
                    Err(error) => self.view.problem = Some(super::super::jobs::died(&error.to_string())),
                },
                moved = heads.changed() => match moved {
                    Ok(()) => self.moved(),
                    Err(_stopped) => return,
                },
            }
            self.views.send_replace(Arc::new(self.view.clone()));
            (self.wake)();
        }
    }

    fn obey(&mut self, order: WalletOrder) {
        match order {
            WalletOrder::Prepare(payment) => {
                self.view.problem = None;
                self.view.review = Some(Loadable::Loading { previous: None });
                let wallet = self.wallet.clone();
                self.review(async move { prepare(&wallet, payment).await });
            }
            WalletOrder::Sign { id, answers, unlock, send } => {
                if self.view.signing {
                    return;
                }
                (self.view.signing, self.view.problem) = (true, None);
                let wallet = self.wallet.clone();
                self.jobs.spawn(async move { Done::Signed(sign(wallet, (id, answers, unlock), send).await) });
            }
            WalletOrder::Deliver(hash) => {
                let wallet = self.wallet.clone();
                self.jobs.spawn(async move { Done::Signed(wallet.deliver(hash).await.map(|_told| None)) });
            }
            WalletOrder::Close => {
                self.view.review = None;
                if let Some(running) = self.reviewing.take() {
                    running.abort();
                }
            }
            WalletOrder::Reload => self.read(false),
        }
    }

    fn review(&mut self, work: impl Future<Output = Result<Prepared, Reason>> + Send + 'static) {
        if let Some(running) = self.reviewing.take() {
            running.abort();
        }
        self.reviewing = Some(self.jobs.spawn(async move { Done::Reviewed(work.await.map(Box::new)) }));
    }

    /// A new head: what is reviewed is run again, and what was sent is looked for.
    fn moved(&mut self) {
        if let Some(Loadable::Ready(open)) = &self.view.review
            && !self.view.signing
        {
            let (wallet, open) = (self.wallet.clone(), Arc::clone(open));
            self.review(async move { wallet.prepare_again(&open).await });
        }
        if self.view.activity.iter().any(|one| one.is_open) {
            self.read(true);
        }
    }

    /// Reads accounts and journal; with `look`, first looks on the chain for what is not settled.
    fn read(&mut self, look: bool) {
        let wallet = self.wallet.clone();
        self.jobs.spawn(async move {
            if look && let Err(reason) = wallet.refresh_open().await {
                tracing::debug!(%reason, "what was sent was not looked for");
            }
            let read = tokio::task::spawn_blocking(move || (wallet.accounts(), wallet.activity()));
            match read.await {
                Ok((accounts, activity)) => Done::Read(accounts, activity),
                Err(error) => Done::Signed(Err(super::super::jobs::died(&error.to_string()))),
            }
        });
    }

    fn take(&mut self, done: Done) {
        match done {
            // A run at a newer head that fails leaves the review that is open; it grows old by itself.
            Done::Reviewed(Err(_)) if matches!(self.view.review, Some(Loadable::Ready(_))) => {}
            Done::Reviewed(outcome) if self.view.review.is_some() => {
                self.view.review = Some(match outcome {
                    Ok(prepared) => Loadable::Ready(Arc::new(*prepared)),
                    Err(reason) => Loadable::Failed { reason, previous: None },
                });
            }
            Done::Reviewed(_) => {}
            Done::Signed(Ok(signed)) => {
                self.view.signing = false;
                if signed.is_some() {
                    self.view.signed = signed;
                    self.view.review = None;
                }
                self.read(false);
            }
            Done::Signed(Err(reason)) => {
                self.view.signing = false;
                self.view.problem = Some(reason);
                self.read(false);
            }
            Done::Read(accounts, activity) => {
                for failed in [accounts.as_ref().err(), activity.as_ref().err()].into_iter().flatten() {
                    self.view.problem = Some(failed.clone());
                }
                if let Ok(accounts) = accounts {
                    self.view.accounts = accounts.into();
                }
                if let Ok(activity) = activity {
                    self.view.activity = activity.into();
                }
            }
        }
    }
}

async fn prepare(wallet: &Wallet, payment: Payment) -> Result<Prepared, Reason> {
    let intent = match &payment.token {
        None => Intent::SendEther { to: payment.to, amount: parse_amount(&payment.amount, 18)? },
        Some(token) => {
            let token = wallet.token(token).await?;
            let amount = parse_amount(&payment.amount, token.decimals)?;
            Intent::SendToken { token: token.address, to: payment.to, amount }
        }
    };
    let request = SendRequest {
        fees: FeeChoice::Speed(payment.speed),
        typed: Some(payment.typed),
        ..SendRequest::new(payment.from, intent)
    };
    wallet.prepare(&request).await
}

/// The password is stretched for about a second, so a blocking thread does it.
async fn sign(
    wallet: Wallet,
    (id, answers, unlock): (ReviewId, Answers, Unlock),
    send: bool,
) -> Result<Option<B256>, Reason> {
    let signer = wallet.clone();
    let signed = tokio::task::spawn_blocking(move || signer.sign(id, &answers, &unlock)).await;
    let signed = signed.map_err(|error| super::super::jobs::died(&error.to_string()))??;
    if send {
        wallet.deliver(signed.hash).await?;
    }
    Ok(Some(signed.hash))
}
