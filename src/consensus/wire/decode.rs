//! Undecoded bodies into the internal shape: which fork, then which form.

use alloy::primitives::FixedBytes;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;
use ssz::Decode;

use super::objects::{
    Altair, Capella, Deneb, Electra, ForkForm, Gloas, LightClientBootstrap, LightClientFinalityUpdate,
    LightClientOptimisticUpdate, LightClientUpdate,
};
use super::upgrade::UpgradeHeader as _;
use crate::consensus::signing_root::fork_of_digest;
use crate::consensus::{Bootstrap, ConsensusError, Preset, Update};
use crate::networks::{Fork, NetworkSpec, Slot};

/// An undecoded body.
#[derive(Debug, Clone, Copy)]
pub enum Body<'a> {
    /// SSZ.
    Ssz(&'a [u8]),
    /// JSON, with or without the `{"version", "data"}` envelope.
    Json(&'a [u8]),
}

/// What came with the body and says which fork's form it is in. Only a hint: the slot decides.
#[derive(Debug, Clone, Copy, Default)]
pub struct ForkHint<'a> {
    /// `Eth-Consensus-Version` header.
    pub version: Option<&'a str>,
    /// Fork digest of an SSZ stream entry.
    pub digest: Option<[u8; 4]>,
}

/// An object of one fork's form that can be brought to the internal shape.
trait Object<P: Preset>: Decode + DeserializeOwned {
    type Internal;
    const WHAT: &'static str;
    fn slot(&self) -> Slot;
    fn into_internal(self, spec: &NetworkSpec) -> Result<Self::Internal, ConsensusError>;
}

macro_rules! object {
    ($object:ident, $internal:ident, $what:literal, $header:ident) => {
        impl<P: Preset, F: ForkForm> Object<P> for $object<P, F> {
            type Internal = $internal<P>;
            const WHAT: &'static str = $what;
            fn slot(&self) -> Slot {
                self.$header.slot()
            }
            fn into_internal(self, spec: &NetworkSpec) -> Result<Self::Internal, ConsensusError> {
                self.upgrade(spec)
            }
        }
    };
}

object!(LightClientBootstrap, Bootstrap, "bootstrap", header);
object!(LightClientUpdate, Update, "update", attested_header);
object!(LightClientFinalityUpdate, Update, "finality update", attested_header);
object!(LightClientOptimisticUpdate, Update, "optimistic update", attested_header);

macro_rules! decoder {
    ($(#[$doc:meta])* $name:ident, $object:ident, $internal:ident) => {
        $(#[$doc])*
        ///
        /// # Errors
        /// `BadSsz`, `BadJson`, `UnknownFork`, `WrongFork`, or a rule of the upgrade.
        pub fn $name<P: Preset>(
            body: Body<'_>,
            hint: ForkHint<'_>,
            spec: &NetworkSpec,
        ) -> Result<$internal<P>, ConsensusError> {
            const WHAT: &str = <$object<crate::consensus::Mainnet, Altair> as Object<crate::consensus::Mainnet>>::WHAT;
            let (forks, body) = forks_to_try(WHAT, body, hint, spec)?;
            let mut first_error = None;
            for fork in forks {
                let decoded = match fork {
                    Fork::Gloas => take::<P, $object<P, Gloas>>(body, fork, spec),
                    Fork::Fulu | Fork::Electra => take::<P, $object<P, Electra>>(body, fork, spec),
                    Fork::Deneb => take::<P, $object<P, Deneb>>(body, fork, spec),
                    Fork::Capella => take::<P, $object<P, Capella>>(body, fork, spec),
                    _ => take::<P, $object<P, Altair>>(body, fork, spec),
                };
                match decoded {
                    Ok(decoded) => return Ok(decoded),
                    Err(error) => first_error = first_error.or(Some(error)),
                }
            }
            Err(first_error.unwrap_or(ConsensusError::UnknownFork { what: WHAT, named: String::new() }))
        }
    };
}

decoder!(
    /// Decodes a bootstrap.
    decode_bootstrap, LightClientBootstrap, Bootstrap
);
decoder!(
    /// Decodes an update with a next sync committee.
    decode_update, LightClientUpdate, Update
);
decoder!(
    /// Decodes a finality update.
    decode_finality_update, LightClientFinalityUpdate, Update
);
decoder!(
    /// Decodes an optimistic update.
    decode_optimistic_update, LightClientOptimisticUpdate, Update
);

/// The form a fork's objects have: Bellatrix's are Altair's and Fulu's are Electra's.
fn form(fork: Fork) -> Fork {
    match fork {
        Fork::Phase0 | Fork::Bellatrix => Fork::Altair,
        Fork::Fulu => Fork::Electra,
        other => other,
    }
}

fn take<P: Preset, O: Object<P>>(
    body: Body<'_>,
    fork: Fork,
    spec: &NetworkSpec,
) -> Result<O::Internal, ConsensusError> {
    let object = match body {
        Body::Ssz(bytes) => O::from_ssz_bytes(bytes)
            .map_err(|error| ConsensusError::BadSsz { what: O::WHAT, detail: format!("{error:?}") })?,
        Body::Json(bytes) => serde_json::from_slice::<O>(bytes)
            .map_err(|error| ConsensusError::BadJson { what: O::WHAT, detail: error.to_string() })?,
    };
    let expected = spec.fork_at(object.slot());
    if form(expected) != form(fork) {
        return Err(ConsensusError::WrongFork { what: O::WHAT, found: fork, expected, slot: object.slot() });
    }
    object.into_internal(spec)
}

#[derive(Deserialize)]
struct Envelope<'a> {
    version: Option<String>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

/// The forks whose form is worth trying, likeliest first, and the body without its envelope. With no hint at all each
/// form is tried: the slot inside must then be one of that form's fork.
fn forks_to_try<'a>(
    what: &'static str,
    body: Body<'a>,
    hint: ForkHint<'_>,
    spec: &NetworkSpec,
) -> Result<(Vec<Fork>, Body<'a>), ConsensusError> {
    let unknown = |named: String| ConsensusError::UnknownFork { what, named };
    let named = |name: &str| Fork::from_name(name).ok_or_else(|| unknown(name.chars().take(24).collect()));
    if let Body::Json(bytes) = body {
        let envelope: Envelope<'_> = serde_json::from_slice(bytes)
            .map_err(|error| ConsensusError::BadJson { what, detail: error.to_string() })?;
        let inner = envelope.data.map_or(body, |data| Body::Json(data.get().as_bytes()));
        return Ok(match envelope.version.as_deref().or(hint.version) {
            Some(name) => (vec![named(name)?], inner),
            None => (all_forms(), inner),
        });
    }
    if let Some(digest) = hint.digest {
        let fork = fork_of_digest(spec, FixedBytes(digest))
            .ok_or_else(|| unknown(FixedBytes(digest).to_string()))?;
        return Ok((vec![fork], body));
    }
    Ok((hint.version.map_or_else(|| Ok(all_forms()), |name| named(name).map(|fork| vec![fork]))?, body))
}

fn all_forms() -> Vec<Fork> {
    vec![Fork::Electra, Fork::Gloas, Fork::Deneb, Fork::Capella, Fork::Altair]
}
