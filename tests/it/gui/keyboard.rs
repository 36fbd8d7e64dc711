//! Keys: screens by number, back by Escape, and Tab in reading order.

use egui::{Key, Modifiers};
use egui_kittest::kittest::NodeT as _;
use lifeboat::gui::Screen;

use super::lab::{Window, desk, open_window, press};

#[test]
fn screens_by_number_and_back_by_escape() {
    let mut window = open_window(desk(Screen::Home));
    for (key, screen) in [
        (Key::Num2, Screen::Positions),
        (Key::Num3, Screen::Send),
        (Key::Num4, Screen::Activity),
        (Key::Num5, Screen::Approvals),
        (Key::Num6, Screen::Explorer),
        (Key::Num7, Screen::Contracts),
        (Key::Num8, Screen::Network),
        (Key::Num9, Screen::Accounts),
        (Key::Num1, Screen::Home),
    ] {
        window.key_press_modifiers(Modifiers::COMMAND, key);
        window.run();
        assert_eq!(window.state().state.screen, screen);
    }
    press(&mut window, Key::Escape);
    assert_eq!(window.state().state.screen, Screen::Accounts);
    press(&mut window, Key::Escape);
    assert_eq!(window.state().state.screen, Screen::Network);
}

#[test]
fn function_keys() {
    let mut window = open_window(desk(Screen::Home));
    press(&mut window, Key::F2);
    assert!(window.state().state.kept.calm);
    window.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::H);
    window.run();
    assert!(window.state().state.kept.hide_amounts);
    window.state_mut().state.asked_at = Some((1, 1));
    press(&mut window, Key::F5);
    assert_eq!(window.state().state.asked_at, None, "everything is asked again");
}

fn focused(window: &Window) -> Option<(egui::Rect, String)> {
    let node = window.root().children_recursive().find(|node| node.is_focused())?;
    Some((node.rect(), node.accesskit_node().label().unwrap_or_default()))
}

/// In each region (bar, navigation, page) the focus goes down the page, or right within a row.
#[test]
fn tab_goes_in_reading_order() {
    for screen in [Screen::Home, Screen::Settings, Screen::Explorer] {
        let mut window = open_window(desk(screen));
        let mut last: Option<(egui::Rect, String)> = None;
        for _ in 0..14 {
            press(&mut window, Key::Tab);
            let Some((rect, label)) = focused(&window) else { continue };
            assert!(!label.is_empty(), "{screen:?}: the focus is on something without a name");
            if let Some((before, said)) = &last {
                let same_region = (before.left() < 184.0) == (rect.left() < 184.0)
                    && before.top() > 50.0
                    && rect.top() > 50.0;
                let down = rect.top() + 2.0 >= before.top() || rect.left() >= before.right();
                assert!(!same_region || down, "{screen:?}: {said} then {label}");
            }
            last = Some((rect, label));
        }
        assert!(last.is_some(), "{screen:?}: Tab moves the focus");
    }
}

/// Top bar, navigation, page, trust bar, and round again; with Shift the other way.
#[test]
fn f6_goes_from_region_to_region() {
    let mut window = open_window(desk(Screen::Settings));
    let region = |window: &Window| {
        let (rect, _) = focused(window).expect("something has the focus");
        let centre = rect.center();
        match (centre.y < 50.0, centre.y > 720.0 - 34.0, centre.x < 184.0) {
            (true, ..) => "top",
            (_, true, _) => "trust",
            (_, _, true) => "navigation",
            _ => "page",
        }
    };
    let mut seen = Vec::new();
    for _ in 0..5 {
        press(&mut window, Key::F6);
        seen.push(region(&window));
    }
    assert_eq!(seen, ["top", "navigation", "page", "trust", "top"]);
    for place in ["trust", "page", "navigation"] {
        window.key_press_modifiers(Modifiers::SHIFT, Key::F6);
        window.run();
        assert_eq!(region(&window), place);
    }
    window.state_mut().state.omnibox.open = true;
    window.run();
    press(&mut window, Key::F6);
    assert!(window.state().state.omnibox.open, "what is open over the page keeps the keys");
}
