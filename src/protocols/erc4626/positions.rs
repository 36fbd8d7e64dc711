//! Shares of a vault that an account holds.

use alloy::primitives::{Address, U256};
use alloy::sol;
use alloy::sol_types::SolCall as _;
use async_trait::async_trait;
use serde::Deserialize;

use super::actions::actions;
use crate::execution::Call;
use crate::protocols::{
    Action, Ask, Asset, Detail, JointState, Position, Protocol, ProtocolError, Row, RowKind, Worth,
    check_code, token_facts,
};

sol! {
    /// The part of ERC-4626 that pays out.
    interface Erc4626 {
        function balanceOf(address owner) external view returns (uint256);
        function asset() external view returns (address);
        function previewRedeem(uint256 shares) external view returns (uint256);
        function convertToAssets(uint256 shares) external view returns (uint256);
        function maxRedeem(address owner) external view returns (uint256);
        function maxWithdraw(address owner) external view returns (uint256);
        function redeem(uint256 shares, address receiver, address owner) external returns (uint256 assets);
        function withdraw(uint256 assets, address receiver, address owner) external returns (uint256 shares);
    }
}

/// Its id.
pub const ID: &str = "erc4626";

/// A vault.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Vault {
    /// What people call it.
    pub name: String,
    /// The contract, which is the share token too.
    pub vault: Address,
    /// The vault does not tell truly how much can be redeemed: the simulation decides.
    #[serde(default)]
    pub no_max: bool,
}

/// What the calls are built from.
#[derive(Debug, Clone)]
pub(super) struct Noted {
    pub(super) vault: Vault,
    /// Shares that can be redeemed now.
    pub(super) most: U256,
    /// Why redeeming them would fail, where that was tried.
    pub(super) fails: Option<String>,
    /// The asset, and how much of it can be withdrawn now, where that was asked.
    pub(super) withdraw: Option<(Asset, U256)>,
}

#[async_trait]
impl Protocol for Vault {
    fn id(&self) -> &'static str {
        ID
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn anchor(&self) -> Address {
        self.vault
    }

    async fn positions(&self, owner: Address, state: &JointState) -> Result<Vec<Position>, ProtocolError> {
        let balance = Erc4626::balanceOfCall { owner };
        let mut ask = Ask::new();
        let shares = ask.view(self.vault, &balance);
        let shares = ask.run(state).await?.get(shares)?;
        if shares.is_zero() {
            return Ok(Vec::new());
        }
        let mut ask = Ask::new();
        let underlying = ask.view(self.vault, &Erc4626::assetCall {});
        let assets = ask.view(self.vault, &Erc4626::previewRedeemCall { shares });
        let most = ask.view(self.vault, &Erc4626::maxRedeemCall { owner });
        let answers = ask.run(state).await?;
        let facts = token_facts([self.vault, answers.get(underlying)?], state).await?;
        let [share, asset] = facts.as_slice() else { return Ok(Vec::new()) };
        let most = if self.no_max { shares } else { answers.get(most)?.min(shares) };
        let mut caveats = Vec::new();
        if most < shares {
            caveats.push(format!("Only {} can be redeemed now.", share.show(most)));
        }
        let worth = answers.get(assets).ok().map(|amount| worth(asset, amount));
        if worth.is_none() {
            caveats.push("The vault does not tell what its shares are worth now.".to_owned());
        }
        let view = Call::read(self.vault, balance.abi_encode());
        let row = Row::new(RowKind::Held, share.clone(), shares, Some(view));
        Ok(vec![Position {
            protocol: ID.to_owned(),
            market: share.symbol.clone(),
            owner,
            contract: self.vault,
            rows: vec![Row { worth, ..row }],
            health: None,
            code: check_code(state.state(), self.vault, None).await?,
            caveats,
            at: state.block_ref(),
            actions: Vec::new(),
            detail: Detail::new(Noted { vault: self.clone(), most, fails: None, withdraw: None }),
        }])
    }

    fn actions(&self, position: &Position) -> Vec<Action> {
        actions(position)
    }
}

fn worth(asset: &Asset, amount: U256) -> Worth {
    Worth { amount, decimals: asset.decimals, unit: asset.symbol.clone() }
}
