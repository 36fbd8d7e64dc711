//! The air gap through the wallet's loop: a request leaves, a signature comes back, and what is not what was asked is
//! refused.

use alloy::primitives::{B256, Bytes};
use lifeboat::app::signing::keys::PrivateKey;
use lifeboat::app::signing::{SignatureReader, Signed};
use lifeboat::app::{Command, OfflineFile, Outcome, SendRequest, WalletCommand};
use lifeboat::devnet::execution::PRACTICE_ACCOUNTS;

use super::messages::ordered;
use super::{Lab, pay, who};
use crate::support::qr::answer;

/// Opens a review of a payment and makes its offline file.
async fn asked(lab: &mut Lab, tenths: u64) -> B256 {
    let request = SendRequest::new(who(0), pay(3, tenths));
    let (now, _) = ordered(lab, WalletCommand::Review(Box::new(request))).await;
    let open = now.wallet.review.as_ref().unwrap().prepared.clone();
    let (_, made) = ordered(lab, WalletCommand::OfflineFile(open.review.id())).await;
    let Ok(Outcome::OfflineFile(text)) = made else { panic!("{made:?}") };
    let Ok(OfflineFile::Unsigned(draft)) = OfflineFile::parse(text.as_bytes()) else { panic!("{text}") };
    assert_eq!(draft.unsigned(), &open.review.tx);
    open.review.id().0
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signers_answer_is_put_to_its_request_and_is_the_very_one_that_was_asked_for() {
    let mut lab = Lab::start().await;
    let nobody = "ur:eth-signature/oeadtpdagdndcawmgtfrkigrpmndutdnbtkgfssbjnaohdfptywtosrftahprdctcp";
    let (_, refused) = ordered(&mut lab, WalletCommand::OpenAnswer(nobody.to_owned())).await;
    assert!(refused.is_err());
    let hash = asked(&mut lab, 15).await;
    let other = answer(B256::repeat_byte(5));
    assert!(SignatureReader::default().receive(&other).unwrap(), "it is an answer, to somebody else");
    let (_, refused) = ordered(&mut lab, WalletCommand::OpenAnswer(other)).await;
    let reason = refused.unwrap_err();
    assert!(reason.what.starts_with("This signature is for another request"), "{reason}");
    let (now, taken) = ordered(&mut lab, WalletCommand::OpenAnswer(answer(hash).to_uppercase())).await;
    let Ok(Outcome::Signed(signed)) = taken else { panic!("{taken:?}") };
    assert_eq!(now.wallet.as_asked, Some(signed));
    assert_eq!(now.wallet.transaction(signed).unwrap().from, who(0));
    // Sent, it lands as any other.
    lab.handle.send(Command::Wallet(WalletCommand::Send(signed))).unwrap();
    let sent = |now: &lifeboat::app::Snapshot| {
        now.wallet.transaction(signed).is_some_and(|one| one.sent_at_ms.is_some())
    };
    tokio::time::timeout(std::time::Duration::from_secs(60), lab.handle.wait_until(sent))
        .await
        .unwrap()
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signed_transaction_that_differs_from_the_request_is_not_kept() {
    let mut lab = Lab::start().await;
    asked(&mut lab, 15).await;
    // Somebody signs ten times as much with the same nonce.
    let bent = lab.prepared(pay(3, 150)).await;
    let answers = lifeboat::app::signing::review::Answers { held: true, facts: vec![] };
    let key = PrivateKey::of_bytes(PRACTICE_ACCOUNTS[0].key.as_slice()).ok().unwrap();
    let signed = bent.review.approve(bent.review.id(), &answers).unwrap().sign(&key).unwrap();
    let file = OfflineFile::of_signed(&Signed::decode(signed.raw()).unwrap());
    for brought in [Bytes::from(file.into_bytes()), signed.raw().clone()] {
        let (now, refused) = ordered(&mut lab, WalletCommand::Open(brought)).await;
        let reason = refused.unwrap_err();
        assert!(reason.what.starts_with("Differs from your request: amount 1.5"), "{reason}");
        assert!(now.wallet.history.is_empty() && now.wallet.as_asked.is_none());
    }
}

/// The window was closed and opened again before the answer came.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_remembered_by_the_next_run() {
    let mut lab = Lab::start().await;
    let hash = asked(&mut lab, 15).await;
    let bent = lab.prepared(pay(3, 150)).await;
    let answers = lifeboat::app::signing::review::Answers { held: true, facts: vec![] };
    let key = PrivateKey::of_bytes(PRACTICE_ACCOUNTS[0].key.as_slice()).ok().unwrap();
    let signed = bent.review.approve(bent.review.id(), &answers).unwrap().sign(&key).unwrap();
    let mut lab = lab.restart().await;
    let (now, refused) = ordered(&mut lab, WalletCommand::Open(signed.raw().clone())).await;
    let reason = refused.unwrap_err();
    assert!(reason.what.starts_with("Differs from your request: amount 1.5"), "{reason}");
    assert!(now.wallet.history.is_empty());
    let (now, taken) = ordered(&mut lab, WalletCommand::OpenAnswer(answer(hash))).await;
    let Ok(Outcome::Signed(signed)) = taken else { panic!("{taken:?}") };
    assert_eq!(now.wallet.as_asked, Some(signed));
    // A file of requests that is damaged is set aside and told; nothing else is lost with it.
    let path = lab.folder.path().join("requests.json");
    std::fs::write(&path, "{").unwrap();
    let mut lab = lab.restart().await;
    lab.handle.send(Command::Wallet(WalletCommand::LockAfter(600_000))).unwrap();
    let told = |now: &lifeboat::app::Snapshot| now.wallet.trouble.is_some();
    let now = tokio::time::timeout(std::time::Duration::from_secs(60), lab.handle.wait_until(told));
    assert_eq!(now.await.unwrap().unwrap().wallet.history.len(), 1);
    assert!(!path.exists());
}

/// The parts of an animated code, each a picture of its own, come out of their files as texts.
#[cfg(all(feature = "gui", feature = "qr-pictures"))]
#[tokio::test(flavor = "multi_thread")]
async fn pictures_of_codes_come_in_as_their_texts() {
    use crate::support::qr::{answer_in_parts, picture};
    let mut lab = Lab::start().await;
    let hash = asked(&mut lab, 15).await;
    let parts = answer_in_parts(hash);
    assert!(parts.len() > 1);
    let paths: Vec<_> = parts
        .iter()
        .enumerate()
        .map(|(at, part)| {
            let path = lab.folder.path().join(format!("part-{at}.png"));
            std::fs::write(&path, picture(part)).unwrap();
            path
        })
        .collect();
    let (_, read) = ordered(&mut lab, WalletCommand::ReadTexts(paths)).await;
    let Ok(Outcome::Text(text)) = read else { panic!("{read:?}") };
    assert_eq!(text.lines().count(), parts.len());
    let (_, taken) = ordered(&mut lab, WalletCommand::OpenAnswer(text)).await;
    assert!(matches!(taken, Ok(Outcome::Signed(_))), "{taken:?}");
    let path = lab.folder.path().join("none.png");
    std::fs::write(&path, &picture("x")[..60]).unwrap();
    let (_, refused) = ordered(&mut lab, WalletCommand::ReadText(path)).await;
    assert!(refused.unwrap_err().what.starts_with("That picture cannot be read"));
}
