//! The borrower's way out, click by click, in a window over a running core: ether falls, the plan is made, the loan is paid
//! back, a carrier fails half-way, the collateral comes out, and it is final.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use egui_kittest::kittest::Queryable as _;
use lifeboat::app::signing::State;
use lifeboat::app::signing::review::{Gesture, Level};
use lifeboat::app::{Command, Handle, NetworkName, PracticeKeys, Request, Snapshot, open};
use lifeboat::devnet::execution::PRACTICE_ACCOUNTS;
use lifeboat::devnet::http::Fault;
use lifeboat::devnet::{CARRIERS, PRACTICE_CHAIN_ID, PracticeNetwork};
use lifeboat::gui::{Screen, UiState};

use super::lab::{Desk, Window, open_at, says, words};
use super::wallet_lab::{middle, mouse};
use crate::support::practice::{FixedClock, PatientClock, endpoints, options};

/// A machine may be slow; no wait may take longer.
const PATIENCE: Duration = Duration::from_secs(60);
/// Milliseconds that a frame lasts while a button is held or waited for.
const FRAME_MS: u64 = 100;

/// A window over a core of its own.
struct Live {
    network: PracticeNetwork,
    clock: Arc<FixedClock>,
    handle: Handle,
    window: Window,
    /// The window's clock is ahead of the chain's by so much: it moves with the frames.
    ahead_ms: u64,
    clicks: usize,
}

impl Live {
    fn start(network: PracticeNetwork, folder: &tempfile::TempDir) -> Self {
        let clock = Arc::new(FixedClock::default());
        tick(&network, &clock);
        let request = Request {
            practice: Some((network.spec().clone(), endpoints(&network))),
            data_dir: Some(folder.path().to_owned()),
            ..Request::of(NetworkName::Practice)
        };
        let keys = vec![("Main".to_owned(), PRACTICE_ACCOUNTS[0].key)];
        let keys = PracticeKeys { chain_id: PRACTICE_CHAIN_ID, keys };
        let opened = open(request, Arc::new(PatientClock(Arc::clone(&clock)))).unwrap();
        let (handle, _core) = opened.with_practice_keys(keys).start(Arc::new(|| {})).unwrap();
        let mut state = UiState::new(Default::default(), clock.0.load(Ordering::Relaxed));
        state.kept.told_watch_only = true;
        state.watch(PRACTICE_ACCOUNTS[0].address, "Main", true);
        state.screen = Screen::Home;
        let desk = Desk { snapshot: (*handle.snapshot()).clone(), state, sent: Vec::new() };
        let window = open_at(desk, egui::vec2(1100.0, 1600.0));
        Self { network, clock, handle, window, ahead_ms: 0, clicks: 0 }
    }

    fn frame(&mut self) {
        self.frame_of(5);
    }

    /// One frame: what the core says is drawn, and what the window orders is given to the core.
    fn frame_of(&mut self, millis: u64) {
        self.ahead_ms += millis;
        let now_ms = self.clock.0.load(Ordering::Relaxed) + self.ahead_ms;
        let desk = self.window.state_mut();
        desk.snapshot = (*self.handle.snapshot()).clone();
        desk.state.now_ms = now_ms;
        lifeboat::gui::refresh(&desk.snapshot, &mut desk.state, &mut desk.sent);
        self.window.step();
        let orders: Vec<Command> = self.window.state_mut().sent.drain(..).collect();
        for order in orders {
            self.handle.send(order).unwrap();
        }
        std::thread::sleep(Duration::from_millis(5));
    }

    /// Frames until the window shows it.
    fn until(&mut self, what: &str, shown: impl Fn(&Desk) -> bool) {
        let since = Instant::now();
        while !shown(self.window.state()) {
            let ended = self.window.state().snapshot.wallet.ended.clone();
            assert!(since.elapsed() < PATIENCE, "{what}: {ended:?} {:#?}", words(&self.window));
            self.frame();
        }
        self.frame();
    }

    fn until_said(&mut self, part: &str) {
        let since = Instant::now();
        while !says(&self.window, part) {
            assert!(since.elapsed() < PATIENCE, "never said {part:?}: {:#?}", words(&self.window));
            self.frame();
        }
    }

    /// A click on what has this label.
    fn click(&mut self, label: &str) {
        self.until_said(label);
        self.window.get_by_label(label).click();
        self.clicks += 1;
        self.frame();
        self.frame();
    }

    /// Slots pass; then the window has the newest verified head.
    fn advance(&mut self, slots: u64) {
        self.network.advance(slots).unwrap();
        tick(&self.network, &self.clock);
        self.ahead_ms = 0;
        let wanted = self.network.head_slot() - 1;
        let seen = move |now: &Snapshot| {
            now.head.is_some_and(|head| head.block.is_some() && head.proven.slot() == wanted)
        };
        self.until("a head", move |desk| seen(&desk.snapshot));
    }

    /// Time passes in the window alone.
    fn pass(&mut self, millis: u64) {
        for _ in 0..millis / FRAME_MS {
            self.frame_of(FRAME_MS);
        }
    }

    /// Signs the open review by the gesture that it asks for.
    fn sign(&mut self) {
        self.until("a review", |desk| {
            desk.snapshot.wallet.review.is_some() && desk.state.screen == Screen::Review
        });
        let review = self.window.state().snapshot.wallet.review.clone().unwrap().prepared.review.clone();
        let worst = review.findings.iter().map(|one| one.level).max();
        assert!(worst < Some(Level::Danger), "an exit is no danger: {:?}", review.findings);
        self.pass(1_200); // the button listens a second later
        let click = review.gesture() == Gesture::Click;
        let button = middle(&self.window, if click { "Sign and send" } else { "Hold to sign and send" });
        mouse(&mut self.window, button, true);
        if !click {
            self.pass(1_700);
        }
        mouse(&mut self.window, button, false);
        self.clicks += 1;
        let before = self.window.state().snapshot.wallet.history.len();
        self.until("it is sent", move |desk| {
            let newest = desk.snapshot.wallet.history.first();
            desk.snapshot.wallet.history.len() >= before.max(1)
                && newest.is_some_and(|one| matches!(one.state, State::Sent))
        });
    }

    /// Blocks until the page of the transaction says that it is in one.
    fn land(&mut self) {
        self.advance(2);
        self.until_said("Result: success. Proven by receipt.");
    }
}

fn tick(network: &PracticeNetwork, clock: &FixedClock) {
    let spec = network.spec();
    let now = spec.slot_start_ms(network.head_slot()) + spec.slot_duration_ms / 2;
    clock.0.store(now, Ordering::Relaxed);
}

/// Every endpoint of a carrier closes every connection.
fn switch_off(network: &PracticeNetwork, carrier: &str) {
    let (beacon, execution) = (network.beacon_endpoints(), network.execution_endpoints());
    beacon.iter().filter(|one| one.carrier() == carrier).for_each(|one| one.faults().set(Fault::Dead));
    execution.iter().filter(|one| one.carrier() == carrier).for_each(|one| one.faults().set(Fault::Dead));
}

/// From the plan to the end: repay, a carrier fails, withdraw, final.
#[tokio::test(flavor = "multi_thread")]
async fn a_loan_near_its_line_is_left_although_a_carrier_fails_half_way() {
    let network = PracticeNetwork::start(&options()).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut live = Live::start(network, &folder);
    live.until_said("1.14");
    live.network.move_ether(10).unwrap();
    live.advance(2);
    live.until_said("health factor 1.02 is below your line of 1.20");

    live.click("Exit plan...");
    live.until_said("Nothing is left in the protocols that were read.");
    live.until_said("Health factor 1.02 → no debt");
    let repay = words(&live.window).iter().any(|one| one.starts_with("Step 1 of 2: Repay 21000."));
    assert!(repay, "no approval comes first, one stands: {:#?}", words(&live.window));
    live.click("Review: Exit plan");
    live.sign();
    live.land();
    // The way goes on from the page of the transaction, and does not end where a review is left.
    live.until_said("Next of Exit plan: 1 left");
    switch_off(&live.network, CARRIERS[0]);
    live.click("Review the next");
    live.until("a review", |desk| desk.snapshot.wallet.review.is_some());
    live.click("Back");
    live.until_said("Next of Exit plan: 1 left");
    live.click("Review the next");
    live.sign();
    live.land();
    assert!(!says(&live.window, "Next of Exit plan"), "{:#?}", words(&live.window));
    live.advance(100);
    live.until_said("Final. The network treats it as settled.");
    live.click("Positions");
    live.until_said("Also looked at");
    assert!(!says(&live.window, "Health factor"), "{:#?}", words(&live.window));
    assert!(
        !says(&live.window, "Borrowed") && !says(&live.window, "Collateral"),
        "{:#?}",
        words(&live.window)
    );
    assert!(live.clicks <= 12, "a person has ninety seconds: {} clicks", live.clicks);
}
