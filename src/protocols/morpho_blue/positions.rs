//! What an account has in the markets of Morpho Blue.

use std::sync::Arc;

use alloy::primitives::{Address, B256, U256, keccak256};
use alloy::sol_types::SolValue as _;
use async_trait::async_trait;
use serde::Deserialize;

use super::accrual::{MarketTotals, Pair};
use super::actions::{actions, take_now};
use super::interface::{Market, MarketParams, Morpho, MorphoIrm, MorphoOracle};
use super::{price_age, price_check};
use crate::protocols::{
    Action, Ask, Asset, CodeCheck, Detail, Health, JointState, LiquidationPrice, NamedBy, Position, PriceAge,
    Protocol, ProtocolError, Row, RowKind, TakeNow, Worth, check_code, token_facts,
};

/// Its id.
pub const ID: &str = "morpho-blue";

/// A market that is looked at. Ids cannot be listed on the chain.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct KnownMarket {
    /// What people call it.
    pub name: String,
    /// The hash of its parameters.
    pub id: B256,
}

impl KnownMarket {
    /// What people call it; of one that was only named by its id, the tokens and how the id begins.
    fn name_of(&self, collateral: &Asset, loan: &Asset) -> String {
        if !self.name.is_empty() {
            return self.name.clone();
        }
        let id = self.id.to_string();
        format!("{}/{} {}…", collateral.symbol, loan.symbol, id.get(..10).unwrap_or(&id))
    }
}

/// Morpho Blue on a chain.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct MorphoBlue {
    /// The contract.
    pub morpho: Address,
    /// The markets looked at.
    pub markets: Vec<KnownMarket>,
}

/// What the calls are built from.
#[derive(Debug, Clone)]
pub(super) struct Noted {
    pub(super) morpho: Address,
    pub(super) name: String,
    pub(super) params: MarketParams,
    pub(super) loan: Asset,
    pub(super) collateral: Asset,
    pub(super) supply_shares: U256,
    pub(super) borrow_shares: U256,
    pub(super) supplied: U256,
    pub(super) liquidity: U256,
    /// The oracle gives no price, so the market pays out no collateral of a loan.
    pub(super) no_price: bool,
    pub(super) pair: Pair,
}

/// Shares of one account in one market.
struct Stake {
    market: KnownMarket,
    supply_shares: U256,
    borrow_shares: U256,
    collateral: U256,
}

/// Said where the oracle refuses.
pub(super) const NO_PRICE: &str = "The market's oracle gives no price now.";

#[async_trait]
impl Protocol for MorphoBlue {
    fn id(&self) -> &'static str {
        ID
    }

    fn name(&self) -> String {
        "Morpho Blue".to_owned()
    }

    fn anchor(&self) -> Address {
        self.morpho
    }

    async fn positions(&self, owner: Address, state: &JointState) -> Result<Vec<Position>, ProtocolError> {
        let mut ask = Ask::new();
        let asked: Vec<_> = self
            .markets
            .iter()
            .map(|market| {
                let question = Morpho::positionCall { id: market.id, user: owner };
                (market, ask.view(self.morpho, &question))
            })
            .collect();
        if ask.is_empty() {
            return Ok(Vec::new());
        }
        let answers = ask.run(state).await?;
        let mut stakes = Vec::new();
        for (market, ticket) in asked {
            let found = answers.get(ticket)?;
            let stake = Stake {
                market: market.clone(),
                supply_shares: found.supplyShares,
                borrow_shares: U256::from(found.borrowShares),
                collateral: U256::from(found.collateral),
            };
            if !(stake.supply_shares.is_zero() && stake.borrow_shares.is_zero() && stake.collateral.is_zero())
            {
                stakes.push(stake);
            }
        }
        if stakes.is_empty() {
            return Ok(Vec::new());
        }
        let code = check_code(state.state(), self.morpho, None).await?;
        let each = stakes.into_iter().map(|stake| self.position(owner, state, (stake, code.clone())));
        futures::future::try_join_all(each).await
    }

    fn actions(&self, position: &Position) -> Vec<Action> {
        actions(position)
    }

    fn take_now(&self, position: &Position, floor: U256) -> Vec<TakeNow> {
        take_now(position, floor)
    }

    fn named_by(&self) -> Option<NamedBy> {
        Some(NamedBy::Market)
    }

    fn with_named(&self, what: U256) -> Option<Arc<dyn Protocol>> {
        let (id, mut wider) = (B256::from(what), self.clone());
        if wider.markets.iter().all(|known| known.id != id) {
            // No name of it is known; what is in it is told by its tokens.
            wider.markets.push(KnownMarket { name: String::new(), id });
        }
        Some(Arc::new(wider))
    }
}

impl MorphoBlue {
    async fn position(
        &self,
        owner: Address,
        state: &JointState,
        (stake, code): (Stake, CodeCheck),
    ) -> Result<Position, ProtocolError> {
        let id = stake.market.id;
        let mut ask = Ask::new();
        let params = ask.view(self.morpho, &Morpho::idToMarketParamsCall { id });
        let market = ask.view(self.morpho, &Morpho::marketCall { id });
        let answers = ask.run(state).await?;
        let (params, market) = (answers.get(params)?, answers.get(market)?);
        if keccak256(params.abi_encode()) != id {
            let detail = format!("the parameters of market {id} do not hash to it");
            return Err(ProtocolError::Inconsistent { detail });
        }
        let (totals, price) = self.totals(state, &params, &market).await?;
        let tokens = [params.loanToken, params.collateralToken];
        let mut assets = token_facts(tokens, state).await?.into_iter();
        let outgrown = || ProtocolError::Inconsistent { detail: "a number outgrew 256 bits".to_owned() };
        let debt = totals.owed(stake.borrow_shares).ok_or_else(outgrown)?;
        let (loan, collateral) = (assets.next().ok_or_else(outgrown)?, assets.next().ok_or_else(outgrown)?);
        let name = stake.market.name_of(&collateral, &loan);
        let noted = Noted {
            morpho: self.morpho,
            name: name.clone(),
            loan,
            collateral,
            supply_shares: stake.supply_shares,
            borrow_shares: stake.borrow_shares,
            supplied: totals.lent(stake.supply_shares).ok_or_else(outgrown)?,
            liquidity: totals.liquidity(),
            no_price: price.is_none(),
            pair: Pair {
                collateral: stake.collateral,
                debt,
                price: price.unwrap_or_default(),
                lltv: params.lltv,
            },
            params,
        };
        let mut caveats = Vec::new();
        if price.is_none() && !noted.params.oracle.is_zero() {
            caveats.push(NO_PRICE.to_owned());
        }
        if noted.liquidity < noted.supplied {
            let there = noted.loan.show(noted.liquidity);
            caveats.push(format!("Only {there} can be paid out now: the rest is lent."));
        }
        // Without a price there is no factor: 0 would be a lie.
        let mut health = noted.health().filter(|_| price.is_some());
        if let Some(health) = &mut health {
            health.price_age = price_age::age(&noted, state).await?;
            caveats.extend(price_check::differs(&noted, state).await?);
        }
        let (rows, place) = (noted.rows(), (code, state.block_ref()));
        let position = Position::new((ID, name), owner, place, rows, Detail::new(noted));
        Ok(Position { health, caveats, ..position })
    }

    /// The totals with interest to the block's own second, and the oracle's price.
    async fn totals(
        &self,
        state: &JointState,
        params: &MarketParams,
        market: &Market,
    ) -> Result<(MarketTotals, Option<U256>), ProtocolError> {
        let totals = MarketTotals {
            supply_assets: U256::from(market.totalSupplyAssets),
            supply_shares: U256::from(market.totalSupplyShares),
            borrow_assets: U256::from(market.totalBorrowAssets),
            borrow_shares: U256::from(market.totalBorrowShares),
            fee: U256::from(market.fee),
        };
        let mut ask = Ask::new();
        let question = MorphoIrm::borrowRateViewCall { marketParams: params.clone(), market: market.clone() };
        let rate = (!params.irm.is_zero()).then(|| ask.view(params.irm, &question));
        let price = (!params.oracle.is_zero()).then(|| ask.view(params.oracle, &MorphoOracle::priceCall {}));
        if ask.is_empty() {
            return Ok((totals, None));
        }
        let answers = ask.run(state).await?;
        let rate = rate.map(|ticket| answers.get(ticket)).transpose()?.unwrap_or_default();
        let last = u64::try_from(market.lastUpdate).unwrap_or(u64::MAX);
        let seconds = state.block_ref().timestamp.saturating_sub(last);
        let outgrown = || ProtocolError::Inconsistent { detail: "a number outgrew 256 bits".to_owned() };
        let totals = totals.accrued(rate, seconds).ok_or_else(outgrown)?;
        Ok((totals, price.and_then(|ticket| answers.get(ticket).ok())))
    }
}

impl Noted {
    fn rows(&self) -> Vec<Row> {
        let worth = |amount| {
            let (decimals, unit) = (self.loan.decimals, self.loan.symbol.clone());
            Some(Worth { amount, decimals, unit })
        };
        let mut rows = vec![
            Row::new(RowKind::Supplied, self.loan.clone(), self.supplied, None),
            Row {
                worth: self.pair.worth().and_then(worth),
                ..Row::new(RowKind::Collateral, self.collateral.clone(), self.pair.collateral, None)
            },
            Row::new(RowKind::Borrowed, self.loan.clone(), self.pair.debt, None),
        ];
        rows.retain(|row| !row.amount.is_zero());
        rows
    }

    fn health(&self) -> Option<Health> {
        if self.pair.debt.is_zero() {
            return None;
        }
        // 36 digits and the difference of the tokens' decimals.
        let decimals = (36_u8.saturating_add(self.loan.decimals)).saturating_sub(self.collateral.decimals);
        let line = self.pair.safe_down_to().map(|at| LiquidationPrice {
            asset: self.collateral.clone(),
            now: self.pair.price,
            at,
            falling: true,
            decimals,
            unit: self.loan.symbol.clone(),
        });
        Some(Health {
            price_age: PriceAge::default(),
            factor: self.pair.health_factor(),
            own_integer: false,
            collateral: self.pair.worth().unwrap_or_default(),
            debt: self.pair.debt,
            decimals: self.loan.decimals,
            unit: self.loan.symbol.clone(),
            threshold_bps: self.params.lltv / U256::from(100_000_000_000_000_u64),
            liquidation: line.into_iter().collect(),
        })
    }
}
