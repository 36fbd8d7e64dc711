//! A quiet case for the tests of checks: nothing is wrong with it, and each test changes one thing.

use alloy::consensus::TxEip1559;
use alloy::primitives::{Address, Bytes, TxKind, U256, address};

use super::input::*;
use super::{CheckId, Finding, Level, Review};
use crate::contracts::AbiBook;
use crate::wallet::{Draft, Effects, FeeQuote, Fees, TipBasis, Unsigned};

pub(super) const ME: Address = address!("1111111111111111111111111111111111111111");
pub(super) const ALICE: Address = address!("52908400098527886E0F7030069857D2E4169EE7");
pub(super) const USDC: Address = address!("A0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48");
pub(super) const GWEI: u128 = 1_000_000_000;

pub(super) fn ether(tenths: u64) -> U256 {
    U256::from(tenths) * U256::from(10).pow(U256::from(17))
}

pub(super) fn pay(to: Address, value: U256) -> TxEip1559 {
    TxEip1559 {
        chain_id: 1,
        nonce: 211,
        gas_limit: 21_000,
        max_fee_per_gas: 3 * GWEI,
        max_priority_fee_per_gas: GWEI,
        to: TxKind::Call(to),
        value,
        ..TxEip1559::default()
    }
}

pub(super) fn call(to: Address, input: Vec<u8>) -> TxEip1559 {
    TxEip1559 { input: Bytes::from(input), gas_limit: 100_000, ..pay(to, U256::ZERO) }
}

pub(super) fn effects() -> Effects {
    Effects { gas_used: 21_000, ..Effects::default() }
}

pub(super) fn input<'a>(book: &'a AbiBook, effects: &'a Effects) -> ReviewInput<'a> {
    ReviewInput {
        standing: Standing::Proven,
        state_age_secs: 4,
        at_secs: 1_764_500_000,
        sender: AccountFacts { balance: ether(48), nonce: 211, has_code: false },
        recipient: Some(AccountFacts { balance: ether(1), nonce: 3, has_code: false }),
        spender: Some(AccountFacts { balance: U256::ZERO, nonce: 1, has_code: true }),
        parties: vec![Party { name: "Alice".to_owned(), address: ALICE, kind: PartyKind::Saved }],
        delegate_is_bundled: true,
        fees: FeeQuote {
            base_fee: 1_000_000_000,
            speeds: [GWEI / 2, GWEI, 2 * GWEI].map(|tip| Fees { max_fee: 2 * GWEI + tip, tip }),
            basis: TipBasis::Default,
        },
        effects: Some(effects),
        value_share: Some(20),
        units: Units::from([(USDC, ("USDC".to_owned(), 6))]),
        ..ReviewInput::bare(book, (1, "Ethereum".to_owned()), ME)
    }
}

/// Reviews `tx` with the quiet input after `change` was made to it.
pub(super) fn review_with(tx: Unsigned, change: impl FnOnce(&mut ReviewInput<'_>)) -> Review {
    let (book, effects) = (AbiBook::new(), effects());
    let mut input = input(&book, &effects);
    change(&mut input);
    let simulated = Draft::of(ME, tx).without_simulation();
    Review::new(&simulated, &input).unwrap()
}

pub(super) fn review(tx: TxEip1559) -> Review {
    review_with(Unsigned::Eip1559(tx), |_| {})
}

/// What one check says in a review, if it is a concern.
pub(super) fn said(review: &Review, check: u8) -> Option<(Level, String)> {
    finding(review, check).map(|one| (one.level, one.text.clone()))
}

pub(super) fn finding(review: &Review, check: u8) -> Option<&Finding> {
    review.concerns().find(|one| one.check == CheckId(check))
}
