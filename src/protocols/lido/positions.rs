//! Staked ether that an account holds, and its requests in the withdrawal queue.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall as _;
use async_trait::async_trait;
use serde::Deserialize;

use super::actions::actions;
use super::interface::{StEth, WithdrawalQueue as Queue, WithdrawalStatus, WstEth};
use crate::execution::Call;
use crate::protocols::{
    Action, Answers, Ask, Asset, CodeCheck, Detail, JointState, Position, Protocol, ProtocolError, Row,
    RowKind, Worth, check_code,
};

/// Its id.
pub const ID: &str = "lido";

/// The contracts of Lido on a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Lido {
    /// stETH.
    pub steth: Address,
    /// wstETH.
    pub wsteth: Address,
    /// The withdrawal queue.
    pub queue: Address,
}

/// What the calls are built from.
#[derive(Debug, Clone)]
pub(super) struct Noted {
    pub(super) contracts: Lido,
    pub(super) queue_code: CodeCheck,
    pub(super) paused: bool,
    /// Least and most stETH of one request.
    pub(super) limits: (U256, U256),
    /// wstETH that the most stETH of one request is worth.
    pub(super) most_wrapped: U256,
    pub(super) steth: U256,
    pub(super) wsteth: U256,
    /// Requests that can be claimed, ascending, each with its hint and its ether.
    pub(super) claimable: Vec<(U256, U256, U256)>,
}

impl Noted {
    pub(super) fn steth_asset(&self) -> Asset {
        Asset::token(self.contracts.steth, "stETH", 18)
    }

    pub(super) fn wsteth_asset(&self) -> Asset {
        Asset::token(self.contracts.wsteth, "wstETH", 18)
    }
}

#[async_trait]
impl Protocol for Lido {
    fn id(&self) -> &'static str {
        ID
    }

    fn name(&self) -> String {
        "Lido".to_owned()
    }

    fn anchor(&self) -> Address {
        self.wsteth
    }

    async fn positions(&self, owner: Address, state: &JointState) -> Result<Vec<Position>, ProtocolError> {
        let mut ask = Ask::new();
        let steth = ask.view(self.steth, &StEth::balanceOfCall { account: owner });
        let wsteth = ask.view(self.wsteth, &WstEth::balanceOfCall { account: owner });
        let ids = ask.view(self.queue, &Queue::getWithdrawalRequestsCall { owner });
        let answers = ask.run(state).await?;
        let (steth, wsteth) = (answers.get(steth)?, answers.get(wsteth)?);
        let mut ids = answers.get(ids)?;
        ids.sort_unstable();
        if steth.is_zero() && wsteth.is_zero() && ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut noted = self.limits(state, steth, wsteth).await?;
        let (requests, bunker, worth) = self.requests(state, &ids, wsteth).await?;
        noted.claimable = self.claimable(state, &requests).await?;
        let mut rows = self.held(owner, &noted, worth);
        rows.extend(requests.iter().map(|(id, status)| self.request_row(*id, status, &noted)));
        Ok(vec![self.position(owner, state, rows, (noted, bunker))])
    }

    fn actions(&self, position: &Position) -> Vec<Action> {
        actions(position)
    }
}

type Requests = Vec<(U256, WithdrawalStatus)>;

impl Lido {
    async fn limits(&self, state: &JointState, steth: U256, wsteth: U256) -> Result<Noted, ProtocolError> {
        let mut ask = Ask::new();
        let paused = ask.view(self.queue, &Queue::isPausedCall {});
        let least = ask.view(self.queue, &Queue::MIN_STETH_WITHDRAWAL_AMOUNTCall {});
        let most = ask.view(self.queue, &Queue::MAX_STETH_WITHDRAWAL_AMOUNTCall {});
        let answers = ask.run(state).await?;
        let most = answers.get(most)?;
        let mut ask = Ask::new();
        let most_wrapped = ask.view(self.wsteth, &WstEth::getWstETHByStETHCall { stETHAmount: most });
        let wrapped = ask.run(state).await?.get(most_wrapped)?;
        Ok(Noted {
            contracts: *self,
            queue_code: check_code(state.state(), self.queue, None).await?,
            paused: answers.get(paused)?,
            limits: (answers.get(least)?, most),
            most_wrapped: wrapped,
            steth,
            wsteth,
            claimable: Vec::new(),
        })
    }

    /// The requests not yet claimed, whether the queue pays only slowly, and what the wstETH is worth.
    async fn requests(
        &self,
        state: &JointState,
        ids: &[U256],
        wsteth: U256,
    ) -> Result<(Requests, bool, U256), ProtocolError> {
        let mut ask = Ask::new();
        let statuses = ask.view(self.queue, &Queue::getWithdrawalStatusCall { requestIds: ids.to_vec() });
        let bunker = ask.view(self.queue, &Queue::isBunkerModeActiveCall {});
        let worth = ask.view(self.wsteth, &WstEth::getStETHByWstETHCall { wstETHAmount: wsteth });
        let answers = ask.run(state).await?;
        let statuses = answers.get(statuses)?;
        if statuses.len() != ids.len() {
            let detail = format!("{} requests and {} statuses", ids.len(), statuses.len());
            return Err(ProtocolError::Inconsistent { detail });
        }
        let open = ids.iter().copied().zip(statuses).filter(|(_, status)| !status.isClaimed);
        Ok((open.collect(), answers.get(bunker)?, answers.get(worth)?))
    }

    async fn claimable(
        &self,
        state: &JointState,
        requests: &Requests,
    ) -> Result<Vec<(U256, U256, U256)>, ProtocolError> {
        let done = requests.iter().filter(|(_, status)| status.isFinalized);
        let ids: Vec<U256> = done.map(|(id, _)| *id).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let one = |state: Answers, ticket| state.get(ticket);
        let mut ask = Ask::new();
        let last = ask.view(self.queue, &Queue::getLastCheckpointIndexCall {});
        let last_index = one(ask.run(state).await?, last)?;
        let (request_ids, first_index) = (ids.clone(), U256::from(1));
        let question = Queue::findCheckpointHintsCall {
            requestIds: request_ids.clone(),
            firstIndex: first_index,
            lastIndex: last_index,
        };
        let mut ask = Ask::new();
        let hints = ask.view(self.queue, &question);
        let hints = ask.run(state).await?.get(hints)?;
        let mut ask = Ask::new();
        let question = Queue::getClaimableEtherCall { requestIds: request_ids, hints: hints.clone() };
        let ether = ask.view(self.queue, &question);
        let ether = ask.run(state).await?.get(ether)?;
        Ok(ids.into_iter().zip(hints).zip(ether).map(|((id, hint), ether)| (id, hint, ether)).collect())
    }

    fn held(&self, owner: Address, noted: &Noted, worth: U256) -> Vec<Row> {
        let view =
            |token: Address| Some(Call::read(token, StEth::balanceOfCall { account: owner }.abi_encode()));
        let mut rows = Vec::new();
        if !noted.steth.is_zero() {
            rows.push(Row::new(RowKind::Held, noted.steth_asset(), noted.steth, view(self.steth)));
        }
        if !noted.wsteth.is_zero() {
            let worth = Worth { amount: worth, decimals: 18, unit: "stETH".to_owned() };
            let row = Row::new(RowKind::Held, noted.wsteth_asset(), noted.wsteth, view(self.wsteth));
            rows.push(Row { worth: Some(worth), ..row });
        }
        rows
    }

    fn request_row(&self, id: U256, status: &WithdrawalStatus, noted: &Noted) -> Row {
        let note = Some(format!("request {id}"));
        match noted.claimable.iter().find(|(claimable, _, _)| *claimable == id) {
            Some((_, _, ether)) => Row { note, ..Row::new(RowKind::Claimable, Asset::ether(), *ether, None) },
            None => {
                let row = Row::new(RowKind::Waiting, noted.steth_asset(), status.amountOfStETH, None);
                Row { note, ..row }
            }
        }
    }

    fn position(
        &self,
        owner: Address,
        state: &JointState,
        rows: Vec<Row>,
        (noted, bunker): (Noted, bool),
    ) -> Position {
        let mut caveats = Vec::new();
        if noted.paused {
            let paused = "The withdrawal queue is paused: no request can be made now; what is due can still be claimed.";
            caveats.push(paused.to_owned());
        }
        if bunker {
            caveats.push("Lido is in bunker mode: withdrawals take longer than usual.".to_owned());
        }
        if rows.iter().any(|row| row.kind == RowKind::Waiting) {
            caveats.push(
                "How long a request waits cannot be proven; days, and weeks when many leave.".to_owned(),
            );
        }
        Position {
            protocol: ID.to_owned(),
            market: "staking".to_owned(),
            owner,
            contract: self.wsteth,
            rows,
            health: None,
            code: noted.queue_code.clone(),
            caveats,
            at: state.block_ref(),
            actions: Vec::new(),
            detail: Detail::new(noted),
        }
    }
}
