//! A secret that was pasted is taken out of the clipboard a minute later, if it is still there (UX 4.11).
//!
//! The clipboard can be asked for only by pasting: the answer is taken out of the queue before any field sees it. What is
//! remembered of the secret meanwhile is a number that nobody outside this process can check a guess against.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::OnceLock;

use egui::{Context, Event, Id, ViewportCommand};
use zeroize::{Zeroize as _, Zeroizing};

use super::paste::{self, Pasted};
use super::ui_state::UiState;
use super::words::Word;

/// How long a secret may stay there, in milliseconds.
const HELD_MS: u64 = 60_000;
/// The clipboard answers within this, or holds no text, in milliseconds.
const ANSWER_MS: u64 = 3_000;

/// What is watched for.
#[derive(Debug, Clone, Copy)]
struct Watch {
    secret: u64,
    /// When it was pasted, Unix milliseconds; the next frame notes it.
    since_ms: Option<u64>,
    /// When the clipboard was asked for.
    asked_ms: Option<u64>,
}

fn place() -> Id {
    Id::new("secret in the clipboard")
}

/// What is remembered of a secret.
pub(super) fn number(text: &str) -> u64 {
    static KEYS: OnceLock<RandomState> = OnceLock::new();
    KEYS.get_or_init(RandomState::new).hash_one(text.trim())
}

/// A secret came from the clipboard.
pub(super) fn secret_came(ctx: &Context, secret: u64) {
    let watch = Watch { secret, since_ms: None, asked_ms: None };
    ctx.data_mut(|data| data.insert_temp(place(), watch));
}

/// Looks whether it is time, and takes the clipboard's answer. Before anything else draws in a frame.
pub(super) fn tick(ctx: &Context, state: &mut UiState) {
    if ctx.data(|data| data.get_temp::<Watch>(place())).is_none_or(|watch| watch.asked_ms.is_none()) {
        secrets_elsewhere(ctx, state);
    }
    let Some(mut watch) = ctx.data(|data| data.get_temp::<Watch>(place())) else { return };
    let since_ms = watch.since_ms.unwrap_or(state.now_ms);
    watch.since_ms = Some(since_ms);
    let mut over = false;
    match watch.asked_ms {
        None if state.now_ms.saturating_sub(since_ms) >= HELD_MS => {
            ctx.send_viewport_cmd(ViewportCommand::RequestPaste);
            watch.asked_ms = Some(state.now_ms);
        }
        None => {}
        Some(asked_ms) => {
            over = state.now_ms.saturating_sub(asked_ms) > ANSWER_MS;
            if let Some(number) = answer(ctx) {
                over = true;
                if number == watch.secret {
                    ctx.copy_text(String::new());
                    state.toast = Some((state.t(Word::ClipboardCleared).to_owned(), state.now_ms));
                }
            }
        }
    }
    ctx.data_mut(|data| {
        if over {
            data.remove::<Watch>(place());
        } else {
            let _place = data.insert_temp(place(), watch);
        }
    });
}

/// A phrase or a key may be pasted where none belongs, too: the field wipes it, and it is watched for all the same.
fn secrets_elsewhere(ctx: &Context, state: &UiState) {
    let pasted: Vec<Zeroizing<String>> = ctx.input(|input| {
        let texts = input.events.iter().filter_map(|event| match event {
            Event::Paste(text) => Some(Zeroizing::new(text.clone())),
            _ => None,
        });
        texts.collect()
    });
    for text in pasted {
        if paste::read(&text, &paste::known(state)) == Pasted::Secret {
            secret_came(ctx, number(&text));
        }
    }
}

/// What the clipboard holds; nothing of it reaches a field.
fn answer(ctx: &Context) -> Option<u64> {
    let mut held = None;
    ctx.input_mut(|input| {
        input.events.retain_mut(|event| match event {
            Event::Paste(text) if held.is_none() => {
                held = Some(number(text));
                text.zeroize();
                false
            }
            _ => true,
        });
    });
    held
}
