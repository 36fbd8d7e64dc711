//! What most of the wallet's commands do: wait for a head, review, confirm, sign, send, follow.

use std::time::Duration;

use clap::Args;

use super::super::super::Exit;
use super::super::super::args::Args as Cli;
use super::super::super::output::{self, fail, misused, say};
use super::super::super::run::{stopped, wait};
use super::activity::{WaitArgs, follow, transaction_text};
use super::confirm::{ConfirmArgs, confirm};
use super::qr::{codes, fingerprint, words};
use super::{pin, review_json, review_text, secrets};
use crate::app::signing::keys::{DerivationPath, Secret};
use crate::app::signing::review::Gesture;
use crate::app::{
    AccountKind, AccountView, Cancel, Device, Handle, OfflineFile, Prepared, Reason, Snapshot, SyncView,
    TransactionView, Unlock, Wallet,
};

/// Wrong passwords taken in one run.
const TRIES: usize = 3;

/// How a transaction leaves.
#[derive(Debug, Clone, Args)]
pub struct LeaveArgs {
    /// Print the review and stop: nothing is signed
    #[arg(long)]
    pub dry_run: bool,
    /// Sign and keep it, and send nothing
    #[arg(long, conflicts_with = "dry_run")]
    pub no_send: bool,
    /// Write the unsigned transaction to this file, for a computer without a network; nothing is signed
    #[arg(long, value_name = "FILE", conflicts_with_all = ["dry_run", "no_send"])]
    pub offline_file: Option<std::path::PathBuf>,
    /// Leave out of that file what proves the state: it is small then, and only a computer with a head of its own can review it
    #[arg(long, requires = "offline_file")]
    pub without_state: bool,
    /// Print the request of that file as texts of QR codes too (ERC-4527), for a signer at this path
    #[arg(long, value_name = "PATH", num_args = 0..=1, default_missing_value = "m/44'/60'/0'/0/0", requires = "offline_file")]
    pub qr: Option<DerivationPath>,
    /// Fingerprint of that signer's master key, 8 hex digits, where it wants one
    #[arg(long, value_name = "HEX", requires = "qr", value_parser = fingerprint)]
    pub qr_fingerprint: Option<u32>,
    #[command(flatten)]
    pub confirm: ConfirmArgs,
    #[command(flatten)]
    pub wait: WaitArgs,
}

/// Waits until there is a verified head.
pub(super) async fn head(args: &Cli, handle: &mut Handle) -> Result<(), Exit> {
    let settled = |snapshot: &Snapshot| {
        snapshot.head.is_some_and(|head| head.block.is_some())
            || snapshot.no_reads.is_some()
            || matches!(snapshot.sync, SyncView::NeedsCheckpoint(_) | SyncView::Failed(_))
    };
    let Some(snapshot) = wait(args, handle, settled).await else { return Err(stopped(args)) };
    if snapshot.head.is_some_and(|head| head.block.is_some()) {
        return Ok(());
    }
    match (&snapshot.sync, &snapshot.no_reads) {
        (SyncView::NeedsCheckpoint(reason) | SyncView::Failed(reason), _) | (_, Some(reason)) => {
            Err(fail(args, reason))
        }
        _ => Err(stopped(args)),
    }
}

/// The account that signs, or why there is none.
pub(super) fn signer(wallet: &Wallet, from: Option<&str>) -> Result<AccountView, Reason> {
    if let Some(from) = from {
        return wallet.account(from);
    }
    let able: Vec<AccountView> = wallet.accounts()?.into_iter().filter(|one| one.kind.can_sign()).collect();
    match able.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(Reason::new(
            "No account here can sign",
            "keys are needed to send, not to look",
            "add one with `lifeboat key new`, `lifeboat key import` or `lifeboat key device`",
        )),
        many => {
            let names: Vec<&str> = many.iter().map(|one| one.name.as_str()).collect();
            let next = format!("name one with --from: {}", names.join(", "));
            Err(Reason::new("Several accounts can sign", "nothing was done", &next))
        }
    }
}

/// What opens the account's key.
pub(super) fn unlock(account: &AccountView, descriptor: Option<u32>) -> Result<Unlock, Reason> {
    match account.kind {
        AccountKind::Practice => Ok(Unlock::Practice),
        AccountKind::Watch => Err(Reason::new(
            &format!("{} is a watch-only account", account.name),
            "there is no key of it here",
            "add a way to sign with `lifeboat key import`, or make a file with --offline-file",
        )),
        AccountKind::Device(kind) => Err(Reason::new(
            &format!("The key of {} is on the {} and never leaves it", account.name, kind.name()),
            "nothing was done",
            "sign on the device; its words on paper are the copy of its keys",
        )),
        AccountKind::KeyFile | AccountKind::Phrase => {
            secrets::ask(&format!("Password of {}", account.name), descriptor).map(Unlock::Password)
        }
    }
}

/// Does `work` with the account's key; at a terminal a wrong password may be typed again, after a growing wait.
pub(super) async fn with_key<T>(
    account: &AccountView,
    descriptor: Option<u32>,
    mut work: impl AsyncFnMut(Unlock) -> Result<T, Reason>,
) -> Result<T, Reason> {
    let mut tries = 0;
    loop {
        let opened = work(unlock(account, descriptor)?).await;
        tries += 1;
        match opened {
            Err(reason)
                if reason.what.starts_with("Wrong password") && descriptor.is_none() && tries < TRIES =>
            {
                say(&reason.what);
                tokio::time::sleep(Duration::from_secs(1 << (tries - 1))).await;
            }
            other => return other,
        }
    }
}

/// From a review to its end.
pub(super) async fn leave(
    args: &Cli,
    handle: &mut Handle,
    (account, prepared): (&AccountView, Prepared),
    leave: &LeaveArgs,
    heading: Option<&str>,
) -> Exit {
    let snapshot = handle.snapshot();
    let network = (snapshot.network.name.as_str(), snapshot.network.chain_id);
    let text = review_text::review(&prepared, network, snapshot.now_ms);
    if leave.dry_run {
        output::answer(
            args,
            || serde_json::json!({ "review": review_json::review(&prepared) }),
            || text.clone(),
        );
        let blocked = prepared.review.gesture() == Gesture::Blocked;
        return if blocked { Exit::ProvenNo } else { Exit::Done };
    }
    if let Some(path) = &leave.offline_file {
        return write_offline(args, handle, (path, leave), &prepared).await;
    }
    if let Some(heading) = heading {
        say(heading);
    }
    say(&text);
    match sign(handle, account, &prepared, leave).await {
        Err(reason) => refused(args, &prepared, &reason),
        Ok(signed) if leave.no_send => {
            output::answer(
                args,
                || serde_json::json!({ "transaction": review_json::transaction(&signed) }),
                || format!("{}Raw          {}\n", transaction_text(&signed), signed.raw),
            );
            Exit::Done
        }
        Ok(signed) => deliver(args, handle, signed.hash, &leave.wait).await,
    }
}

fn refused(args: &Cli, prepared: &Prepared, reason: &Reason) -> Exit {
    match prepared.review.gesture() {
        Gesture::Blocked => {
            fail(args, reason);
            Exit::ProvenNo
        }
        _ => misused(args, reason),
    }
}

async fn sign(
    handle: &Handle,
    account: &AccountView,
    prepared: &Prepared,
    leave: &LeaveArgs,
) -> Result<TransactionView, Reason> {
    let wallet = handle.wallet();
    let review = &prepared.review;
    let question = if leave.no_send { "Sign it, and send nothing?" } else { "Sign and send it?" };
    let answers = confirm(&leave.confirm, &review.findings, question)?;
    // Before a password is asked for: what is not approved needs none.
    review.approve(review.id(), &answers)?;
    if let Some(device) = leave.confirm.device(account) {
        say_compare(&device);
        let cancel = Cancel::new();
        let signed = wallet.sign_on_device((review.id(), &answers), &device, &cancel);
        return pin::beside(&cancel, signed).await;
    }
    with_key(account, leave.confirm.password_fd, async |unlock| {
        wallet.sign(review.id(), &answers, unlock).await
    })
    .await
}

/// What to do at the device.
pub(super) fn say_compare(device: &Device) {
    let name = device.kind.name();
    say(&format!(
        "Look at the {name}'s screen: compare recipient, amount and, where it shows one, the signing hash above, chunk by chunk, and confirm there."
    ));
}

/// Sends a transaction of the journal, and follows it where that was asked for.
pub(super) async fn deliver(
    args: &Cli,
    handle: &mut Handle,
    hash: alloy::primitives::B256,
    wait: &WaitArgs,
) -> Exit {
    let delivery = match handle.wallet().deliver(hash).await {
        Ok(delivery) => delivery,
        Err(reason) => return fail(args, &reason),
    };
    for (endpoint, outcome) in &delivery.answers {
        say(&format!("{endpoint}: {}", review_json::answer_words(outcome)));
    }
    let taken = delivery.answers.iter().any(|(_, outcome)| outcome.took_it());
    if wait.wait && taken {
        return follow(args, handle, hash, wait).await;
    }
    output::answer(
        args,
        || serde_json::json!({ "transaction": review_json::delivery(&delivery) }),
        || transaction_text(&delivery.transaction),
    );
    if taken { Exit::Done } else { Exit::Unverified }
}

async fn write_offline(
    args: &Cli,
    handle: &Handle,
    (path, leave): (&std::path::Path, &LeaveArgs),
    prepared: &Prepared,
) -> Exit {
    let codes = match codes(leave, prepared) {
        Ok(codes) => codes,
        Err(reason) => return misused(args, &reason),
    };
    let state = match leave.without_state {
        true => None,
        false => match handle.wallet().carried_state(prepared).await {
            Ok(state) => Some(state),
            Err(reason) => {
                say("The state could not be put into the file; --without-state leaves it out.");
                return fail(args, &reason);
            }
        },
    };
    let text = OfflineFile::of_review(prepared, state);
    if let Err(error) = std::fs::write(path, &text) {
        let what = format!("The file could not be written: {error}");
        return fail(args, &Reason::new(&what, "nothing was signed", "choose another place"));
    }
    output::answer(
        args,
        || serde_json::json!({ "offline_file": path, "signing_hash": prepared.review.id().0, "qr": codes }),
        || {
            format!(
                "Written      {}\nSigning hash {}\nSign it where the key is: lifeboat sign transaction {} --offline\n{}",
                path.display(),
                prepared.review.id().0,
                path.display(),
                words(&codes)
            )
        },
    );
    Exit::Done
}

/// Text of a secret that must be UTF-8.
pub(super) fn text_of(secret: &Secret) -> Result<&str, Reason> {
    secret.text().ok_or_else(|| Reason::new("That is no text", "nothing was done", "try again"))
}
