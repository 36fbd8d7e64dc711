//! Settings of the connection: which network, through which proxy.

use egui::{RichText, Ui};

use crate::app::{Command, NetworkName, Snapshot};
use crate::gui::shell;
use crate::gui::ui_state::{Field, UiState, Wish};
use crate::gui::widgets;
use crate::gui::words::Word;

/// Schemes that a proxy may have.
const SCHEMES: [&str; 4] = ["socks5h://", "socks5://", "http://", "https://"];

/// Draws them.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    widgets::card(ui, state, |ui, state| {
        widgets::section(ui, state.t(Word::Network));
        let tag = shell::network_tag(snapshot, state);
        widgets::pair(ui, state, state.t(Word::ThisNetwork), |ui| {
            ui.label(tag);
        });
        networks(ui, snapshot, state);
        ui.add_space(4.0);
        proxy(ui, snapshot, state, commands);
        ui.add_space(4.0);
        let (word, offline) =
            if snapshot.offline { (Word::GoOnline, false) } else { (Word::WorkOffline, true) };
        if ui.button(state.t(word)).clicked() {
            commands.push(Command::SetOffline(offline));
        }
    });
}

fn networks(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState) {
    let here = snapshot.network.name.as_str();
    ui.horizontal_wrapped(|ui| {
        for (which, word) in [
            (NetworkName::Practice, Word::TryPractice),
            (NetworkName::Mainnet, Word::OpenMainnet),
            (NetworkName::Sepolia, Word::OpenSepolia),
            (NetworkName::Hoodi, Word::OpenHoodi),
        ] {
            if which.name() != here && ui.button(state.t(word)).clicked() {
                state.wish = Some(Wish::Open(which));
            }
        }
    });
    widgets::quiet(ui, state, state.t(Word::NetworksMean));
}

fn proxy(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    let now = snapshot.proxy.clone().unwrap_or_default();
    let mut field = state.settings.proxy.clone().unwrap_or(Field { text: now.clone(), error: None });
    let (label, hint, colour) =
        (state.t(Word::ProxyLabel), "socks5h://127.0.0.1:9050", state.palette.refuted);
    let response = widgets::field(ui, label, hint, &mut field, colour);
    widgets::quiet(ui, state, state.t(Word::ProxyMeans));
    let changed = field.text.trim() != now;
    if response.changed() || field.error.is_some() {
        state.settings.proxy = Some(field.clone());
    }
    if !changed {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        if ui.button(state.t(Word::UseProxy)).clicked() || widgets::entered(ui, &response) {
            let text = field.text.trim().to_owned();
            if text.is_empty()
                || SCHEMES.iter().any(|scheme| text.len() > scheme.len() && text.starts_with(scheme))
            {
                commands.push(Command::SetProxy(text));
                state.settings.proxy = None;
                state.wish = Some(Wish::Reopen);
            } else {
                field.error = Some(state.t(Word::ProxyWrong).to_owned());
                state.settings.proxy = Some(field);
            }
        }
        ui.label(RichText::new(state.t(Word::ProxyReopens)).small().color(state.palette.text_3));
    });
}
