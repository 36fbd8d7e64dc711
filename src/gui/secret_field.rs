//! A field for a secret: one buffer that is zeroed, no undo, nothing for the accessibility tree, painted as dots.

use std::fmt;

use egui::{Color32, Event, EventFilter, FontId, Key, Response, Role, Sense, Stroke, Ui, WidgetInfo, vec2};
use zeroize::{Zeroize as _, Zeroizing};

use super::clipboard;
use super::ui_state::UiState;
use super::words::Word;
use crate::app::signing::keys::Secret;

/// Longest secret; the buffer never grows, so that no copy of it is left behind.
const LONGEST: usize = 512;
/// Dots drawn at most.
const DOTS: usize = 40;

/// What is typed into a secret field. Zeroed when dropped, and never printed.
pub struct SecretText(Zeroizing<String>);

impl Default for SecretText {
    fn default() -> Self {
        Self(Zeroizing::new(String::with_capacity(LONGEST)))
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(..)")
    }
}

impl SecretText {
    /// Nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text, for as long as it is needed.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Adds text without line ends; what does not fit is left out.
    pub fn push(&mut self, text: &str) {
        for c in text.chars().filter(|c| !c.is_control()) {
            if self.0.len().saturating_add(c.len_utf8()) <= LONGEST {
                self.0.push(c);
            }
        }
    }

    /// Removes the last character.
    pub fn pop(&mut self) {
        self.0.pop();
    }

    /// Overwrites it.
    pub fn wipe(&mut self) {
        self.0.zeroize();
    }

    /// Takes the secret out and leaves nothing.
    pub fn take(&mut self) -> Secret {
        let text = std::mem::take(&mut *self.0);
        self.0.reserve(LONGEST);
        Secret::of_text(text)
    }

    /// Compares two.
    pub fn same(&self, other: &Self) -> bool {
        let copy = |text: &Self| Secret::new(text.0.as_bytes().to_vec());
        copy(self).same(&copy(other))
    }
}

/// How a secret field looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct SecretLook<'a> {
    /// Its name, also for whoever cannot see it.
    pub label: &'a str,
    /// Points.
    pub width: f32,
    /// The text is shown while the user holds a button.
    pub revealed: bool,
}

/// What happened in a secret field.
#[derive(Debug)]
pub(super) struct SecretResponse {
    /// The widget.
    pub response: Response,
    /// Something was typed.
    pub changed: bool,
    /// Enter was pressed.
    pub entered: bool,
    /// More than one word was pasted: it is handed out instead of taken in.
    pub pasted: Option<Zeroizing<String>>,
}

/// Draws the field and takes what is typed.
pub(super) fn secret_field(
    ui: &mut Ui,
    id: egui::Id,
    text: &mut SecretText,
    look: SecretLook<'_>,
    state: &UiState,
) -> SecretResponse {
    let (rect, _) = ui.allocate_exact_size(vec2(look.width, 34.0), Sense::hover());
    let response = ui.interact(rect, id, Sense::click());
    if response.clicked() {
        response.request_focus();
    }
    let mut done = SecretResponse { response, changed: false, entered: false, pasted: None };
    if done.response.has_focus() {
        let filter = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
        take_events(ui, text, &mut done);
    }
    paint(ui, rect, text, look, (done.response.has_focus(), state));
    // The label alone: neither the text nor its length is anybody's business.
    done.response.widget_info(|| WidgetInfo::labeled(Role::PasswordInput, true, look.label));
    done
}

/// Takes the events meant for the field out of the queue, and overwrites their text.
fn take_events(ui: &Ui, text: &mut SecretText, done: &mut SecretResponse) {
    let mut came = None;
    ui.input_mut(|input| {
        input.events.retain_mut(|event| match event {
            Event::Text(typed) | Event::Ime(egui::ImeEvent::Commit(typed)) => {
                text.push(typed);
                typed.zeroize();
                done.changed = true;
                false
            }
            Event::Paste(pasted) => {
                came = Some(clipboard::number(pasted));
                if pasted.split_whitespace().nth(1).is_some() {
                    done.pasted = Some(Zeroizing::new(pasted.clone()));
                } else {
                    text.push(pasted.trim());
                }
                pasted.zeroize();
                done.changed = true;
                false
            }
            // Nothing goes from here to the clipboard.
            Event::Copy | Event::Cut => false,
            Event::Key { key: Key::Backspace, pressed: true, modifiers, .. } => {
                if modifiers.command || modifiers.ctrl {
                    text.wipe();
                } else {
                    text.pop();
                }
                done.changed = true;
                false
            }
            Event::Key { key: Key::Delete, pressed: true, .. } => {
                text.wipe();
                done.changed = true;
                false
            }
            Event::Key { key: Key::Enter, pressed: true, .. } => {
                done.entered = true;
                false
            }
            _ => true,
        });
    });
    // The queue's lock is the context's own: it is told once that is free.
    if let Some(secret) = came {
        clipboard::secret_came(ui.ctx(), secret);
    }
}

fn paint(
    ui: &Ui,
    rect: egui::Rect,
    text: &SecretText,
    look: SecretLook<'_>,
    (focused, state): (bool, &UiState),
) {
    let palette = &state.palette;
    let edge = if focused { Stroke::new(2.0, palette.accent) } else { Stroke::new(1.0, palette.border) };
    ui.painter().rect(rect, 6.0, palette.control, edge, egui::StrokeKind::Inside);
    let painter = ui.painter().with_clip_rect(rect.shrink2(vec2(8.0, 2.0)));
    let left = egui::pos2(rect.left() + 10.0, rect.center().y);
    let write = |words: &str, colour: Color32, font: FontId| {
        painter.text(left, egui::Align2::LEFT_CENTER, words, font, colour).right()
    };
    let plain = egui::TextStyle::Body.resolve(ui.style());
    let end = if state.wallet.capturing {
        write(state.t(Word::HiddenWhileCapturing), palette.text_2, plain)
    } else if look.revealed {
        write(text.expose(), palette.text, egui::TextStyle::Monospace.resolve(ui.style()))
    } else {
        dots(&painter, left, text.expose().chars().count(), palette.text)
    };
    if focused && !state.wallet.capturing {
        let caret = rect.shrink2(vec2(8.0, 8.0)).y_range();
        painter.vline((end + 2.0).min(rect.right() - 9.0), caret, Stroke::new(1.5, palette.accent));
    }
}

fn dots(painter: &egui::Painter, left: egui::Pos2, count: usize, colour: Color32) -> f32 {
    let mut right = left.x;
    for _ in 0..count.min(DOTS) {
        painter.circle_filled(egui::pos2(right + 3.0, left.y), 3.0, colour);
        right += 9.0;
    }
    right
}

/// A label above a secret field over the width there is.
pub(super) fn labelled(
    ui: &mut Ui,
    id: &str,
    text: &mut SecretText,
    label: &str,
    state: &UiState,
) -> SecretResponse {
    let words = ui.label(label).id;
    let width = ui.available_width().min(420.0);
    let look = SecretLook { label, width, revealed: false };
    let mut done = secret_field(ui, egui::Id::unique(id), text, look, state);
    done.response = done.response.labelled_by(words);
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_buffer_never_grows_and_is_emptied_by_whoever_takes_it() {
        let mut text = SecretText::default();
        let at = text.0.as_ptr();
        text.push(&"é".repeat(LONGEST));
        assert_eq!((text.0.len(), text.0.as_ptr()), (LONGEST, at));
        text.wipe();
        text.push("pass\nword\u{7f}");
        text.pop();
        assert_eq!(text.take().text(), Some("passwor"));
        assert!(text.is_empty());
        assert_eq!(format!("{text:?}"), "SecretText(..)");
    }
}
