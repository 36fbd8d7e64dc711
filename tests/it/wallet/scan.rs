//! Transfers of the user's accounts in recent blocks: found by proof, with what was looked at; what cannot be proven is
//! named and never taken for empty.

use alloy::primitives::U256;
use lifeboat::app::signing::{Amount, Asset, Intent};
use lifeboat::app::{Command, ScanCoverage, Snapshot, TransferScan, WalletCommand, scan_step};
use lifeboat::devnet::execution::{ExecutionLie, PRACTICE_DOLLAR};
use lifeboat::devnet::http::Fault;

use super::{Lab, pay, who};

/// Everything ordered, step by step, as the command line does it.
async fn scanned(lab: &Lab, blocks: u64) -> TransferScan {
    let reads = lab.handle.reads();
    let heads = reads.heads().unwrap();
    let mut scan = TransferScan::new(vec![who(0), who(3)]);
    scan.order(heads.optimistic.number(), blocks);
    while let Some(step) = scan.next_step() {
        let found = scan_step(reads.reader(), &heads, &scan.who, step).await;
        scan.take(found);
    }
    scan
}

#[tokio::test(flavor = "multi_thread")]
async fn payments_and_tokens_are_found_in_proven_blocks_and_a_block_that_lies_is_named() {
    let mut lab = Lab::start().await;
    let before = lab.handle.reads().heads().unwrap().optimistic.number();
    let ether = lab.sent(pay(3, 15)).await;
    lab.advance(2).await;
    let amount = Amount::Exactly(U256::from(5));
    let token = lab.sent(Intent::SendToken { token: PRACTICE_DOLLAR, to: who(4), amount }).await;
    lab.advance(2).await;
    let head = lab.handle.reads().heads().unwrap().optimistic.number();
    let blocks = head - before;
    let scan = scanned(&lab, blocks).await;
    let covered = scan.coverage().unwrap();
    let whole = ScanCoverage { first: before + 1, last: head, proven: blocks, of: blocks, failed: vec![] };
    assert_eq!(covered, whole);
    let found = |hash| scan.found.iter().filter(move |one| one.transaction == Some(hash)).collect::<Vec<_>>();
    let [payment] = found(ether)[..] else { panic!("{:?}", scan.found) };
    assert_eq!(
        (payment.transfer.asset, payment.transfer.from, payment.transfer.to),
        (Asset::Ether, who(0), who(3))
    );
    assert_eq!(payment.transfer.amount, U256::from(1_500_000_000_000_000_000_u64));
    let [moved] = found(token)[..] else { panic!("{:?}", scan.found) };
    assert_eq!(moved.transfer.asset, Asset::Erc20 { token: PRACTICE_DOLLAR });
    assert_eq!(
        (moved.transfer.from, moved.transfer.to, moved.transfer.amount),
        (who(0), who(4), U256::from(5))
    );
    assert!(moved.block.number > payment.block.number, "newest first");
    assert!(scan.found.iter().all(|one| one.block.number > before));
}

#[tokio::test(flavor = "multi_thread")]
async fn blocks_whose_receipts_are_bent_are_failures_and_another_try_reads_them() {
    let mut lab = Lab::start().await;
    let before = lab.handle.reads().heads().unwrap().optimistic.number();
    let hash = lab.sent(pay(3, 15)).await;
    lab.advance(3).await;
    lab.lie(Fault::Lying { lie: ExecutionLie::MissingReceipt });
    let head = lab.handle.reads().heads().unwrap().optimistic.number();
    let mut scan = scanned(&lab, head - before).await;
    let covered = scan.coverage().unwrap();
    assert!(!covered.failed.is_empty() && covered.proven < covered.of, "{covered:?}");
    assert_eq!(covered.of, head - before);
    assert!(scan.found.iter().all(|one| one.transaction != Some(hash)), "nothing bent is shown");
    // Endpoints that were caught are out; a network without them is another start.
    let lab = {
        lab.lie(Fault::Healthy);
        lab.restart().await
    };
    scan.again();
    let reads = lab.handle.reads();
    while let Some(step) = scan.next_step() {
        let found = scan_step(reads.reader(), &reads.heads().unwrap(), &scan.who, step).await;
        scan.take(found);
    }
    let covered = scan.coverage().unwrap();
    assert!(covered.failed.is_empty() && covered.proven == covered.of, "{covered:?}");
    assert!(scan.found.iter().any(|one| one.transaction == Some(hash)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_orders_a_search_stops_it_and_goes_on() {
    let mut lab = Lab::start().await;
    let hash = lab.sent(pay(3, 15)).await;
    lab.advance(2).await;
    let head = lab.handle.reads().heads().unwrap().optimistic.number();
    let order = |blocks| Command::Wallet(WalletCommand::Scan { who: vec![who(0)], blocks });
    lab.handle.send(order(20)).unwrap();
    let rests = |now: &Snapshot, least: u64| {
        let view = &now.wallet.scan;
        let proven = view.scan.coverage().map_or(0, |one| one.proven);
        !view.running && view.scan.left() == 0 && proven >= least
    };
    let wait = std::time::Duration::from_secs(60);
    let first =
        tokio::time::timeout(wait, lab.handle.wait_until(|now| rests(now, 20))).await.unwrap().unwrap();
    let covered = first.wallet.scan.scan.coverage().unwrap();
    assert_eq!((covered.last, covered.proven, covered.of), (head, 20, 20));
    assert!(first.wallet.scan.scan.found.iter().any(|one| one.transaction == Some(hash)));
    // A stop right behind an order: what is read is kept and counted, the rest is not claimed.
    lab.handle.send(order(64)).unwrap();
    lab.handle.send(Command::Wallet(WalletCommand::StopScan)).unwrap();
    let second =
        tokio::time::timeout(wait, lab.handle.wait_until(|now| rests(now, 21))).await.unwrap().unwrap();
    let covered = second.wallet.scan.scan.coverage().unwrap();
    assert!(covered.proven == covered.of && covered.of < 84, "{covered:?}");
}
