//! The banner zone: what is wrong now, the most serious first, for as long as its cause lasts.

use egui::{Frame, Margin, RichText, Role, Stroke, Ui, WidgetInfo, vec2};

use super::banner_causes::{Act, Banner, banners};
use super::fonts::medium;
use super::icons::{self, Severity};
use super::screen::Screen;
use super::shell;
use super::ui_state::UiState;
use super::words::Word;
use crate::app::{Command, Place, Reason, Snapshot};

pub(super) use super::banner_causes::skew_secs;

/// What to do, in the window's terms: the core's words name the command line.
pub(super) fn next_here(reason: &Reason, state: &UiState) -> String {
    match reason.place {
        Some(Place::Contract) => return state.t(Word::SeeContract).to_owned(),
        Some(Place::Named) => return state.t(Word::SeeNamed).to_owned(),
        None => {}
    }
    if reason.next.contains("--") || reason.next.contains('`') || reason.next.contains("three ways") {
        return state.t(Word::SeeNetwork).to_owned();
    }
    reason.next.clone()
}

/// Draws the most serious banner, and how many more there are.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    let all = banners(snapshot, state);
    let Some(banner) = all.first() else { return };
    if state.screen == Screen::Messages {
        return;
    }
    let (fill, colour) = colours(banner.severity, state);
    let frame = Frame::new()
        .fill(fill)
        .stroke(Stroke::new(1.0, colour))
        .corner_radius(8)
        .inner_margin(Margin::symmetric(12, 8));
    let shown = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_top(|ui| {
            let (rect, _) = ui.allocate_exact_size(vec2(22.0, 22.0), egui::Sense::hover());
            icons::severity(ui.painter(), banner.severity, rect.center(), colour, fill);
            let more = all.len().saturating_sub(1);
            ui.vertical(|ui| body(ui, banner, more, state, commands));
        });
    });
    let role = if banner.severity == Severity::Danger { Role::Alert } else { Role::Status };
    let title = banner.title.clone();
    ui.ctx().accesskit_node_builder(shown.response.id, |node| {
        node.set_role(role);
        node.set_label(title);
        node.set_author_id("shell.banner");
    });
    ui.add_space(10.0);
}

/// The words and what is offered: on one line where that is all there is.
fn body(ui: &mut Ui, banner: &Banner, more: usize, state: &mut UiState, commands: &mut Vec<Command>) {
    ui.spacing_mut().interact_size.y = 22.0;
    ui.spacing_mut().button_padding.y = if state.kept.calm { 12.0 } else { 6.0 };
    let title = RichText::new(&banner.title).color(state.palette.text).family(medium());
    if banner.lines.is_empty() || state.folded {
        ui.horizontal_wrapped(|ui| {
            ui.label(title);
            actions(ui, banner, more, state, commands);
        });
        return;
    }
    ui.label(title);
    for line in &banner.lines {
        ui.label(RichText::new(line).color(state.palette.text_2));
    }
    ui.add_space(2.0);
    ui.horizontal_wrapped(|ui| actions(ui, banner, more, state, commands));
}

fn actions(ui: &mut Ui, banner: &Banner, more: usize, state: &mut UiState, commands: &mut Vec<Command>) {
    if !state.folded {
        for act in &banner.acts {
            let leads = (*act == Act::OpenNetwork && state.screen == Screen::Network)
                || (matches!(act, Act::OpenExit(..)) && state.screen == Screen::ExitPlan)
                || (matches!(act, Act::OpenPositions(_)) && state.screen == Screen::Positions);
            if !leads && ui.button(state.t(act.word())).clicked() {
                perform(ui, act, state, commands);
            }
        }
    }
    if !banner.lines.is_empty() {
        let word = if state.folded { Word::Unfold } else { Word::Fold };
        if link(ui, state.t(word), &format!("{}: {}", state.t(word), banner.title)) {
            state.folded = !state.folded;
        }
    }
    let words = if more > 0 {
        state.tf(Word::More, &[&more.to_string()])
    } else {
        state.t(Word::Messages).to_owned()
    };
    if link(ui, &words, &format!("{words}. {}", state.t(Word::Messages))) {
        state.screen = Screen::Messages;
    }
}

fn link(ui: &mut Ui, words: &str, label: &str) -> bool {
    let link = ui.link(words.replace(' ', "\u{a0}")); // a link breaks as a whole
    link.widget_info(|| WidgetInfo::labeled(Role::Link, true, label));
    link.clicked()
}

fn perform(ui: &Ui, act: &Act, state: &mut UiState, commands: &mut Vec<Command>) {
    match act {
        Act::Retry => {
            commands.push(Command::ProbeEndpoints);
            shell::again(state, commands);
        }
        Act::AddEndpoint => {
            state.screen = Screen::Network;
            state.network.adding = true;
        }
        Act::Offline(offline) => commands.push(Command::SetOffline(*offline)),
        Act::OpenNetwork | Act::SeeProof => state.screen = Screen::Network,
        Act::CopyEvidence(text) => {
            let what = state.t(Word::CopyEvidence);
            state.copy(ui, what, text.clone());
        }
        Act::AgesAbout => state.network.about = true,
        Act::OpenExit(at, name) => {
            state.selected = *at;
            state.positions.exit.only = Some(name.clone());
            state.screen = Screen::ExitPlan;
        }
        Act::OpenPositions(at) => {
            state.selected = *at;
            state.screen = Screen::Positions;
        }
        Act::AddSigner => state.screen = Screen::Accounts,
        Act::Understood => state.kept.told_watch_only = true,
    }
}

/// Ground and line of a severity.
pub(super) fn colours(severity: Severity, state: &UiState) -> (egui::Color32, egui::Color32) {
    let palette = &state.palette;
    match severity {
        Severity::Ok => (palette.card, palette.final_),
        Severity::Info => (palette.info, palette.latest),
        Severity::Caution => (palette.caution, palette.unverified),
        Severity::Danger => (palette.danger, palette.refuted),
    }
}
