//! What the pool's error codes mean for somebody who leaves.
//!
//! Until 3.3 the pool reverts with a number as text (`Errors.sol`), from 3.4 on with an error of the same name.

use alloy::primitives::keccak256;
use alloy::sol_types::{Revert, SolError as _};

/// Code, name and words of the errors that leaving a market can meet.
const ERRORS: [(&str, &str, &str); 22] = [
    ("24", "InvalidMintAmount", "the amount is too small for the token's rounding"),
    ("25", "InvalidBurnAmount", "the amount is too small for the token's rounding"),
    ("26", "InvalidAmount", "the amount is 0"),
    ("27", "ReserveInactive", "this asset is not active in this market"),
    ("28", "ReserveFrozen", "this asset is frozen in this market"),
    ("29", "ReservePaused", "this asset is paused in this market"),
    ("32", "NotEnoughAvailableUserBalance", "it is more than you supplied"),
    ("33", "InvalidInterestRateModeSelected", "the debt is of another kind of rate"),
    ("34", "CollateralBalanceIsZero", "there is no collateral"),
    (
        "35",
        "HealthFactorLowerThanLiquidationThreshold",
        "the loan could be liquidated after it: repay first, or take less",
    ),
    ("36", "CollateralCannotCoverNewBorrow", "the collateral is not enough for the debt"),
    ("39", "NoDebtOfSelectedType", "there is no debt of this kind"),
    ("40", "NoExplicitAmountToRepayOnBehalf", "repaying for somebody else needs an exact amount"),
    ("41", "NoOutstandingStableDebt", "there is no debt at a stable rate"),
    ("42", "NoOutstandingVariableDebt", "there is no debt at a variable rate"),
    ("43", "UnderlyingBalanceZero", "nothing of this asset is supplied"),
    (
        "57",
        "LtvValidationFailed",
        "another collateral that no longer counts for loans must be taken out before this one",
    ),
    ("59", "PriceOracleSentinelCheckFailed", "the market's guard over its prices does not allow it now"),
    ("62", "UserInIsolationModeOrLtvZero", "the account is in isolation mode"),
    ("77", "ZeroAddressNotValid", "an address is 0"),
    ("80", "OperationNotSupported", "this market does not offer it"),
    ("82", "AssetNotListed", "this market does not have the asset"),
];

/// Why the pool reverted, by the data it left; `None` where that is none of its own errors.
pub(super) fn words(data: &[u8]) -> Option<String> {
    let code = Revert::abi_decode(data).ok().map(|revert| revert.reason);
    let named = |name: &str| keccak256(format!("{name}()")).get(..4) == Some(data);
    let (code, _, words) =
        ERRORS.iter().find(|(known, name, _)| code.as_deref() == Some(*known) || named(name))?;
    Some(format!("Aave refuses: {words} (its error {code})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_and_a_named_error_say_the_same() {
        let code = |text: &str| words(&Revert { reason: text.to_owned() }.abi_encode());
        let told = code("35").unwrap();
        assert!(told.contains("repay first") && told.ends_with("(its error 35)"), "{told}");
        let named = keccak256("HealthFactorLowerThanLiquidationThreshold()");
        assert_eq!(words(&named[..4]), Some(told));
        assert_eq!(code("ERC20: transfer amount exceeds balance"), None);
        assert_eq!((words(&[]), words(&[1, 2, 3, 4, 5])), (None, None));
    }

    #[test]
    fn each_code_stands_once() {
        let mut codes: Vec<_> = ERRORS.iter().map(|(code, ..)| code).collect();
        codes.dedup();
        assert_eq!(codes.len(), ERRORS.len());
    }
}
