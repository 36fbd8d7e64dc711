//! No network is open: one is being opened, or why it could not be.

use egui::{CentralPanel, Frame, Margin, Ui};

use crate::app::NetworkName;
use crate::gui::ui_state::{UiState, Wish};
use crate::gui::widgets;
use crate::gui::words::Word;

/// Draws it.
pub(in crate::gui) fn closed(ui: &mut Ui, which: NetworkName, state: &mut UiState) {
    let page = Frame::new().fill(state.palette.page).inner_margin(Margin::same(32));
    CentralPanel::default().frame(page).show(ui, |ui| {
        let Some(reason) = state.closed.clone().filter(|_| !state.opening) else {
            widgets::title(ui, &state.tf(Word::OpeningNetwork, &[which.name()]));
            return;
        };
        widgets::title(ui, state.t(Word::NotOpened));
        widgets::card(ui, state, |ui, state| {
            widgets::reason(ui, state, &reason);
            if !state.data_folder.is_empty() {
                let folder = state.data_folder.clone();
                widgets::pair(ui, state, state.t(Word::Folder), |ui| {
                    ui.add(egui::Label::new(&folder).wrap());
                });
            }
        });
        ui.horizontal_wrapped(|ui| {
            if widgets::primary(ui, state, state.t(Word::TryAgain)).clicked() {
                state.wish = Some(Wish::Reopen);
            }
            if which != NetworkName::Practice && ui.button(state.t(Word::TryPractice)).clicked() {
                state.wish = Some(Wish::Open(NetworkName::Practice));
            }
            if which != NetworkName::Mainnet && ui.button(state.t(Word::OpenMainnet)).clicked() {
                state.wish = Some(Wish::Open(NetworkName::Mainnet));
            }
            if ui.button(state.t(Word::CloseWindow)).clicked() {
                state.wish = Some(Wish::Close);
            }
        });
    });
}
