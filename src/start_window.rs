//! From arguments to the open window.

use std::sync::Arc;

use lifeboat::app::{Question, SystemClock};
use lifeboat::cli::{Args, Exit, Practice, ThemeArg};
use lifeboat::gui::{Harness, PracticeControl, Screen, Setup, ThemeChoice};

/// Opens the window and returns when it is closed.
pub(crate) fn start_window(args: &Args, practice: Practice, desk: Option<Box<dyn PracticeControl>>) -> Exit {
    let clock = Arc::new(SystemClock);
    let opened = match lifeboat::app::open(lifeboat::cli::request(args, practice), Arc::clone(&clock) as _) {
        Ok(opened) => opened,
        Err(error) => return lifeboat::cli::cannot_open(args, &error),
    };
    let folder = opened.folder().map(std::path::Path::to_path_buf);
    let setup = Setup { clock, folder, practice: desk, harness: harness(args) };
    match lifeboat::gui::run(opened, setup) {
        Ok(()) => Exit::Done,
        Err(error) => lifeboat::cli::no_window(args, &error.to_string()),
    }
}

fn harness(args: &Args) -> Harness {
    let window = &args.window;
    Harness {
        screen: window.screen.as_deref().and_then(Screen::named),
        theme: window.theme.map(|theme| match theme {
            ThemeArg::Dark => ThemeChoice::Dark,
            ThemeArg::Light => ThemeChoice::Light,
            ThemeArg::Contrast => ThemeChoice::HighContrast,
        }),
        zoom: window.zoom,
        size: window.size,
        watch: window.watch.clone(),
        ask: window.look_up.map(Question::Transaction),
        shot: window.shot.clone(),
        dump_a11y: window.dump_a11y.clone(),
        wait_ms: window.shot_after,
        write: Some(|path, bytes| std::fs::write(path, bytes)),
    }
}
