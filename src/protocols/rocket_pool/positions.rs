//! rETH that an account holds, what it is worth by its own rate, and how much ether there is for it.

use alloy::primitives::{Address, U256};
use alloy::sol;
use async_trait::async_trait;
use serde::Deserialize;

use super::actions::actions;
use crate::contracts::Erc20;
use crate::protocols::{
    Action, Ask, Asset, Detail, JointState, Position, Protocol, ProtocolError, Row, check_code,
};

sol! {
    /// The part of rETH that is used here.
    interface Reth {
        function getEthValue(uint256 rethAmount) external view returns (uint256);
        function getTotalCollateral() external view returns (uint256);
        function burn(uint256 rethAmount) external;
    }
}

/// Its id.
pub const ID: &str = "rocket-pool";

/// rETH of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct RocketPool {
    /// The token.
    pub token: Address,
}

/// What the calls are built from.
#[derive(Debug, Clone)]
pub(super) struct Noted {
    pub(super) token: Address,
    pub(super) held: U256,
    /// Wei for all of it.
    pub(super) worth: U256,
    /// Wei there is to pay.
    pub(super) there: U256,
}

impl Noted {
    /// rETH that can be burnt now.
    pub(super) fn most(&self) -> U256 {
        if self.worth <= self.there {
            return self.held;
        }
        // The worth was cut, so one wei more is counted: what is burnt never asks for more than there is.
        let worth = self.worth.saturating_add(U256::from(1));
        self.there.checked_mul(self.held).and_then(|all| all.checked_div(worth)).unwrap_or_default()
    }
}

#[async_trait]
impl Protocol for RocketPool {
    fn id(&self) -> &'static str {
        ID
    }

    fn name(&self) -> String {
        "Rocket Pool".to_owned()
    }

    fn anchor(&self) -> Address {
        self.token
    }

    async fn positions(&self, owner: Address, state: &JointState) -> Result<Vec<Position>, ProtocolError> {
        let token = self.token;
        let mut ask = Ask::new();
        let held = ask.view(token, &Erc20::balanceOfCall { owner });
        let held = ask.run(state).await?.get(held)?;
        if held.is_zero() {
            return Ok(Vec::new());
        }
        let mut ask = Ask::new();
        let worth = ask.view(token, &Reth::getEthValueCall { rethAmount: held });
        let there = ask.view(token, &Reth::getTotalCollateralCall {});
        let answers = ask.run(state).await?;
        let noted = Noted { token, held, worth: answers.get(worth)?, there: answers.get(there)? };
        let row = Row::held(owner, Asset::token(token, "rETH", 18), held).worth(noted.worth, &Asset::ether());
        let place = (check_code(state.state(), token, None).await?, state.block_ref());
        Ok(vec![Position::new((ID, "rETH".to_owned()), owner, place, vec![row], Detail::new(noted))])
    }

    fn actions(&self, position: &Position) -> Vec<Action> {
        actions(position)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_burnt_never_asks_for_more_than_there_is(
            held in 1u128.., backing in 1u64.., supply in 1u64.., there in any::<u128>()
        ) {
            let value = |reth: U256| reth * U256::from(backing) / U256::from(supply);
            let (held, there) = (U256::from(held), U256::from(there));
            let noted = Noted { token: Address::ZERO, held, worth: value(held), there };
            let most = noted.most();
            prop_assert!(most <= held && value(most) <= there);
        }
    }
}
