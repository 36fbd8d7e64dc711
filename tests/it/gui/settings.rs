//! Settings: what each choice changes, and that wiping asks.

use egui_kittest::kittest::Queryable as _;
use lifeboat::app::{Command, NetworkName};
use lifeboat::gui::{Grouping, Language, Screen, ThemeChoice, Wish};

use super::lab::{click, desk, open_at, says};

const TALL: egui::Vec2 = egui::vec2(1100.0, 1600.0);

#[test]
fn choices_are_kept() {
    let mut window = open_at(desk(Screen::Settings), TALL);
    for label in ["Light", "Español"] {
        click(&mut window, label);
    }
    click(&mut window, "12,400.50");
    let kept = &window.state().state.kept;
    assert_eq!(
        (kept.theme, kept.language, kept.grouping),
        (ThemeChoice::Light, Language::Spanish, Grouping::Comma)
    );
    assert!(says(&window, "Ajustes"), "at once");
}

#[test]
fn another_network_is_opened_by_the_window() {
    let mut window = open_at(desk(Screen::Settings), TALL);
    assert!(window.query_by_label("Try it without risk").is_none(), "this is practice");
    click(&mut window, "Open Ethereum");
    assert_eq!(window.state().state.wish, Some(Wish::Open(NetworkName::Mainnet)));
}

#[test]
fn a_proxy_is_checked_and_the_network_opened_again() {
    let mut desk = desk(Screen::Settings);
    desk.state.settings.proxy = Some(lifeboat::gui::Field { text: "127.0.0.1:9050".to_owned(), error: None });
    let mut window = open_at(desk, TALL);
    click(&mut window, "Use it");
    assert!(says(&window, "A proxy begins with socks5h://"));
    assert!(window.state().sent.is_empty());
    let typed = lifeboat::gui::Field { text: "socks5h://127.0.0.1:9050".to_owned(), error: None };
    window.state_mut().state.settings.proxy = Some(typed);
    window.run();
    click(&mut window, "Use it");
    assert_eq!(window.state().sent, [Command::SetProxy("socks5h://127.0.0.1:9050".to_owned())]);
    assert_eq!(window.state().state.wish, Some(Wish::Reopen));
}

#[test]
fn wiping_asks_first() {
    let mut window = open_at(desk(Screen::Settings), TALL);
    click(&mut window, "Wipe this computer's data");
    assert!(window.get_by_label("Keep it").is_focused());
    click(&mut window, "Keep it");
    assert_eq!(window.state().state.book.watched.len(), 2);
    click(&mut window, "Wipe this computer's data");
    click(&mut window, "Wipe");
    assert!(window.state().state.book.watched.is_empty());
    assert_eq!(window.state().sent, [Command::ForgetFetched]);
}
