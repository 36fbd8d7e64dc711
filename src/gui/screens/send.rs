//! Send: ether or a token, with the recipient impossible to overlook.

use alloy::primitives::Address;
use egui::{RichText, TextEdit, Ui};

use super::home;
use crate::app::{AccountView, Payment, Snapshot, Speed, WalletOrder};
use crate::gui::badge::{self, Subject};
use crate::gui::format::{self, Round};
use crate::gui::paste::{self, Pasted};
use crate::gui::screen::Screen;
use crate::gui::switcher;
use crate::gui::ui_state::{ReviewState, SendState, UiState};
use crate::gui::widgets;
use crate::gui::words::Word;

/// The account that pays: the one shown, if the wallet can sign for it.
fn payer(state: &UiState) -> Option<&AccountView> {
    let shown = state.account()?.address;
    state.wallet.accounts.iter().find(|one| one.address == shown && one.kind.can_sign())
}

/// Draws it.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState) {
    widgets::title(ui, state.t(Word::Send));
    from(ui, snapshot, state);
    widgets::card(ui, state, |ui, state| {
        let (label, hint, colour) = (state.t(Word::SendTo), state.t(Word::SendToHint), state.palette.refuted);
        let response = widgets::field(ui, label, hint, &mut state.send.to, colour);
        if response.changed() {
            let pasted = paste::read(&state.send.to.text, &paste::known(state));
            if matches!(pasted, Pasted::Secret | Pasted::HashOrKey(_)) {
                paste::wipe(&mut state.send.to.text);
                state.send.to.error = Some(state.t(Word::AddressSecret).to_owned());
            }
        }
        if let Some(to) = recipient(state) {
            widgets::address(ui, state, to, 14.0);
            let name = state.name_of(to).map(str::to_owned);
            match name {
                Some(name) => widgets::quiet(ui, state, &state.tf(Word::SavedAs, &[&name])),
                None => {
                    drop(ui.label(RichText::new(state.t(Word::NotSaved)).color(state.palette.unverified)))
                }
            }
        } else if !state.send.to.text.trim().is_empty()
            && let Err(error) = paste::address(&state.send.to.text)
        {
            ui.label(RichText::new(error.words(state)).color(state.palette.refuted));
        }
    });
    widgets::card(ui, state, |ui, state| {
        let (label, hint, colour) = (state.t(Word::AmountWord), "1.5", state.palette.refuted);
        widgets::field(ui, label, hint, &mut state.send.amount, colour);
        ui.horizontal_wrapped(|ui| {
            if ui.button(state.t(Word::Max)).clicked() {
                state.send.amount.text = "max".to_owned();
            }
            widgets::quiet(ui, state, state.t(Word::MaxMeans));
        });
        let label = ui.label(state.t(Word::TokenLabel));
        let edit = TextEdit::singleline(&mut state.send.token).hint_text("ETH").desired_width(240.0);
        ui.add(edit.margin(egui::Margin::symmetric(10, 8))).labelled_by(label.id);
        ui.horizontal_wrapped(|ui| {
            ui.label(state.t(Word::FeeSpeed));
            for (speed, word) in [
                (Speed::Slow, Word::SpeedSlow),
                (Speed::Usual, Word::SpeedUsual),
                (Speed::Fast, Word::SpeedFast),
            ] {
                let text = state.t(word);
                ui.radio_value(&mut state.send.speed, speed, text);
            }
        });
        widgets::quiet(ui, state, state.t(Word::FeeMeans));
    });
}

/// Who pays, and what there is.
fn from(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState) {
    let Some(account) = state.account().cloned() else {
        widgets::quiet(ui, state, state.t(Word::NoAccounts));
        return;
    };
    let can_sign = payer(state).map(|one| one.kind.name());
    widgets::card(ui, state, |ui, state| {
        let name = switcher::title(&account);
        ui.horizontal_wrapped(|ui| {
            ui.label(RichText::new(state.t(Word::From)).color(state.palette.text_2));
            widgets::section(ui, &name);
            ui.label(RichText::new(can_sign.unwrap_or(state.t(Word::WatchOnly))).small());
        });
        widgets::address(ui, state, account.address, 13.0);
        let seen = state.newest(account.address);
        let known = home::known_of(seen.as_ref(), snapshot, state);
        if let Some(seen) = seen {
            let exact = format!("{} ETH", format::ether_exact(seen.facts.balance));
            let shown = state.amount(format!("{} ETH", format::ether(seen.facts.balance, Round::Down)));
            ui.horizontal_wrapped(|ui| {
                ui.label(shown);
                let (title, at) = (state.tf(Word::BalanceOf, &[&name]), Some(seen.at()));
                let subject = Subject { title: &title, value: &exact, raw: "", how: Word::HowAccount, at };
                badge::badge(ui, known, &subject, snapshot, state);
            });
        }
        signers(ui, state);
    });
}

/// The accounts that can sign and are not watched: one click away, as on a practice network.
fn signers(ui: &mut Ui, state: &mut UiState) {
    if payer(state).is_some() {
        return;
    }
    let found: Vec<(Address, String)> = state
        .wallet
        .accounts
        .iter()
        .filter(|one| one.kind.can_sign())
        .take(3)
        .map(|one| (one.address, one.name.clone()))
        .collect();
    if found.is_empty() {
        widgets::quiet(ui, state, state.t(Word::AddSigner));
        return;
    }
    ui.horizontal_wrapped(|ui| {
        widgets::quiet(ui, state, state.t(Word::CanSignWith));
        for (address, name) in found {
            if ui.button(&name).clicked() {
                state.watch(address, &name, true);
            }
        }
    });
}

fn recipient(state: &UiState) -> Option<Address> {
    paste::address(&state.send.to.text).ok()
}

/// Why a review cannot be made yet.
fn missing(snapshot: &Snapshot, state: &UiState) -> Option<Word> {
    if state.account().is_none() {
        Some(Word::NoAccounts)
    } else if payer(state).is_none() {
        Some(Word::WatchOnlySend)
    } else if recipient(state).is_none() {
        Some(Word::NeedsRecipient)
    } else if state.send.amount.text.trim().is_empty() {
        Some(Word::NeedsAmount)
    } else if snapshot.head.is_none() {
        Some(Word::NeedsHead)
    } else {
        None
    }
}

/// The bar below it: clear far left, review far right, with the reason where it is off.
pub(super) fn actions(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState) {
    let missing = missing(snapshot, state);
    ui.horizontal_centered(|ui| {
        if ui.button(state.t(Word::Clear)).clicked() {
            state.send = SendState::default();
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let text = RichText::new(state.t(Word::ReviewIt)).color(state.palette.on_accent);
            let button = egui::Button::new(text).fill(state.palette.accent);
            let enter = ui.input_mut(|input| input.consume_key(egui::Modifiers::COMMAND, egui::Key::Enter));
            let pressed = ui.add_enabled(missing.is_none(), button).clicked() || enter;
            if let Some(missing) = missing {
                ui.add(
                    egui::Label::new(RichText::new(state.t(missing)).color(state.palette.text_2)).truncate(),
                );
            } else if pressed {
                review(state);
            }
        });
    });
}

fn review(state: &mut UiState) {
    let (Some(from), Some(to)) = (payer(state).map(|one| one.address), recipient(state)) else { return };
    let token = state.send.token.trim().to_owned();
    let payment = Payment {
        from,
        to,
        typed: state.send.to.text.trim().to_owned(),
        token: Some(token).filter(|token| !token.is_empty() && !token.eq_ignore_ascii_case("eth")),
        amount: state.send.amount.text.trim().to_owned(),
        speed: state.send.speed,
    };
    state.review = ReviewState::default();
    state.wallet_orders.push(WalletOrder::Prepare(payment));
    state.screen = Screen::Review;
}
