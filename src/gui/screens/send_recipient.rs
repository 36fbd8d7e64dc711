//! The recipient of Send: the whole address, who it is to the user, and what is proven of it.

use alloy::primitives::Address;
use egui::{Color32, Event, FontFamily, FontId, RichText, Stroke, TextEdit, TextFormat, Ui, text::LayoutJob};

use super::contacts::is_unconfirmed;
use super::send_form::Form;
use super::send_name::{self, Meant};
use crate::app::Snapshot;
use crate::app::signing::State;
use crate::app::signing::review::{LookAlike, imitates};
use crate::gui::badge::{self, Subject};
use crate::gui::banner;
use crate::gui::format::{self, Round};
use crate::gui::icons::{self, Severity};
use crate::gui::paste::{self, Pasted};
use crate::gui::screen::Screen;
use crate::gui::ui_state::UiState;
use crate::gui::wallet_state::CopiedAddress;
use crate::gui::widgets;
use crate::gui::words::Word;

/// What is wrong with a field is said once typing rests this long, in milliseconds.
pub(super) const PAUSE_MS: u64 = 300;
/// A copied address is compared with what is pasted for this long, in milliseconds.
const COPIED_MS: u64 = 600_000;

/// Draws it.
pub(super) fn show(ui: &mut Ui, form: &Form, snapshot: &Snapshot, state: &mut UiState) {
    let label = ui.label(RichText::new(state.t(Word::To)).color(state.palette.text_2));
    let hint = state.t(Word::RecipientHint);
    ui.horizontal_wrapped(|ui| {
        let width = (ui.available_width() - 130.0).clamp(220.0, 480.0);
        let edit = TextEdit::singleline(&mut state.wallet.send.draft.to)
            .hint_text(hint)
            .desired_width(width)
            .margin(egui::Margin::symmetric(10, 8));
        let response = ui.add(edit).labelled_by(label.id);
        if response.changed() {
            let pasted = ui.input(|input| input.events.iter().any(|one| matches!(one, Event::Paste(_))));
            typed(pasted, state);
        }
        pick(ui, snapshot, state);
    });
    if let Some(error) = &state.wallet.send.to_error {
        ui.label(RichText::new(error).color(state.palette.refuted));
    }
    let text = state.wallet.send.draft.to.trim().to_owned();
    let rests = state.now_ms.saturating_sub(state.wallet.send.typed_ms) >= PAUSE_MS;
    send_name::show(ui, &form.meant, snapshot, state);
    match &form.meant {
        Meant::Nobody(why) if rests && !text.is_empty() => {
            ui.label(RichText::new(why).color(state.palette.refuted));
        }
        meant => {
            if let Some(to) = meant.address() {
                block(ui, to, form, snapshot, state);
            }
        }
    }
}

/// Goes to the form with this account as the payer; what is in the form already stays.
pub(super) fn send_from(address: Address, state: &mut UiState) {
    take(state);
    state.wallet.send.draft.from = Some(address);
    state.screen = Screen::Send;
}

/// The draft of an earlier run, before anything is put into it.
fn take(state: &mut UiState) {
    let send = &mut state.wallet.send;
    if !send.taken {
        send.draft = state.book.draft.clone().unwrap_or_default();
        send.taken = true;
    }
}

/// Begins a payment to an address that was pasted elsewhere.
pub(in crate::gui) fn send_to(address: Address, state: &mut UiState) {
    take(state);
    let send = &mut state.wallet.send;
    send.draft.to = address.to_checksum(None);
    (send.typed_ms, send.picked, send.to_error) = (state.now_ms, false, None);
    state.wallet.send.pasted = copied(state);
}

/// The address that was copied here last, while it is worth a comparison.
fn copied(state: &UiState) -> Option<CopiedAddress> {
    let age_ms = |one: &CopiedAddress| state.now_ms.saturating_sub(one.at_ms);
    state.wallet.copied.clone().filter(|one| age_ms(one) < COPIED_MS)
}

/// R22: what was copied here, where another address was pasted after it.
pub(super) fn swapped_for(to: Address, state: &UiState) -> Option<&CopiedAddress> {
    let send = &state.wallet.send;
    send.pasted.as_ref().filter(|one| !send.picked && one.address != to)
}

/// A secret in the field is wiped at once.
fn typed(was_pasted: bool, state: &mut UiState) {
    let copied = copied(state);
    let send = &mut state.wallet.send;
    (send.typed_ms, send.picked, send.to_error) = (state.now_ms, false, None);
    // What is typed by hand was in no clipboard; a blank behind what was pasted changes nothing.
    match (was_pasted, paste::address(&send.draft.to)) {
        (true, _) => send.pasted = copied,
        (false, Err(_)) => send.pasted = None,
        (false, Ok(_)) => {}
    }
    let pasted = paste::read(&state.wallet.send.draft.to, &paste::known(state));
    if matches!(pasted, Pasted::Secret | Pasted::HashOrKey(_)) {
        paste::wipe(&mut state.wallet.send.draft.to);
        state.wallet.send.to_error = Some(state.t(Word::AddressSecret).to_owned());
    }
}

/// Contacts, own accounts, and addresses paid before. Nobody else's: what others sent is how poisoners get in.
fn known(snapshot: &Snapshot, state: &UiState) -> Vec<(String, Address)> {
    let mut all: Vec<(String, Address)> = Vec::new();
    let mut add = |name: String, address: Address| {
        if all.iter().all(|(_, one)| *one != address) {
            all.push((name, address));
        }
    };
    for one in &state.book.contacts {
        add(one.name.clone(), one.address);
    }
    for one in snapshot.wallet.accounts.iter() {
        add(one.name.clone(), one.address);
    }
    for one in &state.book.watched {
        add(super::home::name_of(one, state), one.address);
    }
    for address in paid(snapshot, state) {
        add(state.t(Word::PaidBefore).to_owned(), address);
    }
    all
}

/// Addresses that were paid by accounts of this computer, by proof: not what strangers signed, was cancelled or failed.
fn paid(snapshot: &Snapshot, state: &UiState) -> impl Iterator<Item = Address> {
    let own = |one: &&crate::app::TransactionView| {
        snapshot.wallet.account(one.from).is_some()
            || state.book.watched.iter().any(|watched| watched.address == one.from)
    };
    let done =
        |one: &&crate::app::TransactionView| matches!(one.state, State::Included { success: true, .. });
    snapshot.wallet.history.iter().filter(done).filter(own).filter_map(recipient)
}

/// Whom a transaction of the journal paid.
pub(super) fn recipient(one: &crate::app::TransactionView) -> Option<Address> {
    use crate::app::signing::review::act_of;
    let tx = one.tx.as_ref()?;
    let call = crate::app::decode_calldata(&crate::app::AbiBook::new(), tx.chain_id(), tx.to(), tx.input());
    act_of(tx, one.from, &call).recipient()
}

fn pick(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState) {
    let all = known(snapshot, state);
    let menu = ui.menu_button(state.t(Word::ChooseKnown), |ui| {
        ui.set_min_width(260.0);
        if all.is_empty() {
            widgets::quiet(ui, state, state.t(Word::NobodyKnown));
        }
        egui::ScrollArea::vertical().max_height(280.0).show(ui, |ui| {
            for (name, address) in &all {
                if ui.button(format!("{name}  {}", format::short_address(*address))).clicked() {
                    state.wallet.send.draft.to = address.to_checksum(None);
                    state.wallet.send.picked = true;
                    state.wallet.send.to_error = None;
                    ui.close();
                }
            }
        });
    });
    drop(menu);
}

fn block(ui: &mut Ui, to: Address, form: &Form, snapshot: &Snapshot, state: &mut UiState) {
    ui.add_space(4.0);
    widgets::address(ui, state, to, 16.0);
    let all = known(snapshot, state);
    let account = snapshot.wallet.account(to);
    let own = account.is_some_and(|one| one.kind.can_sign());
    let watched = account.is_some() || state.book.watched.iter().any(|one| one.address == to);
    let saved = state.book.contacts.iter().find(|one| one.address == to).cloned();
    let who = match (&saved, own) {
        (Some(contact), _) if is_unconfirmed(contact, snapshot) => {
            format!("{} {}", state.tf(Word::SavedAs, &[&contact.name]), state.t(Word::UnconfirmedMeans))
        }
        (Some(contact), _) => state.tf(Word::SavedAs, &[&contact.name]),
        (None, true) => state.t(Word::YourOwn).to_owned(),
        (None, false) if watched => state.t(Word::OnlyWatched).to_owned(),
        (None, false) if all.iter().any(|(_, one)| *one == to) => state.t(Word::PaidBeforeLong).to_owned(),
        _ => state.t(Word::NewToYou).to_owned(),
    };
    let mut facts = who;
    if let Some(seen) = form.recipient {
        facts.push(' ');
        facts.push_str(&proven(&seen.facts, state));
    }
    ui.horizontal_wrapped(|ui| {
        let (rect, _) = ui.allocate_exact_size(egui::vec2(20.0, 20.0), egui::Sense::hover());
        let (colour, ground) = (state.palette.latest, state.palette.card);
        icons::severity(ui.painter(), Severity::Info, rect.center(), colour, ground);
        ui.label(facts.clone());
        let title = state.t(Word::RecipientFacts);
        let (known, at) = match form.recipient {
            Some(seen) => (seen.known(snapshot, state.now_ms), Some(seen.at())),
            None => (crate::gui::known::Known::Checking, None),
        };
        let subject = Subject { title, value: &facts, raw: "", how: Word::HowAccount, at };
        badge::badge(ui, known, &subject, snapshot, state);
    });
    if saved.is_none_or(|one| is_unconfirmed(&one, snapshot)) && !own {
        look_alike(ui, to, &all, state);
    }
    swapped(ui, to, state);
}

fn proven(facts: &crate::gui::kept::LastSeen, state: &UiState) -> String {
    let used = match (facts.exists, facts.nonce) {
        (false, _) => state.t(Word::UnusedSoFar).to_owned(),
        (true, nonce) => {
            let balance = state.amount(format::ether(facts.balance, Round::Down));
            state.tf(Word::UsedSoFar, &[&format::number(nonce), &balance])
        }
    };
    let code = if facts.has_code { Word::IsContract } else { Word::NoContractCode };
    format!("{used} {}", state.t(code))
}

/// R03 before Review: both addresses stacked, what differs underlined.
fn look_alike(ui: &mut Ui, to: Address, all: &[(String, Address)], state: &mut UiState) {
    let alike = all.iter().filter_map(|(name, one)| Some((name, *one, imitates(to, *one)?)));
    let Some((name, one, how)) = alike.min_by_key(|(_, _, how)| how.differing) else { return };
    let text = state.tf(Word::Imitates, &[name, &shared(one, how), &how.differing.to_string()]);
    warning(ui, &text, state, |ui, state| {
        compared(ui, state, state.t(Word::ThisOne), to, one);
        compared(ui, state, name, one, to);
    });
}

fn shared(known: Address, how: LookAlike) -> String {
    let text = known.to_checksum(None);
    let digits = text.trim_start_matches("0x");
    let start = digits.get(..how.leading.min(8)).unwrap_or_default();
    let end = digits.get(digits.len().saturating_sub(how.trailing.min(8))..).unwrap_or_default();
    match (how.leading, how.trailing) {
        (0, _) => format!("…{end}"),
        (_, 0) => format!("0x{start}…"),
        _ => format!("0x{start}…{end}"),
    }
}

/// R22 before Review: what was copied here is not what was pasted.
fn swapped(ui: &mut Ui, to: Address, state: &mut UiState) {
    let Some(copied) = swapped_for(to, state).cloned() else { return };
    let secs = (state.now_ms.saturating_sub(copied.at_ms) / 1_000).to_string();
    let text = state.tf(Word::CopiedAnother, &[&copied.name, &secs]);
    warning(ui, &text, state, |ui, state| {
        compared(ui, state, state.t(Word::ThisOne), to, copied.address);
        compared(ui, state, &copied.name, copied.address, to);
    });
}

fn warning(ui: &mut Ui, text: &str, state: &mut UiState, more: impl FnOnce(&mut Ui, &UiState)) {
    let (ground, colour) = banner::colours(Severity::Danger, state);
    egui::Frame::new()
        .fill(ground)
        .stroke(Stroke::new(1.0, colour))
        .corner_radius(6)
        .inner_margin(egui::Margin::same(10))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.horizontal_top(|ui| {
                let (rect, _) = ui.allocate_exact_size(egui::vec2(22.0, 22.0), egui::Sense::hover());
                icons::severity(ui.painter(), Severity::Danger, rect.center(), colour, ground);
                ui.vertical(|ui| {
                    ui.label(text);
                    more(ui, state);
                });
            });
        });
}

/// One of two addresses with the digits underlined that the other has otherwise.
fn compared(ui: &mut Ui, state: &UiState, name: &str, one: Address, other: Address) {
    let (text, against) = (one.to_checksum(None).to_lowercase(), other.to_checksum(None).to_lowercase());
    let font = FontId::new(14.0, FontFamily::Monospace);
    let mut job = LayoutJob::default();
    let plain = |colour: Color32| TextFormat::simple(font.clone(), colour);
    job.append(
        &format!("{name}: "),
        0.0,
        TextFormat::simple(FontId::proportional(14.0), state.palette.text_2),
    );
    for (at, (digit, others)) in text.chars().zip(against.chars()).enumerate() {
        let mut format = plain(state.palette.text);
        if digit != others {
            format.underline = Stroke::new(1.5, state.palette.refuted);
        }
        let gap = if at > 1 && at % 4 == 2 { 5.0 } else { 0.0 };
        job.append(&digit.to_string(), gap, format);
    }
    job.wrap.max_width = ui.available_width();
    job.wrap.break_anywhere = true;
    let label = ui.label(job);
    let aloud = format!("{name}: {}", one.to_checksum(None));
    label.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &aloud));
}
