//! How a debt is paid: from the wallet, from ether, from what is supplied of the same; and what is missing.

use alloy::primitives::U256;

use super::plan::Shortfall;
use super::simulate::Balances;
use crate::protocols::{Action, Amount, Asset};

/// Ether that stays for fees.
pub(super) const KEPT_FOR_FEES: U256 = U256::from_limbs([20_000_000_000_000_000, 0, 0, 0]);

/// The way to the same end that takes what is supplied, where there is one.
pub(super) fn from_supply<'a>(repay: &Action, others: &'a [Action]) -> Option<&'a Action> {
    other(repay, others, "repay-from-supply")
}

fn other<'a>(repay: &Action, others: &'a [Action], kind: &str) -> Option<&'a Action> {
    others.iter().find(|one| one.kind == kind && one.asset == repay.asset && one.blocked.is_none())
}

/// The action that pays back what of `repay` is not `paid` yet, with what there is, and what it leaves unpaid. `others`
/// are the actions of the same position; what is used is taken off `wallet`.
///
/// A debt grows until it is paid: the wallet pays all of it only where it also holds what grows meanwhile. With less, so
/// much stays unpaid in the simulation too, and nothing later counts on a debt that is gone.
pub(super) fn pay(
    repay: &Action,
    (others, market): (&[Action], &str),
    paid: U256,
    wallet: &mut Balances,
) -> (Option<Action>, Option<Shortfall>) {
    let (debt, needed) = (repay.all.saturating_sub(paid), repay.all_soon().saturating_sub(paid));
    if debt.is_zero() {
        return (None, None);
    }
    let held = wallet.get(&repay.asset.address).copied().unwrap_or_default();
    if held >= needed {
        spend(wallet, &repay.asset, needed);
        return (Some(Action { all: debt, ..repay.clone() }), None);
    }
    let ether = wallet.get(&Asset::ether().address).copied().unwrap_or_default();
    if let Some(with_ether) = other(repay, others, "repay-ether").filter(|_| paid.is_zero())
        && ether.saturating_sub(KEPT_FOR_FEES) > crate::protocols::with_margin(needed)
    {
        spend(wallet, &Asset::ether(), needed);
        return (Some(with_ether.clone()), None);
    }
    let part = held.min(debt.saturating_sub(repay.growth));
    spend(wallet, &repay.asset, part);
    let action = Action { amount: Amount::Exactly(part), all: debt, ..repay.clone() };
    let shortfall = Shortfall {
        market: market.to_owned(),
        asset: repay.asset.clone(),
        // Twice what grows within the hour: who brings just what is missing is not told of more by then.
        needed: repay.all_soon().saturating_add(repay.growth),
        held: paid.saturating_add(held),
    };
    (Some(action).filter(|_| !part.is_zero()), Some(shortfall))
}

fn spend(wallet: &mut Balances, asset: &Asset, amount: U256) {
    if let Some(held) = wallet.get_mut(&asset.address) {
        *held = held.saturating_sub(amount);
    }
}

#[cfg(test)]
mod tests {
    use alloy::primitives::Address;

    use super::*;
    use crate::protocols::{Detail, Stage};

    fn action(kind: &'static str, all: u64) -> Action {
        Action {
            protocol: "p".to_owned(),
            owner: Address::repeat_byte(1),
            kind,
            title: kind.to_owned(),
            asset: Asset::token(Address::repeat_byte(2), "USDC", 6),
            amount: Amount::All,
            all: U256::from(all),
            growth: U256::ZERO,
            stage: Some(Stage::Repay),
            note: None,
            blocked: None,
            changed: None,
            detail: Detail::new(()),
            build: |_| Ok(Vec::new()),
        }
    }

    /// What is paid of a debt of 13 970, which may grow by so much, once `paid` of it is; and how much is missing.
    fn paid(held: u64, growth: u64, paid: u64) -> (Option<Amount>, Option<(u64, u64)>) {
        let mut wallet = Balances::from([(Address::repeat_byte(2), U256::from(held))]);
        let repay = Action { growth: U256::from(growth), ..action("repay", 13_970) };
        let (action, short) = pay(&repay, (&[], "Aave"), U256::from(paid), &mut wallet);
        let short = short.map(|short| (short.held.to::<u64>(), short.missing().to::<u64>()));
        (action.map(|one| one.amount), short)
    }

    fn exactly(units: u64) -> Option<Amount> {
        Some(Amount::Exactly(U256::from(units)))
    }

    #[test]
    fn what_is_missing_is_told() {
        assert_eq!(paid(13_970, 0, 0), (Some(Amount::All), None));
        assert_eq!(paid(12_400, 0, 0), (exactly(12_400), Some((12_400, 1_570))));
        assert_eq!(paid(0, 0, 0), (None, Some((0, 13_970))));
    }

    /// What the wallet held was compared with the debt at the head: by the time the transaction ran it was not enough.
    #[test]
    fn a_debt_that_grows_is_paid_in_full_only_where_the_growth_is_held_too() {
        assert_eq!(paid(13_990, 20, 0), (Some(Amount::All), None));
        assert_eq!(paid(13_970, 20, 0), (exactly(13_950), Some((13_970, 40))));
        assert_eq!(paid(13_989, 20, 0), (exactly(13_950), Some((13_989, 21))));
        assert_eq!(paid(12_400, 20, 0), (exactly(12_400), Some((12_400, 1_610))));
        let growing = action("repay", 13_970_000_000).growing();
        assert_eq!(growing.all_soon(), U256::from(13_971_397_001_u64), "an hour at 87 % a year");
        assert_eq!(action("repay", 0).growing().all_soon(), U256::from(1));
    }

    #[test]
    fn what_is_supplied_of_the_same_pays_too() {
        assert_eq!(paid(0, 20, 13_970), (None, None));
        assert_eq!(paid(3_990, 20, 10_000), (Some(Amount::All), None));
        assert_eq!(paid(3_970, 20, 10_000), (exactly(3_950), Some((13_970, 40))));
        assert_eq!(paid(970, 0, 10_000), (exactly(970), Some((10_970, 3_000))));
    }

    #[test]
    fn ether_pays_where_the_token_is_not_enough() {
        let others = [action("repay-ether", 13_970), action("repay-from-supply", 5)];
        let repay = action("repay", 13_970);
        let mut wallet = Balances::from([(Address::ZERO, KEPT_FOR_FEES + U256::from(20_000))]);
        let (paid, short) = pay(&repay, (&others, "Aave"), U256::ZERO, &mut wallet.clone());
        assert_eq!((paid.map(|one| one.kind), short), (Some("repay-ether"), None));
        let (paid, short) = pay(&repay, (&others, "Aave"), U256::from(5), &mut wallet);
        assert!(paid.is_none() && short.is_some(), "all of it or nothing");
        assert_eq!(from_supply(&repay, &others).map(|one| one.all), Some(U256::from(5)));
    }

    #[test]
    fn the_words_are_the_designed_ones() {
        let asset = Asset::token(Address::repeat_byte(2), "USDC", 2);
        let (needed, held) = (U256::from(1_397_000), U256::from(1_240_000));
        let short = Shortfall { market: "Aave v3 Core".to_owned(), asset, needed, held };
        assert_eq!(short.words(), "Aave v3 Core: repay 13970 USDC. You have 12400 USDC: short 1570 USDC.");
    }
}
