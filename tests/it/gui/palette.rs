//! The palette: commands by name, pasted data by kind, and secrets wiped before anything is asked.

use alloy::primitives::B256;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use lifeboat::app::{BlockQuery, Command, NetworkName, Question};
use lifeboat::devnet::execution::PRACTICE_ACCOUNTS;
use lifeboat::gui::{Screen, Wish};

use super::lab::{Window, click, desk, open_window, paste, press, says};

fn opened() -> Window {
    let mut window = open_window(desk(Screen::Home));
    window.key_press_modifiers(Modifiers::COMMAND, Key::K);
    window.run();
    assert!(window.state().state.omnibox.open);
    window
}

fn secret_is_gone(window: &Window) {
    let desk = window.state();
    assert!(desk.state.omnibox.field.text.is_empty(), "wiped");
    assert!(desk.sent.is_empty(), "{:?}", desk.sent);
    let said =
        "That looks like a secret. Lifeboat removed it and sent nothing. To use it, go to Accounts › Add.";
    assert!(says(window, said));
}

#[test]
fn a_recovery_phrase_is_wiped() {
    let mut window = opened();
    paste(&mut window, "legal winner thank year wave sausage worth useful legal winner thank yellow");
    secret_is_gone(&window);
}

#[test]
fn the_private_key_of_a_known_account_is_wiped_with_and_without_0x() {
    let key = PRACTICE_ACCOUNTS[0].key;
    for text in [key.to_string(), key.to_string().trim_start_matches("0x").to_owned()] {
        let mut window = opened();
        paste(&mut window, &text);
        secret_is_gone(&window);
    }
}

#[test]
fn bare_digits_ask_first_and_clearing_is_the_safe_choice() {
    let mut window = opened();
    paste(&mut window, &"ab".repeat(32));
    assert!(says(
        &window,
        "Is this a hash? Looking it up sends it to endpoints. If it is a private key, stop."
    ));
    assert!(window.get_by_label("Clear it").is_focused());
    assert!(window.state().sent.is_empty());
    press(&mut window, Key::Enter);
    assert!(window.state().sent.is_empty(), "Enter clears");
    assert!(window.state().state.omnibox.field.text.is_empty());

    let mut window = opened();
    paste(&mut window, &"ab".repeat(32));
    click(&mut window, "It is a hash");
    let question = Question::Transaction(B256::repeat_byte(0xab));
    assert_eq!(window.state().sent, [Command::Ask(question)]);
    assert_eq!(window.state().state.screen, Screen::Explorer);
}

#[test]
fn pasted_data_leads_where_it_belongs() {
    let mut window = opened();
    paste(&mut window, "161");
    press(&mut window, Key::Enter);
    assert_eq!(window.state().sent, [Command::Ask(Question::Block(BlockQuery::Number(161)))]);

    let mut window = opened();
    paste(&mut window, &format!("0x{}", "cd".repeat(32)));
    for row in ["Look up this transaction", "Look up the block with this hash"] {
        window.get_by_label(row);
    }

    let mut window = opened();
    paste(&mut window, "0x52908400098527886E0F7030069857D2E4169EE7");
    click(&mut window, "Save as watch-only");
    assert_eq!(window.state().state.book.watched.len(), 3);
    assert_eq!(window.state().state.screen, Screen::Home);
}

#[test]
fn commands_are_found_by_a_few_letters_and_disabled_ones_say_why() {
    let mut window = opened();
    paste(&mut window, "gotonetw");
    press(&mut window, Key::Enter);
    assert_eq!(window.state().state.screen, Screen::Network);
    assert!(!window.state().state.omnibox.open);

    let mut window = opened();
    paste(&mut window, "speed up");
    assert!(says(&window, "Speed up the waiting transaction: none is waiting"));
    press(&mut window, Key::Enter);
    assert!(window.state().sent.is_empty());
    assert!(window.state().state.omnibox.open, "it goes nowhere");

    let mut window = opened();
    paste(&mut window, "without risk");
    press(&mut window, Key::Enter);
    assert_eq!(window.state().state.wish, Some(Wish::Open(NetworkName::Practice)));
}

#[test]
fn escape_closes_it() {
    let mut window = opened();
    press(&mut window, Key::Escape);
    assert!(!window.state().state.omnibox.open);
}
