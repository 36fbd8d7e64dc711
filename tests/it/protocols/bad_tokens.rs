//! A token that answers no question, beside positions that are well: a plan loses that token and nothing else.

use std::sync::Arc;

use alloy::hex;
use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall as _;
use async_trait::async_trait;
use lifeboat::contracts::Erc20;
use lifeboat::protocols::exit_plan::{ExitPlan, StepOutcome, plan_exit};
use lifeboat::protocols::{
    Action, Asset, Found, Intent, JointState, Position, Protocol, ProtocolError, Registry, Row, RowKind,
    Stage, WAD,
};

use super::artifacts::Artifacts;
use super::lab::{GOVERNOR, LENDER, Lab, address};

/// A protocol that also has a row of the token, lent or owed.
#[derive(Debug)]
struct Beside {
    of: Arc<dyn Protocol>,
    bad: Asset,
    kind: RowKind,
}

#[async_trait]
impl Protocol for Beside {
    fn id(&self) -> &'static str {
        self.of.id()
    }
    fn name(&self) -> String {
        self.of.name()
    }
    fn anchor(&self) -> Address {
        self.of.anchor()
    }
    async fn positions(&self, owner: Address, state: &JointState) -> Result<Vec<Position>, ProtocolError> {
        let mut all = self.of.positions(owner, state).await?;
        for one in &mut all {
            one.rows.push(Row::new(self.kind, self.bad.clone(), U256::from(7), None));
        }
        Ok(all)
    }
    fn actions(&self, position: &Position) -> Vec<Action> {
        let mut all = self.of.actions(position);
        let repay = all.iter().find(|one| one.stage == Some(Stage::Repay)).cloned();
        if self.kind == RowKind::Borrowed {
            all.extend(repay.map(|one| Action { asset: self.bad.clone(), ..one }));
        }
        all
    }
}

/// The practice market's loan of the governor, with the token in a row of it or without.
async fn plan(kind: Option<RowKind>) -> ExitPlan {
    let mut lab = Lab::start(Artifacts::none()).await;
    // It reverts on everything.
    let bad = lab.create("a bad token", hex!("625f5ffd5f526003601df3").to_vec());
    lab.mine();
    let bad = Asset::token(bad, "BAD", 18);
    let own = Registry::of_chain(lab.bench.network.spec().chain_id);
    let beside = |of: &Arc<dyn Protocol>| match kind {
        Some(kind) => Arc::new(Beside { of: of.clone(), bad: bad.clone(), kind }) as Arc<dyn Protocol>,
        None => of.clone(),
    };
    let registry = Registry::new(own.protocols().iter().map(beside).collect());
    plan_exit(&registry, &lab.state().await, address(GOVERNOR), WAD).await.unwrap()
}

fn told(plan: &ExitPlan) -> Vec<(&str, bool)> {
    let works = |outcome: &StepOutcome| matches!(outcome, StepOutcome::Works { .. });
    plan.steps.iter().map(|step| (step.intent.sentence.as_str(), works(&step.outcome))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_refuses_its_balance_costs_only_that_token() {
    let (good, with_bad) = (plan(None).await, plan(Some(RowKind::Claimable)).await);
    assert!(!good.steps.is_empty() && good.left_out.is_empty(), "{good:#?}");
    assert_eq!((told(&with_bad), &with_bad.wallet), (told(&good), &good.wallet));
    let [left] = with_bad.left_out.as_slice() else { panic!("{:#?}", with_bad.left_out) };
    assert_eq!(left.title, "BAD");
    assert!(left.why.contains("cannot be read") && left.why.contains("balanceOf"), "{}", left.why);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_debt_in_a_token_that_cannot_be_read_is_not_called_a_shortfall() {
    let owed = plan(Some(RowKind::Borrowed)).await;
    assert!(owed.shortfalls.iter().all(|short| short.asset.symbol != "BAD"), "{:#?}", owed.shortfalls);
    let why = |title: &str| owed.left_out.iter().any(|one| one.title.contains(title));
    assert!(why("BAD") && why("Repay"), "{:#?}", owed.left_out);
    assert!(told(&owed).iter().any(|(_, works)| *works), "the rest goes on: {:#?}", owed.steps);
}

/// A protocol that offers to pay half of a debt with what is supplied of the same, and refuses it, as Aave does of a loan
/// that stays below its line.
#[derive(Debug)]
struct Refuses(Arc<dyn Protocol>);

#[async_trait]
impl Protocol for Refuses {
    fn id(&self) -> &'static str {
        self.0.id()
    }
    fn name(&self) -> String {
        self.0.name()
    }
    fn anchor(&self) -> Address {
        self.0.anchor()
    }
    async fn positions(&self, owner: Address, state: &JointState) -> Result<Vec<Position>, ProtocolError> {
        self.0.positions(owner, state).await
    }
    fn actions(&self, position: &Position) -> Vec<Action> {
        let mut all = self.0.actions(position);
        let repay = all.iter().find(|one| one.stage == Some(Stage::Repay)).cloned();
        all.extend(repay.map(|one| Action {
            kind: "repay-from-supply",
            all: one.all / U256::from(2),
            stage: None,
            build: |action| {
                let words = "Repay from what you supplied".to_owned();
                // Nobody has so much of it.
                let call = Erc20::transferCall { to: action.owner, value: U256::MAX };
                Ok(vec![Intent::call(action.asset.address, call.abi_encode(), words)])
            },
            ..one
        }));
        all
    }
}

/// What is supplied was taken off the debt before anybody knew whether the protocol lets it pay.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_supply_is_not_let_pay_is_still_missing() {
    let mut lab = Lab::start(Artifacts::none()).await;
    let own = Registry::of_chain(lab.bench.network.spec().chain_id);
    let refuses = |of: &Arc<dyn Protocol>| Arc::new(Refuses(of.clone())) as Arc<dyn Protocol>;
    let registry = Registry::new(own.protocols().iter().map(refuses).collect());
    let before = plan_exit(&registry, &lab.state().await, address(GOVERNOR), WAD).await.unwrap();
    assert!(before.shortfalls.is_empty() && before.left_out.is_empty(), "the wallet pays: {before:#?}");
    let owed = before.before.iter().find_map(|report| match &report.found {
        Found::Positions(all) => {
            all.iter().flat_map(|one| &one.rows).find(|row| row.kind == RowKind::Borrowed)
        }
        Found::NotThere | Found::Failed(_) => None,
    });
    let token = owed.unwrap().asset.address;
    let away = Erc20::transferCall { to: address(LENDER), value: before.holds[&token] };
    lab.send(GOVERNOR, token, &away);
    lab.mine();
    let plan = plan_exit(&registry, &lab.state().await, address(GOVERNOR), WAD).await.unwrap();
    let [short] = plan.shortfalls.as_slice() else { panic!("{plan:#?}") };
    assert!(short.held.is_zero() && short.missing() == short.needed, "{}", short.words());
    assert!(plan.left_out.iter().any(|one| one.title.starts_with("Repay")), "{plan:#?}");
    let refused = |step: &str| step.starts_with("Repay from what");
    assert!(!told(&plan).iter().any(|(step, _)| refused(step)), "{:#?}", plan.steps);
}
