//! Transfers of some accounts in recent blocks, looked for on request: ether at the top of a transaction, withdrawals of
//! validators, and tokens by the logs of proven receipts. Every block is read whole or named as not read; ether that
//! contracts pass on inside a call leaves no trace in a block and is not found.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use alloy::primitives::{Address, B256, BloomInput, U256};

use super::Reason;
use crate::chain::{BlockQuery, Heads, ReadError, Reader};
use crate::execution::{Asset, BlockBody, BlockRef, ProvenHeader, Receipt, Transfer, transfers_in};

/// Blocks of one step: after each the newest is shown, and it can be stopped.
const STEP: u64 = 16;
/// Blocks read at once.
const AT_ONCE: usize = 4;
/// Transfers kept; somebody who is sent more is sent dust.
const MOST_FOUND: usize = 5_000;
/// A gwei in wei: withdrawals are counted in it.
const GWEI: U256 = U256::from_limbs([1_000_000_000, 0, 0, 0]);

/// A transfer in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundTransfer {
    /// Its block.
    pub block: BlockRef,
    /// The transaction; `None` for a withdrawal of a validator.
    pub transaction: Option<B256>,
    /// What moved.
    pub transfer: Transfer,
}

/// A run of blocks that is still to be read, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScanStep {
    /// Its newest block.
    pub last: u64,
    /// How many.
    pub count: u64,
}

/// What a step found, block by block.
#[derive(Debug, Clone)]
pub struct ScanFound(Vec<(u64, Result<Vec<FoundTransfer>, Reason>)>);

/// What was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScanCoverage {
    /// Oldest block looked at.
    pub first: u64,
    /// Newest block looked at.
    pub last: u64,
    /// Blocks that were proven and read whole.
    pub proven: u64,
    /// Blocks looked at.
    pub of: u64,
    /// Runs of blocks that could not be proven, newest first, each with why. What is in them is not known.
    pub failed: Vec<(u64, u64, Reason)>,
}

/// A search for transfers, step by step.
#[derive(Debug, Clone, Default)]
pub struct TransferScan {
    /// Whose transfers.
    pub who: Vec<Address>,
    /// What was found, newest first.
    pub found: Vec<FoundTransfer>,
    /// There was more than is kept.
    pub is_cut: bool,
    read: BTreeSet<u64>,
    failed: BTreeMap<u64, Reason>,
    ahead: VecDeque<ScanStep>,
}

impl TransferScan {
    /// Most blocks of one order: about a day.
    pub const MOST_BLOCKS: u64 = 7_200;

    /// Nothing was looked at yet.
    pub fn new(who: Vec<Address>) -> Self {
        Self { who, ..Self::default() }
    }

    /// Orders so many blocks more: the newest ones, or those before what was looked at. Blocks that came since are read in
    /// any case, so that what was looked at has no holes.
    pub fn order(&mut self, head: u64, blocks: u64) {
        let newest = self.looked_at().next_back();
        if let Some(newest) = newest.filter(|newest| self.ahead.is_empty() && head > *newest) {
            self.push(head, head.saturating_sub(newest));
        }
        let ahead = self.ahead.iter().map(|step| step.first()).min();
        let oldest = [self.looked_at().next(), ahead].into_iter().flatten().min();
        let Some(last) = oldest.map_or(Some(head), |first| first.checked_sub(1)) else { return };
        self.push(last, blocks.min(Self::MOST_BLOCKS));
    }

    /// So many blocks back from `last`, or fewer where the chain begins.
    fn push(&mut self, last: u64, blocks: u64) {
        let (mut last, mut left) = (last, blocks);
        while left > 0 {
            let count = left.min(STEP).min(last.saturating_add(1));
            self.ahead.push_back(ScanStep { last, count });
            left = left.saturating_sub(count);
            match last.checked_sub(count) {
                Some(before) => last = before,
                None => return,
            }
        }
    }

    /// Orders again what could not be proven.
    pub fn again(&mut self) {
        let failed = std::mem::take(&mut self.failed);
        for number in failed.into_keys().rev() {
            match self.ahead.back_mut() {
                Some(step) if step.first() == number.saturating_add(1) && step.count < STEP => {
                    step.count = step.count.saturating_add(1);
                }
                _ => self.ahead.push_back(ScanStep { last: number, count: 1 }),
            }
        }
    }

    /// Forgets what is still ahead. What was found stays.
    pub fn stop(&mut self) {
        self.ahead.clear();
    }

    /// Blocks still ahead.
    pub fn left(&self) -> u64 {
        self.ahead.iter().map(|step| step.count).sum()
    }

    /// The next step, taken off what is ahead.
    pub fn next_step(&mut self) -> Option<ScanStep> {
        self.ahead.pop_front()
    }

    /// Takes what a step found.
    pub fn take(&mut self, found: ScanFound) {
        for (number, outcome) in found.0 {
            match outcome {
                Ok(transfers) => {
                    self.failed.remove(&number);
                    if self.read.insert(number) {
                        self.found.extend(transfers);
                    }
                }
                Err(reason) => drop(self.failed.insert(number, reason)),
            }
        }
        self.found.sort_by_key(|one| std::cmp::Reverse(one.block.number)); // stable: the order in a block stays
        self.is_cut = self.is_cut || self.found.len() > MOST_FOUND;
        self.found.truncate(MOST_FOUND);
    }

    /// What was looked at; `None` where nothing was.
    pub fn coverage(&self) -> Option<ScanCoverage> {
        let (first, last) = (self.looked_at().next()?, self.looked_at().next_back()?);
        let count = |of: usize| u64::try_from(of).unwrap_or(u64::MAX);
        let proven = count(self.read.len());
        let of = proven.saturating_add(count(self.failed.len()));
        let mut failed: Vec<(u64, u64, Reason)> = Vec::new();
        for (number, reason) in self.failed.iter().rev() {
            match failed.last_mut() {
                Some((from, _, why)) if *from == number.saturating_add(1) && why == reason => *from = *number,
                _ => failed.push((*number, *number, reason.clone())),
            }
        }
        Some(ScanCoverage { first, last, proven, of, failed })
    }

    /// Every block looked at, oldest first.
    fn looked_at(&self) -> impl DoubleEndedIterator<Item = u64> {
        let all: BTreeSet<u64> = self.read.iter().chain(self.failed.keys()).copied().collect();
        all.into_iter()
    }
}

impl ScanFound {
    /// Of these blocks.
    pub fn of(blocks: Vec<(u64, Result<Vec<FoundTransfer>, Reason>)>) -> Self {
        Self(blocks)
    }
}

impl ScanStep {
    /// Its oldest block.
    pub fn first(&self) -> u64 {
        self.last.saturating_sub(self.count.saturating_sub(1))
    }
}

/// Reads one step. A block that cannot be proven is named with why; it is never taken for an empty one.
pub async fn scan_step(reader: &Reader, heads: &Heads, who: &[Address], step: ScanStep) -> ScanFound {
    let run = match reader.block(heads, BlockQuery::Number(step.last)).await {
        Ok(newest) => reader.back_from(&newest, step.count).await,
        Err(error) => Err(error),
    };
    let headers = match run {
        Ok(headers) => headers,
        Err(error) => {
            let reason = Reason::from(&error);
            let all = (step.first()..=step.last).map(|number| (number, Err(reason.clone())));
            return ScanFound(all.collect());
        }
    };
    let mut found = Vec::with_capacity(headers.len());
    for some in headers.chunks(AT_ONCE) {
        let reads = some.iter().map(|header| async move {
            let read = transfers_of(reader, header, who).await;
            (header.number(), read.map_err(|error| Reason::from(&error)))
        });
        found.extend(futures::future::join_all(reads).await);
    }
    ScanFound(found)
}

/// The transfers of one block.
async fn transfers_of(
    reader: &Reader,
    header: &Arc<ProvenHeader>,
    who: &[Address],
) -> Result<Vec<FoundTransfer>, ReadError> {
    let body = reader.body(header).await?.into_value();
    let sends =
        |from: Address, to: Option<Address>| who.contains(&from) || to.is_some_and(|to| who.contains(&to));
    let pays = body.transactions.iter().any(|one| !one.value().is_zero() && sends(one.sender, one.to()));
    let receipts = match pays || may_hold(header, who) {
        true => reader.receipts(header).await?.into_value(),
        false => Vec::new(),
    };
    Ok(in_block(&body, &receipts, header.block_ref(), who))
}

/// A proven bloom has no false "no": without an account's word in it no log names that account.
fn may_hold(header: &ProvenHeader, who: &[Address]) -> bool {
    let bloom = &header.fields().logs_bloom;
    who.iter().any(|one| bloom.contains_input(BloomInput::Raw(one.into_word().as_slice())))
}

fn in_block(body: &BlockBody, receipts: &[Receipt], block: BlockRef, who: &[Address]) -> Vec<FoundTransfer> {
    let own = |one: &Transfer| who.contains(&one.from) || who.contains(&one.to);
    let mut found = Vec::new();
    for (transaction, receipt) in body.transactions.iter().zip(receipts) {
        let mut add = |transfer: Transfer| {
            if own(&transfer) {
                found.push(FoundTransfer { block, transaction: Some(transaction.hash), transfer });
            }
        };
        // One that failed moved nothing.
        if receipt.status.coerce_status()
            && !transaction.value().is_zero()
            && let Some(to) = transaction.to()
        {
            let (from, amount) = (transaction.sender, transaction.value());
            add(Transfer { asset: Asset::Ether, from, to, amount });
        }
        receipt.logs.iter().flat_map(transfers_in).for_each(add);
    }
    for one in body.withdrawals.iter().flat_map(|all| all.iter()).filter(|one| who.contains(&one.address)) {
        let amount = U256::from(one.amount).saturating_mul(GWEI);
        let transfer = Transfer { asset: Asset::Ether, from: Address::ZERO, to: one.address, amount };
        found.push(FoundTransfer { block, transaction: None, transfer });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(what: &str) -> Reason {
        Reason::new(what, "", "")
    }

    fn steps(scan: &mut TransferScan) -> Vec<(u64, u64)> {
        std::iter::from_fn(|| scan.next_step()).map(|step| (step.last, step.count)).collect()
    }

    #[test]
    fn an_order_goes_back_from_the_head_and_a_second_one_goes_on() {
        let mut scan = TransferScan::new(vec![]);
        scan.order(100, 20);
        assert_eq!(scan.left(), 20);
        assert_eq!(steps(&mut scan), [(100, 16), (84, 4)]);
        scan.take(ScanFound((81..=100).map(|number| (number, Ok(vec![]))).collect()));
        scan.order(110, 5);
        assert_eq!(steps(&mut scan), [(110, 10), (80, 5)], "what came since leaves no hole");
        let mut scan = TransferScan::new(vec![]);
        scan.order(3, 100);
        assert_eq!(steps(&mut scan), [(3, 4)], "the chain has a beginning");
        scan.take(ScanFound((0..=3).map(|number| (number, Ok(vec![]))).collect()));
        scan.order(3, 100);
        assert_eq!(steps(&mut scan), []);
    }

    #[test]
    fn blocks_that_failed_are_named_and_never_counted_as_read() {
        let mut scan = TransferScan::new(vec![]);
        assert_eq!(scan.coverage(), None);
        let one = |number: u64| match number {
            93 | 94 => (number, Err(why("receipts"))),
            97 => (number, Err(why("body"))),
            _ => (number, Ok(vec![])),
        };
        scan.take(ScanFound((90..100).map(one).collect()));
        let covered = scan.coverage().unwrap();
        assert_eq!((covered.first, covered.last, covered.proven, covered.of), (90, 99, 7, 10));
        assert_eq!(covered.failed, [(97, 97, why("body")), (93, 94, why("receipts"))]);
        scan.again();
        assert_eq!(steps(&mut scan), [(97, 1), (94, 2)]);
        scan.take(ScanFound(vec![(93, Ok(vec![])), (94, Ok(vec![])), (97, Err(why("body")))]));
        let covered = scan.coverage().unwrap();
        assert_eq!((covered.proven, covered.of), (9, 10));
        assert_eq!(covered.failed, [(97, 97, why("body"))]);
    }

    #[test]
    fn a_stop_forgets_what_is_ahead_and_keeps_what_was_found() {
        let mut scan = TransferScan::new(vec![]);
        scan.order(100, 40);
        scan.next_step();
        scan.stop();
        assert_eq!((scan.left(), scan.next_step()), (0, None));
        scan.take(ScanFound((85..=100).map(|number| (number, Ok(vec![]))).collect()));
        assert_eq!(scan.coverage().unwrap().proven, 16);
    }
}
