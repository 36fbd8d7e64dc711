//! Where a health factor would end after an action, by the contract's own integers; nothing where those are not known.

use alloy::primitives::U256;

use crate::app::{Action, Position, Stage, WhatIf, what_if};

/// The factor after `action`; `Some(None)` where nothing is owed then. `None` where it cannot be said.
pub(super) fn factor_after(position: &Position, action: &Action) -> Option<Option<U256>> {
    let WhatIf { assets, mut holdings } = what_if(position)?;
    let index = assets.iter().position(|asset| asset.address == action.asset.address)?;
    let units = action.units();
    let holding = holdings.holdings.get_mut(index)?;
    match action.stage {
        Some(Stage::Withdraw) => {
            if units > action.all {
                return None;
            }
            holding.collateral = holding.collateral.saturating_sub(units);
        }
        Some(Stage::Repay) => holding.debt = holding.debt.saturating_sub(units),
        _ => return None,
    }
    let owes = holdings.holdings.iter().any(|one| !one.debt.is_zero());
    if !owes {
        return Some(None);
    }
    holdings.health_factor().map(Some)
}

/// Halvings that find any 256-bit number.
const HALVINGS: usize = 256;

/// The least that must be paid back for the factor to be at least `line`, and the factor then. `None` where not even
/// `most` of it does.
pub(super) fn repay_to(position: &Position, repay: &Action, line: U256, most: U256) -> Option<(U256, U256)> {
    let factor = |units: U256| {
        let action = repay.with_amount(crate::app::Amount::Exactly(units));
        factor_after(position, &action).map(|factor| factor.unwrap_or(U256::MAX))
    };
    let most = most.min(repay.all);
    if factor(most)? < line {
        return None;
    }
    let (mut low, mut high) = (U256::ZERO, most);
    for _ in 0..HALVINGS {
        if low >= high {
            break;
        }
        let middle = low.saturating_add(high.saturating_sub(low) / U256::from(2));
        if factor(middle)? >= line {
            high = middle;
        } else {
            low = middle.saturating_add(U256::from(1));
        }
    }
    Some((high, factor(high)?))
}
