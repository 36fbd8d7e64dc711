//! THREATS T54: what another program writes into the files of contacts and marks makes nobody known. A contact counts when
//! the user gave it in this run, or when an opened key file has marked it.

use std::collections::BTreeMap;
use std::time::Duration;

use alloy::primitives::{Address, address};
use lifeboat::app::signing::Intent;
use lifeboat::app::signing::keys::{KdfParams, Secret};
use lifeboat::app::signing::review::{CheckId, Level, Party, PartyKind};
use lifeboat::app::{Command, Handed, KeyImport, Outcome, Prepared, Snapshot, WalletCommand};
use lifeboat::gui::{Book, Contact, Kept};

use super::messages::ordered;
use super::{Lab, ether};

const ALICE: Address = address!("52908400098527886E0F7030069857D2E4169EE7");
/// Nothing like Alice's.
const THIEF: Address = address!("8617E340B3D01FA5F11F306F4090FD50E238070D");
/// Both ends are Alice's.
const IMITATION: Address = address!("5290840000000000000000000000000000169EE7");

const FAST: KdfParams = KdfParams { memory_kib: 64, passes: 1, lanes: 1 };

fn secret(text: &str) -> Secret {
    Secret::of_text(text.to_owned())
}

fn saved(name: &str, address: Address) -> Party {
    Party { name: name.to_owned(), address, kind: PartyKind::Saved }
}

/// Saved contacts as they come from the window's file.
fn from_file(lab: &Lab, contacts: &[(&str, Address)]) {
    lab.wallet().know(contacts.iter().map(|(name, address)| saved(name, *address)).collect());
}

async fn unlocked(lab: &mut Lab, account: Address) {
    let password = Handed::new(secret("right"));
    let order = WalletCommand::Unlock { account, password };
    assert_eq!(ordered(lab, order).await.1, Ok(Outcome::Unlocked(account)));
}

/// A lab with a key of its own, whose file is quick to open.
async fn with_key() -> (Lab, Address) {
    let mut lab = Lab::start().await;
    let import = KeyImport::Hex(secret(&"4b".repeat(32)));
    let own = lab.wallet().import(import, "Own", &secret("right"), FAST).unwrap();
    let account = own[0].address;
    begun(&mut lab, account).await;
    (lab, account)
}

async fn begun(lab: &mut Lab, account: Address) {
    lab.handle.send(Command::Wallet(WalletCommand::LockAfter(600_000))).unwrap();
    let known = |now: &Snapshot| now.wallet.account(account).is_some();
    tokio::time::timeout(Duration::from_secs(60), lab.handle.wait_until(known)).await.unwrap().unwrap();
}

/// What R03 and R04 say of a payment there, and whether its sentence calls the recipient by this name.
async fn said(lab: &Lab, to: Address, name: &str) -> (Option<Level>, Option<Level>, bool) {
    let prepared: Prepared = lab.prepared(Intent::SendEther { to, amount: ether(1) }).await;
    let review = &prepared.review;
    let level = |number| {
        let found = review.findings.iter().find(|one| one.check == CheckId(number));
        found.map(|one| one.level).filter(|level| *level > Level::Passed)
    };
    (level(3), level(4), review.sentence.contains(name))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_of_the_file_is_a_stranger_until_a_key_is_opened() {
    let (mut lab, account) = with_key().await;
    from_file(&lab, &[("Alice", ALICE)]);
    lab.wallet().confirm(&[("Alice".to_owned(), ALICE)]);
    assert_eq!(said(&lab, ALICE, "Alice").await, (None, None, true), "given in this run");
    unlocked(&mut lab, account).await; // which marks her
    let mut lab = lab.restart().await;
    begun(&mut lab, account).await;
    from_file(&lab, &[("Alice", ALICE)]);
    assert_eq!(lab.wallet().unconfirmed(), [ALICE]);
    assert_eq!(said(&lab, ALICE, "Alice").await, (None, Some(Level::Caution), false));
    // Whoever imitates her is told from her all the same.
    assert_eq!(said(&lab, IMITATION, "Alice").await.0, Some(Level::Danger));
    unlocked(&mut lab, account).await;
    assert!(lab.wallet().unconfirmed().is_empty());
    assert_eq!(said(&lab, ALICE, "Alice").await, (None, None, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_was_changed_in_the_file_is_nobodys() {
    let (mut lab, account) = with_key().await;
    from_file(&lab, &[("Alice", ALICE), ("Bob", THIEF)]);
    lab.wallet().confirm(&[("Alice".to_owned(), ALICE)]);
    unlocked(&mut lab, account).await;
    let mut lab = lab.restart().await;
    begun(&mut lab, account).await;
    // Alice's name with the thief's address; and one that is new altogether.
    from_file(&lab, &[("Alice", THIEF), ("Carol", IMITATION)]);
    unlocked(&mut lab, account).await;
    assert_eq!(lab.wallet().unconfirmed(), [THIEF, IMITATION]);
    assert_eq!(said(&lab, THIEF, "Alice").await, (None, Some(Level::Caution), false));
    // On another chain she may be somebody else: marks are of one chain. Another password's key marks nothing here.
    let other = KeyImport::Hex(secret(&"5c".repeat(32)));
    let other = lab.wallet().import(other, "Other", &secret("right"), FAST).unwrap()[0].address;
    let mut lab = lab.restart().await;
    begun(&mut lab, other).await;
    from_file(&lab, &[("Alice", ALICE)]);
    unlocked(&mut lab, other).await;
    assert_eq!(lab.wallet().unconfirmed(), [ALICE], "her mark is of the other key");
    unlocked(&mut lab, account).await;
    assert!(lab.wallet().unconfirmed().is_empty());
}

/// Every byte of the window's file, bent in two ways: no contact is known whom the user did not confirm as it is.
#[tokio::test(flavor = "multi_thread")]
async fn no_bent_byte_of_the_windows_file_changes_a_recipient() {
    let (mut lab, account) = with_key().await;
    let contact = |name: &str, address| Contact {
        address,
        name: name.to_owned(),
        compared_with: "a phone call".to_owned(),
        confirmed: true,
    };
    let book = Book { contacts: vec![contact("Alice", ALICE), contact("Bob", THIEF)], ..Book::default() };
    let text = Kept::default().text(Some("practice"), &book);
    let own = [("Alice", ALICE), ("Bob", THIEF)];
    from_file(&lab, &own);
    lab.wallet().confirm(&own.map(|(name, address)| (name.to_owned(), address)));
    unlocked(&mut lab, account).await;
    let (mut refused, mut strangers) = (0, 0);
    for at in 0..text.len() {
        for flip in [0x01, 0x20] {
            let mut bent = text.clone().into_bytes();
            bent[at] ^= flip;
            let kept = String::from_utf8(bent).ok().and_then(|text| Kept::parse(&text).ok());
            let Some(kept) = kept else {
                refused += 1;
                continue;
            };
            for contact in kept.books.values().flat_map(|book| &book.contacts) {
                from_file(&lab, &[(&contact.name, contact.address)]);
                let is_own = own.contains(&(contact.name.as_str(), contact.address));
                assert_eq!(lab.wallet().unconfirmed().is_empty(), is_own, "byte {at}: {contact:?}");
                assert!(!contact.confirmed);
                strangers += usize::from(!is_own);
            }
        }
    }
    assert!(refused > 100 && strangers > 40, "{refused} {strangers}");
}

/// Every byte of the marks' file: whoever bends it can make contacts unconfirmed, and nobody known.
#[tokio::test(flavor = "multi_thread")]
async fn no_bent_byte_of_the_marks_makes_anybody_known() {
    let (mut lab, account) = with_key().await;
    from_file(&lab, &[("Alice", ALICE)]);
    lab.wallet().confirm(&[("Alice".to_owned(), ALICE)]);
    unlocked(&mut lab, account).await;
    let path = lab.folder.path().join("marks.json");
    let whole = std::fs::read(&path).unwrap();
    let mut lab = lab.restart().await;
    begun(&mut lab, account).await;
    let mut seen: BTreeMap<bool, usize> = BTreeMap::new();
    for at in 0..whole.len() {
        let mut bent = whole.clone();
        bent[at] ^= 0x01;
        std::fs::write(&path, &bent).unwrap();
        from_file(&lab, &[("Alice", THIEF)]);
        unlocked(&mut lab, account).await;
        assert_eq!(lab.wallet().unconfirmed(), [THIEF], "byte {at}");
        let aside = std::fs::read_dir(lab.folder.path()).unwrap().flatten();
        let aside = aside.filter(|one| one.file_name().to_string_lossy().starts_with("marks.json.set-aside"));
        *seen.entry(aside.count() > 0).or_default() += 1;
    }
    assert!(seen.contains_key(&true), "no file was set aside: {seen:?}");
    std::fs::write(&path, &whole).unwrap();
    from_file(&lab, &[("Alice", ALICE)]);
    unlocked(&mut lab, account).await;
    assert!(lab.wallet().unconfirmed().is_empty());
}

/// An account that another program put into the list is nobody's until its key is opened or marked.
#[tokio::test(flavor = "multi_thread")]
async fn an_account_of_the_list_is_the_users_own_only_by_a_key() {
    let (lab, account) = with_key().await;
    let second =
        lab.wallet().import(KeyImport::Hex(secret(&"5c".repeat(32))), "Savings", &secret("other"), FAST);
    let second = second.unwrap()[0].address;
    assert_eq!(said(&lab, second, "Savings").await, (None, None, true), "imported in this run");
    // Restarted: its header alone says nothing, and neither does an imitation's next to it.
    let mut lab = lab.restart().await;
    begun(&mut lab, account).await;
    let (_, level, named) = said(&lab, second, "Savings").await;
    assert_eq!((level, named), (Some(Level::Caution), false));
    let all =
        lab.prepared(Intent::SendEther { to: second, amount: lifeboat::app::signing::Amount::Max }).await;
    let words =
        |number| all.review.findings.iter().find(|one| one.check == CheckId(number)).unwrap().text.clone();
    assert!(
        words(4).starts_with("“Savings” stands in your list of accounts, but no key opened"),
        "{}",
        words(4)
    );
    assert!(words(13).ends_with("to an address that no opened key shows to be yours."), "{}", words(13));
    // One key opened marks nothing that no key showed; its own opens it.
    unlocked(&mut lab, account).await;
    assert_eq!(said(&lab, second, "Savings").await.1, Some(Level::Caution));
    let password = Handed::new(secret("other"));
    let order = WalletCommand::Unlock { account: second, password };
    assert_eq!(ordered(&mut lab, order).await.1, Ok(Outcome::Unlocked(second)));
    assert_eq!(said(&lab, second, "Savings").await, (None, None, true));
    // Both were open together: after a restart either confirms the other.
    let mut lab = lab.restart().await;
    begun(&mut lab, account).await;
    assert_eq!(said(&lab, second, "Savings").await.1, Some(Level::Caution));
    unlocked(&mut lab, account).await;
    assert_eq!(said(&lab, second, "Savings").await, (None, None, true));
}

/// A device's account stands in a file that anybody may write.
#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_nobody_plugged_in_makes_no_own_account() {
    let (lab, _) = with_key().await;
    let file = serde_json::json!({"version": 2, "accounts": [
        {"name": "Ledger", "address": THIEF, "device": {"kind": "ledger", "path": "m/44'/60'/0'/0/0"}}]});
    std::fs::write(lab.folder.path().join("accounts.json"), file.to_string()).unwrap();
    let found = lab.wallet().account("Ledger").unwrap();
    assert!(found.kind.can_sign(), "{found:?}");
    let (_, level, named) = said(&lab, THIEF, "Ledger").await;
    assert_eq!((level, named), (Some(Level::Caution), false));
}
