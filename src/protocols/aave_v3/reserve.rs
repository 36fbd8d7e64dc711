//! One reserve of an account: balances, price, limits and flags.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall as _;

use super::account::{Candidate, EMode, Summary};
use super::health_factor::Holding;
use super::interface::{Oracle, Pool, ScaledToken};
use super::positions::AaveMarket;
use crate::contracts::{Erc20, token_text};
use crate::execution::Call;
use crate::protocols::{Answers, Ask, Asset, JointState, ProtocolError, Row, RowKind, Ticket, Worth};

/// A reserve with what the account has in it.
#[derive(Debug, Clone)]
pub(super) struct Reserve {
    pub(super) asset: Asset,
    pub(super) a_token: Address,
    pub(super) debt_token: Address,
    pub(super) stable_token: Address,
    pub(super) supplied: U256,
    pub(super) scaled: U256,
    pub(super) income: U256,
    pub(super) variable_debt: U256,
    pub(super) stable_debt: U256,
    /// By the market's oracle; `None` where it refuses.
    pub(super) price: Option<U256>,
    /// Units that the reserve can pay out now.
    pub(super) liquidity: U256,
    pub(super) is_collateral: bool,
    pub(super) threshold_bps: u64,
    pub(super) flags: Flags,
}

/// Switches of a reserve, from its configuration word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Flags {
    pub(super) active: bool,
    pub(super) frozen: bool,
    pub(super) paused: bool,
}

/// Fields of `ReserveConfigurationMap`.
fn field(word: U256, from: usize, bits: usize) -> u64 {
    let mask = (U256::from(1) << bits).saturating_sub(U256::from(1));
    ((word >> from) & mask).saturating_to()
}

pub(super) fn flags(word: U256) -> Flags {
    Flags { active: word.bit(56), frozen: word.bit(57), paused: word.bit(60) }
}

fn threshold(word: U256, id: usize, e_mode: EMode) -> u64 {
    let own = field(word, 16, 16);
    let inside = match e_mode.bitmap {
        _ if e_mode.category == 0 => false,
        Some(bitmap) => id < 128 && bitmap >> id & 1 == 1,
        None => field(word, 168, 8) == u64::from(e_mode.category),
    };
    // A reserve that is no collateral at all stays none in every e-mode.
    if inside && own != 0 { u64::from(e_mode.threshold_bps) } else { own }
}

struct Tickets {
    supplied: Ticket<ScaledToken::balanceOfCall>,
    scaled: Ticket<ScaledToken::scaledBalanceOfCall>,
    debt: Ticket<ScaledToken::balanceOfCall>,
    stable: Option<Ticket<ScaledToken::balanceOfCall>>,
    income: Ticket<Pool::getReserveNormalizedIncomeCall>,
    price: Ticket<Oracle::getAssetPriceCall>,
    liquidity: Ticket<Erc20::balanceOfCall>,
    symbol: Ticket<Erc20::symbolCall>,
}

impl AaveMarket {
    /// The reserves in which the account has anything.
    pub(super) async fn read_reserves(
        &self,
        owner: Address,
        state: &JointState,
        (summary, candidates): (&Summary, Vec<Candidate>),
    ) -> Result<Vec<Reserve>, ProtocolError> {
        let mut ask = Ask::new();
        let asked: Vec<_> = candidates
            .into_iter()
            .map(|one| {
                let tickets = self.ask_reserve(&mut ask, owner, summary.oracle, &one);
                (one, tickets)
            })
            .collect();
        let answers = ask.run(state).await?;
        let all =
            asked.into_iter().map(|(one, tickets)| self.reserve(&answers, one, (&tickets, summary.e_mode)));
        let all = all.collect::<Result<Vec<_>, _>>()?;
        Ok(all.into_iter().filter(|one| !(one.supplied.is_zero() && one.debt().is_zero())).collect())
    }

    fn ask_reserve(&self, ask: &mut Ask, owner: Address, oracle: Address, one: &Candidate) -> Tickets {
        let (asset, data) = (one.asset, &one.data);
        let balance = ScaledToken::balanceOfCall { user: owner };
        let scaled = ScaledToken::scaledBalanceOfCall { user: owner };
        let has_stable = !data.stableDebtTokenAddress.is_zero();
        Tickets {
            supplied: ask.view(data.aTokenAddress, &balance),
            scaled: ask.view(data.aTokenAddress, &scaled),
            debt: ask.view(data.variableDebtTokenAddress, &balance),
            stable: has_stable.then(|| ask.view(data.stableDebtTokenAddress, &balance)),
            income: ask.view(self.pool, &Pool::getReserveNormalizedIncomeCall { asset }),
            price: ask.view(oracle, &Oracle::getAssetPriceCall { asset }),
            liquidity: ask.view(asset, &Erc20::balanceOfCall { owner: data.aTokenAddress }),
            symbol: ask.view(asset, &Erc20::symbolCall {}),
        }
    }

    #[expect(clippy::needless_pass_by_value, reason = "each candidate is judged once")]
    fn reserve(
        &self,
        answers: &Answers,
        one: Candidate,
        (tickets, e_mode): (&Tickets, EMode),
    ) -> Result<Reserve, ProtocolError> {
        let word = one.data.configuration;
        let decimals = u8::try_from(field(word, 48, 8)).unwrap_or_default();
        let known = self.reserves.iter().find(|known| known.underlying == one.asset);
        let symbol = match known {
            Some(known) => known.symbol.clone(),
            None => {
                let (_, outcome) = answers.outcome(tickets.symbol)?;
                token_text(&outcome.output).unwrap_or_else(|_unnamed| one.asset.to_checksum(None))
            }
        };
        Ok(Reserve {
            asset: Asset { address: one.asset, symbol, decimals },
            a_token: one.data.aTokenAddress,
            debt_token: one.data.variableDebtTokenAddress,
            stable_token: one.data.stableDebtTokenAddress,
            supplied: answers.get(tickets.supplied)?,
            scaled: answers.get(tickets.scaled)?,
            income: answers.get(tickets.income)?,
            variable_debt: answers.get(tickets.debt)?,
            stable_debt: tickets.stable.map(|ticket| answers.get(ticket)).transpose()?.unwrap_or_default(),
            // A refusal is told in words beside the amount, which needs no price.
            price: answers.get(tickets.price).ok().filter(|price| !price.is_zero()),
            liquidity: answers.get(tickets.liquidity)?,
            is_collateral: one.is_collateral,
            threshold_bps: threshold(word, one.id, e_mode),
            flags: flags(word),
        })
    }
}

impl Reserve {
    pub(super) fn debt(&self) -> U256 {
        self.variable_debt.saturating_add(self.stable_debt)
    }

    /// For the health factor; `None` without a price.
    pub(super) fn holding(&self) -> Option<Holding> {
        Some(Holding {
            price: self.price?,
            unit: U256::from(10).checked_pow(U256::from(self.asset.decimals))?,
            collateral: if self.is_collateral { self.supplied } else { U256::ZERO },
            threshold_bps: U256::from(self.threshold_bps),
            debt: self.debt(),
        })
    }

    pub(super) fn rows(&self, owner: Address) -> Vec<Row> {
        let view =
            |token: Address| Some(Call::read(token, ScaledToken::balanceOfCall { user: owner }.abi_encode()));
        let kind = if self.is_collateral { RowKind::Collateral } else { RowKind::Supplied };
        let all = [
            (kind, self.supplied, self.a_token, None),
            (RowKind::Borrowed, self.variable_debt, self.debt_token, None),
            (RowKind::Borrowed, self.stable_debt, self.stable_token, Some("at a stable rate".to_owned())),
        ];
        all.into_iter()
            .filter(|(_, amount, ..)| !amount.is_zero())
            .map(|(kind, amount, token, note)| Row {
                kind,
                asset: self.asset.clone(),
                amount,
                view: view(token),
                worth: self.worth(amount),
                note,
            })
            .collect()
    }

    fn worth(&self, amount: U256) -> Option<Worth> {
        let unit = U256::from(10).checked_pow(U256::from(self.asset.decimals))?;
        let amount = amount.checked_mul(self.price?)?.checked_div(unit)?;
        Some(Worth { amount, decimals: 8, unit: "USD".to_owned() })
    }

    /// What is wrong with the reserve, in words.
    pub(super) fn caveats(&self) -> Vec<String> {
        let symbol = &self.asset.symbol;
        let mut all = Vec::new();
        if self.flags.paused {
            all.push(format!("{symbol} is paused: it can be neither withdrawn nor repaid until that ends."));
        } else if self.flags.frozen {
            all.push(format!(
                "{symbol} is frozen: it can be withdrawn and repaid, not supplied or borrowed."
            ));
        }
        if !self.flags.active {
            all.push(format!("{symbol} is not active in this market."));
        }
        if self.liquidity < self.supplied {
            let there = self.asset.show(self.liquidity);
            all.push(format!("Only {there} can be paid out now: the rest is lent."));
        }
        if self.price.is_none() {
            all.push(format!("The market's oracle gives no price for {symbol}."));
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_configuration_word_is_read_where_the_fields_are() {
        // LTV 80 %, threshold 82.5 %, 18 decimals, active, paused, category 1.
        let word = U256::from(8_000_u64)
            | U256::from(8_250_u64) << 16
            | U256::from(18_u64) << 48
            | U256::from(1_u64) << 56
            | U256::from(1_u64) << 60
            | U256::from(1_u64) << 168;
        assert_eq!(flags(word), Flags { active: true, frozen: false, paused: true });
        assert_eq!(field(word, 48, 8), 18);
        let e_mode = |category, bitmap| EMode { category, threshold_bps: 9_500, bitmap };
        assert_eq!(threshold(word, 3, EMode::default()), 8_250);
        assert_eq!(threshold(word, 3, e_mode(1, None)), 9_500);
        assert_eq!(threshold(word, 3, e_mode(2, None)), 8_250);
        assert_eq!(threshold(word, 3, e_mode(2, Some(0b1000))), 9_500);
        assert_eq!(threshold(word, 2, e_mode(2, Some(0b1000))), 8_250);
        assert_eq!(threshold(U256::ZERO, 3, e_mode(2, Some(0b1000))), 0);
    }
}
