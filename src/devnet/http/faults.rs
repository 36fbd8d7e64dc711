//! What an endpoint does wrong, settable while it runs.

use std::sync::{Arc, PoisonError, RwLock};

/// One way to be a bad endpoint. `L` is the layer's own catalogue of lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fault<L> {
    /// None: answers at once and truly.
    #[default]
    Healthy,
    /// Closes every connection, open ones too.
    Dead,
    /// Answers late.
    Slow {
        /// Delay before each answer, milliseconds.
        millis: u64,
    },
    /// Knows nothing after a height: its head stands still.
    Frozen {
        /// Last block number (execution) or slot (beacon) that it knows.
        at: u64,
    },
    /// Lacks what a light client needs: account proofs (execution), light-client data (beacon).
    NoProofs,
    /// Serves another chain.
    WrongChain,
    /// Refuses with 429.
    RateLimited {
        /// `Retry-After`, seconds.
        retry_after_secs: u64,
    },
    /// Answers every request with this status and an empty body.
    ServerError {
        /// HTTP status, as 500 or 503.
        status: u16,
    },
    /// 200 with a log-in page in HTML, as a captive portal gives.
    Portal,
    /// Takes the request and never answers.
    Silent,
    /// Sends its answer one byte a second.
    Drip,
    /// Sends a body that never ends.
    Endless,
    /// Answers in form, and untruly.
    Lying {
        /// Which lie.
        lie: L,
    },
}

/// A handle to one endpoint's fault. Clones share it.
#[derive(Debug)]
pub struct Faults<L>(Arc<RwLock<Fault<L>>>);

impl<L> Clone for Faults<L> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<L> Default for Faults<L> {
    fn default() -> Self {
        Self(Arc::new(RwLock::new(Fault::Healthy)))
    }
}

impl<L> Faults<L> {
    /// Orders a fault; requests from now on meet it.
    pub fn set(&self, fault: Fault<L>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = fault;
    }
}

impl<L: Copy> Faults<L> {
    /// The fault in force.
    pub fn get(&self) -> Fault<L> {
        *self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The lie in force, if the endpoint lies.
    pub fn lie(&self) -> Option<L> {
        match self.get() {
            Fault::Lying { lie } => Some(lie),
            _ => None,
        }
    }
}
