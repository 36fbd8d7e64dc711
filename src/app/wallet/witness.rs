//! THREATS T07: before a signature that can lose much, others than the sync committee are asked for the head.

use alloy::primitives::U256;

use super::desk::Wallet;
use crate::chain::{Weight, second_witness};
use crate::sources::EndpointId;
use crate::wallet::review::{Level, Review, WitnessFact};

/// From this much on, ten ether in wei, value and fee are worth a second look at the chain.
const MUCH: U256 = U256::from_limbs([10_000_000_000_000_000_000, 0, 0, 0]);
/// Below this share of the committee, in percent, its word alone is thin; two thirds are the least that is taken.
const THIN_PERCENT: u64 = 80;

impl Wallet {
    /// What others say of the head; `None` where the review does not call for it.
    pub(super) async fn witness(&self, review: &Review) -> Option<WitnessFact> {
        if !self.wants_witness(review) {
            return None;
        }
        // Without an answer there is no witness, which is itself worth knowing.
        let statements = self.inner.reads.statements().await.unwrap_or_default();
        Some(fact(second_witness(&statements)))
    }

    fn wants_witness(&self, review: &Review) -> bool {
        let worst = review.findings.iter().map(|one| one.level).max();
        if worst == Some(Level::Block) {
            return false; // nothing can be signed
        }
        let thin = self.inner.reads.snapshot().head.is_some_and(|head| {
            let (signed, of) = (head.proven.participants(), head.proven.committee_size());
            signed.saturating_mul(100) < of.saturating_mul(THIN_PERCENT)
        });
        worst == Some(Level::Danger) || review.tx.max_cost() >= MUCH || thin
    }
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
