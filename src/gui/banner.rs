//! The banner zone: what is wrong now, the most serious first, for as long as its cause lasts.

use egui::{Frame, Margin, RichText, Role, Stroke, Ui, WidgetInfo, vec2};

use super::fonts::medium;
use super::format;
use super::icons::{self, Severity};
use super::known::{STALE_SECS, final_age_secs, head_age_secs};
use super::shell;
use super::screen::Screen;
use super::ui_state::UiState;
use super::words::Word;
use crate::app::{Command, Reason, Snapshot, Standing, SyncView};

/// Older than this, and the newest final block says that the chain does not finalize.
const NOT_FINALIZING_SECS: u64 = 7_200;

/// One thing that is wrong now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Banner {
    /// How serious.
    pub severity: Severity,
    /// What happened.
    pub title: String,
    /// What it means and what to do.
    pub lines: Vec<String>,
}

/// Everything that is wrong now, the most serious first.
pub(super) fn banners(snapshot: &Snapshot, state: &UiState) -> Vec<Banner> {
    let mut found = Vec::new();
    let age = head_age_secs(snapshot, state.now_ms);
    if let Some(down) = all_down(snapshot, age, state) {
        found.push(down);
    } else {
        match &snapshot.sync {
            SyncView::NeedsCheckpoint(reason) => found.push(told(Severity::Danger, reason, state)),
            SyncView::Failed(reason) => found.push(told(Severity::Caution, reason, state)),
            _ => {}
        }
        if let Some(reason) = &snapshot.no_reads
            && !matches!(snapshot.sync, SyncView::NeedsCheckpoint(_) | SyncView::Failed(_))
        {
            found.push(told(Severity::Caution, reason, state));
        }
        if let Some(age) = age.filter(|age| *age > STALE_SECS) {
            let title = state.tf(Word::BannerStale, &[&format::age(age)]);
            found.push(Banner { severity: Severity::Caution, title, lines: Vec::new() });
        }
    }
    if let Some(age) = final_age_secs(snapshot, state.now_ms).filter(|age| *age > NOT_FINALIZING_SECS) {
        let title = state.tf(Word::NotFinalizing, &[&format::age(age)]);
        found.push(Banner { severity: Severity::Caution, title, lines: Vec::new() });
    }
    if let Some(head) = &snapshot.head
        && head.proven.participants().saturating_mul(5) < head.proven.committee_size().saturating_mul(4)
    {
        let (signed, of) = (head.proven.participants().to_string(), head.proven.committee_size().to_string());
        let title = state.tf(Word::LowSigned, &[&signed, &of]);
        found.push(Banner { severity: Severity::Caution, title, lines: Vec::new() });
    }
    if let Some(notice) = snapshot.notices.last() {
        found.push(Banner { severity: Severity::Info, title: notice.text.clone(), lines: Vec::new() });
    }
    found.sort_by_key(|banner| std::cmp::Reverse(banner.severity));
    found
}

/// No endpoint gives a usable answer.
fn all_down(snapshot: &Snapshot, age: Option<u64>, state: &UiState) -> Option<Banner> {
    let down = |standing: &Standing| matches!(standing, Standing::Failing { .. });
    let usable = |one: &&crate::app::EndpointReport| {
        !matches!(one.standing, Standing::Quarantined { .. } | Standing::WrongNetwork { .. })
    };
    let left: Vec<_> = snapshot.endpoints.iter().filter(usable).collect();
    if left.is_empty() || !left.iter().all(|one| down(&one.standing)) {
        return None;
    }
    let title = match age {
        Some(age) => state.tf(Word::NoEndpointSince, &[&format::age(age)]),
        None => state.t(Word::NoEndpointNever).to_owned(),
    };
    let lines = vec![state.t(Word::NotFundsMove).to_owned()];
    Some(Banner { severity: Severity::Danger, title, lines })
}

fn told(severity: Severity, reason: &Reason, state: &UiState) -> Banner {
    let lines =
        vec![state.tf(Word::ItMeans, &[&reason.means]), state.tf(Word::ToDo, &[&next_here(reason, state)])];
    Banner { severity, title: reason.what.clone(), lines }
}

/// What to do, in the window's terms: the core's words name the command line.
pub(super) fn next_here(reason: &Reason, state: &UiState) -> String {
    if reason.next.contains("--") || reason.next.contains('`') || reason.next.contains("three ways") {
        return state.t(Word::SeeNetwork).to_owned();
    }
    reason.next.clone()
}

/// Draws the most serious banner, and how many more there are.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    let all = banners(snapshot, state);
    let Some(banner) = all.first() else { return };
    if state.screen == Screen::Messages {
        return;
    }
    let palette = state.palette;
    let (fill, colour) = colours(banner.severity, state);
    let frame = Frame::new()
        .fill(fill)
        .stroke(Stroke::new(1.0, colour))
        .corner_radius(8)
        .inner_margin(Margin::symmetric(12, 8));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_top(|ui| {
            let (rect, _) = ui.allocate_exact_size(vec2(22.0, 22.0), egui::Sense::hover());
            icons::severity(ui.painter(), banner.severity, rect.center(), colour, fill);
            ui.vertical(|ui| {
                ui.label(RichText::new(&banner.title).color(palette.text).family(medium()));
                if state.folded {
                    return;
                }
                banner
                    .lines
                    .iter()
                    .for_each(|line| drop(ui.label(RichText::new(line).color(palette.text_2))));
                actions(ui, banner, all.len().saturating_sub(1), state, commands);
            });
        });
    });
    ui.add_space(10.0);
}

fn actions(ui: &mut Ui, banner: &Banner, more: usize, state: &mut UiState, commands: &mut Vec<Command>) {
    ui.horizontal_wrapped(|ui| {
        if banner.severity >= Severity::Caution {
            if ui.button(state.t(Word::TryAgain)).clicked() {
                commands.push(Command::ProbeEndpoints);
                shell::again(state, commands);
            }
            if state.screen != Screen::Network && ui.button(state.t(Word::GoNetwork)).clicked() {
                state.screen = Screen::Network;
            }
        }
        let words = if more > 0 {
            state.tf(Word::More, &[&more.to_string()])
        } else {
            state.t(Word::Messages).to_owned()
        };
        let link = ui.link(words.clone());
        link.widget_info(|| {
            WidgetInfo::labeled(Role::Link, true, format!("{words}. {}", state.t(Word::Messages)))
        });
        if link.clicked() {
            state.screen = Screen::Messages;
        }
    });
}

/// Ground and line of a severity.
pub(super) fn colours(severity: Severity, state: &UiState) -> (egui::Color32, egui::Color32) {
    let palette = &state.palette;
    match severity {
        Severity::Ok => (palette.card, palette.final_),
        Severity::Info => (palette.info, palette.latest),
        Severity::Caution => (palette.caution, palette.unverified),
        Severity::Danger => (palette.danger, palette.refuted),
    }
}
