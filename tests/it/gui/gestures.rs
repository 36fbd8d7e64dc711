//! Signing: what counts as a gesture, and what never does.

use std::sync::Arc;

use egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::Queryable as _;
use lifeboat::app::{Command, WalletCommand};
use lifeboat::gui::Screen;

use super::lab::{SMALLEST, Window, open_at, open_window, says, words};
use super::wallet_lab::{
    BOB, close_to_liquidation, frames, keyed, middle, mouse, pass, review, reviewing, show, signs, stranger,
    unlimited,
};

const HOLD: &str = "Hold to sign and send";
const CLICK: &str = "Sign and send";
const FACT: &str = "1 danger · Type the new health factor to unlock";

fn armed(change: impl FnOnce(&mut lifeboat::wallet::review::ReviewInput<'_>)) -> Window {
    let mut window = open_window(reviewing(change));
    frames(&mut window);
    pass(&mut window, 1_100);
    window
}

#[test]
fn a_hold_released_at_1_4_seconds_does_nothing_and_one_of_1_5_signs_once() {
    let mut window = armed(stranger);
    let button = middle(&window, HOLD);
    mouse(&mut window, button, true);
    pass(&mut window, 1_400);
    mouse(&mut window, button, false);
    pass(&mut window, 2_000);
    assert!(signs(&window).is_empty());
    mouse(&mut window, button, true);
    pass(&mut window, 1_600);
    assert_eq!(signs(&window).len(), 1);
    assert!(signs(&window)[0].held);
    pass(&mut window, 3_000);
    assert_eq!(signs(&window).len(), 1, "a hold that goes on signs nothing more");
}

#[test]
fn the_pointer_that_leaves_the_button_cancels_the_hold() {
    let mut window = armed(stranger);
    let button = middle(&window, HOLD);
    mouse(&mut window, button, true);
    pass(&mut window, 1_000);
    window.event(egui::Event::PointerMoved(button - vec2(0.0, 200.0)));
    pass(&mut window, 1_000);
    assert!(signs(&window).is_empty());
}

#[test]
fn nothing_is_listened_to_in_the_first_second() {
    let mut window = open_window(reviewing(|_| {}));
    frames(&mut window);
    let button = middle(&window, CLICK);
    pass(&mut window, 500);
    mouse(&mut window, button, true);
    mouse(&mut window, button, false);
    assert!(signs(&window).is_empty());
    pass(&mut window, 600);
    mouse(&mut window, button, true);
    mouse(&mut window, button, false);
    assert_eq!(signs(&window).len(), 1);
    assert!(!signs(&window)[0].held);
}

#[test]
fn a_window_that_gets_its_focus_back_listens_a_second_later() {
    let mut window = armed(|_| {});
    window.event(egui::Event::WindowFocused(false));
    window.input_mut().focused = false;
    window.step();
    window.input_mut().focused = true;
    window.step();
    let button = middle(&window, CLICK);
    mouse(&mut window, button, true);
    mouse(&mut window, button, false);
    assert!(signs(&window).is_empty());
    pass(&mut window, 1_100);
    mouse(&mut window, button, true);
    mouse(&mut window, button, false);
    assert_eq!(signs(&window).len(), 1);
}

#[test]
fn the_focus_lands_on_the_heading_and_no_enter_signs_from_there() {
    let mut window = armed(|_| {});
    let heading = window.get_by_label("Review: Send 1.25 ETH");
    assert!(heading.is_focused());
    for _ in 0..3 {
        window.key_press(Key::Enter);
        window.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
        frames(&mut window);
    }
    assert!(signs(&window).is_empty());
}

#[test]
fn enter_and_space_on_the_button_itself_sign_but_not_with_ctrl() {
    let mut window = armed(|_| {});
    window.get_by_label(CLICK).focus();
    frames(&mut window);
    window.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
    frames(&mut window);
    assert!(signs(&window).is_empty(), "Ctrl+Enter does nothing here");
    window.key_press(Key::Enter);
    frames(&mut window);
    assert_eq!(signs(&window).len(), 1);
}

#[test]
fn a_danger_is_unlocked_by_its_own_fact_alone() {
    let mut window = armed(close_to_liquidation);
    assert!(says(&window, "Danger: Health factor ends at 1.11."), "{:?}", words(&window));
    let button = middle(&window, HOLD);
    let held = |window: &mut Window| {
        mouse(window, button, true);
        pass(window, 1_700);
        mouse(window, button, false);
        signs(window).len()
    };
    assert_eq!(held(&mut window), 0, "nothing was typed");
    window.get_by_label(FACT).focus();
    frames(&mut window);
    window.event(egui::Event::Text("1.12".to_owned()));
    frames(&mut window);
    window.key_press(Key::Enter);
    frames(&mut window);
    assert_eq!(held(&mut window), 0, "1.12 keeps it locked");
    window.get_by_label(FACT).focus();
    frames(&mut window);
    for _ in 0..6 {
        window.key_press(Key::Backspace);
        window.key_press(Key::Delete);
    }
    frames(&mut window);
    window.event(egui::Event::Text("1.11".to_owned()));
    frames(&mut window);
    assert!(says(&window, "You typed what each danger asks for."), "{:?}", words(&window));
    window.key_press(Key::Enter);
    frames(&mut window);
    assert!(signs(&window).is_empty(), "Enter in the field never signs");
    assert_eq!(held(&mut window), 1);
    assert_eq!(signs(&window)[0].facts, ["1.11"]);
}

#[test]
fn a_block_leaves_no_button() {
    let mut window = armed(|input| input.sender.balance = alloy::primitives::U256::from(5));
    assert!(says(&window, "Blocked: Needs 1.250063 ETH with fee"), "{:?}", words(&window));
    for label in [HOLD, CLICK] {
        assert!(window.query_by_label(label).is_none());
    }
    window.get_by_label("Edit it").click();
    frames(&mut window);
    assert_eq!(window.state().state.screen, Screen::Send);
    assert!(window.state().sent.contains(&Command::Wallet(WalletCommand::CloseReview)));
}

#[test]
fn what_changed_while_reading_turns_the_button_off_until_it_is_read() {
    let mut window = armed(stranger);
    // Another head that changes nothing.
    show(window.state_mut(), review(stranger), 2);
    frames(&mut window);
    let button = middle(&window, HOLD);
    mouse(&mut window, button, true);
    pass(&mut window, 1_600);
    mouse(&mut window, button, false);
    assert_eq!(signs(&window).len(), 1, "any other head does not disarm");
    let changed = review(|input| {
        stranger(input);
        input.changed = Some("you now receive 1.48 WETH, was 1.50".to_owned());
    });
    show(window.state_mut(), changed, 3);
    frames(&mut window);
    assert!(says(&window, "Changed since you opened this: you now receive 1.48 WETH, was 1.50."));
    pass(&mut window, 1_500);
    mouse(&mut window, button, true);
    pass(&mut window, 1_800);
    mouse(&mut window, button, false);
    assert_eq!(signs(&window).len(), 1);
    window.get_by_label("Got it").click();
    frames(&mut window);
    pass(&mut window, 1_100);
    mouse(&mut window, button, true);
    pass(&mut window, 1_600);
    assert_eq!(signs(&window).len(), 2);
}

#[test]
fn two_presses_by_keyboard_alone() {
    let mut desk = reviewing(stranger);
    desk.state.kept.two_press = true;
    let mut window = open_window(desk);
    frames(&mut window);
    pass(&mut window, 1_100);
    window.get_by_label(HOLD).focus();
    frames(&mut window);
    window.key_press(Key::Space);
    frames(&mut window);
    assert!(signs(&window).is_empty());
    assert!(window.query_by_label("Press again to sign").is_some());
    window.key_press(Key::Space);
    frames(&mut window);
    assert!(signs(&window).is_empty(), "too soon: a double press is one");
    pass(&mut window, 1_200);
    window.key_press(Key::Space);
    frames(&mut window);
    assert_eq!(signs(&window).len(), 1);
    assert!(signs(&window)[0].held);
}

#[test]
fn a_screen_readers_click_starts_the_two_press_form() {
    let mut window = armed(stranger);
    window.get_by_label(HOLD).click_accesskit();
    frames(&mut window);
    assert!(signs(&window).is_empty());
    pass(&mut window, 1_200);
    window.get_by_label("Press again to sign").click_accesskit();
    frames(&mut window);
    assert_eq!(signs(&window).len(), 1);
}

#[test]
fn keys_that_were_down_before_the_button_had_the_focus_do_not_count() {
    let mut window = armed(stranger);
    window.key_down(Key::Space);
    window.step();
    window.get_by_label(HOLD).focus();
    window.step();
    pass(&mut window, 2_500);
    assert!(signs(&window).is_empty());
    window.key_up(Key::Space);
    window.step();
    window.key_down(Key::Space);
    window.step();
    pass(&mut window, 1_600);
    assert_eq!(signs(&window).len(), 1);
}

#[test]
fn back_and_sign_stand_far_apart_and_in_the_window() {
    for size in [vec2(820.0, 560.0), SMALLEST, super::lab::USUAL] {
        let mut window = open_at(reviewing(close_to_liquidation), size);
        frames(&mut window);
        let back = window.get_by_label("Back").rect();
        let sign = window.get_by_label(HOLD).rect();
        assert!(sign.left() - back.right() >= 200.0, "{size:?}: {back:?} {sign:?}");
        assert!(sign.right() <= size.x && sign.bottom() <= size.y, "{size:?}: {sign:?}");
        let fact = window.get_by_label(FACT).rect();
        assert!(fact.right() <= size.x && fact.bottom() <= size.y, "{size:?}: {fact:?}");
        assert!(!fact.intersects(sign) && !fact.intersects(back), "{size:?}");
    }
}

#[test]
fn a_locked_account_is_unlocked_first_and_enter_there_signs_nothing() {
    let mut desk = keyed(Screen::Review, false);
    show(&mut desk, review(|_| {}), 1);
    let mut window = open_window(desk);
    frames(&mut window);
    assert!(window.query_by_label(CLICK).is_none());
    window.get_by_label("Unlock to sign").click();
    frames(&mut window);
    window.event(egui::Event::Text("correct horse".to_owned()));
    window.key_press(Key::Enter);
    frames(&mut window);
    assert!(signs(&window).is_empty());
    let unlocks = |window: &Window| {
        let sent = window.state().sent.iter();
        sent.filter(|one| matches!(one, Command::Wallet(WalletCommand::Unlock { .. }))).count()
    };
    assert_eq!(unlocks(&window), 1);
    let wallet = Arc::make_mut(&mut window.state_mut().snapshot.wallet);
    let reason = lifeboat::app::Reason::new("Wrong password. The file is intact; try again.", "", "");
    wallet.ended = Some(lifeboat::app::Ended { number: 1, outcome: Err(reason) });
    let until = window.state().state.now_ms + 2_000;
    Arc::make_mut(&mut window.state_mut().snapshot.wallet).wait_until_ms = until;
    frames(&mut window);
    assert!(says(&window, "Wrong password. The file is intact; try again."));
    assert!(says(&window, "The next try waits 2 s."));
    window.event(egui::Event::Text("again".to_owned()));
    window.key_press(Key::Enter);
    frames(&mut window);
    assert_eq!(unlocks(&window), 1, "not before the wait is over");
}

#[test]
fn what_was_sent_before_a_frame_saw_its_signature_is_no_draft_any_more() {
    let mut desk = reviewing(|_| {});
    desk.state.wallet.send.draft.to = "0x52908400098527886E0F7030069857D2E4169EE7".to_owned();
    desk.state.wallet.send.draft.amount = "1.25".to_owned();
    let mut window = open_window(desk);
    let hash = alloy::primitives::B256::repeat_byte(7);
    let wallet = Arc::make_mut(&mut window.state_mut().snapshot.wallet);
    wallet.review = None;
    wallet.ended = Some(lifeboat::app::Ended { number: 2, outcome: Ok(lifeboat::app::Outcome::Sent(hash)) });
    frames(&mut window);
    let state = &window.state().state;
    assert_eq!((state.screen, state.wallet.transaction), (Screen::Transaction, Some(hash)));
    assert!(state.wallet.send.draft.to.is_empty() && state.wallet.send.draft.amount.is_empty());
}

#[test]
fn a_call_that_was_handed_over_is_titled_in_its_own_words_and_read_from_its_bytes() {
    let mut desk = reviewing(|_| {});
    let wallet = Arc::make_mut(&mut desk.snapshot.wallet);
    let open = wallet.review.as_mut().unwrap();
    Arc::make_mut(&mut open.prepared).noted.words = Some("Repay 1.25 ETH to Practice market".to_owned());
    let mut window = open_window(desk);
    frames(&mut window);
    assert!(super::lab::says(&window, "Review: Repay 1.25 ETH to Practice market"));
    assert!(super::lab::says(&window, "You send 1.25 ETH to Bob"), "what it does is read from the bytes");
}

#[test]
fn a_fact_stays_what_it_was_when_it_was_read() {
    let at = |hundredths| {
        review(move |input| {
            close_to_liquidation(input);
            input.health.as_mut().unwrap().after = Some(hundredths);
        })
    };
    let mut window = armed(close_to_liquidation);
    window.get_by_label(FACT).focus();
    frames(&mut window);
    // The next head moves the factor while it is being typed, within its level.
    show(window.state_mut(), at(110).after(&at(111)), 2);
    frames(&mut window);
    assert!(says(&window, "Danger: Health factor ends at 1.10."), "{:?}", words(&window));
    window.event(egui::Event::Text("1.11".to_owned()));
    frames(&mut window);
    assert!(says(&window, "You typed what each danger asks for."), "{:?}", words(&window));
    // And what was typed outlives the next one.
    show(window.state_mut(), at(109).after(&at(110).after(&at(111))), 3);
    frames(&mut window);
    assert!(says(&window, "You typed what each danger asks for."), "{:?}", words(&window));
}

#[test]
fn an_unlimited_approval_is_limited_by_a_button() {
    let token = alloy::primitives::Address::repeat_byte(0xc0);
    let mut desk = reviewing(|_| {});
    show(&mut desk, unlimited(token), 1);
    let mut window = open_window(desk);
    frames(&mut window);
    // The view of these tests knows no units: the amount is raw there.
    let label = words(&window).into_iter().find(|one| one.starts_with("Limit to ")).unwrap();
    window.get_by_label(&label).click();
    frames(&mut window);
    let wanted = window.state().sent.iter().find_map(|one| match one {
        Command::Wallet(WalletCommand::Review(request)) => Some((request.intent.clone(), request.nonce)),
        _ => None,
    });
    let amount = alloy::primitives::U256::from(1_000_000_000);
    let intent = lifeboat::wallet::Intent::Approve { token, spender: BOB, amount };
    assert_eq!(wanted, Some((intent, Some(211))));
}
