//! Troves that an account owns in a branch, and its deposit in the stability pool.

use std::sync::Arc;

use alloy::primitives::{Address, U256};
use async_trait::async_trait;
use serde::Deserialize;

use super::actions::actions;
use super::interface::{BorrowerOperations, PriceFeed, StabilityPool, TroveManager, TroveNft};
use super::trove_ids::candidates;
use crate::protocols::{
    Action, Ask, Asset, CodeCheck, Detail, Health, JointState, LiquidationPrice, NamedBy, Position, PriceAge,
    Protocol, ProtocolError, Row, RowKind, WAD, Worth, check_code, token_facts,
};

/// Its id.
pub const ID: &str = "liquity-v2";

/// `MAX_ANNUAL_BATCH_MANAGEMENT_FEE` is one part in so many of the debt a year: ten percent.
const MOST_BATCH_FEE: U256 = U256::from_limbs([10, 0, 0, 0]);

/// A branch: one kind of collateral.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Branch {
    /// What people call it.
    pub name: String,
    /// The collateral.
    pub collateral: Address,
    /// BOLD.
    pub bold: Address,
    /// Troves.
    pub trove_manager: Address,
    /// Who owns them.
    pub nft: Address,
    /// What a borrower calls.
    pub borrower_operations: Address,
    /// The stability pool.
    pub stability_pool: Address,
    /// The price.
    pub price_feed: Address,
    /// Contracts that open troves for others.
    #[serde(default)]
    pub zappers: Vec<Address>,
    /// Numbers of troves that were not opened by their owner.
    #[serde(default)]
    pub trove_ids: Vec<U256>,
}

/// A trove.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trove {
    pub(super) id: U256,
    pub(super) debt: U256,
    pub(super) coll: U256,
    /// Interest a year, 18 decimals.
    interest: U256,
    /// Who sets it and takes a fee beside it; the zero address for nobody, `None` where that was not told.
    batch: Option<Address>,
    /// It was redeemed below the least debt.
    zombie: bool,
    /// Of the collateral in dollars, 18 decimals.
    price: U256,
    /// The ratio below which it can be liquidated, 18 decimals.
    least: U256,
}

impl Trove {
    /// What it may take to close it within the hour: the debt with an hour's interest, and the highest fee there is where
    /// a batch takes one, rounded up.
    pub(super) fn to_close(&self) -> U256 {
        let hours = WAD.saturating_mul(U256::from(365 * 24));
        let alone = self.batch.is_some_and(|who| who.is_zero());
        let fee = if alone { U256::ZERO } else { WAD / MOST_BATCH_FEE };
        let rate = self.interest.saturating_add(fee);
        let grown = self.debt.checked_mul(rate).and_then(|all| all.checked_div(hours));
        self.debt.saturating_add(grown.unwrap_or_default()).saturating_add(U256::from(1))
    }

    /// What else there is to know of it.
    fn caveats(&self) -> Vec<String> {
        let mut all = Vec::new();
        if self.zombie {
            all.push(
                "It was redeemed below the least debt: it can be closed, not borrowed against.".to_owned(),
            );
        }
        let percent = crate::protocols::brief(self.interest, 16);
        all.push(format!(
            "Whoever returns BOLD takes collateral at its price from the troves that pay the least interest: this one, at {percent} % a year, may lose collateral, and as much debt."
        ));
        if let Some(who) = self.batch.filter(|who| !who.is_zero()) {
            all.push(format!("Its interest is set by a batch manager, {who}, who takes a fee beside it."));
        }
        all
    }

    /// `LiquityMath._computeCR`: 18 decimals, cut.
    fn ratio(&self) -> Option<U256> {
        self.coll.checked_mul(self.price)?.checked_div(self.debt)
    }

    fn safe_down_to(&self) -> Option<U256> {
        let wanted = self.least.checked_mul(self.debt)?;
        let price = wanted.checked_add(self.coll)?.checked_sub(U256::from(1))?.checked_div(self.coll)?;
        (price <= self.price).then_some(price)
    }

    fn health(&self, collateral: &Asset) -> Option<Health> {
        let line = self.safe_down_to().map(|at| LiquidationPrice {
            asset: collateral.clone(),
            now: self.price,
            at,
            falling: true,
            decimals: 18,
            unit: "USD".to_owned(),
        });
        Some(Health {
            price_age: PriceAge::default(),
            factor: self.ratio().and_then(|ratio| ratio.checked_mul(WAD)?.checked_div(self.least)),
            own_integer: false,
            collateral: self.coll.checked_mul(self.price)?.checked_div(WAD)?,
            debt: self.debt,
            decimals: 18,
            unit: "USD".to_owned(),
            threshold_bps: WAD.checked_mul(U256::from(10_000))?.checked_div(self.least)?,
            liquidation: line.into_iter().collect(),
        })
    }
}

/// What the calls are built from.
#[derive(Debug, Clone)]
pub(super) struct Noted {
    pub(super) branch: Branch,
    pub(super) what: What,
    pub(super) collateral: Asset,
    pub(super) bold: Asset,
}

/// A trove, or the deposit.
#[derive(Debug, Clone)]
pub(super) enum What {
    Trove(Trove),
    Pool(Deposit),
}

/// A deposit in the stability pool.
#[derive(Debug, Clone)]
pub(super) struct Deposit {
    pub(super) bold: U256,
    pub(super) interest: U256,
    /// Collateral that came of it, and that was set aside before.
    pub(super) gain: U256,
    pub(super) stashed: U256,
}

impl Deposit {
    fn is_something(&self) -> bool {
        [self.bold, self.interest, self.gain, self.stashed].iter().any(|one| !one.is_zero())
    }
}

#[async_trait]
impl Protocol for Branch {
    fn id(&self) -> &'static str {
        ID
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn anchor(&self) -> Address {
        self.trove_manager
    }

    async fn positions(&self, owner: Address, state: &JointState) -> Result<Vec<Position>, ProtocolError> {
        let pool = self.stability_pool;
        let mut ask = Ask::new();
        let count = ask.view(self.nft, &TroveNft::balanceOfCall { owner });
        let bold = ask.view(pool, &StabilityPool::getCompoundedBoldDepositCall { depositor: owner });
        let interest = ask.view(pool, &StabilityPool::getDepositorYieldGainCall { depositor: owner });
        let gain = ask.view(pool, &StabilityPool::getDepositorCollGainCall { depositor: owner });
        let stashed = ask.view(pool, &StabilityPool::stashedCollCall { depositor: owner });
        let answers = ask.run(state).await?;
        let deposit = Deposit {
            bold: answers.get(bold)?,
            interest: answers.get(interest)?,
            gain: answers.get(gain)?,
            stashed: answers.get(stashed)?,
        };
        let count = answers.get(count)?;
        if count.is_zero() && !deposit.is_something() {
            return Ok(Vec::new());
        }
        let facts = token_facts([self.collateral, self.bold], state).await?;
        let [collateral, bold] = facts.as_slice() else { return Ok(Vec::new()) };
        let noted =
            |what| Noted { branch: self.clone(), what, collateral: collateral.clone(), bold: bold.clone() };
        let mut found = Vec::new();
        if !count.is_zero() {
            let (troves, shut) = self.troves(owner, state).await?;
            let code = check_code(state.state(), self.borrower_operations, None).await?;
            let unseen = count.saturating_sub(U256::from(troves.len()));
            let age = if troves.is_empty() { None } else { Some(self.price_age(collateral, state).await?) };
            for trove in troves {
                let position = self.trove_position(owner, (code.clone(), state), noted(What::Trove(trove)));
                let mut position = with_caveats(position, (shut, unseen));
                if let (Some(health), Some(age)) = (&mut position.health, &age) {
                    health.price_age = age.clone();
                }
                found.push(position);
            }
            if found.is_empty() {
                // That they are there is proven, and more is not known.
                let row = Row::held(owner, Asset::token(self.nft, "troves", 0), count);
                let place = (code, state.block_ref());
                let position =
                    Position::new((ID, "troves".to_owned()), owner, place, vec![row], Detail::new(()));
                let position = Position { contract: self.trove_manager, ..position };
                found.push(with_caveats(position, (shut, unseen)));
            }
        }
        if deposit.is_something() {
            let code = check_code(state.state(), pool, None).await?;
            let rows = deposit_rows(&deposit, collateral, bold);
            let detail = Detail::new(noted(What::Pool(deposit)));
            let place = (code, state.block_ref());
            let position = Position::new((ID, "stability pool".to_owned()), owner, place, rows, detail);
            found.push(Position { contract: self.trove_manager, ..position });
        }
        Ok(found)
    }

    fn actions(&self, position: &Position) -> Vec<Action> {
        actions(position)
    }

    fn named_by(&self) -> Option<NamedBy> {
        Some(NamedBy::Trove)
    }

    fn with_named(&self, what: U256) -> Option<Arc<dyn Protocol>> {
        let mut wider = self.clone();
        if !wider.trove_ids.contains(&what) {
            wider.trove_ids.push(what);
        }
        Some(Arc::new(wider))
    }
}

fn with_caveats(position: Position, (shut, unseen): (bool, U256)) -> Position {
    let mut caveats = position.caveats.clone();
    if shut {
        caveats.push("This branch was shut down: troves can still be closed.".to_owned());
    }
    if !unseen.is_zero() {
        let words = "Their numbers cannot be looked up: name them.";
        caveats.push(format!("Troves of yours that were not found: {unseen}. {words}"));
    }
    Position { caveats, ..position }
}

fn deposit_rows(deposit: &Deposit, collateral: &Asset, bold: &Asset) -> Vec<Row> {
    let all = [
        (RowKind::Supplied, bold, deposit.bold, "in the stability pool"),
        (RowKind::Claimable, bold, deposit.interest, "interest"),
        (RowKind::Claimable, collateral, deposit.gain, "from liquidations"),
        (RowKind::Claimable, collateral, deposit.stashed, "set aside before"),
    ];
    let some = all.into_iter().filter(|(_, _, amount, _)| !amount.is_zero());
    some.map(|(kind, asset, amount, note)| Row::new(kind, asset.clone(), amount, None).noted(note.to_owned()))
        .collect()
}

impl Branch {
    /// The troves of `owner` among the numbers that can be guessed and those that were named, and whether the branch was
    /// shut down.
    async fn troves(&self, owner: Address, state: &JointState) -> Result<(Vec<Trove>, bool), ProtocolError> {
        let mut ids = candidates(owner, &self.zappers);
        ids.extend(self.trove_ids.iter().filter(|id| !ids.contains(id)).copied().collect::<Vec<_>>());
        let mut ask = Ask::new();
        let asked: Vec<_> = ids
            .into_iter()
            .map(|id| (id, ask.view(self.nft, &TroveNft::ownerOfCall { tokenId: id })))
            .collect();
        let least = ask.view(self.borrower_operations, &BorrowerOperations::MCRCall {});
        let shut = ask.view(self.borrower_operations, &BorrowerOperations::hasBeenShutDownCall {});
        let price = ask.acting(owner, self.price_feed, &PriceFeed::fetchPriceCall {});
        let answers = ask.run(state).await?;
        // A number that is no trove is refused.
        let own = asked.into_iter().filter(|(_, ticket)| answers.get(*ticket).ok() == Some(owner));
        let mut ask = Ask::new();
        let own: Vec<_> = own
            .map(|(id, _)| {
                let of = ask.view(self.trove_manager, &TroveManager::getLatestTroveDataCall { troveId: id });
                let batch = BorrowerOperations::interestBatchManagerOfCall { troveId: id };
                let batch = ask.view(self.borrower_operations, &batch);
                let status = ask.view(self.trove_manager, &TroveManager::getTroveStatusCall { troveId: id });
                (id, of, (status, batch))
            })
            .collect();
        let shut = answers.get(shut)?;
        if own.is_empty() {
            return Ok((Vec::new(), shut));
        }
        let (least, price) = (answers.get(least)?, answers.get(price)?.price);
        let answers = ask.run(state).await?;
        let mut troves = Vec::new();
        for (id, of, (status, batch)) in own {
            let of = answers.get(of)?;
            troves.push(Trove {
                id,
                debt: of.entireDebt,
                coll: of.entireColl,
                interest: of.annualInterestRate,
                batch: answers.get(batch).ok(),
                zombie: answers.get(status)? == 4,
                price,
                least,
            });
        }
        Ok((troves, shut))
    }

    fn trove_position(
        &self,
        owner: Address,
        (code, state): (CodeCheck, &JointState),
        noted: Noted,
    ) -> Position {
        let What::Trove(trove) = &noted.what else {
            return Position::new(
                (ID, String::new()),
                owner,
                (code, state.block_ref()),
                Vec::new(),
                Detail::new(()),
            );
        };
        let percent = crate::protocols::brief(trove.interest, 16);
        let worth = trove.coll.checked_mul(trove.price).and_then(|all| all.checked_div(WAD));
        let worth = worth.map(|amount| Worth { amount, decimals: 18, unit: "USD".to_owned() });
        let row = Row::new(RowKind::Collateral, noted.collateral.clone(), trove.coll, None);
        let debt = Row::new(RowKind::Borrowed, noted.bold.clone(), trove.debt, None);
        let rows = vec![Row { worth, ..row }, debt.noted(format!("at {percent} % a year"))];
        let caveats = trove.caveats();
        let id = format!("{:#x}", trove.id);
        let market = format!("trove {}…", id.get(..10).unwrap_or(&id));
        let health = trove.health(&noted.collateral);
        let place = (code, state.block_ref());
        let position = Position::new((ID, market), owner, place, rows, Detail::new(noted));
        Position { health, caveats, contract: self.trove_manager, ..position }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_where_the_ratio_becomes_the_least() {
        let whole = |n: u64| WAD * U256::from(n);
        let trove = Trove {
            id: U256::ZERO,
            debt: whole(11_000),
            coll: whole(10),
            interest: U256::ZERO,
            batch: Some(Address::ZERO),
            zombie: false,
            price: whole(2_000),
            least: whole(110) / U256::from(100),
        };
        let health = trove.health(&Asset::ether()).unwrap();
        assert_eq!(health.factor_text().as_deref(), Some("1.65"));
        assert_eq!(health.liquidation[0].at, whole(1_210));
        let interest = Trove { interest: whole(8_760) / U256::from(1_000), ..trove.clone() };
        assert_eq!(interest.to_close(), whole(11_011) + U256::from(1), "a thousandth an hour");
        let manager = Address::repeat_byte(7);
        let batch = Trove { batch: Some(manager), ..interest.clone() };
        let fee = whole(1_100) / U256::from(8_760);
        assert!(
            batch.to_close().abs_diff(interest.to_close() + fee) < U256::from(2),
            "an hour of ten percent"
        );
        assert_eq!(
            Trove { batch: None, ..interest.clone() }.to_close(),
            batch.to_close(),
            "not told is not none"
        );
        let said = batch.caveats().join(" ");
        assert!(said.contains("returns BOLD") && said.contains(&manager.to_string()), "{said}");
        assert!(!interest.caveats().join(" ").contains("batch"));
        let owes_nothing = Trove { debt: U256::ZERO, ..trove };
        assert_eq!(owes_nothing.health(&Asset::ether()).unwrap().factor, None);
    }
}
