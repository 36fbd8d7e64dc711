//! sUSDe that an account holds, and USDe that cools down.

use alloy::primitives::{Address, U256};
use alloy::sol;
use async_trait::async_trait;
use serde::Deserialize;

use super::actions::actions;
use crate::contracts::Erc20;
use crate::protocols::{
    Action, Ask, Asset, Detail, JointState, Position, Protocol, ProtocolError, Row, RowKind, check_code,
};

sol! {
    /// sUSDe.
    interface StakedUsde {
        function cooldowns(address account) external view returns (uint104 cooldownEnd, uint152 underlyingAmount);
        function cooldownDuration() external view returns (uint24);
        function previewRedeem(uint256 shares) external view returns (uint256);
        function cooldownShares(uint256 shares) external returns (uint256 assets);
        function redeem(uint256 shares, address receiver, address owner) external returns (uint256 assets);
        function unstake(address receiver) external;
    }
}

/// Its id.
pub const ID: &str = "ethena";

/// Ethena on a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Ethena {
    /// USDe.
    pub usde: Address,
    /// sUSDe.
    pub staked: Address,
}

/// What the calls are built from.
#[derive(Debug, Clone)]
pub(super) struct Noted {
    pub(super) contracts: Ethena,
    pub(super) shares: U256,
    /// USDe for all shares now.
    pub(super) worth: U256,
    /// USDe that cools down or has.
    pub(super) cooling: U256,
    /// When it has, Unix seconds.
    pub(super) ends: u64,
    /// Seconds that it takes; 0 where shares can be redeemed at once.
    pub(super) takes: u64,
    /// The block's time.
    pub(super) now: u64,
}

impl Noted {
    pub(super) fn usde(&self) -> Asset {
        Asset::token(self.contracts.usde, "USDe", 18)
    }

    pub(super) fn is_due(&self) -> bool {
        self.now >= self.ends || self.takes == 0
    }
}

#[async_trait]
impl Protocol for Ethena {
    fn id(&self) -> &'static str {
        ID
    }

    fn name(&self) -> String {
        "Ethena".to_owned()
    }

    fn anchor(&self) -> Address {
        self.staked
    }

    async fn positions(&self, owner: Address, state: &JointState) -> Result<Vec<Position>, ProtocolError> {
        let staked = self.staked;
        let mut ask = Ask::new();
        let shares = ask.view(staked, &Erc20::balanceOfCall { owner });
        let cooling = ask.view(staked, &StakedUsde::cooldownsCall { account: owner });
        let takes = ask.view(staked, &StakedUsde::cooldownDurationCall {});
        let answers = ask.run(state).await?;
        let (shares, cooldown) = (answers.get(shares)?, answers.get(cooling)?);
        let cooling = cooldown.underlyingAmount.to::<U256>();
        if shares.is_zero() && cooling.is_zero() {
            return Ok(Vec::new());
        }
        let mut ask = Ask::new();
        let worth = ask.view(staked, &StakedUsde::previewRedeemCall { shares });
        let noted = Noted {
            contracts: *self,
            shares,
            worth: ask.run(state).await?.get(worth)?,
            cooling,
            ends: cooldown.cooldownEnd.saturating_to::<u64>(),
            takes: answers.get(takes)?.saturating_to::<u64>(),
            now: state.block_ref().timestamp,
        };
        let mut rows = Vec::new();
        if !shares.is_zero() {
            let row = Row::held(owner, Asset::token(staked, "sUSDe", 18), shares);
            rows.push(row.worth(noted.worth, &noted.usde()));
        }
        if !cooling.is_zero() {
            let kind = if noted.is_due() { RowKind::Claimable } else { RowKind::Waiting };
            let row = Row::new(kind, noted.usde(), cooling, None);
            rows.push(if noted.is_due() {
                row
            } else {
                row.noted(in_words(noted.ends.saturating_sub(noted.now)))
            });
        }
        let mut caveats = Vec::new();
        if noted.is_due() && !noted.cooling.is_zero() && !shares.is_zero() {
            caveats.push(
                "Take what has cooled down before another cool-down starts: it would start anew.".to_owned(),
            );
        }
        let place = (check_code(state.state(), staked, None).await?, state.block_ref());
        let position = Position::new((ID, "sUSDe".to_owned()), owner, place, rows, Detail::new(noted));
        Ok(vec![Position { caveats, ..position }])
    }

    fn actions(&self, position: &Position) -> Vec<Action> {
        actions(position)
    }
}

/// How long is left, in days and hours, rounded up to an hour.
fn in_words(seconds: u64) -> String {
    let hours = seconds.div_ceil(3_600);
    format!("cools down for another {} days and {} hours", hours / 24, hours % 24)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_is_never_told_too_short() {
        assert_eq!(in_words(1), "cools down for another 0 days and 1 hours");
        assert_eq!(in_words(7 * 86_400), "cools down for another 7 days and 0 hours");
        assert_eq!(in_words(86_401), "cools down for another 1 days and 1 hours");
    }
}
