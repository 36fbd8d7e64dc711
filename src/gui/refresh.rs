//! What the window asks by itself: its accounts, at each new head.

use alloy::primitives::Address;

use super::ui_state::UiState;
use crate::app::{Answer, Command, Loadable, Question, Snapshot, Tag};

/// The question that brings all watched accounts in one round trip.
pub(super) fn accounts_question(state: &UiState) -> Option<Question> {
    let who: Vec<Address> = state.book.watched.iter().map(|one| one.address).collect();
    (!who.is_empty()).then_some(Question::Accounts(who, Tag::Latest))
}

/// Takes proven accounts from the snapshot, and asks again where the head moved.
pub(super) fn refresh(snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    let Some(question) = accounts_question(state) else { return };
    let held = snapshot.answers.get(&question);
    if let Some(
        Loadable::Ready(Answer::Accounts(accounts))
        | Loadable::Loading { previous: Some(Answer::Accounts(accounts)) }
        | Loadable::Failed { previous: Some(Answer::Accounts(accounts)), .. },
    ) = held
    {
        for account in accounts {
            let newer = state
                .seen
                .get(&account.value().address)
                .is_none_or(|old| old.at().number <= account.at().number);
            if newer {
                state.seen.insert(account.value().address, account.clone());
            }
        }
    }
    let head = snapshot.head.as_ref().map_or(0, |head| head.proven.slot());
    let wanted = (head, state.book.watched.len());
    let running = matches!(held, Some(Loadable::Loading { .. }));
    if state.asked_at != Some(wanted) && !(running && state.asked_at.is_some()) {
        state.asked_at = Some(wanted);
        commands.push(Command::Ask(question));
    }
}
