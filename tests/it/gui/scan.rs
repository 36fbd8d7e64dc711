//! Activity's search for transfers: ordered, stopped, and its coverage said.

use std::sync::Arc;

use alloy::primitives::{Address, B256, U256};
use egui_kittest::kittest::Queryable as _;
use lifeboat::app::signing::Asset;
use lifeboat::app::{
    Command, FoundTransfer, Reason, ScanFound, ScanView, Transfer, TransferScan, WalletCommand,
};
use lifeboat::gui::Screen;

use super::lab::{Window, click, desk, open_window, says, words};

fn accounts(window: &Window) -> Vec<Address> {
    let mut all: Vec<Address> = window.state().state.book.watched.iter().map(|one| one.address).collect();
    all.sort_unstable();
    all
}

/// Activity with a search that looked at blocks 90 to 99: 93 and 94 could not be proven.
fn searched(running: bool) -> Window {
    let mut desk = desk(Screen::Activity);
    let block = desk.snapshot.head.unwrap().block.unwrap();
    let mut who: Vec<Address> = desk.state.book.watched.iter().map(|one| one.address).collect();
    who.sort_unstable();
    let found = |asset, from, to, amount: u64| FoundTransfer {
        block,
        transaction: Some(B256::repeat_byte(1)),
        transfer: Transfer { asset, from, to, amount: U256::from(amount) },
    };
    let (own, other, token) =
        (desk.state.book.watched[0].address, Address::repeat_byte(0x77), Address::repeat_byte(9));
    let transfers = vec![
        found(Asset::Ether, other, own, 1_500_000_000_000_000_000),
        found(Asset::Erc20 { token }, other, own, 1),
    ];
    let mut scan = TransferScan::new(who);
    scan.take(ScanFound::of(
        (90..100)
            .map(|number| match number {
                93 | 94 => (number, Err(Reason::new("No endpoint has the receipts", "", ""))),
                99 => (number, Ok(transfers.clone())),
                _ => (number, Ok(vec![])),
            })
            .collect(),
    ));
    if running {
        scan.order(99, 48);
    }
    Arc::make_mut(&mut desk.snapshot.wallet).scan = Arc::new(ScanView { scan, running, trouble: None });
    open_window(desk)
}

fn sent(window: &Window) -> Vec<WalletCommand> {
    let of = |one: &Command| match one {
        Command::Wallet(order) => Some(order.clone()),
        _ => None,
    };
    window.state().sent.iter().filter_map(of).collect()
}

#[test]
fn a_search_is_ordered_for_every_account() {
    let mut window = open_window(desk(Screen::Activity));
    click(&mut window, "Scan the last 100 blocks");
    let who = accounts(&window);
    assert_eq!(who.len(), 2);
    assert!(sent(&window).contains(&WalletCommand::Scan { who: who.clone(), blocks: 100 }));
    click(&mut window, "Scan now");
    assert!(sent(&window).contains(&WalletCommand::Scan { who, blocks: 7_200 }));
}

#[test]
fn coverage_names_what_could_not_be_proven_and_bait_is_folded() {
    let mut window = searched(false);
    for part in [
        "Shown: blocks 90–99, 8 of 10 proven. There may be more.",
        "Blocks 93–94 could not be proven, so what is in them is not known: No endpoint has the receipts.",
        "+1.5 ETH",
    ] {
        assert!(says(&window, part), "{part}: {:?}", words(&window));
    }
    let folded = "1 transfers hidden: zero-value or unlisted tokens, often used for address poisoning";
    assert!(!says(&window, "1 raw units of"));
    click(&mut window, folded);
    assert!(says(&window, "1 raw units of"));
    click(&mut window, "Try the failed blocks again");
    click(&mut window, "Scan 1000 blocks before");
    let who = accounts(&window);
    let orders = sent(&window);
    assert!(orders.contains(&WalletCommand::ScanAgain));
    assert!(orders.contains(&WalletCommand::Scan { who, blocks: 1_000 }));
}

#[test]
fn a_running_search_can_be_stopped_and_one_for_other_accounts_is_not_shown() {
    let mut window = searched(true);
    assert!(says(&window, "Reading blocks: 48 left after this step."), "{:?}", words(&window));
    click(&mut window, "Stop");
    assert!(sent(&window).contains(&WalletCommand::StopScan));
    let mut window = searched(false);
    window.state_mut().state.watch(Address::repeat_byte(0x42), "New", true);
    window.run();
    assert!(!says(&window, "8 of 10 proven"), "it was not looked for");
    assert!(window.query_by_label("Scan the last 100 blocks").is_some());
}
