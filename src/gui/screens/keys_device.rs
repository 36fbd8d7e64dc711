//! The form for an account of a hardware signer: connect, pick a path, confirm the address on the device.

use egui::{RichText, TextEdit, Ui};

use super::keys_phrase;
use crate::app::signing::keys::DerivationPath;
use crate::app::{Command, Device, DeviceKind, Running, Snapshot, WalletCommand};
use crate::gui::format;
use crate::gui::ui_state::UiState;
use crate::gui::wallet_state::{DeviceForm, KeysState};
use crate::gui::widgets;
use crate::gui::words::Word;

/// Accounts that are read of one way to derive them.
const ACCOUNTS: u32 = 5;

/// Draws it.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    widgets::section(ui, state.t(Word::AddHardware));
    widgets::quiet(ui, state, state.t(Word::HardwareMeans));
    let waits = matches!(snapshot.wallet.running, Some(Running::Device(_)));
    ui.add_enabled_ui(!waits, |ui| which(ui, state));
    if waits {
        waiting(ui, state, commands);
    } else {
        let name = state.wallet.keys.device.kind.name();
        if widgets::primary(ui, state, &state.tf(Word::ConnectDevice, &[name])).clicked() {
            connect(state, commands);
        }
        if !state.wallet.keys.device.found.is_empty() {
            accounts(ui, snapshot, state, commands);
            add(ui, state, commands);
        }
    }
    if let Some(error) = &state.wallet.keys.error {
        ui.label(RichText::new(error).color(state.palette.refuted));
    }
    if ui.button(state.t(Word::Cancel)).clicked() {
        if waits {
            commands.push(Command::Wallet(WalletCommand::LeaveDevice));
        }
        state.wallet.keys = KeysState::default();
    }
}

/// Which device, and which of the two usual ways to derive its accounts.
fn which(ui: &mut Ui, state: &mut UiState) {
    let (kind, live) = (state.wallet.keys.device.kind, state.wallet.keys.device.ledger_live);
    let mut wanted = (kind, live);
    ui.horizontal_wrapped(|ui| {
        for one in DeviceKind::ALL {
            if widgets::choice(ui, kind == one, one.name()).clicked() {
                wanted.0 = one;
            }
        }
    });
    let word = match kind {
        DeviceKind::Ledger => Word::HardwareReadyLedger,
        DeviceKind::Trezor => Word::HardwareReadyTrezor,
    };
    widgets::quiet(ui, state, state.t(word));
    ui.horizontal_wrapped(|ui| {
        ui.label(state.t(Word::DevicePaths));
        for (is_live, word) in [(false, Word::PathsStandard), (true, Word::PathsLedgerLive)] {
            if widgets::choice(ui, live == is_live, state.t(word)).clicked() {
                wanted.1 = is_live;
            }
        }
    });
    if wanted != (kind, live) {
        let (kind, ledger_live) = wanted;
        state.wallet.keys.device = DeviceForm { kind, ledger_live, ..DeviceForm::default() };
        state.wallet.keys.error = None;
    }
}

/// What the device, or the person at it, is waited for.
fn waiting(ui: &mut Ui, state: &UiState, commands: &mut Vec<Command>) {
    let form = &state.wallet.keys.device;
    let picked = form.picked.and_then(|at| form.found.get(at)).filter(|_| form.adding);
    if let Some((_, address)) = picked {
        ui.label(state.tf(Word::CheckAddress, &[form.kind.name()]));
        widgets::address(ui, state, *address, 14.0);
    }
    ui.horizontal_wrapped(|ui| {
        ui.spinner();
        ui.label(state.t(Word::WaitingForDevice));
        if ui.button(state.t(Word::LeaveDevice)).clicked() {
            commands.push(Command::Wallet(WalletCommand::LeaveDevice));
        }
    });
}

fn connect(state: &mut UiState, commands: &mut Vec<Command>) {
    let form = &mut state.wallet.keys.device;
    let path = if form.ledger_live { DerivationPath::ledger_live } else { DerivationPath::standard };
    (form.found, form.picked, form.adding) = (Vec::new(), None, false);
    let (kind, paths) = (form.kind, (0..ACCOUNTS).map(path).collect());
    state.wallet.keys.error = None;
    commands.push(Command::Wallet(WalletCommand::ReadDevice { kind, paths }));
}

/// The accounts that the device has, with their proven balances; the user picks one.
fn accounts(ui: &mut Ui, snapshot: &Snapshot, state: &mut UiState, commands: &mut Vec<Command>) {
    widgets::quiet(ui, state, state.t(Word::PickOne));
    let all = state.wallet.keys.device.found.clone();
    let found =
        keys_phrase::proven_accounts(all.iter().map(|(_, address)| *address).collect(), snapshot, commands);
    for (at, (path, address)) in all.iter().enumerate() {
        ui.horizontal_wrapped(|ui| {
            let chosen = state.wallet.keys.device.picked == Some(at);
            let label = format!("{path}  {}", format::short_address(*address));
            if ui.radio(chosen, label).clicked() {
                state.wallet.keys.device.picked = Some(at);
            }
            keys_phrase::balance(ui, *address, found.and_then(|found| found.get(at)), snapshot, state);
        });
    }
}

/// Name, and the button that shows the address on the device.
fn add(ui: &mut Ui, state: &mut UiState, commands: &mut Vec<Command>) {
    ui.separator();
    let label = ui.label(state.t(Word::KeyName));
    let edit = TextEdit::singleline(&mut state.wallet.keys.name).desired_width(240.0).char_limit(32);
    ui.add(edit.margin(egui::Margin::symmetric(10, 8))).labelled_by(label.id);
    let name = crate::app::plain(&state.wallet.keys.name).trim().to_owned();
    let form = &state.wallet.keys.device;
    let picked = form.picked.and_then(|at| form.found.get(at)).cloned();
    let device = picked
        .and_then(|(path, address)| Some((Device { kind: form.kind, path: path.parse().ok()? }, address)));
    ui.horizontal_wrapped(|ui| {
        let ready = !name.is_empty() && device.is_some();
        let text = state.tf(Word::AddFromDevice, &[state.wallet.keys.device.kind.name()]);
        let button = ui.add_enabled_ui(ready, |ui| widgets::primary(ui, state, &text)).inner;
        if name.is_empty() {
            widgets::quiet(ui, state, state.t(Word::KeyNeedsName));
        }
        if let (true, true, Some((device, address))) = (ready, button.clicked(), device) {
            state.wallet.keys.device.adding = true;
            state.wallet.keys.error = None;
            commands.push(Command::Wallet(WalletCommand::AddDevice { device, address, name }));
        }
    });
}
