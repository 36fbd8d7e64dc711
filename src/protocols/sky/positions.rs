//! What an account holds of DAI, USDS and MKR, and what Sky gives for them.

use alloy::primitives::{Address, U256};
use async_trait::async_trait;
use serde::Deserialize;

use super::actions::actions;
use super::interface::{LitePsm, MkrSky};
use crate::contracts::Erc20;
use crate::protocols::{
    Action, Ask, Asset, CodeCheck, Detail, JointState, Position, Protocol, ProtocolError, Row, WAD,
    check_code, token_facts,
};

/// Its id.
pub const ID: &str = "sky";

/// The contracts of Sky on a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Sky {
    /// DAI.
    pub dai: Address,
    /// USDS.
    pub usds: Address,
    /// The dollar token that DAI and USDS are exchanged for.
    pub dollar: Address,
    /// DAI against USDS.
    pub converter: Address,
    /// DAI against the dollar token.
    pub dai_psm: Address,
    /// USDS against the dollar token.
    pub usds_psm: Address,
    /// MKR, SKY and what changes one for the other.
    #[serde(default)]
    pub governance: Option<Governance>,
}

/// Tokens of the vote and their exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Governance {
    /// MKR.
    pub mkr: Address,
    /// SKY.
    pub sky: Address,
    /// MKR against SKY.
    pub exchange: Address,
}

/// A peg module (PSM).
#[derive(Debug, Clone)]
pub(super) struct Psm {
    pub(super) code: CodeCheck,
    pub(super) terms: Terms,
}

/// What it offers.
#[derive(Debug, Clone)]
pub(super) struct Terms {
    /// The fee, 18 decimals; the largest number where it is halted.
    pub(super) fee: U256,
    /// DAI units of one unit of the dollar token.
    pub(super) factor: U256,
    /// Dollar units that are there to be paid out.
    pub(super) there: U256,
}

impl Terms {
    /// Dollar units for at most `stable`, and what they cost; `None` where it is halted.
    pub(super) fn buys(&self, stable: U256) -> Option<(U256, U256)> {
        if self.fee == U256::MAX {
            return None;
        }
        let per = WAD.checked_add(self.fee)?;
        let wanted = stable.checked_mul(WAD)?.checked_div(per)?.checked_div(self.factor)?;
        let mut got = wanted.min(self.there);
        // The fee is cut for itself, so the quotient may ask for one unit too much.
        while self.cost(got)? > stable {
            got = got.checked_sub(U256::from(1))?;
        }
        Some((got, self.cost(got)?))
    }

    /// `DssLitePsm._buyGem`.
    fn cost(&self, got: U256) -> Option<U256> {
        let whole = got.checked_mul(self.factor)?;
        whole.checked_add(whole.checked_mul(self.fee)?.checked_div(WAD)?)
    }
}

/// What the calls are built from.
#[derive(Debug, Clone)]
pub(super) struct Noted {
    pub(super) contracts: Sky,
    pub(super) dai: Asset,
    pub(super) usds: Asset,
    pub(super) dollar: Asset,
    pub(super) dai_held: U256,
    pub(super) usds_held: U256,
    /// For DAI, for USDS.
    pub(super) psms: [Psm; 2],
    pub(super) mkr: Option<Mkr>,
}

/// MKR that is held, and what is given for it.
#[derive(Debug, Clone)]
pub(super) struct Mkr {
    pub(super) asset: Asset,
    pub(super) sky: Asset,
    pub(super) held: U256,
    pub(super) exchange: CodeCheck,
    /// SKY for all of it; `None` where the exchange does not tell.
    pub(super) worth: Option<U256>,
}

#[async_trait]
impl Protocol for Sky {
    fn id(&self) -> &'static str {
        ID
    }

    fn name(&self) -> String {
        "Sky".to_owned()
    }

    fn anchor(&self) -> Address {
        self.dai
    }

    async fn positions(&self, owner: Address, state: &JointState) -> Result<Vec<Position>, ProtocolError> {
        let balance = Erc20::balanceOfCall { owner };
        let mut ask = Ask::new();
        let dai = ask.view(self.dai, &balance);
        let usds = ask.view(self.usds, &balance);
        let mkr = self.governance.map(|tokens| ask.view(tokens.mkr, &balance));
        let answers = ask.run(state).await?;
        let (dai_held, usds_held) = (answers.get(dai)?, answers.get(usds)?);
        let mkr_held = mkr.map(|ticket| answers.get(ticket)).transpose()?.unwrap_or_default();
        if dai_held.is_zero() && usds_held.is_zero() && mkr_held.is_zero() {
            return Ok(Vec::new());
        }
        let facts = token_facts([self.dai, self.usds, self.dollar], state).await?;
        let [dai, usds, dollar] = facts.as_slice() else { return Err(missing()) };
        let noted = Noted {
            contracts: *self,
            dai: dai.clone(),
            usds: usds.clone(),
            dollar: dollar.clone(),
            dai_held,
            usds_held,
            psms: self.psms(state).await?,
            mkr: self.mkr(mkr_held, state).await?,
        };
        let mut rows = Vec::new();
        for (asset, amount) in [(dai, dai_held), (usds, usds_held)] {
            if !amount.is_zero() {
                rows.push(Row::held(owner, asset.clone(), amount));
            }
        }
        if let Some(mkr) = &noted.mkr {
            let row = Row::held(owner, mkr.asset.clone(), mkr.held);
            rows.push(match mkr.worth {
                Some(worth) => row.worth(worth, &mkr.sky),
                None => row.noted("the exchange to SKY does not tell its rate".to_owned()),
            });
        }
        let code = check_code(state.state(), self.converter, None).await?;
        let place = (code, state.block_ref());
        Ok(vec![Position::new((ID, "tokens".to_owned()), owner, place, rows, Detail::new(noted))])
    }

    fn actions(&self, position: &Position) -> Vec<Action> {
        actions(position)
    }
}

impl Sky {
    async fn psms(&self, state: &JointState) -> Result<[Psm; 2], ProtocolError> {
        let mut ask = Ask::new();
        let asked = [self.dai_psm, self.usds_psm].map(|psm| {
            let (fee, factor) = (LitePsm::toutCall {}, LitePsm::to18ConversionFactorCall {});
            (ask.view(psm, &fee), ask.view(psm, &factor), ask.view(psm, &LitePsm::pocketCall {}))
        });
        let answers = ask.run(state).await?;
        let mut ask = Ask::new();
        let mut there = Vec::new();
        for (_, _, pocket) in asked {
            let owner = answers.get(pocket)?;
            there.push(ask.view(self.dollar, &Erc20::balanceOfCall { owner }));
        }
        let balances = ask.run(state).await?;
        let mut psms = Vec::new();
        for ((psm, asked), there) in [self.dai_psm, self.usds_psm].into_iter().zip(asked).zip(there) {
            let (fee, factor) = (answers.get(asked.0)?, answers.get(asked.1)?);
            let terms = Terms { fee, factor, there: balances.get(there)? };
            psms.push(Psm { code: check_code(state.state(), psm, None).await?, terms });
        }
        <[Psm; 2]>::try_from(psms).map_err(|_other_length| missing())
    }

    async fn mkr(&self, held: U256, state: &JointState) -> Result<Option<Mkr>, ProtocolError> {
        let Some(tokens) = self.governance.filter(|_| !held.is_zero()) else { return Ok(None) };
        let mut ask = Ask::new();
        let rate = ask.view(tokens.exchange, &MkrSky::rateCall {});
        let fee = ask.view(tokens.exchange, &MkrSky::feeCall {});
        let answers = ask.run(state).await?;
        let worth = || {
            let whole = held.checked_mul(answers.get(rate).ok()?)?;
            // The first exchange took no fee and does not know the question; then nothing is said of the worth.
            whole.checked_sub(whole.checked_mul(answers.get(fee).ok()?)?.checked_div(WAD)?)
        };
        let worth = worth();
        let facts = token_facts([tokens.mkr, tokens.sky], state).await?;
        let [asset, sky] = facts.as_slice() else { return Err(missing()) };
        let (asset, sky) = (asset.clone(), sky.clone());
        let exchange = check_code(state.state(), tokens.exchange, None).await?;
        Ok(Some(Mkr { asset, sky, held, exchange, worth }))
    }
}

fn missing() -> ProtocolError {
    ProtocolError::Inconsistent { detail: "a token is missing".to_owned() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn psm(fee: u64, there: u64) -> Terms {
        let factor = U256::from(1_000_000_000_000_u64);
        Terms { fee: U256::from(fee), factor, there: U256::from(there) }
    }

    #[test]
    fn a_halted_module_gives_nothing_and_an_empty_one_no_more_than_it_has() {
        let stable = WAD * U256::from(100);
        assert_eq!(psm(0, u64::MAX).buys(stable), Some((U256::from(100_000_000), stable)));
        let (got, cost) = psm(0, 7_000_000).buys(stable).unwrap();
        assert_eq!((got, cost), (U256::from(7_000_000), WAD * U256::from(7)));
        let halted = Terms { fee: U256::MAX, ..psm(0, 1) };
        assert_eq!(halted.buys(stable), None);
    }

    proptest! {
        #[test]
        fn never_more_is_asked_than_the_stable_token_pays(
            fee in 0u64..=1_000_000_000_000_000_000, stable in any::<u128>(), there in any::<u64>()
        ) {
            let (psm, stable) = (psm(fee, there), U256::from(stable));
            let (got, cost) = psm.buys(stable).unwrap();
            prop_assert!(cost <= stable && got <= psm.there);
            // One more would cost too much, or is not there.
            prop_assert!(got == psm.there || psm.cost(got + U256::from(1)).unwrap() > stable);
        }
    }
}
