//! The bar below a review: back far left, the signature far right, and as much in its way as the worst check asks for.

use std::sync::Arc;

use egui::{RichText, TextEdit, Ui};

use crate::app::signing::keys::Secret;
use crate::app::signing::review::{Answers, Gesture, Level};
use crate::app::{AccountKind, Loadable, Prepared, Unlock, WalletOrder};
use crate::gui::paste;
use crate::gui::screen::Screen;
use crate::gui::ui_state::{ReviewState, UiState};
use crate::gui::widgets;
use crate::gui::words::Word;

/// After it opens and after every change it ignores input for this long, in milliseconds.
const ARMING_MS: u64 = 1_000;
/// So long is a hold, in milliseconds.
const HOLD_MS: u64 = 1_500;
/// Two presses stand for a hold where they are this far apart, in milliseconds.
const PRESSES_MS: std::ops::Range<u64> = 1_000..10_000;

/// Draws it.
pub(super) fn show(ui: &mut Ui, state: &mut UiState) {
    let wallet = Arc::clone(&state.wallet);
    if wallet.signed.is_some() && wallet.review.is_none() && state.review.shown.is_some() {
        // It was signed: its own page follows.
        state.review = ReviewState::default();
        state.send = Default::default();
        state.screen = Screen::Activity;
        return;
    }
    let prepared = match &wallet.review {
        Some(Loadable::Ready(prepared)) => Some(prepared),
        _ => None,
    };
    if let Some(prepared) = prepared {
        watch_for_changes(prepared, state);
    }
    ui.horizontal_wrapped(|ui| {
        if ui.button(state.t(Word::Back)).clicked() {
            state.wallet_orders.push(WalletOrder::Close);
            paste::wipe(&mut state.review.password);
            state.review = ReviewState::default();
            state.screen = Screen::Send;
        }
        if let Some(prepared) = prepared {
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                signature(ui, prepared, wallet.signing, state);
            });
        }
    });
}

/// A change of what is shown disarms, and what was typed for it is gone.
fn watch_for_changes(prepared: &Prepared, state: &mut UiState) {
    let review = &prepared.review;
    let open = review.findings.iter().filter(|one| one.level >= Level::Caution);
    let now = (review.id(), open.map(|one| one.text.clone()).collect());
    if state.review.shown.as_ref() == Some(&now) {
        return;
    }
    let dangers = review.findings.iter().filter(|one| one.fact.is_some()).count();
    state.review.shown = Some(now);
    state.review.armed_at_ms = state.now_ms.saturating_add(ARMING_MS);
    state.review.facts = vec![String::new(); dangers];
    (state.review.held_since_ms, state.review.pressed_at_ms) = (None, None);
}

fn signature(ui: &mut Ui, prepared: &Prepared, signing: bool, state: &mut UiState) {
    let review = &prepared.review;
    let gesture = review.gesture();
    if signing {
        widgets::quiet(ui, state, state.t(Word::Signing));
        return;
    }
    if gesture == Gesture::Blocked {
        let why = review.findings.iter().find(|one| one.level == Level::Block);
        let why = why.map(|one| one.text.clone()).unwrap_or_default();
        let text = RichText::new(state.tf(Word::Blocked, &[&why])).color(state.palette.refuted);
        ui.add(egui::Label::new(text).truncate());
        return;
    }
    let facts = review.findings.iter().filter_map(|one| one.fact.as_ref());
    let typed = facts.zip(&state.review.facts).all(|(fact, text)| fact.accepts(text));
    let kind = state.wallet.accounts.iter().find(|one| one.address == review.from()).map(|one| one.kind);
    let needs_password = !matches!(kind, Some(AccountKind::Practice));
    let ready = state.now_ms >= state.review.armed_at_ms
        && typed
        && !(needs_password && state.review.password.is_empty());
    let done = button(ui, gesture, ready, state);
    for (at, fact) in review.findings.iter().filter_map(|one| one.fact.as_ref()).enumerate() {
        if let Some(text) = state.review.facts.get_mut(at) {
            let edit = TextEdit::singleline(text).desired_width(120.0).hint_text(&fact.prompt);
            let response = ui.add(edit.margin(egui::Margin::symmetric(10, 8)));
            let label = ui.label(format!("{} {}", state.t(Word::TypeThis), fact.prompt));
            response.labelled_by(label.id);
        }
    }
    if needs_password {
        let edit = TextEdit::singleline(&mut state.review.password).password(true).desired_width(140.0);
        let response = ui.add(edit.margin(egui::Margin::symmetric(10, 8)));
        let label = ui.label(state.t(Word::Password));
        response.labelled_by(label.id);
    }
    if done {
        order(prepared, needs_password, state);
    }
}

/// The button of a gesture; true once the gesture is done. Nothing but this button signs.
fn button(ui: &mut Ui, gesture: Gesture, ready: bool, state: &mut UiState) -> bool {
    let word = match (gesture, state.review.pressed_at_ms) {
        (Gesture::Click, _) => Word::SignAndSend,
        (_, Some(_)) => Word::PressAgain,
        _ => Word::HoldToSign,
    };
    let danger = gesture == Gesture::TypeThenHold;
    let (fill, line, colour) = if danger {
        (state.palette.control, state.palette.refuted, state.palette.text)
    } else {
        (state.palette.accent, state.palette.accent, state.palette.on_accent)
    };
    let text = RichText::new(state.t(word)).color(colour);
    let button = egui::Button::new(text)
        .fill(fill)
        .stroke(egui::Stroke::new(2.0, line))
        .min_size(egui::vec2(150.0, 38.0));
    let response = ui.add_enabled(ready, button);
    if !ready {
        state.review.held_since_ms = None;
        if state.now_ms < state.review.armed_at_ms {
            ui.ctx().request_repaint_after(std::time::Duration::from_millis(200));
        }
        return false;
    }
    if gesture == Gesture::Click {
        return response.clicked();
    }
    hold(ui, &response, state)
}

fn hold(ui: &Ui, response: &egui::Response, state: &mut UiState) -> bool {
    let now = state.now_ms;
    if response.is_pointer_button_down_on() {
        let since = *state.review.held_since_ms.get_or_insert(now);
        let share = now.saturating_sub(since) as f32 / HOLD_MS as f32;
        let bar = egui::Rect::from_min_max(
            response.rect.left_bottom() - egui::vec2(0.0, 4.0),
            response.rect.left_bottom() + egui::vec2(response.rect.width() * share.min(1.0), 0.0),
        );
        ui.painter().rect_filled(bar, 2.0, state.palette.text);
        ui.ctx().request_repaint_after(std::time::Duration::from_millis(30));
        return now.saturating_sub(since) >= HOLD_MS;
    }
    state.review.held_since_ms = None;
    // Without a mouse two presses stand for the hold; a click of the mouse is a hold let go too early.
    if response.clicked() && !ui.input(|input| input.pointer.any_released()) {
        match state.review.pressed_at_ms {
            Some(first) if PRESSES_MS.contains(&now.saturating_sub(first)) => return true,
            _ => state.review.pressed_at_ms = Some(now),
        }
    }
    if state.review.pressed_at_ms.is_some_and(|first| now.saturating_sub(first) >= PRESSES_MS.end) {
        state.review.pressed_at_ms = None;
    }
    false
}

fn order(prepared: &Prepared, needs_password: bool, state: &mut UiState) {
    let unlock = if needs_password {
        Unlock::Password(Secret::of_text(std::mem::take(&mut state.review.password)))
    } else {
        Unlock::Practice
    };
    let answers = Answers { held: true, facts: state.review.facts.clone() };
    let (id, send) = (prepared.review.id(), !state.review.keep);
    state.wallet_orders.push(WalletOrder::Sign { id, answers, unlock, send });
    (state.review.held_since_ms, state.review.pressed_at_ms) = (None, None);
}
