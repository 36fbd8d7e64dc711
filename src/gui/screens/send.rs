//! Send: move ether or a token, with the recipient impossible to overlook.

use egui::{RichText, TextEdit, Ui};

use super::send_form::{Blocked, Form, ask};
use super::{send_bring, send_fee, send_recipient};
use crate::app::{Command, Snapshot, WalletCommand};
use crate::gui::badge::{self, Subject};
use crate::gui::format::{self, Round};
use crate::gui::known::Known;
use crate::gui::screen::Screen;
use crate::gui::ui_state::UiState;
use crate::gui::wallet_state::{ReviewState, SendAsset, SendState, SignChoice};
use crate::gui::widgets;
use crate::gui::words::Word;

/// Below this width there is one column.
const TWO_COLUMNS: f32 = 700.0;

/// Draws it.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    take_draft(snapshot, state);
    ask(snapshot, state, commands);
    widgets::title(ui, state.t(Word::Send));
    let form = Form::read(snapshot, state);
    widgets::card(ui, state, |ui, state| from(ui, &form, snapshot, state));
    widgets::card(ui, state, |ui, state| send_recipient::show(ui, &form, snapshot, state));
    beside(ui, state, |ui, state, second| {
        widgets::card(ui, state, |ui, state| {
            if second {
                send_fee::show(ui, &form, snapshot, state);
            } else {
                amount(ui, &form, snapshot, state);
            }
        });
    });
    send_bring::show(ui, state, commands);
    if let Some(reason) = state.wallet.failure.clone() {
        widgets::card(ui, state, |ui, state| widgets::reason(ui, state, &reason));
    }
    if ui.input_mut(|input| input.consume_key(egui::Modifiers::COMMAND, egui::Key::Enter)) {
        review(&form, snapshot, state, commands);
    }
    keep_draft(state);
}

/// Two parts side by side where there is room, else one below the other.
fn beside(ui: &mut Ui, state: &mut UiState, mut part: impl FnMut(&mut Ui, &mut UiState, bool)) {
    let room = ui.available_width();
    if room < TWO_COLUMNS || state.kept.calm {
        part(ui, state, false);
        part(ui, state, true);
        return;
    }
    let half = (room - 10.0) / 2.0;
    ui.horizontal_top(|ui| {
        for second in [false, true] {
            ui.vertical(|ui| {
                ui.set_width(half);
                part(ui, state, second);
            });
        }
    });
}

/// The draft of an earlier run, once.
fn take_draft(snapshot: &Snapshot, state: &mut UiState) {
    if !state.wallet.send.taken {
        state.wallet.send.taken = true;
        state.wallet.send.draft = state.book.draft.clone().unwrap_or_default();
    }
    if state.wallet.send.draft.from.is_none() {
        let shown = state.account().map(|one| one.address);
        let first = snapshot.wallet.accounts.iter().find(|one| one.kind.can_sign()).map(|one| one.address);
        let own = shown.filter(|one| snapshot.wallet.account(*one).is_some_and(|one| one.kind.can_sign()));
        state.wallet.send.draft.from = own.or(first).or(shown);
    }
}

/// What was typed survives a restart; there is no secret in it.
fn keep_draft(state: &mut UiState) {
    let draft = &state.wallet.send.draft;
    let empty = draft.to.is_empty() && draft.amount.is_empty() && !draft.max;
    let kept = (!empty).then(|| draft.clone());
    if state.book.draft != kept {
        state.book.draft = kept;
    }
}

/// Every account there is to send from: those that can sign, then those that are watched.
pub(super) fn payers(snapshot: &Snapshot, state: &UiState) -> Vec<(alloy::primitives::Address, String)> {
    let mut all: Vec<_> =
        snapshot.wallet.accounts.iter().map(|one| (one.address, one.name.clone())).collect();
    for one in &state.book.watched {
        if all.iter().all(|(address, _)| *address != one.address) {
            all.push((one.address, super::home::name_of(one, state)));
        }
    }
    all
}

fn from(ui: &mut Ui, form: &Form, snapshot: &Snapshot, state: &mut UiState) {
    let all = payers(snapshot, state);
    let title = |address| {
        let name = all.iter().find(|(one, _)| *one == address).map(|(_, name)| name.as_str());
        format!("{} · {}", name.unwrap_or("—"), format::short_address(address))
    };
    let label = ui.label(RichText::new(state.t(Word::From)).color(state.palette.text_2));
    let chosen = form.from.map_or_else(|| state.t(Word::ChooseFrom).to_owned(), title);
    let width = ui.available_width().min(420.0);
    let combo =
        egui::ComboBox::from_id_salt("send.from").width(width).selected_text(chosen).show_ui(ui, |ui| {
            for (address, _) in &all {
                ui.selectable_value(&mut state.wallet.send.draft.from, Some(*address), title(*address));
            }
        });
    combo.response.labelled_by(label.id);
    let Some(from) = form.from else { return };
    widgets::address(ui, state, from, 12.5);
    balance(ui, form, snapshot, state);
}

/// What the payer has of the asset chosen.
fn balance(ui: &mut Ui, form: &Form, snapshot: &Snapshot, state: &mut UiState) {
    let asset = state.wallet.send.draft.asset;
    let symbol = form.symbol(asset);
    let title = state.tf(Word::BalanceOf, &[&symbol]).replace("ETH", &symbol);
    ui.horizontal_wrapped(|ui| match (asset, form.payer, form.token(asset)) {
        (SendAsset::Ether, Some(seen), _) => {
            let text = format!("{} ETH", format::ether(seen.facts.balance, Round::Down));
            ui.label(state.amount(text.clone()));
            let raw = format!("{} wei", seen.facts.balance);
            let known = seen.known(snapshot, state.now_ms);
            let at = Some(seen.at());
            let subject = Subject { title: &title, value: &text, raw: &raw, how: Word::HowAccount, at };
            badge::badge(ui, known, &subject, snapshot, state);
        }
        (SendAsset::Token(_), _, Some(token)) => {
            let shown = format::amount(token.balance, token.decimals, token.decimals.min(6), Round::Down);
            let text = format!("{shown} {symbol}");
            ui.label(state.amount(text.clone()));
            let (raw, at) = (token.balance.to_string(), Some(token.at));
            let subject = Subject { title: &title, value: &text, raw: &raw, how: Word::HowCall, at };
            badge::badge(ui, token.known, &subject, snapshot, state);
        }
        _ => {
            widgets::skeleton(ui, state, 120.0);
            let subject = Subject { title: &title, value: "—", raw: "", how: Word::HowAccount, at: None };
            badge::badge(ui, Known::Checking, &subject, snapshot, state);
        }
    });
}

fn amount(ui: &mut Ui, form: &Form, snapshot: &Snapshot, state: &mut UiState) {
    let asset = state.wallet.send.draft.asset;
    let before = asset;
    ui.horizontal_wrapped(|ui| {
        let label = ui.label(RichText::new(state.t(Word::AssetWord)).color(state.palette.text_2));
        let combo = egui::ComboBox::from_id_salt("send.asset").width(150.0).selected_text(form.symbol(asset));
        let combo = combo.show_ui(ui, |ui| {
            let draft = &mut state.wallet.send.draft;
            ui.selectable_value(&mut draft.asset, SendAsset::Ether, "ETH");
            for token in &form.tokens {
                ui.selectable_value(&mut draft.asset, SendAsset::Token(token.address), &token.symbol);
            }
        });
        combo.response.labelled_by(label.id);
    });
    if state.wallet.send.draft.asset != before {
        state.wallet.send.draft.max = false;
    }
    let label = ui.label(RichText::new(state.t(Word::AmountWord)).color(state.palette.text_2));
    ui.horizontal_wrapped(|ui| {
        let symbol = form.symbol(asset);
        let max = state.wallet.send.draft.max;
        let hint = if max { state.t(Word::MaxAll) } else { "0.0" };
        let edit = TextEdit::singleline(&mut state.wallet.send.draft.amount)
            .hint_text(hint)
            .char_limit(crate::gui::wallet_state::LONGEST_AMOUNT)
            .desired_width(200.0)
            .margin(egui::Margin::symmetric(10, 8));
        let response = ui.add(edit).labelled_by(label.id);
        if response.changed() {
            state.wallet.send.draft.max = false;
            state.wallet.send.typed_ms = state.now_ms;
        }
        ui.label(symbol);
        if widgets::choice(ui, max, state.t(Word::Max)).clicked() {
            let draft = &mut state.wallet.send.draft;
            draft.max = !max;
            draft.amount.clear();
        }
    });
    below_amount(ui, form, snapshot, state);
}

/// What the amount means: what is wrong with it, what is left, what Max does.
fn below_amount(ui: &mut Ui, form: &Form, snapshot: &Snapshot, state: &mut UiState) {
    let asset = state.wallet.send.draft.asset;
    let typed = !state.wallet.send.draft.amount.is_empty();
    let rests = state.now_ms.saturating_sub(state.wallet.send.typed_ms) >= super::send_recipient::PAUSE_MS;
    if typed
        && rests
        && let Some(text) = form.amount_trouble(state)
    {
        ui.label(RichText::new(text).color(state.palette.refuted));
    }
    if state.wallet.send.draft.max {
        let text = match (asset, form.most_fee(state)) {
            (SendAsset::Ether, Some(fee)) => {
                let kept = fee.saturating_add(fee / alloy::primitives::U256::from(5));
                state.tf(Word::MaxLeavesFee, &[&format::ether(kept, Round::Up)])
            }
            (SendAsset::Ether, None) => state.t(Word::MaxLeavesSome).to_owned(),
            _ => state.t(Word::MaxOfToken).to_owned(),
        };
        widgets::quiet(ui, state, &text);
    }
    let Some(left) = form.left(asset, state) else { return };
    let (decimals, symbol) = (form.decimals(asset).unwrap_or(18), form.symbol(asset));
    let text = format!("{} {symbol}", format::amount(left, decimals, decimals.min(6), Round::Down));
    let (known, at) = match (form.token(asset), form.payer) {
        (Some(token), _) => (token.known, Some(token.at)),
        (None, Some(seen)) => (seen.known(snapshot, state.now_ms), Some(seen.at())),
        _ => (Known::Checking, None),
    };
    ui.horizontal_wrapped(|ui| {
        let title = state.t(Word::AfterWord);
        ui.label(
            RichText::new(format!("{title} {}", state.amount(text.clone()))).color(state.palette.text_2),
        );
        let subject = Subject { title, value: &text, raw: "", how: Word::HowAfter, at };
        badge::badge(ui, known, &subject, snapshot, state);
    });
}

/// The action bar: Clear on the left, Review on the right with why not.
pub(super) fn bar(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    let form = Form::read(snapshot, state);
    let blocked = form.blocked(snapshot, state);
    ui.horizontal_centered(|ui| {
        if ui.button(state.t(Word::ClearWord)).clicked() {
            state.wallet.send = SendState { taken: true, ..SendState::default() };
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let ready = blocked.is_none();
            let button =
                ui.add_enabled_ui(ready, |ui| widgets::primary(ui, state, state.t(Word::ReviewWord))).inner;
            if button.clicked() {
                review(&form, snapshot, state, commands);
            }
            match &blocked {
                Some(Blocked::Because(why)) => {
                    ui.add(egui::Label::new(RichText::new(why).color(state.palette.text_2)).wrap());
                }
                Some(Blocked::WatchOnly) => watch_only(ui, &form, state, commands),
                None => {}
            }
        });
    });
}

/// Watch-only accounts: the way out stands beside the reason.
fn watch_only(ui: &mut Ui, form: &Form, state: &mut UiState, commands: &mut Vec<Command>) {
    if ui.button(state.t(Word::CreateOfflineFile)).clicked() {
        start(form, state, commands);
        state.wallet.review.choice = SignChoice::OfflineFile;
    }
    if ui.button(state.t(Word::AddWayToSign)).clicked() {
        state.screen = Screen::Accounts;
    }
    ui.add(
        egui::Label::new(RichText::new(state.t(Word::WatchOnlyAccount)).color(state.palette.text_2)).wrap(),
    );
}

fn review(form: &Form, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    if form.blocked(snapshot, state).is_none() {
        start(form, state, commands);
    }
}

fn start(form: &Form, state: &mut UiState, commands: &mut Vec<Command>) {
    let Some(request) = form.request(state) else { return };
    commands.push(Command::Wallet(WalletCommand::Review(Box::new(request))));
    open_review(state);
}

/// Goes to Review, which waits for the reading that was ordered.
pub(super) fn open_review(state: &mut UiState) {
    let fresh = ReviewState { asked_ms: state.now_ms, fresh: true, focused: true, ..ReviewState::default() };
    state.wallet.review = fresh;
    state.wallet.failure = None;
    state.screen = Screen::Review;
}
