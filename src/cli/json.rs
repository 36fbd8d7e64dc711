//! Answers for programs. Every chain value is `{"value", "proof", "block": {"number", "hash", "timestamp"}}`; amounts
//! are decimal strings in wei. `proof` is `final`, `head` or `unverified`.

use serde_json::{Value, json};

use super::format::proof;
use super::{commands, text};
use crate::app::{
    Account, Answer, BlockRef, BlockView, Comparison, EndpointReport, HeadView, Probe, Proven, Question,
    Reason, Snapshot, Standing, SyncView, TransactionOutcome, TransactionStatus, plain,
};

/// A value of the chain and how it is known.
pub(super) fn proven(value: impl Into<Value>, at: BlockRef) -> Value {
    let value: Value = value.into();
    let block = json!({"number": at.number, "hash": at.hash, "timestamp": at.timestamp});
    json!({"value": value, "proof": proof(at.finality), "block": block})
}

/// A failure alone.
pub(super) fn failure(why: &Reason) -> Value {
    json!({"error": reason(why)})
}

fn reason(why: &Reason) -> Value {
    json!({
        "what": why.what,
        "details": why.details,
        "means": why.means,
        "next": why.next,
        "proven_no": why.proven_no,
        "misuse": why.misuse,
    })
}

/// `status`; `why` stands beside it where something failed.
pub(super) fn status(snapshot: &Snapshot, why: Option<&Reason>) -> Value {
    let spec = &snapshot.network;
    let checkpoint = snapshot.checkpoint.map(|one| {
        json!({
            "root": one.root,
            "slot": one.slot,
            "age_seconds": one.slot.map(|slot| snapshot.now_ms.saturating_sub(spec.slot_start_ms(slot)) / 1_000),
            "origin": format!("{:?}", one.origin).to_lowercase(),
            "resumed": one.resumed,
            "accepted_although_old": one.accepted_although_old,
        })
    });
    json!({
        "network": spec.name,
        "chain_id": spec.chain_id,
        "state": match &snapshot.sync {
            SyncView::Starting => "starting",
            SyncView::CatchingUp(_) => "catching-up",
            SyncView::Following => "following",
            SyncView::NeedsCheckpoint(_) => "needs-checkpoint",
            SyncView::Failed(_) => "failed",
        },
        "error": why.map(reason),
        "head": snapshot.head.as_ref().map(|view| head(view, snapshot)),
        "finalized": snapshot.finalized.as_ref().map(|view| head(view, snapshot)),
        "checkpoint": checkpoint,
        "lag_slots": snapshot.lag_slots,
        "endpoints": snapshot.endpoints.iter().map(endpoint).collect::<Vec<_>>(),
        "traffic": traffic(snapshot),
    })
}

fn traffic(snapshot: &Snapshot) -> Value {
    let traffic = snapshot.traffic;
    json!({"requests": traffic.requests, "bytes_up": traffic.bytes_up, "bytes_down": traffic.bytes_down})
}

fn head(view: &HeadView, snapshot: &Snapshot) -> Value {
    let one = &view.proven;
    let start = snapshot.network.slot_start_ms(one.slot());
    json!({
        "slot": one.slot(),
        "beacon_root": one.beacon_root(),
        "block_hash": one.block_hash(),
        "block_number": view.block.map(|block| block.number),
        "timestamp": view.block.map(|block| block.timestamp),
        "age_seconds": snapshot.now_ms.saturating_sub(start) / 1_000,
        "participants": one.participants(),
        "committee_size": one.committee_size(),
        "proof": proof(one.finality()),
    })
}

fn endpoint(one: &EndpointReport) -> Value {
    let (state, detail) = match &one.standing {
        Standing::Untried => ("untried", None),
        Standing::Healthy => ("healthy", None),
        Standing::Failing { why } => ("failing", Some(why)),
        Standing::WrongNetwork { why } => ("wrong-network", Some(why)),
        Standing::Quarantined { rule } => ("quarantined", Some(rule)),
    };
    json!({
        "endpoint": one.id.to_string(),
        "kind": one.kind.name(),
        "state": state,
        "detail": detail.map(|text| plain(text)),
        "carrier": one.carrier.as_ref().map(ToString::to_string),
        "latency_ms": one.latency_ms,
        "availability": one.availability,
        "slots_behind": one.slots_behind,
        "requests": one.requests,
    })
}

/// The answer to a question.
pub(super) fn answer(question: &Question, answer: &Answer, snapshot: &Snapshot) -> Value {
    let mut value = match answer {
        Answer::Accounts(accounts) => json!({"balances": accounts.iter().map(account).collect::<Vec<_>>()}),
        Answer::AccountWithCode(one, code) => {
            let mut value = account(one);
            if let Some(object) = value.as_object_mut() {
                object.insert("code_size".to_owned(), proven(json!(code.value().len()), code.at()));
            }
            value
        }
        Answer::Storage(value) => {
            json!({"storage": proven(json!(format!("{:#066x}", value.value())), value.at())})
        }
        Answer::Block(view) => block(view),
        Answer::Transaction(status) => transaction(status),
        Answer::Contract(answer) => commands::json(answer),
        Answer::Protocol(answer) => commands::protocols::json(answer),
    };
    if let Some(object) = value.as_object_mut() {
        match question {
            Question::Storage(address, slot, _) => {
                object.insert("address".to_owned(), json!(address.to_checksum(None)));
                object.insert("slot".to_owned(), json!(format!("{slot:#066x}")));
            }
            Question::Transaction(hash) => drop(object.insert("hash".to_owned(), json!(hash))),
            _ => {}
        }
        object.insert("network".to_owned(), json!(snapshot.network.name));
        object.insert("traffic".to_owned(), traffic(snapshot));
    }
    value
}

fn account(one: &Proven<Account>) -> Value {
    let (value, at) = (one.value(), one.at());
    json!({
        "address": value.address.to_checksum(None),
        "exists": proven(json!(value.exists), at),
        "balance_wei": proven(json!(value.balance.to_string()), at),
        "nonce": proven(json!(value.nonce), at),
        "code_hash": proven(json!(value.code_hash), at),
        "storage_root": proven(json!(value.storage_root), at),
    })
}

fn block(view: &BlockView) -> Value {
    let (fields, at) = (view.header.fields(), view.header.block_ref());
    json!({"block": proven(json!({
        "number": fields.number,
        "hash": view.header.hash(),
        "parent_hash": fields.parent_hash,
        "timestamp": fields.timestamp,
        "state_root": fields.state_root,
        "transactions_root": fields.transactions_root,
        "receipts_root": fields.receipts_root,
        "beneficiary": fields.beneficiary,
        "gas_used": fields.gas_used,
        "gas_limit": fields.gas_limit,
        "base_fee_per_gas": fields.base_fee_per_gas.map(|fee| fee.to_string()),
        "extra_data": fields.extra_data,
        "parent_beacon_block_root": fields.parent_beacon_block_root,
        "transactions": view.transactions.value(),
    }), at)})
}

fn transaction(status: &TransactionStatus) -> Value {
    let names = |who: &[crate::app::EndpointId]| who.iter().map(ToString::to_string).collect::<Vec<_>>();
    match status {
        TransactionStatus::Included { outcome, .. } => {
            json!({"state": "included", "transaction": proven(included(outcome.value()), outcome.at())})
        }
        TransactionStatus::AwaitingProof { block_hash, said_by, head } => json!({
            "state": "awaiting-proof", "proof": "unverified", "claimed_block": block_hash, "said_by": names(said_by), "head": head,
        }),
        TransactionStatus::Pending { seen_by, head } => {
            json!({"state": "pending", "proof": "unverified", "seen_by": names(seen_by), "head": head})
        }
        TransactionStatus::NonceUsed { account, nonce, by, is_final } => json!({
            "state": if by.is_some() { "replaced" } else { "nonce-used" },
            "from": account.value().address.to_checksum(None),
            "nonce": nonce,
            "sender_nonce": proven(account.value().nonce, account.at()),
            "replaced_by": by.as_ref().map(|user| proven(json!(user.hash), user.header.block_ref())),
            "final": is_final,
        }),
        TransactionStatus::Unknown { asked, head } => {
            json!({"state": "unknown", "proof": "unverified", "asked": names(asked), "head": head})
        }
    }
}

fn included(outcome: &TransactionOutcome) -> Value {
    let logs: Vec<Value> = outcome
        .logs
        .iter()
        .map(|one| {
            json!({
                "log_index": one.log_index,
                "address": one.log.address,
                "topics": one.log.data.topics(),
                "data": one.log.data.data,
            })
        })
        .collect();
    json!({
        "hash": outcome.hash(),
        "index": outcome.index,
        "type": outcome.transaction.kind(),
        "from": outcome.transaction.sender,
        "to": outcome.transaction.to(),
        "value_wei": outcome.transaction.value().to_string(),
        "success": outcome.success,
        "gas_used": outcome.gas_used,
        "cumulative_gas_used": outcome.cumulative_gas_used,
        "effective_gas_price": outcome.effective_gas_price.to_string(),
        "fee_wei": outcome.fee().to_string(),
        "contract_address": outcome.contract_address,
        "logs": logs,
    })
}

/// `endpoints`.
pub(super) fn probes(probes: &[Probe]) -> Value {
    let list: Vec<Value> = probes
        .iter()
        .map(|probe| {
            let findings: Vec<Value> = probe
                .findings
                .iter()
                .map(|finding| match &finding.outcome {
                    Ok(words) => json!({"what": finding.what, "ok": true, "detail": plain(words)}),
                    Err(error) => {
                        json!({"what": finding.what, "ok": false, "detail": plain(&error.to_string())})
                    }
                })
                .collect();
            json!({
                "endpoint": probe.endpoint.to_string(),
                "kind": probe.kind.name(),
                "carrier": probe.carrier.as_ref().map(|carrier| plain(&carrier.0)),
                "works": text::works(probe),
                "findings": findings,
                "proof": "unverified",
            })
        })
        .collect();
    json!({"endpoints": list})
}

/// `checkpoint compare`.
pub(super) fn comparison(comparison: &Comparison) -> Value {
    let list: Vec<Value> = comparison
        .sources
        .iter()
        .map(|(endpoint, found)| match found {
            Ok((root, slot)) => json!({"endpoint": endpoint.to_string(), "root": root, "slot": slot}),
            Err(why) => json!({"endpoint": endpoint.to_string(), "error": plain(why)}),
        })
        .collect();
    let agreement: Vec<Value> = text::agreement(comparison)
        .into_iter()
        .map(|(slot, root, count)| json!({"slot": slot, "root": root, "count": count}))
        .collect();
    json!({"proof": "unverified", "sources": list, "agreement": agreement})
}
