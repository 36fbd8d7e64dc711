//! A market, and what an account has in it.

use alloy::primitives::{Address, U256};
use async_trait::async_trait;
use serde::Deserialize;

use super::account::Summary;
use super::actions::{actions, take_now};
use super::errors;
use super::health_factor::HoldingSet;
use super::interface::{Oracle, Rewards};
use super::reserve::Reserve;
use crate::protocols::price_age::price_age;
use crate::protocols::{
    Action, Ask, Asset, CodeCheck, Detail, Health, JointState, LiquidationPrice, Position, PriceAge,
    Protocol, ProtocolError, Row, RowKind, TakeNow, check_code, token_facts,
};

/// Its id. Forks share it.
pub const ID: &str = "aave-v3";

/// A reserve whose aToken is known beforehand, so that an account without anything costs one slot a reserve.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct KnownReserve {
    /// What the market calls it.
    pub symbol: String,
    /// The asset.
    pub underlying: Address,
    /// Its aToken.
    pub a_token: Address,
}

/// One market of Aave v3, or of a fork.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AaveMarket {
    /// What people call it.
    pub name: String,
    /// The market alone.
    pub market: String,
    /// The pool.
    pub pool: Address,
    /// The gateway that pays in ether.
    #[serde(default)]
    pub gateway: Option<Address>,
    /// The gateway's `repayETH` takes a rate mode, as in the first release and SparkLend.
    #[serde(default)]
    pub rate_mode: bool,
    /// The wrapped ether that the gateway unwraps.
    #[serde(default)]
    pub weth: Option<Address>,
    /// Where rewards are claimed.
    #[serde(default)]
    pub rewards: Option<Address>,
    /// Reserves known beforehand; others are found in the pool.
    #[serde(default)]
    pub reserves: Vec<KnownReserve>,
}

/// What the calls are built from.
#[derive(Debug, Clone)]
pub(super) struct Noted {
    pub(super) market: AaveMarket,
    pub(super) reserves: Vec<Reserve>,
    /// For what-if questions; `None` where the proven factor is not reproduced by either form.
    pub(super) set: Option<HoldingSet>,
    pub(super) factor: Option<U256>,
    pub(super) gateway_code: Option<CodeCheck>,
    /// Tokens that earn rewards, and what is due.
    pub(super) rewards: Vec<(Asset, U256)>,
    pub(super) reward_tokens: Vec<Address>,
    /// The asset an action is about, as an index into `reserves`.
    pub(super) about: usize,
}

#[async_trait]
impl Protocol for AaveMarket {
    fn id(&self) -> &'static str {
        ID
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn anchor(&self) -> Address {
        self.pool
    }

    async fn positions(&self, owner: Address, state: &JointState) -> Result<Vec<Position>, ProtocolError> {
        let Some((summary, candidates)) = self.account(owner, state).await? else { return Ok(Vec::new()) };
        let reserves = self.read_reserves(owner, state, (&summary, candidates)).await?;
        if reserves.is_empty() {
            return Ok(Vec::new());
        }
        let mut caveats: Vec<String> = reserves.iter().flat_map(Reserve::caveats).collect();
        let rewards = match self.read_rewards(owner, state, &reserves).await {
            Ok(rewards) => rewards,
            Err(ProtocolError::Read(error)) => return Err(error.into()),
            Err(error) => {
                caveats.push(format!("Rewards could not be read: {error}."));
                Vec::new()
            }
        };
        let code = check_code(state.state(), self.pool, None).await?;
        let gateway_code = match self.gateway {
            Some(gateway) => Some(check_code(state.state(), gateway, None).await?),
            None => None,
        };
        let (mut health, set) = health(&summary, &reserves, &mut caveats);
        if let Some(health) = health.as_mut().filter(|health| !health.debt.is_zero()) {
            let feeds = self.feeds(summary.oracle, state, &reserves).await?;
            health.price_age = price_age(state, feeds).await?;
        }
        let reward_tokens = reserves.iter().flat_map(|one| [one.a_token, one.debt_token]).collect();
        let mut rows: Vec<Row> = reserves.iter().flat_map(|one| one.rows(owner)).collect();
        rows.extend(
            rewards.iter().map(|(asset, due)| Row::new(RowKind::Claimable, asset.clone(), *due, None)),
        );
        if summary.e_mode.category != 0 {
            caveats.push(format!("The account is in e-mode {}.", summary.e_mode.category));
        }
        let factor = health.as_ref().and_then(|health| health.factor);
        let noted = Noted {
            market: self.clone(),
            reserves,
            set,
            factor,
            gateway_code,
            rewards,
            reward_tokens,
            about: 0,
        };
        Ok(vec![Position {
            protocol: ID.to_owned(),
            market: self.market.clone(),
            owner,
            contract: self.pool,
            rows,
            health,
            code,
            caveats,
            at: state.block_ref(),
            actions: Vec::new(),
            detail: Detail::new(noted),
        }])
    }

    fn actions(&self, position: &Position) -> Vec<Action> {
        actions(position)
    }

    fn take_now(&self, position: &Position, floor: U256) -> Vec<TakeNow> {
        take_now(position, floor)
    }

    fn words_of_revert(&self, data: &[u8]) -> Option<String> {
        errors::words(data)
    }
}

impl AaveMarket {
    /// Where the oracle takes the reserves' prices from; zero where it does not say.
    async fn feeds(
        &self,
        oracle: Address,
        state: &JointState,
        reserves: &[Reserve],
    ) -> Result<Vec<(Asset, Address)>, ProtocolError> {
        let mut ask = Ask::new();
        let asked: Vec<_> = reserves
            .iter()
            .map(|one| {
                let question = Oracle::getSourceOfAssetCall { asset: one.asset.address };
                (one.asset.clone(), ask.view(oracle, &question))
            })
            .collect();
        let answers = ask.run(state).await?;
        let feeds = asked.into_iter().map(|(asset, ticket)| (asset, answers.get(ticket).unwrap_or_default()));
        Ok(feeds.collect())
    }

    async fn read_rewards(
        &self,
        owner: Address,
        state: &JointState,
        reserves: &[Reserve],
    ) -> Result<Vec<(Asset, U256)>, ProtocolError> {
        let Some(rewards) = self.rewards else { return Ok(Vec::new()) };
        let assets = reserves.iter().flat_map(|one| [one.a_token, one.debt_token]).collect();
        let mut ask = Ask::new();
        let due = ask.view(rewards, &Rewards::getAllUserRewardsCall { assets, user: owner });
        let due = ask.run(state).await?.get(due)?;
        let due = due.rewardsList.into_iter().zip(due.unclaimedAmounts);
        let due: Vec<(Address, U256)> = due.filter(|(_, amount)| !amount.is_zero()).collect();
        let assets = token_facts(due.iter().map(|(token, _)| *token), state).await?;
        Ok(assets.into_iter().zip(due).map(|(asset, (_, amount))| (asset, amount)).collect())
    }
}

/// The pool's own factor, with prices of liquidation where our formula gives the same integer.
fn health(
    summary: &Summary,
    reserves: &[Reserve],
    caveats: &mut Vec<String>,
) -> (Option<Health>, Option<HoldingSet>) {
    let data = match &summary.data {
        Ok(data) => data,
        Err(why) => {
            caveats.push(format!("The health factor cannot be read: {why}."));
            return (None, None);
        }
    };
    let holdings: Option<Vec<_>> = reserves.iter().map(Reserve::holding).collect();
    let set = holdings.and_then(|holdings| HoldingSet::fit(holdings, data.healthFactor));
    if set.is_none() && !data.totalDebtBase.is_zero() {
        caveats.push(
            "Liquidation prices are not shown: this market computes its factor in a way not known here."
                .to_owned(),
        );
    }
    let liquidation = set.iter().flat_map(|set| {
        reserves.iter().enumerate().filter_map(|(index, one)| {
            let (falling, at) = match set.safe_down_to(index) {
                Some(price) => (true, price),
                None => (false, set.safe_up_to(index)?),
            };
            let (asset, unit) = (one.asset.clone(), "USD".to_owned());
            Some(LiquidationPrice { asset, now: one.price?, at, falling, decimals: 8, unit })
        })
    });
    let health = Health {
        price_age: PriceAge::default(),
        factor: (!data.totalDebtBase.is_zero()).then_some(data.healthFactor),
        own_integer: true,
        collateral: data.totalCollateralBase,
        debt: data.totalDebtBase,
        decimals: 8,
        unit: "USD".to_owned(),
        threshold_bps: data.currentLiquidationThreshold,
        liquidation: liquidation.collect(),
    };
    (Some(health), set)
}

/// What a position's health factor is computed from, for questions of the kind "what if".
#[derive(Debug, Clone)]
pub struct WhatIf {
    /// The assets, in the order of the holdings.
    pub assets: Vec<Asset>,
    /// The numbers.
    pub holdings: HoldingSet,
}

/// The numbers behind a position of a market here; `None` where the pool's factor is not reproduced by them.
pub fn what_if(position: &Position) -> Option<WhatIf> {
    let noted = position.detail.get::<Noted>()?;
    let assets = noted.reserves.iter().map(|one| one.asset.clone()).collect();
    Some(WhatIf { assets, holdings: noted.set.clone()? })
}
