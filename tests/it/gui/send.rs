//! Send: why it cannot be reviewed, what it warns of before Review, and what it orders.

use std::sync::Arc;

use alloy::primitives::{B256, U256, address};
use lifeboat::app::{
    Answer, Command, ContractAnswer, ContractQuestion, EnsName, Loadable, NameAnswer, NameOutcome, Question,
    SendRequest, Tag, WalletCommand, WalletView,
};
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
fn a_look_alike_is_said_before_review() {
    let poison = address!("5290000000000000000000000000000000009EE7");
    let mut desk = drafted(&poison.to_checksum(None), "1");
    let compared_with = "a phone call".to_owned();
    desk.state.book.contacts.push(Contact {
        address: BOB,
        name: "Bob".to_owned(),
        compared_with,
        confirmed: true,
    });
    let window = open_window(desk);
    assert!(
        says(&window, "This address imitates “Bob”. Both share 0x5290…9EE7, but"),
        "{:?}",
        words(&window)
    );
}

/// Savings' address is copied in this window, and 12 s later something is put into Send's field.
fn after_copying(put: impl FnOnce(&mut Window)) -> Window {
    use egui_kittest::kittest::Queryable as _;
    let mut desk = drafted("", "1");
    desk.state.screen = Screen::Accounts;
    let mut window = open_window(desk);
    click(&mut window, "Copy address: Savings");
    window.state_mut().state.now_ms += 12_000;
    window.state_mut().state.screen = Screen::Send;
    window.run();
    window.get_by_label("To").focus();
    window.run();
    put(&mut window);
    window
}

#[test]
fn what_was_copied_here_is_compared_with_what_is_pasted_until_it_is_signed() {
    use super::lab::paste;
    let savings = lifeboat::devnet::execution::PRACTICE_ACCOUNTS[1].address;
    let said = "You copied Savings's address here 12 s ago, but pasted a different one.";
    let mut window = after_copying(|window| paste(window, &BOB.to_checksum(None)));
    assert!(says(&window, said), "{:?}", words(&window));
    click(&mut window, "Review");
    let fact = ordered(&window).unwrap().clipboard.unwrap();
    assert_eq!((fact.address, fact.name.as_str(), fact.secs_ago), (savings, "Savings", 12));
    // The same address, or one that was typed and never in the clipboard.
    let mut same = after_copying(|window| paste(window, &savings.to_checksum(None)));
    let mut by_hand = after_copying(|window| {
        for letter in BOB.to_checksum(None).chars() {
            window.event(egui::Event::Text(letter.to_string()));
            window.run();
        }
    });
    for window in [&mut same, &mut by_hand] {
        assert!(!says(window, "but pasted a different one"), "{:?}", words(window));
        click(window, "Review");
        assert_eq!(ordered(window).unwrap().clipboard, None);
    }
}

/// What is known of a name, as the core answers.
fn named(desk: &mut Desk, name: &str, outcome: NameOutcome) {
    let at = desk.snapshot.head.unwrap().block.unwrap();
    let name = EnsName::parse(name).unwrap();
    let question = Question::Contract(ContractQuestion::Name(name.as_str().to_owned(), Tag::Latest));
    let answer = NameAnswer { name, node: B256::ZERO, resolver: None, by_wildcard: false, outcome, at };
    let answer = Answer::Contract(ContractAnswer::Name(answer).into());
    Arc::make_mut(&mut desk.snapshot.answers).insert(question, Loadable::Ready(answer));
}

#[test]
fn a_name_is_shown_with_its_address_and_goes_along_to_the_review() {
    let mut desk = drafted("Alice.eth", "1.25");
    named(&mut desk, "alice.eth", NameOutcome::Address(BOB));
    desk.state.wallet.send.draft.to = "alice.eth".to_owned();
    let mut window = open_window(desk);
    assert!(says(&window, "alice.eth →") && says(&window, &BOB.to_checksum(None)), "{:?}", words(&window));
    assert!(says(&window, "The name's owner can change this at any time."));
    click(&mut window, "Review");
    let order = ordered(&window).unwrap();
    assert_eq!((order.intent.recipient(), order.noted.name.as_deref()), (Some(BOB), Some("alice.eth")));
    assert_eq!(order.typed, None, "a name has no checksum");

    let mut desk = drafted("bare.eth", "1");
    named(&mut desk, "bare.eth", NameOutcome::NoAddress);
    let window = open_window(desk);
    assert!(says(&window, "bare.eth has no address: proven."), "{:?}", words(&window));

    let mut desk = drafted("new.eth", "1");
    desk.state.wallet.send.typed_ms = 0;
    let window = open_window(desk);
    let asked = window.state().sent.iter().any(|one| {
        matches!(one, Command::Ask(Question::Contract(ContractQuestion::Name(name, _))) if name == "new.eth")
    });
    assert!(asked && says(&window, "Looking up new.eth with proofs."), "{:?}", words(&window));

    // Somebody known here is meant by the name that the user gave.
    let window = open_window(drafted("savings", "1"));
    assert!(says(&window, &lifeboat::devnet::execution::PRACTICE_ACCOUNTS[1].address.to_checksum(None)));
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
