//! The transaction's page and Activity: each state says its exact sentence.

use std::sync::Arc;

use alloy::primitives::{B256, U256};
use lifeboat::app::{Command, PositionsQuestion, ProtocolQuestion, Question, Replacement, WalletCommand};
use lifeboat::gui::{Screen, desktop_notices, refresh};
use lifeboat::wallet::{BlockMark, Entry, SendOutcome};

use super::lab::{click, open_window, says, words};
use super::wallet_lab::{journal, keyed, on_page, signed};

const BLOCK: BlockMark = BlockMark { number: 23_944_944, hash: B256::ZERO };

fn sent(hash: B256, count: usize) -> Entry {
    let answers = (0..count).map(|at| (format!("node-{at}"), SendOutcome::Accepted)).collect();
    Entry::Sent { hash, at_ms: 2_000, answers }
}

fn included(hash: B256, success: bool) -> Entry {
    let reason = (!success).then(|| "health factor too low".to_owned());
    let fee = U256::from(142_000_000_000_000_u64);
    Entry::Included { hash, at_ms: 3_000, block: BLOCK, index: 112, success, fee, reason }
}

#[test]
fn each_state_says_its_exact_sentence() {
    let one = signed(211);
    let hash = one.hash();
    let winner = B256::repeat_byte(0x77);
    let replaced = Entry::Replaced { hash, at_ms: 3_000, by: Some(winner), is_final: true };
    let cases: [(Vec<Entry>, u64, String); 8] = [
        (vec![], 2_000, "Signed and saved. Not sent yet.".to_owned()),
        (
            vec![sent(hash, 5)],
            4_000,
            "Accepted by 5 of 5 endpoints. Acceptance is not proof; inclusion will be.".to_owned(),
        ),
        (
            vec![sent(hash, 1)],
            190_000,
            "Not in a block yet. It can still be included at any time until nonce 211 is used.".to_owned(),
        ),
        (
            vec![sent(hash, 1), included(hash, true)],
            4_000,
            "In block 23\u{2009}944\u{2009}944, position 112. Result: success. Proven by receipt.".to_owned(),
        ),
        (
            vec![included(hash, true), Entry::Final { hash, at_ms: 9 }],
            4_000,
            "Final. The network treats it as settled.".to_owned(),
        ),
        (
            vec![included(hash, false)],
            4_000,
            "It was included but failed, so nothing moved except the fee 0.000142 ETH. Reason: health factor too low"
                .to_owned(),
        ),
        (
            vec![replaced],
            4_000,
            format!("Another transaction with nonce 211 was included: {winner}. This one can never run."),
        ),
        (
            vec![included(hash, true), Entry::Reorged { hash, at_ms: 9, block: BLOCK }],
            4_000,
            "Block 23\u{2009}944\u{2009}944 was replaced. The transaction is waiting again; do not resend a different one."
                .to_owned(),
        ),
    ];
    for (more, now_ms, sentence) in cases {
        let window = open_window(on_page(journal(&one, &more, now_ms), hash));
        assert!(words(&window).contains(&sentence), "{sentence}: {:?}", words(&window));
        let waiting = sentence.contains("Not in a block") || sentence.contains("waiting again");
        assert_eq!(
            says(&window, "Speed up"),
            waiting || now_ms < 5_000 && more.len() < 2 && !settled(&sentence)
        );
    }
}

fn settled(sentence: &str) -> bool {
    ["In block", "Final", "It was included", "Another transaction"]
        .iter()
        .any(|begin| sentence.starts_with(begin))
}

#[test]
fn speed_up_and_cancel_open_a_review_and_say_that_it_is_a_race() {
    let one = signed(211);
    let mut window = open_window(on_page(journal(&one, &[sent(one.hash(), 2)], 4_000), one.hash()));
    assert!(says(&window, "The old one can still win") || says(&window, "the old one can still win"));
    click(&mut window, "Cancel it");
    let order = WalletCommand::ReviewReplacement { hash: one.hash(), kind: Replacement::Cancel };
    assert!(window.state().sent.contains(&Command::Wallet(order)));
    assert_eq!(window.state().state.screen, Screen::Review);
}

#[test]
fn an_earlier_nonce_that_blocks_is_named_and_led_to() {
    let (first, second) = (signed(210), signed(211));
    let mut all = journal(&second, &[sent(second.hash(), 1)], 4_000);
    all.extend(journal(&first, &[sent(first.hash(), 1)], 4_000));
    let mut window = open_window(on_page(all, second.hash()));
    assert!(says(&window, "Transaction 210 is blocking this one."));
    click(&mut window, "Go to 210");
    assert_eq!(window.state().state.wallet.transaction, Some(first.hash()));
}

#[test]
fn what_endpoints_said_is_never_shown_as_known() {
    let one = signed(211);
    let window = open_window(on_page(journal(&one, &[sent(one.hash(), 5)], 4_000), one.hash()));
    assert!(says(&window, "Sent to 5 of 5: done"));
    assert!(says(&window, "Known as: Unverified"));
}

#[test]
fn activity_lists_the_journal_and_says_what_it_covers() {
    let window = open_window(keyed(Screen::Activity, true));
    let empty =
        "No activity known on this computer. Lifeboat scans the last 7200 blocks for transfers when asked.";
    assert!(says(&window, empty), "{:?}", words(&window));
    let one = signed(211);
    let mut desk = on_page(journal(&one, &[included(one.hash(), false)], 4_000), one.hash());
    desk.state.screen = Screen::Activity;
    let window = open_window(desk);
    assert!(says(&window, "Send 1.25 ETH, Failed"), "{:?}", words(&window));
    assert!(says(&window, "Shown: everything signed on this computer."));
}

#[test]
fn a_repaired_journal_is_told_of() {
    let mut desk = keyed(Screen::Activity, true);
    let words = "The journal was damaged. Every record that could be read was taken over.";
    Arc::make_mut(&mut desk.snapshot.wallet).repaired = Some(words.to_owned());
    let window = open_window(desk);
    assert!(says(&window, words), "{:?}", self::words(&window));
}

/// The factor before a repay must not stand until the next round of reads.
#[test]
fn when_a_transaction_lands_the_positions_of_its_account_are_read_again() {
    let one = signed(211);
    let who = one.from();
    let positions = Question::Protocol(ProtocolQuestion::Positions(PositionsQuestion::all_of(who)));
    let mut desk = keyed(Screen::Transaction, true);
    desk.state.watch(who, "Key", true);
    let mut read = |entries: &[Entry]| {
        let journal = journal(&one, entries, 4_000);
        Arc::make_mut(&mut desk.snapshot.wallet).history = journal.into();
        desk.sent.clear();
        // One question a frame.
        for _ in 0..4 {
            refresh(&desk.snapshot, &mut desk.state, &mut desk.sent);
        }
        desk.sent.iter().filter(|command| **command == Command::Ask(positions.clone())).count()
    };
    let hash = one.hash();
    assert_eq!(read(&[sent(hash, 1)]), 1, "the first time");
    assert_eq!(read(&[sent(hash, 1)]), 0, "it is new");
    assert_eq!(read(&[sent(hash, 1), included(hash, true)]), 1, "it moved");
    assert_eq!(read(&[sent(hash, 1), included(hash, true)]), 0, "once");
    assert_eq!(read(&[sent(hash, 1)]), 1, "its block was left");
}

/// Who waits for an inclusion does not look at the window all the time.
#[test]
fn the_desktop_is_told_what_became_of_it_while_the_window_is_behind() {
    let one = signed(211);
    let hash = one.hash();
    let mut desk = on_page(journal(&one, &[sent(hash, 2)], 4_000), hash);
    desktop_notices(&desk.snapshot, &mut desk.state, false);
    assert_eq!(desktop_notices(&desk.snapshot, &mut desk.state, false), [], "nothing moved");
    let done = |more: &[Entry]| on_page(journal(&one, more, 4_000), hash).snapshot.wallet.clone();
    desk.snapshot.wallet = done(&[sent(hash, 2), included(hash, true)]);
    let told = desktop_notices(&desk.snapshot, &mut desk.state, false);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].line.starts_with("In block 23\u{2009}944\u{2009}944"), "{told:?}");
    assert_eq!(desktop_notices(&desk.snapshot, &mut desk.state, false), [], "it is told once");
    // In front of the user the window itself says it, and it is no news afterwards.
    desk.snapshot.wallet = done(&[sent(hash, 2), included(hash, true), Entry::Final { hash, at_ms: 4_000 }]);
    assert_eq!(desktop_notices(&desk.snapshot, &mut desk.state, true), []);
    assert_eq!(desktop_notices(&desk.snapshot, &mut desk.state, false), []);
    // Who hides amounts hides them there too, and who wants no notices gets none.
    desk.snapshot.wallet = done(&[sent(hash, 2), included(hash, false)]);
    desk.state.kept.hide_amounts = true;
    let told = desktop_notices(&desk.snapshot, &mut desk.state, false);
    assert!(told.len() == 1 && !told[0].line.contains("0.000142"), "{told:?}");
    desk.snapshot.wallet = done(&[sent(hash, 2)]);
    desktop_notices(&desk.snapshot, &mut desk.state, false);
    desk.state.kept.no_notices = true;
    desk.snapshot.wallet = done(&[sent(hash, 2), included(hash, false)]);
    assert_eq!(desktop_notices(&desk.snapshot, &mut desk.state, false), []);
}
