//! Fork names, versions and epochs, and the blob-parameter schedule of EIP-7892.

use alloy::primitives::FixedBytes;

/// A consensus fork, oldest first. `Phase0` has no light client and stands only for "before Altair".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are the consensus specs' own")]
pub enum Fork {
    Phase0,
    Altair,
    Bellatrix,
    Capella,
    Deneb,
    Electra,
    Fulu,
    Gloas,
}

impl Fork {
    /// All forks this build knows, oldest first.
    pub const ALL: [Self; 8] = [
        Self::Phase0,
        Self::Altair,
        Self::Bellatrix,
        Self::Capella,
        Self::Deneb,
        Self::Electra,
        Self::Fulu,
        Self::Gloas,
    ];

    /// Lower-case name as in the Beacon API's `version` field.
    pub fn name(self) -> &'static str {
        match self {
            Self::Phase0 => "phase0",
            Self::Altair => "altair",
            Self::Bellatrix => "bellatrix",
            Self::Capella => "capella",
            Self::Deneb => "deneb",
            Self::Electra => "electra",
            Self::Fulu => "fulu",
            Self::Gloas => "gloas",
        }
    }

    /// The fork of that Beacon API name; `None` for a fork this build does not know.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fork| fork.name().eq_ignore_ascii_case(name))
    }
}

/// When a fork starts and which version it signs with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ForkActivation {
    /// Which fork.
    pub fork: Fork,
    /// Four-byte fork version, as in the network's config.
    pub version: FixedBytes<4>,
    /// First epoch of the fork; `None` while it is not announced (`FAR_FUTURE_EPOCH`).
    pub epoch: Option<u64>,
}

/// One entry of `BLOB_SCHEDULE` (EIP-7892).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlobParameters {
    /// First epoch of the entry.
    pub epoch: u64,
    /// `MAX_BLOBS_PER_BLOCK` from that epoch on.
    pub max_blobs_per_block: u64,
}

/// All forks of one network, oldest first, and its blob schedule, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ForkSchedule {
    /// Forks in order; later entries win where epochs are equal.
    pub forks: Vec<ForkActivation>,
    /// `BLOB_SCHEDULE`, ascending by epoch.
    pub blob_schedule: Vec<BlobParameters>,
    /// `MAX_BLOBS_PER_BLOCK_ELECTRA`: what Fulu's digest mixes in before the first schedule entry applies, together
    /// with the Electra fork epoch (`get_blob_parameters`).
    pub max_blobs_per_block_electra: u64,
}

impl ForkSchedule {
    /// The fork in force at `epoch`.
    pub fn fork_at(&self, epoch: u64) -> Fork {
        self.active(epoch).map_or(Fork::Phase0, |activation| activation.fork)
    }

    /// `compute_fork_version(epoch)`: version of the fork in force; zero bytes when the schedule is empty.
    pub fn version_at(&self, epoch: u64) -> FixedBytes<4> {
        self.active(epoch).map_or(FixedBytes::ZERO, |activation| activation.version)
    }

    /// First epoch of `fork`; `None` where it is not scheduled.
    pub fn epoch_of(&self, fork: Fork) -> Option<u64> {
        self.forks.iter().find(|activation| activation.fork == fork).and_then(|activation| activation.epoch)
    }

    /// `get_blob_parameters(epoch)` of Fulu: the newest schedule entry not after `epoch`, else Electra's.
    pub fn blob_parameters_at(&self, epoch: u64) -> BlobParameters {
        self.blob_schedule.iter().rev().find(|entry| entry.epoch <= epoch).copied().unwrap_or(
            BlobParameters {
                epoch: self.epoch_of(Fork::Electra).unwrap_or(u64::MAX),
                max_blobs_per_block: self.max_blobs_per_block_electra,
            },
        )
    }

    fn active(&self, epoch: u64) -> Option<&ForkActivation> {
        self.forks.iter().rev().find(|activation| activation.epoch.is_some_and(|start| start <= epoch))
    }
}
