//! Every screen draws at every size, names all that can be used, and keeps within the window.

use egui_kittest::kittest::{NodeT as _, Queryable as _};
use lifeboat::app::{Loadable, Reason};
use lifeboat::gui::Screen;

use super::lab::{
    PALETTES, SMALLEST, USUAL, Window, account_question, accounts_question, desk, empty_desk, open_at,
    open_window, says, words,
};

#[test]
fn every_screen_fits_every_size_and_names_what_can_be_used() {
    for (name, screen) in Screen::ALL {
        for size in [USUAL, egui::vec2(820.0, 560.0), SMALLEST] {
            for palette in PALETTES {
                let mut desk = desk(screen);
                desk.state.palette = palette;
                // kittest itself fails on a control without a name and on a sign no font has.
                let window = open_at(desk, size);
                for node in window.root().children_recursive() {
                    let text = node.accesskit_node().label().unwrap_or_default();
                    let Some(bounds) = node.accesskit_node().bounding_box() else { continue };
                    let right = bounds.x1 as f32;
                    assert!(right <= size.x + 1.0, "{name} at {size:?}: {text:?} ends at {right}");
                }
                assert!(!words(&window).is_empty());
            }
        }
    }
}

#[test]
fn home_shows_proven_values_with_their_badges() {
    let window = open_window(desk(Screen::Home));
    assert!(says(&window, "Total of what you watch. Known as: Latest, block "));
    assert!(says(&window, "ETH balance of Main. Known as: Latest, block "));
    assert!(says(&window, "PUSD, 9\u{2009}"), "{:?}", words(&window));
    assert!(says(&window, "Lifeboat sees Ethereum only."));
    assert!(says(&window, "9979."), "{:?}", words(&window));
}

#[test]
fn hidden_amounts_are_hidden_from_screen_readers_too() {
    let mut desk = desk(Screen::Home);
    desk.state.kept.hide_amounts = true;
    let window = open_window(desk);
    assert!(says(&window, "•••••"));
    assert!(!says(&window, "9979."), "{:?}", words(&window));
    assert!(!says(&window, "955"), "{:?}", words(&window));
}

#[test]
fn a_failed_read_is_never_zero() {
    let mut desk = desk(Screen::Home);
    desk.state.seen.clear();
    desk.state.book.watched.iter_mut().for_each(|one| one.last = None);
    let reason = Reason::new("No endpoint gave an answer", "only the way failed", "try again");
    let answers = std::sync::Arc::make_mut(&mut desk.snapshot.answers);
    answers.clear();
    answers.insert(accounts_question(), Loadable::Failed { reason, previous: None });
    let window = open_window(desk);
    assert!(says(&window, "No endpoint gave an answer."));
    assert!(says(&window, "ETH balance of Main. Known as: Checking"));
    assert!(!words(&window).iter().any(|text| text == "0 ETH" || text == "0"), "{:?}", words(&window));
}

#[test]
fn values_of_an_earlier_run_are_stale_until_they_are_proven_again() {
    let mut desk = desk(Screen::Home);
    desk.state.seen.clear();
    std::sync::Arc::make_mut(&mut desk.snapshot.answers).clear();
    desk.snapshot.head = None;
    assert!(desk.state.book.watched[0].last.is_some(), "what is proven is remembered");
    desk.state.now_ms += 3_600_000;
    let window = open_window(desk);
    assert!(says(&window, "ETH balance of Main. Known as: Stale 1 h"), "{:?}", words(&window));
    assert!(says(&window, "9979."));
    assert!(!says(&window, "Known as: Latest"));
}

#[test]
fn home_without_accounts_asks_for_one() {
    let window = open_window(empty_desk(Screen::Home));
    assert_eq!(window.state().state.screen, Screen::FirstRun);
    window.get_by_label("See your accounts now. No sign-up. No keys needed.");
}

#[test]
fn the_block_is_shown_with_its_roots() {
    let mut desk = desk(Screen::Explorer);
    desk.state.explorer.question = Some(lifeboat::app::Question::Block(lifeboat::app::BlockQuery::Latest));
    let window = open_window(desk);
    for part in ["State root", "Receipts root", "Fee recipient", "transactions"] {
        assert!(says(&window, part), "{part}");
    }
}

#[test]
fn the_name_of_an_address_is_asked_only_where_there_is_a_registry_of_names() {
    let mut desk = desk(Screen::Explorer);
    desk.state.explorer.question = Some(account_question());
    let mut window = open_window(desk);
    window.run();
    let asks = |window: &Window| says(window, "Its ENS name");
    assert!(says(&window, "Copy address") && !asks(&window), "{:?}", words(&window));
    let mut network = (*window.state().snapshot.network).clone();
    network.ens_registry = Some(alloy::primitives::Address::repeat_byte(7));
    window.state_mut().snapshot.network = std::sync::Arc::new(network);
    window.run();
    assert!(asks(&window));
}
