//! The trust bar says the exact words of each state, and drops from the right where there is no room.

use egui_kittest::kittest::{NodeT as _, Queryable as _};
use lifeboat::app::{Reason, SyncView};
use lifeboat::gui::Screen;

use super::lab::{Desk, SMALLEST, USUAL, Window, click, desk, low_participation, open_at, says};

fn bar(window: &Window) -> Vec<String> {
    let nodes = window.root().children_recursive();
    let labels = nodes.filter_map(|node| node.accesskit_node().label());
    labels.filter_map(|label| label.strip_suffix(". Opens Network.").map(str::to_owned)).collect()
}

fn at_age(secs: u64) -> Desk {
    let mut desk = desk(Screen::Settings);
    let slot = desk.snapshot.head.unwrap().proven.slot();
    desk.state.now_ms = desk.snapshot.network.slot_start_ms(slot) + secs * 1_000;
    desk
}

#[test]
fn normal() {
    let window = open_at(at_age(4), USUAL);
    let bar = bar(&window);
    let slot = window.state().snapshot.head.unwrap().proven.slot();
    let grouped = format!("{}\u{2009}{}", slot / 1_000, slot % 1_000);
    assert_eq!(bar[0], "Verified");
    assert_eq!(bar[1], format!("Slot {grouped} · 4 s ago"));
    assert!(bar[2].starts_with("Final \u{2212}") && bar[2].ends_with(" min"), "{bar:?}");
    assert_eq!(bar[3], "Signed 512/512");
    assert!(bar[4].starts_with("Endpoints ") && bar[4].ends_with("/6"), "{bar:?}");
    assert!(bar[5].starts_with("Checkpoint "), "{bar:?}");
    assert_eq!(bar[6], "Practice (7777777)");
    // The practice network's base fee is a few wei: it is not rounded up to a thousandth of a gwei.
    assert!(bar[7].starts_with("Base fee ") && bar[7].ends_with(" wei"), "{bar:?}");
}

#[test]
fn slow_and_stale() {
    assert_eq!(bar(&open_at(at_age(58), USUAL))[0], "Verified, slow head 58 s");
    let window = open_at(at_age(840), USUAL);
    assert!(bar(&window)[0].starts_with("Stale since ") && bar(&window)[0].ends_with(" UTC"));
}

#[test]
fn syncing() {
    let mut desk = desk(Screen::Settings);
    desk.snapshot.head = None;
    desk.snapshot.finalized = None;
    desk.snapshot.sync =
        SyncView::CatchingUp(lifeboat::chain::SyncProgress { from: 1_600, done: 1_604, target: 1_607 });
    assert_eq!(bar(&open_at(desk, USUAL))[0], "Syncing: catching up 1604/1607");
}

#[test]
fn low_participation_is_a_caution_and_a_banner() {
    let mut desk = desk(Screen::Settings);
    desk.snapshot = low_participation();
    let window = open_at(desk, USUAL);
    assert!(bar(&window).contains(&"Signed 360/512, low".to_owned()), "{:?}", bar(&window));
    assert!(says(&window, "Only 360 of 512 committee members signed the newest head."));
}

#[test]
fn a_start_that_is_too_old_needs_the_user() {
    let mut desk = desk(Screen::Settings);
    desk.snapshot.sync = SyncView::NeedsCheckpoint(Reason::new("too old", "-", "-"));
    let slot = desk.snapshot.checkpoint.unwrap().slot.unwrap();
    desk.state.now_ms = desk.snapshot.network.slot_start_ms(slot) + 23 * 86_400_000;
    let mut window = open_at(desk, USUAL);
    assert_eq!(bar(&window)[0], "Stopped: needs your decision");
    assert!(says(&window, "Your starting point is 23 d old."));
    click(&mut window, "Open Network");
    window.get_by_label("Compare sources");
    assert!(says(&window, "type its age in days: 23"));
}

#[test]
fn the_first_three_stay_in_the_smallest_window() {
    let window = open_at(at_age(4), SMALLEST);
    let bar = bar(&window);
    assert!(bar.len() >= 3 && bar.len() < 8, "{bar:?}");
    assert_eq!(bar[0], "Verified");
    assert!(bar[1].starts_with("Slot ") && bar[2].starts_with("Final "), "{bar:?}");
}
