//! What an account has in Liquity v1.

use alloy::primitives::{Address, U256};
use async_trait::async_trait;
use serde::Deserialize;

use super::actions::actions;
use super::interface::{PriceFeed, StabilityPool, Staking, Surplus, TroveManager};
use super::price_age;
use crate::protocols::{
    Action, Ask, Asset, CodeCheck, Detail, Health, JointState, LiquidationPrice, Position, PriceAge,
    Protocol, ProtocolError, Row, RowKind, WAD, Worth, check_code,
};

/// Its id.
pub const ID: &str = "liquity-v1";
/// A trove below this ratio can be liquidated: 110 %, 18 decimals. The contracts have it as a constant.
const MCR: U256 = U256::from_limbs([1_100_000_000_000_000_000, 0, 0, 0]);
/// The same in recovery mode: 150 %.
const CCR: U256 = U256::from_limbs([1_500_000_000_000_000_000, 0, 0, 0]);

/// The contracts of Liquity v1 on a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct LiquityV1 {
    /// Troves.
    pub trove_manager: Address,
    /// What a borrower calls.
    pub borrower_operations: Address,
    /// The stability pool.
    pub stability_pool: Address,
    /// The stake of LQTY.
    pub staking: Address,
    /// The price of ether.
    pub price_feed: Address,
    /// What closed troves left over.
    pub surplus: Address,
    /// LUSD.
    pub lusd: Address,
    /// LQTY.
    pub lqty: Address,
}

/// A tenth of a percent of a ratio of 18 decimals.
const WAD_OF_TENTHS: u64 = 1_000_000_000_000_000;

/// An open trove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trove {
    pub(super) debt: U256,
    pub(super) coll: U256,
    /// Part of the debt that the contracts hold themselves and give back at the end.
    pub(super) reserve: U256,
    /// Of ether in dollars, 18 decimals.
    pub(super) price: U256,
    pub(super) recovery: bool,
    /// Ratio of all troves together, 18 decimals.
    system: U256,
}

impl Trove {
    /// The ratio below which it can be liquidated, 18 decimals.
    fn least(&self) -> U256 {
        if self.recovery { CCR } else { MCR }
    }

    /// `LiquityMath._computeCR`: 18 decimals, cut.
    pub(super) fn ratio(&self) -> Option<U256> {
        self.coll.checked_mul(self.price)?.checked_div(self.debt)
    }

    /// The ratio over the least one, 18 decimals, cut: below 1.0 exactly where it can be liquidated.
    fn factor(&self) -> Option<U256> {
        self.ratio()?.checked_mul(WAD)?.checked_div(self.least())
    }

    /// The last price at which the ratio is enough.
    fn safe_down_to(&self) -> Option<U256> {
        let wanted = self.least().checked_mul(self.debt)?;
        let price = wanted.checked_add(self.coll)?.checked_sub(U256::from(1))?.checked_div(self.coll)?;
        (price <= self.price).then_some(price)
    }

    /// What else can take collateral than its own ratio.
    fn caveats(&self) -> Vec<String> {
        let mode = if self.recovery {
            "Liquity is in recovery mode: troves below 150 % can be liquidated and none can be closed."
                .to_owned()
        } else {
            let percent = |ratio: U256| crate::protocols::brief(ratio / U256::from(WAD_OF_TENTHS), 1);
            let own = self.ratio().filter(|ratio| *ratio < CCR);
            let own = own.map(|own| format!(" This one stands at {} %.", percent(own))).unwrap_or_default();
            format!(
                "All troves together stand at {} %. Below 150 % Liquity is in recovery mode, and then a trove below 150 %, not 110 %, can be liquidated.{own}",
                percent(self.system)
            )
        };
        let redeemed = "Whoever returns LUSD takes ether at its price from the troves with the lowest ratio: this one may lose collateral, and as much debt.";
        vec![mode, redeemed.to_owned()]
    }

    fn health(&self) -> Option<Health> {
        let line = self.safe_down_to().map(|at| LiquidationPrice {
            asset: Asset::ether(),
            now: self.price,
            at,
            falling: true,
            decimals: 18,
            unit: "USD".to_owned(),
        });
        Some(Health {
            price_age: PriceAge::default(),
            factor: self.factor(),
            own_integer: false,
            collateral: self.coll.checked_mul(self.price)?.checked_div(WAD)?,
            debt: self.debt,
            decimals: 18,
            unit: "USD".to_owned(),
            threshold_bps: WAD.checked_mul(U256::from(10_000))?.checked_div(self.least())?,
            liquidation: line.into_iter().collect(),
        })
    }
}

/// What the calls are built from.
#[derive(Debug, Clone)]
pub(super) struct Noted {
    pub(super) contracts: LiquityV1,
    pub(super) trove: Option<Trove>,
    /// LUSD in the stability pool, ether and LQTY that came of it.
    pub(super) deposit: [U256; 3],
    /// LQTY staked, ether and LUSD that came of it.
    pub(super) stake: [U256; 3],
    /// Wei.
    pub(super) surplus: U256,
    pub(super) pool_code: CodeCheck,
    pub(super) staking_code: CodeCheck,
}

impl Noted {
    pub(super) fn lusd(&self) -> Asset {
        Asset::token(self.contracts.lusd, "LUSD", 18)
    }

    pub(super) fn lqty(&self) -> Asset {
        Asset::token(self.contracts.lqty, "LQTY", 18)
    }

    fn rows(&self) -> Vec<Row> {
        let (ether, lusd, lqty) = (Asset::ether(), self.lusd(), self.lqty());
        let mut rows = Vec::new();
        let mut push = |kind, asset: &Asset, amount: U256, note: &str| {
            if !amount.is_zero() {
                let row = Row::new(kind, asset.clone(), amount, None);
                rows.push(if note.is_empty() { row } else { row.noted(note.to_owned()) });
            }
        };
        if let Some(trove) = &self.trove {
            push(RowKind::Collateral, &ether, trove.coll, "");
            let reserve = format!("{} of it are a reserve that the contracts pay", lusd.show(trove.reserve));
            push(RowKind::Borrowed, &lusd, trove.debt, &reserve);
        }
        let ([deposit, ether_gain, lqty_gain], [staked, stake_ether, stake_lusd]) =
            (self.deposit, self.stake);
        push(RowKind::Supplied, &lusd, deposit, "in the stability pool");
        push(RowKind::Claimable, &ether, ether_gain, "from the stability pool");
        push(RowKind::Claimable, &lqty, lqty_gain, "from the stability pool");
        push(RowKind::Supplied, &lqty, staked, "staked");
        push(RowKind::Claimable, &ether, stake_ether, "from the stake");
        push(RowKind::Claimable, &lusd, stake_lusd, "from the stake");
        push(RowKind::Claimable, &ether, self.surplus, "left over from a closed trove");
        if let (Some(trove), Some(row)) = (&self.trove, rows.first_mut()) {
            let worth = trove.coll.checked_mul(trove.price).and_then(|all| all.checked_div(WAD));
            row.worth = worth.map(|amount| Worth { amount, decimals: 18, unit: "USD".to_owned() });
        }
        rows
    }
}

#[async_trait]
impl Protocol for LiquityV1 {
    fn id(&self) -> &'static str {
        ID
    }

    fn name(&self) -> String {
        "Liquity v1".to_owned()
    }

    fn anchor(&self) -> Address {
        self.trove_manager
    }

    async fn positions(&self, owner: Address, state: &JointState) -> Result<Vec<Position>, ProtocolError> {
        let mut ask = Ask::new();
        let status = ask.view(self.trove_manager, &TroveManager::getTroveStatusCall { borrower: owner });
        let (pool, staking) = (self.stability_pool, self.staking);
        let deposit = ask.view(pool, &StabilityPool::getCompoundedLUSDDepositCall { depositor: owner });
        let ether_gain = ask.view(pool, &StabilityPool::getDepositorETHGainCall { depositor: owner });
        let lqty_gain = ask.view(pool, &StabilityPool::getDepositorLQTYGainCall { depositor: owner });
        let staked = ask.view(staking, &Staking::stakesCall { user: owner });
        let stake_ether = ask.view(staking, &Staking::getPendingETHGainCall { user: owner });
        let stake_lusd = ask.view(staking, &Staking::getPendingLUSDGainCall { user: owner });
        let surplus = ask.view(self.surplus, &Surplus::getCollateralCall { account: owner });
        let answers = ask.run(state).await?;
        let is_open = answers.get(status)? == U256::from(1);
        let deposit = [answers.get(deposit)?, answers.get(ether_gain)?, answers.get(lqty_gain)?];
        let stake = [answers.get(staked)?, answers.get(stake_ether)?, answers.get(stake_lusd)?];
        let surplus = answers.get(surplus)?;
        let mut amounts = deposit.iter().chain(&stake).chain(std::iter::once(&surplus));
        if !is_open && amounts.all(U256::is_zero) {
            return Ok(Vec::new());
        }
        let trove = if is_open { Some(self.trove(owner, state).await?) } else { None };
        let noted = Noted {
            contracts: *self,
            trove,
            deposit,
            stake,
            surplus,
            pool_code: check_code(state.state(), pool, None).await?,
            staking_code: check_code(state.state(), staking, None).await?,
        };
        let code = check_code(state.state(), self.borrower_operations, None).await?;
        let (mut health, rows) = (noted.trove.as_ref().and_then(Trove::health), noted.rows());
        if let (Some(health), Some(trove)) = (&mut health, &noted.trove) {
            health.price_age = price_age::age(self.price_feed, trove.price, state).await?;
        }
        let caveats = noted.trove.as_ref().map(Trove::caveats).unwrap_or_default();
        let place = (code, state.block_ref());
        let position = Position::new((ID, "LUSD".to_owned()), owner, place, rows, Detail::new(noted));
        Ok(vec![Position { health, caveats, contract: self.trove_manager, ..position }])
    }

    fn actions(&self, position: &Position) -> Vec<Action> {
        actions(position)
    }
}

impl LiquityV1 {
    async fn trove(&self, owner: Address, state: &JointState) -> Result<Trove, ProtocolError> {
        let manager = self.trove_manager;
        let mut ask = Ask::new();
        let of = ask.view(manager, &TroveManager::getEntireDebtAndCollCall { borrower: owner });
        let reserve = ask.view(manager, &TroveManager::LUSD_GAS_COMPENSATIONCall {});
        let price = ask.acting(owner, self.price_feed, &PriceFeed::fetchPriceCall {});
        let answers = ask.run(state).await?;
        let (of, price) = (answers.get(of)?, answers.get(price)?);
        let mut ask = Ask::new();
        let recovery = ask.view(manager, &TroveManager::checkRecoveryModeCall { price });
        let system = ask.view(manager, &TroveManager::getTCRCall { price });
        let mode = ask.run(state).await?;
        let (recovery, system) = (mode.get(recovery)?, mode.get(system)?);
        Ok(Trove { debt: of.debt, coll: of.coll, reserve: answers.get(reserve)?, price, recovery, system })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn trove(coll: u64, debt: u64, price: u64) -> Trove {
        let whole = |n: u64| WAD * U256::from(n);
        let reserve = whole(200);
        let system = whole(2);
        Trove { debt: whole(debt), coll: whole(coll), reserve, price: whole(price), recovery: false, system }
    }

    #[test]
    fn a_plain_trove() {
        let trove = trove(10, 11_000, 2_000);
        assert_eq!(trove.ratio(), Some(WAD * U256::from(20_000) / U256::from(11_000)));
        assert_eq!(trove.safe_down_to(), Some(WAD * U256::from(1_210)));
        let health = trove.health().unwrap();
        assert_eq!(health.threshold_bps, U256::from(9_090));
        let strict = Trove { recovery: true, ..trove };
        assert_eq!(strict.safe_down_to(), Some(WAD * U256::from(1_650)));
        assert!(strict.factor() < health.factor);
    }

    #[test]
    fn what_else_can_take_collateral_is_said() {
        let said = |of: &Trove| of.caveats().join(" ");
        let high = said(&trove(10, 11_000, 2_000));
        assert!(high.starts_with("All troves together stand at 200 %. Below 150 %"), "{high}");
        assert!(high.contains("returns LUSD") && !high.contains("This one stands"), "{high}");
        let low = said(&trove(10, 11_000, 1_500));
        assert!(low.contains("can be liquidated. This one stands at 136.3 %."), "{low}");
        let now = said(&Trove { recovery: true, ..trove(10, 11_000, 1_500) });
        assert!(now.starts_with("Liquity is in recovery mode"), "{now}");
    }

    proptest! {
        #[test]
        fn below_one_is_below_the_least_ratio(coll in 1u64..1_000_000, debt in 1u64..1_000_000_000, price in 1u64..100_000) {
            let trove = trove(coll, debt, price);
            prop_assert_eq!(trove.factor().unwrap() < WAD, trove.ratio().unwrap() < MCR);
            if let Some(at) = trove.safe_down_to() {
                let moved = |price| Trove { price, ..trove.clone() }.ratio().unwrap() >= MCR;
                prop_assert!(moved(at) && !moved(at - U256::from(1)));
            }
        }
    }
}
