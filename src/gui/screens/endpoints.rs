//! Every endpoint: how it stands, who carries it, what a test found.

use egui::{RichText, Role, Ui, WidgetInfo};

use crate::app::{Command, EndpointKind, EndpointReport, Probe, Snapshot, Standing};
use crate::gui::fonts::medium;
use crate::gui::format;
use crate::gui::icons::{self, Severity};
use crate::gui::shell;
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Slower than this on average is slow.
const SLOW_MS: f64 = 2_000.0;
/// Further behind than this is behind.
const BEHIND_SLOTS: u64 = 3;

/// Draws them.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    widgets::card(ui, state, |ui, state| {
        ui.horizontal_wrapped(|ui| {
            widgets::section(ui, state.t(Word::Endpoints));
            if ui.button(state.t(Word::TestAll)).clicked() {
                shell::again(state, commands);
            }
        });
        if snapshot.endpoints.is_empty() {
            widgets::quiet(ui, state, state.t(Word::NoEndpoints));
        }
        for one in snapshot.endpoints.iter() {
            let probe = snapshot.probes.as_ref();
            let probe = probe.and_then(|all| all.iter().find(|p| p.endpoint == one.id && p.kind == one.kind));
            endpoint(ui, one, probe, state, commands);
        }
        carriers(ui, snapshot, state);
        widgets::quiet(ui, state, state.t(Word::WhereEndpoints));
    });
}

/// What an endpoint's standing comes to in a word, and how bad that is.
fn standing(one: &EndpointReport, state: &UiState) -> (Severity, String) {
    match &one.standing {
        Standing::Quarantined { .. } => (Severity::Danger, state.t(Word::Lied).to_owned()),
        Standing::WrongNetwork { .. } => (Severity::Danger, state.t(Word::WrongChain).to_owned()),
        Standing::Failing { .. } => (Severity::Caution, state.t(Word::Down).to_owned()),
        Standing::Untried => (Severity::Info, state.t(Word::NotAsked).to_owned()),
        Standing::Healthy => match (one.slots_behind, one.latency_ms) {
            (Some(slots), _) if slots > BEHIND_SLOTS => {
                (Severity::Caution, state.tf(Word::Behind, &[&slots.to_string()]))
            }
            (_, Some(millis)) if millis > SLOW_MS => (Severity::Caution, state.t(Word::Slow).to_owned()),
            _ => (Severity::Ok, state.t(Word::WorksWell).to_owned()),
        },
    }
}

fn endpoint(
    ui: &mut Ui,
    one: &EndpointReport,
    probe: Option<&Probe>,
    state: &mut UiState,
    commands: &mut Vec<Command>,
) {
    ui.separator();
    let (severity, word) = standing(one, state);
    let colour = super::super::banner::colours(severity, state).1;
    ui.horizontal_wrapped(|ui| {
        let (rect, _) = ui.allocate_exact_size(egui::vec2(20.0, 22.0), egui::Sense::hover());
        icons::severity(ui.painter(), severity, rect.center(), colour, state.palette.card);
        ui.label(RichText::new(&word).color(colour).family(medium()));
        ui.label(RichText::new(one.id.to_string()).family(medium()));
        let kind = if one.kind == EndpointKind::Beacon { Word::Consensus } else { Word::Execution };
        ui.label(RichText::new(state.t(kind)).color(state.palette.text_2));
    });
    ui.indent(("endpoint", &one.id, one.kind), |ui| {
        widgets::quiet(ui, state, &facts(one, state));
        let why = match &one.standing {
            Standing::Failing { why } | Standing::WrongNetwork { why } => Some(why),
            Standing::Quarantined { rule } => Some(rule),
            _ => None,
        };
        if let Some(why) = why {
            ui.label(RichText::new(why).color(colour));
        }
        if matches!(one.standing, Standing::Quarantined { .. }) {
            widgets::quiet(ui, state, state.t(Word::LiedMeans));
            let button = ui.button(state.t(Word::Forgive));
            let name = format!("{}: {}", state.t(Word::Forgive), one.id);
            button.widget_info(|| WidgetInfo::labeled(Role::Button, true, name.clone()));
            if button.clicked() {
                commands.push(Command::Forgive(one.id.clone()));
            }
        }
        if let Some(probe) = probe {
            findings(ui, probe, state);
        }
    });
}

fn facts(one: &EndpointReport, state: &UiState) -> String {
    let carrier =
        one.carrier.as_ref().map_or_else(|| state.t(Word::CarrierUnknown).to_owned(), ToString::to_string);
    let mut facts = vec![state.tf(Word::CarriedBy, &[&carrier])];
    if let Some(latency) = one.latency_ms {
        facts.push(format::millis(latency));
    }
    if let Some(share) = one.availability {
        facts.push(state.tf(Word::Answers, &[&format::percent(share)]));
    }
    facts.push(state.tf(Word::RequestsMade, &[&format::number(one.requests)]));
    if one.resting_ms > 0 {
        facts.push(state.tf(Word::RestsFor, &[&format::age(one.resting_ms.div_ceil(1_000))]));
    }
    facts.join(" · ")
}

fn findings(ui: &mut Ui, probe: &Probe, state: &UiState) {
    let title = state.tf(Word::TestFound, &[&probe.endpoint.to_string()]);
    egui::CollapsingHeader::new(title).id_salt((&probe.endpoint, probe.kind)).show(ui, |ui| {
        widgets::quiet(ui, state, state.t(Word::TestUnverified));
        for finding in &probe.findings {
            let (severity, text) = match &finding.outcome {
                Ok(text) => (Severity::Ok, text.clone()),
                Err(error) => (Severity::Caution, error.to_string()),
            };
            let colour = super::super::banner::colours(severity, state).1;
            ui.horizontal_wrapped(|ui| {
                let (rect, _) = ui.allocate_exact_size(egui::vec2(20.0, 20.0), egui::Sense::hover());
                icons::severity(ui.painter(), severity, rect.center(), colour, state.palette.card);
                ui.label(RichText::new(finding.what).color(state.palette.text_2));
                ui.label(text);
            });
        }
    });
}

/// What is left when one carrier fails.
fn carriers(ui: &mut Ui, snapshot: &Snapshot, state: &UiState) {
    let mut names: Vec<String> =
        snapshot.endpoints.iter().filter_map(|one| one.carrier.as_ref().map(ToString::to_string)).collect();
    names.sort();
    names.dedup();
    ui.separator();
    match names.len() {
        0 => {}
        1 => {
            let words = state.tf(Word::OneCarrier, &[&names.concat()]);
            ui.label(RichText::new(words).color(state.palette.unverified));
        }
        count => {
            widgets::quiet(
                ui,
                state,
                &state.tf(Word::ManyCarriers, &[&count.to_string(), &names.join(", ")]),
            );
        }
    }
}
