//! A vault that a person named by its address. Nothing of it is known but what it says and what it does, so what it pays
//! is measured: redeeming is run, and what its holder has of the asset is read before and after.

use std::sync::Arc;

use alloy::primitives::{Address, KECCAK256_EMPTY, U256};
use alloy::sol_types::SolCall as _;
use async_trait::async_trait;

use super::actions::actions;
use super::positions::{Erc4626, ID, Noted, Vault};
use crate::execution::Call;
use crate::protocols::gains::gains;
use crate::protocols::named::as_address;
use crate::protocols::{
    Action, Ask, Asset, Detail, JointState, NoAnswer, Position, Protocol, ProtocolError, Row, Worth,
    check_code, tokens,
};

/// Said of every one of them.
const UNKNOWN_CODE: &str = "You named this vault by hand: its code is unknown to this program, and what it says of itself may be \
     false.";

/// The vault at an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::protocols) struct NamedVault(Address);

/// The vault that `what` names, where that is an address.
pub(in crate::protocols) fn named_vault(what: U256) -> Option<Arc<dyn Protocol>> {
    Some(Arc::new(NamedVault(as_address(what)?)))
}

/// What the vault says of the shares held, and what they really bring.
struct Told {
    /// By `convertToAssets`, then by `previewRedeem`; `None` where it refuses.
    claims: [Option<U256>; 2],
    /// Shares that can be redeemed now; all of them where it does not say.
    most: U256,
    /// It does not say how many.
    no_max: bool,
    /// What can be withdrawn now, by its word.
    withdraw: U256,
}

#[async_trait]
impl Protocol for NamedVault {
    fn id(&self) -> &'static str {
        ID
    }

    fn name(&self) -> String {
        let text = self.0.to_checksum(None);
        let ends = text.get(..10).zip(text.get(34..)).unwrap_or_default();
        format!("Vault {}…{} (named by hand, unknown code)", ends.0, ends.1)
    }

    fn anchor(&self) -> Address {
        self.0
    }

    async fn positions(&self, owner: Address, state: &JointState) -> Result<Vec<Position>, ProtocolError> {
        let mut ask = Ask::new();
        let shares = ask.view(self.0, &Erc4626::balanceOfCall { owner });
        let underlying = ask.view(self.0, &Erc4626::assetCall {});
        let answers = ask.run(state).await?;
        let (Ok(shares), Ok(underlying)) = (answers.get(shares), answers.get(underlying)) else {
            return Err(self.is_not("it does not answer as a vault of the standard form (ERC-4626) does"));
        };
        let [share, asset] = self.assets(underlying, state).await?;
        if shares.is_zero() {
            return Ok(Vec::new());
        }
        let told = self.told(owner, shares, state).await?;
        let brings = self.brings(owner, (told.most, underlying), state).await?;
        let fails = brings.as_ref().err().cloned();
        let (worth, note) = told.worth(shares, brings.as_ref().ok().copied());
        let mut caveats = vec![UNKNOWN_CODE.to_owned()];
        caveats.extend(told.caveats((&share, shares), &asset, brings.as_ref().ok().copied()));
        let code = check_code(state.state(), self.0, None).await?;
        let mut row = Row::held(owner, share.clone(), shares);
        row.worth =
            worth.map(|amount| Worth { amount, decimals: asset.decimals, unit: asset.symbol.clone() });
        row.note = note;
        let vault = Vault { name: self.name(), vault: self.0, no_max: told.no_max };
        let detail =
            Detail::new(Noted { vault, most: told.most, fails, withdraw: Some((asset, told.withdraw)) });
        let at = (code, state.block_ref());
        let position = Position::new((ID, share.symbol), owner, at, vec![row], detail);
        Ok(vec![Position { caveats, ..position }])
    }

    fn actions(&self, position: &Position) -> Vec<Action> {
        actions(position)
    }

    fn absent(&self) -> Option<ProtocolError> {
        Some(self.is_not("there is no contract at that address on this network"))
    }
}

impl NamedVault {
    fn is_not(&self, why: &str) -> ProtocolError {
        ProtocolError::NotAsNamed { what: format!("a vault at {}", self.0), why: why.to_owned() }
    }

    /// Share and asset, by their own proven words; that the asset can be one.
    async fn assets(&self, underlying: Address, state: &JointState) -> Result<[Asset; 2], ProtocolError> {
        let account = state.state().account(underlying).await?;
        let has_code = account.value().exists && account.value().code_hash != KECCAK256_EMPTY;
        if !has_code || underlying == self.0 {
            return Err(self.is_not(&format!("what it calls its asset, {underlying}, is no token")));
        }
        let chain_id = state.state().evm_env()?.chain_id();
        let facts = tokens::facts(state.state(), chain_id, &[self.0, underlying]).await?;
        let [share, asset] = facts.as_slice() else { return Err(self.is_not("its tokens cannot be read")) };
        let known = |facts: &tokens::TokenFacts| match &facts.decimals {
            Ok(decimals) => Ok(Asset::token(facts.address, &facts.shown_symbol(), *decimals)),
            Err(NoAnswer::NotRead(why)) => {
                Err(self.is_not(&format!("its decimals could not be read: {why}")))
            }
            Err(why) => {
                let what = if facts.address == self.0 { "the vault" } else { "its asset" };
                let address = facts.address;
                Err(self.is_not(&format!(
                    "{what}, {address}, tells no decimals ({why}), so no amount of it can be read"
                )))
            }
        };
        Ok([known(share)?, known(asset)?])
    }

    async fn told(&self, owner: Address, shares: U256, state: &JointState) -> Result<Told, ProtocolError> {
        let mut ask = Ask::new();
        let worth = ask.view(self.0, &Erc4626::convertToAssetsCall { shares });
        let pays = ask.view(self.0, &Erc4626::previewRedeemCall { shares });
        let most = ask.view(self.0, &Erc4626::maxRedeemCall { owner });
        let withdraw = ask.view(self.0, &Erc4626::maxWithdrawCall { owner });
        let answers = ask.run(state).await?;
        let most = answers.get(most).ok();
        Ok(Told {
            claims: [answers.get(worth).ok(), answers.get(pays).ok()],
            most: most.map_or(shares, |most| most.min(shares)),
            no_max: most.is_none(),
            withdraw: answers.get(withdraw).unwrap_or_default(),
        })
    }

    /// What redeeming `most` brings now, or why it fails.
    async fn brings(
        &self,
        owner: Address,
        (most, underlying): (U256, Address),
        state: &JointState,
    ) -> Result<Result<U256, String>, ProtocolError> {
        if most.is_zero() {
            return Ok(Err("the vault says that nothing can be redeemed now".to_owned()));
        }
        let redeem = Erc4626::redeemCall { shares: most, receiver: owner, owner };
        let call = Call { from: owner, ..Call::read(self.0, redeem.abi_encode()) };
        let brought = gains(state, call, &[underlying]).await?;
        Ok(brought.map(|all| all.first().copied().unwrap_or_default()))
    }
}

impl Told {
    /// What all shares are worth, and by whose word: measured where all can be redeemed, else the lower of its claims.
    fn worth(&self, shares: U256, brings: Option<U256>) -> (Option<U256>, Option<String>) {
        if let Some(brings) = brings.filter(|_| self.most == shares) {
            return (Some(brings), Some("what redeeming them brings now, by simulation".to_owned()));
        }
        let claim = self.claims.iter().flatten().min().copied();
        (claim, claim.map(|_| "worth by the vault's own word".to_owned()))
    }

    fn caveats(&self, (share, shares): (&Asset, U256), asset: &Asset, brings: Option<U256>) -> Vec<String> {
        let mut all = Vec::new();
        match brings {
            _ if self.no_max => {
                all.push("It does not say how much can be redeemed now: the simulation decides.".to_owned());
            }
            Some(brings) if self.most < shares => {
                let (most, brings) = (share.show(self.most), asset.show(brings));
                all.push(format!("Only {most} can be redeemed now, for {brings}."));
            }
            _ if self.most < shares => {
                all.push(format!("Only {} can be redeemed now.", share.show(self.most)));
            }
            _ => {}
        }
        let named = ["convertToAssets", "previewRedeem"].into_iter().zip(self.claims);
        for (function, claim) in named {
            match (claim, brings.filter(|_| self.most == shares)) {
                (None, _) => all.push(format!("It refuses {function}.")),
                (Some(claim), Some(brings)) if is_off(claim, brings) => all.push(format!(
                    "By its {function} the shares are {}; redeeming them brings {} now.",
                    asset.show(claim),
                    asset.show(brings)
                )),
                (Some(_), _) => {}
            }
        }
        all
    }
}

/// More than a thousandth, and a few units of rounding, apart.
fn is_off(claim: U256, brings: U256) -> bool {
    claim.abs_diff(brings) > (claim.max(brings) / U256::from(1_000)).max(U256::from(10))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(claims: [Option<u64>; 2], most: u64) -> Told {
        let claims = claims.map(|one| one.map(U256::from));
        Told { claims, most: U256::from(most), no_max: false, withdraw: U256::ZERO }
    }

    #[test]
    fn what_was_measured_counts_before_what_was_claimed() {
        let shares = U256::from(100_000);
        let asset = Asset::token(Address::repeat_byte(2), "USD", 0);
        let share = Asset::token(Address::repeat_byte(1), "SHARE", 0);
        let liar = told([Some(900_000), Some(100_050)], 100_000);
        let measured = Some(U256::from(100_000));
        assert_eq!(liar.worth(shares, measured).0, measured);
        let said = liar.caveats((&share, shares), &asset, measured);
        assert_eq!(
            said,
            ["By its convertToAssets the shares are 900000 USD; redeeming them brings 100000 USD now."]
        );
        // Where nothing could be measured, the lower claim, said to be one.
        let (worth, note) = liar.worth(shares, None);
        assert!(worth == Some(U256::from(100_050)) && note.unwrap().contains("own word"));
        assert_eq!(told([None, None], 100_000).worth(shares, None), (None, None));
        let part =
            told([Some(100_000), None], 40_000).caveats((&share, shares), &asset, Some(U256::from(39_000)));
        assert_eq!(
            part,
            ["Only 40000 SHARE can be redeemed now, for 39000 USD.", "It refuses previewRedeem."]
        );
    }
}
