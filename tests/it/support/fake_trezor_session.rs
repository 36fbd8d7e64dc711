//! How a conversation with it begins: what it is, whether it speaks this protocol at all, and its PIN.

use trezor_client::protos;
use trezor_client::protos::failure::FailureType;

use super::fake_trezor::{Ended, Mood, Side};

/// Where the digits of its PIN stand on its screen, by the places of a number pad.
pub(crate) const PLACES: &str = "1593";

pub(super) fn begin(side: &Side) {
    if side.mood() == Mood::SpeaksThp {
        return side.fail(FailureType::Failure_InvalidProtocol, "Invalid protocol");
    }
    let mut features = protos::Features::new();
    features.set_major_version(2);
    features.set_minor_version(8);
    features.set_patch_version(9);
    features.set_initialized(side.mood() != Mood::NotSetUp);
    features.set_model(if side.mood() == Mood::FirstModel { "1" } else { "Safe 5" }.to_owned());
    if side.mood() == Mood::WantsPassphrase {
        features.capabilities.push(protos::features::Capability::Capability_PassphraseEntry.into());
    }
    side.send(&features);
}

/// The first model shows nine digits and takes places.
pub(super) fn unlock(side: &mut Side) -> Result<(), Ended> {
    if side.mood() != Mood::WantsPin {
        return Ok(());
    }
    let typed: protos::PinMatrixAck = side.ask(&protos::PinMatrixRequest::new())?;
    if typed.pin() == PLACES {
        return Ok(());
    }
    side.fail(FailureType::Failure_PinInvalid, "PIN invalid");
    Err(Ended)
}
