//! Contacts: others' addresses, each compared with a source before it was added.

use egui::{RichText, ScrollArea, TextEdit, Ui};

use super::accounts::named;
use crate::app::Snapshot;
use crate::gui::format;
use crate::gui::kept::Contact;
use crate::gui::paste::{self, Pasted};
use crate::gui::table::{self, Column, ROW};
use crate::gui::ui_state::{AccountsState, UiState};
use crate::gui::widgets;
use crate::gui::words::Word;

/// With fewer there is nothing to look for.
const FILTER_FROM: usize = 6;

/// Draws them.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState) {
    widgets::card(ui, state, |ui, state| {
        let count = state.book.contacts.len();
        widgets::section(ui, &state.tf(Word::ContactsTitle, &[&format::number(count as u64)]));
        widgets::quiet(ui, state, state.t(Word::ContactsMeans));
        if count >= FILTER_FROM {
            ui.horizontal_wrapped(|ui| {
                let label = ui.label(state.t(Word::Filter));
                let edit = TextEdit::singleline(&mut state.accounts.filter).desired_width(240.0);
                let response = ui.add(edit.margin(egui::Margin::symmetric(10, 8))).labelled_by(label.id);
                if std::mem::take(&mut state.filter_wanted) {
                    response.request_focus();
                }
            });
        }
        if count > 0 {
            list(ui, snapshot, state);
        }
        form(ui, state);
    });
}

fn fits(one: &Contact, wanted: &str) -> bool {
    wanted.is_empty()
        || one.name.to_lowercase().contains(wanted)
        || one.address.to_string().to_lowercase().contains(wanted)
}

fn list(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState) {
    let wanted = state.accounts.filter.trim().to_lowercase();
    let places: Vec<usize> = (0..state.book.contacts.len())
        .filter(|at| state.book.contacts.get(*at).is_some_and(|one| fits(one, &wanted)))
        .collect();
    let wide = ui.available_width() >= 640.0;
    let open_any = state.book.contacts.iter().any(|one| is_unconfirmed(one, snapshot));
    let mut columns = vec![
        Column::rest(state.t(Word::NameWord)),
        Column::wide(state.t(Word::AddressLabel), 170.0),
        Column::wide("", if open_any { 250.0 } else { 160.0 }),
    ];
    if wide {
        columns.insert(2, Column::wide(state.t(Word::ComparedWith), 170.0));
    }
    if open_any {
        widgets::quiet(ui, state, state.t(Word::UnconfirmedMeans));
    }
    table::header(ui, state, &columns);
    let height = (ROW * 8.0).min(ROW * places.len() as f32).max(ROW);
    let area = ScrollArea::vertical().id_salt("contacts").max_height(height).auto_shrink([false, true]);
    area.show_rows(ui, ROW, places.len(), |ui, shown| {
        for at in places.get(shown).unwrap_or_default() {
            let Some(one) = state.book.contacts.get(*at).cloned() else { continue };
            row(ui, &columns, (&one, is_unconfirmed(&one, snapshot)), state);
        }
    });
    if places.is_empty() {
        widgets::quiet(ui, state, state.t(Word::NothingFits));
    }
}

/// Nobody gave it in this run, and no opened key file has marked it.
pub(super) fn is_unconfirmed(one: &Contact, snapshot: &Snapshot) -> bool {
    !one.confirmed && snapshot.wallet.unconfirmed.contains(&one.address)
}

fn row(ui: &mut Ui, columns: &[Column], (one, open): (&Contact, bool), state: &mut UiState) {
    let address = one.address.to_checksum(None);
    let standing = if open { state.t(Word::Unconfirmed).to_owned() } else { one.compared_with.clone() };
    let label = format!("{}, {address}, {standing}", one.name);
    let last = columns.len().saturating_sub(1);
    table::still_row(ui, columns, &label, |ui, at| match at {
        0 => drop(ui.label(&one.name)),
        1 => drop(ui.label(RichText::new(format::short_address(one.address)).monospace())),
        _ if at == last => {
            ui.spacing_mut().button_padding.y = 5.0;
            if named(ui, state.t(Word::Copy), &one.name) {
                state.copy(ui, &one.name, address.clone());
            }
            if open && named(ui, state.t(Word::ConfirmContact), &one.name) {
                let own = |contact: &&mut Contact| contact.address == one.address;
                if let Some(contact) = state.book.contacts.iter_mut().find(own) {
                    contact.confirmed = true;
                }
            }
            if named(ui, state.t(Word::Remove), &one.name) {
                let gone = one.address;
                state.book.contacts.retain(|contact| contact.address != gone);
            }
        }
        _ => drop(ui.label(RichText::new(&standing).color(state.palette.text_2))),
    });
}

fn form(ui: &mut Ui, state: &mut UiState) {
    ui.add_space(6.0);
    egui::CollapsingHeader::new(state.t(Word::AddContact)).show(ui, |ui| {
        let (label, hint, colour) =
            (state.t(Word::AddressLabel), state.t(Word::PasteHere), state.palette.refuted);
        let response = widgets::field(ui, label, hint, &mut state.accounts.address, colour);
        if response.changed() {
            let pasted = paste::read(&state.accounts.address.text, &paste::known(state));
            if matches!(pasted, Pasted::Secret | Pasted::HashOrKey(_)) {
                paste::wipe(&mut state.accounts.address.text);
                state.accounts.address.error = Some(state.t(Word::AddressSecret).to_owned());
            }
        }
        line(ui, state.t(Word::NameWord), "", &mut state.accounts.name);
        let (label, hint) = (state.t(Word::ComparedLabel), state.t(Word::ComparedHint));
        line(ui, label, hint, &mut state.accounts.compared_with);
        let missing = missing(state);
        ui.horizontal_wrapped(|ui| {
            let button = egui::Button::new(state.t(Word::AddContact));
            if ui.add_enabled(missing.is_none(), button).clicked() {
                take(state);
            }
            if let Some(missing) = missing {
                widgets::quiet(ui, state, state.t(missing));
            }
        });
    });
}

fn line(ui: &mut Ui, label: &str, hint: &str, text: &mut String) {
    let label = ui.label(label);
    let width = ui.available_width().min(360.0);
    let edit = TextEdit::singleline(text).hint_text(hint).desired_width(width).char_limit(64);
    ui.add(edit.margin(egui::Margin::symmetric(10, 8))).labelled_by(label.id);
}

/// Why the button is off.
fn missing(state: &UiState) -> Option<Word> {
    let form = &state.accounts;
    if form.address.text.trim().is_empty() {
        Some(Word::NeedsAddress)
    } else if form.name.trim().is_empty() {
        Some(Word::NeedsName)
    } else if form.compared_with.trim().is_empty() {
        Some(Word::NeedsCompared)
    } else {
        None
    }
}

fn take(state: &mut UiState) {
    match paste::address(&state.accounts.address.text) {
        Ok(address) => {
            let form = std::mem::take(&mut state.accounts);
            state.add_contact(address, &form.name, &form.compared_with);
            state.accounts = AccountsState { filter: form.filter, ..AccountsState::default() };
        }
        Err(error) => state.accounts.address.error = Some(error.words(state)),
    }
}
