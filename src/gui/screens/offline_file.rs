//! The offline file of a review: as text, as a file, and as QR codes for a signer without a cable (ERC-4527).

use std::path::PathBuf;

use egui::{RichText, TextEdit, Ui};

use crate::app::signing::{QrSigner, sign_request};
use crate::app::{Command, ReviewView, WalletCommand};
use crate::gui::qr_code;
use crate::gui::ui_state::UiState;
use crate::gui::wallet_state::FramesState;
use crate::gui::widgets;
use crate::gui::words::Word;

/// How long each code is shown, in milliseconds: cameras of phones read several a second.
const FRAME_MS: u64 = 400;
/// Side of a code, in points.
const SIDE: f32 = 300.0;

/// Draws it where the file was made.
pub(super) fn show(ui: &mut Ui, open: &ReviewView, state: &mut UiState, commands: &mut Vec<Command>) {
    let Some(text) = state.wallet.review.file.clone() else { return };
    widgets::card(ui, state, |ui, state| {
        widgets::section(ui, state.t(Word::OfflineFileTitle));
        widgets::quiet(ui, state, state.t(Word::OfflineFileMeans));
        egui::ScrollArea::vertical().id_salt("offline file").max_height(90.0).show(ui, |ui| {
            ui.add(egui::Label::new(RichText::new(&text).monospace()).wrap());
        });
        ui.horizontal_wrapped(|ui| {
            if ui.button(state.t(Word::CopyOfflineFile)).clicked() {
                let what = state.t(Word::OfflineFileTitle);
                state.copy(ui, what, text.clone());
            }
            if ui.button(state.t(Word::SaveFile)).clicked() {
                let path = PathBuf::from(name(open));
                commands.push(Command::Wallet(WalletCommand::SaveText { path, text: text.clone() }));
            }
            match &state.wallet.saved {
                Some(path) if path.ends_with(&name(open)) => ui.label(state.tf(Word::SavedAt, &[path])),
                _ => ui.label(RichText::new(name(open)).color(state.palette.text_3)),
            };
        });
        ui.separator();
        codes(ui, open, state);
    });
}

/// As `lifeboat-unsigned-211-4be177c0.json`.
fn name(open: &ReviewView) -> String {
    let review = &open.prepared.review;
    let hash = alloy::primitives::hex::encode(review.id().0);
    format!("lifeboat-unsigned-{}-{}.json", review.tx.nonce(), hash.get(..8).unwrap_or_default())
}

/// The same for a signer that reads codes.
fn codes(ui: &mut Ui, open: &ReviewView, state: &mut UiState) {
    widgets::quiet(ui, state, state.t(Word::QrMeans));
    ui.horizontal_wrapped(|ui| {
        let label = ui.label(state.t(Word::QrPath));
        let edit = TextEdit::singleline(&mut state.wallet.review.frames.path)
            .hint_text(FramesState::USUAL_PATH)
            .desired_width(170.0)
            .margin(egui::Margin::symmetric(10, 8));
        ui.add(edit).labelled_by(label.id);
        let label = ui.label(state.t(Word::QrFingerprint));
        let edit = TextEdit::singleline(&mut state.wallet.review.frames.fingerprint)
            .char_limit(10)
            .desired_width(90.0)
            .margin(egui::Margin::symmetric(10, 8));
        ui.add(edit).labelled_by(label.id);
        if ui.button(state.t(Word::QrShow)).clicked() {
            make(open, state);
        }
    });
    if let Some(error) = &state.wallet.review.frames.error {
        ui.label(RichText::new(error).color(state.palette.refuted));
    }
    frames(ui, state);
}

/// Makes the codes, or says why not.
fn make(open: &ReviewView, state: &mut UiState) {
    let bad_path = state.t(Word::QrBadPath).to_owned();
    let bad_fingerprint = state.t(Word::QrBadFingerprint).to_owned();
    let own = &mut state.wallet.review.frames;
    own.codes.clear();
    own.error = None;
    let typed = own.path.trim();
    let path = if typed.is_empty() { FramesState::USUAL_PATH } else { typed };
    let digits = own.fingerprint.trim().trim_start_matches("0x");
    let fingerprint = if digits.is_empty() { Ok(0) } else { u32::from_str_radix(digits, 16) };
    let (Ok(path), Ok(fingerprint)) = (path.parse(), fingerprint) else {
        own.error = Some(if path.parse::<crate::app::signing::keys::DerivationPath>().is_err() {
            bad_path
        } else {
            bad_fingerprint
        });
        return;
    };
    let review = &open.prepared.review;
    match sign_request(&review.tx, review.from(), &QrSigner { path, fingerprint }) {
        Ok(codes) => {
            own.codes = codes;
            own.at = 0;
            own.paused = state.kept.reduce_motion;
            own.since_ms = state.now_ms;
        }
        Err(error) => own.error = Some(error.to_string()),
    }
}

/// One code after the other, by itself or by hand.
fn frames(ui: &mut Ui, state: &mut UiState) {
    let count = state.wallet.review.frames.codes.len();
    if count == 0 {
        return;
    }
    let now_ms = state.now_ms;
    let own = &mut state.wallet.review.frames;
    if !own.paused && count > 1 {
        let steps = now_ms.saturating_sub(own.since_ms) / FRAME_MS;
        own.since_ms = own.since_ms.saturating_add(steps.saturating_mul(FRAME_MS));
        own.at = own.at.saturating_add(usize::try_from(steps).unwrap_or_default()) % count;
        ui.ctx().request_repaint_after(std::time::Duration::from_millis(FRAME_MS));
    }
    let at = own.at.min(count.saturating_sub(1));
    // Upper case is smaller in a code, and means the same in a UR.
    let text = own.codes.get(at).map(|code| code.to_ascii_uppercase()).unwrap_or_default();
    let part = state.tf(Word::QrPart, &[&at.saturating_add(1).to_string(), &count.to_string()]);
    let side = ui.available_width().min(SIDE);
    qr_code::show(ui, &text, side, &part);
    ui.label(&part);
    ui.horizontal_wrapped(|ui| {
        let paused = state.wallet.review.frames.paused;
        if count > 1 {
            let word = if paused { Word::QrGoOn } else { Word::QrPause };
            if ui.button(state.t(word)).clicked() {
                state.wallet.review.frames.paused = !paused;
                state.wallet.review.frames.since_ms = now_ms;
            }
            if ui.button(state.t(Word::QrNext)).clicked() {
                state.wallet.review.frames.paused = true;
                state.wallet.review.frames.at = at.saturating_add(1) % count;
            }
        }
        if ui.button(state.t(Word::QrCopy)).clicked() {
            let (what, all) = (state.t(Word::QrCopy), state.wallet.review.frames.codes.join("\n"));
            state.copy(ui, what, all);
        }
    });
}
