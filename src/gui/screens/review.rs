//! Review: what would be signed, in a fixed order, read from the bytes to be signed.

use egui::{RichText, Role, Sense, Ui, WidgetInfo};

use super::review_asked::Asked;
use super::{offline_file, review_call, review_changes, review_checks, review_device, review_message};
use crate::app::signing::Intent;
use crate::app::signing::review::{Act, Finding, Level, amount_text};
use crate::app::{
    Command, FeeChoice, Loadable, Noted, ReviewView, Running, SendRequest, Snapshot, WalletCommand,
};
use crate::gui::screen::Screen;
use crate::gui::ui_state::UiState;
use crate::gui::wallet_state::{ReviewState, SignChoice};
use crate::gui::widgets;
use crate::gui::words::Word;

/// Below this width there is one column.
const TWO_COLUMNS: f32 = 760.0;
/// The button ignores everything for this long after the screen opens or changes, in milliseconds.
const ARMING_MS: u64 = 1_000;
/// After this long a review that is not there yet may be made without its simulation, in milliseconds.
const SLOW_MS: u64 = 8_000;

/// Draws it.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    // Ctrl+Enter does nothing here, whatever has the focus.
    ui.input_mut(|input| {
        input.consume_key(egui::Modifiers::COMMAND, egui::Key::Enter);
    });
    if let Some(asked) = Asked::open(snapshot) {
        notice(&asked, state, ui.input(|input| input.focused));
        if let Some(open) = snapshot.wallet.message.clone().filter(|_| asked.alone) {
            return review_message::show(ui, (&open, &asked), snapshot, state);
        }
    }
    let Some(open) = snapshot.wallet.review.clone() else {
        return waiting(ui, snapshot, state, commands);
    };
    let review = &open.prepared.review;
    let title = open.heading.clone().unwrap_or_else(|| state.tf(Word::ReviewOf, &[open.prepared.title()]));
    heading(ui, &title, state);
    ui.label(RichText::new(&review.sentence).size(15.0));
    if open.heading.is_some() {
        widgets::quiet(ui, state, crate::app::Replacement::RACE);
    }
    limit(ui, &open, state, commands);
    ui.add_space(6.0);
    changed(ui, state);
    failure(ui, &open, state, commands);
    offline_file::show(ui, &open, state, commands);
    review_device::show(ui, &open, snapshot, state);
    beside_checks(ui, &review.findings, state, |ui, state| {
        review_changes::show(ui, &open, snapshot, state);
        review_call::show(ui, &open, snapshot, state);
    });
}

/// R07: the way out of an unlimited approval. The same transaction is reviewed anew with what there is of the token.
fn limit(ui: &mut Ui, open: &ReviewView, state: &UiState, commands: &mut Vec<Command>) {
    let review = &open.prepared.review;
    let (Some(amount), Act::Approve { token, spender, .. }) = (review.limit, &review.act) else { return };
    let much = amount_text(&open.prepared.units, *token, amount);
    if ui.button(state.tf(Word::LimitTo, &[&much])).clicked() {
        let fees = FeeChoice::Custom { max_fee: review.tx.max_fee_per_gas(), tip: review.tx.tip_per_gas() };
        let intent = Intent::Approve { token: *token, spender: *spender, amount };
        let noted = Noted { words: None, ..open.prepared.noted.clone() };
        let request = SendRequest {
            nonce: Some(review.tx.nonce()),
            fees,
            noted,
            ..SendRequest::new(review.from(), intent)
        };
        commands.push(Command::Wallet(WalletCommand::Review(Box::new(request))));
    }
}

/// What is reviewed beside its checks; between what concerns and what passed where there is room for one column only.
pub(super) fn beside_checks(
    ui: &mut Ui,
    findings: &[Finding],
    state: &mut UiState,
    body: impl FnOnce(&mut Ui, &mut UiState),
) {
    if ui.available_width() >= TWO_COLUMNS && !state.kept.calm {
        let room = ui.available_width();
        let right = (room * 0.36).clamp(270.0, 380.0);
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                ui.set_width(room - right - 10.0);
                body(ui, state);
            });
            ui.vertical(|ui| {
                ui.set_width(right);
                review_checks::panel(ui, findings, state);
            });
        });
    } else {
        review_checks::concerns(ui, findings, state);
        body(ui, state);
        review_checks::passed(ui, findings, state);
    }
}

/// The intent, on which the focus lands.
pub(super) fn heading(ui: &mut Ui, title: &str, state: &mut UiState) {
    let label =
        egui::Label::new(RichText::new(title).heading()).sense(Sense::focusable_noninteractive()).wrap();
    let response = ui.add(label);
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, title));
    if std::mem::take(&mut state.wallet.review.fresh) {
        response.request_focus();
    }
    ui.add_space(2.0);
}

/// Takes notice of a new reading: what it changed disarms the button.
fn notice(asked: &Asked, state: &mut UiState, focused: bool) {
    let now_ms = state.now_ms;
    let seen = (asked.id, asked.reading);
    let levels: Vec<_> = asked.findings.iter().map(|one| (one.check, one.level)).collect();
    let mine = &mut state.wallet.review;
    if focused && !mine.focused {
        mine.armed_at_ms = now_ms.saturating_add(ARMING_MS);
    }
    mine.focused = focused;
    if mine.shown == Some(seen) {
        return;
    }
    let first = mine.shown.is_none_or(|(id, _)| id != asked.id);
    if first {
        let (choice, alone) = (mine.choice, mine.alone);
        *mine = ReviewState { choice, alone, fresh: true, focused, ..ReviewState::default() };
        mine.armed_at_ms = now_ms.saturating_add(ARMING_MS);
    } else if let Some(text) = moved(&asked.findings, &mine.levels) {
        mine.changed = Some(text);
        mine.armed_at_ms = now_ms.saturating_add(ARMING_MS);
    }
    mine.shown = Some(seen);
    mine.levels = levels;
}

/// What a later reading changed: its own R27, or a check that is worse or better than it was.
fn moved(findings: &[Finding], before: &[(crate::app::signing::review::CheckId, Level)]) -> Option<String> {
    if let Some(changed) = findings.iter().find(|one| one.check.0 == 27) {
        return Some(changed.text.clone());
    }
    let worst = |all: &mut dyn Iterator<Item = Level>| all.max().unwrap_or(Level::Passed).max(Level::Note);
    findings.iter().find_map(|one| {
        let was = worst(&mut before.iter().filter(|(check, _)| *check == one.check).map(|(_, level)| *level));
        let same = findings.iter().filter(|other| other.check == one.check);
        let now = worst(&mut same.map(|other| other.level));
        // Notes come and go with the state of the network; what asks for another gesture does not go unseen.
        (one.level.max(Level::Note) == now && now != was).then(|| one.text.clone())
    })
}

/// R27: said until it was read; the button is off meanwhile.
pub(super) fn changed(ui: &mut Ui, state: &mut UiState) {
    let Some(text) = state.wallet.review.changed.clone() else { return };
    let frame = egui::Frame::new()
        .fill(state.palette.caution)
        .stroke(egui::Stroke::new(2.0, state.palette.unverified))
        .corner_radius(6)
        .inner_margin(egui::Margin::same(10));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_wrapped(|ui| {
            let text =
                if text.starts_with("Changed since") { text } else { state.tf(Word::ChangedSince, &[&text]) };
            ui.label(text);
            if ui.button(state.t(Word::GotIt)).clicked() {
                state.wallet.review.changed = None;
                state.wallet.review.armed_at_ms = state.now_ms.saturating_add(ARMING_MS);
            }
        });
    });
    ui.add_space(8.0);
}

/// Why the last order failed, and why the reading is older than the head.
fn failure(ui: &mut Ui, open: &ReviewView, state: &mut UiState, commands: &mut Vec<Command>) {
    let reason = state.wallet.failure.clone();
    if let Some(reason) = reason {
        widgets::card(ui, state, |ui, state| {
            widgets::reason(ui, state, &reason);
            if ui.button(state.t(Word::MakeAgain)).clicked() {
                commands.push(Command::Wallet(WalletCommand::ReviewAgain { skip_simulation: false }));
                state.wallet.failure = None;
            }
        });
    }
    if let Some(reason) = &open.outdated {
        widgets::quiet(ui, state, &state.tf(Word::ReadingOutdated, &[&reason.what]));
    }
}

/// No review yet: what is done, or why there is none.
fn waiting(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    heading(ui, state.t(Word::ReviewWord), state);
    if let Some(reason) = state.wallet.failure.clone() {
        return widgets::card(ui, state, |ui, state| {
            widgets::reason(ui, state, &reason);
            back(ui, state);
        });
    }
    if snapshot.wallet.running != Some(Running::Reviewing) && state.wallet.review.asked_ms == 0 {
        widgets::quiet(ui, state, state.t(Word::NothingToReview));
        back(ui, state);
        return;
    }
    let since = state.now_ms.saturating_sub(state.wallet.review.asked_ms);
    widgets::card(ui, state, |ui, state| {
        ui.label(state.t(Word::MakingReview));
        widgets::quiet(ui, state, &state.tf(Word::Elapsed, &[&crate::gui::format::age(since / 1_000)]));
        for width in [420.0, 340.0, 380.0] {
            widgets::skeleton(ui, state, width);
        }
        if reads_are_stuck(snapshot) {
            widgets::quiet(ui, state, state.t(Word::NoHeadYet));
        }
        let skips = since >= SLOW_MS && !state.wallet.review.alone;
        if skips && ui.button(state.t(Word::SignWithoutIt)).clicked() {
            commands.push(Command::Wallet(WalletCommand::ReviewAgain { skip_simulation: true }));
            state.wallet.review.asked_ms = state.now_ms;
        }
    });
}

fn back(ui: &mut Ui, state: &mut UiState) {
    let (word, screen) = match state.wallet.review.alone {
        true => (Word::BackToSign, Screen::Sign),
        false => (Word::BackToSend, Screen::Send),
    };
    if ui.button(state.t(word)).clicked() {
        state.wallet.failure = None;
        state.screen = screen;
    }
}

fn reads_are_stuck(snapshot: &Snapshot) -> bool {
    snapshot.head.is_none() || snapshot.answers.values().all(|one| matches!(one, Loadable::Failed { .. }))
}

/// Leaves the review. Nothing was signed.
pub(super) fn leave(state: &mut UiState, commands: &mut Vec<Command>) {
    commands.push(Command::Wallet(WalletCommand::CloseReview));
    state.wallet.review = ReviewState::default();
    state.wallet.failure = None;
    // Back to where it was opened: Send, a transaction, a contract, positions.
    let earlier = std::iter::from_fn(|| state.trail.pop()).find(|screen| *screen != Screen::Review);
    state.screen = earlier.unwrap_or(Screen::Send);
}

/// What the button does.
pub(super) fn choices(state: &UiState) -> [(SignChoice, &'static str); 3] {
    [
        (SignChoice::Send, state.t(Word::SignAndSend)),
        (SignChoice::Keep, state.t(Word::SignOnly)),
        (SignChoice::OfflineFile, state.t(Word::CreateOfflineFile)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::signing::review::CheckId;

    fn finding(check: u8, level: Level, text: &str) -> Finding {
        Finding { check: CheckId(check), level, text: text.to_owned(), fact: None }
    }

    #[test]
    fn a_check_that_changes_its_level_is_a_change_and_another_sentence_alone_is_not() {
        let before = [(CheckId(14), Level::Passed), (CheckId(20), Level::Caution)];
        let same = [finding(14, Level::Passed, "State 9 s old"), finding(20, Level::Caution, "1.31")];
        assert_eq!(moved(&same, &before), None);
        let worse = [finding(20, Level::Danger, "Health factor ends at 1.11.")];
        assert_eq!(moved(&worse, &before).as_deref(), Some("Health factor ends at 1.11."));
        let better = [finding(20, Level::Passed, "fine")];
        assert_eq!(moved(&better, &before).as_deref(), Some("fine"));
        let note = [finding(6, Level::Note, "unused"), finding(20, Level::Caution, "1.31")];
        assert_eq!(moved(&note, &before), None);
        let told = [finding(27, Level::Caution, "Changed since you opened this: it would now fail.")];
        assert!(moved(&told, &before).unwrap().contains("would now fail"));
    }
}
