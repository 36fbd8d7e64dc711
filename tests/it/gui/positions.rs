//! Screens drawn from answers made by hand: what each says of nothing, of a failure, of rights given away.

use std::collections::HashMap;
use std::sync::Arc;

use alloy::primitives::{Address, B256, U256};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use lifeboat::app::{
    Answer, Approval, ApprovalKind, Approvals, ApprovalsQuestion, Asset, BlockRef, Command, Finality, Found,
    Loadable, Named, PositionsAnswer, PositionsQuestion, ProtocolAnswer, ProtocolError, ProtocolQuestion,
    Question, ReadError, Report, Snapshot, SourceError, SyncView, Tag, Traffic, WalletCommand,
};
use lifeboat::devnet::execution::PRACTICE_ACCOUNTS;
use lifeboat::gui::{Calls, Kept, Palette, Screen, UiState};

use super::lab::{Desk, desk};

/// Unix milliseconds of the window and the block.
const NOW_MS: u64 = 1_767_225_600_000;

fn owner() -> Address {
    Address::repeat_byte(0x52)
}

fn block() -> BlockRef {
    let (number, hash) = (23_944_940, B256::repeat_byte(1));
    BlockRef { number, hash, timestamp: NOW_MS / 1_000 - 4, finality: Finality::Optimistic }
}

pub(super) fn snapshot(question: Question, answer: Loadable<Answer>) -> Snapshot {
    Snapshot {
        network: Arc::new(lifeboat::networks::mainnet()),
        sync: SyncView::Following,
        head: None,
        finalized: None,
        checkpoint: None,
        lag_slots: 0,
        no_reads: None,
        endpoints: Arc::new([]),
        answers: Arc::new(HashMap::from([(question, answer)])),
        probes: None,
        comparison: None,
        notices: Arc::new([]),
        lies: Arc::new([]),
        trial: None,
        offline: false,
        named: Arc::new([]),
        proxy: None,
        next_try_ms: None,
        clock_skew_ms: None,
        traffic: Traffic::default(),
        wallet: Arc::default(),
        now_ms: NOW_MS,
    }
}

/// What a screen is drawn with.
pub(super) struct Stage {
    pub(super) snapshot: Snapshot,
    pub(super) state: UiState,
    pub(super) commands: Vec<Command>,
}

/// A window of 1100 by 720 points on a screen.
pub(super) fn window(screen: Screen, who: Address, snapshot: Snapshot) -> Harness<'static, Stage> {
    let mut kept = Kept::default();
    kept.told_watch_only = true;
    let mut state = UiState::new(kept, NOW_MS);
    state.watch(who, "Main", true);
    state.palette = Palette::DARK;
    state.screen = screen;
    let stage = Stage { snapshot, state, commands: Vec::new() };
    let mut fonts = false;
    let mut harness = Harness::builder().with_size(egui::vec2(1100.0, 1400.0)).build_ui_state(
        move |ui, stage: &mut Stage| {
            if !std::mem::replace(&mut fonts, true) {
                lifeboat::gui::install_fonts(ui.ctx());
                stage.state.palette.wear(ui.ctx(), false);
                // What is worn is there from the next frame on.
                ui.ctx().request_repaint();
                return;
            }
            lifeboat::gui::show(ui, &stage.snapshot, &mut stage.state, &mut stage.commands);
        },
        stage,
    );
    harness.run();
    harness
}

fn positions(reports: Vec<Report>) -> Snapshot {
    let question = Question::Protocol(ProtocolQuestion::Positions(PositionsQuestion::all_of(owner())));
    let answer = PositionsAnswer { owner: owner(), at: block(), reports };
    snapshot(question, Loadable::Ready(Answer::Protocol(Arc::new(ProtocolAnswer::Positions(answer)))))
}

fn report(name: &str, found: Found) -> Report {
    Report { protocol: name.to_lowercase(), name: name.to_owned(), found }
}

#[test]
fn nothing_found_never_claims_that_nothing_exists() {
    let reports = ["WETH", "Lido", "Aave v3 Core"].map(|name| report(name, Found::Positions(Vec::new())));
    let window = window(Screen::Positions, owner(), positions(reports.to_vec()));
    window.get_by_label("No positions found in the 3 bundled protocols. Others may exist.");
}

#[test]
fn a_protocol_that_fails_says_so_beside_the_others() {
    let error = ProtocolError::Inconsistent { detail: "2 requests and 1 statuses".to_owned() };
    let reports =
        vec![report("WETH", Found::Positions(Vec::new())), report("Lido", Found::Failed(Arc::new(error)))];
    let mut window = window(Screen::Positions, owner(), positions(reports));
    window.get_by_label("Lido could not be read.");
    window.get_by_label("No positions found in the 1 bundled protocols. Others may exist.");
    window.get_by_label("Try again: Lido").click();
    window.run();
    assert!(matches!(window.state().commands.last(), Some(Command::Ask(Question::Protocol(_)))));
}

#[test]
fn each_kind_of_failure_has_its_own_next_step() {
    let contract = Address::repeat_byte(0x77);
    let refused = ProtocolError::Refused { contract, function: "f()", why: "reverted: paused".to_owned() };
    let named = ProtocolError::NotAsNamed { what: "a vault".to_owned(), why: "it is none".to_owned() };
    let source = SourceError::NoneLeft { quarantined: 0, kind: "execution" };
    let nobody = ProtocolError::Read(ReadError::Source { source, refused: Vec::new() });
    for (error, part, opens) in [
        (refused, "open the contract to see", true),
        (named, "remove the name below", false),
        (nobody, "open Network", false),
    ] {
        let reports = vec![report("Lido", Found::Failed(Arc::new(error)))];
        let mut window = window(Screen::Positions, owner(), positions(reports));
        window.get_by_label_contains(part);
        assert_eq!(window.query_by_label_contains("open Network").is_some(), part == "open Network");
        let button = "Contract: Lido";
        assert_eq!(window.query_by_label(button).is_some(), opens, "{part}");
        if opens {
            window.get_by_label(button).click();
            window.run();
            assert_eq!(window.state().state.screen, Screen::Contracts);
            assert_eq!(window.state().state.contracts.chosen, Some(contract));
        }
    }
}

#[test]
fn markets_with_nothing_in_them_are_counted_by_protocol_and_failures_are_named() {
    let pool = |name: &str, found| Report { protocol: "curve".to_owned(), name: name.to_owned(), found };
    let names = ["Curve 3pool", "Curve stETH", "Curve frxETH", "Curve tricrypto"];
    let mut reports: Vec<Report> = names.map(|name| pool(name, Found::Positions(Vec::new()))).to_vec();
    reports.push(report("Lido", Found::Positions(Vec::new())));
    let error = ProtocolError::Inconsistent { detail: "2 requests and 1 statuses".to_owned() };
    reports.push(pool("Curve sUSD", Found::Failed(Arc::new(error))));
    let mut window = window(Screen::Positions, owner(), positions(reports));
    window.get_by_label("Curve sUSD could not be read.");
    window.get_by_label("Also looked at (5)").click();
    window.run();
    window.get_by_label("Curve: 4 pools, nothing in them");
    window.get_by_label("Nothing in: Lido");
    assert!(window.query_by_label_contains("3pool").is_none());
}

#[test]
fn what_cannot_be_listed_is_named_by_hand_and_taken_back() {
    let reports = vec![report("WETH", Found::Positions(Vec::new()))];
    let mut window = window(Screen::Positions, owner(), positions(reports));
    window.get_by_label("Not listed on the chain: Uniswap v4").click();
    window.run();
    let typed = |window: &mut Harness<'static, Stage>, text: &str| {
        window.state_mut().state.positions.names_given.typed.text = text.to_owned();
        window.run();
        window.get_by_label("Look it up").click();
        window.run();
    };
    // The protocol that was chosen says what to type.
    window.get_by_role_and_label(egui::accesskit::Role::TextInput, "The number of a position");
    typed(&mut window, "abc");
    window.get_by_label("That is not it: The number of a position.");
    typed(&mut window, "12345");
    let named: Named = "uniswap-v4=12345".parse().unwrap();
    assert_eq!(window.state().commands.last(), Some(&Command::KeepNamed(named.clone())));
    // The core keeps it, beside one of a protocol that is not here.
    let other: Named = "no-such=1".parse().unwrap();
    keeps(&mut window, &[named.clone(), other.clone()]);
    let nothing = "No positions found in the 1 bundled protocols. Others may exist.";
    assert!(window.query_by_label(nothing).is_none(), "what was read before was another question");
    window.get_by_label("12345");
    window.get_by_label("Not looked up: no protocol here takes it.");
    window.get_by_label("Remove uniswap-v4=12345").click();
    window.run();
    assert_eq!(window.state().commands.last(), Some(&Command::ForgetNamed(named)));
    keeps(&mut window, &[other]);
    // Its answer comes back with the name taken back, whatever else is kept.
    window.get_by_label(nothing);
}

/// The core says that it keeps these names.
fn keeps(window: &mut Harness<'static, Stage>, named: &[Named]) {
    let stage = window.state_mut();
    stage.snapshot.named = named.into();
    lifeboat::gui::refresh(&stage.snapshot, &mut stage.state, &mut stage.commands);
    window.run();
}

#[test]
fn while_it_reads_each_protocol_has_a_row() {
    let question = Question::Protocol(ProtocolQuestion::Positions(PositionsQuestion::all_of(owner())));
    let mut reading = snapshot(question, Loadable::Loading { previous: None });
    reading.offline = false;
    let window = window(Screen::Positions, owner(), reading);
    // Without a verified head nothing is asked yet, and that is what is said.
    window.get_by_label_contains("verified head");
}

#[test]
fn accounts_whose_positions_are_old_together_are_one_question() {
    let mut desk = desk(Screen::Positions);
    let asked = |desk: &mut Desk| {
        desk.sent.clear();
        lifeboat::gui::refresh(&desk.snapshot, &mut desk.state, &mut desk.sent);
        let protocol = |one: &Command| match one {
            Command::Ask(Question::Protocol(question)) => Some(question.clone()),
            _ => None,
        };
        desk.sent.iter().filter_map(protocol).collect::<Vec<_>>()
    };
    let owners = [PRACTICE_ACCOUNTS[0].address, PRACTICE_ACCOUNTS[1].address];
    assert_eq!(asked(&mut desk), [], "both were asked for when the window opened");
    // The account in front is old first.
    desk.state.now_ms += 31_000;
    let front = ProtocolQuestion::Positions(PositionsQuestion::all_of(owners[0]));
    assert_eq!(asked(&mut desk), [front]);
    desk.state.now_ms += 181_000;
    let [ProtocolQuestion::PositionsOfMany(joint)] = &asked(&mut desk)[..] else { panic!("{:?}", desk.sent) };
    assert_eq!(joint.owners, owners);
    assert_eq!(asked(&mut desk), [], "and not again");
}

fn right(symbol: &str, spender: u8, amount: U256, balance: u64) -> Approval {
    let balance = U256::from(balance);
    Approval {
        asset: Asset::token(Address::repeat_byte(spender ^ 0x80), symbol, 6),
        spender: Address::repeat_byte(spender),
        name: (spender == 1).then(|| "Uniswap Permit2".to_owned()),
        kind: ApprovalKind::Token,
        amount,
        balance: Some(balance),
        at_risk: Some(amount.min(balance)),
        to_wallet: spender == 3,
        permit2: Address::ZERO,
    }
}

fn approvals(found: Vec<Approval>) -> Snapshot {
    let also = ApprovalsQuestion::default();
    let question = Question::Protocol(ProtocolQuestion::Approvals { owner: owner(), also, tag: Tag::Latest });
    let answer = Approvals {
        owner: owner(),
        at: block(),
        found,
        checked: 412,
        spenders: 80,
        collections: 2,
        unread: Vec::new(),
    };
    snapshot(question, Loadable::Ready(Answer::Protocol(Arc::new(ProtocolAnswer::Approvals(answer)))))
}

#[test]
fn no_approval_found_is_not_no_approval() {
    let window = window(Screen::Approvals, owner(), approvals(Vec::new()));
    window.get_by_label("No approvals found in what was checked.");
    window.get_by_label_contains("Found by: bundled spenders × your tokens (412 checked)");
    assert!(window.query_by_label_contains("no approvals").is_none());
}

#[test]
fn where_no_spender_is_bundled_nothing_was_checked_and_nothing_else_is_said() {
    let also = ApprovalsQuestion::default();
    let question = Question::Protocol(ProtocolQuestion::Approvals { owner: owner(), also, tag: Tag::Latest });
    let (found, unread) = (Vec::new(), Vec::new());
    let answer =
        Approvals { owner: owner(), at: block(), found, checked: 0, spenders: 0, collections: 0, unread };
    let answer = Answer::Protocol(Arc::new(ProtocolAnswer::Approvals(answer)));
    let window = window(Screen::Approvals, owner(), snapshot(question, Loadable::Ready(answer)));
    window.get_by_label_contains(
        "Nothing was checked at block 23\u{2009}944\u{2009}940: no spender is bundled",
    );
    assert!(window.query_by_label_contains("No approvals found").is_none());
    assert!(window.query_by_label_contains("Found by").is_none());
}

#[test]
fn a_call_that_is_handed_over_keeps_its_words_and_the_users_deployments() {
    let intent = lifeboat::app::Intent {
        to: Address::repeat_byte(7),
        calldata: vec![1, 2, 3, 4].into(),
        value: U256::ZERO,
        sentence: "Repay 100 USDC to Practice market.".to_owned(),
        needs: Vec::new(),
        spends: Vec::new(),
        grants: Vec::new(),
        changed: Some("Practice market".to_owned()),
        expires: None,
    };
    let mut window = window(Screen::Positions, owner(), positions(Vec::new()));
    let title = "Exit".to_owned();
    let calls = Calls { owner: owner(), title, left: vec![intent], offline: false, begun: false };
    window.state_mut().state.positions.handed = Some(calls);
    window.run();
    let sent = &window.state().commands;
    let reviewed = sent.iter().find_map(|command| match command {
        Command::Wallet(WalletCommand::Review(request)) => Some(request),
        _ => None,
    });
    let noted = &reviewed.unwrap().noted;
    assert_eq!(noted.words.as_deref(), Some("Repay 100 USDC to Practice market"));
    assert_eq!(noted.changed.as_deref(), Some("Practice market"), "whose code is another one");
    assert_eq!(window.state().state.screen, Screen::Review);
}

#[test]
fn rights_are_told_in_words_and_several_are_revoked_together() {
    let found = vec![
        right("USDC", 1, U256::MAX, 12_400_000_000),
        right("DAI", 2, U256::from(500_000_000), 470_000),
        right("WETH", 3, U256::from(1_000_000), 0),
    ];
    let mut window = window(Screen::Approvals, owner(), approvals(found));
    window.get_by_label_contains(
        "USDC, Uniswap Permit2 (bundled) may take Unlimited, 12\u{2009}400 at risk now",
    );
    window.get_by_label_contains("DAI, 0x02020202…02020202 unknown may take 500, 0.47 at risk now");
    window.get_by_label("Select USDC Uniswap Permit2 (bundled)").click();
    window.get_by_label_contains("Select WETH").click();
    window.run();
    window.get_by_label("Revoke 2 (2 transactions)");
    window.get_by_label("Stop Uniswap Permit2 (bundled) from taking your USDC");
    // The whole address stands where a signature begins.
    window.get_by_label(Address::repeat_byte(1).to_checksum(None).as_str());
    window.get_by_label("Revoke: DAI 0x02020202…02020202 unknown").click();
    window.run();
    assert_eq!(
        window.state().state.positions.approvals.chosen.len(),
        1,
        "a row's own button is about it alone"
    );
}

#[test]
fn an_operator_whose_collectibles_nobody_counts_is_not_at_zero_risk_and_a_collection_can_be_named() {
    let operator = Approval {
        kind: ApprovalKind::Operator,
        balance: None,
        at_risk: None,
        ..right("ITEMS", 2, U256::MAX, 0)
    };
    let mut window = window(Screen::Approvals, owner(), approvals(vec![operator]));
    window.get_by_label_contains("may take all of the collection, not counted at risk now");
    window.get_by_label_contains("Collectibles: 2 collections checked");
    let collection = Address::repeat_byte(0x77);
    window.state_mut().state.positions.approvals.spender.text = collection.to_checksum(None);
    window.get_by_label("It is a collection: who may move all of it?").click();
    window.run();
    assert_eq!(window.state().state.positions.approvals.collections, [collection]);
    let old = window.query_by_label_contains("may take all of the collection");
    assert!(old.is_none(), "what was found without it is no answer to the question with it");
}

#[test]
fn a_deadline_is_set_when_a_call_is_handed_over_and_a_file_has_a_day() {
    let old = NOW_MS / 1_000 - 7_200;
    let made = lifeboat::app::Intent {
        to: Address::repeat_byte(7),
        calldata: [&[1, 2, 3, 4], U256::from(old).to_be_bytes::<32>().as_slice()].concat().into(),
        value: U256::ZERO,
        sentence: "Remove position 7".to_owned(),
        needs: Vec::new(),
        spends: Vec::new(),
        grants: Vec::new(),
        expires: Some(old),
    };
    for (offline, waits) in [(false, 1_200), (true, 86_400)] {
        let mut window = window(Screen::Positions, owner(), positions(Vec::new()));
        let now = window.state().snapshot.head.and_then(|head| head.block).map(|block| block.timestamp);
        let title = "Exit".to_owned();
        let calls = Calls { owner: owner(), title, left: vec![made.clone()], offline, begun: false };
        window.state_mut().state.positions.handed = Some(calls);
        window.run();
        let sent = window.state().commands.iter().find_map(|command| match command {
            Command::Wallet(WalletCommand::Review(request)) => Some(request.intent.clone()),
            _ => None,
        });
        let Some(lifeboat::app::signing::Intent::Call { data, .. }) = sent else { panic!("{sent:?}") };
        let until = U256::from_be_slice(&data[4..]);
        assert_eq!(until, U256::from(now.unwrap_or(NOW_MS / 1_000) + waits), "offline: {offline}");
    }
}
