//! DAI that an account has in the Pot, by each way it can have been paid in.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall as _;
use async_trait::async_trait;
use serde::Deserialize;

use super::actions::actions;
use super::interface::{DsrManager, Pot};
use crate::execution::Call;
use crate::protocols::ds_proxy::{DsProxy, ProxyRegistry};
use crate::protocols::ray::{RAY, accrued};
use crate::protocols::{
    Action, Ask, Asset, CodeCheck, Detail, JointState, Position, Protocol, ProtocolError, Row, RowKind,
    check_code,
};

/// Its id.
pub const ID: &str = "maker-dsr";

/// The contracts of Maker's savings on a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Savings {
    /// Where DAI earns.
    pub pot: Address,
    /// DAI.
    pub dai: Address,
    /// Where DAI comes out.
    pub dai_join: Address,
    /// Keeps many accounts' DAI.
    pub manager: Address,
    /// Proxies by owner.
    pub proxies: Address,
    /// What a proxy runs.
    pub actions: Address,
}

/// Who keeps the DAI in the Pot for the account.
#[derive(Debug, Clone)]
pub(super) enum Way {
    /// The DSR manager.
    Manager,
    /// The account's proxy; with the code of what it runs.
    Proxy(Address, CodeCheck),
    /// The account itself.
    Own,
}

/// What the calls are built from.
#[derive(Debug, Clone)]
pub(super) struct Noted {
    pub(super) contracts: Savings,
    pub(super) way: Way,
    pub(super) dai: Asset,
    /// With all earnings until the block.
    pub(super) amount: U256,
}

/// The Pot's rate.
struct Rate {
    chi: U256,
    dsr: U256,
    rho: U256,
}

impl Rate {
    /// `Pot.drip`: what one of the amounts before earnings is at `now`, 27 decimals.
    fn at(&self, now: u64) -> Option<U256> {
        let since = U256::from(now).saturating_sub(self.rho).saturating_to();
        accrued(self.chi, self.dsr, since)
    }
}

#[async_trait]
impl Protocol for Savings {
    fn id(&self) -> &'static str {
        ID
    }

    fn name(&self) -> String {
        "Maker DSR".to_owned()
    }

    fn anchor(&self) -> Address {
        self.pot
    }

    async fn positions(&self, owner: Address, state: &JointState) -> Result<Vec<Position>, ProtocolError> {
        let held = self.held(owner, state).await?;
        if held.is_empty() {
            return Ok(Vec::new());
        }
        let mut ask = Ask::new();
        let chi = ask.view(self.pot, &Pot::chiCall {});
        let dsr = ask.view(self.pot, &Pot::dsrCall {});
        let rho = ask.view(self.pot, &Pot::rhoCall {});
        let answers = ask.run(state).await?;
        let rate = Rate { chi: answers.get(chi)?, dsr: answers.get(dsr)?, rho: answers.get(rho)? };
        let outgrown = || ProtocolError::Inconsistent { detail: "savings outgrew 256 bits".to_owned() };
        let chi = rate.at(state.block_ref().timestamp).ok_or_else(outgrown)?;
        let mut found = Vec::new();
        for (way, pie) in held {
            let amount = pie.checked_mul(chi).and_then(|all| all.checked_div(RAY)).ok_or_else(outgrown)?;
            let dai = Asset::token(self.dai, "DAI", 18);
            let noted = Noted { contracts: *self, way, dai, amount };
            found.push(self.position(owner, state, (noted, rate.dsr)).await?);
        }
        Ok(found)
    }

    fn actions(&self, position: &Position) -> Vec<Action> {
        actions(position)
    }
}

impl Savings {
    /// Amounts before earnings, by who keeps them; without those that are 0.
    async fn held(&self, owner: Address, state: &JointState) -> Result<Vec<(Way, U256)>, ProtocolError> {
        let mut ask = Ask::new();
        let managed = ask.view(self.manager, &DsrManager::pieOfCall { usr: owner });
        let own = ask.view(self.pot, &Pot::pieCall { usr: owner });
        let proxy = ask.view(self.proxies, &ProxyRegistry::proxiesCall { owner });
        let answers = ask.run(state).await?;
        let mut held = vec![(Way::Manager, answers.get(managed)?), (Way::Own, answers.get(own)?)];
        let proxy = answers.get(proxy)?;
        if !proxy.is_zero() {
            let mut ask = Ask::new();
            let whose = ask.view(proxy, &DsProxy::ownerCall {});
            let through = ask.view(self.pot, &Pot::pieCall { usr: proxy });
            let answers = ask.run(state).await?;
            let pie = answers.get(through)?;
            // A proxy can be given away while the book still names its first owner.
            if !pie.is_zero() && answers.get(whose)? == owner {
                held.push((Way::Proxy(proxy, check_code(state.state(), self.actions, None).await?), pie));
            }
        }
        held.retain(|(_, pie)| !pie.is_zero());
        Ok(held)
    }

    async fn position(
        &self,
        owner: Address,
        state: &JointState,
        (noted, dsr): (Noted, U256),
    ) -> Result<Position, ProtocolError> {
        let (keeper, market, view) = match &noted.way {
            Way::Manager => {
                let call = DsrManager::daiBalanceCall { usr: owner }.abi_encode();
                (self.manager, "through the DSR manager".to_owned(), Some(Call::read(self.manager, call)))
            }
            Way::Proxy(proxy, _) => (*proxy, format!("through the proxy {proxy}"), None),
            Way::Own => (self.pot, "in the account's own name".to_owned(), None),
        };
        let mut caveats = Vec::new();
        if dsr == RAY {
            caveats.push("The rate is 0 now: this earns nothing.".to_owned());
        }
        if matches!(noted.way, Way::Own) {
            caveats.push(
                "The account itself paid this in, and this program builds no way out of that: call exit of the Pot, then \
                 exit of DaiJoin, in Contracts."
                    .to_owned(),
            );
        }
        let row = Row::new(RowKind::Supplied, noted.dai.clone(), noted.amount, view);
        let place = (check_code(state.state(), keeper, None).await?, state.block_ref());
        let position = Position::new((ID, market), owner, place, vec![row], Detail::new(noted));
        // The registry finds the maker of a position by this.
        Ok(Position { caveats, contract: self.pot, ..position })
    }
}
