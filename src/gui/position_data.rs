//! Questions about positions, exits and approvals, and what of their answers is here now.

use std::collections::BTreeSet;
use std::sync::Arc;

use alloy::primitives::Address;

use super::positions_state::{Nameable, ProtocolNames};
use super::screen::Screen;
use super::ui_state::UiState;
use crate::app::signing::State;
use crate::app::{
    Allowance, AllowancesAnswer, Answer, Approvals, ApprovalsQuestion, Command, ExitPlan, Intent,
    JointPositions, Loadable, PositionsAnswer, PositionsQuestion, ProtocolAnswer, ProtocolQuestion, Question,
    Reason, Registry, SafeApprovalsAnswer, SafeFacts, Snapshot, Tag, TransactionView, taken,
};

/// Positions are read again after this long, in milliseconds: a run over all protocols costs many proofs.
const POSITIONS_EVERY_MS: u64 = 30_000;
/// Positions of accounts that are not in front, for alerts.
const WATCH_EVERY_MS: u64 = 180_000;
/// Accounts whose loans are watched.
const MOST_WATCHED: usize = 5;
/// Approvals are read again after this long.
const APPROVALS_EVERY_MS: u64 = 120_000;
/// A plan is made again only by the user: what is being read must not move under their eyes.
const NEVER_MS: u64 = u64::MAX;

/// An answer as it stands: the newest there is, whether another is on its way, and why the last try failed.
#[derive(Debug, Clone)]
pub(super) struct Held {
    /// The newest answer.
    value: Option<Arc<ProtocolAnswer>>,
    /// A newer one is on its way.
    pub loading: bool,
    /// Why the last try failed.
    pub failed: Option<Reason>,
}

impl Held {
    /// What is held of a question's answer.
    pub(super) fn of(question: &Question, snapshot: &Snapshot) -> Self {
        let of = |answer: &Answer| match answer {
            Answer::Protocol(answer) => Some(Arc::clone(answer)),
            _ => None,
        };
        let (value, loading, failed) = match snapshot.answers.get(question) {
            None => (None, false, None),
            Some(Loadable::Ready(answer)) => (of(answer), false, None),
            Some(Loadable::Loading { previous }) => (previous.as_ref().and_then(of), true, None),
            Some(Loadable::Failed { reason, previous }) => {
                (previous.as_ref().and_then(of), false, Some(reason.clone()))
            }
        };
        Self { value, loading, failed }
    }

    /// Positions, where those were asked for.
    pub(super) fn positions(&self) -> Option<&PositionsAnswer> {
        match self.value.as_deref()? {
            ProtocolAnswer::Positions(found) => Some(found),
            _ => None,
        }
    }

    /// A plan, where that was asked for.
    pub(super) fn plan(&self) -> Option<&ExitPlan> {
        match self.value.as_deref()? {
            ProtocolAnswer::ExitPlan(found) => Some(found),
            _ => None,
        }
    }

    /// A Safe, where that was asked for.
    pub(super) fn safe(&self) -> Option<&SafeFacts> {
        match self.value.as_deref()? {
            ProtocolAnswer::Safe(found) => Some(found),
            _ => None,
        }
    }

    /// Allowances, where those were asked for.
    pub(super) fn allowances(&self) -> Option<&AllowancesAnswer> {
        match self.value.as_deref()? {
            ProtocolAnswer::Allowances(found) => Some(found),
            _ => None,
        }
    }

    /// Who approved transactions of a Safe, where that was asked for.
    pub(super) fn safe_approvals(&self) -> Option<&SafeApprovalsAnswer> {
        match self.value.as_deref()? {
            ProtocolAnswer::SafeApprovals(found) => Some(found),
            _ => None,
        }
    }

    /// Approvals, where those were asked for.
    pub(super) fn approvals(&self) -> Option<&Approvals> {
        match self.value.as_deref()? {
            ProtocolAnswer::Approvals(found) => Some(found),
            _ => None,
        }
    }
}

fn of_all(owner: Address, state: &UiState) -> PositionsQuestion {
    PositionsQuestion { own: state.positions.own(), ..PositionsQuestion::all_of(owner) }
}

/// What an account has in every protocol.
pub(super) fn positions_question(owner: Address, state: &UiState) -> Question {
    Question::Protocol(ProtocolQuestion::Positions(of_all(owner, state)))
}

/// The way out that is looked at.
pub(super) fn exit_question(owner: Address, state: &UiState) -> Question {
    let exit = &state.positions.exit;
    let of = PositionsQuestion { only: exit.only.clone(), ..of_all(owner, state) };
    Question::Protocol(ProtocolQuestion::ExitPlan { of, floor: exit.floor_wad() })
}

/// Who controls a Safe.
pub(super) fn safe_question(safe: Address) -> Question {
    Question::Protocol(ProtocolQuestion::Safe(safe, Tag::Latest))
}

/// Who approved the transactions that are in the queue by transactions of their own; `None` where the queue is empty.
pub(super) fn safe_approvals_question(state: &UiState) -> Option<Question> {
    let safe = state.positions.safe.chosen?;
    let hashes: Vec<_> = state.positions.safe.files.iter().map(|file| file.safe_tx_hash).collect();
    let question = ProtocolQuestion::SafeApprovals { safe, hashes, tag: Tag::Latest };
    (!state.positions.safe.files.is_empty()).then_some(Question::Protocol(question))
}

/// What stands already of the rights that calls need; `None` where they need none.
pub(super) fn allowances_question(owner: Address, calls: &[Intent]) -> Option<Question> {
    let pairs: BTreeSet<_> = calls.iter().flat_map(|call| &call.needs).map(Allowance::pair).collect();
    let pairs: Vec<_> = pairs.into_iter().collect();
    (!pairs.is_empty()).then_some(Question::Protocol(ProtocolQuestion::Allowances {
        owner,
        pairs,
        tag: Tag::Latest,
    }))
}

/// Who may take what.
pub(super) fn approvals_question(owner: Address, state: &UiState) -> Question {
    let also = ApprovalsQuestion {
        tokens: state.book.tokens.clone(),
        spenders: state.positions.approvals.spenders.clone(),
        collections: state.positions.approvals.collections.clone(),
        ..ApprovalsQuestion::default()
    };
    Question::Protocol(ProtocolQuestion::Approvals { owner, also, tag: Tag::Latest })
}

/// The questions that are needed now, and how old their answers may be: those of the screen in front first.
fn wanted(state: &UiState) -> Vec<(Question, u64)> {
    let Some(owner) = state.account().map(|account| account.address) else { return Vec::new() };
    let mut wanted = match state.screen {
        // Home shows the worst danger.
        Screen::Home | Screen::Positions => vec![(positions_question(owner, state), POSITIONS_EVERY_MS)],
        Screen::ExitPlan => vec![(exit_question(owner, state), NEVER_MS)],
        Screen::Safe => {
            let safe = state.positions.safe.chosen;
            let safe = safe.map(|safe| (safe_question(safe), POSITIONS_EVERY_MS));
            let approved = safe_approvals_question(state).map(|one| (one, POSITIONS_EVERY_MS));
            safe.into_iter().chain(approved).collect()
        }
        Screen::Approvals => vec![(approvals_question(owner, state), APPROVALS_EVERY_MS)],
        _ => Vec::new(),
    };
    if matches!(state.screen, Screen::Positions | Screen::ExitPlan) {
        // Somebody looks at calls that wait for it.
        wanted.splice(0..0, state.positions.needs.clone().map(|needs| (needs, POSITIONS_EVERY_MS)));
    }
    // Loans are told of whatever is in front.
    let all = state.book.watched.iter().take(MOST_WATCHED);
    wanted.extend(all.map(|one| (positions_question(one.address, state), WATCH_EVERY_MS)));
    wanted
}

/// A transaction of an account came into a block, or its block was left: what was read before is old.
fn landed(snapshot: &Snapshot, state: &mut UiState) {
    let in_block = |one: &&TransactionView| matches!(one.state, State::Included { .. });
    let history = &snapshot.wallet.history;
    let now: BTreeSet<_> = history.iter().filter(in_block).map(|one| (one.from, one.hash)).collect();
    if state.positions.landed.as_ref() == Some(&now) {
        return;
    }
    let Some(before) = state.positions.landed.replace(now.clone()) else { return };
    let who: BTreeSet<Address> = before.symmetric_difference(&now).map(|(from, _)| *from).collect();
    let looked_at = state.screen == Screen::ExitPlan;
    state.positions.asked.retain(|(question, _)| match question {
        Question::Protocol(ProtocolQuestion::Positions(of)) => !who.contains(&of.owner),
        Question::Protocol(
            ProtocolQuestion::Approvals { owner, .. } | ProtocolQuestion::Allowances { owner, .. },
        ) => !who.contains(owner),
        // A plan that is looked at is made again only by the user.
        Question::Protocol(ProtocolQuestion::ExitPlan { of, .. }) => looked_at || !who.contains(&of.owner),
        // A Safe may have been what was called.
        Question::Protocol(ProtocolQuestion::Safe(..) | ProtocolQuestion::SafeApprovals { .. }) => false,
        _ => true,
    });
    state.tokens_asked = None;
}

/// Asks for the first that is old: each is many proofs, and what is in front must not wait for the rest. Only positions
/// that are old together are one question: of several accounts it costs little more than of one.
pub(super) fn refresh(snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    if snapshot.head.is_none() || snapshot.offline {
        return;
    }
    landed(snapshot, state);
    if state.screen != Screen::ExitPlan {
        // Whoever comes back to an old plan means a new one.
        let now_ms = state.now_ms;
        state.positions.asked.retain(|(question, at_ms)| {
            let plan = matches!(question, Question::Protocol(ProtocolQuestion::ExitPlan { .. }));
            !plan || now_ms.saturating_sub(*at_ms) <= POSITIONS_EVERY_MS
        });
    }
    let running =
        |question: &Question| matches!(snapshot.answers.get(question), Some(Loadable::Loading { .. }));
    let mut old = wanted(state);
    if let Some(at) = old.iter().position(|(question, _)| running(question)) {
        old.truncate(at);
    }
    old.retain(|(question, every_ms)| {
        let asked = state.positions.asked.iter().find(|(asked, _)| asked == question);
        asked.is_none_or(|(_, at_ms)| state.now_ms.saturating_sub(*at_ms) > *every_ms)
    });
    let old: Vec<Question> = old.into_iter().map(|(question, _)| question).collect();
    let Some(first) = old.first().cloned() else { return };
    let Some(joint) = JointPositions::of(&old) else { return ask(first, state, commands) };
    for part in joint.parts() {
        asked(part, state);
    }
    commands.push(Command::Ask(joint.question()));
}

/// Asks, and notes when.
pub(super) fn ask(question: Question, state: &mut UiState, commands: &mut Vec<Command>) {
    asked(question.clone(), state);
    commands.push(Command::Ask(question));
}

fn asked(question: Question, state: &mut UiState) {
    let asked = &mut state.positions.asked;
    asked.retain(|(one, _)| *one != question);
    asked.push((question, state.now_ms));
}

fn registry(chain_id: u64, state: &UiState) -> Registry {
    let registry = Registry::of_chain(chain_id);
    match &state.positions.own {
        Some(own) => registry.with(own),
        None => registry,
    }
}

/// What the core keeps of names given by hand. Which of them can be looked up is found once a change.
pub(super) fn take_names(snapshot: &Snapshot, state: &mut UiState) {
    let given = &state.positions.names_given;
    if given.named != snapshot.named {
        let (found, _) = taken(snapshot.network.chain_id, state.positions.own.as_ref(), &snapshot.named);
        let given = &mut state.positions.names_given;
        (given.named, given.taken) = (Arc::clone(&snapshot.named), found);
    }
}

/// The protocols in which something can be named, listed once a network.
pub(super) fn nameable(snapshot: &Snapshot, state: &mut UiState) -> Nameable {
    let chain_id = snapshot.network.chain_id;
    if let Some((of, takes)) = &state.positions.names_given.takes
        && *of == chain_id
    {
        return Arc::clone(takes);
    }
    let takes: Nameable = registry(chain_id, state).nameable().into();
    state.positions.names_given.takes = Some((chain_id, Arc::clone(&takes)));
    takes
}

/// Ids and names of the protocols that are read, listed once a network.
pub(super) fn protocol_names(snapshot: &Snapshot, state: &mut UiState) -> ProtocolNames {
    let chain_id = snapshot.network.chain_id;
    if let Some((of, names)) = &state.positions.names
        && *of == chain_id
    {
        return Arc::clone(names);
    }
    let registry = registry(chain_id, state);
    let names: ProtocolNames = registry.protocols().iter().map(|one| (one.id(), one.name())).collect();
    state.positions.names = Some((chain_id, Arc::clone(&names)));
    names
}
