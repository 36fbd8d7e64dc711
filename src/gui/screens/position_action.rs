//! An action that is looked at: how much, what it calls, where the health factor would end, and the way on.

use alloy::primitives::utils::parse_units;
use egui::{CollapsingHeader, RichText, Role, TextEdit, Ui, WidgetInfo};

use super::hand_over;
use super::position_card::{danger_word, line};
use crate::app::{Action, Amount, Asset, Danger, Intent, Position, Snapshot};
use crate::gui::fonts::medium;
use crate::gui::format::{self, Round};
use crate::gui::health_gauge;
use crate::gui::icons::Severity;
use crate::gui::known::Known;
use crate::gui::positions_state::OpenAction;
use crate::gui::ui_state::UiState;
use crate::gui::what_if;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Draws the list of actions and the one that is looked at.
pub(super) fn show(ui: &mut Ui, name: &str, position: &Position, snapshot: &Snapshot, state: &mut UiState) {
    if position.actions.is_empty() {
        return;
    }
    let open = |action: &Action, state: &UiState| {
        state.positions.open.as_ref() == Some(&OpenAction::of(name, position, action))
    };
    let any = position.actions.iter().any(|action| open(action, state));
    let id = ("actions", name, &position.market, position.contract);
    let title = format!("{} ({})", state.t(Word::PosActions), position.actions.len());
    CollapsingHeader::new(title).id_salt(id).open(any.then_some(true)).show(ui, |ui| {
        for action in &position.actions {
            let chosen = open(action, state);
            let button = ui.add(egui::Button::selectable(chosen, &action.title));
            let label = match &action.blocked {
                Some(why) => format!("{}. {}", action.title, state.tf(Word::PosBlocked, &[why])),
                None => action.title.clone(),
            };
            button.widget_info(|| WidgetInfo::selected(Role::Button, true, chosen, label.clone()));
            if button.clicked() {
                state.positions.choose(OpenAction::of(name, position, action));
            }
            if chosen {
                ui.indent(("open", name, &action.title), |ui| opened(ui, position, action, snapshot, state));
            } else if let Some(why) = &action.blocked {
                widgets::quiet(ui, state, &state.tf(Word::PosBlocked, &[why]));
            }
        }
    });
}

fn opened(ui: &mut Ui, position: &Position, action: &Action, snapshot: &Snapshot, state: &mut UiState) {
    if let Some(note) = &action.note {
        widgets::quiet(ui, state, note);
    }
    if let Some(why) = &action.blocked {
        line(ui, Severity::Caution, &state.tf(Word::PosBlocked, &[why]), state);
        return;
    }
    let amount = amount(ui, action, state);
    let wanted = match amount {
        Ok(amount) => action.with_amount(amount),
        Err(why) => {
            ui.label(RichText::new(why).color(state.palette.refuted));
            return;
        }
    };
    ends_at(ui, position, &wanted, snapshot, state);
    match wanted.intents() {
        Ok(intents) => {
            let calls = hand_over::with_needs(ui, action.owner, &intents, snapshot, state);
            sentences(ui, calls.as_deref().unwrap_or(&intents), state);
            if let Some(calls) = calls {
                hand_over::show(ui, (action.owner, &action.title), &calls, snapshot, state);
            }
        }
        Err(error) => drop(ui.label(RichText::new(error.to_string()).color(state.palette.refuted))),
    }
}

/// The field for an amount; empty is all there is.
fn amount(ui: &mut Ui, action: &Action, state: &mut UiState) -> Result<Amount, String> {
    let asset = &action.asset;
    ui.horizontal_wrapped(|ui| {
        let label = ui.label(state.tf(Word::ExitSliderLabel, &[&asset.symbol]));
        let all = format::amount(action.all, asset.decimals, asset.decimals, Round::Down);
        let hint = state.tf(Word::PosAll, &[&all]);
        let edit = TextEdit::singleline(&mut state.positions.amount.text)
            .hint_text(hint)
            .desired_width(220.0)
            .char_limit(80);
        ui.add(edit.margin(egui::Margin::symmetric(10, 8))).labelled_by(label.id);
    });
    read_amount(&state.positions.amount.text, asset, state)
}

/// What was typed, in units.
pub(super) fn read_amount(text: &str, asset: &Asset, state: &UiState) -> Result<Amount, String> {
    let bare = format::bare(text.trim());
    if bare.is_empty() {
        return Ok(Amount::All);
    }
    let plain = bare.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let decimals = bare.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let units = parse_units(&bare, asset.decimals).ok().map(|parsed| parsed.get_absolute());
    match units.filter(|_| plain && decimals <= usize::from(asset.decimals)) {
        Some(units) => Ok(Amount::Exactly(units)),
        None => Err(state.tf(Word::PosBadAmount, &[&asset.symbol, &asset.decimals.to_string()])),
    }
}

/// Where the health factor would end, where our numbers are the contract's own.
pub(super) fn ends_at(
    ui: &mut Ui,
    position: &Position,
    action: &Action,
    snapshot: &Snapshot,
    state: &UiState,
) {
    let Some(now) = position.health.as_ref().and_then(|health| health.factor) else { return };
    let Some(after) = what_if::factor_after(position, action) else { return };
    let from = health_gauge::text(now);
    let Some(after) = after else {
        ui.label(RichText::new(state.tf(Word::ExitWhatIfNoDebt, &[&from])).family(medium()));
        return;
    };
    let to = health_gauge::text(after);
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(state.tf(Word::ExitWhatIfEnds, &[&from, &to])).family(medium()));
        danger_word(ui, Danger::of(Some(after)), state);
    });
    let stale = matches!(Known::state(position.at, snapshot, state.now_ms), Known::Stale(_));
    health_gauge::show(ui, after, stale, state);
    if after < crate::app::WAD {
        line(ui, Severity::Danger, state.t(Word::ExitRefused), state);
    }
}

/// The calls, numbered, each in a sentence.
pub(super) fn sentences(ui: &mut Ui, intents: &[Intent], state: &UiState) {
    for (at, intent) in intents.iter().enumerate() {
        ui.horizontal_top(|ui| {
            ui.label(RichText::new(format!("{}.", at.saturating_add(1))).color(state.palette.text_3));
            ui.add(egui::Label::new(&intent.sentence).wrap());
        });
    }
}

#[cfg(test)]
mod tests {
    use alloy::primitives::{Address, U256};

    use super::*;
    use crate::gui::kept::Kept;

    #[test]
    fn what_is_typed_is_read_exactly_or_refused() {
        let state = UiState::new(Kept::default(), 0);
        let usdc = Asset::token(Address::repeat_byte(1), "USDC", 6);
        let read = |text| read_amount(text, &usdc, &state);
        assert_eq!(read(""), Ok(Amount::All));
        assert_eq!(read(" 12\u{2009}400.5 "), Ok(Amount::Exactly(U256::from(12_400_500_000_u64))));
        assert_eq!(read("0.000001"), Ok(Amount::Exactly(U256::from(1))));
        for wrong in ["0.0000001", "-1", "1e3", "abc", "1.2.3", "0x10"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
