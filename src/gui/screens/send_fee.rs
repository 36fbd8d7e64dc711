//! What Send pays for gas, and the nonce.

use alloy::primitives::U256;
use egui::{RichText, TextEdit, Ui};

use super::send_form::Form;
use crate::app::{FeesAnswer, Snapshot, Speed};
use crate::gui::badge::{self, Subject};
use crate::gui::format::{self, Round};
use crate::gui::known::Known;
use crate::gui::ui_state::UiState;
use crate::gui::wallet_state::FeeSpeed;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Draws it.
pub(super) fn show(ui: &mut Ui, form: &Form, snapshot: &Snapshot, state: &mut UiState) {
    widgets::section(ui, state.t(Word::Fee));
    for (speed, word, wait, of) in [
        (FeeSpeed::Slow, Word::SpeedSlow, Word::WaitSlow, Speed::Slow),
        (FeeSpeed::Normal, Word::SpeedNormal, Word::WaitNormal, Speed::Usual),
        (FeeSpeed::Fast, Word::SpeedFast, Word::WaitFast, Speed::Fast),
    ] {
        ui.horizontal_wrapped(|ui| {
            let cost = form.fees.as_ref().map(|fees| cost(fees, of, form.gas));
            let shown = cost.clone().map_or_else(String::new, |cost| state.amount(cost));
            let text = format!("{}  {shown}  {}", state.t(word), state.t(wait));
            ui.radio_value(&mut state.wallet.send.draft.speed, speed, text);
            if let Some(cost) = cost {
                let title = state.t(word);
                let at = form.fees.as_ref().map(|fees| fees.at);
                let subject = Subject { title, value: &cost, raw: "", how: Word::HowFee, at };
                badge::badge(ui, Known::Unverified, &subject, snapshot, state);
            }
        });
    }
    let custom = state.t(Word::SpeedCustom);
    ui.radio_value(&mut state.wallet.send.draft.speed, FeeSpeed::Custom, custom);
    if state.wallet.send.draft.speed == FeeSpeed::Custom {
        fields(ui, state);
    }
    basis(ui, form, snapshot, state);
    nonce(ui, form, snapshot, state);
}

/// What a speed costs at most: in ether where the gas is known, else per gas.
fn cost(fees: &FeesAnswer, speed: Speed, gas: Option<u64>) -> String {
    let most = U256::from(fees.of(speed).max_fee);
    match gas {
        Some(gas) => format!("{} ETH", format::ether(most.saturating_mul(U256::from(gas)), Round::Up)),
        None => format!("{} / gas", format::gwei(most)),
    }
}

fn fields(ui: &mut Ui, state: &mut UiState) {
    ui.horizontal_wrapped(|ui| {
        for (word, at) in [(Word::MaxFeeGwei, 0_u8), (Word::TipGwei, 1)] {
            let label = ui.label(state.t(word));
            let send = &mut state.wallet.send;
            let text = if at == 0 { &mut send.max_fee } else { &mut send.tip };
            let edit = TextEdit::singleline(text).desired_width(90.0).char_limit(20);
            ui.add(edit.margin(egui::Margin::symmetric(10, 8))).labelled_by(label.id);
        }
    });
}

/// What of all that is proven.
fn basis(ui: &mut Ui, form: &Form, snapshot: &Snapshot, state: &mut UiState) {
    let Some(fees) = &form.fees else {
        let base = snapshot.head.as_ref().and_then(|head| head.base_fee);
        let text = match base {
            Some(base) => state.tf(Word::NoFeeEstimate, &[&format::gwei(U256::from(base))]),
            None => state.t(Word::ReadingFees).to_owned(),
        };
        return widgets::quiet(ui, state, &text);
    };
    ui.horizontal_wrapped(|ui| {
        let base = format::gwei(U256::from(fees.next_base_fee));
        let title = state.t(Word::BaseFee);
        ui.label(RichText::new(format!("{title} {base}")).color(state.palette.text_2));
        let known = Known::state(fees.at, snapshot, state.now_ms);
        let raw = format!("{} wei", fees.next_base_fee);
        let at = Some(fees.at);
        let subject = Subject { title, value: &base, raw: &raw, how: Word::HowBaseFee, at };
        badge::badge(ui, known, &subject, snapshot, state);
        if fees.seen == 0 {
            widgets::quiet(ui, state, state.t(Word::TipIsDefault));
        }
    });
}

fn nonce(ui: &mut Ui, form: &Form, snapshot: &Snapshot, state: &mut UiState) {
    let next = form.next_nonce(snapshot);
    ui.horizontal_wrapped(|ui| {
        let title = state.t(Word::Nonce);
        let label = ui.label(RichText::new(title).color(state.palette.text_2));
        if let Some(mut text) = state.wallet.send.nonce.take() {
            let edit = TextEdit::singleline(&mut text).desired_width(90.0).char_limit(20);
            ui.add(edit.margin(egui::Margin::symmetric(10, 8))).labelled_by(label.id);
            if !ui.button(state.t(Word::NextNonce)).clicked() {
                state.wallet.send.nonce = Some(text);
            }
            return;
        }
        let text = next.map_or_else(|| "—".to_owned(), format::number);
        ui.label(&text);
        let (known, at) = match form.payer {
            Some(seen) => (seen.known(snapshot, state.now_ms), Some(seen.at())),
            None => (Known::Checking, None),
        };
        let subject = Subject { title, value: &text, raw: "", how: Word::HowNonce, at };
        badge::badge(ui, known, &subject, snapshot, state);
        if ui.button(state.t(Word::EditNonce)).clicked() {
            state.wallet.send.nonce = Some(next.map(|next| next.to_string()).unwrap_or_default());
        }
    });
}
