//! Every endpoint: how it stands, who carries it, what a test found.

use egui::{RichText, Role, Ui, WidgetInfo};

use super::accounts::named;
use super::add_endpoint;
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
            let test = egui::Button::new(state.t(Word::TestAll));
            if ui.add_enabled(!snapshot.offline, test).clicked() {
                shell::again(state, commands);
            }
        });
        if snapshot.offline {
            ui.label(state.t(Word::OfflineFirst));
            if widgets::primary(ui, state, state.t(Word::GoOnline)).clicked() {
                commands.push(Command::SetOffline(false));
            }
        }
        if snapshot.endpoints.is_empty() {
            widgets::quiet(ui, state, state.t(Word::NoEndpoints));
        }
        for one in snapshot.endpoints.iter() {
            let probe = snapshot.probes.as_ref();
            let probe = probe.and_then(|all| all.iter().find(|p| p.endpoint == one.id && p.kind == one.kind));
            endpoint(ui, (one, probe), snapshot, state, commands);
        }
        carriers(ui, snapshot, state);
        add_endpoint::show(ui, snapshot, state, commands);
        widgets::quiet(ui, state, state.t(Word::WhereEndpoints));
    });
}

/// What an endpoint's standing comes to in a word, and how bad that is.
fn standing(one: &EndpointReport, state: &UiState) -> (Severity, String) {
    if !one.on {
        return (Severity::Info, state.t(Word::SwitchedOff).to_owned());
    }
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
    (one, probe): (&EndpointReport, Option<&Probe>),
    snapshot: &Snapshot,
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
        ui.horizontal_wrapped(|ui| switches(ui, one, snapshot, (state, commands)));
        if let Some(probe) = probe {
            findings(ui, probe, state);
        }
    });
}

/// On or off, out of the list, out of quarantine.
fn switches(
    ui: &mut Ui,
    one: &EndpointReport,
    snapshot: &Snapshot,
    (state, commands): (&UiState, &mut Vec<Command>),
) {
    let mut on = one.on;
    let name = one.id.to_string();
    let word = state.t(Word::AskThis);
    let response = ui.checkbox(&mut on, word);
    let label = format!("{word}: {name} {}", one.kind.name());
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, on, label.clone()));
    if response.changed() {
        commands.push(Command::SetEndpoint { endpoint: one.id.clone(), on });
    }
    if one.by_user && named(ui, state.t(Word::RemoveEndpoint), &name) {
        commands.push(Command::RemoveEndpoint(one.id.clone()));
    }
    // Its own card, where there is one, says what it did before it offers to forgive it.
    let has_card = snapshot.lies.iter().any(|lie| lie.endpoint == one.id);
    let out = matches!(one.standing, Standing::Quarantined { .. }) && !has_card;
    if out && named(ui, state.t(Word::Forgive), &name) {
        commands.push(Command::Forgive(one.id.clone()));
    }
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
    let mut hosts: Vec<&str> =
        snapshot.endpoints.iter().filter(|one| one.on).map(|one| host(&one.id.0)).collect();
    hosts.sort_unstable();
    hosts.dedup();
    if snapshot.proxy.is_none() && !hosts.is_empty() && state.practice.is_none() {
        widgets::quiet(ui, state, &state.tf(Word::LinkHosts, &[&hosts.len().to_string()]));
    }
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

/// The host of an endpoint's name.
fn host(label: &str) -> &str {
    let rest = label.split_once("://").map_or(label, |(_, rest)| rest);
    rest.split(['/', ' ']).next().unwrap_or(rest)
}
