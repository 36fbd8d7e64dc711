//! From chosen calls to the wallet's Review, one after the other; each can also be copied for another wallet.

use alloy::primitives::Address;
use egui::{RichText, Role, Ui, WidgetInfo};

use super::position_card::line;
use super::send::open_review;
use crate::app::{
    Command, Intent, SendRequest, Snapshot, StandingAllowances, WAITS_OFFLINE_SECS, WAITS_SECS,
    WalletCommand, signing, with_approvals,
};
use crate::gui::fonts::medium;
use crate::gui::format;
use crate::gui::icons::Severity;
use crate::gui::position_data::{self, Held};
use crate::gui::positions_state::Calls;
use crate::gui::screen::Screen;
use crate::gui::ui_state::UiState;
use crate::gui::wallet_state::SignChoice;
use crate::gui::widgets;
use crate::gui::words::Word;

/// The calls as text, one after the other, as any wallet can take them.
fn as_text(owner: Address, intents: &[Intent]) -> String {
    let one = |(at, intent): (usize, &Intent)| {
        format!(
            "{}. {}\nfrom: {owner}\nto: {}\nvalue (wei): {}\ndata: {}\n{}",
            at.saturating_add(1),
            intent.sentence,
            intent.to,
            intent.value,
            intent.calldata,
            intent
                .expires
                .map(|second| format!("works until: {}\n", format::utc(second)))
                .unwrap_or_default()
        )
    };
    intents.iter().enumerate().map(one).collect::<Vec<_>>().join("\n")
}

/// The calls with the exact approvals that they still need before them. `None` while it is not known what stands already;
/// where that cannot be read, as if nothing stood, which is said.
pub(super) fn with_needs(
    ui: &mut Ui,
    owner: Address,
    intents: &[Intent],
    snapshot: &Snapshot,
    state: &mut UiState,
) -> Option<Vec<Intent>> {
    let question = position_data::allowances_question(owner, intents);
    if question.is_some() {
        state.positions.needs.clone_from(&question);
    }
    let Some(question) = question else { return Some(intents.to_vec()) };
    let held = Held::of(&question, snapshot);
    let none = StandingAllowances::new();
    let standing = match (held.allowances(), &held.failed) {
        (Some(found), _) => &found.standing,
        (None, Some(reason)) => {
            line(ui, Severity::Caution, &state.tf(Word::HandNeedsUnread, &[&reason.what]), state);
            &none
        }
        (None, None) => {
            widgets::quiet(ui, state, state.t(Word::HandNeedsReading));
            return None;
        }
    };
    let of = |token, spender| standing.get(&(token, spender)).copied().unwrap_or_default();
    Some(intents.iter().flat_map(|intent| with_approvals(intent.clone(), of)).collect())
}

fn named(ui: &mut Ui, words: &str, about: &str) -> bool {
    let button = ui.button(words);
    let label = format!("{words}: {about}");
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, label.clone()));
    button.clicked()
}

/// The second until which a call that is given away now works, where it has a deadline: long enough for its way.
fn until(snapshot: &Snapshot, state: &UiState, offline: bool) -> u64 {
    let head = snapshot.head.and_then(|head| head.block).map(|block| block.timestamp);
    let waits = if offline { WAITS_OFFLINE_SECS } else { WAITS_SECS };
    head.unwrap_or(state.now_ms / 1_000).saturating_add(waits)
}

/// The way on from calls that are ready.
pub(super) fn show(
    ui: &mut Ui,
    (owner, title): (Address, &str),
    intents: &[Intent],
    snapshot: &Snapshot,
    state: &mut UiState,
) {
    if intents.is_empty() {
        return;
    }
    let signs = snapshot.wallet.account(owner).is_some_and(|one| one.kind.can_sign());
    let calls =
        |offline| Calls { owner, title: title.to_owned(), left: intents.to_vec(), offline, begun: false };
    ui.horizontal_wrapped(|ui| {
        if state.wallet.support.is_some() {
        } else if signs {
            let words = state.t(Word::HandReview);
            let review = widgets::primary(ui, state, words);
            let label = format!("{words}: {title}");
            review.widget_info(|| WidgetInfo::labeled(Role::Button, true, label.clone()));
            if review.clicked() {
                state.positions.handed = Some(calls(false));
            }
        } else {
            if named(ui, state.t(Word::CreateOfflineFile), title) {
                state.positions.handed = Some(calls(true));
            }
            if named(ui, state.t(Word::AddWayToSign), title) {
                state.screen = Screen::Accounts;
            }
        }
        let words = match intents.len() {
            1 => state.t(Word::HandCopy).to_owned(),
            many => state.tf(Word::HandCopyCalls, &[&many.to_string()]),
        };
        if named(ui, &words, title) {
            let until = until(snapshot, state, !signs);
            let intents: Vec<Intent> = intents.iter().map(|intent| intent.renewed(until)).collect();
            state.copy(ui, title, as_text(owner, &intents));
        }
    });
    if !signs {
        widgets::quiet(ui, state, state.t(Word::HandWatchOnly));
    }
    if intents.iter().any(|intent| intent.expires.is_some()) {
        let word = if signs { Word::HandDeadline } else { Word::HandDeadlineOffline };
        widgets::quiet(ui, state, state.t(word));
    }
}

/// Gives the first of the calls that were handed over to the wallet. It stays until it is signed: a review that is left is
/// not the end of the way.
pub(super) fn deliver(snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    let until = [false, true].map(|offline| until(snapshot, state, offline));
    let Some(calls) = state.positions.handed.as_mut().filter(|calls| !calls.begun) else { return };
    let Some(intent) = calls.left.first().cloned() else {
        state.positions.handed = None;
        return;
    };
    calls.begun = true;
    let (owner, offline) = (calls.owner, calls.offline);
    let [here, carried] = until;
    // It may have been made long ago: a step of a plan waits for those before it.
    let intent = intent.renewed(if offline { carried } else { here });
    let wanted = signing::Intent::Call { to: Some(intent.to), value: intent.value, data: intent.calldata };
    let mut request = SendRequest::new(owner, wanted);
    request.noted.words = Some(intent.sentence.trim_end_matches('.').to_owned());
    request.noted.own = state.positions.own();
    request.noted.changed = intent.changed;
    commands.push(Command::Wallet(WalletCommand::Review(Box::new(request))));
    open_review(state);
    if offline {
        state.wallet.review.choice = SignChoice::OfflineFile;
    }
}

/// What is still to be signed of calls that were handed over together.
pub(super) fn rest(ui: &mut Ui, state: &mut UiState) {
    let Some(calls) = state.positions.handed.clone().filter(|calls| calls.begun) else { return };
    let Some(next) = calls.left.first() else { return };
    widgets::card(ui, state, |ui, state| {
        let words = state.tf(Word::HandNext, &[&calls.title, &calls.left.len().to_string()]);
        ui.label(RichText::new(words).family(medium()));
        ui.add(egui::Label::new(&next.sentence).wrap());
        widgets::quiet(ui, state, state.t(Word::HandNextMeans));
        ui.horizontal_wrapped(|ui| {
            if widgets::primary(ui, state, state.t(Word::HandReviewNext)).clicked()
                && let Some(calls) = &mut state.positions.handed
            {
                calls.begun = false;
            }
            if ui.button(state.t(Word::HandStop)).clicked() {
                state.positions.handed = None;
            }
        });
    });
}
