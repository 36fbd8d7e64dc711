//! Ether and wrapped ether are one thing to whoever pays, and two to some exchanges: a step between them wraps or unwraps.

use alloy::primitives::{Address, U256};

use crate::protocols::weth::{unwrap, wrap};
use crate::protocols::{Asset, Intent, JointState, Offer, ProtocolError, Venue, Wish, check_code};

/// A venue's best offer. Where it has none, and tells the two apart, its best one for the other of them.
///
/// # Errors
/// Where state could not be proven.
pub(super) async fn ask(
    venue: &dyn Venue,
    wish: &Wish,
    joint: &JointState,
    weth: Option<Address>,
) -> Result<Option<Offer>, ProtocolError> {
    let plain = venue.offer(wish, joint).await?;
    let Some(weth) = weth.filter(|_| plain.is_none() && venue.tells_ethers_apart()) else { return Ok(plain) };
    let Some(other) = with_other(wish, weth) else { return Ok(None) };
    let Some(offer) = venue.offer(&other, joint).await? else { return Ok(None) };
    let offer = bridged(wish, offer, weth);
    let steps: Vec<&Intent> = offer.before.iter().chain(&offer.after).collect();
    Ok(can(&steps, weth, joint).await?.then(|| offer.clone()))
}

/// The call that turns as much ether into wrapped ether as is wanted and there, where that is what is bought.
///
/// # Errors
/// As [`ask`].
pub(super) async fn wrapped(
    (buy, amount): (&Asset, U256),
    ether: U256,
    weth: Option<Address>,
    joint: &JointState,
) -> Result<Option<Intent>, ProtocolError> {
    let Some(weth) = weth.filter(|weth| *weth == buy.address) else { return Ok(None) };
    let units = amount.min(ether);
    // Less than a hundredth of it is not worth a transaction.
    if units.is_zero() || units < amount / U256::from(100) {
        return Ok(None);
    }
    let call = wrap(weth, units);
    Ok(can(&[&call], weth, joint).await?.then_some(call))
}

/// The code that runs has the functions that are called.
async fn can(calls: &[&Intent], weth: Address, joint: &JointState) -> Result<bool, ProtocolError> {
    let code = check_code(joint.state(), weth, None).await?;
    Ok(calls.iter().all(|one| one.selector().is_some_and(|selector| code.has(selector))))
}

/// The same wish with the other ether on the side that has one.
fn with_other(wish: &Wish, weth: Address) -> Option<Wish> {
    let other = |asset: &Asset| match asset.address {
        ether if ether.is_zero() => Some(Asset::token(weth, "WETH", 18)),
        wrapped if wrapped == weth => Some(Asset::ether()),
        _ => None,
    };
    match (other(&wish.sell), other(&wish.buy)) {
        (Some(sell), None) => Some(Wish { sell, ..wish.clone() }),
        (None, Some(buy)) => Some(Wish { buy, ..wish.clone() }),
        _ => None,
    }
}

/// An offer for the other ether as one for `wish`. Of what is got only what is sure is turned.
fn bridged(wish: &Wish, offer: Offer, weth: Address) -> Offer {
    let (pays, least) = (offer.pays, offer.least);
    if wish.sell.is_ether() {
        return Offer { before: Some(wrap(weth, pays)), ..offer };
    }
    if wish.sell.address == weth {
        return Offer { before: Some(unwrap(weth, pays)), ..offer };
    }
    let after = if wish.buy.is_ether() { unwrap(weth, least) } else { wrap(weth, least) };
    Offer { gets: least, after: Some(after), ..offer }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::Want;

    #[test]
    fn the_side_that_has_ether_is_turned_and_what_is_got_only_as_far_as_it_is_sure() {
        let [weth, usdc] = [9, 2].map(Address::repeat_byte);
        let token = |address, symbol: &str| Asset::token(address, symbol, 18);
        let wish = |sell: &Asset, buy: &Asset| Wish {
            owner: Address::repeat_byte(1),
            sell: sell.clone(),
            buy: buy.clone(),
            want: Want::Give(U256::from(100)),
        };
        let (ether, wrapped, dollar) = (Asset::ether(), token(weth, "WETH"), token(usdc, "USDC"));
        let turned = |sell: &Asset, buy: &Asset| {
            with_other(&wish(sell, buy), weth).map(|one| (one.sell.address, one.buy.address))
        };
        assert_eq!(turned(&ether, &dollar), Some((weth, usdc)));
        assert_eq!(turned(&wrapped, &dollar), Some((Address::ZERO, usdc)));
        assert_eq!(turned(&dollar, &wrapped), Some((usdc, Address::ZERO)));
        assert_eq!((turned(&dollar, &dollar), turned(&ether, &wrapped)), (None, None));
        let offer = || Offer::of(U256::from(100), U256::from(90), U256::from(89));
        let sold = bridged(&wish(&ether, &dollar), offer(), weth);
        assert_eq!((sold.before.unwrap().value, sold.gets), (U256::from(100), U256::from(90)));
        let sold = bridged(&wish(&wrapped, &dollar), offer(), weth).before.unwrap();
        assert_eq!((sold.value, sold.spends), (U256::ZERO, vec![(wrapped.clone(), U256::from(100))]));
        let bought = bridged(&wish(&dollar, &wrapped), offer(), weth);
        assert_eq!((bought.after.unwrap().value, bought.gets), (U256::from(89), U256::from(89)));
    }
}
