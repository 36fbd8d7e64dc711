//! What is asked of the person: the open review of a transaction, or of something that is signed alone.

use alloy::primitives::Address;

use crate::app::Snapshot;
use crate::app::signing::ReviewId;
use crate::app::signing::review::{Finding, Gesture};
use crate::gui::ui_state::UiState;

/// The open review, as far as its bar and its checks are concerned.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    /// Names what would be signed.
    pub id: ReviewId,
    /// Counts up with every reading.
    pub reading: u64,
    /// Who signs.
    pub from: Address,
    /// The checks, the worst first.
    pub findings: Vec<Finding>,
    /// It is no transaction: there is nothing to send and no offline file.
    pub alone: bool,
}

impl Asked {
    /// The one that is open.
    pub(super) fn open(snapshot: &Snapshot) -> Option<Self> {
        let wallet = &snapshot.wallet;
        if let Some(open) = &wallet.review {
            let review = &open.prepared.review;
            let (id, from, findings) = (review.id(), review.from(), review.findings.clone());
            return Some(Self { id, reading: open.reading, from, findings, alone: false });
        }
        let open = wallet.message.as_ref()?;
        let (id, from, findings) = (open.id(), open.from(), open.findings().to_vec());
        Some(Self { id, reading: open.reading, from, findings, alone: true })
    }

    /// The gesture asked for.
    pub(super) fn gesture(&self) -> Gesture {
        Gesture::of(&self.findings)
    }

    /// What the action bar needs to know of it.
    pub(super) fn gate(&self, snapshot: &Snapshot, state: &UiState) -> Gate {
        let account = snapshot.wallet.account(self.from);
        let signs = account.is_some_and(|one| one.kind.can_sign()) && state.wallet.support.is_none();
        Gate {
            locked: signs && !snapshot.wallet.unlocked.contains(&self.from),
            watch_only: !signs,
            armed: state.wallet.review.changed.is_none() && state.now_ms >= state.wallet.review.armed_at_ms,
        }
    }
}

/// What keeps the button from signing, beside the checks.
#[derive(Debug)]
pub(super) struct Gate {
    /// The account is not unlocked.
    pub locked: bool,
    /// It cannot sign at all.
    pub watch_only: bool,
    /// The button is listened to.
    pub armed: bool,
}
