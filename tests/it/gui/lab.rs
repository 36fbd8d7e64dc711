//! A window under test: a snapshot to edit, the window's state, and the commands it sent.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use egui::{Vec2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use lifeboat::app::{
    CallQuestion, Clock as _, Command, ContractQuestion, Loadable, NetworkName, Question, Request, Snapshot,
    SyncView, Tag, TokenChoice, TokensQuestion, open,
};
use lifeboat::devnet::execution::{PRACTICE_ACCOUNTS, PRACTICE_DOLLAR};
use lifeboat::devnet::{PracticeNetwork, PracticeOptions};
use lifeboat::gui::{Palette, Screen, UiState, install_fonts};

use crate::support::practice::{FixedClock, NOW_MS, endpoints, options};

/// The default size of the window.
pub(crate) const USUAL: Vec2 = vec2(1100.0, 720.0);
/// The smallest window at zoom 1.25.
pub(crate) const SMALLEST: Vec2 = vec2(656.0, 448.0);

/// What one frame works on.
pub(crate) struct Desk {
    pub(crate) snapshot: Snapshot,
    pub(crate) state: UiState,
    pub(crate) sent: Vec<Command>,
}

/// A running window.
pub(crate) type Window = Harness<'static, Desk>;

/// Proven values can only be had by proof: a practice network gives them once, and tests edit the rest.
struct Base {
    snapshot: Snapshot,
    now_ms: u64,
}

pub(crate) fn accounts_question() -> Question {
    Question::Accounts(vec![PRACTICE_ACCOUNTS[0].address, PRACTICE_ACCOUNTS[1].address], Tag::Latest)
}

pub(crate) fn tokens_question() -> Question {
    Question::Contract(ContractQuestion::Tokens(TokensQuestion {
        owners: vec![PRACTICE_ACCOUNTS[0].address],
        tokens: TokenChoice::Common,
        also: Vec::new(),
        tag: Tag::Latest,
    }))
}

pub(crate) fn account_question() -> Question {
    Question::AccountWithCode(PRACTICE_ACCOUNTS[0].address, Tag::Latest)
}

pub(crate) fn interface_question() -> Question {
    Question::Contract(ContractQuestion::Interface(PRACTICE_DOLLAR, Tag::Latest, None))
}

pub(crate) fn call_question() -> Question {
    let owner = PRACTICE_ACCOUNTS[0].address.to_checksum(None);
    Question::Contract(ContractQuestion::Call(CallQuestion::read(
        PRACTICE_DOLLAR,
        "balanceOf(address)",
        &[owner],
    )))
}

async fn ask_all(options: PracticeOptions, signers: usize) -> Base {
    let network = PracticeNetwork::start(&options).await.unwrap();
    network.set_participation(signers);
    network.advance(2).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(FixedClock::default());
    let spec = network.spec();
    let now_ms = spec.slot_start_ms(network.head_slot()) + spec.slot_duration_ms / 2;
    clock.0.store(now_ms, std::sync::atomic::Ordering::Relaxed);
    let request = Request {
        practice: Some((spec.clone(), endpoints(&network))),
        data_dir: Some(PathBuf::from(folder.path())),
        ..Request::of(NetworkName::Practice)
    };
    let (mut handle, core) = open(request, clock.clone()).unwrap().start(Arc::new(|| {})).unwrap();
    let wanted = [
        accounts_question(),
        tokens_question(),
        interface_question(),
        call_question(),
        Question::Block(lifeboat::app::BlockQuery::Latest),
        account_question(),
    ];
    for question in &wanted {
        handle.send(Command::Ask(question.clone())).unwrap();
    }
    let done = |now: &Snapshot| {
        now.sync == SyncView::Following
            && wanted.iter().all(|one| matches!(now.answers.get(one), Some(Loadable::Ready(_))))
    };
    let found = tokio::time::timeout(Duration::from_secs(60), handle.wait_until(done)).await;
    let mut snapshot = (*found.expect("in time").expect("the core runs")).clone();
    snapshot.clock_skew_ms = None; // the hosts' dates are of today, the test's clock is not
    drop(handle);
    tokio::task::spawn_blocking(move || core.join().unwrap()).await.unwrap();
    assert!(clock.unix_ms() >= NOW_MS);
    Base { snapshot, now_ms }
}

/// On a thread of its own: the test that comes first may itself run in a runtime.
fn prepare(signers: usize) -> Base {
    let made = std::thread::Builder::new().name("gui-lab".to_owned()).spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
        runtime.unwrap().block_on(ask_all(options(), signers))
    });
    made.unwrap().join().unwrap()
}

fn base() -> &'static Base {
    static BASE: OnceLock<Base> = OnceLock::new();
    BASE.get_or_init(|| prepare(512))
}

/// A snapshot whose head 360 of 512 signed.
pub(crate) fn low_participation() -> Snapshot {
    static LOW: OnceLock<Base> = OnceLock::new();
    LOW.get_or_init(|| prepare(360)).snapshot.clone()
}

/// Two practice accounts watched, everything proven; on `screen`.
pub(crate) fn desk(screen: Screen) -> Desk {
    let base = base();
    let mut state = UiState::new(Default::default(), base.now_ms);
    state.started_ms = base.now_ms - 5_000;
    state.kept.told_watch_only = true;
    state.watch(PRACTICE_ACCOUNTS[0].address, "Main", true);
    state.watch(PRACTICE_ACCOUNTS[1].address, "Savings", true);
    state.selected = 0;
    state.screen = screen;
    let mut desk = Desk { snapshot: base.snapshot.clone(), state, sent: Vec::new() };
    lifeboat::gui::refresh(&desk.snapshot, &mut desk.state, &mut desk.sent);
    desk.sent.clear();
    desk
}

/// A desk on which nobody is watched.
pub(crate) fn empty_desk(screen: Screen) -> Desk {
    let mut desk = desk(screen);
    desk.state.book = Default::default();
    desk
}

/// Opens a window of this size on a desk.
pub(crate) fn open_at(desk: Desk, size: Vec2) -> Window {
    let palette = desk.state.palette;
    Harness::builder()
        .with_size(size)
        .with_max_steps(16)
        .with_context_setup(move |context| {
            install_fonts(context);
            palette.wear(context, false);
        })
        .build_ui_state(
            |ui, desk: &mut Desk| {
                lifeboat::gui::show(ui, &desk.snapshot, &mut desk.state, &mut desk.sent);
            },
            desk,
        )
}

pub(crate) fn open_window(desk: Desk) -> Window {
    open_at(desk, USUAL)
}

/// Dark and light.
pub(crate) const PALETTES: [Palette; 3] = [Palette::DARK, Palette::LIGHT, Palette::HIGH_CONTRAST];

/// Clicks what has this label, and draws what follows.
pub(crate) fn click(window: &mut Window, label: &str) {
    window.get_by_label(label).scroll_to_me();
    window.run();
    window.get_by_label(label).click();
    window.run();
}

/// Everything the page says, in reading order.
pub(crate) fn words(window: &Window) -> Vec<String> {
    let nodes = window.root().children_recursive();
    nodes
        .filter_map(|node| {
            let node = node.accesskit_node();
            node.label().or_else(|| node.value())
        })
        .collect()
}

/// True where some node says `part`.
pub(crate) fn says(window: &Window, part: &str) -> bool {
    words(window).iter().any(|text| text.contains(part))
}

/// Pastes text into what has the focus.
pub(crate) fn paste(window: &mut Window, text: &str) {
    window.event(egui::Event::Paste(text.to_owned()));
    window.run();
}

/// Presses a key.
pub(crate) fn press(window: &mut Window, key: egui::Key) {
    window.key_press(key);
    window.run();
}
