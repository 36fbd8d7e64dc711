//! Collectibles: who owns one (ERC-721), how many of one an account has (ERC-1155).

use alloy::primitives::{Address, U256};
use alloy::sol;

use super::facts::{TokenFacts, facts};
use crate::chain::{ReadError, StateAt};
use crate::execution::BlockRef;
use crate::protocols::reads::{NoAnswer, read, read_all, value};

sol! {
    interface Erc721 {
        function ownerOf(uint256 tokenId) external view returns (address);
    }
    interface Erc1155 {
        function balanceOf(address account, uint256 id) external view returns (uint256);
    }
}

/// One collectible.
#[derive(Debug, Clone)]
pub struct CollectibleFacts {
    /// The collection.
    pub collection: TokenFacts,
    /// Which one.
    pub id: U256,
    /// ERC-721: who owns it.
    pub owner: Result<Address, NoAnswer>,
    /// ERC-1155: how many of it the account that was asked about has; `None` where none was.
    pub held: Option<Result<U256, NoAnswer>>,
    /// Where all of it was proven.
    pub at: BlockRef,
}

/// Who owns the collectible `id` of a collection, and how many of it `holder` has.
///
/// # Errors
/// [`ReadError`] where nothing could be read.
pub async fn collectible(
    state: &StateAt,
    chain_id: u64,
    collection: Address,
    id: U256,
    holder: Option<Address>,
) -> Result<CollectibleFacts, ReadError> {
    let mut calls = vec![read(collection, &Erc721::ownerOfCall { tokenId: id })];
    calls.extend(holder.map(|account| read(collection, &Erc1155::balanceOfCall { account, id })));
    let own = [collection];
    let (readings, facts) = futures::join!(read_all(state, &calls), facts(state, chain_id, &own));
    let (readings, mut facts) = (readings?, facts?);
    let missing = || Err(NoAnswer::Nothing);
    Ok(CollectibleFacts {
        collection: facts.pop().ok_or(ReadError::Proof(crate::execution::ProofError::AnswerMissing))?,
        id,
        owner: readings.first().map_or_else(missing, |one| value::<Erc721::ownerOfCall>(one, "an address")),
        held: holder.map(|_| {
            readings.get(1).map_or_else(
                || Err(NoAnswer::Nothing),
                |one| value::<Erc1155::balanceOfCall>(one, "a number"),
            )
        }),
        at: state.block_ref(),
    })
}
