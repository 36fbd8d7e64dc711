//! Typed data and messages: reviewed and signed, and sent nowhere.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use super::super::super::Exit;
use super::super::super::args::Args as Cli;
use super::super::super::output::{self, fail, misused, say};
use super::confirm::confirm;
use super::flow::{say_compare, signer, with_key};
use super::sign::MessageArgs;
use super::{pin, review_json, review_text};
use crate::app::signing::review::Gesture;
use crate::app::{Cancel, Handle, MessageBody, MessageView, Reason, SignedMessage, ToSign};

/// What a text on the command line stands for.
pub(super) fn wanted(text: &str, hex: bool) -> Result<ToSign, Reason> {
    if !hex {
        return Ok(ToSign::Text(text.to_owned()));
    }
    alloy::primitives::hex::decode(text.trim()).map(|bytes| ToSign::Bytes(bytes.into())).map_err(|error| {
        let what = format!("That is no hex: {error}");
        Reason::new(&what, "nothing was signed", "give an even number of hex digits, with or without 0x")
    })
}

/// From what is to be signed to its signature.
pub(super) async fn sign_alone(args: &Cli, handle: &mut Handle, wanted: ToSign, own: &MessageArgs) -> Exit {
    // A text means the same on every chain; what typed data names is proven where it can be.
    if matches!(wanted, ToSign::TypedData(_))
        && let Err(exit) = super::flow::head(args, handle).await
    {
        return exit;
    }
    let wallet = handle.wallet();
    let account = match signer(&wallet, own.from.as_deref()) {
        Ok(account) => account,
        Err(reason) => return misused(args, &reason),
    };
    let open = match wallet.prepare_to_sign(account.address, wanted, own.confirm.kind()).await {
        Ok(open) => open,
        Err(reason) => return misused(args, &reason),
    };
    let words = words(&open);
    if own.dry_run {
        output::answer(args, || json!({ "review": value(&open) }), || words);
        return if open.gesture() == Gesture::Blocked { Exit::ProvenNo } else { Exit::Done };
    }
    say(&words);
    let signed = async {
        let answers = confirm(&own.confirm, open.findings(), "Sign it?")?;
        if let Some(device) = own.confirm.device(&account) {
            say_compare(&device);
            let cancel = Cancel::new();
            let signed = wallet.sign_message_on_device((open.id(), &answers), &device, &cancel);
            return pin::beside(&cancel, signed).await;
        }
        with_key(&account, own.confirm.password_fd, async |unlock| {
            wallet.sign_message(open.id(), &answers, unlock).await
        })
        .await
    };
    match signed.await {
        Ok(signed) => done(args, &signed, own.out.as_deref()),
        Err(reason) if open.gesture() == Gesture::Blocked => {
            fail(args, &reason);
            Exit::ProvenNo
        }
        Err(reason) => misused(args, &reason),
    }
}

fn done(args: &Cli, signed: &SignedMessage, out: Option<&Path>) -> Exit {
    output::answer(
        args,
        || {
            json!({
                "signature": signed.signature, "address": signed.from, "signing_hash": signed.signing_hash,
                "file": out,
            })
        },
        || format!("{}\n", signed.signature),
    );
    let Some(path) = out else { return Exit::Done };
    let made = std::fs::OpenOptions::new().write(true).create_new(true).open(path);
    match made.and_then(|mut file| file.write_all(signed.to_file().as_bytes())) {
        Ok(()) => {
            say(&format!("Written: {}.", path.display()));
            Exit::Done
        }
        Err(error) => {
            let what = format!("{} was not written: {error}", path.display());
            fail(args, &Reason::new(&what, "the signature stands above", "choose another name or folder"))
        }
    }
}

fn words(open: &MessageView) -> String {
    let mut out = format!("Review       {}\n", open.sentence());
    let review = match &open.body {
        MessageBody::TypedData(review) => review,
        MessageBody::Message(review) => {
            for line in review.text.as_deref().unwrap_or_default().lines() {
                let _infallible = writeln!(out, "  {line}");
            }
            out.push_str(&review_text::findings(&review.findings));
            let _infallible = writeln!(out, "Signing hash {}", open.id().0);
            return out;
        }
    };
    let name = review.domain_name.as_ref().map_or_else(String::new, |name| format!(" of “{name}”"));
    let contract = review.contract.map_or_else(|| "none named".to_owned(), |at| at.to_checksum(None));
    let _infallible = write!(
        out,
        "Type         {}{name}\nContract     {contract}\nWhat this signature allows\n",
        review.primary_type
    );
    for (path, value) in &review.fields {
        let _infallible = writeln!(out, "  {path}: {value}");
    }
    out.push_str(&review_text::findings(&review.findings));
    let _infallible = write!(
        out,
        "Domain hash  {}\nMessage hash {}\nSigning hash {}\n",
        review.domain_hash,
        review.message_hash,
        open.id().0
    );
    out
}

fn value(open: &MessageView) -> Value {
    let common = json!({
        "sentence": open.sentence(), "signing_hash": open.id().0, "from": open.from(),
        "findings": review_json::findings(open.findings()), "gesture": review_json::gesture(open.gesture()),
    });
    let own = match &open.body {
        MessageBody::TypedData(review) => json!({
            "primary_type": review.primary_type, "contract": review.contract,
            "domain_hash": review.domain_hash, "message_hash": review.message_hash,
        }),
        MessageBody::Message(review) => json!({ "text": review.text }),
    };
    let fields = [common, own].into_iter().filter_map(|part| part.as_object().cloned()).flatten();
    Value::Object(fields.collect())
}
