//! What a face may ask that contracts answer.

use std::sync::Arc;

use alloy::primitives::{Address, B256, Bytes, U256};

use super::Tag;
use crate::chain::{BlockQuery, GatewayConsent};

/// A question that contracts answer. The answer is the [`super::ContractAnswer`] of the same name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ContractQuestion {
    /// Any function of any contract.
    Call(CallQuestion),
    /// What is known of a contract: its label, whose code really runs, its functions. With the user's own interface of
    /// it, as JSON text or fragments.
    Interface(Address, Tag, Option<Arc<str>>),
    /// Balances of many accounts in many tokens, in one run.
    Tokens(TokensQuestion),
    /// What one token says of itself: to add it by its address.
    Token(Address, Tag),
    /// One collectible: who owns it (ERC-721), and how many of it the last account has (ERC-1155).
    Collectible(Address, U256, Option<Address>, Tag),
    /// What assets are worth on the chain, by symbol or address of token; with pools asked for a second opinion.
    Prices(Vec<String>, bool, Tag),
    /// The address of an ENS name, as a person wrote it.
    Name(String, Tag),
    /// The same, and where its answer is on web servers these are asked. What they say is unverified.
    NameByGateways(String, GatewayConsent, Tag),
    /// The ENS name of an address; with leave, web servers that keep it or its way back are asked, and unverified.
    NameOf(Address, Option<GatewayConsent>, Tag),
    /// Logs of a range of blocks.
    Logs(LogsQuestion),
    /// What gas costs now and in the next blocks.
    Fees,
    /// The base fees of so many last blocks, by their headers.
    BaseFees(u64),
    /// The gas that a transaction needs, and what it would cost.
    Gas(GasQuestion),
}

/// A call of one function. It changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CallQuestion {
    /// The contract.
    pub to: Address,
    /// A signature as `balanceOf(address)(uint256)`; or a name, where an interface of the contract is known.
    pub function: String,
    /// Arguments as people write them: `5`, `0xabcd`, `[1, 2]`, `(1, 2)`.
    pub args: Vec<String>,
    /// Who calls; the zero address where nobody is named.
    pub from: Option<Address>,
    /// Wei sent along; the caller must have them.
    pub value: U256,
    /// On the state after which block.
    pub at: BlockQuery,
    /// The user's own interface of the contract, as JSON text.
    pub abi: Option<Arc<str>>,
    /// Web servers that may be asked where the contract sends its caller to one; what they say is unverified.
    pub gateways: Option<GatewayConsent>,
}

impl CallQuestion {
    /// A read on the newest state, by nobody in particular.
    #[must_use]
    pub fn read(to: Address, function: &str, args: &[String]) -> Self {
        Self {
            to,
            function: function.to_owned(),
            args: args.to_vec(),
            from: None,
            value: U256::ZERO,
            at: BlockQuery::Latest,
            abi: None,
            gateways: None,
        }
    }
}

/// Which tokens.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TokenChoice {
    /// Those of the bundled list on which two or more sources agree.
    Common,
    /// All of the bundled list.
    AllListed,
    /// These.
    These(Vec<Address>),
}

/// Balances of many accounts in many tokens.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TokensQuestion {
    /// The accounts.
    pub owners: Vec<Address>,
    /// The tokens of the bundled list.
    pub tokens: TokenChoice,
    /// Tokens beside those: the ones that the user added.
    pub also: Vec<Address>,
    /// Which head.
    pub tag: Tag,
}

/// Logs of a range of blocks.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LogsQuestion {
    /// Contracts that wrote them; empty is any.
    pub addresses: Vec<Address>,
    /// By position of the topic, the values it may have; an empty list is any.
    pub topics: [Vec<B256>; 4],
    /// First block; `None` is [`LogsQuestion::USUAL_BLOCKS`] before the last.
    pub from: Option<BlockQuery>,
    /// Last block.
    pub to: BlockQuery,
}

impl LogsQuestion {
    /// Blocks that are searched where no first one is named.
    pub const USUAL_BLOCKS: u64 = 100;
    /// Most blocks of one search: each costs its header, and each that may hold a match its receipts.
    pub const MOST_BLOCKS: u64 = 1_000;
}

/// A transaction whose gas is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct GasQuestion {
    /// Who would send it.
    pub from: Option<Address>,
    /// To whom; `None` creates a contract.
    pub to: Option<Address>,
    /// Its calldata.
    pub data: Bytes,
    /// Wei sent along.
    pub value: U256,
}
