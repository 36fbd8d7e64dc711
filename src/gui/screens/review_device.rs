//! What to compare on the device that signs: the same things, in the order in which its small screen shows them.

use alloy::primitives::Address;
use egui::{RichText, Ui};

use super::review_asked::Asked;
use crate::app::signing::review::hash_chunks;
use crate::app::{DeviceKind, MessageBody, MessageView, ReviewView, Running, Snapshot};
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
        compare(ui, kind, snapshot, state);
    });
}

/// The same for what is signed alone: the hashes, or that the device shows the thing itself.
pub(super) fn show_alone(ui: &mut Ui, open: &MessageView, snapshot: &Snapshot, state: &mut UiState) {
    let Some(kind) = holder(open.from(), snapshot) else { return };
    widgets::card(ui, state, |ui, state| {
        widgets::section(ui, &state.tf(Word::DeviceWillShow, &[kind.name()]));
        match (&open.body, kind) {
            (MessageBody::Message(_), _) => widgets::quiet(ui, state, state.t(Word::DeviceShowsText)),
            (MessageBody::TypedData(_), DeviceKind::Trezor) => {
                widgets::quiet(ui, state, state.t(Word::DeviceShowsFields));
            }
            (MessageBody::TypedData(review), DeviceKind::Ledger) => {
                for (word, groups) in
                    [(Word::DomainHash, &review.domain_hash), (Word::MessageHash, &review.message_hash)]
                {
                    widgets::pair(ui, state, state.t(word), |ui| {
                        ui.add(egui::Label::new(RichText::new(groups).monospace()).wrap());
                    });
                }
            }
        }
        compare(ui, kind, snapshot, state);
    });
}

/// What to do there, and that it is waited for.
fn compare(ui: &mut Ui, kind: DeviceKind, snapshot: &Snapshot, state: &UiState) {
    widgets::quiet(ui, state, state.t(Word::CompareThere));
    if snapshot.wallet.running == Some(Running::Device(kind)) {
        ui.horizontal_wrapped(|ui| {
            ui.spinner();
            ui.label(state.t(Word::WaitingForDevice));
        });
    }
}
