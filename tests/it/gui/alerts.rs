//! Alerts of loans: of every account, and also where their lender is silent.

use std::collections::HashMap;
use std::sync::Arc;

use alloy::primitives::{Address, B256};
use egui_kittest::kittest::Queryable as _;
use lifeboat::app::{
    Answer, BlockRef, Finality, Found, Loadable, PositionsAnswer, PositionsQuestion, ProtocolAnswer,
    ProtocolError, ProtocolQuestion, Question, Report, Snapshot,
};
use lifeboat::gui::{Screen, desktop_notices};

use super::positions::{snapshot, window};

const FIRST: Address = Address::repeat_byte(0x52);
const SECOND: Address = Address::repeat_byte(0x53);

fn read(owner: Address, lenders_fail: bool) -> (Question, Loadable<Answer>) {
    let at = BlockRef { number: 9, hash: B256::repeat_byte(1), timestamp: 9, finality: Finality::Optimistic };
    let found = || {
        if !lenders_fail {
            return Found::Positions(Vec::new());
        }
        Found::Failed(Arc::new(ProtocolError::Inconsistent { detail: "no answer".to_owned() }))
    };
    let lender =
        |name: &str| Report { protocol: "aave-v3".to_owned(), name: name.to_owned(), found: found() };
    let reports = ["Aave v3 Core", "Aave v3 Prime", "Aave v3 EtherFi", "Spark"].map(lender).to_vec();
    let answer = PositionsAnswer { owner, at, reports };
    let question = Question::Protocol(ProtocolQuestion::Positions(PositionsQuestion::all_of(owner)));
    (question, Loadable::Ready(Answer::Protocol(Arc::new(ProtocolAnswer::Positions(answer)))))
}

fn both(failing: [bool; 2]) -> Snapshot {
    let [first, second] = [read(FIRST, failing[0]), read(SECOND, failing[1])];
    let mut snapshot = snapshot(first.0.clone(), first.1.clone());
    snapshot.answers = Arc::new(HashMap::from([first, second]));
    snapshot
}

/// The alert of a loan went away by itself when its lender could not be read any more.
#[test]
fn a_silent_lender_of_another_account_is_told_of() {
    let mut window = window(Screen::Activity, FIRST, both([false, true]));
    window.state_mut().state.watch(SECOND, "Ledger 2", false);
    window.run();
    let title = "Ledger 2 · Aave v3 Core, Aave v3 Prime, Aave v3 EtherFi +1 could not be read";
    let said = |part: &str| window.query_all_by_label_contains(part).next().is_some();
    assert!(said(title), "no banner says it");
    assert!(said("Until then nothing here watches that loan."));
}

/// Two accounts whose names differ in their digits alone had one notice between them.
#[test]
fn each_account_has_its_own_notice() {
    let mut window = window(Screen::Activity, FIRST, both([true, true]));
    let stage = window.state_mut();
    let book = &mut stage.state.book.watched;
    book[0].name = "Ledger 1".to_owned();
    stage.state.watch(SECOND, "Ledger 2", false);
    let told = desktop_notices(&stage.snapshot, &mut stage.state, false);
    let of = |name: &str| told.iter().filter(|one| one.title.starts_with(name)).count();
    assert_eq!((of("Ledger 1"), of("Ledger 2")), (1, 1), "{told:?}");
    assert_eq!(desktop_notices(&stage.snapshot, &mut stage.state, false), [], "each is told once");
}
