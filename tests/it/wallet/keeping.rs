//! What goes on by itself: waiting transactions are sent again, and a phrase's used accounts are found by proof.

use std::sync::atomic::Ordering;
use std::time::Duration;

use lifeboat::app::signing::StatusWord;
use lifeboat::app::signing::keys::{KdfParams, Phrase, Secret};
use lifeboat::app::{Command, Handed, KeyImport, Outcome, Replacement, Snapshot, WalletCommand};
use lifeboat::devnet::execution::{ExecutionLie, PRACTICE_ACCOUNTS};
use lifeboat::devnet::http::Fault;

use super::messages::ordered;
use super::{Lab, pay};

#[tokio::test(flavor = "multi_thread")]
async fn what_nodes_forgot_is_sent_again_after_three_minutes() {
    let mut lab = Lab::start().await;
    lab.lie(Fault::Lying { lie: ExecutionLie::DroppedSubmission });
    let hash = lab.sent(pay(1, 10)).await;
    lab.lie(Fault::Healthy);
    assert!(lab.wallet().rebroadcast_due().await.unwrap().is_empty(), "it is too early");
    lab.clock.0.fetch_add(180_000, Ordering::Relaxed);
    assert_eq!(lab.wallet().rebroadcast_due().await.unwrap(), [hash]);
    assert!(lab.wallet().rebroadcast_due().await.unwrap().is_empty(), "the next time is later");
    lab.advance(2).await;
    assert_eq!(lab.status(hash).await.word, StatusWord::Included);
    lab.clock.0.fetch_add(3_600_000, Ordering::Relaxed);
    assert!(lab.wallet().rebroadcast_due().await.unwrap().is_empty(), "it waits no more");
}

/// Nodes that forgot it, or never saw what cancels it, would take it from us.
#[tokio::test(flavor = "multi_thread")]
async fn what_its_owner_cancelled_or_sped_up_is_not_sent_again() {
    for kind in [Replacement::Cancel, Replacement::SpeedUp] {
        let lab = Lab::start().await;
        lab.lie(Fault::Lying { lie: ExecutionLie::DroppedSubmission });
        let first = lab.sent(pay(1, 10)).await;
        let second = lab.replaced(first, kind).await;
        lab.clock.0.fetch_add(180_000, Ordering::Relaxed);
        assert_eq!(lab.wallet().rebroadcast_due().await.unwrap(), [second], "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_took_waits_for_its_owner() {
    let mut lab = Lab::start().await;
    let prepared = lab.prepared(pay(1, 10)).await;
    let saved = lab.sign(&prepared, &[]).await;
    lab.lie(Fault::Dead);
    lab.wallet().deliver(saved.hash).await.unwrap();
    lab.lie(Fault::Healthy);
    lab.clock.0.fetch_add(3_600_000, Ordering::Relaxed);
    assert!(lab.wallet().rebroadcast_due().await.unwrap().is_empty());
    // Its own loop sends it no more than that either.
    lab.advance(2).await;
    assert_eq!(lab.status(saved.hash).await.word, StatusWord::Sent);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_used_accounts_of_a_phrase_are_found_by_proof() {
    let lab = Lab::start().await;
    let secret = |text: &str| Secret::of_text(text.to_owned());
    let phrase = "test test test test test test test test test test test junk";
    let phrase = Phrase::new(&secret(phrase), secret("")).ok().unwrap();
    let found = lab.wallet().discover(&phrase).await.unwrap();
    let addresses: Vec<_> = found.iter().map(|one| one.address()).collect();
    let wanted: Vec<_> = PRACTICE_ACCOUNTS.iter().map(|one| one.address).collect();
    let (own, more) = addresses.split_at(wanted.len());
    assert_eq!(own, wanted);
    assert_eq!(more.len(), 1, "and the one after them, which moves the practice market's prices");
    assert!(found.iter().all(|one| one.is_used()) && found[1].path.to_string() == "m/44'/60'/0'/0/1");
    // A phrase that was never used has its first account all the same.
    let unused = "legal winner thank year wave sausage worth useful legal winner thank yellow";
    let unused = Phrase::new(&secret(unused), secret("")).ok().unwrap();
    let found = lab.wallet().discover(&unused).await.unwrap();
    assert_eq!((found.len(), found[0].is_used()), (1, false));
    assert_eq!(found[0].path.to_string(), "m/44'/60'/0'/0/0");
    lab.lie(Fault::Dead);
    let fresh = "letter advice cage absurd amount doctor acoustic avoid letter advice cage above";
    let fresh = Phrase::new(&secret(fresh), secret("")).ok().unwrap();
    assert!(lab.wallet().discover(&fresh).await.is_err(), "what cannot be proven is not said to be unused");
}

/// The password takes a second to try. A lock that is ordered in that second is not undone by its end.
#[tokio::test(flavor = "multi_thread")]
async fn a_lock_holds_against_an_unlock_on_its_way() {
    let mut lab = Lab::start().await;
    let secret = |text: &str| Secret::of_text(text.to_owned());
    let import = KeyImport::Hex(secret(&"4b".repeat(32)));
    let own = lab.wallet().import(import, "Own", &secret("right"), KdfParams::default()).unwrap();
    let account = own[0].address;
    let unlock = |password: &str| WalletCommand::Unlock { account, password: Handed::new(secret(password)) };
    lab.handle.send(Command::Wallet(WalletCommand::LockAfter(600_000))).unwrap(); // the loop begins
    let known = |now: &Snapshot| now.wallet.account(account).is_some();
    tokio::time::timeout(Duration::from_secs(60), lab.handle.wait_until(known)).await.unwrap().unwrap();
    lab.handle.send(Command::Wallet(unlock("right"))).unwrap();
    let (now, outcome) = ordered(&mut lab, WalletCommand::Lock).await;
    assert_eq!(outcome.unwrap_err().what, "The wallet was locked meanwhile.");
    assert!(!now.wallet.unlocked.contains(&account) && now.wallet.locks_at_ms.is_none());
    let (now, outcome) = ordered(&mut lab, unlock("right")).await;
    assert_eq!(outcome, Ok(Outcome::Unlocked(account)));
    assert!(now.wallet.unlocked.contains(&account));
}
