//! A Trezor through the window and the real core: added, seen, and signing a payment that is then in a block.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use egui_kittest::kittest::Queryable as _;
use lifeboat::app::{
    Clock as _, Command, DevicePorts, Handle, NetworkName, Patience, Request, Running, SyncView, open,
};
use lifeboat::devnet::PracticeNetwork;
use lifeboat::devnet::execution::PRACTICE_ACCOUNTS;
use lifeboat::gui::{Screen, UiState};

use super::lab::{Desk, Window, open_at, says, words};
use crate::support::fake_trezor::{FakeTrezor, Mood};
use crate::support::practice::{FixedClock, endpoints, options};

/// A window on a core that runs.
struct Live {
    window: Window,
    handle: Handle,
    clock: Arc<FixedClock>,
    runtime: tokio::runtime::Runtime,
}

impl Live {
    /// One turn: what the core says is drawn, what the window orders is done.
    fn turn(&mut self) {
        self.window.state_mut().snapshot = (*self.handle.snapshot()).clone();
        let now_ms = self.clock.unix_ms();
        let desk = self.window.state_mut();
        desk.state.now_ms = now_ms;
        lifeboat::gui::refresh(&desk.snapshot, &mut desk.state, &mut desk.sent);
        self.window.step();
        let sent: Vec<Command> = std::mem::take(&mut self.window.state_mut().sent);
        for command in sent {
            self.handle.send(command).unwrap();
        }
    }

    /// Turns until the page says so.
    fn until(&mut self, done: impl Fn(&Self) -> bool, what: &str) {
        for _ in 0..6_000 {
            self.turn();
            if done(self) {
                return;
            }
            self.runtime.block_on(async { tokio::time::sleep(Duration::from_millis(10)).await });
        }
        panic!("never: {what}: {:?}", words(&self.window));
    }

    fn says(&mut self, part: &str) {
        self.until(|live| says(&live.window, part), part);
    }

    fn click(&mut self, label: &str) {
        self.until(|live| live.window.query_by_label(label).is_some(), label);
        self.window.get_by_label(label).scroll_to_me();
        self.turn();
        self.turn();
        self.window.get_by_label(label).click();
        self.turn();
    }

    /// Lets the window's clock go on.
    fn later(&mut self, millis: u64) {
        self.clock.0.fetch_add(millis, Ordering::Relaxed);
        self.turn();
    }
}

#[test]
fn a_trezor_is_added_and_signs_a_payment() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let network = runtime.block_on(PracticeNetwork::start(&options())).unwrap();
    let fake = FakeTrezor::start(Mood::Willing);
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(FixedClock::default());
    let spec = network.spec();
    clock.0.store(spec.slot_start_ms(network.head_slot()) + spec.slot_duration_ms / 2, Ordering::Relaxed);
    let request = Request {
        practice: Some((spec.clone(), endpoints(&network))),
        data_dir: Some(folder.path().to_owned()),
        ..Request::of(NetworkName::Practice)
    };
    let patience = Patience { first_ms: 60_000, person_ms: 60_000 };
    let ports = DevicePorts { trezor: Some(fake.at), patience, ..DevicePorts::default() };
    let opened = open(request, clock.clone()).unwrap().with_device_ports(ports);
    let (handle, core) = opened.start(Arc::new(|| {})).unwrap();
    let mut state = UiState::new(Default::default(), clock.unix_ms());
    state.kept.told_watch_only = true;
    state.screen = Screen::Accounts;
    let desk = Desk { snapshot: (*handle.snapshot()).clone(), state, sent: Vec::new() };
    let window = open_at(desk, egui::vec2(1100.0, 1800.0));
    let mut live = Live { window, handle, clock, runtime };
    live.until(|live| live.handle.snapshot().sync == SyncView::Following, "synced");

    live.click("Hardware wallet");
    live.click("Trezor");
    live.click("Connect Trezor");
    live.says("m/44'/60'/0'/0/4");
    live.says("10\u{2009}000");
    live.window.get_by_label("Name for it").focus();
    live.turn();
    live.window.event(egui::Event::Text("Cold".to_owned()));
    live.turn();
    // The person says no first; nothing is kept then.
    fake.set(Mood::Declines);
    live.click("Show it on the Trezor and add");
    live.says("You declined on the Trezor. Nothing was sent.");
    fake.set(Mood::Willing);
    live.click("Show it on the Trezor and add");
    live.says("Added. Its key stays on the device.");
    live.says("Trezor, can sign");

    live.click("Send: Cold");
    live.until(|live| live.window.query_by_label("To").is_some(), "the form");
    live.window.get_by_label("To").focus();
    live.turn();
    let bob = PRACTICE_ACCOUNTS[1].address.to_checksum(None);
    live.window.event(egui::Event::Paste(bob));
    live.turn();
    live.until(|live| live.window.query_by_label("Amount").is_some(), "the amount's field");
    live.window.get_by_label("Amount").focus();
    live.turn();
    live.window.event(egui::Event::Text("1.5".to_owned()));
    live.turn();
    live.until(|live| live.window.state().state.wallet.send.draft.amount == "1.5", "the amount");
    for _ in 0..6_000 {
        if live.window.state().state.screen == Screen::Review {
            break;
        }
        live.click("Review"); // off until the balance is proven
    }
    live.says("Your Trezor will show");
    // A first payment to a stranger is a caution, which is held for.
    live.later(1_500);
    live.window.state_mut().state.kept.two_press = true;
    live.click("Hold to sign on Trezor");
    live.later(2_000);
    fake.set(Mood::PersonIsAway);
    live.click("Press again to sign");
    live.says("Waiting for the device…");
    assert!(matches!(live.handle.snapshot().wallet.running, Some(Running::Device(_))));
    live.click("Stop waiting");
    live.says("You stopped waiting for the Trezor");
    fake.set(Mood::Willing);
    live.later(2_000);
    live.click("Hold to sign on Trezor");
    live.later(2_000);
    live.click("Press again to sign");
    live.until(|live| live.window.state().state.screen == Screen::Transaction, "its page");
    live.says("Acceptance is not proof");
    network.advance(2).unwrap();
    let slot = network.spec().slot_start_ms(network.head_slot()) + network.spec().slot_duration_ms / 2;
    live.clock.0.store(slot, Ordering::Relaxed);
    live.says("Proven by receipt");
    let Live { handle, runtime, .. } = live;
    drop(handle);
    core.join().unwrap();
    drop(runtime);
}
