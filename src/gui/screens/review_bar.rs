//! Review's action bar: Back far left, Sign far right, and between them what is still asked for.

use egui::{RichText, TextEdit, Ui};

use super::review_asked::{Asked, Gate};
use super::{review, review_device, unlock};
use crate::app::signing::review::{Answers, Fact, Finding, Gesture, Level};
use crate::app::{Command, DeviceKind, Running, Snapshot, Then, WalletCommand};
use crate::gui::hold::{SignButton, sign_button};
use crate::gui::icons::{self, Severity};
use crate::gui::screen::Screen;
use crate::gui::ui_state::UiState;
use crate::gui::wallet_state::SignChoice;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Draws it: one row, or where narrow the prompt above the buttons.
pub(super) fn show(
    ui: &mut Ui,
    narrow: bool,
    snapshot: &Snapshot,
    state: &mut UiState,
    commands: &mut Vec<Command>,
) {
    let open = Asked::open(snapshot);
    if narrow {
        ui.vertical(|ui| {
            if let Some(open) = &open {
                ui.allocate_ui(egui::vec2(ui.available_width(), 36.0), |ui| {
                    ui.horizontal_centered(|ui| prompt(ui, open, snapshot, state));
                });
            }
            buttons(ui, open.as_ref(), (snapshot, true), state, commands);
        });
        return;
    }
    buttons(ui, open.as_ref(), (snapshot, false), state, commands);
}

fn buttons(
    ui: &mut Ui,
    open: Option<&Asked>,
    (snapshot, narrow): (&Snapshot, bool),
    state: &mut UiState,
    commands: &mut Vec<Command>,
) {
    ui.horizontal_centered(|ui| {
        let back = ui.button(state.t(Word::Back));
        ui.ctx().accesskit_node_builder(back.id, |node| node.set_author_id("review.back"));
        if back.clicked() {
            return review::leave(state, commands);
        }
        let Some(open) = open else { return };
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            action(ui, open, snapshot, state, commands);
            if !narrow {
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    prompt(ui, open, snapshot, state);
                });
            }
        });
    });
}

/// What stands far right.
fn action(ui: &mut Ui, open: &Asked, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    let gate = open.gate(snapshot, state);
    let gesture = open.gesture();
    if gesture == Gesture::Blocked {
        if ui.button(state.t(Word::EditDraft)).clicked() {
            review::leave(state, commands);
        }
        return;
    }
    if snapshot.wallet.running == Some(Running::Signing) {
        ui.label(state.t(Word::SigningNow));
        return;
    }
    if let Some(Running::Device(_)) = snapshot.wallet.running {
        if ui.button(state.t(Word::LeaveDevice)).clicked() {
            commands.push(Command::Wallet(WalletCommand::LeaveDevice));
        }
        ui.label(state.t(Word::WaitingForDevice));
        ui.spinner();
        return;
    }
    let choice = choice(open, state);
    if gate.watch_only && open.alone {
        if ui.button(state.t(Word::AddWayToSign)).clicked() {
            state.screen = Screen::Accounts;
        }
    } else if gate.watch_only || choice == SignChoice::OfflineFile {
        if widgets::primary(ui, state, state.t(Word::CreateOfflineFile)).clicked() {
            commands.push(Command::Wallet(WalletCommand::OfflineFile(open.id)));
        }
    } else if gate.locked {
        if widgets::primary(ui, state, state.t(Word::UnlockToSign)).clicked() {
            unlock::open(open.from, state);
        }
    } else {
        sign(ui, open, (&gate, review_device::of(open, snapshot)), state, commands);
    }
    if !gate.watch_only && !open.alone {
        other_ways(ui, state);
    }
}

fn sign(
    ui: &mut Ui,
    open: &Asked,
    (gate, device): (&Gate, Option<DeviceKind>),
    state: &mut UiState,
    commands: &mut Vec<Command>,
) {
    let gesture = open.gesture();
    let keeps = choice(open, state) == SignChoice::Keep;
    let hold = gesture != Gesture::Click;
    let text = match (hold, keeps) {
        (false, false) => Word::SignAndSend,
        (false, true) if open.alone => Word::SignIt,
        (false, true) => Word::SignOnly,
        (true, false) => Word::HoldToSend,
        (true, true) => Word::HoldToSign,
    };
    let waits = state.wallet.review.hold.waits_for_second(state.now_ms);
    let text = match device.filter(|_| !waits) {
        Some(kind) => state.tf(if hold { Word::HoldToSignOn } else { Word::SignOn }, &[kind.name()]),
        None => state.t(if waits { Word::PressAgain } else { text }).to_owned(),
    };
    let spec = SignButton {
        text: &text,
        long: &text,
        hold,
        two_press: state.kept.two_press,
        danger: gesture == Gesture::TypeThenHold,
        enabled: missing(open, state).is_none() && state.wallet.review.changed.is_none(),
        armed: gate.armed,
    };
    let palette = state.palette;
    let mut held = state.wallet.review.hold;
    let (done, response) = sign_button(ui, &mut held, spec, &palette, state.now_ms);
    state.wallet.review.hold = held;
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_author_id("review.sign"));
    if done {
        let answers = Answers { held: hold, facts: state.wallet.review.facts.clone() };
        let then = if keeps { Then::Keep } else { Then::Send };
        state.wallet.failure = None;
        commands.push(Command::Wallet(WalletCommand::Sign { review: open.id, answers, then }));
    }
}

/// What is done: what is signed alone is never sent.
fn choice(open: &Asked, state: &UiState) -> SignChoice {
    if open.alone { SignChoice::Keep } else { state.wallet.review.choice }
}

/// The other halves of the button.
fn other_ways(ui: &mut Ui, state: &mut UiState) {
    let all = review::choices(state);
    ui.menu_button(state.t(Word::OtherWays), |ui| {
        for (choice, word) in all {
            if ui.radio(state.wallet.review.choice == choice, word).clicked() {
                state.wallet.review.choice = choice;
                ui.close();
            }
        }
    });
}

/// The first danger whose fact was not typed.
fn missing<'a>(open: &'a Asked, state: &UiState) -> Option<(&'a Finding, &'a Fact)> {
    let dangers = open.findings.iter().filter(|one| one.level == Level::Danger);
    let with_fact = dangers.filter_map(|one| one.fact.as_ref().map(|fact| (one, fact)));
    let typed = &state.wallet.review.facts;
    with_fact.into_iter().find(|(_, fact)| !typed.iter().any(|text| fact.accepts(text)))
}

/// What is asked for, and why there is no button.
fn prompt(ui: &mut Ui, open: &Asked, snapshot: &Snapshot, state: &mut UiState) {
    let gate = open.gate(snapshot, state);
    let say = |ui: &mut Ui, severity: Option<Severity>, text: &str| {
        let label = egui::Label::new(RichText::new(text).color(state.palette.text)).wrap();
        let right_to_left = ui.layout().prefer_right_to_left();
        if right_to_left {
            ui.add(label);
            shape(ui, severity, state);
        } else {
            shape(ui, severity, state);
            ui.add(label);
        }
    };
    if matches!(snapshot.wallet.running, Some(Running::Signing | Running::Device(_))) {
        return;
    }
    if let Some(block) = open.findings.iter().find(|one| one.level == Level::Block) {
        let text = state.tf(Word::BlockedBecause, &[&block.text]);
        return say(ui, Some(Severity::Danger), &text);
    }
    if state.wallet.review.changed.is_some() {
        return say(ui, Some(Severity::Caution), state.t(Word::ReadWhatChanged));
    }
    if gate.watch_only {
        return say(ui, None, state.t(Word::WatchOnlyAccount));
    }
    if gate.locked {
        return say(ui, None, state.t(Word::AccountLocked));
    }
    if choice(open, state) == SignChoice::OfflineFile {
        return say(ui, None, state.t(Word::OfflineFileNoSignature));
    }
    let dangers = open.findings.iter().filter(|one| one.level == Level::Danger).count();
    match (missing(open, state), dangers) {
        (Some((_, fact)), _) => fact_field(ui, dangers, fact, state),
        (None, 1..) => say(ui, Some(Severity::Danger), state.t(Word::DangersTyped)),
        (None, 0) if open.gesture() == Gesture::Hold => {
            let word = if state.kept.two_press { Word::PressTwice } else { Word::HoldMeans };
            say(ui, Some(Severity::Caution), state.t(word));
        }
        _ => {}
    }
}

fn shape(ui: &mut Ui, severity: Option<Severity>, state: &UiState) {
    let Some(severity) = severity else { return };
    let (rect, _) = ui.allocate_exact_size(egui::vec2(20.0, 20.0), egui::Sense::hover());
    let colour = crate::gui::banner::colours(severity, state).1;
    icons::severity(ui.painter(), severity, rect.center(), colour, state.palette.card);
}

/// The fact of one danger: typed letter by letter, never filled in, and Enter in it does nothing.
fn fact_field(ui: &mut Ui, dangers: usize, fact: &Fact, state: &mut UiState) {
    let count = match dangers {
        1 => state.t(Word::OneDanger).to_owned(),
        many => state.tf(Word::Dangers, &[&many.to_string()]),
    };
    let text = state.tf(Word::TypeFact, &[&count, &fact.prompt]);
    let field = |ui: &mut Ui, state: &mut UiState| {
        let edit = TextEdit::singleline(&mut state.wallet.review.typing)
            .desired_width(130.0)
            .char_limit(80)
            .margin(egui::Margin::symmetric(10, 8));
        let response = ui.add(edit);
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_author_id("review.fact"));
        if response.changed() && fact.accepts(&state.wallet.review.typing) {
            let typed = std::mem::take(&mut state.wallet.review.typing);
            state.wallet.review.facts.push(typed);
            state.wallet.review.armed_at_ms = state.wallet.review.armed_at_ms.max(state.now_ms);
        }
        response
    };
    let words = egui::Label::new(RichText::new(&text).color(state.palette.text)).wrap();
    if ui.layout().prefer_right_to_left() {
        let response = field(ui, state);
        response.labelled_by(ui.add(words).id);
        shape(ui, Some(Severity::Danger), state);
    } else {
        shape(ui, Some(Severity::Danger), state);
        let label = ui.add(words).id;
        field(ui, state).labelled_by(label);
    }
}
