//! `is_better_update`: which of two updates a server should keep for a period.

use super::process_update::is_supermajority;
use super::{Preset, Update};
use crate::networks::NetworkSpec;

impl<P: Preset> Update<P> {
    /// `is_better_update(self, other)`.
    pub fn is_better_than(&self, other: &Self, spec: &NetworkSpec) -> bool {
        let (new, old) = (self, other);
        let participants = |update: &Self| update.sync_aggregate.participants();
        if is_supermajority(new) != is_supermajority(old) {
            return is_supermajority(new);
        }
        if !is_supermajority(new) && participants(new) != participants(old) {
            return participants(new) > participants(old);
        }
        // A next committee counts only where the signature is of the attested header's own period.
        let relevant = |update: &Self| {
            update.has_next_sync_committee()
                && spec.period_at(update.attested_slot()) == spec.period_at(update.signature_slot)
        };
        if relevant(new) != relevant(old) {
            return relevant(new);
        }
        if new.has_finality() != old.has_finality() {
            return new.has_finality();
        }
        if new.has_finality() {
            let committee_final = |update: &Self| {
                spec.period_at(update.finalized_slot()) == spec.period_at(update.attested_slot())
            };
            if committee_final(new) != committee_final(old) {
                return committee_final(new);
            }
        }
        if participants(new) != participants(old) {
            return participants(new) > participants(old);
        }
        if new.attested_slot() != old.attested_slot() {
            return new.attested_slot() < old.attested_slot();
        }
        new.signature_slot < old.signature_slot
    }
}
