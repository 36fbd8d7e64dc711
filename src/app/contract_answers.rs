//! What comes out of contracts, as faces show it. Text of the chain is exact in values and must be shown through
//! [`crate::contracts::values_text`] or [`crate::contracts::sanitise`]; what is already safe says so.

use std::sync::Arc;

use alloy::primitives::{Address, B256, Bytes, Selector, U256};

use crate::contracts::{DecodedLog, KnownAddress, NamedValue, Provenance, ProxyKind, Revert};
use crate::execution::{Account, BlockRef, CallOutcome, GasEstimate, Proven};
use crate::protocols::ens::{NameAnswer, ReverseAnswer};
use crate::protocols::prices::Price;
use crate::protocols::tokens::{CollectibleFacts, TokenBalances, TokenFacts};
use crate::protocols::{NotFollowed, WebServers};

/// The answer to the [`super::ContractQuestion`] of the same name.
#[derive(Debug, Clone)]
pub enum ContractAnswer {
    /// A finished call; a revert is an answer too.
    Call(CallAnswer),
    /// What is known of a contract.
    Interface(InterfaceAnswer),
    /// Who holds what.
    Tokens(TokenBalances),
    /// A token.
    Token(TokenFacts),
    /// A collectible.
    Collectible(CollectibleFacts),
    /// Prices in US dollars, in the order asked.
    Prices(Vec<PriceAnswer>),
    /// Where a name leads.
    Name(NameAnswer),
    /// What an address is called.
    NameOf(ReverseAnswer),
    /// Logs.
    Logs(LogsAnswer),
    /// Fees.
    Fees(FeesAnswer),
    /// Base fees of the last blocks.
    BaseFees(BaseFeesAnswer),
    /// Gas of a transaction, with the fees of now.
    Gas(GasAnswer),
}

/// What an asset is worth.
#[derive(Debug, Clone)]
pub struct PriceAnswer {
    /// As it was asked for.
    pub asked: String,
    /// Its symbol in the bundled list or its feed; its address where there is none.
    pub symbol: String,
    /// The price, by every way there is.
    pub price: Price,
}

/// Who says what the bytes of a call mean. It decides how they are read, never what they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AbiSource {
    /// The signature that was asked with.
    Signature,
    /// An interface: the user's, or a bundled one, or a guess.
    Interface(Provenance),
    /// The interface of the contract whose code this one runs.
    Implementation(Address, Provenance),
}

/// A finished call. It changed nothing.
#[derive(Debug, Clone)]
pub struct CallAnswer {
    /// The contract.
    pub to: Address,
    /// What the bundled address book calls it.
    pub label: Option<String>,
    /// The function, as `balanceOf(address)`.
    pub signature: String,
    /// The arguments as they were sent.
    pub arguments: Vec<NamedValue>,
    /// Selector and encoded arguments.
    pub calldata: Bytes,
    /// Who says so.
    pub abi: AbiSource,
    /// The interface says that this function changes state: sent as a transaction it would.
    pub would_change: bool,
    /// What came of it, proven.
    pub outcome: Proven<CallOutcome>,
    /// What that says.
    pub result: CallResult,
    /// What came of asking web servers, where the contract sends its caller to some and the user agreed. Unverified.
    pub told: Option<Result<ToldCall, NotFollowed>>,
}

/// What a call came to with what web servers said. Unverified.
#[derive(Debug, Clone)]
pub struct ToldCall {
    /// What the contract made of what they said.
    pub outcome: CallOutcome,
    /// What that says.
    pub result: CallResult,
    /// Who said it.
    pub hosts: Vec<String>,
}

/// What the outcome of a call says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallResult {
    /// The values it returned.
    Values(Vec<NamedValue>),
    /// It returned bytes that are not what the interface says, and why; the bytes are in the outcome.
    Unread(String),
    /// It reverted: a proven "no" at this block.
    Reverted(Revert),
    /// The EVM stopped it.
    Halted(String),
    /// It sends its caller to web servers (EIP-3668), which were not asked.
    Offchain(WebServers),
}

/// What is known of an address.
#[derive(Debug, Clone)]
pub struct InterfaceAnswer {
    /// The account, with its code hash.
    pub account: Proven<Account>,
    /// Bytes of code; 0 is proven to be no contract.
    pub code_size: usize,
    /// Its entry in the bundled address book.
    pub known: Option<&'static KnownAddress>,
    /// Its symbol in the bundled token list, or its label.
    pub label: Option<String>,
    /// Whether another contract's code runs, judged by proven code and slots.
    pub proxy: ProxyKind,
    /// Whose code runs, where that is one contract; a beacon's answer is proven by running it.
    pub implementation: Option<Address>,
    /// What the address book calls that one.
    pub implementation_label: Option<String>,
    /// Who says what its functions are; `None` where nobody does.
    pub abi: Option<AbiSource>,
    /// Functions that only read, by name.
    pub reads: Vec<FunctionFacts>,
    /// Functions that change something, by name.
    pub writes: Vec<FunctionFacts>,
    /// Selectors that the code answers to and nobody has a name for.
    pub nameless: Vec<Selector>,
}

/// A function of a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionFacts {
    /// `name(types)`, safe to show.
    pub signature: String,
    /// The types it returns, as `(uint256)`; empty where nobody says.
    pub returns: String,
    /// The first four bytes of its calldata.
    pub selector: Selector,
    /// Who says so.
    pub provenance: Provenance,
    /// The proven code compares with this selector; a proxy's own code does not.
    pub in_code: bool,
    /// It takes ether.
    pub payable: bool,
}

/// Logs of a range of blocks: each is proven to be in its block.
#[derive(Debug, Clone)]
pub struct LogsAnswer {
    /// The first block that was searched.
    pub first: u64,
    /// The last block that was searched, and how firmly it is held.
    pub last: BlockRef,
    /// What matched, oldest first.
    pub logs: Vec<FoundLog>,
}

/// One log.
#[derive(Debug, Clone)]
pub struct FoundLog {
    /// Its block.
    pub block: BlockRef,
    /// The transaction that wrote it.
    pub transaction: B256,
    /// Its place among all logs of the block.
    pub log_index: u64,
    /// Its topics as they are.
    pub topics: Vec<B256>,
    /// Its data as they are.
    pub data: Bytes,
    /// What it says.
    pub decoded: Arc<DecodedLog>,
}

/// How much hurry a fee is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Speed {
    /// Within some minutes.
    Slow,
    /// Within a few blocks.
    Usual,
    /// In the next block or two.
    Fast,
}

/// A fee for one speed. A forecast: what others will pay cannot be proven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpeedFee {
    /// The speed.
    pub speed: Speed,
    /// `maxPriorityFeePerGas`, wei: what transactions of recent blocks paid at least, by proven receipts.
    pub tip: u128,
    /// `maxFeePerGas`, wei: the tip, and a base fee that outlasts a rise for as long as this speed waits.
    pub max_fee: u128,
}

/// What gas costs.
#[derive(Debug, Clone)]
pub struct FeesAnswer {
    /// The newest proven block.
    pub at: BlockRef,
    /// Its base fee, wei: in its proven header.
    pub base_fee: u64,
    /// Base fee of the block after it, wei: it follows from the proven header.
    pub next_base_fee: u64,
    /// Least and highest base fee that the block after four more can have, wei: the rules allow no more.
    pub in_five_blocks: (u64, u64),
    /// Wei per blob gas in the next block; `None` before blobs.
    pub next_blob_base_fee: Option<u128>,
    /// Share of the gas limit that recent blocks used, newest first, in thousandths.
    pub fullness: Vec<u64>,
    /// Transactions whose tips were looked at.
    pub seen: usize,
    /// Slow, usual, fast.
    pub speeds: [SpeedFee; 3],
}

impl FeesAnswer {
    /// The fee for a speed.
    #[must_use]
    pub fn of(&self, speed: Speed) -> SpeedFee {
        let [slow, usual, fast] = self.speeds;
        match speed {
            Speed::Slow => slow,
            Speed::Usual => usual,
            Speed::Fast => fast,
        }
    }
}

/// What gas cost in the last blocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseFeesAnswer {
    /// The newest proven block.
    pub at: BlockRef,
    /// Numbers and base fees (wei per gas) of consecutive blocks that end with it, oldest first, each in a proven header.
    pub fees: Vec<(u64, u64)>,
}

impl BaseFeesAnswer {
    /// The newest, the lowest and the highest, wei per gas; `None` before EIP-1559.
    #[must_use]
    pub fn range(&self) -> Option<(u64, u64, u64)> {
        let all = || self.fees.iter().map(|(_, fee)| *fee);
        Some((all().next_back()?, all().min()?, all().max()?))
    }
}

/// What a transaction needs.
#[derive(Debug, Clone)]
pub struct GasAnswer {
    /// The least gas limit with which it succeeds on this state, or how it fails with all the gas there is.
    pub estimate: Proven<GasEstimate>,
    /// Why it fails.
    pub failure: Option<CallResult>,
    /// Fees of now.
    pub fees: FeesAnswer,
}

impl GasAnswer {
    /// Most that the transaction can cost in fees at a speed, wei; `None` where it fails.
    #[must_use]
    pub fn most(&self, speed: Speed) -> Option<U256> {
        let GasEstimate::Needs(gas) = self.estimate.value() else { return None };
        Some(U256::from(*gas).saturating_mul(U256::from(self.fees.of(speed).max_fee)))
    }
}
