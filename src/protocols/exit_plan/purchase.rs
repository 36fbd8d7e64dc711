//! A purchase as steps of a plan: the right that it needs, the swap, and the rest of the right taken back.

use alloy::primitives::{Address, U256};

use super::buy::{Bought, Buyer};
use super::plan::{LeftOut, Shortfall};
use super::planner::{Planner, works};
use super::repay::KEPT_FOR_FEES;
use super::simulate::{balances, contracts_own, outcomes};
use crate::execution::CallOutcome;
use crate::protocols::approvals::standing;
use crate::protocols::{Allowance, Answers, Asset, Intent, ProtocolError, Stage, approve, with_margin};

impl Planner<'_> {
    /// Buys what is missing, or a part of it, with what the wallet holds. False where nothing was bought.
    pub(super) async fn buy(&mut self, short: &Shortfall) -> Result<bool, ProtocolError> {
        if self.registry.venues().is_empty() && self.registry.wrapped_ether().is_none() {
            return Ok(false);
        }
        let joint = self.joint();
        let stock = self.stock().await?;
        let amount = with_margin(short.needed).saturating_sub(short.held);
        let (registry, owner, prices) = (self.registry, self.owner, &mut self.prices);
        let mut buyer = Buyer { registry, joint: &joint, owner, prices, silent: Vec::new() };
        let bought = buyer.buy(&short.asset, amount, &stock).await;
        let title = format!("Buy {}", short.asset.symbol);
        for (market, why) in std::mem::take(&mut buyer.silent) {
            self.leave_out_once(LeftOut { market, title: title.clone(), why });
        }
        let (calls, unsure) = match bought {
            Bought::By(calls, unsure) => (calls, unsure),
            Bought::Refused(why) => {
                self.leave_out_once(LeftOut { market: short.market.clone(), title, why });
                return Ok(false);
            }
            Bought::Nothing => return Ok(false),
        };
        let intents = match self.approved(calls).await {
            Ok(intents) => intents,
            Err(error) => {
                let why = contracts_own(error)?;
                self.left_out.push(LeftOut { market: short.market.clone(), title, why });
                return Ok(false);
            }
        };
        let given: Vec<Allowance> = intents.iter().flat_map(|one| one.grants.clone()).collect();
        let bought = self.run(&short.market, intents).await?;
        if bought {
            let all = self.unsure.entry(short.asset.address).or_default();
            *all = all.saturating_add(unsure);
            self.take_back(&short.market, &given).await?;
        }
        Ok(bought)
    }

    /// What may be sold: everything held that is owed nowhere, ether without what fees need.
    async fn stock(&mut self) -> Result<Vec<(Asset, U256)>, ProtocolError> {
        let joint = self.joint();
        let sellable: Vec<Asset> =
            self.assets.values().filter(|one| !self.owed.contains(&one.address)).cloned().collect();
        let held = balances(&joint, self.owner, sellable.iter().cloned(), &mut self.unread).await?;
        let most = |asset: Asset| {
            let held = held.get(&asset.address).copied().unwrap_or_default();
            let kept = if asset.is_ether() { KEPT_FOR_FEES } else { U256::ZERO };
            (asset, held.saturating_sub(kept))
        };
        Ok(sellable.into_iter().map(most).filter(|(_, most)| !most.is_zero()).collect())
    }

    /// A purchase's limit is above its price, so a part of the right that was given for it stays: it is taken back.
    async fn take_back(&mut self, market: &str, given: &[Allowance]) -> Result<(), ProtocolError> {
        let left = standing(&self.joint(), self.owner, given.iter().map(Allowance::pair)).await?;
        let stands = |one: &&Allowance| {
            !one.amount.is_zero() && left.get(&one.pair()).is_some_and(|left| !left.is_zero())
        };
        let none: Vec<Intent> =
            given.iter().filter(stands).map(|one| approve(&one.token, one.spender, U256::ZERO)).collect();
        self.run(market, none).await.map(drop)
    }

    /// Simulates calls of a purchase after all former ones, and keeps them. True where they work.
    async fn run(&mut self, market: &str, intents: Vec<Intent>) -> Result<bool, ProtocolError> {
        if intents.is_empty() {
            return Ok(true);
        }
        let why = |(chain, contract): (u64, Address), outcome: &CallOutcome| {
            Answers::explain(chain, contract, outcome)
        };
        let outcomes = outcomes(self.state, self.owner, (&self.done, &intents), &why).await?;
        let works = works(&outcomes);
        self.keep((Stage::Repay, market), intents, outcomes);
        Ok(works)
    }

    fn leave_out_once(&mut self, left: LeftOut) {
        if !self.left_out.contains(&left) {
            self.left_out.push(left);
        }
    }
}
