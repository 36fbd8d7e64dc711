//! Bootstrap and updates as each fork sends them: one generic container, one form a fork.

use std::fmt::Debug;

use alloy::primitives::B256;
use alloy::serde::displayfromstr;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use ssz_derive::{Decode, Encode};
use ssz_types::FixedVector;
use tree_hash::TreeHash;
use tree_hash_derive::TreeHash;
use typenum::{U5, U6, U7, U9, U11, Unsigned};

use super::headers::{AltairHeader, CapellaHeader, DenebHeader, GloasHeader};
use super::upgrade::UpgradeHeader;
use crate::consensus::{Preset, SyncAggregate, SyncCommittee};
use crate::networks::{Fork, Slot};

/// What differs between forks: the header and the length of branches.
pub trait ForkForm: 'static + Debug + Clone + PartialEq + Eq + Default {
    /// Light-client header of the fork.
    type Header: ssz::Encode
        + ssz::Decode
        + TreeHash
        + Serialize
        + DeserializeOwned
        + Debug
        + Clone
        + PartialEq
        + Eq
        + Default
        + UpgradeHeader;
    /// Length of a committee's branch.
    type CommitteeDepth: Unsigned + 'static;
    /// Length of the finality branch.
    type FinalityDepth: Unsigned + 'static;
    /// Newest fork that uses this form (Electra's serves Fulu too).
    const FORK: Fork;
}

macro_rules! form {
    ($(#[$doc:meta])* $name:ident, $header:ty, $committee:ty, $finality:ty) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Default)]
        pub struct $name;

        impl ForkForm for $name {
            type Header = $header;
            type CommitteeDepth = $committee;
            type FinalityDepth = $finality;
            const FORK: Fork = Fork::$name;
        }
    };
}

form!(
    /// Altair and Bellatrix.
    Altair, AltairHeader, U5, U6
);
form!(
    /// Capella.
    Capella, CapellaHeader, U5, U6
);
form!(
    /// Deneb.
    Deneb, DenebHeader, U5, U6
);
form!(
    /// Electra and Fulu.
    Electra, DenebHeader, U6, U7
);
form!(
    /// Gloas.
    Gloas, GloasHeader, U11, U9
);

/// `LightClientBootstrap`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, TreeHash, Serialize, Deserialize)]
#[serde(bound = "")]
#[expect(missing_docs, reason = "fields are the consensus specs' own")]
pub struct LightClientBootstrap<P: Preset, F: ForkForm> {
    pub header: F::Header,
    pub current_sync_committee: SyncCommittee<P>,
    pub current_sync_committee_branch: FixedVector<B256, F::CommitteeDepth>,
}

/// `LightClientUpdate`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, TreeHash, Serialize, Deserialize)]
#[serde(bound = "")]
#[expect(missing_docs, reason = "fields are the consensus specs' own")]
pub struct LightClientUpdate<P: Preset, F: ForkForm> {
    pub attested_header: F::Header,
    pub next_sync_committee: SyncCommittee<P>,
    pub next_sync_committee_branch: FixedVector<B256, F::CommitteeDepth>,
    pub finalized_header: F::Header,
    pub finality_branch: FixedVector<B256, F::FinalityDepth>,
    pub sync_aggregate: SyncAggregate<P>,
    #[serde(with = "displayfromstr")]
    pub signature_slot: Slot,
}

/// `LightClientFinalityUpdate`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, TreeHash, Serialize, Deserialize)]
#[serde(bound = "")]
#[expect(missing_docs, reason = "fields are the consensus specs' own")]
pub struct LightClientFinalityUpdate<P: Preset, F: ForkForm> {
    pub attested_header: F::Header,
    pub finalized_header: F::Header,
    pub finality_branch: FixedVector<B256, F::FinalityDepth>,
    pub sync_aggregate: SyncAggregate<P>,
    #[serde(with = "displayfromstr")]
    pub signature_slot: Slot,
}

/// `LightClientOptimisticUpdate`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, TreeHash, Serialize, Deserialize)]
#[serde(bound = "")]
#[expect(missing_docs, reason = "fields are the consensus specs' own")]
pub struct LightClientOptimisticUpdate<P: Preset, F: ForkForm> {
    pub attested_header: F::Header,
    pub sync_aggregate: SyncAggregate<P>,
    #[serde(with = "displayfromstr")]
    pub signature_slot: Slot,
}
