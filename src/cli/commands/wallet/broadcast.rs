//! `broadcast`: a signed transaction from anywhere, or again from the journal.

use alloy::primitives::{B256, Bytes};
use clap::Args;

use super::super::super::Exit;
use super::super::super::args::Args as Cli;
use super::super::super::output::{misused, say};
use super::activity::WaitArgs;
use super::flow::deliver;
use super::qr;
use super::sign::read;
use crate::app::{Handle, OfflineFile, Reason, Wallet, differs, is_picture, texts_in_picture};

/// Send a signed transaction.
#[derive(Debug, Clone, Args)]
pub struct BroadcastArgs {
    /// The signed transaction: raw hex, a file of it, a QR signer's answer (ur:eth-signature/…, or a picture of its code;
    /// with --request), or the hash of one in the journal
    #[arg(required_unless_present = "picture", conflicts_with = "picture")]
    pub transaction: Option<String>,
    /// A picture of a QR signer's answer (PNG or JPEG); one for each part of an animated code, in any order
    #[arg(long, value_name = "FILE", requires = "request")]
    pub picture: Vec<std::path::PathBuf>,
    /// The offline file it was made from: what came back is compared with what was asked
    #[arg(long, value_name = "FILE")]
    pub request: Option<std::path::PathBuf>,
    #[command(flatten)]
    pub wait: WaitArgs,
}

/// `broadcast`. Works without a verified head.
pub(in crate::cli) async fn broadcast(args: &Cli, handle: &mut Handle, own: &BroadcastArgs) -> Exit {
    let wallet = handle.wallet();
    match found(&wallet, own) {
        Ok(hash) => deliver(args, handle, hash, &own.wait).await,
        Err(reason) => misused(args, &reason),
    }
}

fn found(wallet: &Wallet, own: &BroadcastArgs) -> Result<B256, Reason> {
    let pictured = own.picture.iter().map(|path| text_of(&read(path)?)).collect::<Result<Vec<_>, _>>()?;
    let pictured = pictured.join("\n");
    let text = own.transaction.as_deref().unwrap_or(&pictured).trim();
    if let Ok(hash) = text.parse::<B256>()
        && wallet.transaction(hash)?.is_some()
    {
        return Ok(hash);
    }
    let raw = raw(text, own.request.as_deref())?;
    if let Some(path) = &own.request {
        compare(path, &raw)?;
    }
    let adopted = wallet.adopt(&raw)?;
    say(&format!("{} · {} · from {} · nonce {}", adopted.hash, adopted.title, adopted.from, adopted.nonce));
    Ok(adopted.hash)
}

fn raw(text: &str, request: Option<&std::path::Path>) -> Result<Bytes, Reason> {
    let answered = |text: &str| qr::signed(text, request.map(read).transpose()?.as_deref());
    if qr::is_answer(text) {
        return answered(text);
    }
    if text.starts_with("0x") || text.len() > 200 {
        return hex(text);
    }
    let path = std::path::Path::new(text);
    if !path.exists() {
        let what =
            format!("{text:?} is no raw transaction (0x…), no signer's answer (ur:…), and no file here");
        let next = "check the path, or copy the transaction again, whole";
        return Err(Reason::new(&what, "nothing was sent", next));
    }
    let bytes = read(path)?;
    if is_picture(&bytes) {
        return answered(&text_of(&bytes)?);
    }
    if let Some(text) = std::str::from_utf8(&bytes).ok().filter(|text| qr::is_answer(text)) {
        return answered(text);
    }
    match OfflineFile::parse(&bytes) {
        Ok(OfflineFile::Signed(signed)) => Ok(signed.raw().clone()),
        Ok(OfflineFile::Unsigned(_)) => Err(Reason::new(
            "This file's transaction is not signed",
            "nothing was sent",
            "sign it with `lifeboat sign transaction`",
        )),
        Err(error) => match std::str::from_utf8(&bytes).map(str::trim) {
            Ok(text) if text.starts_with("0x") => hex(text),
            _ => Err(Reason::new(&error.to_string(), "nothing was sent", "give raw hex or a signed file")),
        },
    }
}

/// The texts of a picture's codes, one a line.
fn text_of(picture: &[u8]) -> Result<String, Reason> {
    Ok(texts_in_picture(picture)?.join("\n"))
}

fn hex(text: &str) -> Result<Bytes, Reason> {
    text.parse().map_err(|error| {
        Reason::new(&format!("That is no hex: {error}"), "nothing was sent", "copy it again, whole")
    })
}

fn compare(path: &std::path::Path, raw: &Bytes) -> Result<(), Reason> {
    let asked = OfflineFile::parse(&read(path)?).map_err(|error| {
        Reason::new(&error.to_string(), "nothing was sent", "give the file that you made")
    })?;
    let OfflineFile::Unsigned(asked) = asked else {
        return Err(Reason::new(
            "The request is signed itself",
            "nothing was sent",
            "give the unsigned file",
        ));
    };
    let signed = crate::app::signing::Signed::decode(raw)?.unsigned()?;
    match differs(asked.unsigned(), &signed) {
        None => {
            say("Same as the request you made.");
            Ok(())
        }
        Some(what) => Err(Reason::new(
            &format!("Differs from your request: {what}"),
            "it was not sent",
            "find out who changed it; leave --request out only if you meant that",
        )),
    }
}
