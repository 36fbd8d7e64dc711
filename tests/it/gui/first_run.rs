//! First run: the keyboard alone leads to a watched address; what is no address is said, and secrets are wiped.

use egui::Key;
use lifeboat::app::Command;
use lifeboat::devnet::execution::PRACTICE_ACCOUNTS;
use lifeboat::gui::{Screen, refresh};

use super::lab::{accounts_question, click, desk, empty_desk, open_window, paste, press, says};

#[test]
fn paste_and_enter_are_enough() {
    let mut window = open_window(empty_desk(Screen::FirstRun));
    window.run();
    paste(&mut window, &PRACTICE_ACCOUNTS[0].address.to_checksum(None));
    press(&mut window, Key::Enter);
    let desk = window.state_mut();
    assert_eq!(desk.state.screen, Screen::Home);
    assert_eq!(desk.state.book.watched[0].address, PRACTICE_ACCOUNTS[0].address);
    assert!(desk.state.book.watched[0].keep);
    // The next frame's logic asks for it.
    refresh(&desk.snapshot, &mut desk.state, &mut desk.sent);
    assert!(
        desk.sent.iter().any(|one| matches!(one, Command::Ask(question) if *question != accounts_question())),
        "{:?}",
        desk.sent
    );
}

#[test]
fn what_is_no_address_is_said_exactly() {
    for (text, said) in [
        ("0x529084000985278886E0F7030069857D2E4169E", "That is 39 characters; an address has 40 after 0x."),
        (
            "0x52908400098527886E0F7030069857D2E4169Ee7",
            "The checksum does not match, so a character is wrong. Copy it again.",
        ),
        ("", "Paste an address first."),
    ] {
        let mut window = open_window(empty_desk(Screen::FirstRun));
        window.run();
        if !text.is_empty() {
            paste(&mut window, text);
        }
        press(&mut window, Key::Enter);
        assert!(says(&window, said), "{text}");
        assert_eq!(window.state().state.screen, Screen::FirstRun);
        assert!(window.state().sent.is_empty());
    }
}

#[test]
fn a_name_needs_a_verified_head() {
    let mut desk = empty_desk(Screen::FirstRun);
    desk.snapshot.head = None;
    let mut window = open_window(desk);
    window.run();
    paste(&mut window, "alice.eth");
    press(&mut window, Key::Enter);
    assert!(says(&window, "Names need a verified head. Paste the 0x address to start now."));
    assert!(window.state().sent.is_empty());

    let mut window = open_window(empty_desk(Screen::FirstRun));
    window.run();
    paste(&mut window, "alice.eth");
    press(&mut window, Key::Enter);
    assert!(matches!(window.state().sent.as_slice(), [Command::Ask(_)]), "{:?}", window.state().sent);
}

#[test]
fn a_phrase_is_wiped_at_once_and_nothing_is_asked() {
    let mut window = open_window(empty_desk(Screen::FirstRun));
    window.run();
    paste(&mut window, "test test test test test test test test test test test junk");
    let desk = window.state();
    assert!(desk.state.first.text.is_empty(), "wiped");
    assert!(desk.sent.is_empty());
    assert!(says(&window, "That looks like a secret. Lifeboat removed it and sent nothing."));
}

#[test]
fn no_password_is_asked_and_the_stages_have_names() {
    let window = open_window(empty_desk(Screen::FirstRun));
    for stage in [
        "Found ",
        "Checkpoint ",
        "sync committees",
        "Head verified, signed by 512 of 512",
        "Read your accounts",
    ] {
        assert!(says(&window, stage), "{stage}");
    }
    assert!(!says(&window, "assword"));
}

#[test]
fn what_endpoints_claim_is_offered_after_ten_seconds_without_a_head_and_not_before() {
    for screen in [Screen::FirstRun, Screen::Home] {
        let mut desk = if screen == Screen::Home { desk(screen) } else { empty_desk(screen) };
        let head = desk.snapshot.head.take();
        desk.state.now_ms = desk.state.started_ms + 9_900;
        let mut window = open_window(desk);
        assert!(!says(&window, "Still verifying."));
        window.state_mut().state.now_ms += 200;
        window.run();
        assert!(says(&window, "Still verifying.") && says(&window, "(not proven)"));
        assert!(!says(&window, "This takes longer than usual."));
        window.state_mut().state.now_ms += 20_000;
        window.run();
        assert!(says(&window, "This takes longer than usual."));
        click(&mut window, "Show what endpoints claim");
        assert_eq!(window.state().state.screen, Screen::Network);
        assert!(window.state().sent.contains(&Command::ProbeEndpoints));
        window.state_mut().state.screen = screen;
        window.state_mut().snapshot.head = head;
        window.run();
        assert!(!says(&window, "Still verifying."), "a head is there");
    }
}
