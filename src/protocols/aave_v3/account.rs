//! Which reserves of a market an account has anything in.

use std::collections::BTreeMap;

use alloy::primitives::{Address, U256};

use super::interface::{AddressesProvider, Pool, ReserveData, ScaledToken};
use super::positions::AaveMarket;
use crate::protocols::{Ask, JointState, ProtocolError};

/// What the pool says of an account as a whole.
#[derive(Debug, Clone)]
pub(super) struct Summary {
    /// Worth of the collateral, the debt, and the factor; `None` where the pool refused, as with a broken price.
    pub(super) data: Result<Pool::getUserAccountDataReturn, String>,
    pub(super) oracle: Address,
    pub(super) e_mode: EMode,
}

/// The account's e-mode.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct EMode {
    /// 0 for none.
    pub(super) category: u8,
    pub(super) threshold_bps: u16,
    /// Reserves that count in it, by id; `None` before 3.2, where the reserve names its category.
    pub(super) bitmap: Option<u128>,
}

/// A reserve that the account may have something in.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) asset: Address,
    pub(super) id: usize,
    pub(super) data: ReserveData,
    pub(super) is_collateral: bool,
}

impl AaveMarket {
    /// The reserves in which `owner` has anything, and the pool's summary. `None` where there is nothing.
    pub(super) async fn account(
        &self,
        owner: Address,
        state: &JointState,
    ) -> Result<Option<(Summary, Vec<Candidate>)>, ProtocolError> {
        let mut ask = Ask::new();
        let word = ask.view(self.pool, &Pool::getUserConfigurationCall { user: owner });
        let e_mode = ask.view(self.pool, &Pool::getUserEModeCall { user: owner });
        let list = ask.view(self.pool, &Pool::getReservesListCall {});
        let data = ask.view(self.pool, &Pool::getUserAccountDataCall { user: owner });
        let provider = ask.view(self.pool, &Pool::ADDRESSES_PROVIDERCall {});
        let held: Vec<_> = self
            .reserves
            .iter()
            .map(|known| {
                let question = ScaledToken::scaledBalanceOfCall { user: owner };
                (known.underlying, ask.view(known.a_token, &question))
            })
            .collect();
        let answers = ask.run(state).await?;
        let (word, list) = (answers.get(word)?, answers.get(list)?);
        let mut holds = BTreeMap::new();
        for (underlying, ticket) in held {
            // A bundled aToken that cannot be read is looked up in the pool instead.
            if let Ok(balance) = answers.get(ticket) {
                holds.insert(underlying, !balance.is_zero());
            }
        }
        let category = u8::try_from(answers.get(e_mode)?).unwrap_or_default();
        let data = answers.get(data).map_err(|error| error.to_string());
        let wanted: Vec<(usize, Address)> = list
            .into_iter()
            .enumerate()
            .filter(|(id, asset)| used(word, *id) || holds.get(asset).copied().unwrap_or(true))
            .collect();
        if wanted.is_empty() {
            return Ok(None);
        }
        self.details(state, (answers.get(provider)?, category), (word, wanted, data)).await.map(Some)
    }

    async fn details(
        &self,
        state: &JointState,
        (provider, category): (Address, u8),
        (word, wanted, data): (U256, Vec<(usize, Address)>, Result<Pool::getUserAccountDataReturn, String>),
    ) -> Result<(Summary, Vec<Candidate>), ProtocolError> {
        let mut ask = Ask::new();
        let oracle = ask.view(provider, &AddressesProvider::getPriceOracleCall {});
        let old = ask.view(self.pool, &Pool::getEModeCategoryDataCall { id: category });
        let config = ask.view(self.pool, &Pool::getEModeCategoryCollateralConfigCall { id: category });
        let bitmap = ask.view(self.pool, &Pool::getEModeCategoryCollateralBitmapCall { id: category });
        let reserves: Vec<_> = wanted
            .into_iter()
            .map(|(id, asset)| (id, asset, ask.view(self.pool, &Pool::getReserveDataCall { asset })))
            .collect();
        let answers = ask.run(state).await?;
        let e_mode = match (category, answers.get(config), answers.get(bitmap)) {
            (0, ..) => EMode::default(),
            (_, Ok(config), Ok(bitmap)) => {
                EMode { category, threshold_bps: config.liquidationThreshold, bitmap: Some(bitmap) }
            }
            _ => EMode { category, threshold_bps: answers.get(old)?.liquidationThreshold, bitmap: None },
        };
        let candidates = reserves.into_iter().map(|(id, asset, ticket)| {
            let data = answers.get(ticket)?;
            Ok(Candidate { asset, id, data, is_collateral: bit(word, 2 * id + 1) })
        });
        let candidates = candidates.collect::<Result<Vec<_>, ProtocolError>>()?;
        Ok((Summary { data, oracle: answers.get(oracle)?, e_mode }, candidates))
    }
}

/// `UserConfiguration`: two bits a reserve, borrowed and pledged.
fn used(word: U256, id: usize) -> bool {
    bit(word, 2 * id) || bit(word, 2 * id + 1)
}

fn bit(word: U256, at: usize) -> bool {
    at < 256 && word.bit(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_bits_a_reserve() {
        let word = U256::from(0b10_01_00_u8);
        assert!(!used(word, 0));
        assert!(used(word, 1) && bit(word, 2) && !bit(word, 3), "borrowed");
        assert!(used(word, 2) && !bit(word, 4) && bit(word, 5), "pledged");
        assert!(!used(U256::MAX, 128), "the word ends at 128 reserves");
    }
}
