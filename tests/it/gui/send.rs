//! Send: why it cannot be reviewed, what it warns of before Review, and what it orders.

use std::sync::Arc;

use alloy::primitives::{Address, U256, address};
use lifeboat::app::{Command, SendRequest, WalletCommand, WalletView};
use lifeboat::gui::{Contact, KeptDraft, Screen, SendAsset};
use lifeboat::wallet::{Amount, Intent};

use super::lab::{Desk, Window, click, open_window, press, says, words};
use super::wallet_lab::{BOB, keyed, me, secret_fields};

fn drafted(to: &str, amount: &str) -> Desk {
    let mut desk = keyed(Screen::Send, true);
    let draft =
        KeptDraft { from: Some(me()), to: to.to_owned(), amount: amount.to_owned(), ..KeptDraft::default() };
    desk.state.wallet.send.draft = draft;
    desk.state.wallet.send.taken = true;
    desk
}

fn ordered(window: &Window) -> Option<SendRequest> {
    window.state().sent.iter().find_map(|one| match one {
        Command::Wallet(WalletCommand::Review(request)) => Some((**request).clone()),
        _ => None,
    })
}

#[test]
fn each_reason_stands_beside_the_disabled_button() {
    let bob = BOB.to_checksum(None);
    for (to, amount, why) in [
        ("", "", "Enter a recipient"),
        (bob.as_str(), "", "Enter an amount"),
        (bob.as_str(), "0", "Enter an amount"),
        (bob.as_str(), "1,5", "An amount is digits with one dot, as 1.25."),
        (bob.as_str(), "1.0000000000000000001", "ETH has 18 decimals; this has 19."),
        (bob.as_str(), "20000", "Not enough ETH: needs 20\u{2009}000, has 9979."),
        ("0x52908400098527886E0F7030069857D2E4169Ee7", "1", "The checksum does not match"),
    ] {
        let mut window = open_window(drafted(to, amount));
        assert!(says(&window, why), "{why}: {:?}", words(&window));
        press(&mut window, egui::Key::Enter);
        window.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::Enter);
        window.run();
        assert_eq!(ordered(&window), None, "{why}");
    }
}

#[test]
fn a_watch_only_account_is_shown_its_ways_out() {
    let mut desk = drafted(&BOB.to_checksum(None), "1");
    desk.snapshot.wallet = Arc::new(WalletView::default());
    let mut window = open_window(desk);
    assert!(says(&window, "Watch-only account:"));
    assert!(says(&window, "Add a way to sign"));
    click(&mut window, "Create offline file");
    assert_eq!(window.state().state.screen, Screen::Review);
    assert!(ordered(&window).is_some());
}

#[test]
fn a_balance_that_is_not_proven_yet_is_waited_for() {
    let mut desk = drafted(&BOB.to_checksum(None), "1");
    desk.state.seen.clear();
    desk.state.book.watched.iter_mut().for_each(|one| one.last = None);
    Arc::make_mut(&mut desk.snapshot.answers).clear();
    let window = open_window(desk);
    assert!(says(&window, "Checking your balance"), "{:?}", words(&window));
}

#[test]
fn review_orders_what_was_typed_and_keeps_the_draft() {
    let mut window = open_window(drafted(&BOB.to_checksum(None), "1.25"));
    let groups = "0x52908400098527886E0F7030069857D2E4169EE7";
    assert!(says(&window, groups), "the whole address is read aloud");
    assert!(says(&window, "New to you."));
    click(&mut window, "Review");
    let order = ordered(&window).unwrap();
    let amount = Amount::Exactly(U256::from(1_250_000_000_000_000_000_u64));
    assert_eq!(order.intent, Intent::SendEther { to: BOB, amount });
    assert_eq!((order.from, order.typed.as_deref()), (me(), Some(groups)));
    assert_eq!(window.state().state.screen, Screen::Review);
    assert_eq!(window.state().state.book.draft.as_ref().unwrap().amount, "1.25");
}

#[test]
fn a_look_alike_and_a_swapped_clipboard_are_said_before_review() {
    let poison = address!("5290000000000000000000000000000000009EE7");
    let mut desk = drafted(&poison.to_checksum(None), "1");
    let compared_with = "a phone call".to_owned();
    desk.state.book.contacts.push(Contact { address: BOB, name: "Bob".to_owned(), compared_with });
    let window = open_window(desk);
    assert!(
        says(&window, "This address imitates “Bob”. Both share 0x5290…9EE7, but"),
        "{:?}",
        words(&window)
    );

    let mut desk = drafted(&Address::repeat_byte(9).to_checksum(None), "1");
    desk.state.wallet.copied = Some(lifeboat::gui::CopiedAddress {
        address: BOB,
        name: "Bob".to_owned(),
        at_ms: desk.state.now_ms - 12_000,
    });
    let window = open_window(desk);
    let said = "You copied Bob's address here 12 s ago, but pasted a different one.";
    assert!(says(&window, said), "{:?}", words(&window));
}

#[test]
fn max_leaves_the_fee_and_says_so() {
    let mut desk = drafted(&BOB.to_checksum(None), "");
    desk.state.wallet.send.draft.asset = SendAsset::Ether;
    let mut window = open_window(desk);
    click(&mut window, "Max");
    assert!(says(&window, "All there is, less the fee × 1.2"), "{:?}", words(&window));
    click(&mut window, "Review");
    let order = ordered(&window).unwrap();
    assert_eq!(order.intent, Intent::SendEther { to: BOB, amount: Amount::Max });
}

#[test]
fn a_key_pasted_as_a_recipient_is_gone_before_anything_is_asked() {
    let mut window = open_window(drafted("", ""));
    use egui_kittest::kittest::Queryable as _;
    window.get_by_label("To").focus();
    window.run();
    let key = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
    super::lab::paste(&mut window, key);
    assert!(window.state().state.wallet.send.draft.to.is_empty());
    assert!(!format!("{:?}", window.state().sent).contains(&key[..16]));
    assert!(says(&window, "That looks like a secret. Lifeboat removed it and sent nothing."));
    assert_eq!(secret_fields(&window), 0);
}
