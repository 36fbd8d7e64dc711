//! How old the price is that a vault is judged by: when it was passed on, where it is the one that was passed on last.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall as _;

use super::interface::DelayedPrice;
use super::urn::Urn;
use crate::execution::Call;
use crate::protocols::ray::RAY;
use crate::protocols::{Ask, Asset, JointState, PriceAge, ProtocolError, Ticket};

/// `Spotter.poke`: what may be owed for one of the collateral, 27 decimals, at a price of 18 decimals.
fn spot_at(price: U256, urn: &Urn) -> Option<U256> {
    let ray = price.checked_mul(U256::from(1_000_000_000))?;
    let in_par = ray.checked_mul(RAY)?.checked_div(urn.par)?;
    in_par.checked_mul(RAY)?.checked_div(urn.mat)
}

/// `spotter` is who may look at what `source` tells.
///
/// # Errors
/// Where state could not be proven.
pub(super) async fn age(
    (spotter, source): (Address, Address),
    (urn, gem): (&Urn, &Asset),
    state: &JointState,
) -> Result<PriceAge, ProtocolError> {
    let mut ask = Ask::new();
    let look = Call { from: spotter, ..Call::read(source, DelayedPrice::peekCall {}.abi_encode()) };
    let now: Ticket<DelayedPrice::peekCall> = ask.call(look);
    let passed = ask.view(source, &DelayedPrice::zzzCall {});
    let late = ask.view(source, &DelayedPrice::hopCall {});
    let answers = ask.run(state).await?;
    let (Ok(now), Ok(passed), Ok(late)) = (answers.get(now), answers.get(passed), answers.get(late)) else {
        return Ok(PriceAge::unproven(&gem.symbol));
    };
    // The core's price is written by whoever asks for it: it may be one of long before.
    if !now.has || passed == 0 || spot_at(U256::from_be_bytes(now.val.0), urn) != Some(urn.spot) {
        return Ok(PriceAge::unproven(&gem.symbol));
    }
    let since = state.block_ref().timestamp.saturating_sub(passed);
    Ok(PriceAge::told(&gem.symbol, since.saturating_add(u64::from(late))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::WAD;

    #[test]
    fn a_price_becomes_what_may_be_owed_as_the_spotter_books_it() {
        let urn = Urn {
            ink: WAD,
            art: WAD,
            credit: U256::ZERO,
            rate: RAY,
            rate_soon: RAY,
            spot: RAY,
            mat: RAY * U256::from(3) / U256::from(2),
            par: RAY,
            dust: U256::ZERO,
        };
        assert_eq!(spot_at(WAD * U256::from(3_000), &urn), Some(RAY * U256::from(2_000)));
        let odd = WAD * U256::from(3_000) + U256::from(1);
        assert_eq!(spot_at(odd, &urn), Some(RAY * U256::from(2_000) + U256::from(666_666_666)));
        assert_eq!(spot_at(WAD, &Urn { mat: U256::ZERO, ..urn.clone() }), None);
        assert_eq!(spot_at(U256::MAX, &urn), None);
    }
}
