//! What to compare on the device that signs: the same things, in the order in which its small screen shows them.

use alloy::primitives::Address;
use egui::{RichText, Ui};

use super::review_asked::Asked;
use crate::app::signing::review::hash_chunks;
use crate::app::{DeviceKind, ReviewView, Running, Snapshot};
use crate::gui::format;
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// The device that signs for the review's account.
pub(super) fn of(open: &Asked, snapshot: &Snapshot) -> Option<DeviceKind> {
    holder(open.from, snapshot)
}

fn holder(who: Address, snapshot: &Snapshot) -> Option<DeviceKind> {
    snapshot.wallet.account(who)?.device().map(|device| device.kind)
}

/// Draws it, for an account on a device.
pub(super) fn show(ui: &mut Ui, open: &ReviewView, snapshot: &Snapshot, state: &mut UiState) {
    let Some(kind) = holder(open.prepared.review.from(), snapshot) else { return };
    let tx = &open.prepared.review.tx;
    widgets::card(ui, state, |ui, state| {
        widgets::section(ui, &state.tf(Word::DeviceWillShow, &[kind.name()]));
        let value = state.amount(format!("{} ETH", format::ether_exact(tx.value())));
        widgets::pair(ui, state, state.t(Word::AmountWord), |ui| drop(ui.label(value)));
        if let Some(to) = tx.to() {
            widgets::pair(ui, state, state.t(Word::To), |ui| widgets::address(ui, state, to, 14.0));
        }
        let blind = !tx.input().is_empty() || tx.to().is_none();
        let word = if blind { Word::HashOnly } else { Word::MayShowHash };
        widgets::quiet(ui, state, state.t(word));
        widgets::pair(ui, state, state.t(Word::SigningHash), |ui| {
            let text = RichText::new(hash_chunks(open.prepared.review.id().0.as_slice())).monospace();
            ui.add(egui::Label::new(text).wrap());
        });
        widgets::quiet(ui, state, state.t(Word::CompareThere));
        if snapshot.wallet.running == Some(Running::Device(kind)) {
            ui.horizontal_wrapped(|ui| {
                ui.spinner();
                ui.label(state.t(Word::WaitingForDevice));
            });
        }
    });
}
