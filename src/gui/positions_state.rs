//! What the screens of positions, exits, approvals and Safes remember between frames.

use std::collections::BTreeSet;
use std::sync::Arc;

use alloy::primitives::{Address, B256, Bytes, U256};

use super::ui_state::Field;
use crate::app::{Action, Deployments, Intent, Named, NamedBy, Position, Proposal, Question, WalletCommand};

/// Ids of protocols, and by what something in them is named.
pub type Nameable = Arc<[(&'static str, NamedBy)]>;

/// Ids and names of protocols.
pub type ProtocolNames = Arc<[(&'static str, String)]>;

/// A position by what does not change from block to block: the protocol's name, its market, its contract.
pub type PositionKey = (String, String, Address);

/// The key of a position; `name` is what people call its protocol.
pub(super) fn key_of(name: &str, position: &Position) -> PositionKey {
    (name.to_owned(), position.market.clone(), position.contract)
}

/// An action that is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenAction {
    /// Of which position.
    pub position: PositionKey,
    /// Its name in the protocol.
    pub kind: &'static str,
    /// What it moves.
    pub asset: Address,
    /// In words: two requests differ only in it.
    pub title: String,
}

impl OpenAction {
    /// An action of a position.
    pub fn of(name: &str, position: &Position, action: &Action) -> Self {
        Self {
            position: key_of(name, position),
            kind: action.kind,
            asset: action.asset.address,
            title: action.title.clone(),
        }
    }
}

/// A right to take by what does not change: token or collection, spender, and whether it is inside Permit2.
pub type ApprovalKey = (Address, Address, bool);

/// What the exit plan is asked for.
#[derive(Debug, Clone, Default)]
pub struct ExitState {
    /// Only the protocol or market of this name; `None` leaves everything.
    pub only: Option<String>,
    /// The line that "take out now" keeps, in hundredths; 0 is the default.
    pub floor: u16,
    /// The action that the what-if is about.
    pub what_if: Option<OpenAction>,
    /// Share of what there is, in thousandths.
    pub share: u16,
}

/// What is typed and chosen on Approvals.
#[derive(Debug, Clone, Default)]
pub struct ApprovalsState {
    /// Chosen rows.
    pub chosen: BTreeSet<ApprovalKey>,
    /// A spender beside the bundled ones.
    pub spender: Field,
    /// Spenders that the user added, for this run.
    pub spenders: Vec<Address>,
    /// Collections that the user added, for this run.
    pub collections: Vec<Address>,
    /// The row whose limit is typed, and the amount.
    pub limiting: Option<(ApprovalKey, Field)>,
}

/// What is named that cannot be listed from the chain.
#[derive(Debug, Clone, Default)]
pub struct NamesState {
    /// The protocol chosen, by its id.
    pub protocol: Option<&'static str>,
    /// What is typed.
    pub typed: Field,
    /// What was named, as the core keeps it.
    pub named: Arc<[Named]>,
    /// Those that a protocol here takes.
    pub taken: Vec<Named>,
    /// A chain, and the protocols in which something can be named.
    pub takes: Option<(u64, Nameable)>,
}

/// A Safe's new transaction, as typed.
#[derive(Debug, Clone, Default)]
pub struct SafeDraft {
    /// Whom it calls or pays.
    pub to: Field,
    /// Ether, as typed.
    pub ether: String,
    /// Calldata in hex; empty for a payment.
    pub data: String,
}

/// What is typed on the screen of a Safe.
#[derive(Debug, Clone, Default)]
pub struct SafeState {
    /// Its address.
    pub address: Field,
    /// The Safe shown.
    pub chosen: Option<Address>,
    /// A file or signatures.
    pub file: Field,
    /// A new transaction, as typed.
    pub draft: SafeDraft,
    /// Transactions that were brought in and checked; for this run only.
    pub files: Vec<Proposal>,
    /// What the wallet is asked for about them, once the frame is drawn.
    pub order: Option<WalletCommand>,
    /// A signature that a key held here just made.
    pub signed: Option<Bytes>,
    /// Digits in a group of a hash; 0 is none.
    pub groups: Option<u8>,
}

/// Calls on their way to Review, one after the other.
#[derive(Debug, Clone)]
pub struct Calls {
    /// Who would sign them.
    pub owner: Address,
    /// What they are for.
    pub title: String,
    /// Those that are not signed yet.
    pub left: Vec<Intent>,
    /// As offline files.
    pub offline: bool,
    /// The first of them was given to Review, or one before it was signed: the user says when it goes on.
    pub begun: bool,
}

/// All of them.
#[derive(Debug, Clone, Default)]
pub struct PositionsState {
    /// Questions that were asked, with the time in Unix milliseconds.
    pub asked: Vec<(Question, u64)>,
    /// The journal's transactions that were in a block when it was last looked, with who signed them.
    pub landed: Option<BTreeSet<(Address, B256)>>,
    /// The user's own deployments, beside the bundled ones.
    pub own: Option<Deployments>,
    /// A chain, and the ids and names of its protocols.
    pub names: Option<(u64, ProtocolNames)>,
    /// The action that is looked at.
    pub open: Option<OpenAction>,
    /// What was last drawn needs these rights: asked for, so that none is given twice.
    pub needs: Option<Question>,
    /// Calls on their way to Review.
    pub handed: Option<Calls>,
    /// How much of it, as typed; empty is all.
    pub amount: Field,
    /// Exit plan.
    pub exit: ExitState,
    /// What cannot be listed.
    pub names_given: NamesState,
    /// Approvals.
    pub approvals: ApprovalsState,
    /// Safe.
    pub safe: SafeState,
}

impl PositionsState {
    /// What belonged to one network is left with it; the user's own deployments name contracts and stay.
    pub fn leave_network(&mut self) {
        let own = self.own.take();
        *self = Self { own, ..Self::default() };
    }

    /// The user's own deployments and names.
    pub(super) fn own(&self) -> Option<Deployments> {
        Deployments::naming(self.own.clone(), self.names_given.taken.clone())
    }

    /// Looks at an action, or no more where it was looked at already.
    pub fn choose(&mut self, action: OpenAction) {
        let again = self.open.as_ref() == Some(&action);
        self.open = (!again).then_some(action);
        self.amount = Field::default();
    }
}

impl ExitState {
    /// The line in 18 decimals: 1.05 unless the user chose another.
    #[must_use]
    pub fn floor_wad(&self) -> U256 {
        let hundredths = if self.floor == 0 { 105 } else { self.floor };
        crate::app::WAD / U256::from(100) * U256::from(hundredths)
    }
}
