//! Secrets from a prompt or a file descriptor.

use std::fs::File;
use std::io::{IsTerminal as _, stdin};

use zeroize::Zeroize as _;

use crate::app::Reason;
use crate::app::signing::keys::Secret;

/// Longest secret taken: 24 words and more.
const MAX_BYTES: usize = 4_096;

/// Asks for a secret: from the descriptor where one is given, else at the terminal, unseen.
pub(super) fn ask(prompt: &str, descriptor: Option<u32>) -> Result<Secret, Reason> {
    match descriptor {
        Some(number) => from_descriptor(number),
        None if stdin().is_terminal() => rpassword::prompt_password(format!("{prompt}: "))
            .map(Secret::of_text)
            .map_err(|error| unreadable(&error)),
        None => Err(Reason::new(
            &format!("{prompt} is needed, and there is no terminal to ask at"),
            "nothing was done",
            "run it at a terminal, or hand the secret over with --password-fd N",
        )),
    }
}

/// Asks twice, where it is typed: a slip would lock the owner out.
pub(super) fn ask_new(prompt: &str, descriptor: Option<u32>) -> Result<Secret, Reason> {
    let first = ask(prompt, descriptor)?;
    if first.is_empty() {
        return Err(Reason::new("An empty password protects nothing", "nothing was done", "choose one"));
    }
    if descriptor.is_none() && !first.same(&ask("The same again", None)?) {
        return Err(Reason::new("The two are not the same", "nothing was done", "try again"));
    }
    Ok(first)
}

/// One line, byte by byte: what follows it may be the next secret.
fn from_descriptor(number: u32) -> Result<Secret, Reason> {
    let mut read: Box<dyn std::io::Read> = if number == 0 {
        Box::new(stdin())
    } else {
        let file = File::open(format!("/dev/fd/{number}")).map_err(|error| unreadable(&error))?;
        Box::new(file)
    };
    let mut bytes = Vec::with_capacity(MAX_BYTES);
    let mut one = [0_u8; 1];
    loop {
        match read.read(&mut one) {
            Ok(0) => break,
            Ok(_) if one == *b"\n" => break,
            Ok(_) if bytes.len() >= MAX_BYTES => {
                bytes.zeroize();
                return Err(Reason::new(
                    "The secret is too long",
                    "nothing was done",
                    "check the descriptor",
                ));
            }
            Ok(_) => bytes.extend_from_slice(&one),
            Err(error) => {
                bytes.zeroize();
                return Err(unreadable(&error));
            }
        }
    }
    one.zeroize();
    if bytes.last() == Some(&b'\r') {
        bytes.pop();
    }
    Ok(Secret::new(bytes))
}

fn unreadable(error: &std::io::Error) -> Reason {
    Reason::new(&format!("The secret could not be read: {error}"), "nothing was done", "try again")
}
