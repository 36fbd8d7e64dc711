//! Shares that an account keeps in a reward pool of Convex.

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
    /// A reward pool.
    interface RewardPool {
        function earned(address account) external view returns (uint256);
        function withdrawAndUnwrap(uint256 amount, bool claim) external returns (bool);
        function getReward(address account, bool claimExtras) external returns (bool);
    }
}

/// Its id.
pub const ID: &str = "convex";

/// A reward pool.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ConvexPool {
    /// What people call it.
    pub name: String,
    /// The reward pool.
    pub rewards: Address,
    /// The share token of Curve that comes back.
    pub share: Address,
    /// CRV.
    pub crv: Address,
}

/// What the calls are built from.
#[derive(Debug, Clone)]
pub(super) struct Noted {
    pub(super) pool: ConvexPool,
    pub(super) share: Asset,
    pub(super) held: U256,
    pub(super) earned: U256,
}

impl Noted {
    pub(super) fn crv(&self) -> Asset {
        Asset::token(self.pool.crv, "CRV", 18)
    }
}

#[async_trait]
impl Protocol for ConvexPool {
    fn id(&self) -> &'static str {
        ID
    }

    fn name(&self) -> String {
        format!("Convex {}", self.name)
    }

    fn anchor(&self) -> Address {
        self.rewards
    }

    async fn positions(&self, owner: Address, state: &JointState) -> Result<Vec<Position>, ProtocolError> {
        let mut ask = Ask::new();
        let held = ask.view(self.rewards, &Erc20::balanceOfCall { owner });
        let earned = ask.view(self.rewards, &RewardPool::earnedCall { account: owner });
        let answers = ask.run(state).await?;
        let (held, earned) = (answers.get(held)?, answers.get(earned)?);
        if held.is_zero() && earned.is_zero() {
            return Ok(Vec::new());
        }
        let share = Asset::token(self.share, &format!("{} LP", self.name), 18);
        let noted = Noted { pool: self.clone(), share: share.clone(), held, earned };
        let mut rows = Vec::new();
        if !held.is_zero() {
            // Kept by the reward pool, which tells the balance.
            let kept = Row::held(owner, Asset { address: self.rewards, ..share }, held);
            rows.push(Row { kind: RowKind::Supplied, ..kept });
        }
        if !earned.is_zero() {
            rows.push(Row::new(RowKind::Claimable, noted.crv(), earned, None));
        }
        let place = (check_code(state.state(), self.rewards, None).await?, state.block_ref());
        let position = Position::new((ID, self.name.clone()), owner, place, rows, Detail::new(noted));
        let caveats = vec!["CVX and extra rewards come beside the CRV and are not counted here.".to_owned()];
        Ok(vec![Position { caveats, ..position }])
    }

    fn actions(&self, position: &Position) -> Vec<Action> {
        actions(position)
    }
}
