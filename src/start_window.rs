//! From arguments to the open window, and what the window needs of the program: other networks, and its file kept.

use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread::{Builder, JoinHandle};
use std::time::Instant;

use lifeboat::app::{NetworkName, OpenError, Question, Reason};
use lifeboat::cli::{Args, Exit, ThemeArg};
use lifeboat::gui::{Contact, Harness, Keeper, Kept, Networks, Screen, Session, Setup, ThemeChoice};
use lifeboat::storage::{WindowFile, WindowFileState};

use crate::practice_desk::Desk;
use crate::scenario::{Cast, Stage};

/// Opens the window and returns when it is closed.
pub(crate) fn start_window(args: &Args) -> Exit {
    let started = Instant::now();
    let stage = match Stage::set(args) {
        Ok(stage) => stage,
        Err(why) => return lifeboat::cli::no_window(args, &why),
    };
    let which = if stage.scenario.is_some() { NetworkName::Practice } else { args.network.into() };
    let opener = Opener { args: args.clone(), stage: Arc::new(stage) };
    let first = opener.open(which);
    if let Err(Failure { error: Some(error), .. }) = &first
        && args.window.shot.is_some()
    {
        return lifeboat::cli::cannot_open(args, error);
    }
    let first = first.map_err(|failure| failure.reason);
    let desk = Workspace::of(args, &first, which);
    let setup = Setup {
        clock: opener.stage.window_clock(),
        kept: desk.kept,
        keeper: desk.keeper,
        folder: desk.folder,
        notices: desk.notices,
        harness: Harness { started: Some(started), ..harness(args, &opener.stage) },
        networks: Box::new(Beside { opener, pending: None }),
    };
    match lifeboat::gui::run(which, first, setup) {
        Ok(()) => Exit::Done,
        Err(error) => lifeboat::cli::no_window(args, &error.to_string()),
    }
}

/// Why a network could not be opened.
struct Failure {
    reason: Reason,
    error: Option<OpenError>,
}

impl Failure {
    fn of(error: &dyn std::error::Error) -> Self {
        let means = "nothing was asked of anybody";
        Self { reason: Reason::new(&error.to_string(), means, "correct it and try again"), error: None }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        Self { reason: Self::of(&error).reason, error: Some(error) }
    }
}

/// Opens any network.
#[derive(Clone)]
struct Opener {
    args: Args,
    stage: Arc<Stage>,
}

impl Opener {
    #[expect(clippy::result_large_err, reason = "once a network is opened, not in a loop")]
    fn open(&self, which: NetworkName) -> Result<Session, Failure> {
        let mut request = lifeboat::cli::request(&self.args, None);
        request.network = which;
        if which != NetworkName::from(self.args.network) {
            // What was said of one network does not hold for another.
            (request.checkpoint, request.accept_old) = (None, false);
            (request.beacon, request.execution) = (Vec::new(), Vec::new());
        }
        let mut practice = None;
        if which == NetworkName::Practice {
            let desk = Desk::open(&self.stage).map_err(|error| Failure::of(&*error))?;
            request.practice = Some(desk.network());
            if NetworkName::from(self.args.network) != which || request.data_dir.is_none() {
                request.data_dir = Some(desk.folder().to_path_buf()); // nothing of it is kept
            }
            practice = Some(Box::new(desk) as _);
        }
        let mut opened = lifeboat::app::open(request, self.stage.core_clock()).map_err(Failure::from)?;
        opened = opened.with_practice_keys(self.args.practice_keys.clone());
        if self.args.window.offline_first {
            opened = opened.offline();
        }
        Ok(Session { which, opened, practice })
    }
}

/// Opens networks on a thread of its own.
struct Beside {
    opener: Opener,
    pending: Option<mpsc::Receiver<Result<Session, Reason>>>,
}

impl Networks for Beside {
    fn begin(&mut self, which: NetworkName) {
        let (sender, receiver) = mpsc::channel();
        let opener = self.opener.clone();
        self.pending = Some(receiver);
        let open = move || {
            let opened = opener.open(which).map_err(|failure| failure.reason);
            drop(sender.send(opened)); // the window may be gone
        };
        if let Err(error) = Builder::new().name("lifeboat-open".to_owned()).spawn(open) {
            tracing::error!(%error, "no thread to open a network on");
        }
    }

    fn poll(&mut self) -> Option<Result<Session, Reason>> {
        let pending = self.pending.as_ref()?;
        let outcome = match pending.try_recv() {
            Ok(outcome) => outcome,
            Err(mpsc::TryRecvError::Empty) => return None,
            Err(mpsc::TryRecvError::Disconnected) => Err(Reason::new(
                "The network could not be opened",
                "the system gives no thread, or a task of this program failed",
                "try again",
            )),
        };
        self.pending = None;
        Some(outcome)
    }
}

/// The window's file and what was found in it.
#[derive(Default)]
struct Workspace {
    kept: Kept,
    keeper: Option<Box<dyn Keeper>>,
    folder: Option<PathBuf>,
    notices: Vec<String>,
}

impl Workspace {
    /// Of the data folder; nothing where a practice network alone is meant, which ends with the program.
    fn of(args: &Args, first: &Result<Session, Reason>, which: NetworkName) -> Self {
        let root = match first {
            Ok(session) => session.opened.folder().map(Path::to_path_buf),
            Err(_) => lifeboat::app::data_folder(args.data_dir.clone()),
        };
        let Some(root) = root.filter(|_| which != NetworkName::Practice) else { return Self::default() };
        let mut found = Self { folder: Some(root.clone()), ..Self::default() };
        let file = match WindowFile::take(&root) {
            WindowFileState::Held(file) => Some(file),
            WindowFileState::HeldByAnother => {
                found.notices.push(
                    "Another Lifeboat window is open on this data: what you change here is not kept."
                        .to_owned(),
                );
                None
            }
            WindowFileState::Unwritable => None,
        };
        match WindowFile::read(&root) {
            Ok(Some(text)) => match Kept::parse(&text) {
                Ok(kept) => found.kept = kept,
                Err(why) => {
                    let told = file.as_ref().map(|file| file.set_aside(why.clone()).to_string());
                    found.notices.push(told.unwrap_or(why));
                }
            },
            Ok(None) => {}
            Err(error) => found.notices.push(error.to_string()),
        }
        found.keeper = file.and_then(Writer::start).map(|writer| Box::new(writer) as _);
        found
    }
}

/// Writes the window's file on a thread of its own; dropping it waits for the last write.
struct Writer {
    texts: Option<mpsc::Sender<String>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    fn start(file: WindowFile) -> Option<Self> {
        let (texts, inbox) = mpsc::channel::<String>();
        let write = move || {
            while let Ok(text) = inbox.recv() {
                let newest = inbox.try_iter().last().unwrap_or(text);
                if let Err(error) = file.write(&newest) {
                    tracing::error!(%error, "the window's file was not written");
                }
            }
        };
        let thread = Builder::new().name("lifeboat-keep".to_owned()).spawn(write).ok()?;
        Some(Self { texts: Some(texts), thread: Some(thread) })
    }
}

impl Keeper for Writer {
    fn keep(&mut self, text: String) {
        if let Some(texts) = &self.texts {
            drop(texts.send(text)); // its thread ends only with this
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.texts = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the writer stopped unexpectedly");
        }
    }
}

fn harness(args: &Args, stage: &Stage) -> Harness {
    let window = &args.window;
    let scenario = stage.scenario;
    let mut watch = window.watch.clone();
    if watch.is_empty() {
        watch = scenario.map(Cast::watched).unwrap_or_default();
    }
    Harness {
        started: None,
        screen: window
            .screen
            .as_deref()
            .and_then(Screen::named)
            .or(window.offline_first.then_some(Screen::Network)),
        theme: window.theme.map(|theme| match theme {
            ThemeArg::Dark => ThemeChoice::Dark,
            ThemeArg::Light => ThemeChoice::Light,
            ThemeArg::Contrast => ThemeChoice::HighContrast,
        }),
        zoom: window.zoom,
        size: window.size,
        watch,
        names: scenario.map(Cast::names).unwrap_or_default(),
        contacts: scenario.map(|scenario| contacts(scenario.contacts())).unwrap_or_default(),
        own: window.own_deployments.clone(),
        ask: window.look_up.map(Question::Transaction),
        two_acts: scenario.is_some_and(Cast::has_second_act),
        shot: window.shot.clone(),
        dump_a11y: window.dump_a11y.clone(),
        wait_ms: window.shot_after,
        write: Some(|path, bytes| std::fs::write(path, bytes)),
    }
}

fn contacts(count: usize) -> Vec<Contact> {
    let one = |number: usize| Contact {
        address: alloy::primitives::Address::from_word(alloy::primitives::keccak256(number.to_be_bytes())),
        name: format!("Contact {number:04}"),
        compared_with: "a phone call".to_owned(),
        confirmed: true,
    };
    (1..=count).map(one).collect()
}
