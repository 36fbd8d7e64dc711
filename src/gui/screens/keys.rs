//! The key part of Accounts: what can sign, where each key is, and how one is added.

use egui::{RichText, Ui};

use super::accounts::named;
use super::{keys_device, keys_forms, keys_remove, send_recipient, unlock};
use crate::app::{AccountKind, AccountView, Command, DeviceKind, Snapshot, WalletCommand};
use crate::gui::format;
use crate::gui::screen::Screen;
use crate::gui::ui_state::UiState;
use crate::gui::wallet_state::{KeyForm, KeysState};
use crate::gui::widgets;
use crate::gui::words::Word;

/// Draws it. In support view there is nothing to draw.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    if state.wallet.support.is_some() {
        return;
    }
    widgets::card(ui, state, |ui, state| {
        let keys = snapshot.wallet.accounts.iter().filter(|one| one.kind.can_sign());
        let keys: Vec<AccountView> = keys.cloned().collect();
        summary(ui, &keys, snapshot, state, commands);
        for one in &keys {
            account(ui, one, snapshot, state);
        }
        for (path, why) in snapshot.wallet.damaged.iter() {
            ui.label(RichText::new(why).color(state.palette.refuted));
            widgets::quiet(ui, state, &path.display().to_string());
        }
        if let Some(trouble) = &snapshot.wallet.trouble {
            widgets::reason(ui, state, &trouble.clone());
        }
        if let Some(error) =
            state.wallet.keys.error.clone().filter(|_| state.wallet.keys.form == KeyForm::Closed)
        {
            ui.label(RichText::new(error).color(state.palette.refuted));
        }
        if let Some(done) = state.wallet.keys.done.clone() {
            ui.label(RichText::new(done).color(state.palette.final_));
        }
    });
    widgets::card(ui, state, |ui, state| match state.wallet.keys.form {
        KeyForm::Closed => ways(ui, state),
        KeyForm::Hardware => keys_device::show(ui, snapshot, state, commands),
        _ => keys_forms::show(ui, snapshot, state, commands),
    });
    keys_remove::show(ui, snapshot, state, commands);
}

/// What the account can be used for here, in a word.
pub(in crate::gui) fn kind(who: alloy::primitives::Address, snapshot: &Snapshot) -> Word {
    match snapshot.wallet.account(who).map_or(AccountKind::Watch, |one| one.kind) {
        AccountKind::KeyFile => Word::TagKeyFile,
        AccountKind::Phrase => Word::TagPhrase,
        AccountKind::Practice => Word::TagPractice,
        AccountKind::Device(DeviceKind::Ledger) => Word::TagLedger,
        AccountKind::Device(DeviceKind::Trezor) => Word::TagTrezor,
        AccountKind::Watch => Word::WatchOnly,
    }
}

/// `Keys on this computer: 1, locked`.
fn summary(
    ui: &mut Ui,
    keys: &[AccountView],
    snapshot: &Snapshot,
    state: &mut UiState,
    commands: &mut Vec<Command>,
) {
    let sealed = keys.iter().filter(|one| one.file.is_some()).count();
    let open = keys.iter().any(|one| one.file.is_some() && snapshot.wallet.unlocked.contains(&one.address));
    let word = match (sealed, open) {
        (0, _) => Word::KeysNone,
        (_, true) => Word::KeysUnlocked,
        (_, false) => Word::KeysLocked,
    };
    widgets::section(ui, &state.tf(word, &[&sealed.to_string()]));
    if let Some(at) = snapshot.wallet.locks_at_ms.filter(|_| open) {
        let left = format::age(at.saturating_sub(state.now_ms) / 1_000);
        ui.horizontal_wrapped(|ui| {
            widgets::quiet(ui, state, &state.tf(Word::LocksIn, &[&left]));
            if ui.button(state.t(Word::LockNow)).clicked() {
                commands.push(Command::Wallet(WalletCommand::Lock));
                state.wallet.wipe_secrets();
            }
        });
    }
}

fn account(ui: &mut Ui, one: &AccountView, snapshot: &Snapshot, state: &mut UiState) {
    ui.separator();
    let kind = match one.kind {
        AccountKind::KeyFile => Word::KindKeyFile,
        AccountKind::Phrase => Word::KindPhrase,
        AccountKind::Practice => Word::KindPractice,
        AccountKind::Device(DeviceKind::Ledger) => Word::KindLedger,
        AccountKind::Device(DeviceKind::Trezor) => Word::KindTrezor,
        AccountKind::Watch => Word::WatchOnly,
    };
    let open = snapshot.wallet.unlocked.contains(&one.address);
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(&one.name).family(crate::gui::fonts::medium()));
        ui.label(RichText::new(state.t(kind)).small().color(state.palette.text_2));
        if let Some(path) = &one.path {
            ui.label(RichText::new(path).small().monospace().color(state.palette.text_3));
        }
        if !matches!(one.kind, AccountKind::Practice | AccountKind::Device(_)) {
            let word = if open { Word::IsUnlocked } else { Word::IsLocked };
            ui.label(RichText::new(state.t(word)).small().color(state.palette.text_3));
        }
    });
    widgets::address(ui, state, one.address, 13.0);
    ui.horizontal_wrapped(|ui| {
        if named(ui, state.t(Word::Send), &one.name) {
            send_recipient::send_from(one.address, state);
        }
        if named(ui, state.t(Word::SignTitle), &one.name) {
            super::sign::sign_with(Some(one.address), state);
        }
        if !open && named(ui, state.t(Word::UnlockWord), &one.name) {
            unlock::open(one.address, state);
        }
        if state.book.watched.iter().all(|watched| watched.address != one.address)
            && named(ui, state.t(Word::ShowOnHome), &one.name)
        {
            let kept = one.kind != AccountKind::Practice;
            state.watch(one.address, &one.name, kept);
            state.screen = Screen::Home;
        }
        if named(ui, state.t(Word::CopyAddress), &one.name) {
            state.copy(ui, &one.name, one.address.to_checksum(None));
        }
        if one.kind != AccountKind::Practice && named(ui, state.t(Word::RemoveKey), &one.name) {
            state.wallet.keys.removing = Some((one.address, String::new()));
            (state.wallet.keys.done, state.wallet.keys.error) = (None, None);
            ui.memory_mut(egui::Memory::stop_text_input); // the question takes the focus
        }
    });
}

/// The ways to add a key, the safest first.
fn ways(ui: &mut Ui, state: &mut UiState) {
    widgets::section(ui, state.t(Word::AddKeyTitle));
    widgets::quiet(ui, state, state.t(Word::AddKeyMeans));
    ui.horizontal_wrapped(|ui| {
        for (word, form) in [
            (Word::AddHardware, KeyForm::Hardware),
            (Word::AddKeyFile, KeyForm::KeyFile),
            (Word::AddNewPhrase, KeyForm::NewPhrase),
            (Word::AddPhrase, KeyForm::Phrase),
            (Word::AddRawKey, KeyForm::RawKey),
        ] {
            if ui.button(state.t(word)).clicked() {
                state.wallet.keys = KeysState { form, ..KeysState::default() };
            }
        }
    });
}
