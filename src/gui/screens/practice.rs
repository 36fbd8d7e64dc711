//! The practice network's control panel: order an outage, and watch what the program does about it.

use egui::{RichText, Role, Ui, WidgetInfo};

use crate::app::{Snapshot, Standing};
use crate::gui::fonts::medium;
use crate::gui::practice_control::{EtherFall, Outage, PracticeOrder, PracticeView};
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

fn word(outage: Outage) -> Word {
    match outage {
        Outage::Well => Word::OutageWell,
        Outage::Off => Word::OutageOff,
        Outage::Slow => Word::OutageSlow,
        Outage::Lie => Word::OutageLie,
        Outage::Freeze => Word::OutageFreeze,
        Outage::RateLimit => Word::OutageRate,
    }
}

/// Draws it.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState) {
    widgets::title(ui, state.t(Word::Practice));
    let Some(view) = state.practice.clone() else {
        widgets::quiet(ui, state, state.t(Word::NoPractice));
        return;
    };
    widgets::quiet(ui, state, state.t(Word::PracticeMeans));
    ui.add_space(6.0);
    widgets::card(ui, state, |ui, state| {
        widgets::section(ui, state.t(Word::ByCarrier));
        let everyone: Vec<usize> = (0..view.endpoints.len()).collect();
        orders(ui, state.t(Word::Everyone), &everyone, &view, state);
        for carrier in carriers(&view) {
            let members = view.endpoints.iter().enumerate().filter(|(_, one)| one.carrier == carrier);
            let members: Vec<usize> = members.map(|(at, _)| at).collect();
            orders(ui, &carrier, &members, &view, state);
        }
    });
    ether(ui, view.ether, state);
    widgets::card(ui, state, |ui, state| {
        widgets::section(ui, state.t(Word::EachEndpoint));
        for (at, one) in view.endpoints.iter().enumerate() {
            ui.separator();
            ui.horizontal_wrapped(|ui| {
                ui.label(RichText::new(&one.label).family(medium()));
                ui.label(
                    RichText::new(format!("{} · {}", one.kind, one.carrier)).color(state.palette.text_2),
                );
                let seen = snapshot
                    .endpoints
                    .iter()
                    .find(|seen| *seen.id.0 == *one.label && seen.kind.name() == one.kind);
                if let Some(seen) = seen {
                    let word = match seen.standing {
                        Standing::Untried => Word::NotAsked,
                        Standing::Healthy => Word::WorksWell,
                        Standing::Failing { .. } => Word::Down,
                        Standing::WrongNetwork { .. } => Word::WrongChain,
                        Standing::Quarantined { .. } => Word::Lied,
                    };
                    let words = state.tf(Word::SeenAs, &[state.t(word)]);
                    ui.label(RichText::new(words).color(state.palette.on_practice));
                }
            });
            orders(ui, "", &[at], &view, state);
        }
    });
}

/// Orders of the market's price: the one in force is marked.
fn ether(ui: &mut Ui, now: EtherFall, state: &mut UiState) {
    widgets::card(ui, state, |ui, state| {
        widgets::section(ui, state.t(Word::PracticeMarket));
        widgets::quiet(ui, state, state.t(Word::PracticeMarketMeans));
        ui.horizontal_wrapped(|ui| {
            for fall in EtherFall::ALL {
                let text = match fall {
                    EtherFall::None => state.t(Word::EtherAsAtStart).to_owned(),
                    down => state.tf(Word::EtherFalls, &[&down.percent().to_string()]),
                };
                let (chosen, whose) = (fall == now, state.t(Word::PracticeMarket));
                let button = widgets::choice(ui, chosen, &text);
                let label = format!("{whose}: {text}");
                button.widget_info(|| WidgetInfo::selected(Role::Button, true, chosen, label.clone()));
                if button.clicked() {
                    state.orders.push(PracticeOrder::Ether(fall));
                }
            }
        });
    });
}

fn carriers(view: &PracticeView) -> Vec<String> {
    let mut all: Vec<String> = view.endpoints.iter().map(|one| one.carrier.clone()).collect();
    all.dedup();
    all.sort();
    all.dedup();
    all
}

/// A row of orders for the endpoints at `which`; the one in force for all of them is marked.
fn orders(ui: &mut Ui, name: &str, which: &[usize], view: &PracticeView, state: &mut UiState) {
    let of = |at: &usize| view.endpoints.get(*at);
    let whose = match (name, which.first().and_then(of)) {
        ("", Some(one)) => format!("{} {}", one.kind, one.label),
        _ => name.to_owned(),
    };
    ui.horizontal_wrapped(|ui| {
        if !name.is_empty() {
            let place = egui::vec2(130.0, 36.0);
            ui.allocate_ui_with_layout(place, egui::Layout::left_to_right(egui::Align::Center), |ui| {
                ui.set_min_width(place.x);
                ui.label(RichText::new(name).family(medium()));
            });
        }
        for outage in Outage::ALL {
            let chosen = which.iter().filter_map(of).all(|one| one.outage == outage);
            let text = state.t(word(outage));
            let button = widgets::choice(ui, chosen, text);
            let label = format!("{whose}: {text}");
            button.widget_info(|| WidgetInfo::selected(Role::Button, true, chosen, label.clone()));
            if button.clicked() {
                state.orders.extend(which.iter().map(|at| PracticeOrder::Endpoint(*at, outage)));
            }
        }
    });
}
