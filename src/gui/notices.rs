//! What the desktop is told while the window is in the background: alerts, and what became of own transactions.

use std::collections::HashMap;

use alloy::primitives::B256;

use super::alerts;
use super::screens::status_word;
use super::ui_state::UiState;
use super::words::Word;
use crate::app::signing::StatusWord;
use crate::app::{Snapshot, TransactionView};

/// What was told is told again only after it was gone for this long, in milliseconds: a factor that trembles around its
/// line is one piece of news.
const GONE_MS: u64 = 600_000;

/// One thing to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What happened.
    pub title: String,
    /// What it means.
    pub line: String,
}

/// What the desktop knows already.
#[derive(Debug, Clone, Default)]
pub(super) struct Told {
    /// Alerts, and when each was last there.
    alerts: HashMap<String, u64>,
    /// Where each transaction stood; `None` until the journal was seen once.
    transactions: Option<HashMap<B256, StatusWord>>,
}

/// What is new since the last call. While the window has the keyboard its own banners tell it, and nothing is said twice.
pub fn fresh(snapshot: &Snapshot, state: &mut UiState, focused: bool) -> Vec<Notice> {
    let mut told = std::mem::take(&mut state.told_desktop);
    let mut found = new_alerts(snapshot, state, &mut told);
    found.extend(moved_transactions(snapshot, state, &mut told));
    state.told_desktop = told;
    if focused || state.kept.no_notices { Vec::new() } else { found }
}

fn new_alerts(snapshot: &Snapshot, state: &UiState, told: &mut Told) -> Vec<Notice> {
    let now = state.now_ms;
    told.alerts.retain(|_, last| now.saturating_sub(*last) < GONE_MS);
    let mut found = Vec::new();
    for banner in alerts::banners(snapshot, state) {
        let line = banner.lines.join(" ");
        // The figures of one alert move with every head; which alert it is, of which account and place, does not.
        let words: String = banner.title.chars().filter(|c| !c.is_ascii_digit()).collect();
        let key = format!("{words}\n{line}\n{:?}", banner.acts);
        if told.alerts.insert(key, now).is_none() {
            found.push(Notice { title: banner.title, line });
        }
    }
    found
}

fn moved_transactions(snapshot: &Snapshot, state: &UiState, told: &mut Told) -> Vec<Notice> {
    let history = &snapshot.wallet.history;
    let now: HashMap<B256, StatusWord> = history.iter().map(|one| (one.hash, one.word)).collect();
    let Some(before) = told.transactions.replace(now) else { return Vec::new() };
    let worth = |word: StatusWord| {
        matches!(
            word,
            StatusWord::Included
                | StatusWord::Final
                | StatusWord::Reverted
                | StatusWord::Replaced
                | StatusWord::NonceUsed
                | StatusWord::Reorged
        )
    };
    // Only what was seen standing otherwise: the journal may come after the window, and is no news as a whole.
    let moved_on = |one: &&TransactionView| before.get(&one.hash).is_some_and(|was| *was != one.word);
    let moved = history.iter().filter(|one| worth(one.word)).filter(moved_on);
    // Newest first in the journal; told in the order in which they were signed.
    let mut found: Vec<Notice> = moved
        .map(|one| {
            if state.kept.hide_amounts {
                let title = state.tf(Word::NoticeHidden, &[&one.nonce.to_string()]);
                return Notice { title, line: state.t(status_word(one.word)).to_owned() };
            }
            Notice { title: one.title.clone(), line: one.sentence.clone() }
        })
        .collect();
    found.reverse();
    found
}
