//! `key`: make, import, export and list keys.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use super::super::super::Exit;
use super::super::super::args::Args as Cli;
use super::super::super::output::{self, fail, misused, say};
use super::confirm::line;
use super::device::DeviceArgs;
use super::{device, discover, flow, secrets};
use crate::app::signing::keys::{DerivationPath, KdfParams, Phrase, Secret, looks_like_v3};
use crate::app::signing::review::chunked;
use crate::app::{AccountView, Handle, KeyImport, Reason, Unlock, Wallet};

/// Longest key file read.
const MAX_FILE: u64 = 64 * 1024;

/// Keys.
#[derive(Debug, Clone, Args)]
pub struct KeyArgs {
    /// What to do
    #[command(subcommand)]
    pub action: KeyAction,
}

/// Which accounts of a phrase.
#[derive(Debug, Clone, Args)]
pub struct PathArgs {
    /// Take this many accounts of the phrase, from the first
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub accounts: u32,
    /// Ledger Live's paths (m/44'/60'/i'/0/0) in place of the usual ones (m/44'/60'/0'/0/i)
    #[arg(long)]
    pub ledger_live: bool,
    /// Take every account of the phrase that holds ether or sent something, by proof, on every usual path
    #[arg(long, conflicts_with_all = ["accounts", "ledger_live", "path"])]
    pub discover: bool,
    /// Exactly this path; may be repeated
    #[arg(long, value_name = "PATH", conflicts_with_all = ["accounts", "ledger_live"])]
    pub path: Vec<DerivationPath>,
}

impl PathArgs {
    pub(super) fn paths(&self) -> Vec<DerivationPath> {
        if !self.path.is_empty() {
            return self.path.clone();
        }
        let path = if self.ledger_live { DerivationPath::ledger_live } else { DerivationPath::standard };
        (0..self.accounts).map(path).collect()
    }
}

/// What can be done with keys.
#[derive(Debug, Clone, Subcommand)]
pub enum KeyAction {
    /// Make a new key, or with --words a new recovery phrase; the password encrypts it on this computer
    New {
        /// Your name for it
        #[arg(long, default_value = "main")]
        name: String,
        /// Make a phrase of this many words (12, 15, 18, 21, 24) in place of a single key
        #[arg(long, value_name = "COUNT")]
        words: Option<usize>,
        #[command(flatten)]
        paths: PathArgs,
        /// Read the new password from this file descriptor
        #[arg(long, value_name = "N")]
        password_fd: Option<u32>,
    },
    /// Take in a key: a key file of geth, Foundry or another wallet, a recovery phrase, or 64 hex digits
    Import {
        /// The key file (Web3 Secret Storage, version 3)
        #[arg(required_unless_present_any = ["phrase", "raw"], conflicts_with_all = ["phrase", "raw"])]
        file: Option<PathBuf>,
        /// A recovery phrase, asked for at the terminal
        #[arg(long, conflicts_with = "raw")]
        phrase: bool,
        /// The phrase has a passphrase ("25th word"), asked for too
        #[arg(long, requires = "phrase")]
        passphrase: bool,
        /// 64 hex digits, asked for at the terminal
        #[arg(long)]
        raw: bool,
        /// Your name for it
        #[arg(long, default_value = "main")]
        name: String,
        #[command(flatten)]
        paths: PathArgs,
        /// Read the secret (file password, phrase or digits) from this file descriptor, one line
        #[arg(long, value_name = "N")]
        secret_fd: Option<u32>,
        /// Read the password that encrypts it here from this file descriptor, one line
        #[arg(long, value_name = "N")]
        password_fd: Option<u32>,
    },
    /// Write an account's key as a key file that other wallets open
    Export {
        /// Name or address
        account: String,
        /// Where to; must not exist
        file: PathBuf,
        /// Read the password here from this file descriptor
        #[arg(long, value_name = "N")]
        password_fd: Option<u32>,
        /// Read the password of the new file from this file descriptor
        #[arg(long, value_name = "N")]
        new_password_fd: Option<u32>,
    },
    /// Show which accounts of a recovery phrase hold ether or sent something; nothing is kept
    Discover {
        /// The phrase has a passphrase ("25th word"), asked for too
        #[arg(long)]
        passphrase: bool,
        /// Read the phrase from this file descriptor, one line
        #[arg(long, value_name = "N")]
        secret_fd: Option<u32>,
    },
    /// Look at the accounts of a plugged-in Ledger or Trezor, or keep one: its address is confirmed on the device's screen
    Device(DeviceArgs),
    /// The keys on this computer, and the accounts kept from hardware signers
    List,
}

/// `key`. Asks no endpoint for anything, but for the balances that `discover` looks at.
pub(in crate::cli) async fn key(args: &Cli, handle: &mut Handle, own: &KeyArgs) -> Exit {
    let wallet = handle.wallet();
    let done = match &own.action {
        KeyAction::New { name, words: None, password_fd, .. } => {
            secrets::ask_new("New password", *password_fd)
                .and_then(|password| wallet.new_key(name, &password, KdfParams::default()))
        }
        KeyAction::New { name, words: Some(words), paths, password_fd } => {
            new_phrase(&wallet, (name, *words), &paths.paths(), *password_fd)
        }
        KeyAction::Import { paths: PathArgs { discover: true, .. }, .. } => {
            match discover::import(args, handle, &own.action).await {
                Ok(done) => done,
                Err(exit) => return exit,
            }
        }
        KeyAction::Import { .. } => import(&wallet, &own.action),
        KeyAction::Device(own) => return device::device(args, &wallet, own).await,
        KeyAction::Discover { passphrase, secret_fd } => {
            return discover::show(args, handle, *passphrase, *secret_fd).await;
        }
        KeyAction::Export { account, file, password_fd, new_password_fd } => {
            return export(args, &wallet, (account, file), (*password_fd, *new_password_fd)).await;
        }
        KeyAction::List => wallet
            .accounts()
            .map(|all| all.into_iter().filter(|one| one.kind.can_sign()).collect::<Vec<AccountView>>()),
    };
    if let Ok(damaged) = wallet.damaged_keys() {
        damaged.iter().for_each(|(path, why)| say(&format!("{}: {why}", path.display())));
    }
    match done {
        Err(reason) => misused(args, &reason),
        Ok(accounts) => {
            listed(args, &accounts, matches!(own.action, KeyAction::List));
            Exit::Done
        }
    }
}

fn listed(args: &Cli, accounts: &[AccountView], list: bool) {
    output::answer(
        args,
        || {
            let rows = accounts.iter().map(|one| {
                json!({"name": one.name, "address": one.address, "kind": one.kind.name(), "path": one.path, "file": one.file})
            });
            json!({"keys": rows.collect::<Vec<_>>()})
        },
        || {
            let mut out = String::new();
            if accounts.is_empty() {
                out.push_str("No keys on this computer. Looking needs none.\n");
            }
            for one in accounts {
                let path = one.path.as_ref().map_or_else(String::new, |path| format!("  {path}"));
                out.push_str(&format!(
                    "{}  {}{path}\n  {}\n",
                    one.name,
                    one.kind.name(),
                    chunked(one.address)
                ));
            }
            if !list {
                out.push_str("Encrypted on this computer. Make sure a copy exists elsewhere.\n");
            }
            out
        },
    );
}

fn new_phrase(
    wallet: &Wallet,
    (name, words): (&str, usize),
    paths: &[DerivationPath],
    descriptor: Option<u32>,
) -> Result<Vec<AccountView>, Reason> {
    let password = secrets::ask_new("New password", descriptor)?;
    let phrase = Phrase::generate(words, Secret::new(Vec::new()))?;
    say("Write these words on paper, in this order. Whoever has them has the account. They are shown once:");
    for (at, word) in flow::text_of(phrase.words())?.split(' ').enumerate() {
        say(&format!("{:>4}  {word}", at.saturating_add(1)));
    }
    let asked = phrase.confirmation()?;
    let positions: Vec<String> = asked.positions.iter().map(usize::to_string).collect();
    let typed = Secret::of_text(line(&format!("Type words {} from your paper: ", positions.join(", ")))?);
    if !phrase.confirms(&asked, &typed) {
        return Err(Reason::new(
            "Those are not the words",
            "the phrase was not kept; nothing was changed",
            "begin again, with the paper in front of you",
        ));
    }
    wallet.import(KeyImport::Phrase { phrase, paths: paths.to_vec() }, name, &password, KdfParams::default())
}

fn import(wallet: &Wallet, action: &KeyAction) -> Result<Vec<AccountView>, Reason> {
    let KeyAction::Import { file, phrase, passphrase, raw, name, paths, secret_fd, password_fd } = action
    else {
        return Ok(Vec::new());
    };
    let import = if let Some(path) = file {
        let file = read_file(path)?;
        if !looks_like_v3(&file) {
            return Err(crate::app::signing::keys::KeyError::Damaged { field: "crypto" }.into());
        }
        KeyImport::V3 { file, password: secrets::ask("Password of the key file", *secret_fd)? }
    } else if *phrase {
        KeyImport::Phrase { phrase: ask_phrase(*passphrase, *secret_fd)?, paths: paths.paths() }
    } else {
        debug_assert!(raw, "clap asks for one of the three");
        KeyImport::Hex(secrets::ask("Private key", *secret_fd)?)
    };
    let password = secrets::ask_new("New password for this computer", *password_fd)?;
    wallet.import(import, name, &password, KdfParams::default())
}

/// Asks for a phrase, in the one place where that is done.
pub(super) fn ask_phrase(passphrase: bool, descriptor: Option<u32>) -> Result<Phrase, Reason> {
    say(
        "Are you sharing your screen? Stop sharing first. Only continue if you must sign now and have no Ledger.",
    );
    let words = secrets::ask("Recovery phrase", descriptor)?;
    let extra = match passphrase {
        true => secrets::ask("Passphrase", descriptor)?,
        false => Secret::new(Vec::new()),
    };
    Ok(Phrase::new(&words, extra)?)
}

fn read_file(path: &std::path::Path) -> Result<Vec<u8>, Reason> {
    let unreadable = |error: std::io::Error| {
        let what = format!("The file {} cannot be read: {error}", path.display());
        Reason::new(&what, "nothing was changed", "check the path")
    };
    let length = std::fs::metadata(path).map_err(unreadable)?.len();
    if length > MAX_FILE {
        let what = format!("{} is too long for a key file ({length} bytes)", path.display());
        return Err(Reason::new(&what, "nothing was changed", "check the path"));
    }
    std::fs::read(path).map_err(unreadable)
}

async fn export(
    args: &Cli,
    wallet: &Wallet,
    (account, file): (&str, &PathBuf),
    (own_fd, new_fd): (Option<u32>, Option<u32>),
) -> Exit {
    let exported = async {
        let account = wallet.account(account)?;
        let new = |own: &Secret| {
            let new = secrets::ask_new("Password for the new file", new_fd)?;
            wallet.export(&account, own, &new)
        };
        flow::with_key(&account, own_fd, async |unlock| match unlock {
            Unlock::Password(own) => new(&own),
            Unlock::Session(lent) => lent.password().and_then(new),
            Unlock::Practice => new(&Secret::new(Vec::new())),
        })
        .await
    };
    let text = match exported.await {
        Ok(text) => text,
        Err(reason) => return misused(args, &reason),
    };
    match write_new(file, &text) {
        Ok(()) => {
            let words = format!("Written      {}\n", file.display());
            output::answer(args, || json!({"exported": file}), || words);
            Exit::Done
        }
        Err(error) => {
            let what = format!("{} cannot be written: {error}", file.display());
            fail(args, &Reason::new(&what, "nothing was changed", "choose another place"))
        }
    }
}

/// A new file for its owner alone.
fn write_new(path: &std::path::Path, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}
