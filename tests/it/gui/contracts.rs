//! Contracts: a function is chosen, its arguments are typed, and the answer stands with its badge.

use egui_kittest::kittest::Queryable as _;
use lifeboat::app::signing::Intent;
use lifeboat::app::{Command, WalletCommand};
use lifeboat::devnet::execution::PRACTICE_DOLLAR;
use lifeboat::gui::Screen;

use super::lab::{call_question, click, desk, interface_question, open_at, says, words};
use super::wallet_lab::{keyed, me, mouse};

const TALL: egui::Vec2 = egui::vec2(1100.0, 2000.0);

#[test]
fn an_unknown_contract_is_asked_for_once() {
    let mut desk = desk(Screen::Contracts);
    std::sync::Arc::make_mut(&mut desk.snapshot.answers).clear();
    desk.state.contracts.address.text = PRACTICE_DOLLAR.to_checksum(None);
    let mut window = open_at(desk, TALL);
    click(&mut window, "Open");
    window.run();
    assert_eq!(window.state().sent, [Command::Ask(interface_question())]);
}

#[test]
fn a_read_is_asked_with_its_argument_and_shown_with_its_block() {
    let mut desk = desk(Screen::Contracts);
    desk.state.contracts.chosen = Some(PRACTICE_DOLLAR);
    let mut window = open_at(desk, TALL);
    assert!(says(&window, "PUSD"), "{:?}", words(&window));
    let row = words(&window).into_iter().find(|text| text.contains("balanceOf(address)")).expect("listed");
    click(&mut window, &row);
    // The account shown is the first address argument.
    click(&mut window, "Read");
    assert_eq!(window.state().sent, [Command::Ask(call_question())], "{:?}", window.state().sent);
    window.run();
    assert!(says(&window, "balanceOf(address). Known as: Latest, block "), "{:?}", words(&window));
    assert!(says(&window, "uint256"));
}

#[test]
fn a_row_is_opened_by_a_click_on_its_words() {
    let mut desk = desk(Screen::Contracts);
    desk.state.contracts.chosen = Some(PRACTICE_DOLLAR);
    let mut window = open_at(desk, TALL);
    let row = words(&window).into_iter().find(|text| text.contains("balanceOf(address)")).expect("listed");
    let on_words = window.get_by_label(&row).rect().left_center() + egui::vec2(14.0, 0.0);
    mouse(&mut window, on_words, true);
    mouse(&mut window, on_words, false);
    assert!(window.state().state.contracts.open.is_some());
}

#[test]
fn a_write_goes_to_review_with_its_arguments_checked() {
    let mut desk = keyed(Screen::Contracts, true);
    desk.state.contracts.chosen = Some(PRACTICE_DOLLAR);
    desk.state.contracts.writes = true;
    let mut window = open_at(desk, TALL);
    let row = words(&window).into_iter().find(|text| text.contains("transfer(address,uint256)")).unwrap();
    click(&mut window, &row);
    click(&mut window, "Build → Review");
    assert!(says(&window, "argument 2 of transfer"), "{:?}", words(&window));
    assert!(window.state().sent.is_empty());
    window.get_by_label("Argument 2: uint256").focus();
    window.run();
    window.event(egui::Event::Text("5".to_owned()));
    window.run();
    window.get_by_label("Build → Review").click();
    window.run_steps(4);
    let sent = window.state().sent.as_slice();
    let [Command::Wallet(WalletCommand::Review(request))] = sent else { panic!("{sent:?}") };
    let Intent::Call { to, value, data } = &request.intent else { panic!("{request:?}") };
    assert_eq!((*to, value.is_zero(), request.from), (Some(PRACTICE_DOLLAR), true, me()));
    assert_eq!(&data[..4], [0xa9, 0x05, 0x9c, 0xbb]);
    assert_eq!(data[67], 5);
    assert_eq!(window.state().state.screen, Screen::Review);
}

#[test]
fn a_pasted_interface_warns() {
    let mut desk = desk(Screen::Contracts);
    desk.state.contracts.chosen = Some(PRACTICE_DOLLAR);
    desk.state.contracts.abi.text = "{".to_owned();
    let mut window = open_at(desk, TALL);
    click(&mut window, "Paste an interface (ABI)");
    click(&mut window, "Use this interface");
    assert!(window.state().state.contracts.pasted.is_none());
    window.state_mut().state.contracts.abi.text =
        r#"[{"type":"function","name":"mine","stateMutability":"view",
        "inputs":[{"name":"a","type":"uint256"}],"outputs":[{"name":"","type":"bool"}]}]"#
            .to_owned();
    window.run();
    click(&mut window, "Use this interface");
    assert!(says(&window, "Names come from the ABI you pasted; the contract may do something else."));
    assert!(says(&window, "mine(uint256), pasted by you"), "{:?}", words(&window));
}
