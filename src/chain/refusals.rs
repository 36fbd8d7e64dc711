//! What was refused on the way to a head, and what that comes to when nothing is left to ask.

use crate::consensus::ConsensusError;
use crate::networks::NetworkSpec;
use crate::sources::{Claim, RawBeacon};

use super::error::rule_of;
use super::{ChainEdges, Refused, SyncError};

/// A step is given up after this many refused answers; each one quarantined an endpoint or put it behind the others.
const MAX_REFUSED: usize = 16;

/// The refused answers of one step.
#[derive(Debug, Default)]
pub(super) struct Refusals {
    lies: Vec<Refused>,
    /// Answers in the form of a fork that this build does not know.
    unknown: Vec<Refused>,
}

impl Refusals {
    pub(super) fn is_empty(&self) -> bool {
        self.lies.is_empty() && self.unknown.is_empty()
    }

    /// Blames a reply that broke a rule. A form that this build does not know is no lie: the network may have moved on. Its
    /// endpoint is only asked after the others, since it may as well have made the form up.
    ///
    /// # Errors
    /// [`Refusals::given_up`] once too many were refused, or the same endpoint shows an unknown form again.
    pub(super) fn refuse(
        &mut self,
        edges: &ChainEdges,
        claim: &Claim<RawBeacon>,
        error: &ConsensusError,
    ) -> Result<(), SyncError> {
        let refused = Refused { endpoint: claim.from.clone(), rule: rule_of(error) };
        let mut again = false;
        if let ConsensusError::UnknownFork { .. } = error {
            again = self.unknown.iter().any(|one| one.endpoint == refused.endpoint);
            edges.beacon.stale(&claim.from, behind_all(&edges.spec));
            self.unknown.push(refused);
        } else {
            edges.beacon.blame(&claim.from, &refused.rule, &claim.evidence);
            self.lies.push(refused);
        }
        let many = self.lies.len().saturating_add(self.unknown.len()) >= MAX_REFUSED;
        if again || many { Err(self.given_up()) } else { Ok(()) }
    }

    /// Why there is no answer: the network has outgrown this build where every answer but the lies says so.
    pub(super) fn given_up(&mut self) -> SyncError {
        match self.unknown.first() {
            Some(one) => SyncError::NeedsUpdate { detail: format!("{}: {}", one.endpoint, one.rule) },
            None => SyncError::AllRefused { refused: std::mem::take(&mut self.lies) },
        }
    }
}

/// How far behind an endpoint counts that is to be asked after the others.
pub(super) fn behind_all(spec: &NetworkSpec) -> u64 {
    spec.slots_per_period()
}
