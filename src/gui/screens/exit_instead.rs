//! What there is instead of repaying everything: what can be taken now, what a part of it would do, what to pay first.

use alloy::primitives::U256;
use egui::{RichText, Role, Slider, Ui, WidgetInfo};

use super::exit_plan::{amount, floor_text, positions_in};
use super::hand_over;
use super::position_action::ends_at;
use super::position_card::line;
use super::position_settings;
use crate::app::{Action, Amount, Danger, ExitPlan, Intent, Position, Snapshot, Stage, TakeOut};
use crate::gui::fonts::medium;
use crate::gui::format::Round;
use crate::gui::health_gauge;
use crate::gui::icons::Severity;
use crate::gui::positions_state::OpenAction;
use crate::gui::ui_state::UiState;
use crate::gui::what_if;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Lines that "take out now" may keep, in hundredths.
const FLOORS: [u16; 5] = [105, 110, 120, 150, 200];
/// Where a repayment that comes first should bring the factor, in hundredths.
const SAFE_AGAIN: u64 = 102;
/// Thousandths of what there is.
const WHOLE: u16 = 1_000;

/// A loan that can be liquidated now: how much of what brings it back.
pub(super) fn danger(ui: &mut Ui, plan: &ExitPlan, snapshot: &Snapshot, state: &mut UiState) {
    let bad = |(_, position): &(&str, &Position)| position.danger() == Danger::Liquidatable;
    for (name, position) in positions_in(&plan.before).filter(bad) {
        widgets::card(ui, state, |ui, state| {
            widgets::section(ui, name);
            let first = repay_first(plan, name, position);
            let words = match &first {
                Some(first) => {
                    let action = &first.action;
                    let units = amount(&action.asset, action.units(), Round::Up, state);
                    state.tf(Word::ExitLiquidatable, &[&units, &health_gauge::text(first.factor)])
                }
                None => state.t(Word::ExitLiquidatableBare).to_owned(),
            };
            line(ui, Severity::Danger, &words, state);
            if let Some(First { action, bought, .. }) = first {
                ends_at(ui, position, &action, snapshot, state);
                if !bought.is_empty() {
                    line(ui, Severity::Caution, state.t(Word::ExitBoughtFirst), state);
                }
                let calls = action.intents().unwrap_or_default();
                let title = state.t(Word::ExitRepayFirst);
                if let Some(own) = hand_over::with_needs(ui, plan.owner, &calls, snapshot, state) {
                    let calls: Vec<Intent> = bought.into_iter().chain(own).collect();
                    hand_over::show(ui, (plan.owner, title), &calls, snapshot, state);
                }
            }
        });
    }
}

/// A repayment that comes before everything else.
struct First {
    action: Action,
    /// Where it brings the loan.
    factor: U256,
    /// The calls that buy what it pays with.
    bought: Vec<Intent>,
}

/// The smallest repayment that brings a loan back above the line, from what the wallet holds where that is enough, else
/// from what the plan buys.
fn repay_first(plan: &ExitPlan, name: &str, position: &Position) -> Option<First> {
    let line = crate::app::WAD / U256::from(100) * U256::from(SAFE_AGAIN);
    let repayments =
        position.actions.iter().filter(|one| one.stage == Some(Stage::Repay) && one.blocked.is_none());
    let means =
        repayments.flat_map(|action| plan.means(name, action).into_iter().map(move |means| (action, means)));
    let mut found = means.filter_map(|(action, means)| {
        let (units, factor) = what_if::repay_to(position, action, line, means.most)?;
        let action = action.with_amount(Amount::Exactly(units));
        Some(First { action, factor, bought: means.first })
    });
    found.next()
}

/// Draws the alternates; nothing where nothing is owed.
pub(super) fn show(ui: &mut Ui, plan: &ExitPlan, snapshot: &Snapshot, state: &mut UiState) {
    let loans: Vec<_> = positions_in(&plan.before).filter(|(_, position)| position.owes()).collect();
    if loans.is_empty() {
        return;
    }
    widgets::card(ui, state, |ui, state| {
        widgets::section(ui, state.t(Word::ExitAlternates));
        floors(ui, state);
        let old = loans.iter().find_map(|(_, position)| position.health.as_ref()?.price_age.old.clone());
        if let Some(old) = old {
            line(ui, Severity::Danger, &old, state);
        } else if plan.take_now.is_empty() {
            let words = state.tf(Word::ExitTakeNothing, &[&floor_text(state)]);
            widgets::quiet(ui, state, &words);
        }
        for one in &plan.take_now {
            take(ui, plan, one, snapshot, state);
        }
    });
    for (name, position) in loans {
        what_if_card(ui, (name, position), plan, snapshot, state);
    }
}

fn floors(ui: &mut Ui, state: &mut UiState) {
    ui.horizontal_wrapped(|ui| {
        widgets::quiet(ui, state, state.t(Word::ExitStayAbove));
        let now = if state.positions.exit.floor == 0 { 105 } else { state.positions.exit.floor };
        for floor in FLOORS {
            let words = position_settings::text(floor);
            let button = widgets::choice(ui, now == floor, &words);
            let label = format!("{} {words}", state.t(Word::ExitStayAbove));
            button.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, now == floor, label.clone()));
            if button.clicked() {
                state.positions.exit.floor = floor;
            }
        }
    });
}

fn take(ui: &mut Ui, plan: &ExitPlan, one: &TakeOut, snapshot: &Snapshot, state: &mut UiState) {
    let units = amount(&one.asset, one.units, Round::Down, state);
    let words = state.tf(Word::ExitTakeNow, &[&units, &floor_text(state)]);
    ui.label(RichText::new(&words).family(medium()));
    let ends = state.tf(Word::ExitEndsAt, &[&health_gauge::text(one.ends_at)]);
    widgets::quiet(ui, state, &format!("{} · {ends}", one.market));
    hand_over::show(ui, (plan.owner, &words), std::slice::from_ref(&one.intent), snapshot, state);
}

/// A slider over a part of what can be taken or paid back, with the factor it leads to.
fn what_if_card(
    ui: &mut Ui,
    (name, position): (&str, &Position),
    plan: &ExitPlan,
    snapshot: &Snapshot,
    state: &mut UiState,
) {
    let told = |action: &&Action| what_if::factor_after(position, action).is_some();
    let choices: Vec<&Action> = position.actions.iter().filter(told).collect();
    let Some(first) = choices.first() else { return };
    let is_chosen = |action: &Action, state: &UiState| {
        state.positions.exit.what_if.as_ref() == Some(&OpenAction::of(name, position, action))
    };
    let chosen = choices.iter().find(|action| is_chosen(action, state)).unwrap_or(first);
    widgets::card(ui, state, |ui, state| {
        widgets::section(ui, &format!("{}: {name}", state.t(Word::ExitWhatIf)));
        ui.horizontal_wrapped(|ui| {
            for action in &choices {
                let word = if action.stage == Some(Stage::Repay) {
                    Word::ExitWhatIfRepay
                } else {
                    Word::ExitWhatIfTake
                };
                let words = format!("{} {}", state.t(word), crate::app::plain(&action.asset.symbol));
                if ui.selectable_label(std::ptr::eq(*action, *chosen), words).clicked() {
                    state.positions.exit.what_if = Some(OpenAction::of(name, position, action));
                }
            }
        });
        let share = U256::from(state.positions.exit.share.min(WHOLE));
        let units = chosen.all.saturating_mul(share) / U256::from(WHOLE);
        let action = chosen.with_amount(Amount::Exactly(units));
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().slider_width = (ui.available_width() - 260.0).clamp(120.0, 360.0);
            let label = state.tf(Word::ExitSliderLabel, &[&chosen.asset.symbol]);
            let slider = Slider::new(&mut state.positions.exit.share, 0..=WHOLE).show_value(false);
            let response = ui.add(slider.trailing_fill(true));
            response.widget_info(|| WidgetInfo::labeled(Role::Slider, true, label.clone()));
            ui.label(RichText::new(amount(&chosen.asset, units, Round::Down, state)).family(medium()));
        });
        ends_at(ui, position, &action, snapshot, state);
        let same = |one: &&TakeOut| one.market == name && one.asset == chosen.asset;
        if let Some(safe) = plan.take_now.iter().find(same).filter(|_| chosen.stage == Some(Stage::Withdraw))
        {
            let most = amount(&safe.asset, safe.units, Round::Down, state);
            let words = state.tf(Word::ExitMaxSafe, &[&most, &health_gauge::text(safe.ends_at)]);
            widgets::quiet(ui, state, &words);
        }
    });
}
