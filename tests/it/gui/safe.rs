//! A Safe of three owners, two needed, in two windows that share nothing but files: built, signed, refused, run.

use std::sync::Arc;

use alloy::primitives::{Address, B256, Bytes, U256, address as fixed};
use alloy::sol;
use alloy::sol_types::SolCall as _;
use egui_kittest::kittest::Queryable as _;
use lifeboat::app::signing::Intent;
use lifeboat::app::signing::review::Level;
use lifeboat::app::{
    AccountKind, AccountView, Answer, Command, Loadable, Outcome, Proposal, ProtocolAnswer, ProtocolQuestion,
    Question, SafeApprovalsAnswer, SafeFacts, SafeTransaction, Tag, WalletCommand,
};
use lifeboat::gui::Screen;
use lifeboat::protocols::safe::{SafeSignature, approved_on_chain};

use super::lab::{Window, click, desk, open_at, says, words};
use super::wallet_lab::{middle, mouse, pass};
use crate::protocols::artifacts::Artifacts;
use crate::protocols::lab::{GOVERNOR, LENDER, Lab, USER, address, units};
use crate::protocols::safe::{deploy, facts, sign};
use crate::support::exit_journey::Journey;

sol! {
    function enableModule(address module) external;
}

const PAID: Address = fixed!("9999999999999999999999999999999999999999");

/// A window of one owner, on the Safe.
fn window(owner: usize, safe: &SafeFacts) -> Window {
    let mut desk = desk(Screen::Safe);
    desk.state.book = Default::default();
    desk.state.watch(address(owner), "Me", true);
    desk.state.selected = 0;
    let account = AccountView {
        name: "Me".to_owned(),
        address: address(owner),
        kind: AccountKind::Practice,
        path: None,
        file: None,
    };
    Arc::make_mut(&mut desk.snapshot.wallet).accounts = vec![account].into();
    desk.state.positions.safe.chosen = Some(safe.address);
    let question = Question::Protocol(ProtocolQuestion::Safe(safe.address, Tag::Latest));
    let answer = Answer::Protocol(Arc::new(ProtocolAnswer::Safe(safe.clone())));
    Arc::make_mut(&mut desk.snapshot.answers).insert(question, Loadable::Ready(answer));
    open_at(desk, egui::vec2(1100.0, 2600.0))
}

fn import(window: &mut Window, text: &str) {
    window.state_mut().state.positions.safe.file.text = text.to_owned();
    window.run();
    click(window, "Import");
}

fn file(window: &Window) -> Proposal {
    window.state().state.positions.safe.files[0].clone()
}

fn reviewed(window: &Window) -> (Address, Intent) {
    let request = window.state().sent.iter().find_map(|one| match one {
        Command::Wallet(WalletCommand::Review(request)) => Some(request.clone()),
        _ => None,
    });
    let request = request.expect("handed over to Review");
    (request.from, request.intent)
}

/// Reads who approved the transaction on the chain, as the core does, and gives it to the window.
async fn tell_approvals(lab: &mut Lab, window: &mut Window, one: &Proposal) -> Vec<Address> {
    let state = lab.state().await;
    let hash = one.safe_tx_hash;
    let owners = [GOVERNOR, USER, LENDER].map(address);
    let approved = approved_on_chain(&state, one.safe, (&owners, hash)).await.unwrap();
    let answer = SafeApprovalsAnswer { at: state.block_ref(), approved: [(hash, approved.clone())].into() };
    let question = ProtocolQuestion::SafeApprovals { safe: one.safe, hashes: vec![hash], tag: Tag::Latest };
    // The window asks for exactly that, one question after the other.
    let desk = window.state_mut();
    for _ in 0..3 {
        lifeboat::gui::refresh(&desk.snapshot, &mut desk.state, &mut desk.sent);
    }
    let asked =
        desk.state.positions.asked.iter().any(|(one, _)| *one == Question::Protocol(question.clone()));
    assert!(asked, "{:?}", desk.state.positions.asked);
    let answer = Answer::Protocol(Arc::new(ProtocolAnswer::SafeApprovals(answer)));
    Arc::make_mut(&mut desk.snapshot.answers).insert(Question::Protocol(question), Loadable::Ready(answer));
    window.run();
    approved
}

/// The last order to the wallet.
fn ordered(window: &Window) -> WalletCommand {
    let last = window.state().sent.iter().rev().find_map(|one| match one {
        Command::Wallet(order) => Some(order.clone()),
        _ => None,
    });
    last.expect("something was ordered")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_held_here_signs_after_a_review_and_the_signature_goes_into_the_file() {
    let Some(artifacts) = Artifacts::with(&["safe_Safe", "safe_SafeProxyFactory"]) else { return };
    let mut lab = Lab::start(artifacts).await;
    let safe = deploy(&mut lab).await.safe;
    let known = facts(&mut lab, safe).await;
    let mut journey = Journey::start(&lab, None).await;
    // A module is enabled: whoever signs that gives the Safe away, and types so.
    let module = enableModuleCall { module: PAID }.abi_encode();
    let tx = SafeTransaction::call(safe, U256::ZERO, module.into(), known.nonce);
    let one = Proposal::new(&known, tx);
    let mut window = window(USER, &known);
    import(&mut window, &serde_json::to_string(&one).unwrap());
    click(&mut window, "Sign with the key held here: Me (you) signs #0");
    let order = ordered(&window);
    let WalletCommand::ReviewMessage { from, .. } = &order else { panic!("{order:?}") };
    assert_eq!(*from, address(USER));
    assert_eq!(journey.order(order).await, Outcome::Reviewed);
    let wallet = journey.snapshot().wallet.clone();
    let danger = &wallet.message.as_ref().unwrap().findings()[0];
    assert_eq!((danger.check.0, danger.level), (23, Level::Danger), "{danger:?}");
    window.state_mut().snapshot.wallet = wallet;
    window.run_steps(4);
    assert!(says(&window, "This changes who controls the Safe: a module may move funds without owners"));
    pass(&mut window, 1_100);
    let held = |window: &mut Window| {
        let button = middle(window, "Hold to sign");
        mouse(window, button, true);
        pass(window, 1_700);
        mouse(window, button, false);
    };
    held(&mut window);
    assert!(!matches!(ordered(&window), WalletCommand::Sign { .. }), "nothing was typed");
    window.get_by_label("1 danger · Type CONTROL to unlock").focus();
    window.run_steps(4);
    window.event(egui::Event::Text("CONTROL".to_owned()));
    window.run_steps(4);
    held(&mut window);
    let Outcome::SignedMessage(done) = journey.order(ordered(&window)).await else { panic!() };
    let signature = done.signature.clone();
    assert_eq!(signature, sign(USER, one.safe_tx_hash), "the key's own signature over the Safe's hash");
    window.state_mut().snapshot.wallet = journey.snapshot().wallet.clone();
    window.run_steps(4);
    assert!(says(&window, "Signatures 1 of 2") && says(&window, "Valid: Me (you)"), "{:?}", words(&window));
    assert_eq!(file(&window).signatures, [signature]);
    journey.end(&mut lab).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_of_three_sign_by_files_in_two_windows_and_it_runs() {
    let names = ["safe_Safe", "safe_SafeProxyFactory", "safe_CompatibilityFallbackHandler"];
    let Some(artifacts) = Artifacts::with(&names) else { return };
    let mut lab = Lab::start(artifacts).await;
    let safe = deploy(&mut lab).await.safe;
    let known = facts(&mut lab, safe).await;

    let mut first = window(USER, &known);
    assert!(says(&first, "2 of 3") && says(&first, "1.4.1"), "{:?}", words(&first));
    click(&mut first, "New transaction");
    first.state_mut().state.positions.safe.draft.to.text = PAID.to_checksum(None);
    first.state_mut().state.positions.safe.draft.ether = "2".to_owned();
    click(&mut first, "Make the file");
    let made = file(&first);
    assert_eq!((made.transaction.to, made.transaction.value), (PAID, units(2, 18)));
    assert!(says(&first, &made.safe_tx_hash.to_string()), "the hash stands beside the device");
    assert!(says(&first, "Signatures 0 of 2"), "{:?}", words(&first));
    import(&mut first, &sign(USER, made.safe_tx_hash).to_string());
    assert!(says(&first, "Signatures 1 of 2"), "{:?}", words(&first));

    // The other owner has nothing but the file.
    let mut second = window(LENDER, &known);
    import(&mut second, &serde_json::to_string_pretty(&file(&first)).unwrap());
    assert!(says(&second, "Signatures 1 of 2"), "{:?}", words(&second));
    import(&mut second, &sign(4, made.safe_tx_hash).to_string());
    assert!(says(&second, "Not an owner"), "{:?}", words(&second));
    import(&mut second, &sign(LENDER, made.safe_tx_hash).to_string());
    assert!(says(&second, "Signatures 2 of 2"), "{:?}", words(&second));
    let label = words(&second).into_iter().find(|text| text.starts_with("Review: Execute"));
    let label = label.unwrap_or_else(|| panic!("{:?}", words(&second)));
    second.get_by_label(&label).click();
    second.run_steps(4);
    let (from, wanted) = reviewed(&second);
    let Intent::Call { to: Some(to), value, data } = wanted else { panic!("{wanted:?}") };
    assert_eq!((from, to, value), (address(LENDER), safe, U256::ZERO));
    lab.send_call(LENDER, to, data);
    lab.mine();
    assert_eq!(lab.state().await.account(PAID).await.unwrap().value().balance, units(2, 18));

    // The Safe has moved on: the same file is refused with that fact, in a new window too.
    let known = facts(&mut lab, safe).await;
    let mut third = window(GOVERNOR, &known);
    import(&mut third, &serde_json::to_string(&file(&second)).unwrap());
    assert!(says(&third, "For another nonce (0, Safe is at 1)"), "{:?}", words(&third));
    assert!(third.state().state.positions.safe.files.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_owner_approves_on_the_chain_and_two_files_for_one_nonce_are_told() {
    let Some(artifacts) = Artifacts::with(&["safe_Safe", "safe_SafeProxyFactory"]) else { return };
    let mut lab = Lab::start(artifacts).await;
    let safe = deploy(&mut lab).await.safe;
    let known = facts(&mut lab, safe).await;
    let tx = |wei: u64| SafeTransaction::call(PAID, U256::from(wei), Bytes::new(), known.nonce);
    let mut window = window(USER, &known);
    let one = Proposal::new(&known, tx(1));
    import(&mut window, &serde_json::to_string(&one).unwrap());
    let label = words(&window).into_iter().find(|text| text.starts_with("Review: "));
    let label = label.unwrap_or_else(|| panic!("{:?}", words(&window)));
    window.get_by_label(&label).click();
    window.run_steps(4);
    let (from, wanted) = reviewed(&window);
    let Intent::Call { to: Some(to), data, .. } = wanted else { panic!("{wanted:?}") };
    assert_eq!((from, to), (address(USER), safe));
    assert_eq!(B256::from_slice(&data[4..]), one.safe_tx_hash, "it approves what is shown");
    lab.send_call(USER, to, data);
    lab.mine();
    window.state_mut().state.screen = Screen::Safe;
    window.run();
    // Whoever is only named as having approved counts for nothing; a proof counts, named or not.
    import(&mut window, &SafeSignature::on_chain(address(GOVERNOR)).bytes.to_string());
    assert!(says(&window, "Signatures 0 of 2"), "{:?}", words(&window));
    assert!(says(&window, "named as approved by a transaction; that is not proven"), "{:?}", words(&window));
    let approved = tell_approvals(&mut lab, &mut window, &one).await;
    assert_eq!(approved, [address(USER)]);
    assert!(says(&window, "Signatures 1 of 2"), "{:?}", words(&window));
    assert!(says(&window, "Approved by a transaction (proven): Me (you)"), "{:?}", words(&window));
    assert!(
        !says(&window, "Review: Me (you) approves"),
        "the owner is not asked again: {:?}",
        words(&window)
    );
    import(&mut window, &sign(GOVERNOR, one.safe_tx_hash).to_string());
    assert!(says(&window, "Signatures 2 of 2"), "{:?}", words(&window));
    lab.send_intent(LENDER, &file(&window).execution(&known, &approved).unwrap());
    lab.mine();
    assert_eq!(lab.state().await.account(PAID).await.unwrap().value().balance, U256::from(1));
    // Before it ran, another file for the same number would have been told.
    import(&mut window, &serde_json::to_string(&Proposal::new(&known, tx(2))).unwrap());
    assert!(
        says(&window, "Two different transactions use nonce 0. Only one can run. Compare."),
        "{:?}",
        words(&window)
    );
}
