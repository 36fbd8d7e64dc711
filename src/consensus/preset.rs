//! The two presets of the consensus specs, as types.

use std::fmt::Debug;

use typenum::{U32, U512, Unsigned};

/// Sizes that are part of container types. Slot arithmetic is data, in [`crate::networks::NetworkSpec`].
pub trait Preset: 'static + Clone + Copy + Debug + PartialEq + Eq + Default + Send + Sync {
    /// `SYNC_COMMITTEE_SIZE`.
    type SyncCommitteeSize: Unsigned + Clone + Copy + Debug + PartialEq + Eq + Default + Send + Sync + 'static;

    /// `SYNC_COMMITTEE_SIZE` as a number.
    fn committee_size() -> usize {
        Self::SyncCommitteeSize::to_usize()
    }
}

/// The mainnet preset: 512 members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mainnet;

impl Preset for Mainnet {
    type SyncCommitteeSize = U512;
}

/// The minimal preset of the specs' own tests: 32 members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Minimal;

impl Preset for Minimal {
    type SyncCommitteeSize = U32;
}
