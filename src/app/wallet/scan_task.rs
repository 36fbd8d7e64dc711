//! The search for transfers in the wallet's loop: a step at a time, so that the newest is shown and it can be stopped.

use std::sync::Arc;

use alloy::primitives::Address;

use super::super::Reason;
use super::super::transfer_scan::{ScanFound, TransferScan, scan_step};
use super::ends::Job;
use super::task::WalletTask;
use crate::chain::Heads;

/// A search as a face shows it.
#[derive(Debug, Clone, Default)]
pub struct ScanView {
    /// How far it is.
    pub scan: TransferScan,
    /// A step is being read.
    pub running: bool,
    /// Why it could not begin.
    pub trouble: Option<Reason>,
}

impl WalletTask {
    /// Searches so many blocks more. Other accounts begin another search.
    pub(super) fn scan(&mut self, who: Vec<Address>, blocks: u64) {
        let heads = self.scan_heads();
        let Some(heads) = heads else { return };
        let head = heads.optimistic.number();
        let view = self.scan_view();
        if view.scan.who != who {
            *view = ScanView { running: view.running, ..ScanView::default() };
            view.scan = TransferScan::new(who);
        }
        view.scan.order(head, blocks);
        self.scan_on();
    }

    /// Searches again where blocks could not be proven.
    pub(super) fn scan_again(&mut self) {
        self.scan_view().scan.again();
        self.scan_on();
    }

    /// Stops after the step under way.
    pub(super) fn stop_scan(&mut self) {
        self.scan_view().scan.stop();
    }

    /// A step was read.
    pub(super) fn scanned(&mut self, who: &[Address], found: ScanFound) {
        let view = self.scan_view();
        view.running = false;
        if view.scan.who == who {
            view.scan.take(found); // else another search began meanwhile
        }
        self.scan_on();
    }

    fn scan_on(&mut self) {
        if self.scan_view().running || self.scan_view().scan.left() == 0 {
            return;
        }
        let Some(heads) = self.scan_heads() else { return };
        let view = self.scan_view();
        let Some(step) = view.scan.next_step() else { return };
        view.running = true;
        let who = view.scan.who.clone();
        let reader = self.wallet.inner.reads.reader().clone();
        self.jobs.spawn(async move {
            let found = scan_step(&reader, &heads, &who, step).await;
            Job::Scanned(who, found)
        });
    }

    fn scan_heads(&mut self) -> Option<Heads> {
        match self.wallet.heads() {
            Ok(heads) => {
                self.scan_view().trouble = None;
                Some(heads)
            }
            Err(reason) => {
                self.scan_view().trouble = Some(reason);
                None
            }
        }
    }

    fn scan_view(&mut self) -> &mut ScanView {
        Arc::make_mut(&mut self.view.scan)
    }
}
