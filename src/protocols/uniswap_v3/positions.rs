//! The positions that an account owns: what they would pay, and the fees they earned, by the contracts themselves.

use std::sync::Arc;

use alloy::primitives::{Address, U256};
use alloy::sol;
use async_trait::async_trait;
use serde::Deserialize;

use super::actions::actions;
use super::payout::{Nft, Payout};
use super::swap::SwapVenue;
use crate::protocols::pool_price::{self, PoolPrice};
use crate::protocols::{
    Action, Ask, Asset, CodeCheck, Detail, JointState, NamedBy, Position, Protocol, ProtocolError, Row,
    RowKind, Venue, check_code, token_facts, units,
};

sol! {
    /// What is to be taken out.
    struct DecreaseLiquidityParams {
        uint256 tokenId;
        uint128 liquidity;
        uint256 amount0Min;
        uint256 amount1Min;
        uint256 deadline;
    }

    /// What is to be paid.
    struct CollectParams {
        uint256 tokenId;
        address recipient;
        uint128 amount0Max;
        uint128 amount1Max;
    }

    /// The contract that holds all positions.
    interface Nfpm {
        function balanceOf(address owner) external view returns (uint256);
        function ownerOf(uint256 tokenId) external view returns (address);
        function tokenOfOwnerByIndex(address owner, uint256 index) external view returns (uint256);
        function positions(uint256 tokenId) external view returns (uint96 nonce, address operator, address token0, address token1, uint24 fee, int24 tickLower, int24 tickUpper, uint128 liquidity, uint256 feeGrowthInside0LastX128, uint256 feeGrowthInside1LastX128, uint128 tokensOwed0, uint128 tokensOwed1);
        function decreaseLiquidity(DecreaseLiquidityParams params) external payable returns (uint256 amount0, uint256 amount1);
        function collect(CollectParams params) external payable returns (uint256 amount0, uint256 amount1);
        function burn(uint256 tokenId) external payable;
        function multicall(bytes[] data) external payable returns (bytes[] results);
    }

    /// Where pools are found.
    interface PoolFactory {
        function getPool(address tokenA, address tokenB, uint24 fee) external view returns (address pool);
    }

    /// A pool's price and tick.
    interface PoolState {
        function slot0() external view returns (uint160 sqrtPriceX96, int24 tick, uint16 observationIndex, uint16 observationCardinality, uint16 observationCardinalityNext, uint8 feeProtocol, bool unlocked);
    }
}

/// Its id.
pub const ID: &str = "uniswap-v3";

/// Most positions of one account that are looked at by themselves: anybody can send more of them to it.
const MOST_POSITIONS: u64 = 100;

/// Uniswap v3, or a fork of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PositionManager {
    /// What people call it.
    pub name: String,
    /// The contract that holds the positions.
    pub manager: Address,
    /// Where pools are found.
    pub factory: Address,
    /// What quotes swaps.
    #[serde(default)]
    pub quoter: Option<Address>,
    /// What makes them (`SwapRouter02`).
    #[serde(default)]
    pub router: Option<Address>,
    /// Wrapped ether.
    #[serde(default)]
    pub weth: Option<Address>,
    /// Positions to look at beside the first hundred of an account.
    #[serde(default)]
    pub ids: Vec<U256>,
}

/// What the calls are built from.
#[derive(Debug, Clone)]
pub(super) struct Noted {
    pub(super) manager: Address,
    pub(super) name: String,
    pub(super) id: U256,
    pub(super) liquidity: u128,
    pub(super) tokens: [Asset; 2],
    pub(super) payout: Payout,
    pub(super) price: PoolPrice,
    pub(super) now: u64,
}

/// Pays everything.
pub(super) fn collect_all(id: U256, recipient: Address) -> Nfpm::collectCall {
    let params = CollectParams { tokenId: id, recipient, amount0Max: u128::MAX, amount1Max: u128::MAX };
    Nfpm::collectCall { params }
}

#[async_trait]
impl Protocol for PositionManager {
    fn id(&self) -> &'static str {
        ID
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn anchor(&self) -> Address {
        self.manager
    }

    async fn positions(&self, owner: Address, state: &JointState) -> Result<Vec<Position>, ProtocolError> {
        let mut ask = Ask::new();
        let count = ask.view(self.manager, &Nfpm::balanceOfCall { owner });
        let count: u64 = ask.run(state).await?.get(count)?.saturating_to();
        if count == 0 {
            return Ok(Vec::new());
        }
        let mut ask = Ask::new();
        let ids: Vec<_> = (0..count.min(MOST_POSITIONS))
            .map(|index| {
                let question = Nfpm::tokenOfOwnerByIndexCall { owner, index: U256::from(index) };
                ask.view(self.manager, &question)
            })
            .collect();
        let whose: Vec<_> = self
            .ids
            .iter()
            .map(|id| (*id, ask.view(self.manager, &Nfpm::ownerOfCall { tokenId: *id })))
            .collect();
        let answers = ask.run(state).await?;
        let mut ids = ids.into_iter().map(|one| answers.get(one)).collect::<Result<Vec<_>, _>>()?;
        for (id, whose) in whose {
            // A number that is burnt or was never made is refused.
            if answers.get(whose).ok() == Some(owner) && !ids.contains(&id) {
                ids.push(id);
            }
        }
        let unseen = count.saturating_sub(u64::try_from(ids.len()).unwrap_or(u64::MAX));
        let code = check_code(state.state(), self.manager, None).await?;
        let each = ids.into_iter().map(|id| self.position(owner, state, (id, code.clone())));
        let mut found: Vec<Position> = futures::future::try_join_all(each).await?;
        found.retain(|one| !one.rows.is_empty());
        if unseen > 0 {
            found.push(self.unseen(owner, (code, state), (unseen, count)));
        }
        Ok(found)
    }

    fn actions(&self, position: &Position) -> Vec<Action> {
        actions(position)
    }

    fn named_by(&self) -> Option<NamedBy> {
        Some(NamedBy::Position)
    }

    fn with_named(&self, what: U256) -> Option<Arc<dyn Protocol>> {
        let mut wider = self.clone();
        if !wider.ids.contains(&what) {
            wider.ids.push(what);
        }
        Some(Arc::new(wider))
    }

    fn venue(&self) -> Option<Arc<dyn Venue>> {
        let (name, quoter, router) = (self.name.clone(), self.quoter?, self.router?);
        Some(Arc::new(SwapVenue { name, quoter, router, weth: self.weth }))
    }
}

impl PositionManager {
    async fn position(
        &self,
        owner: Address,
        state: &JointState,
        (id, code): (U256, CodeCheck),
    ) -> Result<Position, ProtocolError> {
        let nft = Nft { manager: self.manager, id, owner };
        let mut ask = Ask::new();
        let facts = ask.view(self.manager, &Nfpm::positionsCall { tokenId: id });
        let (answers, fees) = futures::future::join(ask.run(state), nft.collect(state)).await;
        let (facts, fees) = (answers?.get(facts)?, fees?);
        let mut ask = Ask::new();
        let decrease = nft.decrease(facts.liquidity, state.block_ref().timestamp);
        let amounts = (facts.liquidity > 0).then(|| ask.acting(owner, self.manager, &decrease));
        let question =
            PoolFactory::getPoolCall { tokenA: facts.token0, tokenB: facts.token1, fee: facts.fee };
        let pool = ask.view(self.factory, &question);
        let answers = ask.run(state).await?;
        let amounts = match amounts.map(|ticket| answers.get(ticket)).transpose()? {
            Some(paid) => [paid.amount0, paid.amount1],
            None => [U256::ZERO; 2],
        };
        let (fees, fails) = match fees {
            Ok(fees) => (fees, None),
            Err(why) => (nft.owed(state, (facts.liquidity, amounts)).await?, Some(why)),
        };
        let mut ask = Ask::new();
        let price = ask.view(answers.get(pool)?, &PoolState::slot0Call {});
        let tokens = tokens([facts.token0, facts.token1], state);
        let (answers, tokens) = futures::future::join(ask.run(state), tokens).await;
        let (now, tokens) = (answers?.get(price)?, tokens?);
        let (tick, root) = (now.tick, U256::from(now.sqrtPriceX96));
        let price = pool_price::against_feeds(state, &tokens, pool_price::even(root)).await;
        let inside = facts.tickLower <= tick && tick < facts.tickUpper;
        let range = if inside { "In range: it earns fees." } else { "Out of range: it earns nothing now." };
        let noted = Noted {
            manager: self.manager,
            name: self.name.clone(),
            id,
            liquidity: facts.liquidity,
            tokens,
            payout: Payout { amounts, fees, fails },
            price,
            now: state.block_ref().timestamp,
        };
        let [first, second] = &noted.tokens;
        let market = format!("#{id} {}/{} {} %", first.symbol, second.symbol, units(facts.fee.to(), 4));
        let refused = noted.payout.fails.as_ref();
        let refused = refused.map(|why| format!("It cannot be paid out now: {why}."));
        let caveats = std::iter::once(range.to_owned()).chain(refused).chain(price.caveat()).collect();
        let place = (code, state.block_ref());
        let rows = noted.rows();
        let position = Position::new((ID, market), owner, place, rows, Detail::new(noted));
        Ok(Position { caveats, ..position })
    }

    /// Positions that are there, and were not looked at.
    fn unseen(
        &self,
        owner: Address,
        (code, state): (CodeCheck, &JointState),
        (unseen, count): (u64, u64),
    ) -> Position {
        let asset = Asset::token(self.manager, "positions", 0);
        let row = Row::new(RowKind::Held, asset, U256::from(unseen), None);
        let place = (code, state.block_ref());
        let market = "positions not looked at".to_owned();
        let position = Position::new((ID, market), owner, place, vec![row], Detail::new(()));
        let caveats = vec![format!(
            "{count} positions are held; {unseen} of them are not shown. Anybody can send positions: name yours by its number."
        )];
        Position { caveats, ..position }
    }
}

/// Both tokens; one that asks for endless state is called by its address.
async fn tokens(both: [Address; 2], state: &JointState) -> Result<[Asset; 2], ProtocolError> {
    if let Ok(facts) = token_facts(both, state).await {
        return Ok(<[Asset; 2]>::try_from(facts).unwrap_or_else(|_fewer| both.map(nameless)));
    }
    let [first, second] = both;
    Ok([token(first, state).await?, token(second, state).await?])
}

async fn token(address: Address, state: &JointState) -> Result<Asset, ProtocolError> {
    match token_facts([address], state).await {
        Ok(facts) => Ok(facts.into_iter().next().unwrap_or_else(|| nameless(address))),
        Err(error) => error.why_of_contract().map(|_why| nameless(address)),
    }
}

fn nameless(token: Address) -> Asset {
    Asset::token(token, &token.to_checksum(None), 0)
}

impl Noted {
    fn rows(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        let Payout { amounts, fees, .. } = self.payout;
        for (kind, amounts) in [(RowKind::Supplied, amounts), (RowKind::Claimable, fees)] {
            for (asset, amount) in self.tokens.iter().zip(amounts) {
                if !amount.is_zero() {
                    rows.push(Row::new(kind, asset.clone(), amount, None));
                }
            }
        }
        rows
    }
}
