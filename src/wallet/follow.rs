//! What became of a signed transaction, by proof: receipts of proven blocks, and the account's proven nonce, which no
//! endpoint can hide.

use std::sync::Arc;

use alloy::primitives::{B256, U256};

use crate::chain::{BlockQuery, Heads, NonceUse, NonceUser, ReadError, Reader, TransactionStatus};
use crate::contracts::{AbiBook, decode_revert};
use crate::execution::{Call, CallStatus, Proven, ProvenHeader, TransactionOutcome};

use super::history::{BlockMark, Entry, Record, State};
use super::{Signed, Unsigned};

/// What was found of a transaction at the newest heads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sighting {
    /// In a block of the verified chain.
    InBlock {
        /// The block.
        block: BlockMark,
        /// Its place there.
        index: u64,
        /// Whether it did what it should.
        success: bool,
        /// Wei.
        fee: U256,
        /// Why it failed, where that was found.
        reason: Option<String>,
        /// The block is final.
        is_final: bool,
    },
    /// Its nonce is proven to be unused.
    Waiting,
    /// Its nonce is proven to be used.
    NonceUsed {
        /// By which other transaction; `None` where that was not found: it may have been this very one.
        by: Option<B256>,
        /// In a final block.
        is_final: bool,
    },
    /// It was proven in a block, and nothing newer could be proven of it: the block is too far back by now, or nobody
    /// serves it.
    NothingNew,
}

/// Looks for a transaction at the newest heads.
///
/// # Errors
/// [`ReadError`] where nothing could be proven: what was known before still stands.
pub async fn look(
    reader: &Reader,
    heads: &Heads,
    record: &Record,
    book: &AbiBook,
) -> Result<Sighting, ReadError> {
    let signed = &record.signed;
    // First where it was last: an endpoint that hides it now cannot make it leave its block.
    let mut was_in_block = false;
    if let State::Included { block, .. } = &record.state {
        match in_known_block(reader, heads, block.hash, signed.hash()).await {
            Ok(Some(found)) => return Ok(in_block(reader, heads, found, signed, book).await),
            Ok(None) => {} // proven to have left it
            Err(ReadError::BeyondReach { .. }) => return Ok(Sighting::NothingNew),
            // A block that nobody has any more, or that is beyond the head again: asked for by the usual way.
            Err(error) if error.is_unknown() || matches!(error, ReadError::BeyondHead { .. }) => {
                was_in_block = true;
            }
            Err(error) => return Err(error),
        }
    }
    let used = |by: Option<B256>, is_final: bool| match by {
        None if was_in_block => Sighting::NothingNew,
        by => Sighting::NonceUsed { by, is_final },
    };
    let own = (signed.from(), signed.nonce());
    match reader.transaction(heads, signed.hash(), Some(own)).await {
        Ok(TransactionStatus::Included { outcome, header }) => {
            return Ok(in_block(reader, heads, (*outcome, header), signed, book).await);
        }
        Ok(TransactionStatus::NonceUsed { by, is_final, .. }) => {
            return Ok(used(by.map(|user| user.hash), is_final));
        }
        _ => {}
    }
    // Endpoints may not answer at all, or name a block that is too far back; the nonce is proven all the same.
    let NonceUse::Used { by, is_final, .. } = reader.nonce_use(heads, own).await? else {
        return Ok(Sighting::Waiting);
    };
    if let Some(NonceUser { hash, header }) = &by
        && *hash == signed.hash()
        && let Some(outcome) = reader.outcome_in(header, *hash).await?
    {
        return Ok(in_block(reader, heads, (outcome, Arc::clone(header)), signed, book).await);
    }
    Ok(used(by.map(|user| user.hash), is_final))
}

type Found = (Proven<TransactionOutcome>, Arc<ProvenHeader>);

/// Whether the transaction still stands in a block that it once stood in; `None` where the chain is proven to have left
/// that block.
async fn in_known_block(
    reader: &Reader,
    heads: &Heads,
    block: B256,
    hash: B256,
) -> Result<Option<Found>, ReadError> {
    match reader.block(heads, BlockQuery::Hash(block)).await {
        Ok(header) => Ok(reader.outcome_in(&header, hash).await?.map(|outcome| (outcome, header))),
        Err(ReadError::NotCanonical { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

async fn in_block(
    reader: &Reader,
    heads: &Heads,
    (outcome, header): Found,
    signed: &Signed,
    book: &AbiBook,
) -> Sighting {
    let value = outcome.value();
    let success = value.success.unwrap_or(true);
    let reason = if success { None } else { failure_reason(reader, heads, &header, signed, book).await };
    Sighting::InBlock {
        block: BlockMark { number: header.number(), hash: header.hash() },
        index: value.index,
        success,
        fee: value.fee(),
        reason,
        is_final: outcome.at().is_final(),
    }
}

/// Why it failed: it is run again on the state before its block. A receipt does not say; `None` where that state is not
/// served any more, or where it does not fail there.
async fn failure_reason(
    reader: &Reader,
    heads: &Heads,
    header: &Arc<ProvenHeader>,
    signed: &Signed,
    book: &AbiBook,
) -> Option<String> {
    let before = reader.block(heads, BlockQuery::Number(header.number().checked_sub(1)?)).await.ok()?;
    let tx: Unsigned = signed.unsigned().ok()?;
    let call = Call {
        from: signed.from(),
        to: tx.to(),
        input: tx.input().clone(),
        value: tx.value(),
        gas_limit: Some(tx.gas_limit()),
        ..Call::default()
    };
    let outcome = reader.state_at(before).call(call).await.ok()?.into_value();
    match outcome.status {
        CallStatus::Success => None,
        CallStatus::Halt(words) => Some(words),
        CallStatus::Revert => {
            let revert = decode_revert(book, tx.chain_id(), tx.to(), &outcome.output);
            Some(super::review::revert_words(&revert))
        }
    }
}

/// What the journal is told after a look; nothing where nothing changed.
pub fn news(record: &Record, seen: &Sighting, now_ms: u64) -> Vec<Entry> {
    let (hash, at_ms) = (record.signed.hash(), now_ms);
    let mut entries = Vec::new();
    let left = |now: Option<B256>| match &record.state {
        State::Included { block, .. } if now != Some(block.hash) => {
            Some(Entry::Reorged { hash, at_ms, block: *block })
        }
        _ => None,
    };
    match seen {
        Sighting::InBlock { block, index, success, fee, reason, is_final } => {
            let known = matches!(&record.state, State::Included { block: old, .. } if old == block);
            if !known {
                entries.extend(left(Some(block.hash)));
                let (block, index, success, fee) = (*block, *index, *success, *fee);
                let reason = reason.clone();
                entries.push(Entry::Included { hash, at_ms, block, index, success, fee, reason });
            }
            let was_final = matches!(&record.state, State::Included { is_final: true, .. });
            if *is_final && !(known && was_final) {
                entries.push(Entry::Final { hash, at_ms });
            }
        }
        Sighting::Waiting => {
            entries.extend(left(None));
            if let State::Replaced { .. } | State::NonceUsed { .. } = record.state {
                // The one that took its place was itself left by the chain.
                entries.push(Entry::Waits { hash, at_ms });
            }
        }
        Sighting::NonceUsed { by, is_final } => {
            let is_final = *is_final;
            let known = match *by {
                Some(by) => record.state == State::Replaced { by, is_final },
                None => record.state == State::NonceUsed { is_final },
            };
            if !known {
                entries.extend(left(None));
                entries.push(Entry::Replaced { hash, at_ms, by: *by, is_final });
            }
        }
        Sighting::NothingNew => {}
    }
    entries
}
