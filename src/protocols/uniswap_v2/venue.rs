//! What the pairs would pay: asked of the router, as a second opinion on a swap that is made elsewhere.

use alloy::primitives::{Address, U256};
use alloy::sol;
use async_trait::async_trait;

use super::PairFactory;
use crate::protocols::{Ask, JointState, Offer, ProtocolError, Venue, Want, Wish};

sol! {
    /// The router's arithmetic on the pairs' reserves.
    interface RouterQuotes {
        function WETH() external view returns (address);
        function getAmountsOut(uint256 amountIn, address[] path) external view returns (uint256[] amounts);
        function getAmountsIn(uint256 amountOut, address[] path) external view returns (uint256[] amounts);
    }
}

#[async_trait]
impl Venue for PairFactory {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn wrapped_ether(&self) -> Option<Address> {
        None
    }

    async fn offer(&self, wish: &Wish, state: &JointState) -> Result<Option<Offer>, ProtocolError> {
        let mut ask = Ask::new();
        let weth = ask.view(self.router, &RouterQuotes::WETHCall {});
        let weth = ask.run(state).await?.get(weth).ok();
        let Some(from) = wish.token_in(weth) else { return Ok(None) };
        let to = wish.buy.address;
        let between = self.tokens.iter().filter(|one| **one != from && **one != to);
        let mut paths = vec![vec![from, to]];
        paths.extend(between.map(|one| vec![from, *one, to]));
        let mut ask = Ask::new();
        let asked: Vec<_> = paths
            .into_iter()
            .map(|path| match wish.want {
                Want::Give(amount) => {
                    let question = RouterQuotes::getAmountsOutCall { amountIn: amount, path };
                    (Some(ask.view(self.router, &question)), None)
                }
                Want::Get(amount) => {
                    let question = RouterQuotes::getAmountsInCall { amountOut: amount, path };
                    (None, Some(ask.view(self.router, &question)))
                }
            })
            .collect();
        let answers = ask.run(state).await?;
        // A pair that is not there, or too small, refuses.
        let offers = asked.into_iter().filter_map(|(gets, pays)| {
            let amounts: Vec<U256> = match (gets, pays) {
                (Some(gets), _) => answers.get(gets).ok()?,
                (_, Some(pays)) => answers.get(pays).ok()?,
                _ => return None,
            };
            let gets = *amounts.last()?;
            Some(Offer::of(*amounts.first()?, gets, gets))
        });
        Ok(offers.reduce(|best, one| if wish.better(&one, &best) { one } else { best }))
    }
}
