//! What a token says of itself, and what the bundled list says of it.

use alloy::primitives::{Address, FixedBytes, U256, hex};
use alloy::sol;

use crate::chain::{ReadError, StateAt};
use crate::contracts::{Erc20, Token, TokenList, TokenQuirk, token_decimals, token_text};
use crate::execution::BlockRef;
use crate::protocols::reads::{NoAnswer, Reading, output, read, read_all, value};

sol! {
    interface Erc165 {
        function supportsInterface(bytes4 interfaceId) external view returns (bool);
    }
}

/// Interface ids of ERC-165.
const ERC721: FixedBytes<4> = FixedBytes::new(hex!("80ac58cd"));
const ERC1155: FixedBytes<4> = FixedBytes::new(hex!("d9b67a26"));
/// Reads of one token.
const READS: usize = 6;

/// What kind of token a contract is, by its own word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// It answers what EIP-20 asks of every token.
    Erc20,
    /// Collectibles, each with one owner (ERC-721).
    Erc721,
    /// Collectibles of which there may be many (ERC-1155).
    Erc1155,
    /// It answers as no token does.
    NoToken,
}

/// A token: everything it says is its own word, proven to be that, and safe to show.
#[derive(Debug, Clone)]
pub struct TokenFacts {
    /// Its contract.
    pub address: Address,
    /// What kind it is.
    pub kind: TokenKind,
    /// `symbol()`, at most 32 characters, escaped.
    pub symbol: Result<String, NoAnswer>,
    /// `name()`, at most 32 characters, escaped.
    pub name: Result<String, NoAnswer>,
    /// `decimals()`: digits behind the point.
    pub decimals: Result<u8, NoAnswer>,
    /// `totalSupply()` in its smallest unit.
    pub total_supply: Result<U256, NoAnswer>,
    /// Its entry in the bundled list; `None` is an unlisted token.
    pub listed: Option<&'static Token>,
    /// A listed token whose symbol it wears without being that token.
    pub imitates: Option<Address>,
    /// Where all of this was proven.
    pub at: BlockRef,
}

impl TokenFacts {
    /// Its symbol as it may be shown: the list's; else its own with a mark; else its address.
    #[must_use]
    pub fn shown_symbol(&self) -> String {
        match (&self.listed, &self.symbol) {
            (Some(listed), _) => listed.symbol.clone(),
            (None, Ok(symbol)) => unlisted(symbol, self.imitates.is_some()),
            (None, Err(_)) => format!("{} (unlisted)", self.address.to_checksum(None)),
        }
    }

    /// Known departures from what EIP-20 leads one to expect; empty does not mean there are none.
    #[must_use]
    pub fn quirks(&self) -> &'static [TokenQuirk] {
        self.listed.map_or(&[], |token| token.quirks.as_slice())
    }

    /// Digits behind the point: proven, else `None`. The list's own number is never used for an amount.
    #[must_use]
    pub fn proven_decimals(&self) -> Option<u8> {
        self.decimals.as_ref().ok().copied()
    }

    /// The list has another number of decimals than the contract: one of the two is wrong, the contract's counts.
    #[must_use]
    pub fn list_differs(&self) -> bool {
        matches!((self.listed, &self.decimals), (Some(listed), Ok(own)) if listed.decimals != *own)
    }
}

/// How the symbol of a token that nobody vouches for is shown; one that wears a listed token's symbol is doubted.
pub(in crate::protocols) fn unlisted(symbol: &str, imitates: bool) -> String {
    format!("{symbol}{} (unlisted)", if imitates { "?" } else { "" })
}

/// What these contracts say of themselves, in their order, in one run.
///
/// # Errors
/// [`ReadError`] where nothing could be read.
pub async fn facts(state: &StateAt, chain_id: u64, tokens: &[Address]) -> Result<Vec<TokenFacts>, ReadError> {
    let calls: Vec<_> = tokens.iter().flat_map(|token| reads_of(*token)).collect();
    let readings = read_all(state, &calls).await?;
    let at = state.block_ref();
    Ok(tokens
        .iter()
        .zip(readings.chunks(READS))
        .map(|(token, readings)| judge(*token, chain_id, readings, at))
        .collect())
}

fn reads_of(token: Address) -> [crate::execution::Call; READS] {
    [
        read(token, &Erc20::symbolCall {}),
        read(token, &Erc20::nameCall {}),
        read(token, &Erc20::decimalsCall {}),
        read(token, &Erc20::totalSupplyCall {}),
        read(token, &Erc165::supportsInterfaceCall { interfaceId: ERC721 }),
        read(token, &Erc165::supportsInterfaceCall { interfaceId: ERC1155 }),
    ]
}

fn judge(token: Address, chain_id: u64, readings: &[Reading], at: BlockRef) -> TokenFacts {
    let none: Reading = Err(NoAnswer::Nothing);
    let one = |at: usize| readings.get(at).unwrap_or(&none);
    let symbol = text(one(0));
    let decimals = output(one(2)).and_then(|bytes| {
        token_decimals(bytes).map_err(|_why| {
            if bytes.is_empty() { NoAnswer::Nothing } else { NoAnswer::Garbled("a number below 256") }
        })
    });
    let total_supply = value::<Erc20::totalSupplyCall>(one(3), "a number");
    let says =
        |reading: &Reading| value::<Erc165::supportsInterfaceCall>(reading, "true or false").unwrap_or(false);
    let kind = match (says(one(4)), says(one(5))) {
        (true, _) => TokenKind::Erc721,
        (false, true) => TokenKind::Erc1155,
        // `decimals` is optional in EIP-20; `totalSupply` is not.
        (false, false) if total_supply.is_ok() => TokenKind::Erc20,
        (false, false) => TokenKind::NoToken,
    };
    let list = TokenList::of_chain(chain_id);
    let listed = list.and_then(|list| list.at(token));
    let imitates = match (&symbol, listed, list) {
        (Ok(symbol), None, Some(list)) => list.worn(symbol),
        _ => None,
    };
    TokenFacts {
        address: token,
        kind,
        name: text(one(1)),
        symbol,
        decimals,
        total_supply,
        listed,
        imitates,
        at,
    }
}

fn text(reading: &Reading) -> Result<String, NoAnswer> {
    let bytes = output(reading)?;
    token_text(bytes).map_err(
        |_why| {
            if bytes.is_empty() { NoAnswer::Nothing } else { NoAnswer::Garbled("text") }
        },
    )
}
