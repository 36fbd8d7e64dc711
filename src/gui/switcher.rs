//! The account switcher in the top bar.

use egui::{RichText, Role, Ui, WidgetInfo};

use super::format;
use super::kept::Watched;
use super::screen::Screen;
use super::ui_state::UiState;
use super::words::Word;
use crate::app::Snapshot;

/// Longest name on the button, in characters.
const NAME: usize = 16;

/// An account by its own name, else by its address.
pub(super) fn title(one: &Watched) -> String {
    if one.name.is_empty() { format::short_address(one.address) } else { one.name.clone() }
}

fn shortened(name: &str) -> String {
    let mut short: String = name.chars().take(NAME).collect();
    if short.chars().count() < name.chars().count() {
        short.push('…');
    }
    short
}

/// Draws it; nothing while no account is watched.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState) {
    let Some(chosen) = state.account() else { return };
    let name = title(chosen);
    let wide = ui.ctx().content_rect().width() >= 860.0;
    let shown =
        if chosen.name.is_empty() && !wide { state.t(Word::AccountOne).to_owned() } else { shortened(&name) };
    let text = if wide {
        format!("{shown} · {}", state.t(super::screens::kind(chosen.address, snapshot)))
    } else {
        shown
    };
    let label = state.tf(Word::SwitchAccount, &[&name]);
    let menu = ui.menu_button(RichText::new(text), |ui| rows(ui, state));
    menu.response.widget_info(|| WidgetInfo::labeled(Role::Button, true, label.clone()));
}

fn rows(ui: &mut Ui, state: &mut UiState) {
    ui.set_min_width(240.0);
    let all: Vec<String> = state.book.watched.iter().map(title).collect();
    egui::ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
        for (at, name) in all.into_iter().enumerate() {
            if ui.selectable_label(at == state.selected, name).clicked() {
                state.selected = at;
                state.screen = Screen::Home;
                ui.close();
            }
        }
    });
    ui.separator();
    if ui.button(state.t(Word::ManageAccounts)).clicked() {
        state.screen = Screen::Accounts;
        ui.close();
    }
}
