//! A new transaction of a Safe, as a file for its owners.

use alloy::primitives::{Address, Bytes, U256, hex};
use egui::{CollapsingHeader, TextEdit, Ui};

use super::safe_files::keep;
use crate::app::{Proposal, SafeFacts, SafeTransaction};
use crate::gui::paste::{self, Pasted};
use crate::gui::positions_state::SafeDraft;
use crate::gui::ui_state::UiState;
use crate::gui::wallet_state::{AmountError, amount};
use crate::gui::widgets;
use crate::gui::words::Word;

/// Draws the form, folded until it is wanted.
pub(super) fn show(ui: &mut Ui, safe: &SafeFacts, state: &mut UiState) {
    widgets::card(ui, state, |ui, state| {
        CollapsingHeader::new(state.t(Word::SafeNew)).id_salt("safe.new").show(ui, |ui| {
            let (label, hint, colour) =
                (state.t(Word::SafeNewTo), state.t(Word::PasteHere), state.palette.refuted);
            let response = widgets::field(ui, label, hint, &mut state.positions.safe.draft.to, colour);
            if response.changed() && secret(&state.positions.safe.draft.to.text, state) {
                paste::wipe(&mut state.positions.safe.draft.to.text);
                state.positions.safe.draft.to.error = Some(state.t(Word::AddressSecret).to_owned());
            }
            let (value, data) = (state.t(Word::SafeNewEther), state.t(Word::SafeNewData));
            let draft = &mut state.positions.safe.draft;
            line(ui, value, "0", &mut draft.ether);
            line(ui, data, "0x", &mut draft.data);
            if secret(&state.positions.safe.draft.data, state) {
                paste::wipe(&mut state.positions.safe.draft.data);
            }
            if widgets::primary(ui, state, state.t(Word::SafeNewDo)).clicked() {
                match proposal(safe, state) {
                    Ok(made) => state.positions.safe.draft = keep_made(made, state),
                    Err(why) => state.positions.safe.draft.to.error = Some(why),
                }
            }
        });
    });
}

fn secret(text: &str, state: &UiState) -> bool {
    matches!(paste::read(text, &paste::known(state)), Pasted::Secret | Pasted::HashOrKey(_))
}

fn line(ui: &mut Ui, name: &str, hint: &str, text: &mut String) {
    let label = ui.label(name);
    let edit = TextEdit::singleline(text).hint_text(hint).desired_width(ui.available_width().min(560.0));
    ui.add(edit.margin(egui::Margin::symmetric(10, 8))).labelled_by(label.id);
}

fn keep_made(made: Proposal, state: &mut UiState) -> SafeDraft {
    match keep(made, state) {
        Ok(()) => SafeDraft::default(),
        Err(why) => {
            let mut draft = state.positions.safe.draft.clone();
            draft.to.error = Some(why);
            draft
        }
    }
}

/// The transaction as typed, behind those that wait already.
fn proposal(safe: &SafeFacts, state: &UiState) -> Result<Proposal, String> {
    let draft = &state.positions.safe.draft;
    let to: Address = paste::address(&draft.to.text).map_err(|error| error.words(state))?;
    let value = match amount(&draft.ether, 18) {
        Ok(wei) => wei,
        Err(AmountError::Empty | AmountError::Zero) => U256::ZERO,
        Err(_) => return Err(state.t(Word::EtherAlongWrong).to_owned()),
    };
    let data =
        hex::decode(draft.data.trim()).map_err(|_not_hex| state.t(Word::SafeNewDataWrong).to_owned())?;
    let waiting = state.positions.safe.files.iter().map(|file| file.transaction.nonce);
    let nonce = waiting.map(|one| one.saturating_add(U256::from(1))).fold(safe.nonce, U256::max);
    Ok(Proposal::new(safe, SafeTransaction::call(to, value, Bytes::from(data), nonce)))
}
