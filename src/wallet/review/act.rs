//! What a transaction does, read from the bytes to be signed.

use alloy::primitives::{Address, U256};
use alloy::sol;
use alloy::sol_types::SolCall;

use crate::contracts::{CallBody, DecodedCall, Provenance};
use crate::wallet::Unsigned;

use super::input::ReviewInput;
use super::text::{amount_text, ether_down, ether_exact, symbol};

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
        /// To whom.
        to: Address,
        /// Which one.
        id: U256,
        /// How many; `None` for an ERC-721.
        amount: Option<U256>,
    },
    /// The right to take tokens; 0 takes it back.
    Approve {
        /// The token.
        token: Address,
        /// Who may take.
        spender: Address,
        /// Raw units.
        amount: U256,
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

/// Reads the act. Standard calls are read by their own definition, not by whatever interface a book has for the target.
pub fn act_of(tx: &Unsigned, from: Address, call: &DecodedCall) -> Act {
    if let Some(last) = tx.authorizations().last() {
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
        CallBody::Raw(_) | CallBody::Misfit { .. } | CallBody::Empty => Act::Blind { to },
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
        return Some(Act::Approve { token: at, spender: call.spender, amount: call.value });
    }
    if let Some(call) = read::<increaseAllowanceCall>(data) {
        return Some(Act::Approve { token: at, spender: call.spender, amount: call.added });
    }
    if let Some(call) = read::<setApprovalForAllCall>(data) {
        let approved = call.approved;
        return Some(Act::ApproveAll { collection: at, operator: call.operator, approved });
    }
    if let Some(call) = read::<Nft::safeTransferFrom_0Call>(data) {
        return Some(Act::Nft { collection: at, to: call.to, id: call.id, amount: None });
    }
    if let Some(call) = read::<Nft::safeTransferFrom_1Call>(data) {
        return Some(Act::Nft { collection: at, to: call.to, id: call.id, amount: None });
    }
    let call = read::<safeTransferFromCall>(data)?;
    Some(Act::Nft { collection: at, to: call.to, id: call.id, amount: Some(call.value) })
}

impl Act {
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
            Self::Approve { spender, amount, .. } if !amount.is_zero() => Some(*spender),
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
    pub(super) fn is_unlimited(amount: U256) -> bool {
        amount >= UNLIMITED_FROM || amount == UNLIMITED_96
    }

    /// Short, for lists: `Send 1 ETH`.
    pub fn title(&self, input: &ReviewInput<'_>) -> String {
        let units = &input.units;
        match self {
            Self::Pay { wei, .. } => format!("Send {} ETH", ether_down(*wei)),
            Self::Token { token, amount, .. } => format!("Send {}", amount_text(units, *token, *amount)),
            Self::Nft { collection, id, amount: None, .. } => {
                format!("Send {} #{id}", symbol(units, *collection))
            }
            Self::Nft { collection, id, amount: Some(amount), .. } => {
                format!("Send {amount} of {} #{id}", symbol(units, *collection))
            }
            Self::Approve { token, amount, .. } if amount.is_zero() => {
                format!("Revoke an approval of {}", symbol(units, *token))
            }
            Self::Approve { token, amount, .. } if Self::is_unlimited(*amount) => {
                format!("Approve unlimited {}", symbol(units, *token))
            }
            Self::Approve { token, amount, .. } => format!("Approve {}", amount_text(units, *token, *amount)),
            Self::ApproveAll { collection, approved, .. } => {
                let verb = if *approved { "Approve all" } else { "Revoke all" };
                format!("{verb} of {}", symbol(units, *collection))
            }
            Self::Delegate { code: Address::ZERO } => "End the account's delegation".to_owned(),
            Self::Delegate { .. } => "Delegate the account to code".to_owned(),
            Self::Contract { to, function, .. } => {
                let name = input.book.label(input.chain_id, *to);
                let function = crate::contracts::sanitise(function, 40);
                format!("Call {function} on {}", name.unwrap_or_else(|| "a contract".to_owned()))
            }
            Self::Blind { .. } => "Call a contract with unknown data".to_owned(),
            Self::Create => "Create a contract".to_owned(),
        }
    }

    /// The intent sentence, with whole addresses.
    pub fn sentence(&self, input: &ReviewInput<'_>) -> String {
        let units = &input.units;
        let who = |address: Address| match input.name_of(address) {
            Some(name) => format!("{name} ({address})"),
            None => address.to_checksum(None),
        };
        match self {
            Self::Pay { to, wei } => format!("You send {} ETH to {}.", ether_exact(*wei), who(*to)),
            Self::Token { token, from, to, amount } if *from == input.from => {
                format!("You send {} to {}.", amount_text(units, *token, *amount), who(*to))
            }
            Self::Token { token, from, to, amount } => {
                let amount = amount_text(units, *token, *amount);
                format!("You move {amount} of {} to {}.", who(*from), who(*to))
            }
            Self::Nft { to, .. } => format!("You {} to {}.", lower_first(&self.title(input)), who(*to)),
            Self::Approve { token, spender, amount } if amount.is_zero() => {
                format!("You stop {} from taking your {}.", who(*spender), symbol(units, *token))
            }
            Self::Approve { token, spender, amount } => {
                let much = if Self::is_unlimited(*amount) {
                    format!("all your {}", symbol(units, *token))
                } else {
                    format!("up to {}", amount_text(units, *token, *amount))
                };
                format!("You allow {} to take {much}, now or later.", who(*spender))
            }
            Self::ApproveAll { collection, operator, approved } => {
                let verb = if *approved { "allow" } else { "no longer allow" };
                let what = symbol(units, *collection);
                format!("You {verb} {} to move every {what} you have.", who(*operator))
            }
            Self::Delegate { code: Address::ZERO } => {
                "You end the delegation: your account runs no code any more.".to_owned()
            }
            Self::Delegate { code } => format!("You let your account run the code of {}.", who(*code)),
            Self::Contract { to, function, guess } => {
                let name = crate::contracts::sanitise(function, 80);
                if *guess && input.book.label(input.chain_id, *to).is_none() {
                    format!("Calls function {name} on an unknown contract ({to}).")
                } else {
                    format!("Calls function {name} on {}.", who(*to))
                }
            }
            Self::Blind { to } => format!("Calls {} with data that Lifeboat cannot read.", who(*to)),
            Self::Create => "You create a new contract.".to_owned(),
        }
    }
}

fn lower_first(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
