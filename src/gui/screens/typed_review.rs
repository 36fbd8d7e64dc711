//! Typed data before they are signed: what they say, the checks, and the button that asks for what the worst check asks.

use alloy::primitives::Address;
use egui::{RichText, TextEdit, Ui};

use super::{review_checks, unlock};
use crate::app::signing::review::{Answers, Fact, Finding, Gesture, Level};
use crate::app::{Running, Snapshot, TypedDataView, WalletCommand};
use crate::gui::fonts::medium;
use crate::gui::hold::{SignButton, sign_button};
use crate::gui::ui_state::UiState;
use crate::gui::wallet_state::ReviewState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// The button ignores everything for this long after the review opens, in milliseconds.
const ARMING_MS: u64 = 1_000;

/// True where these data of this account are under review.
pub(super) fn is_open(owner: Address, json: &str, snapshot: &Snapshot) -> bool {
    snapshot.wallet.typed_data.as_ref().is_some_and(|open| open.review.from() == owner && open.json == json)
}

/// Draws the open review. What it orders of the wallet comes back.
pub(super) fn show(
    ui: &mut Ui,
    title: &str,
    snapshot: &Snapshot,
    state: &mut UiState,
) -> Option<WalletCommand> {
    let open = snapshot.wallet.typed_data.clone()?;
    let seen = (open.review.id(), 0);
    if state.wallet.typed.shown != Some(seen) {
        let armed_at_ms = state.now_ms.saturating_add(ARMING_MS);
        state.wallet.typed = ReviewState { shown: Some(seen), armed_at_ms, ..ReviewState::default() };
    }
    let mut order = None;
    widgets::card(ui, state, |ui, state| {
        ui.label(RichText::new(title).family(medium()));
        ui.add(egui::Label::new(&open.review.sentence).wrap());
        for finding in &open.review.findings {
            review_checks::one(ui, finding, state);
        }
        if let Some(reason) = state.wallet.failure.clone() {
            widgets::reason(ui, state, &reason);
        }
        fact_field(ui, &open, state);
        ui.horizontal_wrapped(|ui| {
            if ui.button(state.t(Word::Cancel)).clicked() {
                order = Some(WalletCommand::CloseTypedData);
            }
            order = order.take().or(button(ui, &open, snapshot, state));
        });
    });
    order
}

/// The first danger whose fact was not typed.
fn missing<'a>(open: &'a TypedDataView, state: &UiState) -> Option<&'a Fact> {
    let dangers = open.review.findings.iter().filter(|one| one.level == Level::Danger);
    let mut facts = dangers.filter_map(|one: &Finding| one.fact.as_ref());
    facts.find(|fact| !state.wallet.typed.facts.iter().any(|text| fact.accepts(text)))
}

/// The fact of one danger: typed letter by letter, never filled in, and Enter in it does nothing.
fn fact_field(ui: &mut Ui, open: &TypedDataView, state: &mut UiState) {
    let Some(fact) = missing(open, state) else { return };
    ui.horizontal_wrapped(|ui| {
        let words = state.tf(Word::TypeFact, &[state.t(Word::LevelDanger), &fact.prompt]);
        let label = ui.label(words);
        let edit = TextEdit::singleline(&mut state.wallet.typed.typing)
            .desired_width(160.0)
            .char_limit(80)
            .margin(egui::Margin::symmetric(10, 8));
        let response = ui.add(edit).labelled_by(label.id);
        if response.changed() && fact.accepts(&state.wallet.typed.typing) {
            let typed = std::mem::take(&mut state.wallet.typed.typing);
            state.wallet.typed.facts.push(typed);
        }
    });
}

fn button(
    ui: &mut Ui,
    open: &TypedDataView,
    snapshot: &Snapshot,
    state: &mut UiState,
) -> Option<WalletCommand> {
    let (review, from) = (&open.review, open.review.from());
    let gesture = review.gesture();
    if gesture == Gesture::Blocked {
        let block = review.findings.iter().find(|one| one.level == Level::Block);
        let why = block.map(|one| one.text.as_str()).unwrap_or_default();
        widgets::quiet(ui, state, &state.tf(Word::BlockedBecause, &[why]));
        return None;
    }
    if snapshot.wallet.running == Some(Running::Signing) {
        ui.label(state.t(Word::SigningNow));
        return None;
    }
    if !snapshot.wallet.unlocked.contains(&from) {
        if widgets::primary(ui, state, state.t(Word::UnlockToSign)).clicked() {
            unlock::open(from, state);
        }
        return None;
    }
    let hold = gesture != Gesture::Click;
    let waits = state.wallet.typed.hold.waits_for_second(state.now_ms);
    let text = state.t(if waits {
        Word::PressAgain
    } else if hold {
        Word::HoldToSign
    } else {
        Word::SignWord
    });
    let spec = SignButton {
        text,
        long: text,
        hold,
        two_press: state.kept.two_press,
        danger: gesture == Gesture::TypeThenHold,
        enabled: missing(open, state).is_none(),
        armed: state.now_ms >= state.wallet.typed.armed_at_ms,
    };
    let palette = state.palette;
    let mut held = state.wallet.typed.hold;
    let (done, _) = sign_button(ui, &mut held, spec, &palette, state.now_ms);
    state.wallet.typed.hold = held;
    let answers = || Answers { held: hold, facts: state.wallet.typed.facts.clone() };
    done.then(|| WalletCommand::SignTypedData { review: review.id(), answers: answers() })
}
