//! Wrapped ether that an account holds.

use alloy::primitives::{Address, B256, U256};
use alloy::sol_types::SolCall as _;
use async_trait::async_trait;
use serde::Deserialize;

use super::actions::actions;
use crate::contracts::Erc20;
use crate::execution::Call;
use crate::protocols::{
    Action, Ask, Asset, Detail, JointState, Position, Protocol, ProtocolError, Row, RowKind, check_code,
};

/// Its id.
pub const ID: &str = "weth";

/// The wrapped-ether contract of a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Weth {
    /// The token.
    pub token: Address,
    /// Hash of its code, where that is known.
    #[serde(default)]
    pub code_hash: Option<B256>,
}

#[async_trait]
impl Protocol for Weth {
    fn id(&self) -> &'static str {
        ID
    }

    fn name(&self) -> String {
        "Wrapped ether".to_owned()
    }

    fn anchor(&self) -> Address {
        self.token
    }

    async fn positions(&self, owner: Address, state: &JointState) -> Result<Vec<Position>, ProtocolError> {
        let question = Erc20::balanceOfCall { owner };
        let mut ask = Ask::new();
        let ticket = ask.view(self.token, &question);
        let answers = ask.run(state).await?;
        let amount = answers.get(ticket)?;
        if amount == U256::ZERO {
            return Ok(Vec::new());
        }
        let code = check_code(state.state(), self.token, self.code_hash).await?;
        let asset = Asset::token(self.token, "WETH", 18);
        let view = Call::read(self.token, question.abi_encode());
        Ok(vec![Position {
            protocol: ID.to_owned(),
            market: "WETH".to_owned(),
            owner,
            contract: self.token,
            rows: vec![Row::new(RowKind::Held, asset, amount, Some(view))],
            health: None,
            code,
            caveats: Vec::new(),
            at: answers.at(),
            actions: Vec::new(),
            detail: Detail::new(*self),
        }])
    }

    fn actions(&self, position: &Position) -> Vec<Action> {
        actions(position)
    }
}
