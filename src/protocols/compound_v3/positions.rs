//! What an account has in a Comet.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall as _;
use async_trait::async_trait;
use serde::Deserialize;

use super::actions::{actions, take_now};
use super::factor::{Loan, Pledge};
use super::interface::{AssetInfo, Comet, CometRewards};
use crate::contracts::Erc20;
use crate::execution::Call;
use crate::protocols::price_age::price_age;
use crate::protocols::{
    Action, Ask, Asset, Detail, Health, JointState, LiquidationPrice, Position, PriceAge, Protocol,
    ProtocolError, Row, RowKind, TakeNow, Worth, check_code, token_facts,
};

/// Its id.
pub const ID: &str = "compound-v3";

/// One market.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct CometMarket {
    /// What people call it.
    pub name: String,
    /// The contract.
    pub comet: Address,
    /// Where rewards are claimed.
    #[serde(default)]
    pub rewards: Option<Address>,
}

/// What the calls are built from.
#[derive(Debug, Clone)]
pub(super) struct Noted {
    pub(super) market: CometMarket,
    pub(super) base: Asset,
    pub(super) supplied: U256,
    /// Base units that can be paid out now.
    pub(super) liquidity: U256,
    pub(super) pledged: Vec<Asset>,
    pub(super) loan: Loan,
    pub(super) reward: Option<(Asset, U256)>,
    pub(super) supply_paused: bool,
    pub(super) withdraw_paused: bool,
    /// Of what the feeds give no price, which is 0 in the loan then: it is not judged by it.
    pub(super) no_price: Vec<String>,
    /// Whose prices the loan goes by.
    feeds: Vec<(Asset, Address)>,
}

/// The numbers behind a position of a market here.
pub fn loan(position: &Position) -> Option<Loan> {
    Some(position.detail.get::<Noted>()?.loan.clone())
}

/// What the market says of itself and the account.
struct Facts {
    supplied: U256,
    debt: U256,
    base: Address,
    base_feed: Address,
    base_scale: U256,
    supply_paused: bool,
    withdraw_paused: bool,
    assets: Vec<AssetInfo>,
}

#[async_trait]
impl Protocol for CometMarket {
    fn id(&self) -> &'static str {
        ID
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn anchor(&self) -> Address {
        self.comet
    }

    async fn positions(&self, owner: Address, state: &JointState) -> Result<Vec<Position>, ProtocolError> {
        let mut ask = Ask::new();
        let basic = ask.view(self.comet, &Comet::userBasicCall { account: owner });
        let basic = ask.run(state).await?.get(basic)?;
        let nothing = basic.principal.is_zero() && basic.assetsIn == 0 && basic._reserved == 0;
        if nothing && basic.baseTrackingAccrued == 0 {
            return Ok(Vec::new());
        }
        let facts = self.facts(owner, state).await?;
        let (noted, mut caveats) = self.noted(owner, state, facts).await?;
        if noted.rows_are_empty() {
            return Ok(Vec::new());
        }
        if noted.liquidity < noted.supplied {
            let there = noted.base.show(noted.liquidity);
            caveats.push(format!("Only {there} can be paid out now: the rest is lent."));
        }
        // Without a price there is no factor: 0 would be a lie.
        let mut health = noted.health().filter(|_| noted.no_price.is_empty());
        if let Some(health) = health.as_mut().filter(|health| !health.debt.is_zero()) {
            health.price_age = price_age(state, noted.feeds.clone()).await?;
        }
        Ok(vec![Position {
            protocol: ID.to_owned(),
            market: noted.base.symbol.clone(),
            owner,
            contract: self.comet,
            rows: noted.rows(owner),
            health,
            code: check_code(state.state(), self.comet, None).await?,
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
}

impl CometMarket {
    async fn facts(&self, owner: Address, state: &JointState) -> Result<Facts, ProtocolError> {
        let comet = self.comet;
        let mut ask = Ask::new();
        let supplied = ask.view(comet, &Comet::balanceOfCall { account: owner });
        let debt = ask.view(comet, &Comet::borrowBalanceOfCall { account: owner });
        let count = ask.view(comet, &Comet::numAssetsCall {});
        let base = ask.view(comet, &Comet::baseTokenCall {});
        let base_feed = ask.view(comet, &Comet::baseTokenPriceFeedCall {});
        let base_scale = ask.view(comet, &Comet::baseScaleCall {});
        let supply_paused = ask.view(comet, &Comet::isSupplyPausedCall {});
        let withdraw_paused = ask.view(comet, &Comet::isWithdrawPausedCall {});
        let first = ask.run(state).await?;
        let mut ask = Ask::new();
        let infos: Vec<_> =
            (0..first.get(count)?).map(|i| ask.view(comet, &Comet::getAssetInfoCall { i })).collect();
        let assets = if ask.is_empty() {
            Vec::new()
        } else {
            let answers = ask.run(state).await?;
            infos.into_iter().map(|one| answers.get(one)).collect::<Result<_, _>>()?
        };
        Ok(Facts {
            supplied: first.get(supplied)?,
            debt: first.get(debt)?,
            base: first.get(base)?,
            base_feed: first.get(base_feed)?,
            base_scale: first.get(base_scale)?,
            supply_paused: first.get(supply_paused)?,
            withdraw_paused: first.get(withdraw_paused)?,
            assets,
        })
    }

    #[expect(clippy::too_many_lines, reason = "one list of questions and, in the same order, their answers")]
    async fn noted(
        &self,
        owner: Address,
        state: &JointState,
        facts: Facts,
    ) -> Result<(Noted, Vec<String>), ProtocolError> {
        let mut caveats = Vec::new();
        let mut ask = Ask::new();
        let liquidity = ask.view(facts.base, &Erc20::balanceOfCall { owner: self.comet });
        let base_price = ask.view(self.comet, &Comet::getPriceCall { priceFeed: facts.base_feed });
        let pledged: Vec<_> = facts
            .assets
            .iter()
            .map(|info| {
                let question = Comet::collateralBalanceOfCall { account: owner, asset: info.asset };
                let price = ask.view(self.comet, &Comet::getPriceCall { priceFeed: info.priceFeed });
                (info, ask.view(self.comet, &question), price)
            })
            .collect();
        let owed = self.rewards.map(|rewards| {
            let question = CometRewards::getRewardOwedCall { comet: self.comet, account: owner };
            ask.acting(owner, rewards, &question)
        });
        let answers = ask.run(state).await?;
        // A feed that answers 0 or less makes the market refuse. What is owed and pledged is there all the same.
        let price = |ticket| answers.get(ticket).unwrap_or_default();
        let mut pledges = Vec::new();
        let mut price_feeds = vec![facts.base_feed];
        let mut tokens = vec![facts.base];
        for (info, units, its_price) in pledged {
            let units = U256::from(answers.get(units)?);
            if units.is_zero() {
                continue;
            }
            tokens.push(info.asset);
            price_feeds.push(info.priceFeed);
            pledges.push(Pledge {
                units,
                price: price(its_price),
                scale: U256::from(info.scale),
                liquidate_factor: U256::from(info.liquidateCollateralFactor),
                borrow_factor: U256::from(info.borrowCollateralFactor),
            });
        }
        let reward = match owed.map(|ticket| answers.get(ticket)) {
            Some(Ok(due)) if !due.owed.is_zero() => Some(due),
            Some(Err(error)) => {
                caveats.push(format!("Rewards could not be read: {error}."));
                None
            }
            _ => None,
        };
        tokens.extend(reward.as_ref().map(|due| due.token));
        let mut assets = token_facts(tokens, state).await?.into_iter();
        let missing = || ProtocolError::Inconsistent { detail: "a token is missing".to_owned() };
        let base = assets.next().ok_or_else(missing)?;
        let pledged: Vec<Asset> = assets.by_ref().take(pledges.len()).collect();
        let base_price = price(base_price);
        let loan = Loan { pledges, debt: facts.debt, base_price, base_scale: facts.base_scale };
        let no_price = without_price(&base, &pledged, &loan);
        caveats
            .extend(no_price.iter().map(|symbol| format!("The market's feed gives no price for {symbol}.")));
        for (what, paused) in
            [("supplied or repaid", facts.supply_paused), ("withdrawn", facts.withdraw_paused)]
        {
            if paused {
                caveats.push(format!("The market is paused: nothing can be {what} until that ends."));
            }
        }
        let feeds = [base.clone()].into_iter().chain(pledged.clone()).zip(price_feeds).collect();
        let noted = Noted {
            market: self.clone(),
            feeds,
            base,
            supplied: facts.supplied,
            liquidity: answers.get(liquidity)?,
            pledged,
            loan,
            reward: reward.and_then(|due| Some((assets.next()?, due.owed))),
            supply_paused: facts.supply_paused,
            withdraw_paused: facts.withdraw_paused,
            no_price,
        };
        Ok((noted, caveats))
    }
}

/// Symbols of what has no price. That of the base counts where it is owed.
fn without_price(base: &Asset, pledged: &[Asset], loan: &Loan) -> Vec<String> {
    let owed = !loan.debt.is_zero() && loan.base_price.is_zero();
    let pledged = pledged.iter().zip(&loan.pledges).filter(|(_, one)| one.price.is_zero());
    let all = owed.then_some(base).into_iter().chain(pledged.map(|(asset, _)| asset));
    all.map(|asset| asset.symbol.clone()).collect()
}

impl Noted {
    fn rows_are_empty(&self) -> bool {
        self.supplied.is_zero()
            && self.loan.debt.is_zero()
            && self.loan.pledges.is_empty()
            && self.reward.is_none()
    }

    fn rows(&self, owner: Address) -> Vec<Row> {
        let comet = self.market.comet;
        let unit = || "in the market's price".to_owned();
        let worth = |units: U256, price: U256, scale: U256| {
            let amount = units.checked_mul(price).filter(|_| !price.is_zero())?.checked_div(scale)?;
            Some(Worth { amount, decimals: 8, unit: unit() })
        };
        let base_worth = |units| worth(units, self.loan.base_price, self.loan.base_scale);
        let mut rows = Vec::new();
        let mut push = |kind, asset: &Asset, units: U256, view: Vec<u8>, worth| {
            if !units.is_zero() {
                let row = Row::new(kind, asset.clone(), units, Some(Call::read(comet, view)));
                rows.push(Row { worth, ..row });
            }
        };
        let account = owner;
        let view = Comet::balanceOfCall { account }.abi_encode();
        push(RowKind::Supplied, &self.base, self.supplied, view, base_worth(self.supplied));
        for (asset, one) in self.pledged.iter().zip(&self.loan.pledges) {
            let view = Comet::collateralBalanceOfCall { account, asset: asset.address }.abi_encode();
            push(RowKind::Collateral, asset, one.units, view, worth(one.units, one.price, one.scale));
        }
        let view = Comet::borrowBalanceOfCall { account }.abi_encode();
        push(RowKind::Borrowed, &self.base, self.loan.debt, view, base_worth(self.loan.debt));
        if let Some((asset, due)) = &self.reward {
            rows.push(Row::new(RowKind::Claimable, asset.clone(), *due, None));
        }
        rows
    }

    fn health(&self) -> Option<Health> {
        if self.loan.debt.is_zero() && self.loan.pledges.is_empty() {
            return None;
        }
        let (collateral, debt) = self.loan.worth()?;
        let lines = self.pledged.iter().enumerate().filter_map(|(index, asset)| {
            let (at, now) = (self.loan.safe_down_to(index)?, self.loan.pledges.get(index)?.price);
            let (asset, unit) = (asset.clone(), "in the market's price".to_owned());
            Some(LiquidationPrice { asset, now, at, falling: true, decimals: 8, unit })
        });
        let threshold = |factor: U256| factor.checked_mul(debt)?.checked_div(collateral);
        let factor = self.loan.health_factor();
        let bps = factor.and_then(threshold).map(|wad| wad / U256::from(100_000_000_000_000_u64));
        Some(Health {
            price_age: PriceAge::default(),
            factor,
            own_integer: false,
            collateral,
            debt,
            decimals: 8,
            unit: "in the market's price".to_owned(),
            threshold_bps: bps.unwrap_or_default(),
            liquidation: lines.collect(),
        })
    }
}
