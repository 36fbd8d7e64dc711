//! A review that stays open while no head comes: what is typed for it counts, it can be made again, others are asked once
//! it grew into a danger, and a lock holds until the key is used.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use lifeboat::app::signing::keys::{KdfParams, Secret};
use lifeboat::app::signing::review::{Answers, Finding, Level};
use lifeboat::app::{
    Command, Handed, KeyImport, Outcome, Replacement, SendRequest, Snapshot, Unlock, WalletCommand,
};
use lifeboat::devnet::http::Fault;

use super::messages::ordered;
use super::{Lab, pay, who};

const MINUTE_MS: u64 = 60_000;

fn typed(fact: &str) -> Answers {
    Answers { held: true, facts: vec![fact.to_owned()] }
}

async fn until(lab: &mut Lab, fits: impl Fn(&Snapshot) -> bool) -> Arc<Snapshot> {
    let found = tokio::time::timeout(Duration::from_secs(60), lab.handle.wait_until(fits)).await;
    found.expect("in time").expect("the core runs")
}

fn findings(now: &Snapshot) -> &[Finding] {
    now.wallet.review.as_ref().map_or(&[], |open| &open.prepared.review.findings)
}

fn says(now: &Snapshot, check: u8, level: Level, part: &str) -> bool {
    findings(now).iter().any(|one| one.check.0 == check && one.level == level && one.text.contains(part))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_age_that_was_shown_is_still_right_a_minute_later() {
    let mut lab = Lab::start().await;
    let request = Box::new(SendRequest::new(who(0), pay(1, 10)));
    let (now, outcome) = ordered(&mut lab, WalletCommand::Review(request)).await;
    assert_eq!(outcome, Ok(Outcome::Reviewed));
    let review = now.wallet.review.as_ref().unwrap().prepared.review.id();
    lab.clock.0.fetch_add(17 * MINUTE_MS, Ordering::Relaxed);
    // It grew into a danger: it is read again, and others are asked about the head (T07).
    until(&mut lab, |now| says(now, 14, Level::Danger, "17 min") && says(now, 26, Level::Passed, "")).await;
    lab.clock.0.fetch_add(MINUTE_MS, Ordering::Relaxed);
    until(&mut lab, |now| says(now, 14, Level::Danger, "18 min")).await;
    let sign = |fact| WalletCommand::Sign { review, answers: typed(fact), then: Default::default() };
    let (_, refused) = ordered(&mut lab, sign("16")).await;
    assert!(refused.is_err());
    let (_, signed) = ordered(&mut lab, sign("17")).await;
    assert!(matches!(signed, Ok(Outcome::Signed(_))), "{signed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replacement_is_read_again_where_it_is_asked_for() {
    let mut lab = Lab::start().await;
    let hash = lab.sent(pay(1, 10)).await;
    let order = WalletCommand::ReviewReplacement { hash, kind: Replacement::Cancel };
    let (now, outcome) = ordered(&mut lab, order).await;
    assert_eq!(outcome, Ok(Outcome::Reviewed));
    let reading = now.wallet.review.as_ref().unwrap().reading;
    let again = WalletCommand::ReviewAgain { skip_simulation: false };
    lab.handle.send(Command::Wallet(again)).unwrap();
    let now =
        until(&mut lab, |now| now.wallet.review.as_ref().is_some_and(|open| open.reading > reading)).await;
    assert!(now.wallet.review.as_ref().unwrap().heading.is_some(), "it is still the replacement");
}

/// THREATS T07.
#[tokio::test(flavor = "multi_thread")]
async fn what_only_grew_into_a_danger_asks_others_at_the_signature() {
    let lab = Lab::start().await;
    let open = lab.prepared(pay(1, 10)).await;
    assert_eq!(open.witnessed, None, "it was none");
    lab.clock.0.fetch_add(17 * MINUTE_MS, Ordering::Relaxed);
    lab.lie(Fault::Dead);
    let refused = lab.wallet().sign(open.review.id(), &typed("17"), Unlock::Practice).await.unwrap_err();
    assert!(refused.what.contains("Only the sync committee's word stands for the head"), "{refused:?}");
    lab.lie(Fault::Healthy);
    lab.wallet().sign(open.review.id(), &typed("17"), Unlock::Practice).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_stops_a_signature_on_its_way() {
    let mut lab = Lab::start().await;
    let secret = |text: &str| Secret::of_text(text.to_owned());
    let import = KeyImport::Hex(secret(&"4b".repeat(32)));
    let own = lab.wallet().import(import, "Own", &secret("right"), KdfParams::default()).unwrap();
    let account = own[0].address;
    lab.handle.send(Command::Wallet(WalletCommand::LockAfter(600_000))).unwrap(); // the loop begins
    until(&mut lab, |now| now.wallet.account(account).is_some()).await;
    let password = Handed::new(secret("right"));
    let (_, outcome) = ordered(&mut lab, WalletCommand::Unlock { account, password }).await;
    assert_eq!(outcome, Ok(Outcome::Unlocked(account)));
    let wanted = lifeboat::app::ToSign::Text("Hello".to_owned());
    let (now, _) = ordered(&mut lab, WalletCommand::ReviewMessage { from: account, wanted }).await;
    let review = now.wallet.message.as_ref().unwrap().id();
    let held = Answers { held: true, facts: Vec::new() };
    let sign = WalletCommand::Sign { review, answers: held, then: Default::default() };
    lab.handle.send(Command::Wallet(sign)).unwrap();
    let (_, outcome) = ordered(&mut lab, WalletCommand::Lock).await;
    let refused = outcome.unwrap_err();
    assert_eq!(refused.what, "The wallet was locked meanwhile.", "{refused:?}");
}
