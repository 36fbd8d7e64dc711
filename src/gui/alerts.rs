//! What is told while the window runs: loans that near liquidation, endpoints down to one, a start that grows old.

use std::collections::BTreeSet;

use alloy::primitives::U256;

use super::banner_causes::{Act, Banner};
use super::format;
use super::health_gauge;
use super::icons::Severity;
use super::position_data::{self, Held};
use super::switcher;
use super::trust_bar;
use super::ui_state::UiState;
use super::words::Word;
use crate::app::{
    Danger, EndpointKind, EndpointReport, Position, Snapshot, Standing, SyncView, WAD,
    weak_subjectivity_bound_epochs,
};

/// A start this old, in percent of the bound, is told of.
const OLD_PERCENT: u64 = 60;

fn banner(severity: Severity, title: String, line: String, acts: Vec<Act>) -> Banner {
    Banner { severity, title, lines: vec![line], acts }
}

/// All that is wrong now and worth a banner.
pub(super) fn banners(snapshot: &Snapshot, state: &UiState) -> Vec<Banner> {
    let mut found = loans(snapshot, state);
    if !snapshot.offline {
        let kinds = [EndpointKind::Beacon, EndpointKind::Execution];
        found.extend(kinds.into_iter().filter_map(|kind| diversity(kind, snapshot, state)));
        found.extend(old_start(snapshot, state));
    }
    found
}

/// What is good to know and stands for long: only Messages lists it.
pub(super) fn standing(snapshot: &Snapshot, state: &UiState) -> Vec<Banner> {
    last_fork(snapshot, state).into_iter().collect()
}

/// Loans below the user's line, of every account whose positions were read.
fn loans(snapshot: &Snapshot, state: &UiState) -> Vec<Banner> {
    let line = state.kept.health_line();
    let mut found: Vec<(Danger, Banner)> = Vec::new();
    for (at, account) in state.book.watched.iter().enumerate() {
        let held = Held::of(&position_data::positions_question(account.address, state), snapshot);
        let Some(answer) = held.positions() else { continue };
        for (name, position) in answer.positions() {
            let owner = switcher::title(account);
            let told = loan(&owner, (name, position), (line, at), state);
            found.extend(told.map(|banner| (position.danger(), banner)));
        }
        // A loan whose lender is silent is watched no more: its alert must not just go away.
        let unread: Vec<&str> = answer.unread_lenders().collect();
        if !unread.is_empty() {
            let names = state.tf(Word::DangerUnread, &[&some_of(&unread)]);
            let title = format!("{} · {names}", switcher::title(account));
            let means = state.t(Word::AlertUnreadMeans).to_owned();
            let acts = vec![Act::OpenPositions(at)];
            found.push((Danger::Unknown, banner(Severity::Caution, title, means, acts)));
        }
    }
    found.sort_by_key(|(danger, _)| std::cmp::Reverse(*danger));
    found.into_iter().map(|(_, banner)| banner).collect()
}

/// The first three, and how many more.
fn some_of(names: &[&str]) -> String {
    let shown = names.iter().take(3).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(3) {
        0 => shown,
        more => format!("{shown} +{more}"),
    }
}

fn loan(
    owner: &str,
    (name, position): (&str, &Position),
    (line, at): (u16, usize),
    state: &UiState,
) -> Option<Banner> {
    if position.danger() == Danger::Unknown {
        let title = state.tf(Word::AlertUnknown, &[&format!("{owner} · {name}")]);
        let line = state.t(Word::AlertUnknownMeans).to_owned();
        return Some(banner(Severity::Caution, title, line, vec![Act::OpenExit(at, name.to_owned())]));
    }
    let factor = position.health.as_ref()?.factor?;
    if factor >= WAD / U256::from(100) * U256::from(line) {
        return None;
    }
    let liquidatable = position.danger() == Danger::Liquidatable;
    let values = [
        format!("{owner} · {name}"),
        health_gauge::text(factor),
        format!("{}.{:02}", line / 100, line % 100),
    ];
    let title = state.tf(Word::AlertHealth, &values.each_ref().map(String::as_str));
    let word = if liquidatable { Word::AlertHealthNow } else { Word::AlertHealthMeans };
    let severity = health_gauge::severity(position.danger()).max(Severity::Caution);
    let acts = vec![Act::OpenExit(at, name.to_owned())];
    Some(banner(severity, title, state.t(word).to_owned(), acts))
}

/// Of several endpoints of a kind one is left, or one company carries all that answer.
fn diversity(kind: EndpointKind, snapshot: &Snapshot, state: &UiState) -> Option<Banner> {
    let all: Vec<&EndpointReport> =
        snapshot.endpoints.iter().filter(|one| one.on && one.kind == kind).collect();
    let well: Vec<&&EndpointReport> = all.iter().filter(|one| one.standing == Standing::Healthy).collect();
    let untried = all.iter().any(|one| one.standing == Standing::Untried);
    if all.len() < 2 || untried {
        return None;
    }
    let means = state.t(Word::AlertDiversityMeans).to_owned();
    let acts = vec![Act::AddEndpoint, Act::OpenNetwork];
    if let [one] = well.as_slice() {
        let title = state.tf(Word::AlertOneEndpoint, &[kind.name(), &one.id.to_string()]);
        return Some(banner(Severity::Caution, title, means, acts));
    }
    let carriers: BTreeSet<Option<&str>> =
        well.iter().map(|one| one.carrier.as_ref().map(|carrier| carrier.0.as_str())).collect();
    match carriers.into_iter().collect::<Vec<_>>().as_slice() {
        [Some(carrier)] if well.len() > 1 => {
            let title = state.tf(Word::AlertDiversity, &[kind.name(), carrier]);
            Some(banner(Severity::Caution, title, means, acts))
        }
        _ => None,
    }
}

/// The start nears the age at which it is refused. Once the head is followed, the start moves on with it.
fn old_start(snapshot: &Snapshot, state: &UiState) -> Option<Banner> {
    if snapshot.sync == SyncView::Following || snapshot.checkpoint?.accepted_although_old {
        return None;
    }
    let age = trust_bar::checkpoint_age_secs(snapshot, state.now_ms)?;
    let spec = &snapshot.network;
    let now = spec.epoch_at(spec.slot_at(state.now_ms));
    let epochs = weak_subjectivity_bound_epochs(spec, now);
    let slots = epochs.saturating_mul(spec.slots_per_epoch);
    let bound = slots.saturating_mul(spec.slot_duration_ms) / 1_000;
    if age.saturating_mul(100) < bound.saturating_mul(OLD_PERCENT) || age > bound {
        return None;
    }
    let title = state.tf(Word::AlertCheckpoint, &[&format::age(age), &format::age(bound)]);
    let line = state.t(Word::AlertCheckpointMeans).to_owned();
    Some(banner(Severity::Caution, title, line, vec![Act::OpenNetwork]))
}

/// No later change of rules is known: some day this version will not follow.
fn last_fork(snapshot: &Snapshot, state: &UiState) -> Option<Banner> {
    if state.practice.is_some() {
        return None; // it ends with the program
    }
    let spec = &snapshot.network;
    let now = spec.epoch_at(spec.slot_at(state.now_ms));
    let ahead = spec.forks.forks.iter().any(|fork| fork.epoch.is_some_and(|epoch| epoch > now));
    if ahead {
        return None;
    }
    let title = state.tf(Word::AlertFork, &[spec.forks.fork_at(now).name()]);
    Some(banner(Severity::Info, title, state.t(Word::AlertForkMeans).to_owned(), Vec::new()))
}
