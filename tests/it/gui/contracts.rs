//! Contracts: a function is chosen, its arguments are typed, and the answer stands with its badge.

use lifeboat::app::Command;
use lifeboat::devnet::execution::PRACTICE_DOLLAR;
use lifeboat::gui::Screen;

use super::lab::{call_question, click, desk, interface_question, open_at, says, words};

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
