//! Where words go: the answer to standard output, all else to standard error.

use std::io::{ErrorKind, Write as _, stderr, stdout};

use super::args::Args;
use super::{Exit, json};
use crate::app::{OpenError, Reason, plain};

/// Prints the answer in the form that was asked for.
pub(super) fn answer(
    args: &Args,
    as_json: impl FnOnce() -> serde_json::Value,
    as_text: impl FnOnce() -> String,
) {
    let text = if args.json { format!("{:#}\n", as_json()) } else { as_text() };
    let mut out = stdout().lock();
    if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush())
        && error.kind() != ErrorKind::BrokenPipe
    {
        say(&format!("The answer could not be written: {error}"));
    }
}

/// Writes bytes as they are: text for another program.
pub(super) fn raw(bytes: &[u8]) -> Exit {
    let mut out = stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            say(&format!("It could not be written: {error}"));
            Exit::Unverified
        }
        _ => Exit::Done,
    }
}

/// Says something beside the answer. A closed standard error is the reader's choice.
pub(super) fn say(text: &str) {
    let mut out = stderr().lock();
    for line in text.trim_end().lines() {
        drop(writeln!(out, "{}", plain(line)));
    }
}

/// Says why there is no answer; with `--json` the answer is that reason.
pub(super) fn fail(args: &Args, reason: &Reason) -> Exit {
    if args.json {
        answer(args, || json::failure(reason), String::new);
    }
    say(&reason.to_string());
    match (reason.misuse, reason.proven_no) {
        (true, _) => Exit::Usage,
        (false, true) => Exit::ProvenNo,
        (false, false) => Exit::Unverified,
    }
}

/// Says why the words of the user could not be used.
pub(super) fn misused(args: &Args, reason: &Reason) -> Exit {
    fail(args, reason);
    Exit::Usage
}

/// The practice network that the program should have started did not start.
pub fn no_practice(args: &Args, error: &dyn std::error::Error) -> Exit {
    let what = format!("The practice network did not start: {error}");
    let means = "this computer gave no loopback port, no thread or no room for temporary files";
    fail(args, &Reason::new(&what, means, "free some memory and disk space, and try again"))
}

/// The execution client whose blocks the practice beacon chain should sign cannot be used.
pub fn no_node(args: &Args, error: &dyn std::error::Error) -> Exit {
    let means = "there is no block to sign, and no practice network runs";
    fail(
        args,
        &Reason::new(&error.to_string(), means, "start the client, or correct its address, and try again"),
    )
}

/// The network could not be opened: the user's settings or the machine are at fault.
pub fn cannot_open(args: &Args, error: &OpenError) -> Exit {
    let reason = Reason::new(&error.to_string(), "nothing was asked of anybody", "correct it and try again");
    if error.is_users() { misused(args, &reason) } else { fail(args, &reason) }
}

/// There is no window to open, and what to do instead.
pub fn no_window(args: &Args, why: &str) -> Exit {
    let means = "the window needs a desktop; everything it shows can be had here too";
    misused(args, &Reason::new(why, means, "try `lifeboat status`, or `lifeboat --help` for all commands"))
}
