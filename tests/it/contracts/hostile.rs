//! One endpoint lies, or all do: the answers of contracts are the right ones, or there are none.

use alloy::primitives::U256;
use lifeboat::app::{
    BlockQuery, ContractAnswer, ContractQuestion, LogsQuestion, NameAnswer, Reason, Tag, TokenChoice,
    TokensQuestion,
};
use lifeboat::devnet::execution::{ExecutionLie, PRACTICE_ACCOUNTS, PRACTICE_DOLLAR};
use lifeboat::devnet::http::Fault;

use super::Stage;
use crate::support::deploy::{Deployer, Ens};

async fn stage() -> Stage<Ens> {
    Stage::start(|deployer: &mut Deployer<'_>| Ens::deploy(deployer), |ens| Some(ens.registry)).await
}

/// Lies about state, receipts and bodies that the questions below meet, and one about what nothing is taken from.
const LIES: [ExecutionLie; 8] = [
    ExecutionLie::OtherAccountsProof,
    ExecutionLie::OlderRootProof,
    ExecutionLie::AbsentAccount,
    ExecutionLie::EmptyProof,
    ExecutionLie::TruncatedProof,
    ExecutionLie::CallResultOff,
    ExecutionLie::EmptyAccessList,
    ExecutionLie::NoLogs,
];

impl Stage<Ens> {
    /// A name's address, balances and logs, as plain values.
    async fn everything(&mut self) -> Result<(Option<alloy::primitives::Address>, Vec<U256>, usize), Reason> {
        let name = self.ask(ContractQuestion::Name("alice.eth".to_owned(), Tag::Latest)).await?;
        let ContractAnswer::Name(NameAnswer { outcome, .. }) = &*name else { panic!("{name:?}") };
        let address = match outcome {
            lifeboat::app::NameOutcome::Address(address) => Some(*address),
            _ => None,
        };
        let question = TokensQuestion {
            owners: vec![PRACTICE_ACCOUNTS[2].address],
            tokens: TokenChoice::Common,
            also: Vec::new(),
            tag: Tag::Latest,
        };
        let tokens = self.ask(ContractQuestion::Tokens(question)).await?;
        let ContractAnswer::Tokens(found) = &*tokens else { panic!("{tokens:?}") };
        let held = found.owners[0].balances.iter().map(|one| match one {
            Ok(one) => Ok(*one.value()),
            Err(why) => Err(Reason::new(&why.to_string(), "", "")),
        });
        let held = held.collect::<Result<Vec<_>, _>>()?;
        let question = LogsQuestion {
            addresses: vec![PRACTICE_DOLLAR],
            topics: Default::default(),
            from: None,
            to: BlockQuery::Latest,
        };
        let logs = self.ask(ContractQuestion::Logs(question)).await?;
        let ContractAnswer::Logs(logs) = &*logs else { panic!("{logs:?}") };
        Ok((address, held, logs.logs.len()))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_liar_among_honest_ones_changes_nothing() {
    let mut stage = stage().await;
    let honest = stage.everything().await.unwrap();
    assert_eq!(honest.0, Some(PRACTICE_ACCOUNTS[2].address));
    assert!(honest.1.iter().take(2).all(|held| !held.is_zero()) && honest.2 > 10);
    for lie in LIES {
        stage.network.execution_endpoints()[0].faults().set(Fault::Lying { lie });
        stage.forget();
        assert_eq!(stage.everything().await.unwrap(), honest, "{}", lie.name());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_all_lie_there_is_no_answer_and_never_a_zero() {
    let mut stage = stage().await;
    for lie in [ExecutionLie::OtherAccountsProof, ExecutionLie::AbsentAccount, ExecutionLie::EmptyProof] {
        stage.network.execution_endpoints().iter().for_each(|one| one.faults().set(Fault::Lying { lie }));
        stage.forget();
        let why = stage.everything().await.expect_err(lie.name());
        assert!(!why.proven_no && !why.misuse, "{}: {why}", lie.name());
        assert!(!why.details.is_empty(), "who lied, and how: {why}");
    }
}
