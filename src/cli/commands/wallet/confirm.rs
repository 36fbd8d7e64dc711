//! The gesture of a face without buttons: a typed yes, `--yes`, and every danger's fact.

use std::io::{BufRead as _, IsTerminal as _, Write as _, stderr, stdin};

use clap::Args;

use super::super::super::output::say;
use crate::app::signing::keys::DerivationPath;
use crate::app::signing::review::{Answers, Finding, Gesture, Level};
use crate::app::{AccountView, Device, DeviceKind, Noted, Reason};

/// How a signature is confirmed.
#[derive(Debug, Clone, Args)]
pub struct ConfirmArgs {
    /// Confirm without being asked. It never answers for a danger: each one wants its --fact
    #[arg(long)]
    pub yes: bool,
    /// What a danger asks to be typed, as "UNLIMITED"; may be repeated
    #[arg(long, value_name = "TEXT")]
    pub fact: Vec<String>,
    /// Read the key file's password from this file descriptor in place of the terminal
    #[arg(long, value_name = "N")]
    pub password_fd: Option<u32>,
    /// Sign on a Ledger over USB, at this path; nothing is asked of its vendor's servers
    #[arg(long, value_name = "PATH", num_args = 0..=1, default_missing_value = "m/44'/60'/0'/0/0", conflicts_with = "password_fd")]
    pub ledger: Option<DerivationPath>,
    /// Sign on a Trezor over USB, at this path; nothing is asked of its vendor's servers
    #[arg(long, value_name = "PATH", num_args = 0..=1, default_missing_value = "m/44'/60'/0'/0/0", conflicts_with_all = ["password_fd", "ledger"])]
    pub trezor: Option<DerivationPath>,
}

impl ConfirmArgs {
    /// What the checks must know of the signer.
    pub(super) fn noted(&self) -> Noted {
        Noted { device: self.named().map(|device| device.kind.fact()), ..Noted::default() }
    }

    /// The kind of device that an option names.
    pub(super) fn kind(&self) -> Option<DeviceKind> {
        self.named().map(|device| device.kind)
    }

    /// The device that an option names.
    fn named(&self) -> Option<Device> {
        let of = |kind, path: &Option<DerivationPath>| path.clone().map(|path| Device { kind, path });
        of(DeviceKind::Ledger, &self.ledger).or_else(|| of(DeviceKind::Trezor, &self.trezor))
    }

    /// The device that signs for an account: the one named here, else the one that the account was added from.
    pub(super) fn device(&self, account: &AccountView) -> Option<Device> {
        self.named().or_else(|| account.device())
    }
}

/// Asks what the findings call for. The review itself says whether the answers are enough.
pub(super) fn confirm(args: &ConfirmArgs, findings: &[Finding], question: &str) -> Result<Answers, Reason> {
    let mut facts = args.fact.clone();
    let gesture = Gesture::of(findings);
    if gesture == Gesture::Blocked {
        return Ok(Answers { held: false, facts }); // refused with the check's own words
    }
    let terminal = stdin().is_terminal();
    for danger in findings.iter().filter(|one| one.level == Level::Danger) {
        let Some(fact) = &danger.fact else { continue };
        if facts.iter().any(|typed| fact.accepts(typed)) || !terminal {
            continue;
        }
        say(&format!("[x] {}", danger.text));
        facts.push(line(&format!("Type {} to go on: ", fact.prompt))?);
    }
    if args.yes {
        return Ok(Answers { held: true, facts });
    }
    if !terminal {
        return Err(Reason::new(
            "Nobody confirmed it",
            "nothing was signed and nothing was sent",
            "look at the review with --dry-run, then run it with --yes",
        ));
    }
    let answer = line(&format!("{question} Type yes: "))?;
    if answer.trim().eq_ignore_ascii_case("yes") {
        return Ok(Answers { held: true, facts });
    }
    Err(Reason::new("You did not confirm it", "nothing was signed and nothing was sent", "nothing"))
}

/// One line of an answer; the prompt goes to standard error.
pub(super) fn line(prompt: &str) -> Result<String, Reason> {
    let mut out = stderr().lock();
    drop(write!(out, "{prompt}").and_then(|()| out.flush()));
    let mut text = String::new();
    stdin().lock().read_line(&mut text).map_err(|error| {
        Reason::new(&format!("The answer could not be read: {error}"), "nothing was done", "try again")
    })?;
    Ok(text.trim().to_owned())
}
