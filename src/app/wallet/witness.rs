//! THREATS T07: before a signature that can lose much, others than the sync committee are asked for the head: at the
//! review, and again at the signature where the head moved in between.

use std::time::Duration;

use alloy::primitives::{B256, U256};

use super::super::Reason;
use super::desk::Wallet;
use crate::chain::{Weight, second_witness};
use crate::sources::EndpointId;
use crate::wallet::review::{Finding, Level, WitnessFact, witness_finding};

/// From this much on, ten ether in wei, value and fee are worth a second look at the chain.
const MUCH: U256 = U256::from_limbs([10_000_000_000_000_000_000, 0, 0, 0]);
/// Below this share of the committee, in percent, its word alone is thin; two thirds are the least that is taken.
const THIN_PERCENT: u64 = 80;
/// At the signature others are asked so many times: an honest one may be a second behind.
const TRIES: u32 = 3;
/// Between two of them.
const PAUSE: Duration = Duration::from_millis(700);

impl Wallet {
    /// What others say of the head, and of which; `None` where the review does not call for it. `cost` is what may leave.
    pub(super) async fn witness_of(&self, worst: Option<Level>, cost: U256) -> Option<(WitnessFact, B256)> {
        if !self.wants_witness(worst, cost) {
            return None;
        }
        let head = self.inner.reads.heads()?.optimistic.hash();
        // Without an answer there is no witness, which is itself worth knowing.
        let statements = self.inner.reads.statements().await.unwrap_or_default();
        Some((fact(second_witness(&statements)), head))
    }

    fn wants_witness(&self, worst: Option<Level>, cost: U256) -> bool {
        if worst == Some(Level::Block) {
            return false; // nothing can be signed
        }
        let thin = self.inner.reads.snapshot().head.is_some_and(|head| {
            let (signed, of) = (head.proven.participants(), head.proven.committee_size());
            signed.saturating_mul(100) < of.saturating_mul(THIN_PERCENT)
        });
        worst == Some(Level::Danger) || cost >= MUCH || thin
    }

    /// Asks others where their word is wanted and they were not asked about this very head: it moved since the review, or
    /// what was harmless grew into a danger. `shown` is what the person saw and answered; what is worse than that stops the
    /// signature.
    ///
    /// # Errors
    /// [`Reason`]: another block at the head, or fewer others who have it than the review said.
    pub(super) async fn witness_again(
        &self,
        (shown, cost): (&[Finding], U256),
        at: Option<B256>,
    ) -> Result<(), Reason> {
        let worst = shown.iter().map(|one| one.level).max();
        if at.is_none() && !self.wants_witness(worst, cost) {
            return Ok(());
        }
        let mut last = None;
        for attempt in 0..TRIES {
            let Some(heads) = self.inner.reads.heads() else { return Ok(()) };
            if Some(heads.optimistic.hash()) == at {
                return Ok(()); // they were asked about this very head
            }
            if attempt > 0 {
                tokio::time::sleep(PAUSE).await;
            }
            let statements = self.inner.reads.statements().await.unwrap_or_default();
            let found = witness_finding(&fact(second_witness(&statements)));
            if found.level == Level::Passed || accepted(shown, found.level) {
                return Ok(());
            }
            last = Some(found);
        }
        let said = last.map(|one| one.text).unwrap_or_default();
        Err(Reason::new(
            &format!("Others were asked about the head once more before the signature. {said}"),
            "nothing was signed",
            "look at it again: it is made anew on the newest state",
        ))
    }
}

/// The person was shown as much already, and went on.
fn accepted(shown: &[Finding], level: Level) -> bool {
    level < Level::Block && shown.iter().any(|one| one.check.0 == 26 && one.level == level)
}

fn fact(weight: Weight) -> WitnessFact {
    let names = |all: &[EndpointId]| all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match weight {
        Weight::Agreed { by } => WitnessFact::Agreed { by: by.len() },
        Weight::TooFew { by } => WitnessFact::TooFew { by: by.len() },
        Weight::Unsettled { by } => WitnessFact::Unsettled { by: names(&by) },
        Weight::Conflict { by } => WitnessFact::Conflict { by: names(&by) },
    }
}
