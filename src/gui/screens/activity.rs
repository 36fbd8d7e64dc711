//! Activity: what was signed on this computer, and what became of it by proof.

use egui::{RichText, Ui};

use super::accounts::named;
use crate::app::signing::{SendOutcome, StatusWord};
use crate::app::{Question, Snapshot, TransactionView, WalletOrder};
use crate::gui::fonts::medium;
use crate::gui::format;
use crate::gui::icons::{self, Severity};
use crate::gui::screen::Screen;
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Transactions drawn; the others are counted.
const SHOWN: usize = 50;

/// Draws it.
pub(super) fn show(ui: &mut Ui, _snapshot: &Snapshot, state: &mut UiState) {
    widgets::title(ui, state.t(Word::Activity));
    let wallet = std::sync::Arc::clone(&state.wallet);
    if let Some(problem) = &wallet.problem {
        widgets::card(ui, state, |ui, state| widgets::reason(ui, state, problem));
    }
    if wallet.activity.is_empty() {
        widgets::quiet(ui, state, state.t(Word::NoActivity));
        return;
    }
    widgets::quiet(ui, state, state.t(Word::ActivityCovers));
    ui.add_space(6.0);
    for one in wallet.activity.iter().take(SHOWN) {
        widgets::card(ui, state, |ui, state| transaction(ui, one, state));
    }
    if wallet.activity.len() > SHOWN {
        let more = wallet.activity.len().saturating_sub(SHOWN).to_string();
        widgets::quiet(ui, state, &state.tf(Word::More, &[&more]));
    }
}

fn severity(word: StatusWord) -> Severity {
    match word {
        StatusWord::Final | StatusWord::Included => Severity::Ok,
        StatusWord::Reverted | StatusWord::Replaced => Severity::Danger,
        StatusWord::NotSeen => Severity::Caution,
        _ => Severity::Info,
    }
}

fn transaction(ui: &mut Ui, one: &TransactionView, state: &mut UiState) {
    let severity = severity(one.word);
    let colour = crate::gui::banner::colours(severity, state).1;
    ui.horizontal_wrapped(|ui| {
        let (rect, _) = ui.allocate_exact_size(egui::vec2(20.0, 22.0), egui::Sense::hover());
        icons::severity(ui.painter(), severity, rect.center(), colour, state.palette.card);
        ui.label(RichText::new(&one.title).family(medium()));
    });
    ui.add(egui::Label::new(&one.sentence).wrap());
    widgets::hash(ui, one.hash);
    let signed = state.tf(Word::SignedAt, &[&format::utc(one.signed_at_ms / 1_000), &one.nonce.to_string()]);
    widgets::quiet(ui, state, &signed);
    let accepted = one
        .answers
        .iter()
        .filter(|(_, outcome)| matches!(outcome, SendOutcome::Accepted | SendOutcome::AlreadyKnown))
        .count();
    if !one.answers.is_empty() {
        let words = [accepted.to_string(), one.answers.len().to_string()];
        widgets::quiet(ui, state, &state.tf(Word::AcceptedBy, &words.each_ref().map(String::as_str)));
    }
    ui.horizontal_wrapped(|ui| {
        if named(ui, state.t(Word::LookUpTransaction), &one.title) {
            state.explorer.question = Some(Question::Transaction(one.hash));
            state.screen = Screen::Explorer;
        }
        if one.is_open && named(ui, state.t(Word::SendAgain), &one.title) {
            state.wallet_orders.push(WalletOrder::Deliver(one.hash));
        }
        if named(ui, state.t(Word::CopyRaw), &one.title) {
            state.copy(ui, &one.title, one.raw.to_string());
        }
    });
}
