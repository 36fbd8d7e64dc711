//! Sync committees whose keys we know: small numbers, so that one summed key signs for any number of members.

use std::collections::BTreeMap;
use std::sync::Arc;

use alloy::primitives::{B256, keccak256};
use blst::min_pk::{AggregatePublicKey, PublicKey, SecretKey};
use ssz_types::{BitVector, FixedVector};

use crate::consensus::{Mainnet, PublicKeyBytes, SignatureBytes, SyncAggregate, SyncCommittee};
use crate::networks::Period;

/// Members of a committee (mainnet preset).
pub(super) const SIZE: usize = 512;
const DST: &[u8] = b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_";
/// Committees repeat after this many periods: making one costs 512 multiplications.
const DISTINCT: u64 = 4;

/// A committee and its secret keys.
#[derive(Debug)]
pub(super) struct Keys {
    secrets: Vec<u64>,
    pub(super) committee: SyncCommittee<Mainnet>,
}

/// Committees made so far.
#[derive(Debug, Default)]
pub(super) struct Committees(BTreeMap<u64, Arc<Keys>>);

impl Committees {
    /// The committee of `period`; `None` only if a key could not be made.
    pub(super) fn of(&mut self, period: Period) -> Option<Arc<Keys>> {
        let seed = period % DISTINCT;
        if let Some(known) = self.0.get(&seed) {
            return Some(Arc::clone(known));
        }
        let keys = Arc::new(Keys::new(seed)?);
        self.0.insert(seed, Arc::clone(&keys));
        Some(keys)
    }
}

impl Keys {
    fn new(seed: u64) -> Option<Self> {
        let secret = |index: u64| {
            let digest = keccak256(
                [b"lifeboat practice".as_slice(), &seed.to_be_bytes(), &index.to_be_bytes()].concat(),
            );
            digest.first_chunk::<8>().map(|bytes| u64::from_be_bytes(*bytes) | 1)
        };
        let secrets: Vec<u64> = (0..SIZE as u64).map(secret).collect::<Option<_>>()?;
        let keys: Vec<PublicKey> = secrets
            .iter()
            .map(|secret| Some(secret_key(u128::from(*secret))?.sk_to_pk()))
            .collect::<Option<_>>()?;
        let references: Vec<&PublicKey> = keys.iter().collect();
        let sum = AggregatePublicKey::aggregate(&references, false).ok()?.to_public_key();
        let pubkeys: Vec<PublicKeyBytes> =
            keys.iter().map(|key| PublicKeyBytes::from(key.compress())).collect();
        let committee = SyncCommittee {
            pubkeys: FixedVector::try_from(pubkeys).ok()?,
            aggregate_pubkey: PublicKeyBytes::from(sum.compress()),
        };
        Some(Self { secrets, committee })
    }

    /// The aggregate in which the first `participants` members, rotated by `offset`, sign `root`.
    pub(super) fn sign(
        &self,
        root: B256,
        participants: usize,
        offset: usize,
    ) -> Option<SyncAggregate<Mainnet>> {
        let mut bits = BitVector::new();
        let mut sum: u128 = 0;
        for place in 0..participants.min(SIZE) {
            let member = (place + offset) % SIZE;
            bits.set(member, true).ok()?;
            sum = sum.checked_add(u128::from(*self.secrets.get(member)?))?;
        }
        let signature = secret_key(sum)?.sign(root.as_slice(), DST, &[]);
        Some(SyncAggregate {
            sync_committee_bits: bits,
            sync_committee_signature: SignatureBytes::from(signature.compress()),
        })
    }
}

fn secret_key(number: u128) -> Option<SecretKey> {
    SecretKey::from_bytes(B256::left_padding_from(&number.to_be_bytes()).as_slice()).ok()
}
