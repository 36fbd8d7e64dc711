//! The journeys again, through endpoints that lie, stall or die: the right answer or a named refusal, never a wrong one.

mod accusations;
mod beacon;
mod calls;
mod execution;
mod forged_committee;
mod liveness;

use std::sync::Arc;

use alloy::primitives::{Address, B256, Bytes, U256};
use lifeboat::chain::{ReadError, Reader, TransactionStatus};
use lifeboat::consensus::ProvenBlock;
use lifeboat::devnet::execution::{PRACTICE_ACCOUNTS, PRACTICE_DOLLAR};
use lifeboat::sources::HttpPool;

use crate::support::practice::{Bench, edges, endpoints, patient_pool, pool};

/// Everything a reader answers about one block, to be compared with what honest endpoints gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Answers {
    balances: Vec<(bool, u64, U256)>,
    slots: Vec<U256>,
    code: Bytes,
    transactions: Vec<B256>,
    outcome: (u64, Option<bool>, u64, u128, usize),
}

/// The two heads, proven once by honest beacon endpoints.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ProvenHeads {
    pub(crate) head: ProvenBlock,
    pub(crate) finalized: ProvenBlock,
    pub(crate) transaction: B256,
}

/// For lies: the liar is asked first and waited for.
pub(crate) fn patient(bench: &Bench) -> Arc<HttpPool> {
    patient_pool(&bench.edges.spec, endpoints(&bench.network))
}

pub(crate) fn fresh_pool(bench: &Bench) -> Arc<HttpPool> {
    pool(&bench.edges.spec, endpoints(&bench.network))
}

/// Asks everything anew: new pool, empty caches.
pub(crate) async fn ask_everything(
    bench: &Bench,
    pool: &Arc<HttpPool>,
    proven: ProvenHeads,
) -> Result<Answers, ReadError> {
    let reader = Reader::new(edges(bench.edges.spec.clone(), pool, &bench.clock));
    let heads = reader.heads(proven.head, proven.finalized).await?;
    let state = reader.state_at(heads.optimistic.clone());
    let who: Vec<Address> = PRACTICE_ACCOUNTS
        .iter()
        .map(|one| one.address)
        .chain([Address::repeat_byte(0xab), PRACTICE_DOLLAR])
        .collect();
    let balances = state.accounts(&who).await?;
    let slots = state.storage(PRACTICE_DOLLAR, &[U256::from(2), U256::from(3), U256::from(99)]).await?;
    let code = state.code(PRACTICE_DOLLAR).await?;
    let transactions = reader.transactions(&heads.optimistic).await?;
    let status = reader.transaction(&heads, proven.transaction, None).await?;
    let TransactionStatus::Included { outcome, .. } = status else {
        return Err(ReadError::NotCanonical { hash: proven.transaction });
    };
    let outcome = outcome.into_value();
    Ok(Answers {
        balances: balances
            .iter()
            .map(|one| (one.value().exists, one.value().nonce, one.value().balance))
            .collect(),
        slots: slots.into_iter().map(|slot| slot.into_value()).collect(),
        code: code.into_value(),
        transactions: transactions.into_value().into_iter().map(|one| one.hash).collect(),
        outcome: (
            outcome.index,
            outcome.success,
            outcome.gas_used,
            outcome.effective_gas_price,
            outcome.logs.len(),
        ),
    })
}

/// A running network, its proven heads, and the honest answers.
pub(crate) async fn prepared() -> (Bench, ProvenHeads, Answers) {
    let bench = Bench::start(&crate::support::practice::options()).await;
    let syncer = bench.synced().await.unwrap();
    let (reader, heads) = bench.heads(&syncer).await;
    let transactions = reader.transactions(&heads.optimistic).await.unwrap().into_value();
    let transaction = transactions.last().unwrap().hash;
    let proven = ProvenHeads { head: syncer.head(), finalized: syncer.finalized(), transaction };
    let honest = ask_everything(&bench, &fresh_pool(&bench), proven).await.unwrap();
    (bench, proven, honest)
}
