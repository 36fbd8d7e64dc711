//! BLS12-381 signatures of sync committees, by blst.

use std::sync::OnceLock;

use alloy::primitives::B256;
use blst::BLST_ERROR;
use blst::min_pk::{AggregatePublicKey, PublicKey, Signature};
use tree_hash::TreeHash as _;

use super::containers::{PublicKeyBytes, SignatureBytes};
use super::{ConsensusError, Preset, SyncAggregate, SyncCommittee};

/// Ciphersuite of the consensus specs: proof of possession.
pub(super) const DST: &[u8] = b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_";
/// The bit of a compressed point that tells `y` from `-y`.
const SIGN_BIT: u8 = 0x20;

/// A sync committee with what was worked out of it: its root, and each key once it was needed.
///
/// A key is checked to be on the curve but not to be in the subgroup: all keys are under the committee root that an
/// earlier committee signed, and the chain itself checked each one in full when the validator deposited.
#[derive(Debug)]
pub struct Committee<P: Preset> {
    committee: SyncCommittee<P>,
    root: OnceLock<B256>,
    aggregate: OnceLock<Option<PublicKey>>,
    keys: Vec<OnceLock<Option<PublicKey>>>,
}

impl<P: Preset> Committee<P> {
    /// Wraps a decoded committee. Nothing is decompressed yet.
    pub fn new(committee: SyncCommittee<P>) -> Self {
        let keys = (0..P::committee_size()).map(|_| OnceLock::new()).collect();
        Self { committee, root: OnceLock::new(), aggregate: OnceLock::new(), keys }
    }

    /// `hash_tree_root(sync_committee)`.
    pub fn root(&self) -> B256 {
        *self.root.get_or_init(|| self.committee.tree_hash_root())
    }

    /// The plain container.
    pub fn container(&self) -> &SyncCommittee<P> {
        &self.committee
    }

    /// Verifies that exactly the members whose bits are set signed `signing_root`.
    ///
    /// The participants' key is the committee's own aggregate (it is under the committee root, so it is as proven as
    /// the keys) less the absent members, or the sum of those present, whichever takes fewer keys.
    ///
    /// # Errors
    /// `NoParticipants`, `BadPublicKey`, `BadSignatureEncoding`, `BadSignature`.
    pub fn verify(&self, aggregate: &SyncAggregate<P>, signing_root: B256) -> Result<(), ConsensusError> {
        let signature = decode_signature(&aggregate.sync_committee_signature)?;
        let key = self.participants_key(aggregate)?;
        match signature.fast_aggregate_verify_pre_aggregated(true, signing_root.as_slice(), DST, &key) {
            BLST_ERROR::BLST_SUCCESS => Ok(()),
            _ => Err(ConsensusError::BadSignature),
        }
    }

    fn participants_key(&self, aggregate: &SyncAggregate<P>) -> Result<PublicKey, ConsensusError> {
        let bits = &aggregate.sync_committee_bits;
        let present = bits.num_set_bits();
        if present == 0 {
            return Err(ConsensusError::NoParticipants);
        }
        let absent = P::committee_size().saturating_sub(present);
        if present <= absent.saturating_add(1) {
            let sum = self.sum(bits.iter().enumerate().filter(|(_, set)| *set).map(|(index, _)| index))?;
            return sum.map(|sum| sum.to_public_key()).ok_or(ConsensusError::NoParticipants);
        }
        let whole = self.aggregate_key()?;
        match self.sum(bits.iter().enumerate().filter(|(_, set)| !set).map(|(index, _)| index))? {
            None => Ok(whole),
            Some(missing) => {
                let mut difference = AggregatePublicKey::from_public_key(&whole);
                let negated = negate(&missing.to_public_key())?;
                difference.add_public_key(&negated, false).map_err(|_code| ConsensusError::BadPublicKey)?;
                Ok(difference.to_public_key())
            }
        }
    }

    fn sum(
        &self,
        members: impl Iterator<Item = usize>,
    ) -> Result<Option<AggregatePublicKey>, ConsensusError> {
        let mut sum: Option<AggregatePublicKey> = None;
        for index in members {
            let key = self.key(index)?;
            match &mut sum {
                None => sum = Some(AggregatePublicKey::from_public_key(&key)),
                Some(sum) => sum.add_public_key(&key, false).map_err(|_code| ConsensusError::BadPublicKey)?,
            }
        }
        Ok(sum)
    }

    fn key(&self, index: usize) -> Result<PublicKey, ConsensusError> {
        let (slot, bytes) = self
            .keys
            .get(index)
            .zip(self.committee.pubkeys.get(index))
            .ok_or(ConsensusError::BadPublicKey)?;
        slot.get_or_init(|| decompress(bytes)).ok_or(ConsensusError::BadPublicKey)
    }

    fn aggregate_key(&self) -> Result<PublicKey, ConsensusError> {
        self.aggregate
            .get_or_init(|| decompress(&self.committee.aggregate_pubkey))
            .ok_or(ConsensusError::BadPublicKey)
    }
}

impl<P: Preset> PartialEq for Committee<P> {
    fn eq(&self, other: &Self) -> bool {
        self.committee == other.committee
    }
}

impl<P: Preset> Eq for Committee<P> {}

/// `eth_fast_aggregate_verify`: with no keys only the point at infinity verifies. Every key is validated in full.
pub fn eth_fast_aggregate_verify(keys: &[PublicKeyBytes], message: B256, signature: &SignatureBytes) -> bool {
    let is_infinity =
        signature.split_first().is_some_and(|(first, rest)| *first == 0xc0 && rest.iter().all(|b| *b == 0));
    if keys.is_empty() {
        return is_infinity;
    }
    let Some(keys) = validated(keys) else { return false };
    let Ok(signature) = decode_signature(signature) else { return false };
    let keys: Vec<&PublicKey> = keys.iter().collect();
    signature.fast_aggregate_verify(true, message.as_slice(), DST, &keys) == BLST_ERROR::BLST_SUCCESS
}

/// `eth_aggregate_pubkeys`: the sum of one or more valid keys; `None` for no keys or an invalid one.
pub fn eth_aggregate_pubkeys(keys: &[PublicKeyBytes]) -> Option<PublicKeyBytes> {
    let keys = validated(keys)?;
    let keys: Vec<&PublicKey> = keys.iter().collect();
    let sum = AggregatePublicKey::aggregate(&keys, false).ok()?;
    Some(PublicKeyBytes::from(sum.to_public_key().compress()))
}

fn validated(keys: &[PublicKeyBytes]) -> Option<Vec<PublicKey>> {
    keys.iter().map(|key| PublicKey::key_validate(key.as_slice()).ok()).collect()
}

fn decompress(bytes: &PublicKeyBytes) -> Option<PublicKey> {
    PublicKey::uncompress(bytes.as_slice()).ok()
}

fn decode_signature(bytes: &SignatureBytes) -> Result<Signature, ConsensusError> {
    Signature::uncompress(bytes.as_slice()).map_err(|_code| ConsensusError::BadSignatureEncoding)
}

/// The opposite point: the same compressed form with the other sign.
fn negate(key: &PublicKey) -> Result<PublicKey, ConsensusError> {
    let mut bytes = key.compress();
    if let Some(first) = bytes.first_mut() {
        *first ^= SIGN_BIT;
    }
    PublicKey::uncompress(&bytes).map_err(|_code| ConsensusError::BadPublicKey)
}
