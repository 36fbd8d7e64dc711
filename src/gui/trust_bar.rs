//! The bar at the bottom of every screen: can what is shown be trusted now?

use alloy::primitives::U256;
use egui::{Color32, Role, Sense, Stroke, Ui, WidgetInfo, vec2};

use super::badge;
use super::format;
use super::known::{Known, LIVE_SECS, STALE_SECS, final_age_secs, head_age_secs};
use super::screen::Screen;
use super::shell;
use super::ui_state::UiState;
use super::words::Word;
use crate::app::{Snapshot, Standing, SyncView};

/// The first segment: how the newest head is known, and its words.
pub(super) fn state_of(snapshot: &Snapshot, state: &UiState) -> (Known, String) {
    let words = |word: Word| state.t(word).to_owned();
    if snapshot.offline {
        return (Known::Local, words(Word::OfflineByChoice));
    }
    if let Some(age) = head_age_secs(snapshot, state.now_ms) {
        let since = state.now_ms.saturating_sub(age.saturating_mul(1_000));
        return match age {
            _ if matches!(snapshot.sync, SyncView::NeedsCheckpoint(_)) => {
                (Known::Unverified, words(Word::NeedsDecision))
            }
            _ if age > STALE_SECS => {
                (Known::Stale(age), state.tf(Word::StaleSince, &[&format::clock(since)]))
            }
            _ if age > LIVE_SECS => (Known::Latest, state.tf(Word::SlowHead, &[&format::age(age)])),
            _ if snapshot.no_reads.is_some() => (Known::Unverified, words(Word::NoReads)),
            _ => (Known::Latest, words(Word::Verified)),
        };
    }
    match &snapshot.sync {
        SyncView::CatchingUp(at) => {
            let (done, target) = (at.done.to_string(), at.target.to_string());
            (Known::Checking, state.tf(Word::Syncing, &[&done, &target]))
        }
        SyncView::NeedsCheckpoint(_) => (Known::Unverified, words(Word::NeedsDecision)),
        SyncView::Failed(_) => (Known::Unverified, words(Word::NoAnswer)),
        SyncView::Starting | SyncView::Following => (Known::Checking, words(Word::SyncingStart)),
    }
}

/// Endpoints whose last answer was usable, and all that are asked.
pub(super) fn healthy(snapshot: &Snapshot) -> (usize, usize) {
    let asked = snapshot.endpoints.iter().filter(|one| one.on);
    let healthy = asked.clone().filter(|one| one.standing == Standing::Healthy).count();
    (healthy, asked.count())
}

/// Age of the checkpoint in seconds.
pub(super) fn checkpoint_age_secs(snapshot: &Snapshot, now_ms: u64) -> Option<u64> {
    let slot = snapshot.checkpoint.and_then(|checkpoint| checkpoint.slot)?;
    Some(now_ms.saturating_sub(snapshot.network.slot_start_ms(slot)) / 1_000)
}

/// The segments in order: how the first is known, and each one's words.
pub(super) fn segments(snapshot: &Snapshot, state: &UiState) -> Vec<(Option<Known>, String)> {
    let (known, words) = state_of(snapshot, state);
    let mut segments = vec![(Some(known), words)];
    let mut add = |text: String| segments.push((None, text));
    if let (Some(head), Some(age)) = (&snapshot.head, head_age_secs(snapshot, state.now_ms)) {
        let slot = format::number(head.proven.slot());
        add(state.tf(Word::SlotAgo, &[&slot, &about(age, snapshot, state)]));
    }
    if let Some(age) = final_age_secs(snapshot, state.now_ms) {
        add(state.tf(Word::FinalBehind, &[&format::age(age)]));
    }
    // A head that comes from the checkpoint itself has no signature of its own.
    if let Some(head) = snapshot.head.as_ref().filter(|head| head.proven.participants() > 0) {
        let (signed, of) = (head.proven.participants(), head.proven.committee_size());
        let low = signed.saturating_mul(5) < of.saturating_mul(4);
        let word = if low { Word::SignedLow } else { Word::Signed };
        add(state.tf(word, &[&signed.to_string(), &of.to_string()]));
    }
    let (well, all) = healthy(snapshot);
    add(state.tf(Word::EndpointsHealthy, &[&well.to_string(), &all.to_string()]));
    if let Some(age) = checkpoint_age_secs(snapshot, state.now_ms) {
        let old = snapshot.checkpoint.is_some_and(|checkpoint| checkpoint.accepted_although_old);
        let word = if old { Word::CheckpointOld } else { Word::CheckpointAge };
        add(state.tf(word, &[&format::age(age)]));
    }
    add(shell::chain(snapshot));
    if let Some(fee) = snapshot.head.and_then(|head| head.base_fee) {
        add(state.tf(Word::BaseFeeBar, &[&format::gwei(U256::from(fee))]));
    }
    segments
}

/// An age, marked where this computer's clock is known to be wrong.
pub(super) fn about(secs: u64, snapshot: &Snapshot, state: &UiState) -> String {
    let age = format::age(secs);
    if state.network.about && super::banner::skew_secs(snapshot).is_some() {
        return state.tf(Word::AboutAge, &[&age]);
    }
    age
}

/// The bar. Segments that do not fit drop from the right, the first three never.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState) {
    let segments = segments(snapshot, state);
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        for (at, (known, text)) in segments.into_iter().enumerate() {
            if segment(ui, at, known, &text, state).is_none() {
                break;
            }
        }
    });
}

/// Draws one segment; `None` where it does not fit and may drop.
fn segment(ui: &mut Ui, at: usize, known: Option<Known>, text: &str, state: &mut UiState) -> Option<()> {
    let palette = state.palette;
    let colour = known.map_or(palette.text_2, |known| badge::colour(known, state));
    let font = egui::TextStyle::Small.resolve(ui.style());
    let galley = ui.painter().layout_no_wrap(text.to_owned(), font, colour);
    let shape = if known.is_some() { 20.0 } else { 0.0 };
    let size = vec2(galley.size().x + shape + 20.0, 28.0);
    if at > 2 && size.x > ui.available_width() {
        return None;
    }
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let edge = if response.hovered() || response.has_focus() { palette.accent } else { Color32::TRANSPARENT };
    ui.painter().rect_stroke(rect, 4.0, Stroke::new(2.0, edge), egui::StrokeKind::Inside);
    if at > 0 {
        let x = rect.left();
        ui.painter().vline(x, rect.shrink(7.0).y_range(), Stroke::new(1.0, palette.line));
    }
    if let Some(known) = known {
        badge::paint(
            ui.painter(),
            known,
            egui::pos2(rect.left() + 16.0, rect.center().y),
            colour,
            palette.card,
        );
    }
    let place = egui::pos2(rect.left() + 10.0 + shape, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(place, galley, colour);
    let label = state.tf(Word::OpensNetwork, &[text]);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, label.clone()));
    if at == 0 {
        // Read aloud by itself, and only when its words change.
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_live(egui::accesskit::Live::Polite);
            node.set_author_id("trust_bar.state");
        });
    }
    if response.clicked() {
        state.screen = Screen::Network;
    }
    Some(())
}
