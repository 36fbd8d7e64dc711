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
    /// Since 3.6, where what a reserve is outside no longer says what it is inside.
    pub(super) decoupled: Option<Decoupled>,
}

/// What an e-mode says of loan-to-value, since 3.6.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Decoupled {
    /// Reserves that count in it and have none, by id.
    pub(super) ltv_zero: u128,
    /// Since 3.7: whatever does not count in it has none.
    pub(super) isolated: bool,
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
        let held = |asset: &Address| holds.get(asset).copied().unwrap_or(true);
        let wanted: Vec<Address> = list
            .iter()
            .enumerate()
            .filter(|(place, asset)| used(word, *place) || held(asset))
            .map(|(_, asset)| *asset)
            .collect();
        if wanted.is_empty() && word.is_zero() {
            return Ok(None);
        }
        let of = (answers.get(provider)?, category);
        let (e_mode_and_oracle, mut candidates) = self.details(state, of, (word, wanted)).await?;
        if candidates.iter().any(|one| list.get(one.id) != Some(&one.asset)) || beyond(word, list.len()) {
            // A reserve was dropped: the list closes the gap, the account's word does not. The reserves say their ids.
            let all = self.details(state, of, (word, list)).await?.1;
            candidates = all.into_iter().filter(|one| used(word, one.id) || held(&one.asset)).collect();
        }
        let (e_mode, oracle) = e_mode_and_oracle;
        Ok((!candidates.is_empty()).then_some((Summary { data, oracle, e_mode }, candidates)))
    }

    async fn details(
        &self,
        state: &JointState,
        (provider, category): (Address, u8),
        (word, wanted): (U256, Vec<Address>),
    ) -> Result<((EMode, Address), Vec<Candidate>), ProtocolError> {
        let mut ask = Ask::new();
        let oracle = ask.view(provider, &AddressesProvider::getPriceOracleCall {});
        let old = ask.view(self.pool, &Pool::getEModeCategoryDataCall { id: category });
        let config = ask.view(self.pool, &Pool::getEModeCategoryCollateralConfigCall { id: category });
        let bitmap = ask.view(self.pool, &Pool::getEModeCategoryCollateralBitmapCall { id: category });
        let ltv_zero = ask.view(self.pool, &Pool::getEModeCategoryLtvzeroBitmapCall { id: category });
        let isolated = ask.view(self.pool, &Pool::getIsEModeCategoryIsolatedCall { id: category });
        let reserves: Vec<_> = wanted
            .into_iter()
            .map(|asset| (asset, ask.view(self.pool, &Pool::getReserveDataCall { asset })))
            .collect();
        let answers = ask.run(state).await?;
        let decoupled = answers.get(ltv_zero).ok().map(|ltv_zero| {
            let isolated = answers.get(isolated).unwrap_or_default();
            Decoupled { ltv_zero, isolated }
        });
        let e_mode = match (category, answers.get(config), answers.get(bitmap)) {
            (0, ..) => EMode { decoupled, ..EMode::default() },
            (_, Ok(config), Ok(bitmap)) => {
                let threshold_bps = config.liquidationThreshold;
                EMode { category, threshold_bps, bitmap: Some(bitmap), decoupled }
            }
            _ => {
                let threshold_bps = answers.get(old)?.liquidationThreshold;
                EMode { category, threshold_bps, bitmap: None, decoupled }
            }
        };
        let candidates = reserves.into_iter().map(|(asset, ticket)| {
            let data = answers.get(ticket)?;
            let id = usize::from(data.id);
            Ok(Candidate { asset, id, data, is_collateral: bit(word, 2 * id + 1) })
        });
        let candidates = candidates.collect::<Result<Vec<_>, ProtocolError>>()?;
        Ok(((e_mode, answers.get(oracle)?), candidates))
    }
}

/// Whether a reserve whose id is no place in a list of that length is used.
fn beyond(word: U256, length: usize) -> bool {
    (length..128).any(|id| used(word, id))
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
        assert!(beyond(word, 2) && !beyond(word, 3), "the third is used");
    }
}
