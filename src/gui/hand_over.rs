//! From a chosen action to the wallet's Review; where nothing can sign here, the call can be copied for another wallet.

use alloy::primitives::{Address, U256};
use egui::{Role, Ui, WidgetInfo};

use super::ui_state::UiState;
use super::widgets;
use super::words::Word;
use crate::app::Intent;

/// The calls as text, one after the other, as any wallet can take them.
pub(super) fn as_text(owner: Address, intents: &[Intent]) -> String {
    let one = |(at, intent): (usize, &Intent)| {
        format!(
            "{}. {}\nfrom: {owner}\nto: {}\nvalue (wei): {}\ndata: {}\n",
            at.saturating_add(1),
            intent.sentence,
            intent.to,
            intent.value,
            intent.calldata
        )
    };
    intents.iter().enumerate().map(one).collect::<Vec<_>>().join("\n")
}

/// An intent with the exact approvals it needs before it. What stands already is seen by the simulation.
pub(super) fn with_needs(intents: &[Intent]) -> Vec<Intent> {
    let approved = |intent: &Intent| crate::app::with_approvals(intent.clone(), |_, _| U256::ZERO);
    intents.iter().flat_map(approved).collect()
}

/// The way on from calls that are ready: the disabled button says why, and the calls can be copied.
pub(super) fn show(ui: &mut Ui, owner: Address, title: &str, intents: &[Intent], state: &mut UiState) {
    if intents.is_empty() {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        let review = ui.add_enabled(false, egui::Button::new(state.t(Word::HandReview)));
        let label = format!("{}: {title}. {}", state.t(Word::HandReview), state.t(Word::HandNotYet));
        review.widget_info(|| WidgetInfo::labeled(Role::Button, false, label.clone()));
        let words = match intents.len() {
            1 => state.t(Word::HandCopy).to_owned(),
            many => state.tf(Word::HandCopyCalls, &[&many.to_string()]),
        };
        let copy = ui.button(&words);
        let label = format!("{words}: {title}");
        copy.widget_info(|| WidgetInfo::labeled(Role::Button, true, label.clone()));
        if copy.clicked() {
            state.copy(ui, title, as_text(owner, intents));
        }
    });
    widgets::quiet(ui, state, state.t(Word::HandNotYet));
}
