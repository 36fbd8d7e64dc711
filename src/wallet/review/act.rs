//! What a transaction does, read from the bytes to be signed.

use alloy::primitives::{Address, U256};
use alloy::sol;
use alloy::sol_types::SolCall;

use crate::contracts::{CallBody, DecodedCall, Provenance};
use crate::wallet::{Effects, Unsigned};

use super::input::Units;

sol! {
    function transfer(address to, uint256 value);
    function transferFrom(address from, address to, uint256 value);
    function approve(address spender, uint256 value);
    function increaseAllowance(address spender, uint256 added);
    function setApprovalForAll(address operator, bool approved);
    function safeTransferFrom(address from, address to, uint256 id, uint256 value, bytes data);
}
sol! {
    interface Nft {
        function safeTransferFrom(address from, address to, uint256 id);
        function safeTransferFrom(address from, address to, uint256 id, bytes data);
    }
}

/// An allowance from here on is called unlimited; no token has so many units. Also the largest number of tokens that
/// keep allowances in 96 bits.
pub const UNLIMITED_FROM: U256 = U256::from_limbs([0, 0, 1, 0]);
const UNLIMITED_96: U256 = U256::from_limbs([u64::MAX, 0xffff_ffff, 0, 0]);

/// What a transaction does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Ether to somebody, without a call.
    Pay {
        /// To whom.
        to: Address,
        /// Wei.
        wei: U256,
    },
    /// An ERC-20 token to somebody.
    Token {
        /// The token.
        token: Address,
        /// Whose; the signer's own unless an allowance is used.
        from: Address,
        /// To whom.
        to: Address,
        /// Raw units.
        amount: U256,
    },
    /// An NFT, or some of a multi-token, to somebody.
    Nft {
        /// The collection.
        collection: Address,
        /// Whose; the signer's own unless an approval is used.
        from: Address,
        /// To whom.
        to: Address,
        /// Which one.
        id: U256,
        /// How many; `None` for an ERC-721.
        amount: Option<U256>,
        /// False where the number may be raw units of a coin as well: nothing proven tells which.
        sure: bool,
    },
    /// The right to take tokens; 0 takes it back.
    Approve {
        /// The token.
        token: Address,
        /// Who may take.
        spender: Address,
        /// Raw units.
        amount: U256,
        /// On top of what may be taken already.
        adds: bool,
    },
    /// The right to take one NFT; the zero address takes it back.
    ApproveItem {
        /// The collection.
        collection: Address,
        /// Who may take.
        spender: Address,
        /// Which one.
        id: U256,
        /// False where the number may be raw units of a coin as well: nothing proven tells which.
        sure: bool,
    },
    /// The right to move a whole collection.
    ApproveAll {
        /// The collection.
        collection: Address,
        /// Who may.
        operator: Address,
        /// Given or taken back.
        approved: bool,
    },
    /// EIP-7702: the account runs this code; zero takes that back.
    Delegate {
        /// Whose code.
        code: Address,
    },
    /// A call that an interface explains.
    Contract {
        /// Whom.
        to: Address,
        /// The function.
        function: String,
        /// Only the four bytes say so.
        guess: bool,
    },
    /// A call that nothing explains.
    Blind {
        /// Whom.
        to: Address,
    },
    /// A new contract.
    Create,
}

/// Reads the act. Standard calls are read by their own definition, not by whatever interface a book has for the target. A
/// delegation is the act only where nothing else is done: a payment beside it is never hidden behind it (R25 forbids both).
pub fn act_of(tx: &Unsigned, from: Address, call: &DecodedCall) -> Act {
    if let Some(last) = tx.authorizations().last().filter(|_| tx.is_nothing_of(from)) {
        return Act::Delegate { code: last.address };
    }
    let Some(to) = tx.to() else { return Act::Create };
    let data = tx.input();
    if data.is_empty() {
        return Act::Pay { to, wei: tx.value() };
    }
    standard(to, from, data).unwrap_or_else(|| match &call.body {
        CallBody::Function { name, provenance, .. } => {
            Act::Contract { to, function: name.clone(), guess: *provenance == Provenance::Guess }
        }
        // Commands stand inside of calls alone.
        CallBody::Raw(_) | CallBody::Misfit { .. } | CallBody::Empty | CallBody::Command { .. } => {
            Act::Blind { to }
        }
    })
}

/// Exact decoding: selector, arguments, and nothing behind them.
fn read<C: SolCall>(data: &[u8]) -> Option<C> {
    let call = C::abi_decode_validate(data).ok()?;
    (call.abi_encode() == data).then_some(call)
}

fn standard(at: Address, signer: Address, data: &[u8]) -> Option<Act> {
    if let Some(call) = read::<transferCall>(data) {
        return Some(Act::Token { token: at, from: signer, to: call.to, amount: call.value });
    }
    if let Some(call) = read::<transferFromCall>(data) {
        return Some(Act::Token { token: at, from: call.from, to: call.to, amount: call.value });
    }
    if let Some(call) = read::<approveCall>(data) {
        return Some(Act::Approve { token: at, spender: call.spender, amount: call.value, adds: false });
    }
    if let Some(call) = read::<increaseAllowanceCall>(data) {
        return Some(Act::Approve { token: at, spender: call.spender, amount: call.added, adds: true });
    }
    if let Some(call) = read::<setApprovalForAllCall>(data) {
        let approved = call.approved;
        return Some(Act::ApproveAll { collection: at, operator: call.operator, approved });
    }
    let (from, to, id, amount) = if let Some(call) = read::<Nft::safeTransferFrom_0Call>(data) {
        (call.from, call.to, call.id, None)
    } else if let Some(call) = read::<Nft::safeTransferFrom_1Call>(data) {
        (call.from, call.to, call.id, None)
    } else {
        let call = read::<safeTransferFromCall>(data)?;
        (call.from, call.to, call.id, Some(call.value))
    };
    Some(Act::Nft { collection: at, from, to, id, amount, sure: true })
}

/// What the number in a call to a token counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counted {
    Coins,
    Item,
    Unknown,
}

/// An item is told by the four topics of its log; a coin by its proven decimals.
fn counted(token: Address, number: U256, units: &Units, effects: Option<&Effects>) -> Counted {
    match effects {
        Some(effects) if effects.names_item(token, number) => Counted::Item,
        _ if units.contains_key(&token) => Counted::Coins,
        _ => Counted::Unknown,
    }
}

impl Act {
    /// Tells coins from single items: both are moved by `transfer` and `transferFrom` and allowed by `approve`, so that
    /// `approve(who, 0)` takes a right back from one and gives item 0 of the other away. Where nothing proven tells, it is
    /// taken as an item, the worse of the two, and both are named.
    #[must_use]
    pub fn told_apart(self, units: &Units, effects: Option<&Effects>) -> Self {
        let counted = |token: Address, number: U256| counted(token, number, units, effects);
        match self {
            Self::Token { token, from, to, amount } => match counted(token, amount) {
                Counted::Coins => Self::Token { token, from, to, amount },
                other => {
                    let (id, sure) = (amount, other == Counted::Item);
                    Self::Nft { collection: token, from, to, id, amount: None, sure }
                }
            },
            Self::Approve { token, spender, amount, adds: false } => match counted(token, amount) {
                Counted::Coins => Self::Approve { token, spender, amount, adds: false },
                other => {
                    let (id, sure) = (amount, other == Counted::Item);
                    Self::ApproveItem { collection: token, spender, id, sure }
                }
            },
            other => other,
        }
    }

    /// Who receives in the end.
    pub fn recipient(&self) -> Option<Address> {
        match self {
            Self::Pay { to, .. } | Self::Token { to, .. } | Self::Nft { to, .. } => Some(*to),
            _ => None,
        }
    }

    /// Who may take after it; nobody where a right is taken back.
    pub fn spender(&self) -> Option<Address> {
        match self {
            Self::Approve { spender, amount, adds, .. } if *adds || !amount.is_zero() => Some(*spender),
            Self::ApproveItem { spender, .. } if !spender.is_zero() => Some(*spender),
            Self::ApproveAll { operator, approved: true, .. } => Some(*operator),
            _ => None,
        }
    }

    /// The contract that is called, where one is and it is not only paid.
    pub fn contract(&self) -> Option<Address> {
        match self {
            Self::Token { token: to, .. }
            | Self::Nft { collection: to, .. }
            | Self::Approve { token: to, .. }
            | Self::ApproveItem { collection: to, .. }
            | Self::ApproveAll { collection: to, .. }
            | Self::Contract { to, .. }
            | Self::Blind { to } => Some(*to),
            Self::Pay { .. } | Self::Delegate { .. } | Self::Create => None,
        }
    }

    /// Token (`None` for ether), recipient and amount of a payment.
    pub fn payment(&self) -> Option<(Option<Address>, Address, U256)> {
        match self {
            Self::Pay { to, wei } => Some((None, *to, *wei)),
            Self::Token { token, to, amount, .. } => Some((Some(*token), *to, *amount)),
            _ => None,
        }
    }

    /// Whether an amount is as good as unlimited.
    pub fn is_unlimited(amount: U256) -> bool {
        amount >= UNLIMITED_FROM || amount == UNLIMITED_96
    }
}
