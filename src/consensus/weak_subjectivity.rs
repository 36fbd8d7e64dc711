//! How old a trusted root may be.

use crate::networks::{Fork, NetworkSpec};

/// `compute_weak_subjectivity_period` of Electra at 33.5 million ETH staked: about 15.7 days. The real period depends
/// on the total stake, which a light client does not see; less stake would make it shorter only slowly.
const ELECTRA_BOUND_EPOCHS: u64 = 3_532;
/// The same under the churn limits of EIP-8061 (Gloas): about 7.0 days.
const GLOAS_BOUND_EPOCHS: u64 = 1_567;

/// Age in epochs up to which a finalized root may be trusted at `epoch` (inclusive).
pub fn weak_subjectivity_bound_epochs(spec: &NetworkSpec, epoch: u64) -> u64 {
    if spec.forks.fork_at(epoch) >= Fork::Gloas { GLOAS_BOUND_EPOCHS } else { ELECTRA_BOUND_EPOCHS }
}
