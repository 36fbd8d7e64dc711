//! What every protocol can tell and do, and the shape of a position.

use std::fmt;
use std::sync::Arc;

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall as _;
use async_trait::async_trait;

use super::{Action, Asset, CodeCheck, Danger, Detail, Health, JointState, NamedBy, ProtocolError, Venue};
use crate::contracts::Erc20;
use crate::execution::{BlockRef, Call};

/// What a row of a position is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RowKind {
    /// Held as a token that stands for something.
    Held,
    /// Lent out.
    Supplied,
    /// Pledged for a debt.
    Collateral,
    /// Owed.
    Borrowed,
    /// There to be taken.
    Claimable,
    /// On its way out.
    Waiting,
}

impl RowKind {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Held => "Held",
            Self::Supplied => "Supplied",
            Self::Collateral => "Collateral",
            Self::Borrowed => "Borrowed",
            Self::Claimable => "Claimable",
            Self::Waiting => "Waiting",
        }
    }
}

/// What an amount is worth by a contract's own price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worth {
    /// Units.
    pub amount: U256,
    /// Digits after the point.
    pub decimals: u8,
    /// Of what, as `USD`.
    pub unit: String,
}

/// One amount of a position.
#[derive(Debug, Clone)]
pub struct Row {
    /// What it is.
    pub kind: RowKind,
    /// Of what.
    pub asset: Asset,
    /// Exact units.
    pub amount: U256,
    /// A view of the contract whose first word is `amount`: run again it tells what became of it.
    pub view: Option<Call>,
    /// By the protocol's price.
    pub worth: Option<Worth>,
    /// What else there is to say, as `also held as 1.2 wstETH`.
    pub note: Option<String>,
}

impl Row {
    /// A row without worth or note.
    pub fn new(kind: RowKind, asset: Asset, amount: U256, view: Option<Call>) -> Self {
        Self { kind, asset, amount, view, worth: None, note: None }
    }

    /// What `owner` holds of a token: the view is its balance.
    pub(super) fn held(owner: Address, asset: Asset, amount: U256) -> Self {
        let view = Call::read(asset.address, Erc20::balanceOfCall { owner }.abi_encode());
        Self::new(RowKind::Held, asset, amount, Some(view))
    }

    /// The same row with what it is worth, in units of another asset.
    #[must_use]
    pub(super) fn worth(self, amount: U256, of: &Asset) -> Self {
        let worth = Worth { amount, decimals: of.decimals, unit: of.symbol.clone() };
        Self { worth: Some(worth), ..self }
    }

    /// The same row with something to say.
    #[must_use]
    pub(super) fn noted(self, note: String) -> Self {
        Self { note: Some(note), ..self }
    }
}

/// What somebody has in one market of a protocol, proven at one block.
#[derive(Debug, Clone)]
pub struct Position {
    /// The protocol's id.
    pub protocol: String,
    /// Which part of it, as `Core`, or the number of a position.
    pub market: String,
    /// Whose.
    pub owner: Address,
    /// The contract that holds it.
    pub contract: Address,
    /// The amounts.
    pub rows: Vec<Row>,
    /// Of a loan.
    pub health: Option<Health>,
    /// The code behind the contract.
    pub code: CodeCheck,
    /// What a person should know, each a sentence.
    pub caveats: Vec<String>,
    /// Where it is proven.
    pub at: BlockRef,
    /// What can be done with it; the registry puts it here.
    pub actions: Vec<Action>,
    /// For the protocol itself.
    pub detail: Detail,
}

impl Position {
    /// A position without health, caveats or actions: `(id, market)` of the protocol, the owner, `code` of the contract
    /// that holds it and where that is proven.
    pub(super) fn new(
        (protocol, market): (&str, String),
        owner: Address,
        (code, at): (CodeCheck, BlockRef),
        rows: Vec<Row>,
        detail: Detail,
    ) -> Self {
        let (caveats, actions) = (Vec::new(), Vec::new());
        let contract = code.contract;
        Self {
            protocol: protocol.to_owned(),
            market,
            owner,
            contract,
            rows,
            health: None,
            code,
            caveats,
            at,
            actions,
            detail,
        }
    }

    /// How dangerous it is. A debt without a health factor is not known to be safe.
    pub fn danger(&self) -> Danger {
        match self.health.as_ref().map_or(Danger::None, Health::danger) {
            Danger::None if self.owes() => Danger::Unknown,
            known => known,
        }
    }

    /// True where something is owed.
    pub fn owes(&self) -> bool {
        self.rows.iter().any(|row| row.kind == RowKind::Borrowed && !row.amount.is_zero())
    }

    /// True where nothing is left in it.
    pub fn is_empty(&self) -> bool {
        self.rows.iter().all(|row| row.amount.is_zero())
    }
}

/// Something that can be taken out at once while the loan stays above a line.
#[derive(Debug, Clone)]
pub struct TakeNow {
    /// The withdrawal, of the most that keeps the line by the protocol's formula.
    pub action: Action,
    /// A view of the contract that tells the health factor, 18 decimals, and which word of the answer it is.
    pub judge: Option<(Call, usize)>,
    /// The factor afterwards by the formula, for contracts that tell none.
    pub by_formula: Option<U256>,
}

/// A protocol, or one market of it. Reading is the only part that waits; actions and calls are computed from what was
/// read.
#[async_trait]
pub trait Protocol: Send + Sync + fmt::Debug {
    /// Its id, as `aave-v3`. Markets of one protocol share it.
    fn id(&self) -> &'static str;
    /// What people call it, market included: `Aave v3 Core`.
    fn name(&self) -> String;
    /// The contract without which nothing of it is on a chain.
    fn anchor(&self) -> Address;
    /// What `owner` has. Nothing is an empty list; what could not be read is an error.
    async fn positions(&self, owner: Address, state: &JointState) -> Result<Vec<Position>, ProtocolError>;
    /// What can be done with a position of this protocol, those that cannot be done now with the reason.
    fn actions(&self, position: &Position) -> Vec<Action>;
    /// What can be taken out now with the health factor at least `floor` (18 decimals) afterwards.
    fn take_now(&self, _position: &Position, _floor: U256) -> Vec<TakeNow> {
        Vec::new()
    }
    /// A contract of it that finds its functions in other contracts: whether it has one is asked of it by the protocol
    /// itself, since its code does not show it.
    fn finds_functions_elsewhere(&self) -> Option<Address> {
        None
    }
    /// Where it swaps one asset for another.
    fn venue(&self) -> Option<Arc<dyn Venue>> {
        None
    }
    /// What a person may name of it, where not everything in it can be listed from the chain.
    fn named_by(&self) -> Option<NamedBy> {
        None
    }
    /// The same protocol that also looks at what was named.
    fn with_named(&self, _what: U256) -> Option<Arc<dyn Protocol>> {
        None
    }
    /// Why it is a failure that its contract is not on the chain; `None` where that is a proven nothing.
    fn absent(&self) -> Option<ProtocolError> {
        None
    }
    /// Why one of its contracts reverted, by the data it left, where that is a code of the protocol's own.
    fn words_of_revert(&self, _data: &[u8]) -> Option<String> {
        None
    }
}

/// What one protocol said.
#[derive(Debug, Clone)]
pub struct Report {
    /// Its id.
    pub protocol: String,
    /// What people call it.
    pub name: String,
    /// What was found.
    pub found: Found,
}

/// What was found of one protocol.
#[derive(Debug, Clone)]
pub enum Found {
    /// Positions; an empty list is a proven nothing.
    Positions(Vec<Position>),
    /// The contract is not on this chain at this block: proven.
    NotThere,
    /// It could not be read.
    Failed(Arc<ProtocolError>),
}
