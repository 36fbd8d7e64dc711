//! What a lying beacon endpoint can be told to say.

use super::objects::{Bootstrap, Object, Update};
use crate::consensus::SignatureBytes;

macro_rules! lies {
    ($($(#[$doc:meta])* $variant:ident = $name:literal),* $(,)?) => {
        /// A lie of the consensus side.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum BeaconLie {
            $($(#[$doc])* $variant,)*
        }

        impl BeaconLie {
            /// Every lie.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its name for orders and reports.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }
        }
    };
}

lies! {
    /// The bootstrap of another block than the one asked for.
    OtherBootstrap = "other-bootstrap",
    /// One key of the committee replaced by its neighbour.
    CommitteeKey = "committee-key",
    /// The aggregate key replaced.
    CommitteeAggregate = "committee-aggregate",
    /// One node of the committee's branch changed.
    CommitteeBranch = "committee-branch",
    /// Two nodes of the committee's branch swapped.
    CommitteeBranchSwapped = "committee-branch-swapped",
    /// One bit of the signature flipped.
    SignatureBit = "signature-bit",
    /// The signature of nobody: the point at infinity.
    SignatureInfinity = "signature-infinity",
    /// The right signature said to be of another slot.
    SignatureSlot = "signature-slot",
    /// One participant too many.
    ExtraParticipant = "extra-participant",
    /// One participant too few.
    MissingParticipant = "missing-participant",
    /// Nobody took part.
    NoParticipants = "no-participants",
    /// The attested header claims an earlier slot than the finalized one.
    AttestedBeforeFinalized = "attested-before-finalized",
    /// A signature slot a day ahead.
    FutureSlot = "future-slot",
    /// One field of the attested header changed.
    AttestedHeader = "attested-header",
    /// One field of the finalized header changed.
    FinalizedHeader = "finalized-header",
    /// One node of the finality branch changed.
    FinalityBranch = "finality-branch",
    /// The finality branch taken away, the header left.
    FinalityUnproven = "finality-unproven",
    /// The attested execution block hash changed.
    ExecutionHash = "execution-hash",
    /// One node of the execution branch changed.
    ExecutionBranch = "execution-branch",
    /// The next committee's branch taken away, the committee left.
    NextCommitteeUnproven = "next-committee-unproven",
    /// The form of another fork named.
    WrongVersion = "wrong-version",
    /// A fork named that nobody knows.
    UnknownVersion = "unknown-version",
    /// Cut in the middle.
    Truncated = "truncated",
    /// One byte changed in the middle.
    MiddleByte = "middle-byte",
    /// The right object with the other content type.
    WrongContentType = "wrong-content-type",
}

macro_rules! both {
    ($object:expr, $update:ident => $change:expr) => {
        match $object {
            Object::Electra($update) => $change,
            Object::Gloas($update) => $change,
        }
    };
}

/// Bends a bootstrap. Lies that do not concern one leave it as it is.
pub(super) fn bend_bootstrap(bootstrap: &mut Bootstrap, lie: BeaconLie) {
    both!(bootstrap, object => match lie {
        BeaconLie::CommitteeKey => object.current_sync_committee.pubkeys.swap(0, 1),
        BeaconLie::CommitteeAggregate => flip_first(&mut object.current_sync_committee.aggregate_pubkey.0),
        BeaconLie::CommitteeBranch => object.current_sync_committee_branch.iter_mut().take(1).for_each(|node| flip_first(&mut node.0)),
        BeaconLie::CommitteeBranchSwapped => object.current_sync_committee_branch.swap(0, 1),
        BeaconLie::AttestedHeader => object.header.beacon.proposer_index ^= 1,
        BeaconLie::ExecutionBranch => object.header.execution_branch.iter_mut().take(1).for_each(|node| flip_first(&mut node.0)),
        _ => {}
    });
    if lie == BeaconLie::ExecutionHash {
        match bootstrap {
            Object::Electra(object) => flip_first(&mut object.header.execution.block_hash.0),
            Object::Gloas(object) => flip_first(&mut object.header.execution_block_hash.0),
        }
    }
}

/// Bends an update of any kind.
pub(super) fn bend_update(update: &mut Update, lie: BeaconLie, slots_per_day: u64) {
    both!(update, object => match lie {
        BeaconLie::CommitteeKey => object.next_sync_committee.pubkeys.swap(0, 1),
        BeaconLie::CommitteeAggregate => flip_first(&mut object.next_sync_committee.aggregate_pubkey.0),
        BeaconLie::CommitteeBranch => object.next_sync_committee_branch.iter_mut().take(1).for_each(|node| flip_first(&mut node.0)),
        BeaconLie::CommitteeBranchSwapped => object.next_sync_committee_branch.swap(0, 1),
        BeaconLie::NextCommitteeUnproven => object.next_sync_committee_branch = Default::default(),
        BeaconLie::SignatureBit => object.sync_aggregate.sync_committee_signature.0.iter_mut().skip(1).take(1).for_each(|byte| *byte ^= 1),
        BeaconLie::SignatureInfinity => {
            let mut infinity = SignatureBytes::ZERO;
            infinity.0.iter_mut().take(1).for_each(|byte| *byte = 0xc0);
            object.sync_aggregate.sync_committee_signature = infinity;
        }
        BeaconLie::SignatureSlot => object.signature_slot = object.signature_slot.saturating_add(32),
        BeaconLie::FutureSlot => object.signature_slot = object.signature_slot.saturating_add(slots_per_day),
        BeaconLie::ExtraParticipant | BeaconLie::MissingParticipant => {
            let bits = &mut object.sync_aggregate.sync_committee_bits;
            let wanted = lie == BeaconLie::MissingParticipant;
            let found = bits.iter().position(|bit| bit == wanted);
            // Where all took part there is none to add: one is taken away instead.
            let _ignored_out_of_range = bits.set(found.unwrap_or(0), found.is_some() && !wanted);
        }
        BeaconLie::NoParticipants => object.sync_aggregate.sync_committee_bits = Default::default(),
        BeaconLie::AttestedBeforeFinalized => {
            object.attested_header.beacon.slot = object.finalized_header.beacon.slot.saturating_sub(1);
        }
        BeaconLie::AttestedHeader => object.attested_header.beacon.proposer_index ^= 1,
        BeaconLie::FinalizedHeader => object.finalized_header.beacon.proposer_index ^= 1,
        BeaconLie::FinalityBranch => object.finality_branch.iter_mut().take(1).for_each(|node| flip_first(&mut node.0)),
        BeaconLie::FinalityUnproven => object.finality_branch = Default::default(),
        BeaconLie::ExecutionBranch => object.attested_header.execution_branch.iter_mut().take(1).for_each(|node| flip_first(&mut node.0)),
        _ => {}
    });
    if lie == BeaconLie::ExecutionHash {
        match update {
            Object::Electra(object) => flip_first(&mut object.attested_header.execution.block_hash.0),
            Object::Gloas(object) => flip_first(&mut object.attested_header.execution_block_hash.0),
        }
    }
}

/// Bends the encoded bytes.
pub(super) fn bend_bytes(bytes: &mut Vec<u8>, lie: BeaconLie) {
    let middle = bytes.len() / 2;
    match lie {
        BeaconLie::Truncated => bytes.truncate(middle),
        BeaconLie::MiddleByte => bytes.iter_mut().skip(middle).take(1).for_each(|byte| *byte ^= 0x11),
        _ => {}
    }
}

fn flip_first(bytes: &mut [u8]) {
    bytes.iter_mut().skip(1).take(1).for_each(|byte| *byte ^= 1);
}
