//! The processor time of one frame of the window while 5,000 rows are scrolled: layout and paint list, and the
//! triangles made of them. Drawing the triangles is the graphics card's (or its stand-in's) and not counted.
#![allow(missing_docs, clippy::unwrap_used, reason = "a benchmark")]

use std::sync::Arc;
use std::time::Duration;

use alloy::primitives::{Address, U256};
use async_trait::async_trait;
use criterion::{Criterion, criterion_group, criterion_main};
use egui::{
    Context, Event, FullOutput, Modifiers, MouseWheelSource, MouseWheelUnit, RawInput, Rect, TouchPhase,
    pos2, vec2,
};
use lifeboat::app::{
    Clock, Command, Loadable, NetworkName, Question, Request, Snapshot, SyncView, Tag, open,
};
use lifeboat::devnet::execution::PRACTICE_ACCOUNTS;
use lifeboat::devnet::{PracticeNetwork, PracticeOptions};
use lifeboat::gui::{Contact, Palette, Screen, UiState, install_fonts, show};
use lifeboat::sources::{EndpointConfig, EndpointKind};

const ROWS: u64 = 5_000;
const NOW_MS: u64 = 1_790_000_000_000;

struct At(u64);

#[async_trait]
impl Clock for At {
    fn unix_ms(&self) -> u64 {
        self.0
    }
    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

/// Proven values can only be had by proof: a practice network gives them.
async fn proven() -> (Snapshot, u64) {
    let network = PracticeNetwork::start(&PracticeOptions::at(NOW_MS)).await.unwrap();
    let spec = network.spec().clone();
    let now_ms = spec.slot_start_ms(network.head_slot()) + spec.slot_duration_ms / 2;
    let beacon = network.beacon_endpoints().iter().map(|one| (one.url(), EndpointKind::Beacon));
    let execution = network.execution_endpoints().iter().map(|one| (one.url(), EndpointKind::Execution));
    let endpoints =
        beacon.chain(execution).map(|(url, kind)| EndpointConfig { url: url.clone(), kind }).collect();
    let folder = tempfile::tempdir().unwrap();
    let request = Request {
        practice: Some((spec, endpoints)),
        data_dir: Some(folder.path().to_owned()),
        ..Request::of(NetworkName::Practice)
    };
    let opened = open(request, Arc::new(At(now_ms))).unwrap();
    let (mut handle, core) = opened.start(Arc::new(|| {})).unwrap();
    let question = Question::Accounts(vec![PRACTICE_ACCOUNTS[0].address], Tag::Latest);
    handle.send(Command::Ask(question.clone())).unwrap();
    let done = |now: &Snapshot| {
        now.sync == SyncView::Following && matches!(now.answers.get(&question), Some(Loadable::Ready(_)))
    };
    let snapshot = (*handle.wait_until(done).await.unwrap()).clone();
    drop(handle);
    tokio::task::spawn_blocking(move || core.join().unwrap()).await.unwrap();
    (snapshot, now_ms)
}

struct Bench {
    context: Context,
    snapshot: Snapshot,
    state: UiState,
    frames: u32,
}

impl Bench {
    fn new(snapshot: Snapshot, now_ms: u64) -> Self {
        let mut state = UiState::new(Default::default(), now_ms);
        state.kept.told_watch_only = true;
        state.watch(PRACTICE_ACCOUNTS[0].address, "Main", true);
        state.selected = 0;
        state.screen = Screen::Accounts;
        state.book.contacts = (0..ROWS)
            .map(|index| Contact {
                address: Address::from_word(U256::from(index + 1_000).into()),
                name: format!("Contact {index}"),
                compared_with: "a letter".to_owned(),
                confirmed: true,
            })
            .collect();
        let context = Context::default();
        install_fonts(&context);
        Palette::DARK.wear(&context, false);
        Self { context, snapshot, state, frames: 0 }
    }

    /// A frame in which the wheel turns by a few rows, back again at the end of the list.
    fn frame(&mut self) -> FullOutput {
        self.frames += 1;
        let down = if self.frames % 2_000 < 1_000 { -1.0 } else { 1.0 };
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), vec2(1100.0, 720.0))),
            time: Some(f64::from(self.frames) / 60.0),
            events: vec![
                Event::PointerMoved(pos2(700.0, 500.0)),
                Event::MouseWheel {
                    unit: MouseWheelUnit::Point,
                    delta: vec2(0.0, 120.0 * down),
                    phase: TouchPhase::Move,
                    source: MouseWheelSource::Wheel,
                    modifiers: Modifiers::NONE,
                },
            ],
            ..RawInput::default()
        };
        let mut commands = Vec::new();
        self.context.run_ui(input, |ui| show(ui, &self.snapshot, &mut self.state, &mut commands))
    }
}

fn scrolling(criterion: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (snapshot, now_ms) = runtime.block_on(proven());
    let mut bench = Bench::new(snapshot, now_ms);
    for _ in 0..10 {
        bench.frame(); // fonts and the first layout
    }
    let mut group = criterion.benchmark_group("window");
    group.bench_function("a frame while scrolling 5,000 rows", |timer| {
        timer.iter(|| {
            let output = bench.frame();
            bench.context.tessellate(output.shapes, output.pixels_per_point)
        });
    });
    group.finish();
}

criterion_group!(benches, scrolling);
criterion_main!(benches);
