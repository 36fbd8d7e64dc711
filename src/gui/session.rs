//! An open network as the window holds it, and what `main` must give so that the window can open another.

use super::practice_control::PracticeControl;
use crate::app::{NetworkName, Opened, Reason};

/// An opened network.
pub struct Session {
    /// Which.
    pub which: NetworkName,
    /// Ready to start.
    pub opened: Opened,
    /// The practice network's desk; it keeps that network alive.
    pub practice: Option<Box<dyn PracticeControl>>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("which", &self.which).finish_non_exhaustive()
    }
}

/// Opens networks. It works beside the window, which never waits for it.
pub trait Networks: Send {
    /// Begins to open a network; an earlier request that is not done is forgotten.
    fn begin(&mut self, which: NetworkName);
    /// What came of it, once.
    fn poll(&mut self) -> Option<Result<Session, Reason>>;
}

/// Keeps the window's file. It writes beside the window, which never waits for it.
pub trait Keeper: Send {
    /// Replaces the file's text.
    fn keep(&mut self, text: String);
}
