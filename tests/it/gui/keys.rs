//! Keys: secrets are in one place, go nowhere else, and are gone when the form closes.

use egui::Key;
use egui_kittest::kittest::Queryable as _;
use lifeboat::app::{Command, Ended, Handed, KeyImport, Outcome, Reason, WalletCommand};
use lifeboat::gui::{KeyForm, Screen};

use super::lab::{Window, click, open_window, press, says, words};
use super::wallet_lab::{keyed, middle, mouse, pass, secret_fields};

const HEX: &str = "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318";
const PHRASE: &str = "test test test test test test test test test test test junk";

fn form(form: KeyForm) -> Window {
    let mut desk = keyed(Screen::Accounts, false);
    desk.state.wallet.keys.form = form;
    desk.state.wallet.keys.unshared = true;
    open_window(desk)
}

fn type_into(window: &mut Window, label: &str, text: &str) {
    window.get_by_label(label).focus();
    window.run();
    window.event(egui::Event::Text(text.to_owned()));
    window.run();
}

fn added(window: &Window) -> Option<(Handed<KeyImport>, String)> {
    window.state().sent.iter().find_map(|one| match one {
        Command::Wallet(WalletCommand::AddKey { import, name, .. }) => Some((import.clone(), name.clone())),
        _ => None,
    })
}

#[test]
fn no_other_screen_has_a_secret_field() {
    for (name, screen) in Screen::ALL {
        let window = open_window(keyed(screen, false));
        assert_eq!(secret_fields(&window), 0, "{name}");
    }
    assert!(secret_fields(&form(KeyForm::Phrase)) >= 12);
}

#[test]
fn before_a_phrase_the_screen_is_asked_about() {
    let mut desk = keyed(Screen::Accounts, false);
    desk.state.wallet.keys.form = KeyForm::Phrase;
    let mut window = open_window(desk);
    assert_eq!(secret_fields(&window), 0);
    assert!(says(
        &window,
        "Are you sharing your screen? Stop sharing first. Only continue if you must sign now and have no Ledger."
    ));
    click(&mut window, "Nobody sees my screen");
    assert!(secret_fields(&window) >= 12);
}

#[test]
fn a_typed_secret_is_in_no_dump_and_leaves_by_the_order_alone() {
    let mut window = form(KeyForm::RawKey);
    type_into(&mut window, "Private key", HEX);
    type_into(&mut window, "Name for it", "Cold");
    type_into(&mut window, "New password", "canary-password");
    type_into(&mut window, "New password again", "canary-password");
    let dump = format!("{:?} {:?}", window.state().state, words(&window));
    assert!(!dump.contains(&HEX[..12]) && !dump.contains("canary"), "a secret can be read");
    click(&mut window, "Encrypt and keep");
    let orders = format!("{:?}", window.state().sent);
    assert!(!orders.contains(&HEX[..12]) && !orders.contains("canary"));
    let (import, name) = added(&window).unwrap();
    assert_eq!(name, "Cold");
    let Some(KeyImport::Hex(secret)) = import.take() else { panic!("not the key") };
    assert_eq!(secret.text(), Some(HEX));
}

#[test]
fn what_is_missing_is_said_and_a_lock_wipes_the_form() {
    let mut window = form(KeyForm::RawKey);
    type_into(&mut window, "Private key", &HEX[..60]);
    assert!(says(&window, "A private key has 64 hex digits; this has 60."));
    type_into(&mut window, "Private key", &HEX[60..]);
    assert!(says(&window, "Give it a name."));
    type_into(&mut window, "Name for it", "Cold");
    type_into(&mut window, "New password", "one");
    type_into(&mut window, "New password again", "two");
    assert!(says(&window, "The two passwords differ."));
    window.key_press_modifiers(egui::Modifiers::COMMAND, Key::L);
    window.run();
    assert!(window.state().sent.contains(&Command::Wallet(WalletCommand::Lock)));
    assert!(window.state().state.wallet.keys.hex.is_empty());
    assert_eq!(secret_fields(&window), 0);
}

#[test]
fn a_phrase_is_pasted_over_its_cells_and_checked() {
    let mut window = form(KeyForm::Phrase);
    window.get_by_label("Word 1").focus();
    window.run();
    window.event(egui::Event::Paste(PHRASE.replace("junk", "test")));
    window.run();
    click(&mut window, "Check and find accounts");
    assert!(says(&window, "The words do not fit together (checksum). Check order and spelling."));
    window.get_by_label("Word 12").focus();
    window.run();
    press(&mut window, Key::Delete);
    window.event(egui::Event::Text("junq".to_owned()));
    window.run();
    window.get_by_label("Word 11").focus();
    window.run();
    assert!(says(&window, "Word 12 is not in the list"), "{:?}", words(&window));
    window.get_by_label("Word 12").focus();
    window.run();
    press(&mut window, Key::Backspace);
    assert!(window.query_by_label("junk").is_some(), "the list completes it");
    click(&mut window, "junk");
    click(&mut window, "Check and find accounts");
    // The first account of the phrase everybody knows.
    assert!(says(&window, "0xf39Fd6e5…fFb92266"), "{:?}", words(&window));
    let dump = format!("{:?}", window.state().state);
    assert!(!dump.contains("junk"));
}

#[test]
fn a_new_phrase_is_shown_for_as_long_as_the_button_is_held() {
    let mut window = form(KeyForm::NewPhrase);
    window.get_by_label("Hold to show the words").scroll_to_me();
    window.run();
    let button = middle(&window, "Hold to show the words");
    mouse(&mut window, button, true);
    pass(&mut window, 3_000);
    assert!(window.state().state.wallet.keys.revealing);
    mouse(&mut window, button, false);
    assert!(!window.state().state.wallet.keys.revealing);
    window.state_mut().state.wallet.capturing = true;
    window.run();
    assert!(says(&window, "Word "), "its fields are there");
    let phrase = window.state().state.wallet.keys.phrase.0.as_ref().unwrap();
    let first = phrase.words().text().unwrap().split(' ').next().unwrap().to_owned();
    assert!(!words(&window).contains(&first), "no word of it is in the tree");
}

#[test]
fn support_view_has_no_way_to_a_secret() {
    let mut desk = keyed(Screen::Settings, false);
    desk.state.screen = Screen::Settings;
    let mut window = open_window(desk);
    click(&mut window, "Enter support view");
    assert!(window.state().sent.contains(&Command::Wallet(WalletCommand::KeysOff)));
    assert!(says(&window, "SUPPORT VIEW: read-only, keys off"), "{:?}", words(&window));
    for (name, screen) in Screen::ALL {
        window.state_mut().state.screen = screen;
        window.run();
        assert_eq!(secret_fields(&window), 0, "{name}");
        for gone in ["Recovery phrase", "Key file (JSON)", "Unlock: Main"] {
            assert!(window.query_by_label(gone).is_none(), "{name}: {gone}");
        }
    }
    window.state_mut().state.screen = Screen::Home;
    window.run();
    assert!(window.query_by_label("Send").is_none(), "absent, not greyed");
}

#[test]
fn support_view_is_left_only_after_the_wallet_took_a_password() {
    let mut desk = keyed(Screen::Settings, false);
    desk.state.enter_support();
    desk.state.screen = Screen::Settings;
    let mut window = open_window(desk);
    click(&mut window, "Leave support view");
    window.event(egui::Event::Text("correct horse".to_owned()));
    window.key_press(Key::Enter);
    window.run();
    let on = |one: &Command| matches!(one, Command::Wallet(WalletCommand::KeysOn(_)));
    let sent: Vec<_> = window.state().sent.iter().filter(|one| on(one)).collect();
    assert!(matches!(sent.as_slice(), [Command::Wallet(WalletCommand::KeysOn(Some(_)))]), "{sent:?}");
    assert!(window.state().state.wallet.support.is_some(), "not before the password was right");
    let reason = Reason::new("Wrong password. The file is intact; try again.", "", "");
    end(&mut window, 1, Err(reason));
    assert!(says(&window, "Wrong password. The file is intact; try again."));
    assert!(window.state().state.wallet.support.is_some());
    end(&mut window, 2, Ok(Outcome::KeysOn));
    assert!(window.state().state.wallet.support.is_none());
    assert_eq!(window.state().state.book.watched.len(), 2, "the own book is back");
    assert_eq!(secret_fields(&window), 0);
}

fn end(window: &mut Window, number: u64, outcome: Result<Outcome, Reason>) {
    let wallet = std::sync::Arc::make_mut(&mut window.state_mut().snapshot.wallet);
    wallet.ended = Some(Ended { number, outcome });
    window.run();
}

#[test]
fn a_key_is_removed_only_by_its_name() {
    let mut window = open_window(keyed(Screen::Accounts, true));
    let removed = |window: &Window| {
        let mut sent = window.state().sent.iter();
        sent.any(|one| matches!(one, Command::Wallet(WalletCommand::RemoveAccount { typed, .. }) if typed == "Main"))
    };
    click(&mut window, "Remove from this computer: Main");
    assert!(says(&window, "the account is lost for good"), "{:?}", words(&window));
    click(&mut window, "Remove");
    assert!(!removed(&window), "its name was not typed");
    type_into(&mut window, "Type its name, Main, to delete the key", "Main");
    click(&mut window, "Remove");
    assert!(removed(&window));
    let gone = window.state().snapshot.wallet.accounts.to_vec();
    let wallet = std::sync::Arc::make_mut(&mut window.state_mut().snapshot.wallet);
    wallet.ended = Some(Ended { number: 1, outcome: Ok(Outcome::Removed(gone)) });
    wallet.accounts = Vec::new().into();
    window.run();
    assert!(says(&window, "Removed: Main. What it sent stays in Activity."), "{:?}", words(&window));
}

#[test]
fn a_device_account_is_forgotten_without_its_name_and_esc_keeps_it() {
    let mut desk = keyed(Screen::Accounts, true);
    let wallet = std::sync::Arc::make_mut(&mut desk.snapshot.wallet);
    let kind = lifeboat::app::AccountKind::Device(lifeboat::app::DeviceKind::Ledger);
    let mut own = wallet.accounts.to_vec();
    (own[0].kind, own[0].file) = (kind, None);
    wallet.accounts = own.into();
    let mut window = open_window(desk);
    click(&mut window, "Remove from this computer: Main");
    assert!(says(&window, "The key stays on the device."), "{:?}", words(&window));
    press(&mut window, Key::Escape);
    assert!(!says(&window, "The key stays on the device."));
    click(&mut window, "Remove from this computer: Main");
    click(&mut window, "Remove");
    let sent = window.state().sent.iter();
    let orders =
        sent.filter(|one| matches!(one, Command::Wallet(WalletCommand::RemoveAccount { .. }))).count();
    assert_eq!(orders, 1);
}

#[test]
fn send_beside_an_account_pays_from_that_account() {
    let mut desk = keyed(Screen::Accounts, true);
    let wallet = std::sync::Arc::make_mut(&mut desk.snapshot.wallet);
    let mut second = wallet.accounts[0].clone();
    (second.name, second.address) = ("Cold".to_owned(), alloy::primitives::Address::repeat_byte(9));
    wallet.accounts = vec![wallet.accounts[0].clone(), second.clone()].into();
    desk.state.book.draft = Some(lifeboat::gui::KeptDraft { amount: "7".to_owned(), ..Default::default() });
    let mut window = open_window(desk);
    click(&mut window, "Send: Cold");
    let draft = &window.state().state.wallet.send.draft;
    assert_eq!((draft.from, draft.amount.as_str()), (Some(second.address), "7"), "what was typed stays");
}

/// Whether the last frame asked for the clipboard, and whether it emptied it.
fn of_clipboard(window: &Window) -> (bool, bool) {
    let output = window.output();
    let mut viewports = output.viewport_output.values().flat_map(|one| &one.commands);
    let copied = output.platform_output.commands.iter();
    (
        viewports.any(|one| *one == egui::ViewportCommand::RequestPaste),
        copied.into_iter().any(|one| matches!(one, egui::OutputCommand::CopyText(text) if text.is_empty())),
    )
}

/// A key is pasted into its field; so many milliseconds go by, and a frame is drawn.
fn pasted_and_waited(wait_ms: u64) -> Window {
    let mut window = form(KeyForm::RawKey);
    window.get_by_label("Private key").focus();
    window.run();
    window.event(egui::Event::Paste(HEX.to_owned()));
    window.run();
    window.state_mut().state.now_ms += wait_ms;
    window.step();
    window
}

#[test]
fn a_pasted_secret_is_taken_out_of_the_clipboard_after_a_minute() {
    assert_eq!(of_clipboard(&pasted_and_waited(59_999)), (false, false));
    let mut window = pasted_and_waited(60_000);
    assert_eq!(of_clipboard(&window), (true, false), "it is asked what it holds");
    window.event(egui::Event::Paste(format!("{HEX}\n")));
    window.step();
    assert_eq!(of_clipboard(&window), (false, true));
    window.step(); // what floats is shown from its second frame on
    assert!(says(&window, "The clipboard was cleared: it still held the secret that was pasted."));
    assert_eq!(window.state().state.wallet.keys.hex.expose(), HEX, "the answer went into no field");
    window.state_mut().state.now_ms += 600_000;
    window.step();
    assert_eq!(of_clipboard(&window), (false, false), "once");
}

#[test]
fn what_else_the_clipboard_holds_by_then_stays_there() {
    let mut window = pasted_and_waited(60_000);
    window.event(egui::Event::Paste("a shopping list".to_owned()));
    window.step();
    assert_eq!(of_clipboard(&window), (false, false));
    assert_eq!(window.state().state.wallet.keys.hex.expose(), HEX);
    // One that holds no text never answers: what is pasted later is the user's.
    let mut window = pasted_and_waited(60_000);
    window.state_mut().state.now_ms += 3_001;
    window.step();
    window.event(egui::Event::Paste("ab".to_owned()));
    window.step();
    assert_eq!(window.state().state.wallet.keys.hex.expose(), format!("{HEX}ab"));
}

/// A phrase in a field that takes none is wiped there, and leaves the clipboard as well.
#[test]
fn a_phrase_that_was_pasted_elsewhere_leaves_the_clipboard_too() {
    let mut window = open_window(keyed(Screen::Explorer, false));
    window.event(egui::Event::Paste(PHRASE.to_owned()));
    window.step();
    window.state_mut().state.now_ms += 60_000;
    window.step();
    window.event(egui::Event::Paste(PHRASE.to_owned()));
    window.step();
    assert_eq!(of_clipboard(&window), (false, true));
}
