//! eETH and weETH that an account holds, and requests whose numbers were named.

use std::sync::Arc;

use alloy::primitives::{Address, U256, address};
use async_trait::async_trait;
use serde::Deserialize;

use super::actions::actions;
use super::interface::{EEth, Redemption, Requests, WeEth};
use crate::contracts::Erc20;
use crate::protocols::{
    Action, Ask, Asset, CodeCheck, Detail, JointState, NamedBy, Position, Protocol, ProtocolError, Row,
    RowKind, check_code,
};

/// Its id.
pub const ID: &str = "etherfi";
/// How the redemption names ether.
pub(super) const ETHER: Address = address!("EeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE");

/// The contracts of ether.fi on a chain.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct EtherFi {
    /// eETH.
    pub eeth: Address,
    /// weETH.
    pub weeth: Address,
    /// The pool behind eETH.
    pub pool: Address,
    /// Requests, each an NFT.
    pub requests: Address,
    /// Redemption at once.
    pub redemption: Address,
    /// Takes weETH to the queue.
    pub adapter: Address,
    /// Numbers of requests: they cannot be listed by holder, so those named here are looked at.
    #[serde(default)]
    pub request_ids: Vec<U256>,
}

/// What is held of one of the two tokens.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub(super) asset: Asset,
    pub(super) amount: U256,
    /// In eETH.
    pub(super) worth: U256,
    /// Wei that redemption at once pays, fee taken; `None` where it does not now.
    pub(super) at_once: Option<U256>,
}

/// What the calls are built from.
#[derive(Debug, Clone)]
pub(super) struct Noted {
    pub(super) contracts: EtherFi,
    pub(super) eeth: Held,
    pub(super) weeth: Held,
    /// Requests of the owner that can be claimed: number and wei.
    pub(super) claimable: Vec<(U256, U256)>,
    /// Code of the pool, the adapter, the requests and the redemption.
    pub(super) codes: [CodeCheck; 4],
}

#[async_trait]
impl Protocol for EtherFi {
    fn id(&self) -> &'static str {
        ID
    }

    fn name(&self) -> String {
        "ether.fi".to_owned()
    }

    fn anchor(&self) -> Address {
        self.weeth
    }

    async fn positions(&self, owner: Address, state: &JointState) -> Result<Vec<Position>, ProtocolError> {
        let balance = Erc20::balanceOfCall { owner };
        let mut ask = Ask::new();
        let eeth = ask.view(self.eeth, &balance);
        let shares = ask.view(self.eeth, &EEth::sharesCall { user: owner });
        let weeth = ask.view(self.weeth, &balance);
        let requests = ask.view(self.requests, &Requests::balanceOfCall { owner });
        let answers = ask.run(state).await?;
        let (eeth, weeth) = (answers.get(eeth)?, answers.get(weeth)?);
        let (shares, requests) = (answers.get(shares)?, answers.get(requests)?);
        if eeth.is_zero() && weeth.is_zero() && requests.is_zero() {
            return Ok(Vec::new());
        }
        let (eeth, weeth) = self.held(state, (eeth, shares), weeth).await?;
        let (rows, claimable) = self.asked_back(owner, state).await?;
        let mut all = Vec::new();
        if !eeth.amount.is_zero() {
            all.push(Row::held(owner, eeth.asset.clone(), eeth.amount));
        }
        if !weeth.amount.is_zero() {
            all.push(Row::held(owner, weeth.asset.clone(), weeth.amount).worth(weeth.worth, &eeth.asset));
        }
        let mut caveats = Vec::new();
        let unseen = requests.saturating_sub(U256::from(rows.len()));
        if !unseen.is_zero() {
            all.push(Row::held(owner, Asset::token(self.requests, "withdrawal requests", 0), unseen));
            caveats.push(format!(
                "Withdrawal requests of yours that were not named: {unseen}. They cannot be listed from the chain: name their numbers."
            ));
        }
        all.extend(rows);
        let noted =
            Noted { contracts: self.clone(), eeth, weeth, claimable, codes: self.codes(state).await? };
        let place = (check_code(state.state(), self.weeth, None).await?, state.block_ref());
        let position = Position::new((ID, "eETH".to_owned()), owner, place, all, Detail::new(noted));
        Ok(vec![Position { caveats, ..position }])
    }

    fn actions(&self, position: &Position) -> Vec<Action> {
        actions(position)
    }

    fn named_by(&self) -> Option<NamedBy> {
        Some(NamedBy::Request)
    }

    fn with_named(&self, what: U256) -> Option<Arc<dyn Protocol>> {
        let mut wider = self.clone();
        if !wider.request_ids.contains(&what) {
            wider.request_ids.push(what);
        }
        Some(Arc::new(wider))
    }
}

impl EtherFi {
    async fn codes(&self, state: &JointState) -> Result<[CodeCheck; 4], ProtocolError> {
        let check = |contract| check_code(state.state(), contract, None);
        Ok([
            check(self.pool).await?,
            check(self.adapter).await?,
            check(self.requests).await?,
            check(self.redemption).await?,
        ])
    }

    /// The two tokens and what they bring. A wrapped token is one share.
    async fn held(
        &self,
        state: &JointState,
        (eeth, shares): (U256, U256),
        weeth: U256,
    ) -> Result<(Held, Held), ProtocolError> {
        let mut ask = Ask::new();
        let worth = ask.view(self.weeth, &WeEth::getEETHByWeETHCall { weETHAmount: weeth });
        let pays = [shares, weeth]
            .map(|shares| ask.view(self.redemption, &Redemption::previewRedeemCall { shares, token: ETHER }));
        let answers = ask.run(state).await?;
        let worth = answers.get(worth)?;
        let mut ask = Ask::new();
        let can = [eeth, worth]
            .map(|amount| ask.view(self.redemption, &Redemption::canRedeemCall { amount, token: ETHER }));
        let able = ask.run(state).await?;
        // Redemption is one of two ways: where it does not answer it is not offered, and the rest stays.
        let [eeth_pays, weeth_pays] = pays.map(|ticket| answers.get(ticket).ok());
        let [can_eeth, can_weeth] = can.map(|ticket| able.get(ticket).unwrap_or(false));
        let token = |address, symbol| Asset::token(address, symbol, 18);
        Ok((
            Held {
                asset: token(self.eeth, "eETH"),
                amount: eeth,
                worth: eeth,
                at_once: eeth_pays.filter(|_| can_eeth),
            },
            Held {
                asset: token(self.weeth, "weETH"),
                amount: weeth,
                worth,
                at_once: weeth_pays.filter(|_| can_weeth),
            },
        ))
    }

    /// Rows of the named requests that are the owner's, and which can be claimed.
    async fn asked_back(
        &self,
        owner: Address,
        state: &JointState,
    ) -> Result<(Vec<Row>, Vec<(U256, U256)>), ProtocolError> {
        let (mut rows, mut claimable) = (Vec::new(), Vec::new());
        if self.request_ids.is_empty() {
            return Ok((rows, claimable));
        }
        let mut ask = Ask::new();
        let mut asked = Vec::new();
        for id in &self.request_ids {
            asked.push((
                *id,
                ask.view(self.requests, &Requests::ownerOfCall { tokenId: *id }),
                ask.view(self.requests, &Requests::isFinalizedCall { requestId: *id }),
                ask.view(self.requests, &Requests::getRequestCall { requestId: *id }),
                ask.view(self.requests, &Requests::getClaimableAmountCall { tokenId: *id }),
            ));
        }
        let answers = ask.run(state).await?;
        for (id, whose, done, request, amount) in asked {
            // A request that was claimed is no NFT any more, and the question is refused.
            if answers.get(whose).ok() != Some(owner) {
                continue;
            }
            let request = answers.get(request)?;
            let due = answers.get(done)? && request.isValid;
            let (kind, amount) = if due {
                (RowKind::Claimable, answers.get(amount)?)
            } else {
                (RowKind::Waiting, request.amountOfEEth.to::<U256>())
            };
            claimable.extend(due.then_some((id, amount)));
            rows.push(Row::new(kind, Asset::ether(), amount, None).noted(format!("request {id}")));
        }
        Ok((rows, claimable))
    }
}
