//! Hardware signers in the window: connecting one, what is compared on it, and every way in which that can end.

use std::sync::Arc;

use egui_kittest::kittest::Queryable as _;
use lifeboat::app::{
    AccountKind, AccountView, Command, Device, DeviceCause, DeviceKind, Ended, Outcome, Reason, Running,
    WalletCommand,
};
use lifeboat::gui::{KeyForm, Screen};
use lifeboat::wallet::keys::DerivationPath;

use super::lab::{Desk, Window, click, open_at, open_window, says, words};
use super::wallet_lab::{BOB, frames, keyed, me, middle, mouse, pass, reviewing, signs};

const TALL: egui::Vec2 = egui::vec2(1100.0, 1600.0);

fn orders(window: &Window) -> Vec<WalletCommand> {
    let of = |command: &Command| match command {
        Command::Wallet(order) => Some(order.clone()),
        _ => None,
    };
    window.state().sent.iter().filter_map(of).collect()
}

fn runs(window: &mut Window, running: Option<Running>) {
    Arc::make_mut(&mut window.state_mut().snapshot.wallet).running = running;
    frames(window);
}

fn ends(window: &mut Window, outcome: Result<Outcome, Reason>) {
    let wallet = Arc::make_mut(&mut window.state_mut().snapshot.wallet);
    let number = wallet.ended.as_ref().map_or(1, |one| one.number + 1);
    wallet.running = None;
    wallet.ended = Some(Ended { number, outcome });
    frames(window);
}

/// The form, with two accounts of a Trezor found.
fn found() -> Window {
    let mut desk = keyed(Screen::Accounts, false);
    desk.state.wallet.keys.form = KeyForm::Hardware;
    let mut window = open_at(desk, TALL);
    click(&mut window, "Trezor");
    click(&mut window, "Connect Trezor");
    let rows = vec![("m/44'/60'/0'/0/0".to_owned(), me()), ("m/44'/60'/0'/0/1".to_owned(), BOB)];
    ends(&mut window, Ok(Outcome::DeviceAccounts(DeviceKind::Trezor, rows)));
    window
}

#[test]
fn a_hardware_wallet_is_the_first_way_and_its_paths_are_asked_for() {
    let mut window = open_at(keyed(Screen::Accounts, false), TALL);
    click(&mut window, "Hardware wallet");
    assert!(says(&window, "Plug it in, unlock it with its PIN, and open its Ethereum app."));
    click(&mut window, "Ledger Live's path");
    click(&mut window, "Connect Ledger");
    let paths: Vec<DerivationPath> = (0..5).map(DerivationPath::ledger_live).collect();
    assert!(orders(&window).contains(&WalletCommand::ReadDevice { kind: DeviceKind::Ledger, paths }));
    runs(&mut window, Some(Running::Device(DeviceKind::Ledger)));
    assert!(says(&window, "Waiting for the device…"));
    window.get_by_label("Stop waiting").click();
    frames(&mut window);
    assert!(orders(&window).contains(&WalletCommand::LeaveDevice));
    for (cause, what, next) in [
        (DeviceCause::Locked, "Unlock your Ledger with its PIN.", "Then try again."),
        (DeviceCause::WrongApp, "Open the Ethereum app on the Ledger.", "Then try again."),
        (DeviceCause::NotFound, "Ledger not found. Plug it in; close other wallet apps.", "udev rule"),
        (DeviceCause::Declined, "You declined on the Ledger. Nothing was sent.", ""),
    ] {
        ends(&mut window, Err(Reason::from(&cause.of(DeviceKind::Ledger))));
        assert!(says(&window, what) && says(&window, next), "{:?}", words(&window));
    }
}

#[test]
fn the_picked_account_is_shown_on_the_device_before_it_is_kept() {
    let mut window = found();
    assert!(says(&window, "m/44'/60'/0'/0/0  0xf39Fd6e5"), "{:?}", words(&window));
    assert!(says(&window, "Give it a name."));
    let second = words(&window).into_iter().find(|one| one.starts_with("m/44'/60'/0'/0/1")).unwrap();
    click(&mut window, &second);
    window.get_by_label("Name for it").focus();
    frames(&mut window);
    window.event(egui::Event::Text("Cold".to_owned()));
    frames(&mut window);
    click(&mut window, "Show it on the Trezor and add");
    let device = Device { kind: DeviceKind::Trezor, path: DerivationPath::standard(1) };
    let order = WalletCommand::AddDevice { device, address: BOB, name: "Cold".to_owned() };
    assert!(orders(&window).contains(&order), "{:?}", orders(&window));
    runs(&mut window, Some(Running::Device(DeviceKind::Trezor)));
    assert!(says(&window, "Check that the same address is on the Trezor's screen, and confirm it there:"));
    assert!(says(&window, &BOB.to_checksum(None)));
    let kind = AccountKind::Device(DeviceKind::Trezor);
    let path = Some("m/44'/60'/0'/0/1".to_owned());
    let cold = AccountView { name: "Cold".to_owned(), address: BOB, kind, path, file: None };
    ends(&mut window, Ok(Outcome::KeyAdded(vec![cold])));
    assert!(says(&window, "Added. Its key stays on the device."));
    assert_eq!(window.state().state.wallet.keys.form, KeyForm::Closed);
}

#[test]
fn a_pin_is_chosen_by_places_and_leaves_by_the_order_alone() {
    let mut desk = keyed(Screen::Accounts, false);
    let wallet = Arc::make_mut(&mut desk.snapshot.wallet);
    (wallet.running, wallet.pin_wanted) = (Some(Running::Device(DeviceKind::Trezor)), true);
    let mut window = open_at(desk, super::lab::SMALLEST);
    frames(&mut window);
    assert!(says(&window, "The Trezor wants its PIN"), "{:?}", words(&window));
    for (row, column) in [(3, 1), (2, 2), (1, 3), (3, 3)] {
        window.get_by_label(&format!("Place in row {row}, column {column}")).click();
        frames(&mut window);
    }
    window.event(egui::Event::Text("7".to_owned()));
    frames(&mut window);
    assert!(says(&window, "Digits chosen: 5"), "{:?}", words(&window));
    window.get_by_label("Take one back").click();
    frames(&mut window);
    let dump = format!("{:?} {:?}", window.state().state, words(&window));
    assert!(!dump.contains("1593"));
    window.get_by_label("Hand it over").click();
    frames(&mut window);
    let given = orders(&window).into_iter().find_map(|one| match one {
        WalletCommand::DevicePin(places) => places.take(),
        _ => None,
    });
    assert_eq!(given.unwrap().text(), Some("1593"));
    Arc::make_mut(&mut window.state_mut().snapshot.wallet).pin_wanted = false;
    frames(&mut window);
    assert!(!says(&window, "The Trezor wants its PIN"));
}

fn on_device(mut desk: Desk, kind: DeviceKind) -> Window {
    let wallet = Arc::make_mut(&mut desk.snapshot.wallet);
    let path = Some(DerivationPath::standard(0).to_string());
    let kind = AccountKind::Device(kind);
    wallet.accounts =
        vec![AccountView { name: "Cold".to_owned(), address: me(), kind, path, file: None }].into();
    let mut window = open_window(desk);
    frames(&mut window);
    pass(&mut window, 1_100);
    window
}

#[test]
fn review_says_what_to_compare_and_the_button_names_the_device() {
    let mut window = on_device(reviewing(|_| {}), DeviceKind::Trezor);
    assert!(says(&window, "Your Trezor will show"), "{:?}", words(&window));
    assert!(says(&window, "1.25 ETH") && says(&window, &BOB.to_checksum(None)));
    let hash: String = {
        let review = &window.state().snapshot.wallet.review.as_ref().unwrap().prepared.review;
        alloy::primitives::hex::encode(review.id().0)
    };
    assert!(says(&window, &format!("{} {} {}", &hash[..4], &hash[4..8], &hash[8..12])));
    let button = middle(&window, "Sign on Trezor");
    mouse(&mut window, button, true);
    mouse(&mut window, button, false);
    assert_eq!(signs(&window).len(), 1);
    runs(&mut window, Some(Running::Device(DeviceKind::Trezor)));
    assert!(window.query_by_label("Sign on Trezor").is_none(), "it is asked once");
    assert!(says(&window, "Waiting for the device…"));
    window.get_by_label("Stop waiting").click();
    frames(&mut window);
    assert!(orders(&window).contains(&WalletCommand::LeaveDevice));
    let foreign = DeviceCause::OtherSignature { expected: me() };
    ends(&mut window, Err(Reason::from(&foreign.of(DeviceKind::Trezor))));
    assert!(says(&window, "The Trezor's signature is not of 0xf39F"), "{:?}", words(&window));
    assert!(window.query_by_label("Sign on Trezor").is_some(), "the review still stands");
}

#[test]
fn a_caution_is_held_for_a_device_too_and_spanish_names_it() {
    let window = on_device(reviewing(super::wallet_lab::stranger), DeviceKind::Ledger);
    assert!(window.query_by_label("Hold to sign on Ledger").is_some(), "{:?}", words(&window));
    let mut desk = reviewing(|_| {});
    desk.state.kept.language = lifeboat::gui::Language::Spanish;
    let window = on_device(desk, DeviceKind::Ledger);
    assert!(window.query_by_label("Firmar en Ledger").is_some(), "{:?}", words(&window));
}

#[test]
fn an_account_whose_key_is_here_is_told_nothing_of_a_device() {
    let mut window = open_window(reviewing(|_| {}));
    frames(&mut window);
    assert!(window.query_by_label("Sign and send").is_some(), "{:?}", words(&window));
    assert!(!says(&window, "will show") && !says(&window, "Waiting for the device"));
}
