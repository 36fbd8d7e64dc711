//! A transaction of the journal: did it work, is it final, what can still be done.

use alloy::primitives::{B256, U256};
use egui::{RichText, Role, Ui, WidgetInfo, vec2};

use super::send::open_review;
use super::send_form::waits;
use crate::app::signing::{SendOutcome, Signed, State, StatusWord};
use crate::app::{
    BlockQuery, BlockRef, Command, Finality, OfflineFile, Question, Replacement, Running, Snapshot,
    TransactionView, WalletCommand,
};
use crate::gui::badge::{self, Subject};
use crate::gui::fonts::medium;
use crate::gui::format::{self, Round};
use crate::gui::icons::{self, Severity};
use crate::gui::known::Known;
use crate::gui::screen::Screen;
use crate::gui::ui_state::UiState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// Draws it.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    let found = state.wallet.transaction.and_then(|hash| snapshot.wallet.transaction(hash)).cloned();
    let Some(one) = found else {
        widgets::title(ui, state.t(Word::TransactionWord));
        widgets::quiet(ui, state, state.t(Word::NoSuchTransaction));
        if ui.button(state.t(Word::Activity)).clicked() {
            state.screen = Screen::Activity;
        }
        return;
    };
    widgets::title(ui, &one.title);
    widgets::quiet(ui, state, &when(&one, state));
    widgets::card(ui, state, |ui, state| {
        steps(ui, &one, snapshot, state);
        ui.add_space(6.0);
        sentence(ui, &one, snapshot, state);
        blocking(ui, &one, snapshot, state);
        actions(ui, &one, snapshot, state, commands);
    });
    if let Some(reason) = state.wallet.failure.clone() {
        widgets::card(ui, state, |ui, state| widgets::reason(ui, state, &reason));
    }
    widgets::card(ui, state, |ui, state| facts(ui, &one, snapshot, state));
    answers(ui, &one, state);
}

/// When it was signed or sent.
fn when(one: &TransactionView, state: &UiState) -> String {
    let (word, at) = match one.sent_at_ms {
        Some(at) => (Word::SentAt, at),
        None => (Word::SignedAt, one.signed_at_ms),
    };
    let ago = format::age(state.now_ms.saturating_sub(at) / 1_000);
    state.tf(word, &[&format::clock(at), &ago])
}

/// A step of its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Done,
    Running,
    Ahead,
    Failed,
}

/// Signed, sent, in a block, final.
fn way(one: &TransactionView, state: &UiState) -> [(Step, String); 4] {
    let took = one.answers.iter().filter(|(_, answer)| answer.took_it()).count();
    let sent = match one.answers.len() {
        0 => (
            if one.sent_at_ms.is_some() { Step::Done } else { Step::Ahead },
            state.t(Word::StepSent).to_owned(),
        ),
        asked => {
            let words = state.tf(Word::StepSentTo, &[&took.to_string(), &asked.to_string()]);
            (if took > 0 { Step::Done } else { Step::Failed }, words)
        }
    };
    let (block, last) = match &one.state {
        State::Saved => (Step::Ahead, Step::Ahead),
        State::Sent | State::Reorged { .. } => (Step::Running, Step::Ahead),
        State::Included { success, is_final, .. } => (
            if *success { Step::Done } else { Step::Failed },
            if *is_final { Step::Done } else { Step::Running },
        ),
        State::NonceUsed { .. } => (Step::Running, Step::Ahead),
        State::Replaced { is_final, .. } => {
            (Step::Failed, if *is_final { Step::Done } else { Step::Running })
        }
    };
    [
        (Step::Done, state.t(Word::StepSigned).to_owned()),
        sent,
        (block, state.t(Word::StepInBlock).to_owned()),
        (last, state.t(Word::StepFinal).to_owned()),
    ]
}

fn steps(ui: &mut Ui, one: &TransactionView, snapshot: &Snapshot, state: &mut UiState) {
    ui.horizontal_wrapped(|ui| {
        for (at, (step, words)) in way(one, state).into_iter().enumerate() {
            if at > 0 {
                let (rect, _) = ui.allocate_exact_size(vec2(26.0, 22.0), egui::Sense::hover());
                let line = egui::Stroke::new(1.5, state.palette.line);
                ui.painter().hline(rect.x_range(), rect.center().y, line);
            }
            mark(ui, step, state);
            let colour = if step == Step::Ahead { state.palette.text_3 } else { state.palette.text };
            let label = ui.label(RichText::new(&words).color(colour));
            let word = match step {
                Step::Done => Word::StepIsDone,
                Step::Running => Word::StepIsRunning,
                Step::Ahead => Word::StepIsAhead,
                Step::Failed => Word::StepFailed,
            };
            let aloud = format!("{words}: {}", state.t(word));
            label.widget_info(|| WidgetInfo::labeled(Role::Label, true, aloud.clone()));
            if at == 1 && one.sent_at_ms.is_some() {
                let title = state.t(Word::StepSent);
                let subject = Subject { title, value: &words, raw: "", how: Word::HowAccepted, at: None };
                badge::badge(ui, Known::Unverified, &subject, snapshot, state);
            }
        }
    });
}

fn mark(ui: &mut Ui, step: Step, state: &UiState) {
    let (rect, _) = ui.allocate_exact_size(vec2(20.0, 22.0), egui::Sense::hover());
    let (painter, ground) = (ui.painter(), state.palette.card);
    match step {
        Step::Done => icons::severity(painter, Severity::Ok, rect.center(), state.palette.final_, ground),
        Step::Failed => {
            icons::severity(painter, Severity::Danger, rect.center(), state.palette.refuted, ground);
        }
        Step::Running => badge::paint(painter, Known::Checking, rect.center(), state.palette.latest, ground),
        Step::Ahead => {
            let line = egui::Stroke::new(1.7, state.palette.text_3);
            painter.circle_stroke(rect.center(), 6.0, line);
        }
    }
}

/// The exact sentence of its state, with how that is known.
fn sentence(ui: &mut Ui, one: &TransactionView, snapshot: &Snapshot, state: &mut UiState) {
    let known = known_of(one, snapshot, state);
    ui.horizontal_wrapped(|ui| {
        let label = ui.add(egui::Label::new(RichText::new(&one.sentence).size(16.0).family(medium())).wrap());
        ui.ctx().accesskit_node_builder(label.id, |node| {
            node.set_live(egui::accesskit::Live::Polite);
            node.set_author_id("transaction.sentence");
        });
        let title = state.t(Word::TransactionWord);
        let how = how_of(one);
        let subject = Subject { title, value: &one.sentence, raw: "", how, at: None };
        badge::badge(ui, known, &subject, snapshot, state);
    });
    if matches!(one.word, StatusWord::Sent) {
        widgets::quiet(ui, state, state.t(Word::TypicalWait));
    }
}

/// How a state is known.
pub(super) fn known_of(one: &TransactionView, snapshot: &Snapshot, state: &UiState) -> Known {
    let proven = |is_final: bool| {
        let Some(head) = snapshot.head.as_ref().and_then(|head| head.block) else { return Known::Stale(0) };
        let finality = if is_final { Finality::Final } else { Finality::Optimistic };
        Known::proven(BlockRef { finality, ..head }, snapshot, state.now_ms)
    };
    match &one.state {
        State::Saved => Known::Local,
        State::Sent => Known::Unverified,
        State::Included { is_final, .. }
        | State::Replaced { is_final, .. }
        | State::NonceUsed { is_final } => proven(*is_final),
        State::Reorged { .. } => proven(false),
    }
}

fn how_of(one: &TransactionView) -> Word {
    match &one.state {
        State::Saved => Word::HowJournal,
        State::Sent => Word::HowAccepted,
        State::Included { .. } => Word::HowReceipt,
        State::Replaced { .. } => Word::HowNonceUsed,
        State::NonceUsed { .. } => Word::HowNonceOnly,
        State::Reorged { .. } => Word::HowReorged,
    }
}

/// An earlier nonce that must be used first.
fn blocking(ui: &mut Ui, one: &TransactionView, snapshot: &Snapshot, state: &mut UiState) {
    if !waits(one) {
        return;
    }
    let earlier = snapshot
        .wallet
        .history
        .iter()
        .filter(|other| other.from == one.from && other.nonce < one.nonce && waits(other));
    let Some(first) = earlier.min_by_key(|other| other.nonce) else { return };
    ui.horizontal_wrapped(|ui| {
        let nonce = first.nonce.to_string();
        ui.label(RichText::new(state.tf(Word::BlockedBy, &[&nonce])).color(state.palette.unverified));
        if ui.button(state.tf(Word::GoToNonce, &[&nonce])).clicked() {
            state.wallet.transaction = Some(first.hash);
        }
    });
}

fn actions(
    ui: &mut Ui,
    one: &TransactionView,
    snapshot: &Snapshot,
    state: &mut UiState,
    commands: &mut Vec<Command>,
) {
    let waiting = waits(one);
    let sending = matches!(snapshot.wallet.running, Some(Running::Sending(hash)) if hash == one.hash);
    ui.horizontal_wrapped(|ui| {
        if waiting && state.wallet.support.is_none() {
            for (word, kind) in [(Word::SpeedUp, Replacement::SpeedUp), (Word::CancelIt, Replacement::Cancel)]
            {
                if ui.button(state.t(word)).clicked() {
                    replace(one.hash, kind, state, commands);
                }
            }
            let word = if one.sent_at_ms.is_some() { Word::SendAgain } else { Word::SendNow };
            let button = ui.add_enabled(!sending, egui::Button::new(state.t(word)));
            if button.clicked() {
                commands.push(Command::Wallet(WalletCommand::Send(one.hash)));
            }
            if sending {
                widgets::quiet(ui, state, state.t(Word::SendingNow));
            }
        }
        if ui.button(state.t(Word::SaveSigned)).clicked()
            && let Ok(signed) = Signed::decode(&one.raw)
        {
            let (path, text) = (signed_name(one).into(), OfflineFile::of_signed(&signed));
            commands.push(Command::Wallet(WalletCommand::SaveText { path, text }));
        }
        if ui.button(state.t(Word::CopyRawTx)).clicked() {
            let what = state.t(Word::CopyRawTx);
            state.copy(ui, what, one.raw.to_string());
        }
        if ui.button(state.t(Word::Explore)).clicked() {
            state.explorer.question = Some(Question::Transaction(one.hash));
            commands.push(Command::Ask(Question::Transaction(one.hash)));
            state.screen = Screen::Explorer;
        }
        if ui.button(state.t(Word::AllActivity)).clicked() {
            state.screen = Screen::Activity;
        }
    });
    if let Some(path) = state.wallet.saved.as_ref().filter(|path| path.ends_with(&signed_name(one))) {
        ui.label(state.tf(Word::SavedAt, &[path]));
    }
    if snapshot.wallet.as_asked == Some(one.hash) {
        ui.label(RichText::new(state.t(Word::AsAsked)).color(state.palette.final_));
    }
    if waiting {
        widgets::quiet(ui, state, state.t(Word::RaceMeans));
    }
}

/// As `lifeboat-signed-211-9d1e44c0.json`.
fn signed_name(one: &TransactionView) -> String {
    let hash = alloy::primitives::hex::encode(one.hash);
    format!("lifeboat-signed-{}-{}.json", one.nonce, hash.get(..8).unwrap_or_default())
}

/// Orders the review of a replacement.
pub(in crate::gui) fn replace(
    hash: B256,
    kind: Replacement,
    state: &mut UiState,
    commands: &mut Vec<Command>,
) {
    commands.push(Command::Wallet(WalletCommand::ReviewReplacement { hash, kind }));
    open_review(state);
}

fn facts(ui: &mut Ui, one: &TransactionView, snapshot: &Snapshot, state: &mut UiState) {
    widgets::pair(ui, state, state.t(Word::Hash), |ui| hash(ui, one.hash));
    ui.horizontal_wrapped(|ui| {
        if ui.button(state.t(Word::CopyTxHash)).clicked() {
            let what = state.t(Word::Hash);
            state.copy(ui, what, one.hash.to_string());
        }
    });
    widgets::pair(ui, state, state.t(Word::From), |ui| widgets::address(ui, state, one.from, 13.0));
    let Some(tx) = &one.tx else { return };
    if let Some(to) = tx.to() {
        widgets::pair(ui, state, state.t(Word::To), |ui| widgets::address(ui, state, to, 13.0));
    }
    let value = state.amount(format!("{} ETH", format::ether_exact(tx.value())));
    let most = state.amount(format!("{} ETH", format::ether(tx.max_fee(), Round::Up)));
    for (word, text) in [
        (Word::Value, value),
        (Word::Nonce, format::number(tx.nonce())),
        (Word::MaxFeeWord, format!("{most} ({})", format::gwei_exact(U256::from(tx.max_fee_per_gas())))),
    ] {
        widgets::pair(ui, state, state.t(word), |ui| drop(ui.label(text)));
    }
    if let State::Included { block, fee, .. } = &one.state {
        let fee = state.amount(format!("{} ETH", format::ether(*fee, Round::Up)));
        widgets::pair(ui, state, state.t(Word::FeePaid), |ui| drop(ui.label(fee)));
        let mut open = false;
        widgets::pair(ui, state, state.t(Word::BlockWord), |ui| {
            open = ui.link(format::number(block.number)).clicked();
        });
        if open {
            state.explorer.question = Some(Question::Block(BlockQuery::Number(block.number)));
            state.screen = Screen::Explorer;
        }
    }
    widgets::quiet(ui, state, &state.tf(Word::OnlyThisChain, &[&crate::gui::shell::chain(snapshot)]));
}

/// The whole hash: eight digits a group.
fn hash(ui: &mut Ui, hash: B256) {
    let digits: Vec<char> = alloy::primitives::hex::encode(hash).chars().collect();
    let groups: Vec<String> = digits.chunks(8).map(|eight| eight.iter().collect()).collect();
    let text = format!("0x {}", groups.join(" "));
    let label = ui.add(egui::Label::new(RichText::new(text).monospace()).wrap());
    label.widget_info(|| WidgetInfo::labeled(Role::Label, true, hash.to_string()));
}

/// What each endpoint said. None of it is proof.
fn answers(ui: &mut Ui, one: &TransactionView, state: &UiState) {
    if one.answers.is_empty() {
        return;
    }
    let title = state.tf(Word::EndpointsSaid, &[&one.answers.len().to_string()]);
    egui::CollapsingHeader::new(title).id_salt("answers").show(ui, |ui| {
        widgets::quiet(ui, state, state.t(Word::HowAccepted));
        for (who, answer) in &one.answers {
            let words = match answer {
                SendOutcome::Accepted => state.t(Word::SaidAccepted).to_owned(),
                SendOutcome::AlreadyKnown => state.t(Word::SaidKnown).to_owned(),
                SendOutcome::OtherHash { hash } => state.tf(Word::SaidOtherHash, &[&hash.to_string()]),
                SendOutcome::NonceTooLow => state.t(Word::SaidNonceLow).to_owned(),
                SendOutcome::Underpriced => state.t(Word::SaidUnderpriced).to_owned(),
                SendOutcome::InsufficientFunds => state.t(Word::SaidNoFunds).to_owned(),
                SendOutcome::Refused { why } => state.tf(Word::SaidRefused, &[why]),
                SendOutcome::Unreachable { why } => state.tf(Word::SaidNothing, &[why]),
            };
            widgets::pair(ui, state, who, |ui| drop(ui.label(words)));
        }
    });
}
