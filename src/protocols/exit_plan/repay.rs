//! How a debt is paid: from the wallet, from ether, from what is supplied of the same; and what is missing.

use alloy::primitives::U256;

use super::plan::Shortfall;
use super::simulate::Balances;
use crate::protocols::{Action, Amount, Asset};

/// Ether that stays for fees.
pub(super) const KEPT_FOR_FEES: U256 = U256::from_limbs([20_000_000_000_000_000, 0, 0, 0]);

/// The actions that pay `repay` back with what there is, and what they leave unpaid. `others` are the actions of the
/// same position; what is used is taken off `wallet`.
pub(super) fn pay(
    repay: &Action,
    (others, market): (&[Action], &str),
    wallet: &mut Balances,
) -> (Vec<Action>, Option<Shortfall>) {
    let needed = repay.all;
    let held = wallet.get(&repay.asset.address).copied().unwrap_or_default();
    if held >= needed {
        spend(wallet, &repay.asset, needed);
        return (vec![repay.clone()], None);
    }
    let other = |kind: &str| {
        others.iter().find(|one| one.kind == kind && one.asset == repay.asset && one.blocked.is_none())
    };
    let ether = wallet.get(&Asset::ether().address).copied().unwrap_or_default();
    if let Some(with_ether) = other("repay-ether")
        && ether.saturating_sub(KEPT_FOR_FEES) > crate::protocols::with_margin(needed)
    {
        spend(wallet, &Asset::ether(), needed);
        return (vec![with_ether.clone()], None);
    }
    let mut actions = Vec::new();
    let mut open = needed;
    if let Some(from_supply) = other("repay-from-supply") {
        let part = from_supply.all.min(open);
        open = open.saturating_sub(part);
        actions.push(from_supply.clone());
    }
    if open.is_zero() {
        return (actions, None);
    }
    let part = held.min(open);
    if !part.is_zero() {
        // What is left of the debt may be paid in full: then all of it, interest of the meantime included.
        let amount = if part == open { Amount::All } else { Amount::Exactly(part) };
        actions.push(Action { amount, all: open, ..repay.clone() });
        spend(wallet, &repay.asset, part);
    }
    open = open.saturating_sub(part);
    let shortfall = (!open.is_zero()).then(|| Shortfall {
        market: market.to_owned(),
        asset: repay.asset.clone(),
        needed,
        held: needed.saturating_sub(open),
    });
    (actions, shortfall)
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
            stage: Some(Stage::Repay),
            note: None,
            blocked: None,
            changed: None,
            detail: Detail::new(()),
            build: |_| Ok(Vec::new()),
        }
    }

    #[expect(clippy::type_complexity, reason = "a test's own helper")]
    fn paid(held: u64, others: &[Action]) -> (Vec<(&'static str, Amount)>, Option<(u64, u64)>) {
        let mut wallet = Balances::from([(Address::repeat_byte(2), U256::from(held))]);
        let (actions, short) = pay(&action("repay", 13_970), (others, "Aave"), &mut wallet);
        let short = short.map(|short| (short.held.to::<u64>(), short.missing().to::<u64>()));
        (actions.iter().map(|one| (one.kind, one.amount)).collect(), short)
    }

    #[test]
    fn what_is_missing_is_told() {
        assert_eq!(paid(13_970, &[]), (vec![("repay", Amount::All)], None));
        let part = Amount::Exactly(U256::from(12_400));
        assert_eq!(paid(12_400, &[]), (vec![("repay", part)], Some((12_400, 1_570))));
        assert_eq!(paid(0, &[]), (Vec::new(), Some((0, 13_970))));
    }

    #[test]
    fn what_is_supplied_of_the_same_pays_too() {
        let supply = |all| [action("repay-from-supply", all)];
        assert_eq!(paid(0, &supply(13_970)), (vec![("repay-from-supply", Amount::All)], None));
        let both = vec![("repay-from-supply", Amount::All), ("repay", Amount::All)];
        assert_eq!(paid(3_970, &supply(10_000)), (both, None));
        let (actions, short) = paid(970, &supply(10_000));
        assert_eq!((actions.len(), short), (2, Some((10_970, 3_000))));
    }

    #[test]
    fn the_words_are_the_designed_ones() {
        let asset = Asset::token(Address::repeat_byte(2), "USDC", 2);
        let (needed, held) = (U256::from(1_397_000), U256::from(1_240_000));
        let short = Shortfall { market: "Aave v3 Core".to_owned(), asset, needed, held };
        assert_eq!(short.words(), "Aave v3 Core: repay 13970 USDC. You have 12400 USDC: short 1570 USDC.");
    }
}
