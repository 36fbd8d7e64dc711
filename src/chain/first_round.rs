//! What calls are likely to read: learned from calls before them, or hinted at by an endpoint. None of it is believed.

use std::collections::BTreeSet;

use crate::execution::{Call, CallBatch, StateKey, Witness};
use crate::sources::HintedCall;

use super::access_memory::AccessMemory;
use super::{ReadError, StateAt};

/// Keys asked for in a first round because calls of the kind read them before.
const MAX_LEARNED: usize = 8_192;
/// A hint may name at most this many slots.
const MAX_HINTED: usize = 512;
/// More calls at once are not worth a hint each.
const MAX_HINTED_CALLS: usize = 4;

impl StateAt {
    /// What the calls name and what they are likely to read. A wrong guess costs bytes and never correctness, and a
    /// failure to prove what it names is not ours to report.
    pub(super) async fn first_round(
        &self,
        batch: &CallBatch,
        witness: &mut Witness,
    ) -> Result<BTreeSet<StateKey>, ReadError> {
        let named: BTreeSet<StateKey> = batch.named().into_iter().map(StateKey::Account).collect();
        self.reader().restore_access_sets();
        let (learned, new) = self.reader().memory().access.recall_all(batch.calls());
        let mut wanted = named.clone();
        wanted.extend(learned.into_iter().take(MAX_LEARNED));
        let hints = async { if batch.is_hypothetical() { BTreeSet::new() } else { self.hints(&new).await } };
        let (fetched, hinted) = futures::join!(self.fetch(&wanted, witness), hints);
        match fetched {
            Err(guess) if guess.refused().is_empty() && wanted.len() > named.len() => {
                self.fetch(&named, witness).await?;
            }
            fetched => fetched?,
        }
        if !hinted.is_empty()
            && let Err(error) = self.fetch(&hinted, witness).await
        {
            if !error.refused().is_empty() {
                return Err(error); // not the hint was wrong, a proof was
            }
            tracing::debug!(%error, "a hint led nowhere");
        }
        Ok(wanted)
    }

    async fn hints(&self, calls: &[&Call]) -> BTreeSet<StateKey> {
        if calls.len() > MAX_HINTED_CALLS {
            return BTreeSet::new();
        }
        let asked = calls.iter().filter(|call| call.to.is_some() && !call.input.is_empty()).map(|call| {
            let call =
                HintedCall { from: call.from, to: call.to, input: call.input.clone(), value: call.value };
            self.reader().edges.execution.access_hint(self.state_ref(), call)
        });
        let lists = futures::future::join_all(asked).await;
        let entries = lists.into_iter().filter_map(Result::ok).flat_map(|claim| claim.body);
        let keys = entries.flat_map(|(who, slots)| {
            let slots = slots.into_iter().map(move |slot| StateKey::Slot(who, slot));
            std::iter::once(StateKey::Account(who)).chain(slots)
        });
        keys.take(MAX_HINTED).collect()
    }

    /// Remembers what each call of a finished batch has read.
    pub(super) fn learn(&self, batch: &CallBatch, witness: &Witness, reads: &[BTreeSet<StateKey>]) {
        if batch.is_hypothetical() {
            return;
        }
        let keep = |key: &StateKey| match key {
            // Slots of an account without storage need no question.
            StateKey::Slot(who, _) => witness.account(*who).is_some_and(|one| !AccessMemory::is_bare(one)),
            StateKey::Account(_) | StateKey::BlockHash(_) => true,
            StateKey::Code(_) => false,
        };
        for (call, read) in batch.calls().iter().zip(reads) {
            let read = read.iter().filter(|key| keep(key)).copied().collect();
            self.reader().memory().access.remember(call, !batch.is_in_turn(), &read);
        }
    }
}
