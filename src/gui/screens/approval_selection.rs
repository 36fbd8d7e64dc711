//! Rights that were chosen to be taken back or limited: each in full, and the way on.

use alloy::primitives::U256;
use egui::{RichText, TextEdit, Ui};

use super::approvals::{key, may_take, spender};
use super::hand_over;
use super::position_action::read_amount;
use crate::app::{Amount, Approval, Approvals, Intent, Snapshot};
use crate::gui::fonts::medium;
use crate::gui::format::{self, Round};
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Gas of taking one right back, with room.
const REVOKE_GAS: u64 = 55_000;

/// Draws them.
pub(super) fn show(ui: &mut Ui, found: &Approvals, snapshot: &Snapshot, state: &mut UiState) {
    limiting(ui, found, snapshot, state);
    let chosen = |one: &&Approval| state.positions.approvals.chosen.contains(&key(one));
    let chosen: Vec<&Approval> = found.found.iter().filter(chosen).collect();
    if chosen.is_empty() {
        if !found.found.is_empty() {
            widgets::quiet(ui, state, state.t(Word::ApprSelectFirst));
            ui.add_space(8.0);
        }
        return;
    }
    widgets::card(ui, state, |ui, state| {
        widgets::section(ui, state.t(Word::ApprSelected));
        for one in &chosen {
            subject(ui, one, state);
        }
        let count = chosen.len();
        let title = summary(count, snapshot, state);
        ui.label(RichText::new(&title).family(medium()));
        let calls: Vec<Intent> = chosen.iter().map(|one| one.revoke()).collect();
        hand_over::show(ui, (found.owner, &title), &calls, snapshot, state);
    });
}

/// `Revoke 3 (3 transactions, about 0.0002 ETH)`.
fn summary(count: usize, snapshot: &Snapshot, state: &UiState) -> String {
    let count_text = count.to_string();
    let Some(fee) = snapshot.head.and_then(|head| head.base_fee) else {
        return state.tf(Word::ApprRevokeManyBare, &[&count_text, &count_text]);
    };
    let gas = U256::from(REVOKE_GAS).saturating_mul(U256::from(count));
    let wei = gas.saturating_mul(U256::from(fee)).saturating_mul(U256::from(2));
    state.tf(Word::ApprRevokeMany, &[&count_text, &count_text, &format::ether(wei, Round::Up)])
}

/// What would be stopped, with the spender's whole address.
fn subject(ui: &mut Ui, one: &Approval, state: &UiState) {
    let symbol = crate::app::plain(&one.asset.symbol);
    ui.label(state.tf(Word::ApprStop, &[&spender(one, state), &symbol]));
    widgets::address(ui, state, one.spender, 13.0);
    ui.add_space(4.0);
}

/// The field for a smaller amount.
fn limiting(ui: &mut Ui, found: &Approvals, snapshot: &Snapshot, state: &mut UiState) {
    let Some((wanted, _)) = state.positions.approvals.limiting.clone() else { return };
    let Some(one) = found.found.iter().find(|one| key(one) == wanted) else { return };
    widgets::card(ui, state, |ui, state| {
        let symbol = crate::app::plain(&one.asset.symbol);
        let now = may_take(one, state);
        widgets::section(ui, &state.tf(Word::ApprLimitTitle, &[&spender(one, state), &symbol, &now]));
        widgets::address(ui, state, one.spender, 13.0);
        ui.horizontal_wrapped(|ui| {
            let label = ui.label(state.tf(Word::ExitSliderLabel, &[&symbol]));
            if let Some((_, field)) = &mut state.positions.approvals.limiting {
                let edit = TextEdit::singleline(&mut field.text).desired_width(200.0).char_limit(80);
                ui.add(edit.margin(egui::Margin::symmetric(10, 8))).labelled_by(label.id);
            }
            if ui.button(state.t(Word::Cancel)).clicked() {
                state.positions.approvals.limiting = None;
            }
        });
        let Some((_, field)) = state.positions.approvals.limiting.clone() else { return };
        match read_amount(&field.text, &one.asset, state) {
            Ok(Amount::All) => {}
            Ok(Amount::Exactly(units)) => {
                if let Some(call) = one.limit(units) {
                    ui.add(egui::Label::new(&call.sentence).wrap());
                    let title = state.t(Word::ApprLimit);
                    hand_over::show(ui, (found.owner, title), &[call], snapshot, state);
                }
            }
            Err(why) => drop(ui.label(RichText::new(why).color(state.palette.refuted))),
        }
    });
}
