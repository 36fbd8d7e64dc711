//! What the window says by itself: what the wallet must know of it, and at each new head the question for its accounts.

use alloy::primitives::Address;

use super::banner_causes::is_refuted;
use super::kept::LastSeen;
use super::screen::Screen;
use super::ui_state::UiState;
use super::worth;
use crate::app::{
    Answer, Command, ContractQuestion, Loadable, Question, Snapshot, Standing, SyncView, Tag, TokenChoice,
    TokensQuestion,
};

/// The question that brings all watched accounts in one round trip.
pub(super) fn accounts_question(state: &UiState) -> Option<Question> {
    let who: Vec<Address> = state.book.watched.iter().map(|one| one.address).collect();
    (!who.is_empty()).then_some(Question::Accounts(who, Tag::Latest))
}

/// Tokens are read again after this long, in milliseconds: a run over all of them costs many proofs.
const TOKENS_EVERY_MS: u64 = 60_000;

/// After this long where the last answer failed and reads work again: after an outage nobody should wait for a minute.
const AFTER_FAILURE_MS: u64 = 5_000;

/// How old an answer may become, in milliseconds.
fn good_for(held: Option<&Loadable<Answer>>, snapshot: &Snapshot) -> u64 {
    let failed = matches!(held, Some(Loadable::Failed { .. }));
    if failed && snapshot.no_reads.is_none() { AFTER_FAILURE_MS } else { TOKENS_EVERY_MS }
}

/// The question that brings the tokens of one account.
pub(super) fn tokens_question(owner: Address, state: &UiState) -> Question {
    Question::Contract(ContractQuestion::Tokens(TokensQuestion {
        owners: vec![owner],
        tokens: TokenChoice::Common,
        also: state.book.tokens.clone(),
        tag: Tag::Latest,
    }))
}

/// Asks for the tokens of the account shown, where the last answer is old.
fn refresh_tokens(snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    let shown = (state.screen == Screen::Home && snapshot.head.is_some()).then(|| state.account()).flatten();
    let Some(owner) = shown.map(|account| account.address) else { return };
    let question = tokens_question(owner, state);
    let held = snapshot.answers.get(&question);
    let running = matches!(held, Some(Loadable::Loading { .. }));
    let old = state.tokens_asked.as_ref().is_none_or(|(asked, at_ms)| {
        *asked != question || state.now_ms.saturating_sub(*at_ms) > good_for(held, snapshot)
    });
    if old && !running {
        state.tokens_asked = Some((question.clone(), state.now_ms));
        commands.push(Command::Ask(question));
    }
}

/// Asks for the prices of what is shown, once its tokens are known.
fn refresh_prices(snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    let shown = (state.screen == Screen::Home && snapshot.head.is_some()).then(|| state.account()).flatten();
    let Some(question) = shown.and_then(|account| worth::question(account.address, snapshot, state)) else {
        return;
    };
    let held = snapshot.answers.get(&question);
    let running = matches!(held, Some(Loadable::Loading { .. }));
    let old = state.prices_asked.as_ref().is_none_or(|(asked, at_ms)| {
        *asked != question || state.now_ms.saturating_sub(*at_ms) > good_for(held, snapshot)
    });
    if old && !running {
        state.prices_asked = Some((question.clone(), state.now_ms));
        commands.push(Command::Ask(question));
    }
}

/// Once the first value is proven: "2 of 6 endpoints" would else say that four are ill, and who answers should be known
/// before it is needed.
fn meet_endpoints(snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    let all = snapshot.endpoints.len();
    let untried = snapshot.endpoints.iter().any(|one| one.on && one.standing == Standing::Untried);
    if untried && snapshot.sync == SyncView::Following && state.met_endpoints != all {
        state.met_endpoints = all;
        commands.push(Command::MeetEndpoints);
    }
}

/// Something where no endpoint could prove the watched accounts.
pub(super) fn refuted(snapshot: &Snapshot, state: &UiState) -> Option<()> {
    let question = accounts_question(state)?;
    is_refuted(snapshot.answers.get(&question)).then_some(())
}

/// Takes proven accounts from the snapshot, and asks again where the head moved.
pub fn refresh(snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    super::wallet_news::tell(state, commands);
    super::position_data::take_names(snapshot, state);
    if snapshot.offline {
        return;
    }
    meet_endpoints(snapshot, state, commands);
    refresh_tokens(snapshot, state, commands);
    refresh_prices(snapshot, state, commands);
    super::screens::refresh_base_fees(snapshot, state, commands);
    super::position_data::refresh(snapshot, state, commands);
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
                let watched = state.book.watched.iter_mut();
                for one in watched.filter(|one| one.address == account.value().address) {
                    one.last = Some(LastSeen::of(account));
                }
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
