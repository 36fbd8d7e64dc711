//! Taking a share out of a pair, with minimums.

use alloy::primitives::U256;
use alloy::sol;
use alloy::sol_types::SolCall as _;

use super::positions::Noted;
use crate::protocols::{
    Action, Amount, Intent, IntentError, Position, Stage, blocked_without, deadline, less_slippage,
};

sol! {
    /// The router.
    interface Router02 {
        function removeLiquidity(address tokenA, address tokenB, uint256 liquidity, uint256 amountAMin, uint256 amountBMin, address to, uint256 deadline) external returns (uint256 amountA, uint256 amountB);
    }
}

pub(super) fn actions(position: &Position) -> Vec<Action> {
    let Some(noted) = position.detail.get::<Noted>() else { return Vec::new() };
    vec![Action {
        protocol: position.protocol.clone(),
        owner: position.owner,
        kind: "remove-liquidity",
        title: format!("Remove all liquidity of {}", position.market),
        asset: noted.pair.clone(),
        amount: Amount::All,
        all: noted.liquidity,
        stage: Some(Stage::Free),
        note: Some(noted.price.note("pair")),
        blocked: blocked_without(
            &noted.router_code,
            Router02::removeLiquidityCall::SELECTOR,
            "removeLiquidity",
        ),
        changed: None,
        detail: position.detail.clone(),
        build: intents,
    }]
}

fn intents(action: &Action) -> Result<Vec<Intent>, IntentError> {
    let Some(noted) = action.detail.get::<Noted>() else { return Err(action.not_ours()) };
    let liquidity = action.at_most_all()?;
    let part =
        |amount: U256| amount.saturating_mul(liquidity).checked_div(noted.liquidity).unwrap_or_default();
    let [first, second] = noted.amounts.map(part);
    let [token_a, token_b] = &noted.tokens;
    let call = Router02::removeLiquidityCall {
        tokenA: token_a.address,
        tokenB: token_b.address,
        liquidity,
        amountAMin: less_slippage(first),
        amountBMin: less_slippage(second),
        to: action.owner,
        deadline: deadline(noted.now),
    };
    let (first, second, price) = (token_a.show(first), token_b.show(second), noted.price.suffix());
    let sentence = format!("Remove liquidity from {}: {first} and {second}{price}", noted.name);
    let intent = Intent::call(noted.router, call.abi_encode(), sentence);
    Ok(vec![intent.taking(&noted.pair, noted.router, liquidity).until(deadline(noted.now))])
}
