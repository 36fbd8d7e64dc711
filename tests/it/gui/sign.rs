//! Signing what is no transaction, from the window: the form, the review, and the signature.

use std::sync::Arc;

use alloy::primitives::{Address, B256};
use egui_kittest::kittest::Queryable as _;
use lifeboat::app::{
    Command, Ended, MessageBody, MessageView, Outcome, Reason, SignedMessage, ToSign, WalletCommand,
};
use lifeboat::gui::Screen;
use lifeboat::wallet::review::{AccountFacts, MessageReview, ReviewInput, TypedDataReview};

use super::lab::{Desk, Window, click, desk, open_at, open_window, paste, says, words};
use super::wallet_lab::{frames, keyed, me, middle, mouse, pass, quiet_input, signs};

const FIELD: &str = "What is to be signed";

/// A permit without a limit, for `chain`.
fn permit(chain: u64) -> String {
    let (owner, spender, token) = (me(), Address::repeat_byte(7), Address::repeat_byte(9));
    format!(
        r#"{{"types":{{"EIP712Domain":[{{"name":"name","type":"string"}},{{"name":"chainId","type":"uint256"}},{{"name":"verifyingContract","type":"address"}}],"Permit":[{{"name":"owner","type":"address"}},{{"name":"spender","type":"address"}},{{"name":"value","type":"uint256"}},{{"name":"nonce","type":"uint256"}},{{"name":"deadline","type":"uint256"}}]}},"primaryType":"Permit","domain":{{"name":"Some Coin","chainId":{chain},"verifyingContract":"{token}"}},"message":{{"owner":"{owner}","spender":"{spender}","value":"{}","nonce":0,"deadline":1999999999}}}}"#,
        alloy::primitives::U256::MAX
    )
}

fn form() -> Window {
    open_window(keyed(Screen::Sign, true))
}

fn type_text(window: &mut Window, text: &str) {
    window.get_by_label(FIELD).focus();
    window.run();
    paste(window, text);
}

fn ordered(window: &Window) -> Option<ToSign> {
    window.state().sent.iter().find_map(|one| match one {
        Command::Wallet(WalletCommand::ReviewMessage { from, wanted }) => {
            assert_eq!(*from, me());
            Some(wanted.clone())
        }
        _ => None,
    })
}

fn end(window: &mut Window, number: u64, outcome: Result<Outcome, Reason>) {
    let wallet = Arc::make_mut(&mut window.state_mut().snapshot.wallet);
    wallet.running = None;
    wallet.ended = Some(Ended { number, outcome });
    window.run_steps(6);
}

/// Review, open on this message.
fn reviewing(wanted: ToSign) -> Window {
    let body = match &wanted {
        ToSign::TypedData(json) => {
            MessageBody::TypedData(Box::new(quiet_input(|input| TypedDataReview::new(json, input)).unwrap()))
        }
        ToSign::Text(text) => MessageBody::Message(Box::new(MessageReview::new(me(), 1, text.as_bytes()))),
        ToSign::Bytes(bytes) => MessageBody::Message(Box::new(MessageReview::new(me(), 1, bytes))),
    };
    let mut desk: Desk = keyed(Screen::Review, true);
    desk.state.wallet.review.alone = true;
    desk.state.wallet.review.focused = true;
    desk.state.wallet.sign.text = "what was typed".to_owned();
    Arc::make_mut(&mut desk.snapshot.wallet).message =
        Some(Arc::new(MessageView::new(wanted, body, (None, None))));
    let mut window = open_window(desk);
    frames(&mut window);
    pass(&mut window, 1_100);
    window
}

#[test]
fn what_is_pasted_is_reviewed_as_what_it_is() {
    let mut window = form();
    assert!(says(&window, "Paste what is to be signed"));
    type_text(&mut window, "Hello");
    click(&mut window, "Review");
    assert_eq!(ordered(&window), Some(ToSign::Text("Hello".to_owned())));

    let mut window = form();
    type_text(&mut window, &permit(1));
    click(&mut window, "Review");
    assert_eq!(ordered(&window), Some(ToSign::TypedData(permit(1))));

    let mut window = form();
    type_text(&mut window, &permit(1));
    click(&mut window, "Text");
    assert!(says(&window, "This looks like typed data. Signed as a text it means something else."));

    let mut window = form();
    click(&mut window, "Bytes (hex)");
    type_text(&mut window, "0xabc");
    assert!(says(&window, "That is no hex: an even number of digits 0–9, a–f."));
    click(&mut window, "Review");
    assert_eq!(ordered(&window), None);
    type_text(&mut window, "d");
    click(&mut window, "Review");
    assert_eq!(ordered(&window), Some(ToSign::Bytes(vec![0xab, 0xcd].into())));
}

#[test]
fn bad_typed_data_says_so_and_what_was_pasted_stays() {
    let mut window = form();
    type_text(&mut window, r#"{"primaryType": 1}"#);
    click(&mut window, "Review");
    assert_eq!(window.state().state.screen, Screen::Review);
    let reason = Reason::new("this is no EIP-712 typed data: missing field `types`", "", "copy it again");
    end(&mut window, 1, Err(reason));
    assert_eq!(window.state().state.screen, Screen::Sign);
    assert!(says(&window, "This is no EIP-712 typed data"), "{:?}", words(&window));
    assert_eq!(window.state().state.wallet.sign.text, r#"{"primaryType": 1}"#);
}

#[test]
fn a_permit_is_a_danger_with_its_fact_and_signs_only_after_it() {
    let mut window = reviewing(ToSign::TypedData(permit(1)));
    for part in
        ["What this signature allows", "Who may take", "2033-05-18T03:33:19Z", "Domain hash", "Message hash"]
    {
        assert!(says(&window, part), "{part}: {:?}", words(&window));
    }
    assert!(window.query_by_label("Other ways").is_none(), "nothing of it is sent");
    let button = middle(&window, "Hold to sign");
    let held = |window: &mut Window| {
        mouse(window, button, true);
        pass(window, 1_700);
        mouse(window, button, false);
        signs(window).len()
    };
    assert_eq!(held(&mut window), 0, "nothing was typed");
    window.get_by_label("1 danger · Type UNLIMITED to unlock").focus();
    frames(&mut window);
    window.event(egui::Event::Text("unlimited".to_owned()));
    frames(&mut window);
    assert_eq!(held(&mut window), 1);
    assert_eq!(signs(&window)[0].facts, vec!["unlimited".to_owned()]);
}

#[test]
fn what_the_chain_says_meanwhile_is_shown_and_holds_the_button() {
    let mut window = reviewing(ToSign::TypedData(permit(1)));
    assert!(!says(&window, "The spender is a person's wallet"));
    let first = window.state().snapshot.wallet.message.clone().unwrap();
    // At the next head the spender has no code any more.
    let again = quiet_input(|input| {
        let spender = Some(AccountFacts::default());
        TypedDataReview::new(&permit(1), &ReviewInput { spender, ..input.clone() })
    });
    let body = MessageBody::TypedData(Box::new(again.unwrap()));
    let again = MessageView { body, reading: 2, ..(*first).clone() };
    Arc::make_mut(&mut window.state_mut().snapshot.wallet).message = Some(Arc::new(again));
    frames(&mut window);
    assert!(
        says(&window, "Changed since you opened this: The spender is a person's wallet"),
        "{:?}",
        words(&window)
    );
    assert!(says(&window, "2 dangers"), "{:?}", words(&window));
    window.get_by_label("Got it").click();
    frames(&mut window);
    assert!(!says(&window, "Changed since you opened this"));
}

#[test]
fn another_chains_permit_has_no_button_and_back_loses_nothing() {
    let mut window = reviewing(ToSign::TypedData(permit(137)));
    let block = "Blocked: This signature is for chain 137. Lifeboat is verified on Ethereum (1).";
    assert!(says(&window, block), "{:?}", words(&window));
    assert!(window.query_by_label("Hold to sign").is_none());
    window.state_mut().state.trail.push(Screen::Sign);
    window.get_by_label("Edit it").click();
    frames(&mut window);
    assert_eq!(window.state().state.screen, Screen::Sign);
    assert_eq!(window.state().state.wallet.sign.text, "what was typed");
}

#[test]
fn a_text_is_one_click_and_a_hash_in_disguise_is_blind() {
    let mut window = reviewing(ToSign::Text("Log in to example.org".to_owned()));
    assert!(says(&window, "Log in to example.org"));
    let button = middle(&window, "Sign");
    mouse(&mut window, button, true);
    mouse(&mut window, button, false);
    assert_eq!(signs(&window).len(), 1);
    let window = reviewing(ToSign::Bytes(vec![0xab; 32].into()));
    assert!(says(&window, "1 danger · Type BLIND to unlock"), "{:?}", words(&window));
    assert!(says(&window, &format!("0x{}", "ab".repeat(32))));
}

#[test]
fn the_signature_is_shown_whole_and_goes_to_a_file_that_did_not_exist() {
    let mut window = reviewing(ToSign::Text("Hello".to_owned()));
    let done = SignedMessage {
        from: me(),
        wanted: ToSign::Text("Hello".to_owned()),
        signing_hash: B256::repeat_byte(0xab),
        signature: vec![0x5a; 65].into(),
    };
    Arc::make_mut(&mut window.state_mut().snapshot.wallet).message = None;
    end(&mut window, 1, Ok(Outcome::SignedMessage(Arc::new(done.clone()))));
    assert_eq!(window.state().state.screen, Screen::Sign);
    let shown = words(&window).concat(); // it wraps
    assert!(shown.contains(&done.signature.to_string()[..80]), "{shown}");
    click(&mut window, "Copy signature");
    click(&mut window, "Save to file");
    let saved = window.state().sent.iter().any(|one| {
        matches!(one, Command::Wallet(WalletCommand::SaveText { path, text })
            if path.to_str() == Some("lifeboat-signature-abababab.json") && *text == done.to_file())
    });
    assert!(saved);
    let exists = Reason::new("x was not written: there is a file of that name already", "", "");
    end(&mut window, 2, Err(exists));
    assert!(says(&window, "there is a file of that name already"));
    end(&mut window, 3, Ok(Outcome::Saved("/tmp/one.json".into())));
    assert!(
        says(&window, "Written: /tmp/one.json") && !says(&window, "there is a file of that name already")
    );
    click(&mut window, "Sign another");
    assert!(window.query_by_label(FIELD).is_some());
}

#[test]
fn a_phrase_is_wiped_and_a_sentence_of_twelve_words_is_not() {
    let mut window = form();
    type_text(&mut window, "test test test test test test test test test test test junk");
    assert_eq!(window.state().state.wallet.sign.text, "");
    assert!(says(&window, "That looks like a secret. Lifeboat removed it and sent nothing."));
    let sentence = "Please sign this message and prove that you own this account today";
    type_text(&mut window, sentence);
    assert_eq!(window.state().state.wallet.sign.text, sentence);
}

#[test]
fn who_cannot_sign_is_told_why_and_support_view_has_no_form() {
    let mut window = open_window(desk(Screen::Sign));
    type_text(&mut window, "Hello");
    assert!(says(&window, "Watch-only account:"), "{:?}", words(&window));
    click(&mut window, "Add a way to sign");
    assert_eq!(window.state().state.screen, Screen::Accounts);
    let mut desk = keyed(Screen::Sign, true);
    desk.state.enter_support();
    desk.state.screen = Screen::Sign;
    let window = open_window(desk);
    assert!(window.query_by_label(FIELD).is_none());
}

#[test]
fn the_way_in_is_at_the_account_and_in_the_palette() {
    let mut window = open_window(keyed(Screen::Accounts, true));
    click(&mut window, "Sign a message: Main");
    assert_eq!(window.state().state.screen, Screen::Sign);
    let mut window = open_window(keyed(Screen::Home, true));
    window.key_press_modifiers(egui::Modifiers::COMMAND, egui::Key::K);
    window.run();
    paste(&mut window, &permit(1));
    click(&mut window, "Sign a message or typed data");
    assert_eq!(window.state().state.screen, Screen::Sign);
    assert_eq!(window.state().state.wallet.sign.text, permit(1));
}

#[test]
fn the_review_fits_the_smallest_window() {
    let mut desk = keyed(Screen::Review, true);
    let json = permit(1);
    let body = quiet_input(|input| TypedDataReview::new(&json, input)).unwrap();
    let body = MessageBody::TypedData(Box::new(body));
    let view = MessageView::new(ToSign::TypedData(json.clone()), body, (None, None));
    desk.state.wallet.review.alone = true;
    Arc::make_mut(&mut desk.snapshot.wallet).message = Some(Arc::new(view));
    let mut window = open_at(desk, super::lab::SMALLEST);
    frames(&mut window);
    let (back, sign) = (middle(&window, "Back"), middle(&window, "Hold to sign"));
    assert!(sign.x - back.x >= 200.0, "{back:?} {sign:?}");
}
