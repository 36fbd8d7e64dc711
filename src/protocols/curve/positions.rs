//! Shares of a listed pool that an account holds, and what they are of.

use std::sync::Arc;

use alloy::primitives::{Address, U256, address};
use async_trait::async_trait;
use serde::{Deserialize, Deserializer};

use super::actions::actions;
use super::interface::{OldSwap, Swap};
use super::share::{fair, parts};
use crate::contracts::Erc20;
use crate::protocols::{
    Action, Ask, Asset, CodeCheck, Detail, JointState, Position, Protocol, ProtocolError, Row, RowKind,
    Venue, check_code,
};

/// Its id.
pub const ID: &str = "curve";

/// A pool.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Pool {
    /// What people call it.
    pub name: String,
    /// The contract.
    pub pool: Address,
    /// Its share token.
    pub share: Address,
    /// Where shares earn.
    #[serde(default)]
    pub gauge: Option<Address>,
    /// Two to four.
    pub coins: Vec<Coin>,
}

/// A coin of a pool.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Coin {
    /// What people call it.
    pub symbol: String,
    /// The token; zero for ether, which the pools themselves call 0xEeee….
    #[serde(deserialize_with = "token_or_ether")]
    pub token: Address,
    /// Digits after the point.
    pub decimals: u8,
    /// One of it is meant to be worth one of what the pool counts in, so that its virtual price tells what is fair.
    #[serde(default)]
    pub par: bool,
}

/// What pools name in the place of a token where a coin is ether.
const POOLS_ETHER: Address = address!("EeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE");

fn token_or_ether<'de, D: Deserializer<'de>>(from: D) -> Result<Address, D::Error> {
    Address::deserialize(from).map(|told| if told == POOLS_ETHER { Address::ZERO } else { told })
}

impl Coin {
    pub(super) fn asset(&self) -> Asset {
        Asset::token(self.token, &self.symbol, self.decimals)
    }
}

/// What the calls are built from.
#[derive(Debug, Clone)]
pub(super) struct Noted {
    pub(super) pool: Pool,
    pub(super) share: Asset,
    /// In the wallet, in the gauge.
    pub(super) held: U256,
    pub(super) staked: U256,
    /// Coins that the wallet's shares are.
    pub(super) parts: Vec<U256>,
    /// What the pool pays in one coin for the wallet's shares, and what would be fair: by index of the coin.
    pub(super) quotes: Vec<(usize, U256, U256)>,
    pub(super) pool_code: CodeCheck,
    pub(super) gauge_code: Option<CodeCheck>,
}

#[async_trait]
impl Protocol for Pool {
    fn id(&self) -> &'static str {
        ID
    }

    fn name(&self) -> String {
        format!("Curve {}", self.name)
    }

    /// The share token, which is read of everybody; the pool only of those who have some.
    fn anchor(&self) -> Address {
        self.share
    }

    async fn positions(&self, owner: Address, state: &JointState) -> Result<Vec<Position>, ProtocolError> {
        let balance = Erc20::balanceOfCall { owner };
        let mut ask = Ask::new();
        let held = ask.view(self.share, &balance);
        let staked = self.gauge.map(|gauge| ask.view(gauge, &balance));
        let answers = ask.run(state).await?;
        let held = answers.get(held)?;
        let staked = staked.map(|ticket| answers.get(ticket)).transpose()?.unwrap_or_default();
        if held.is_zero() && staked.is_zero() {
            return Ok(Vec::new());
        }
        let all = held.saturating_add(staked);
        let (everything, own) = self.coins_of(state, (all, held)).await?;
        let quotes = self.quotes(state, held).await?;
        let share = Asset::token(self.share, &format!("{} LP", self.name), 18);
        let mut rows = Vec::new();
        if !held.is_zero() {
            rows.push(Row::held(owner, share.clone(), held));
        }
        if let (Some(gauge), false) = (self.gauge, staked.is_zero()) {
            let earning = Asset { address: gauge, ..share.clone() };
            rows.push(Row::held(owner, earning, staked).noted("in the gauge".to_owned()));
        }
        for (coin, amount) in self.coins.iter().zip(&everything) {
            rows.push(Row::new(RowKind::Supplied, coin.asset(), *amount, None));
        }
        let gauge_code = match self.gauge {
            Some(gauge) => Some(check_code(state.state(), gauge, None).await?),
            None => None,
        };
        let pool_code = check_code(state.state(), self.pool, None).await?;
        let noted = Noted {
            pool: self.clone(),
            share,
            held,
            staked,
            parts: own,
            quotes,
            pool_code: pool_code.clone(),
            gauge_code,
        };
        let place = (pool_code, state.block_ref());
        let position = Position::new((ID, self.name.clone()), owner, place, rows, Detail::new(noted));
        let caveats = if staked.is_zero() {
            Vec::new()
        } else {
            vec!["CRV and other rewards of the gauge are not shown here.".to_owned()]
        };
        Ok(vec![Position { caveats, ..position }])
    }

    fn actions(&self, position: &Position) -> Vec<Action> {
        actions(position)
    }

    fn venue(&self) -> Option<Arc<dyn Venue>> {
        Some(self.as_venue())
    }
}

impl Pool {
    /// Coins of two amounts of shares.
    async fn coins_of(
        &self,
        state: &JointState,
        (all, held): (U256, U256),
    ) -> Result<(Vec<U256>, Vec<U256>), ProtocolError> {
        let mut ask = Ask::new();
        let total = ask.view(self.share, &Erc20::totalSupplyCall {});
        let mut asked = Vec::new();
        for (index, _) in self.coins.iter().enumerate() {
            let new = ask.view(self.pool, &Swap::balancesCall { i: U256::from(index) });
            // The same word under another name; a pool knows one of the two.
            let i = i128::try_from(index).unwrap_or_default();
            asked.push((new, ask.view(self.pool, &OldSwap::balancesCall { i })));
        }
        let answers = ask.run(state).await?;
        let total = answers.get(total)?;
        let mut balances = Vec::new();
        for (new, old) in asked {
            balances.push(answers.get(new).or_else(|_unknown| answers.get(old))?);
        }
        let outgrown =
            || ProtocolError::Inconsistent { detail: format!("the share of {} outgrew 256 bits", self.name) };
        let of = |shares| parts(shares, total, &balances).ok_or_else(outgrown);
        Ok((of(all)?, of(held)?))
    }

    /// What the pool pays in each coin that is at par.
    async fn quotes(
        &self,
        state: &JointState,
        held: U256,
    ) -> Result<Vec<(usize, U256, U256)>, ProtocolError> {
        let at_par = self.coins.iter().enumerate().filter(|(_, coin)| coin.par);
        let mut ask = Ask::new();
        let price = ask.view(self.pool, &Swap::get_virtual_priceCall {});
        let asked: Vec<_> = at_par
            .filter(|_| !held.is_zero())
            .map(|(index, coin)| {
                let i = i128::try_from(index).unwrap_or_default();
                let quote = ask.view(self.pool, &Swap::calc_withdraw_one_coinCall { amount: held, i });
                (index, coin, quote)
            })
            .collect();
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let answers = ask.run(state).await?;
        let quotes = asked.into_iter().filter_map(|(index, coin, quote)| {
            // A pool that does not tell pays all coins in proportion, which needs no quote.
            let (price, quote) = (answers.get(price).ok()?, answers.get(quote).ok()?);
            Some((index, quote, fair(held, price, coin.decimals)?))
        });
        Ok(quotes.collect())
    }
}
