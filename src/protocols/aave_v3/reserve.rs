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
    /// It may not be borrowed against, and as collateral of a loan it must come out before any other.
    pub(super) first_out: bool,
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

fn is_inside(word: U256, id: usize, e_mode: EMode) -> bool {
    match e_mode.bitmap {
        _ if e_mode.category == 0 => false,
        Some(bitmap) => in_bitmap(bitmap, id),
        None => field(word, 168, 8) == u64::from(e_mode.category),
    }
}

fn in_bitmap(bitmap: u128, id: usize) -> bool {
    id < 128 && bitmap >> id & 1 == 1
}

/// `GenericLogic.calculateUserAccountData`.
fn threshold(word: U256, id: usize, e_mode: EMode) -> u64 {
    let own = field(word, 16, 16);
    // Until 3.5 a reserve that is no collateral outside of e-modes is none inside; since then it may be.
    let counts = own != 0 || e_mode.decoupled.is_some();
    if counts && is_inside(word, id, e_mode) { u64::from(e_mode.threshold_bps) } else { own }
}

/// Whether its loan-to-value is 0, as `ValidationLogic.getUserReserveLtv` has it: until 3.5 by the reserve alone, where it
/// is collateral at all.
fn has_no_ltv(word: U256, id: usize, e_mode: EMode) -> bool {
    let (own, outside) = (field(word, 0, 16), field(word, 16, 16));
    let Some(rules) = e_mode.decoupled else { return own == 0 && outside != 0 };
    if is_inside(word, id, e_mode) {
        // An e-mode without one of its own is none that can be entered.
        return in_bitmap(rules.ltv_zero, id);
    }
    own == 0 || (e_mode.category != 0 && rules.isolated)
}

/// What a reserve can pay out of what lies `there`. From 3.4 on the pool pays no more than it booked, whatever somebody sent
/// to the aToken; before, it books nothing.
fn can_pay(there: U256, booked: Option<u128>) -> U256 {
    booked.map_or(there, |booked| there.min(U256::from(booked)))
}

struct Tickets {
    supplied: Ticket<ScaledToken::balanceOfCall>,
    scaled: Ticket<ScaledToken::scaledBalanceOfCall>,
    debt: Ticket<ScaledToken::balanceOfCall>,
    stable: Option<Ticket<ScaledToken::balanceOfCall>>,
    income: Ticket<Pool::getReserveNormalizedIncomeCall>,
    price: Ticket<Oracle::getAssetPriceCall>,
    liquidity: Ticket<Erc20::balanceOfCall>,
    booked: Ticket<Pool::getVirtualUnderlyingBalanceCall>,
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
            booked: ask.view(self.pool, &Pool::getVirtualUnderlyingBalanceCall { asset }),
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
        let (there, booked) = (answers.get(tickets.liquidity)?, answers.get(tickets.booked).ok());
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
            liquidity: can_pay(there, booked),
            is_collateral: one.is_collateral,
            threshold_bps: threshold(word, one.id, e_mode),
            first_out: one.is_collateral && has_no_ltv(word, one.id, e_mode),
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
    use super::super::account::Decoupled;
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
        let e_mode = |category, bitmap| e_mode(category, bitmap, None);
        assert_eq!(threshold(word, 3, EMode::default()), 8_250);
        assert_eq!(threshold(word, 3, e_mode(1, None)), 9_500);
        assert_eq!(threshold(word, 3, e_mode(2, None)), 8_250);
        assert_eq!(threshold(word, 3, e_mode(2, Some(0b1000))), 9_500);
        assert_eq!(threshold(word, 2, e_mode(2, Some(0b1000))), 8_250);
        assert_eq!(threshold(U256::ZERO, 3, e_mode(2, Some(0b1000))), 0, "until 3.5");
    }

    #[test]
    fn what_was_only_sent_to_a_reserve_is_not_paid_out() {
        let of = |there: u64, booked| can_pay(U256::from(there), booked).to::<u64>();
        assert_eq!((of(100, None), of(100, Some(70)), of(100, Some(130))), (100, 70, 100));
    }

    fn e_mode(category: u8, bitmap: Option<u128>, decoupled: Option<Decoupled>) -> EMode {
        EMode { category, threshold_bps: 9_500, bitmap, decoupled }
    }

    /// What counts only inside an e-mode was taken to count for nothing.
    #[test]
    fn since_3_6_what_counts_inside_does_not_depend_on_what_counts_outside() {
        let rules = |ltv_zero, isolated| Some(Decoupled { ltv_zero, isolated });
        let inside = e_mode(2, Some(0b1000), rules(0, false));
        assert_eq!(threshold(U256::ZERO, 3, inside), 9_500);
        assert_eq!(threshold(U256::ZERO, 2, inside), 0);
        assert!(!has_no_ltv(U256::ZERO, 3, inside) && has_no_ltv(U256::ZERO, 2, inside));
        assert!(has_no_ltv(U256::ZERO, 3, e_mode(2, Some(0b1000), rules(0b1000, false))));
        // 3.7: outside of an isolated one nothing may be borrowed against.
        let word = U256::from(8_000) | U256::from(8_250) << 16;
        assert!(!has_no_ltv(word, 2, inside));
        assert!(has_no_ltv(word, 2, e_mode(2, Some(0b1000), rules(0, true))));
        assert!(!has_no_ltv(word, 2, e_mode(0, None, rules(0, true))));
    }

    #[test]
    fn until_3_5_the_reserve_alone_says_whether_it_has_a_loan_to_value() {
        let frozen = U256::from(8_250) << 16;
        assert!(has_no_ltv(frozen, 3, e_mode(0, None, None)));
        assert!(has_no_ltv(frozen, 3, e_mode(2, Some(0b1000), None)));
        assert!(!has_no_ltv(frozen | U256::from(1), 3, e_mode(0, None, None)));
        assert!(!has_no_ltv(U256::ZERO, 3, e_mode(0, None, None)), "it is no collateral");
    }
}
