//! Where trust starts, the comparison of sources, and the gate where a start is too old.

use std::collections::BTreeMap;

use egui::{RichText, Ui};

use crate::app::{Command, Comparison, Origin, Snapshot, SyncView};
use crate::gui::fonts::medium;
use crate::gui::format;
use crate::gui::trust_bar;
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Draws it.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    widgets::card(ui, state, |ui, state| {
        widgets::section(ui, state.t(Word::CheckpointTitle));
        let gate = matches!(snapshot.sync, SyncView::NeedsCheckpoint(_));
        if let SyncView::NeedsCheckpoint(reason) = &snapshot.sync {
            widgets::quiet(ui, state, &reason.what);
        }
        where_from(ui, snapshot, state);
        ui.horizontal_wrapped(|ui| {
            if ui.button(state.t(Word::CompareSources)).clicked() {
                state.network.comparing = true;
                commands.push(Command::CompareCheckpoints);
            }
        });
        match &snapshot.comparison {
            Some(found) => comparison(ui, found, snapshot, state),
            None if state.network.comparing => widgets::quiet(ui, state, state.t(Word::AskingEndpoints)),
            None => {}
        }
        egui::CollapsingHeader::new(state.t(Word::StartElsewhere)).default_open(gate).show(ui, |ui| {
            root_field(ui, state, commands);
            if gate {
                use_anyway(ui, snapshot, state, commands);
            }
        });
    });
}

fn where_from(ui: &mut Ui, snapshot: &Snapshot, state: &UiState) {
    let Some(checkpoint) = &snapshot.checkpoint else {
        widgets::quiet(ui, state, state.t(Word::NoCheckpointYet));
        return;
    };
    widgets::pair(ui, state, state.t(Word::Root), |ui| widgets::hash(ui, checkpoint.root));
    let origin = match checkpoint.origin {
        Origin::Shipped => state.tf(Word::OriginShipped, &[env!("CARGO_PKG_VERSION")]),
        Origin::User => state.t(Word::OriginUser).to_owned(),
    };
    let mut facts = vec![origin];
    if let Some(age) = trust_bar::checkpoint_age_secs(snapshot, state.now_ms) {
        facts.push(state.tf(Word::Old, &[&format::age(age)]));
    }
    if checkpoint.resumed {
        facts.push(state.t(Word::Resumed).to_owned());
    }
    widgets::pair(ui, state, state.t(Word::Origin), |ui| {
        ui.label(facts.join(" · "));
    });
    if checkpoint.accepted_although_old {
        ui.label(RichText::new(state.t(Word::AcceptedOld)).color(state.palette.unverified));
    }
}

fn comparison(ui: &mut Ui, found: &Comparison, snapshot: &Snapshot, state: &UiState) {
    let mut agree: BTreeMap<_, usize> = BTreeMap::new();
    for (root, _slot) in found.sources.iter().filter_map(|(_, found)| found.as_ref().ok()) {
        *agree.entry(*root).or_default() += 1;
    }
    let most = agree.values().max().copied().unwrap_or_default();
    let words = [most.to_string(), found.sources.len().to_string()];
    let line = state.tf(Word::SourcesAgree, &words.each_ref().map(String::as_str));
    ui.label(RichText::new(line).family(medium()));
    widgets::quiet(ui, state, state.t(Word::CompareMeans));
    for (who, found) in &found.sources {
        ui.horizontal_wrapped(|ui| match found {
            Ok((root, slot)) => {
                ui.label(RichText::new(who.to_string()).family(medium()));
                let epoch = format::number(snapshot.network.epoch_at(*slot));
                ui.label(state.tf(Word::EpochRoot, &[&epoch]));
                widgets::hash(ui, *root);
            }
            Err(why) => {
                ui.label(RichText::new(who.to_string()).family(medium()));
                ui.label(RichText::new(why).color(state.palette.unverified));
            }
        });
    }
}

fn root_field(ui: &mut Ui, state: &mut UiState, commands: &mut Vec<Command>) {
    let (label, hint, colour) = (state.t(Word::RootLabel), state.t(Word::RootHint), state.palette.refuted);
    widgets::field(ui, label, hint, &mut state.network.root, colour);
    widgets::quiet(ui, state, state.t(Word::RootMeans));
    if ui.button(state.t(Word::UseRoot)).clicked() {
        match state.network.root.text.trim().parse() {
            Ok(root) => {
                commands.push(Command::UseCheckpoint(root));
                state.network.root = crate::gui::ui_state::Field::default();
            }
            Err(_why) => state.network.root.error = Some(state.t(Word::RootWrong).to_owned()),
        }
    }
}

/// Slowed down on purpose: the age must be typed.
fn use_anyway(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    let slot =
        snapshot.checkpoint.and_then(|one| one.slot).or(snapshot.network.checkpoint.and_then(|one| one.slot));
    let Some(slot) = slot else { return };
    let days = state.now_ms.saturating_sub(snapshot.network.slot_start_ms(slot)) / 86_400_000;
    let label = ui.label(state.tf(Word::TypeDays, &[&days.to_string()]));
    ui.horizontal_wrapped(|ui| {
        let edit = egui::TextEdit::singleline(&mut state.network.days).desired_width(70.0);
        ui.add(edit.margin(egui::Margin::symmetric(10, 8))).labelled_by(label.id);
        let typed = state.network.days.trim() == days.to_string();
        if ui.add_enabled(typed, egui::Button::new(state.t(Word::UseAnyway))).clicked() {
            commands.push(Command::AcceptOldCheckpoint);
        }
    });
}
