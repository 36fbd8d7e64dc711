//! One question to its proven answer.

use std::sync::Arc;

use crate::chain::{BlockQuery, Heads, ReadError, Reader, StateAt};

use super::{Answer, BlockView, Question, Reason, Tag, Wallet, contract_reads, protocol_reads};

/// Answers `question` at the given heads.
/// `wallet` knows the sender and nonce of what was signed here.
pub(super) async fn answer(
    reader: Reader,
    heads: Heads,
    question: Question,
    wallet: Wallet,
) -> Result<Answer, Reason> {
    match question {
        Question::Accounts(who, tag) => {
            Ok(Answer::Accounts(state(&reader, &heads, tag).accounts(&who).await?))
        }
        Question::AccountWithCode(who, tag) => {
            let state = state(&reader, &heads, tag);
            let account = state.account(who).await?;
            Ok(Answer::AccountWithCode(account, state.code(who).await?))
        }
        Question::Storage(who, slot, tag) => {
            let values = state(&reader, &heads, tag).storage(who, &[slot]).await?;
            let value = values.into_iter().next();
            let missing = || ReadError::Proof(crate::execution::ProofError::AnswerMissing).into();
            value.map(Answer::Storage).ok_or_else(missing)
        }
        Question::Block(query) => Ok(block(&reader, &heads, query).await?),
        Question::Transaction(hash) => {
            let signed = wallet.signed_nonce(hash);
            Ok(Answer::Transaction(reader.transaction(&heads, hash, signed).await?))
        }
        Question::Contract(question) => contract_reads::answer(reader, heads, question)
            .await
            .map(|answer| Answer::Contract(Arc::new(answer))),
        Question::Protocol(question) => protocol_reads::answer(reader, heads, question)
            .await
            .map(|answer| Answer::Protocol(Arc::new(answer))),
    }
}

async fn block(reader: &Reader, heads: &Heads, query: BlockQuery) -> Result<Answer, ReadError> {
    let header = reader.block(heads, query).await?;
    let transactions = reader.transactions(&header).await?;
    let transactions = transactions.map(|all| all.into_iter().map(|one| one.hash).collect());
    Ok(Answer::Block(BlockView { header, transactions }))
}

fn state(reader: &Reader, heads: &Heads, tag: Tag) -> StateAt {
    reader.state_at(match tag {
        Tag::Latest => heads.optimistic.clone(),
        Tag::Finalized => heads.finalized.clone(),
    })
}
