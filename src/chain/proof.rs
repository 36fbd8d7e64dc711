//! Proofs to hand on: what `eth_getProof` answers, checked here and put in order.

use alloy::primitives::{Address, Bytes, U256};

use crate::execution::{Account, ProofError, Proven, account_path, slot_path};
use crate::sources::RawAccountProof;

use super::attempts::ask_until_verified;
use super::{ReadError, StateAt};

/// A slot, its proven value, and the nodes that prove it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvenSlot {
    /// The slot.
    pub key: U256,
    /// Its value.
    pub value: U256,
    /// Trie nodes from the storage root down.
    pub nodes: Vec<Bytes>,
}

/// An account and slots of it with the nodes that prove them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateProof {
    /// The account.
    pub account: Proven<Account>,
    /// Trie nodes from the state root down.
    pub nodes: Vec<Bytes>,
    /// The slots, in the order asked.
    pub slots: Vec<ProvenSlot>,
}

impl StateAt {
    /// The account of `who` and its `slots`, each of them named once, with the nodes that prove them: exactly those on
    /// the way, whatever else an endpoint sent.
    ///
    /// # Errors
    /// See [`StateAt::accounts`].
    pub async fn proof(&self, who: Address, slots: &[U256]) -> Result<StateProof, ReadError> {
        let source = &*self.reader().edges.execution;
        let (at, questions) = (self.state_ref(), [(who, slots.to_vec())]);
        ask_until_verified(source, || source.proofs(at, &questions), |raw| self.ordered(who, slots, raw))
            .await
    }

    fn ordered(
        &self,
        who: Address,
        slots: &[U256],
        raw: &[RawAccountProof],
    ) -> Result<StateProof, ProofError> {
        let [raw] = raw else { return Err(ProofError::AnswerMissing) };
        let (account, proven) = self.verify_one(who, slots, raw)?;
        let nodes = account_path(self.header(), who, &raw.account_nodes)?;
        let slots = proven.iter().map(|slot| {
            let (key, value) = (slot.value().key, slot.value().value);
            // An answer may be left out where there is no storage at all: then no node is on the way either.
            let sent = raw.storage.iter().find(|one| one.key == key).map(|one| one.nodes.as_slice());
            Ok(ProvenSlot { key, value, nodes: slot_path(&account, key, sent.unwrap_or_default())? })
        });
        Ok(StateProof { slots: slots.collect::<Result<_, ProofError>>()?, account, nodes })
    }
}
