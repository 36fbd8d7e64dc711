//! The offline file of a review in the window: as a file, and as QR codes shown in turn; and what comes back.

use std::sync::Arc;

use egui_kittest::kittest::Queryable as _;
use lifeboat::app::{Command, Ended, Outcome, WalletCommand};
use lifeboat::gui::Screen;

use super::lab::{Window, open_window, paste, says, words};
use super::wallet_lab::{frames, keyed, pass, reviewing};

/// Review with its offline file made.
fn made() -> Window {
    let mut window = open_window(reviewing(|_| {}));
    frames(&mut window);
    let wallet = Arc::make_mut(&mut window.state_mut().snapshot.wallet);
    wallet.ended =
        Some(Ended { number: 1, outcome: Ok(Outcome::OfflineFile("{\"lifeboat\":1}".to_owned())) });
    frames(&mut window);
    window
}

fn press(window: &mut Window, label: &str) {
    window.get_by_label(label).scroll_to_me();
    frames(window);
    window.get_by_label(label).click();
    frames(window);
}

#[test]
fn a_request_is_shown_part_by_part_and_can_stand_still() {
    let mut window = made();
    press(&mut window, "Show as QR codes");
    let count = window.state().state.wallet.review.frames.codes.len();
    assert!(count > 0, "{:?}", words(&window));
    let all = window.state().state.wallet.review.frames.codes.clone();
    assert!(all.iter().all(|one| one.starts_with("ur:eth-sign-request/")));
    assert!(says(&window, &format!("Part 1 of {count}")));
    // A longer one, as a call has it: each part in its turn, by the clock.
    let three: Vec<String> = (1..=3).map(|at| format!("ur:eth-sign-request/{at}-3/aa")).collect();
    window.state_mut().state.wallet.review.frames.codes = three;
    pass(&mut window, 500);
    assert!(says(&window, "Part 2 of 3"), "{:?}", words(&window));
    pass(&mut window, 800);
    assert!(says(&window, "Part 1 of 3"), "{:?}", words(&window));
    press(&mut window, "Stand still");
    pass(&mut window, 2_000);
    let at = window.state().state.wallet.review.frames.at;
    press(&mut window, "Next part");
    assert_eq!(window.state().state.wallet.review.frames.at, (at + 1) % 3);
}

#[test]
fn a_path_that_is_none_says_so_and_a_file_goes_where_the_user_looks() {
    let mut window = made();
    window.state_mut().state.wallet.review.frames.path = "m/44/x".to_owned();
    press(&mut window, "Show as QR codes");
    assert!(says(&window, "That is no derivation path."));
    window.state_mut().state.wallet.review.frames.path.clear();
    window.state_mut().state.wallet.review.frames.fingerprint = "xyz".to_owned();
    press(&mut window, "Show as QR codes");
    assert!(says(&window, "A fingerprint has 8 hex digits."));
    press(&mut window, "Save to file");
    let saved = window.state().sent.iter().any(|one| {
        matches!(one, Command::Wallet(WalletCommand::SaveText { path, text })
            if path.to_str().is_some_and(|name| name.starts_with("lifeboat-unsigned-211-")) && text.contains("lifeboat"))
    });
    assert!(saved, "{:?}", window.state().sent);
}

#[test]
fn motion_that_is_not_wanted_is_left_to_the_user() {
    let mut window = made();
    window.state_mut().state.kept.reduce_motion = true;
    press(&mut window, "Show as QR codes");
    assert!(window.state().state.wallet.review.frames.paused);
}

#[test]
fn a_signers_answer_and_a_file_are_opened_under_send() {
    let mut window = open_window(keyed(Screen::Send, true));
    press(&mut window, "Open an offline file or a signed transaction");
    pass(&mut window, 600);
    let field = "Paste the file's text, the raw transaction (0x…), or a QR signer's answer (ur:…)";
    window.get_by_label(field).focus();
    frames(&mut window);
    paste(&mut window, "UR:ETH-SIGNATURE/OEADTPDAGD");
    press(&mut window, "Open it");
    let opened = |window: &Window, wanted: &WalletCommand| {
        window.state().sent.iter().any(|one| matches!(one, Command::Wallet(order) if order == wanted))
    };
    assert!(opened(&window, &WalletCommand::OpenAnswer("UR:ETH-SIGNATURE/OEADTPDAGD".to_owned())));
    // A file that was read is opened as what was pasted is.
    let wallet = Arc::make_mut(&mut window.state_mut().snapshot.wallet);
    wallet.ended = Some(Ended { number: 1, outcome: Ok(Outcome::Text("0xabcd".to_owned())) });
    window.state_mut().state.screen = Screen::Send;
    frames(&mut window);
    assert!(opened(&window, &WalletCommand::Open(vec![0xab, 0xcd].into())), "{:?}", window.state().sent);
}
