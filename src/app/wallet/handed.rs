//! A secret on its way from a face to the wallet: taken once, never printed, zeroed with whoever took it.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Something handed over once. Clones are the same parcel; whoever takes it first has it.
pub struct Handed<T>(Arc<Mutex<Option<T>>>);

impl<T> Handed<T> {
    /// Packs it.
    pub fn new(secret: T) -> Self {
        Self(Arc::new(Mutex::new(Some(secret))))
    }

    /// Takes it out; `None` where that was done before.
    pub fn take(&self) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl<T> Clone for Handed<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> fmt::Debug for Handed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handed(..)")
    }
}

/// The same parcel.
impl<T> PartialEq for Handed<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> Eq for Handed<T> {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wallet::keys::Secret;

    #[test]
    fn a_parcel_is_taken_once_and_never_printed() {
        let parcel = Handed::new(Secret::of_text("correct horse".to_owned()));
        let same = parcel.clone();
        assert_eq!(parcel, same);
        assert!(!format!("{parcel:?}").contains("horse"));
        assert_eq!(parcel.take().unwrap().text(), Some("correct horse"));
        assert!(same.take().is_none());
        assert_ne!(parcel, Handed::new(Secret::of_text(String::new())));
    }
}
