//! For whoever looks at the window from outside: start on a screen, write a picture and the accessibility tree, end.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use alloy::primitives::Address;
use egui::{ColorImage, FullOutput, ViewportCommand};

use super::kept::Contact;
use super::screen::Screen;
use super::theme::ThemeChoice;
use super::ui_state::UiState;
use crate::app::{Deployments, Loadable, Question, Snapshot, SyncView};

/// After this long the picture is taken, whatever still loads.
const LATEST_MS: u64 = 25_000;

/// An outage shows itself within this.
const OUTAGE_MS: u64 = 6_000;

/// Writes a file. The window itself touches no disk.
pub(super) type Write = fn(&Path, &[u8]) -> std::io::Result<()>;

/// What to show at once, and what to write. All of it is optional.
#[derive(Debug, Clone, Default)]
pub struct Harness {
    /// When the program began: the time to the first picture is told in the log.
    pub started: Option<Instant>,
    /// Start on this screen.
    pub screen: Option<Screen>,
    /// In place of the kept theme.
    pub theme: Option<ThemeChoice>,
    /// In place of the kept zoom.
    pub zoom: Option<f32>,
    /// Width and height of the window.
    pub size: Option<(f32, f32)>,
    /// Watched from the start, and not kept.
    pub watch: Vec<Address>,
    /// Their names, in the same order.
    pub names: Vec<String>,
    /// Contacts from the start, not kept either.
    pub contacts: Vec<Contact>,
    /// The user's own deployments of protocols.
    pub own: Option<Deployments>,
    /// Asked at once in the explorer.
    pub ask: Option<Question>,
    /// Once everything is shown, the practice network's second act begins and is waited for in turn.
    pub two_acts: bool,
    /// Write a PNG here and end.
    pub shot: Option<PathBuf>,
    /// Write the accessibility tree here and end.
    pub dump_a11y: Option<PathBuf>,
    /// Wait at least this long before.
    pub wait_ms: u64,
    /// How files are written.
    pub write: Option<Write>,
}

/// The second act of a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    /// There is one, after the first.
    Ahead,
    /// It begins before the next frame.
    Due,
    /// It runs, or there is none.
    Running,
}

/// Watches for the moment at which nothing loads any more.
pub(super) struct Watcher {
    harness: Harness,
    frames: u64,
    /// When the act being shown began, by [`running_ms`]; 0 before.
    act_ms: u64,
    second_act: Act,
    asked: bool,
    picture: Arc<Mutex<Option<Arc<ColorImage>>>>,
    tree: Arc<Mutex<Option<String>>>,
}

impl Watcher {
    pub(super) fn new(harness: Harness, context: &egui::Context) -> Self {
        let tree = Arc::default();
        if harness.dump_a11y.is_some() {
            context.enable_accesskit();
            context.add_plugin(Tree(Arc::clone(&tree)));
        }
        let second_act = if harness.two_acts { Act::Ahead } else { Act::Running };
        Self { harness, frames: 0, act_ms: 0, second_act, asked: false, picture: Arc::default(), tree }
    }

    pub(super) fn zoom(&self) -> Option<f32> {
        self.harness.zoom
    }

    pub(super) fn first_frame(&self) -> bool {
        self.frames == 0
    }

    /// Brings the window to where it should start.
    pub(super) fn prepare(&self, state: &mut UiState) {
        let harness = &self.harness;
        for (at, address) in harness.watch.iter().enumerate() {
            state.watch(*address, harness.names.get(at).map_or("", String::as_str), false);
        }
        if !harness.watch.is_empty() {
            state.selected = 0;
        }
        state.book.contacts.extend(harness.contacts.iter().cloned());
        if !state.book.watched.is_empty() {
            state.screen = Screen::Home;
        }
        if let Some(screen) = harness.screen {
            state.screen = screen;
        }
        state.wallet.capturing = harness.shot.is_some();
        state.positions.own.clone_from(&harness.own);
        state.explorer.question.clone_from(&harness.ask);
    }

    /// True once, when the second act should begin.
    pub(super) fn take_second_act(&mut self) -> bool {
        let due = self.second_act == Act::Due;
        if due {
            self.second_act = Act::Running;
        }
        due
    }

    /// The first picture is on the screen once a second one is made.
    fn time_first_frame(&self, ctx: &egui::Context) {
        match (self.frames, self.harness.started) {
            (1, Some(_)) => ctx.request_repaint(),
            (2, Some(started)) => {
                tracing::info!(millis = started.elapsed().as_millis(), "the first frame was drawn");
            }
            _ => {}
        }
    }

    /// Called at the end of each frame.
    pub(super) fn frame(&mut self, ctx: &egui::Context, snapshot: Option<&Snapshot>) {
        self.frames = self.frames.saturating_add(1);
        self.time_first_frame(ctx);
        let (shot, dump) = (self.harness.shot.clone(), self.harness.dump_a11y.clone());
        let watches = shot.is_some() || dump.is_some();
        if !watches && self.second_act != Act::Ahead {
            return;
        }
        ctx.request_repaint_after(std::time::Duration::from_millis(50));
        let now_ms = running_ms(ctx);
        if self.act_ms == 0 && self.second_act != Act::Due {
            self.act_ms = now_ms;
        }
        if !self.asked {
            let age = now_ms.saturating_sub(self.act_ms);
            let wait_ms = if self.harness.two_acts {
                self.harness.wait_ms.max(OUTAGE_MS)
            } else {
                self.harness.wait_ms
            };
            // What follows an outage need not come to rest: it is given its time.
            let rests = self.harness.two_acts && self.second_act == Act::Running;
            let settled = rests || snapshot.is_none_or(|now| settled(now) && self.frames > 8);
            if age < LATEST_MS && !(age >= wait_ms && settled) {
                return;
            }
            if self.second_act == Act::Ahead {
                self.second_act = Act::Due;
                self.act_ms = 0;
                return;
            }
            if watches && self.second_act == Act::Running {
                self.asked = true;
                let (picture, again) = (Arc::clone(&self.picture), ctx.clone());
                ctx.request_screenshot(move |image| {
                    *picture.lock().unwrap_or_else(PoisonError::into_inner) = Some(image);
                    again.request_repaint();
                });
            }
            return;
        }
        let Some(image) = self.picture.lock().unwrap_or_else(PoisonError::into_inner).take() else { return };
        if let Some(path) = shot {
            self.write(&path, &png(&image));
        }
        if let Some(path) = dump {
            let tree = self.tree.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default();
            self.write(&path, tree.as_bytes());
        }
        ctx.send_viewport_cmd(ViewportCommand::Close);
    }

    fn write(&self, path: &Path, bytes: &[u8]) {
        let Some(write) = self.harness.write else { return };
        if let Err(error) = write(path, bytes) {
            tracing::error!(path = %path.display(), %error, "could not write");
        }
    }
}

/// How long the window runs, from 1 on. The network's clock may stand still, or be moved.
fn running_ms(ctx: &egui::Context) -> u64 {
    let time = std::time::Duration::try_from_secs_f64(ctx.input(|input| input.time)).unwrap_or_default();
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX).max(1)
}

/// At the head, or held up, with nothing on its way.
fn settled(snapshot: &Snapshot) -> bool {
    let loads = snapshot.answers.values().any(|one| matches!(one, Loadable::Loading { previous: None }));
    matches!(snapshot.sync, SyncView::Following | SyncView::NeedsCheckpoint(_)) && !loads
}

fn png(image: &ColorImage) -> Vec<u8> {
    let [width, height] = image.size.map(|side| u32::try_from(side).unwrap_or_default());
    let rgba: Vec<u8> = image.pixels.iter().flat_map(|pixel| pixel.to_srgba_unmultiplied()).collect();
    let mut bytes = std::io::Cursor::new(Vec::new());
    let encoder = image::codecs::png::PngEncoder::new(&mut bytes);
    let kind = image::ExtendedColorType::Rgba8;
    if let Err(error) = image::ImageEncoder::write_image(encoder, &rgba, width, height, kind) {
        tracing::error!(%error, "the picture could not be encoded");
    }
    bytes.into_inner()
}

/// Keeps the newest accessibility tree as text: one node a line, indented by depth.
struct Tree(Arc<Mutex<Option<String>>>);

impl egui::Plugin for Tree {
    fn debug_name(&self) -> &'static str {
        "accessibility tree"
    }

    fn output_hook(&mut self, _ctx: &egui::Context, output: &mut FullOutput) {
        let Some(update) = &output.platform_output.accesskit_update else { return };
        let lines: Vec<serde_json::Value> = update
            .nodes
            .iter()
            .map(|(id, node)| {
                let bounds = node.bounds().map(|b| [b.x0, b.y0, b.x1, b.y1].map(f64::round));
                serde_json::json!({
                    "id": id.0,
                    "role": format!("{:?}", node.role()),
                    "label": node.label().or_else(|| node.value()),
                    "focusable": node.supports_action(egui::accesskit::Action::Focus),
                    "clickable": node.supports_action(egui::accesskit::Action::Click),
                    "bounds": bounds,
                })
            })
            .collect();
        let text = serde_json::to_string_pretty(&lines).unwrap_or_default();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(text);
    }
}
