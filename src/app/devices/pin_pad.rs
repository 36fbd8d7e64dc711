//! The PIN of a device without keys of its own. It shows nine digits in a square, in another order each time, and takes the
//! places of the PIN's digits: here nobody learns the PIN, and neither does whoever reads along.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::wallet::keys::Secret;

/// Longest PIN of such a device.
const LONGEST: usize = 50;

/// Where a device's thread asks and a person answers.
#[derive(Clone, Default)]
pub struct PinPad(Arc<Mutex<Pad>>);

impl std::fmt::Debug for PinPad {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PinPad").field("open", &self.is_open()).finish()
    }
}

#[derive(Default)]
#[cfg_attr(not(feature = "hardware"), expect(dead_code, reason = "only a device asks"))]
enum Pad {
    /// Nobody asks.
    #[default]
    Closed,
    /// The device waits.
    Open,
    /// The person answered, and the device has not taken it yet.
    Typed(Secret),
}

impl PinPad {
    /// The device waits for its PIN.
    pub fn is_open(&self) -> bool {
        matches!(*self.pad(), Pad::Open)
    }

    /// Hands over the places, as digits of a number pad: 7 8 9 above, 1 2 3 below. False where nobody asked, or they are
    /// none.
    pub fn give(&self, places: Secret) -> bool {
        let fit = |byte: &u8| (b'1'..=b'9').contains(byte);
        let are_places = (1..=LONGEST).contains(&places.expose().len()) && places.expose().iter().all(fit);
        let mut pad = self.pad();
        let taken = are_places && matches!(*pad, Pad::Open);
        if taken {
            *pad = Pad::Typed(places);
        }
        taken
    }

    /// Begins to ask.
    #[cfg(feature = "hardware")]
    pub(super) fn open(&self) {
        *self.pad() = Pad::Open;
    }

    /// What was typed, once; it is closed then.
    #[cfg(feature = "hardware")]
    pub(super) fn take(&self) -> Option<Secret> {
        let mut pad = self.pad();
        match std::mem::take(&mut *pad) {
            Pad::Typed(places) => Some(places),
            other => {
                *pad = other;
                None
            }
        }
    }

    /// Asks no more.
    #[cfg(feature = "hardware")]
    pub(super) fn close(&self) {
        *self.pad() = Pad::Closed;
    }

    fn pad(&self) -> MutexGuard<'_, Pad> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[cfg(feature = "hardware")]
mod tests {
    use super::*;

    #[test]
    fn places_are_taken_once_and_only_where_somebody_asks() {
        let pad = PinPad::default();
        let places = |text: &str| Secret::of_text(text.to_owned());
        assert!(!pad.give(places("159")), "nobody asks");
        pad.open();
        for wrong in ["", "0", "15a", "1 5"] {
            assert!(!pad.give(places(wrong)), "{wrong}");
        }
        assert!(!pad.give(places(&"1".repeat(51))));
        assert!(pad.is_open() && pad.take().is_none());
        assert!(pad.give(places("159")));
        assert!(!pad.is_open() && !pad.give(places("7")), "it has its answer");
        assert_eq!(pad.take().unwrap().expose(), b"159");
        assert!(pad.take().is_none() && !pad.is_open());
        pad.open();
        assert!(!format!("{pad:?}").contains("159"));
        pad.close();
        assert!(!pad.is_open());
    }
}
