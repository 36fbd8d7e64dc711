//! The window itself: opens, feeds each frame, and keeps what should outlive it.

use std::path::PathBuf;
use std::sync::Arc;

use egui::{ViewportBuilder, ViewportCommand};

use super::harness::{Harness, Watcher};
use super::practice_control::PracticeControl;
use super::refresh::refresh;
use super::shell;
use super::theme::Palette;
use super::ui_state::{Kept, Screen, UiState};
use crate::app::{Clock, Command, Handle, Opened, Snapshot};

/// Under this name the window's own data is kept.
const KEPT: &str = "lifeboat";
/// Ages tick once a second.
const TICK: std::time::Duration = std::time::Duration::from_secs(1);

/// What the window needs besides the network.
pub struct Setup {
    /// Its clock.
    pub clock: Arc<dyn Clock>,
    /// The folder in which it keeps its own file; `None` keeps nothing.
    pub folder: Option<PathBuf>,
    /// The practice network's desk.
    pub practice: Option<Box<dyn PracticeControl>>,
    /// What to show at once, and what to write.
    pub harness: Harness,
}

impl std::fmt::Debug for Setup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Setup")
            .field("folder", &self.folder)
            .field("harness", &self.harness)
            .finish_non_exhaustive()
    }
}

/// Why there is no window.
#[derive(Debug, thiserror::Error)]
pub enum WindowError {
    /// There is no desktop to open it on.
    #[error("no window could be opened: no display was found")]
    NoDisplay,
    /// The desktop has no OpenGL that can be used.
    #[error("no window could be opened: the graphics system cannot be used ({0})")]
    Graphics(String),
    /// The system's words for anything else.
    #[error("no window could be opened: {0}")]
    Other(eframe::Error),
}

impl From<eframe::Error> for WindowError {
    fn from(error: eframe::Error) -> Self {
        match error {
            // The library's words name its own source files, which help nobody here.
            eframe::Error::WinitEventLoop(_) => Self::NoDisplay,
            eframe::Error::Glutin(error) => Self::Graphics(error.to_string()),
            eframe::Error::NoGlutinConfigs(_, error) => Self::Graphics(error.to_string()),
            eframe::Error::OpenGL(error) => Self::Graphics(error.to_string()),
            other => Self::Other(other),
        }
    }
}

/// Opens the window on a network and returns when it is closed.
///
/// # Errors
/// [`WindowError`] where there is no display, or the system gives no thread.
pub fn run(opened: Opened, setup: Setup) -> Result<(), WindowError> {
    let (width, height) = setup.harness.size.unwrap_or((1100.0, 720.0));
    let viewport = ViewportBuilder::default()
        .with_app_id("lifeboat")
        .with_title("Lifeboat")
        .with_inner_size([width, height])
        .with_min_inner_size([656.0, 448.0]);
    let options = eframe::NativeOptions {
        viewport,
        renderer: eframe::Renderer::Glow,
        persist_window: setup.folder.is_some() && setup.harness.size.is_none(),
        persistence_path: setup.folder.as_ref().map(|folder| folder.join("window.ron")),
        ..Default::default()
    };
    let create = move |creation: &eframe::CreationContext<'_>| -> Result<Box<dyn eframe::App>, Box<dyn std::error::Error + Send + Sync>> {
        let storage = creation.storage.filter(|_| setup.folder.is_some());
        let kept: Kept = storage.and_then(|storage| eframe::get_value(storage, KEPT)).unwrap_or_default();
        let context = creation.egui_ctx.clone();
        // The new state is visible before this is called; a sleeping window draws it at once.
        let (handle, thread) = opened.start(Arc::new(move || context.request_repaint()))?;
        Ok(Box::new(Window::new(handle, thread, setup, kept, &creation.egui_ctx)))
    };
    eframe::run_native("lifeboat", options, Box::new(create))?;
    Ok(())
}

struct Window {
    handle: Option<Handle>,
    core: Option<std::thread::JoinHandle<()>>,
    snapshot: Arc<Snapshot>,
    state: UiState,
    clock: Arc<dyn Clock>,
    practice: Option<Box<dyn PracticeControl>>,
    watcher: Watcher,
    keeps: bool,
    worn: Option<(Palette, bool)>,
    title: String,
}

impl Window {
    fn new(
        handle: Handle,
        core: std::thread::JoinHandle<()>,
        setup: Setup,
        kept: Kept,
        context: &egui::Context,
    ) -> Self {
        let mut state = UiState::new(kept, setup.clock.unix_ms());
        setup.harness.prepare(&mut state);
        state.data_folder =
            setup.folder.as_ref().map(|folder| folder.display().to_string()).unwrap_or_default();
        let snapshot = handle.snapshot();
        // Before the first frame, whose style is taken before `logic` runs.
        Palette::of(state.kept.theme, None).wear(context, state.kept.calm);
        let watcher = Watcher::new(setup.harness, context);
        Self {
            handle: Some(handle),
            core: Some(core),
            snapshot,
            state,
            clock: setup.clock,
            practice: setup.practice,
            watcher,
            keeps: setup.folder.is_some(),
            worn: None,
            title: String::new(),
        }
    }

    fn send(&mut self, commands: Vec<Command>) {
        for command in commands {
            let sent = self.handle.as_ref().is_some_and(|handle| handle.send(command).is_ok());
            if !sent {
                self.state.asked_at = None; // the core is busy: it is asked again on the next tick
            }
        }
    }

    /// The tag stands in the title too, so that it is in every picture of the window.
    fn title(&mut self, ctx: &egui::Context) {
        let mut title = "Lifeboat".to_owned();
        if self.state.practice.is_some() {
            title.push_str(" · PRACTICE");
        } else if self.snapshot.network.chain_id != 1 {
            title = format!("Lifeboat · {}", shell::network_tag(&self.snapshot, &self.state));
        }
        if title != self.title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }
}

impl eframe::App for Window {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        if let Some(newer) = self.handle.as_mut().and_then(Handle::poll) {
            self.snapshot = newer;
        }
        self.state.now_ms = self.clock.unix_ms();
        if let Some(desk) = &mut self.practice {
            for (index, outage) in self.state.orders.drain(..) {
                desk.order(index, outage);
            }
            self.state.practice = Some(desk.view());
        }
        let palette = Palette::of(self.state.kept.theme, ctx.input(|input| input.raw.system_theme));
        if self.worn != Some((palette, self.state.kept.calm)) {
            palette.wear(ctx, self.state.kept.calm);
            self.worn = Some((palette, self.state.kept.calm));
        }
        self.state.palette = palette;
        let mut commands = Vec::new();
        refresh(&self.snapshot, &mut self.state, &mut commands);
        self.send(commands);
        self.title(ctx);
        ctx.request_repaint_after(TICK);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let mut commands = Vec::new();
        let before = zoom(&self.state.kept);
        shell::show(ui, &self.snapshot, &mut self.state, &mut commands);
        self.send(commands);
        let wanted = zoom(&self.state.kept);
        if self.title.is_empty() || (before - wanted).abs() > f32::EPSILON || self.watcher.first_frame() {
            ui.ctx().set_zoom_factor(self.watcher.zoom().unwrap_or(wanted));
        }
        if !self.state.orders.is_empty() {
            ui.ctx().request_repaint(); // they are given before the next frame
        }
        self.watcher.frame(ui.ctx(), &self.snapshot, &self.state);
    }

    fn save(&mut self, storage: &mut dyn eframe::Storage) {
        if self.keeps {
            let mut kept = self.state.kept.clone();
            kept.watched.retain(|one| one.keep);
            eframe::set_value(storage, KEPT, &kept);
        }
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.handle = None; // stops the core, which first finishes what it writes
        if let Some(core) = self.core.take()
            && core.join().is_err()
        {
            tracing::error!("the core stopped unexpectedly");
        }
    }
}

fn zoom(kept: &Kept) -> f32 {
    let chosen =
        if kept.zoom_percent == 0 { 1.0 } else { f32::from(kept.zoom_percent.clamp(50, 300)) / 100.0 };
    if kept.calm { chosen.max(1.25) } else { chosen }
}

impl Harness {
    fn prepare(&self, state: &mut UiState) {
        if let Some(theme) = self.theme {
            state.kept.theme = theme;
        }
        for address in &self.watch {
            state.watch(*address, "", false);
        }
        if !state.kept.watched.is_empty() {
            state.screen = Screen::Home;
        }
        if let Some(screen) = self.screen {
            state.screen = screen;
        }
        state.explorer.question.clone_from(&self.ask);
    }
}
