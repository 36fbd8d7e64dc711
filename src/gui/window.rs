//! The window itself: opens, feeds each frame, and keeps what should outlive it.

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use egui::{ViewportBuilder, ViewportCommand};

use super::desktop::Desktop;
use super::harness::{Harness, Watcher};
use super::kept::Kept;
use super::practice_control::PracticeControl;
use super::refresh::refresh;
use super::session::{Keeper, Networks, Session};
use super::theme::Palette;
use super::ui_state::{UiState, Wish};
use super::{fonts, format, notices, screens, shell};
use crate::app::{Clock, Command, Handle, NetworkName, Reason, Snapshot};

/// Ages tick once a second while somebody works in the window.
const TICK: Duration = Duration::from_secs(1);
/// And where the keyboard is elsewhere, or nothing on the screen ages yet.
const SLOW_TICK: Duration = Duration::from_secs(3);
/// A new head brings a dozen answers within moments; they are drawn together.
const GATHER: Duration = Duration::from_millis(50);
/// While a network opens.
const OPENING_TICK: Duration = Duration::from_millis(60);
/// What should outlive the window is looked at this often, in milliseconds.
const KEEP_EVERY_MS: u64 = 5_000;

/// What the window needs besides a network.
pub struct Setup {
    /// Its clock.
    pub clock: Arc<dyn Clock>,
    /// What an earlier window left.
    pub kept: Kept,
    /// Keeps that for the next one; `None` keeps nothing.
    pub keeper: Option<Box<dyn Keeper>>,
    /// Where data is kept; the window's place and size go there too.
    pub folder: Option<PathBuf>,
    /// Opens networks.
    pub networks: Box<dyn Networks>,
    /// What to tell at once.
    pub notices: Vec<String>,
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

/// Opens the window on a network, and returns when it is closed. Where the network could not be opened, the window says
/// why and offers others.
///
/// # Errors
/// [`WindowError`] where there is no display.
pub fn run(which: NetworkName, first: Result<Session, Reason>, setup: Setup) -> Result<(), WindowError> {
    let (width, height) = setup.harness.size.unwrap_or((1100.0, 720.0));
    let mut viewport = ViewportBuilder::default()
        .with_app_id("lifeboat")
        .with_title("Lifeboat")
        .with_inner_size([width, height])
        .with_min_inner_size([656.0, 448.0]);
    if let Ok(icon) = eframe::icon_data::from_png_bytes(include_bytes!("../../assets/icons/lifeboat-256.png"))
    {
        viewport = viewport.with_icon(icon);
    }
    let keeps_place = setup.keeper.is_some() && setup.harness.size.is_none();
    let options = eframe::NativeOptions {
        viewport,
        renderer: eframe::Renderer::Glow,
        persist_window: keeps_place,
        persistence_path: setup
            .folder
            .as_ref()
            .filter(|_| keeps_place)
            .map(|folder| folder.join("window-place.ron")),
        ..Default::default()
    };
    let create = move |creation: &eframe::CreationContext<'_>| -> Result<Box<dyn eframe::App>, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Box::new(Window::new(which, first, setup, &creation.egui_ctx)))
    };
    eframe::run_native("lifeboat", options, Box::new(create))?;
    Ok(())
}

/// A network with its core running.
struct Live {
    handle: Handle,
    core: JoinHandle<()>,
    snapshot: Arc<Snapshot>,
    practice: Option<Box<dyn PracticeControl>>,
    /// Under this name its book is kept.
    name: Option<String>,
}

struct Window {
    which: NetworkName,
    live: Option<Live>,
    /// Cores of networks that were left: they end by themselves.
    left: Vec<JoinHandle<()>>,
    state: UiState,
    clock: Arc<dyn Clock>,
    networks: Box<dyn Networks>,
    keeper: Option<Box<dyn Keeper>>,
    kept_text: String,
    kept_at_ms: u64,
    watcher: Watcher,
    worn: Option<(Palette, bool)>,
    title: String,
    desktop: Desktop,
}

impl Window {
    fn new(
        which: NetworkName,
        first: Result<Session, Reason>,
        setup: Setup,
        context: &egui::Context,
    ) -> Self {
        fonts::install(context);
        let kept_text = setup.kept.text(None, &Default::default());
        let mut state = UiState::new(setup.kept, setup.clock.unix_ms());
        state.data_folder =
            setup.folder.as_ref().map(|folder| folder.display().to_string()).unwrap_or_default();
        state.notices = setup.notices;
        if let Some(theme) = setup.harness.theme {
            state.kept.theme = theme;
        }
        // Before the first frame, whose style is taken before `logic` runs.
        Palette::of(state.kept.theme, None).wear(context, state.kept.calm);
        let mut window = Self {
            which,
            live: None,
            left: Vec::new(),
            state,
            clock: setup.clock,
            networks: setup.networks,
            keeper: setup.keeper,
            kept_text,
            kept_at_ms: 0,
            watcher: Watcher::new(setup.harness, context),
            worn: None,
            title: String::new(),
            desktop: Desktop::new(),
        };
        window.enter(first, context);
        window.watcher.prepare(&mut window.state);
        window
    }

    /// Starts an opened network, or keeps the reason why there is none.
    fn enter(&mut self, opened: Result<Session, Reason>, context: &egui::Context) {
        self.state.opening = false;
        let session = match opened {
            Ok(session) => session,
            Err(reason) => {
                self.state.closed = Some(reason);
                return;
            }
        };
        let name = session.opened.folder().map(|_| session.opened.network().to_owned());
        let book = name.clone().unwrap_or_default();
        let context = context.clone();
        // The new state is visible before this is called; a sleeping window draws it soon.
        match session.opened.start(Arc::new(move || context.request_repaint_after(GATHER))) {
            Ok((handle, core)) => {
                let snapshot = handle.snapshot();
                self.which = session.which;
                self.state.closed = None;
                self.state.started_ms = self.clock.unix_ms();
                self.state.open_book(&book);
                self.live = Some(Live { handle, core, snapshot, practice: session.practice, name });
            }
            Err(error) => {
                let what = format!("The core could not start: {error}");
                self.state.closed =
                    Some(Reason::new(&what, "the system gives no thread", "free some memory, and try again"));
            }
        }
    }

    /// Leaves the open network: what it left is kept, its core ends beside the window.
    fn leave(&mut self) {
        let Some(live) = self.live.take() else { return };
        if let Some(name) = &live.name {
            let mut book = self.state.own_book().clone();
            book.watched.retain(|one| one.keep);
            self.state.kept.books.insert(name.clone(), book);
        }
        drop(live.handle);
        self.left.push(live.core);
    }

    fn fulfil(&mut self, wish: Wish, ctx: &egui::Context) {
        let which = match wish {
            Wish::Open(which) => which,
            Wish::Reopen => self.which,
            Wish::Close => return ctx.send_viewport_cmd(ViewportCommand::Close),
        };
        self.leave();
        self.which = which;
        self.state.opening = true;
        self.state.closed = None;
        self.networks.begin(which);
    }

    fn send(&mut self, commands: Vec<Command>) {
        for command in commands {
            let sent = self.live.as_ref().is_some_and(|live| live.handle.send(command).is_ok());
            if !sent {
                // The core is busy: what the window says by itself is said again on the next tick.
                self.state.asked_at = None;
                self.state.wallet.told = None;
            }
        }
    }

    /// Tags stand in the title too, so that they are in every picture of the window.
    fn title(&mut self, ctx: &egui::Context) {
        let tags =
            self.live.as_ref().map(|live| shell::tags(&live.snapshot, &self.state)).unwrap_or_default();
        let mut title = "Lifeboat".to_owned();
        for tag in tags {
            title.push_str(" · ");
            title.push_str(&tag);
        }
        if title != self.title {
            ctx.send_viewport_cmd(ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }

    /// Hands what changed to the keeper.
    fn keep(&mut self) {
        let Some(keeper) = &mut self.keeper else { return };
        self.kept_at_ms = self.state.now_ms;
        let name = self.live.as_ref().and_then(|live| live.name.as_deref());
        let text = self.state.kept.text(name, self.state.own_book());
        if text != self.kept_text {
            keeper.keep(text.clone());
            self.kept_text = text;
        }
    }

    fn practice(&mut self) {
        let orders: Vec<_> = self.state.orders.drain(..).collect();
        let Some(desk) = self.live.as_mut().and_then(|live| live.practice.as_mut()) else { return };
        for order in orders {
            desk.order(order);
        }
        if self.watcher.take_second_act() {
            desk.second_act();
        }
        self.state.practice = Some(desk.view());
    }

    fn dress(&mut self, ctx: &egui::Context) {
        let palette = Palette::of(self.state.kept.theme, ctx.input(|input| input.raw.system_theme));
        if self.worn != Some((palette, self.state.kept.calm)) {
            palette.wear(ctx, self.state.kept.calm);
            self.worn = Some((palette, self.state.kept.calm));
        }
        self.state.palette = palette;
        format::set_grouping(self.state.kept.grouping);
    }
}

impl eframe::App for Window {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        if let Some(live) = &mut self.live
            && let Some(newer) = live.handle.poll()
        {
            live.snapshot = newer;
        }
        if self.state.opening {
            ctx.request_repaint_after(OPENING_TICK);
            if let Some(opened) = self.networks.poll() {
                self.enter(opened, ctx);
            }
        }
        self.practice(); // a second act may move the clock
        self.state.now_ms = self.clock.unix_ms();
        self.dress(ctx);
        let mut commands = Vec::new();
        if let Some(live) = &self.live {
            refresh(&live.snapshot, &mut self.state, &mut commands);
        }
        self.send(commands);
        self.title(ctx);
        if self.state.now_ms.saturating_sub(self.kept_at_ms) > KEEP_EVERY_MS {
            self.keep();
        }
        let focused = ctx.input(|input| input.focused);
        if let Some(live) = &self.live {
            let news = notices::fresh(&live.snapshot, &mut self.state, focused);
            news.into_iter().for_each(|notice| self.desktop.tell(notice));
        }
        let ages = self.live.as_ref().is_some_and(|live| live.snapshot.head.is_some());
        let tick = if ages && focused { TICK } else { SLOW_TICK };
        ctx.request_repaint_after(tick);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let mut commands = Vec::new();
        let before = zoom(&self.state.kept);
        match &self.live {
            Some(live) => shell::show(ui, &live.snapshot, &mut self.state, &mut commands),
            None => screens::closed(ui, self.which, &mut self.state),
        }
        self.send(commands);
        let wanted = zoom(&self.state.kept);
        if (before - wanted).abs() > f32::EPSILON || self.watcher.first_frame() {
            ui.ctx().set_zoom_factor(self.watcher.zoom().unwrap_or(wanted));
        }
        if let Some(wish) = self.state.wish.take() {
            self.fulfil(wish, ui.ctx());
            ui.ctx().request_repaint();
        }
        if !self.state.orders.is_empty() {
            ui.ctx().request_repaint(); // they are given before the next frame
        }
        self.watcher.frame(ui.ctx(), self.live.as_ref().map(|live| &*live.snapshot));
    }

    /// What was typed stays in memory: a secret may have been among it.
    fn persist_egui_memory(&self) -> bool {
        false
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.keep();
        self.leave(); // stops the core, which first finishes what it writes
        for core in self.left.drain(..) {
            if core.join().is_err() {
                tracing::error!("the core stopped unexpectedly");
            }
        }
    }
}

fn zoom(kept: &Kept) -> f32 {
    let chosen =
        if kept.zoom_percent == 0 { 1.0 } else { f32::from(kept.zoom_percent.clamp(50, 300)) / 100.0 };
    if kept.calm { chosen.max(1.25) } else { chosen }
}
