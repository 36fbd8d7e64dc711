//! Reviews and transactions for programs.

use serde_json::{Value, json};

use crate::app::signing::review::{Finding, Gesture, Level};
use crate::app::signing::{Allowance, Asset, SendOutcome, State};
use crate::app::{Delivery, Finality, Prepared, TransactionView};

fn level(level: Level) -> &'static str {
    match level {
        Level::Passed => "passed",
        Level::Note => "note",
        Level::Caution => "caution",
        Level::Danger => "danger",
        Level::Block => "block",
    }
}

/// What a signature asks for.
pub(super) fn gesture(gesture: Gesture) -> &'static str {
    match gesture {
        Gesture::Click => "click",
        Gesture::Hold => "hold",
        Gesture::TypeThenHold => "type-then-hold",
        Gesture::Blocked => "blocked",
    }
}

/// Findings, the worst first.
pub(super) fn findings(findings: &[Finding]) -> Value {
    let one = |one: &Finding| {
        json!({
            "check": one.check.to_string(),
            "level": level(one.level),
            "text": one.text,
            "type": one.fact.as_ref().map(|fact| fact.prompt.clone()),
        })
    };
    findings.iter().map(one).collect()
}

/// A review.
pub(super) fn review(prepared: &Prepared) -> Value {
    let review = &prepared.review;
    let tx = &review.tx;
    let asset = |asset: Asset| match asset {
        Asset::Ether => json!({"kind": "ether"}),
        Asset::Erc20 { token } => json!({"kind": "erc20", "token": token}),
        Asset::Erc721 { token, id } => json!({"kind": "erc721", "token": token, "id": id.to_string()}),
        Asset::Erc1155 { token, id } => json!({"kind": "erc1155", "token": token, "id": id.to_string()}),
    };
    let effects = review.effects.as_ref().map(|effects| {
        json!({
            "fails": effects.failure.is_some(),
            "gas_used": effects.gas_used,
            "depends_on_block": effects.depends_on_block,
            "changes": effects.changes.iter().map(|one| json!({
                "account": one.who, "asset": asset(one.asset), "gained": one.gained, "amount": one.amount.to_string(),
            })).collect::<Vec<_>>(),
            "control": effects.control.iter().map(|one| json!({
                "of": one.of, "change": one.what.words(|who| who.to_checksum(None)),
            })).collect::<Vec<_>>(),
            "approvals": effects.approvals.iter().map(|one| json!({
                "owner": one.owner, "spender": one.spender, "token": one.token,
                "amount": match one.allowance {
                    Allowance::Erc20 { amount } => json!(amount.to_string()),
                    Allowance::Erc721 { id } => json!({"id": id.to_string()}),
                    Allowance::Operator { allowed } => json!({"all": allowed}),
                    Allowance::Permit2 { amount, expires, keeper } => {
                        json!({"permit2": amount.to_string(), "expires": expires, "keeper": keeper})
                    }
                },
            })).collect::<Vec<_>>(),
        })
    });
    let proof = match prepared.at.finality {
        Finality::Final => "final",
        Finality::Optimistic => "head",
    };
    json!({
        "title": review.title,
        "sentence": review.sentence,
        "from": review.from(),
        "to": tx.to(),
        "value_wei": tx.value().to_string(),
        "nonce": tx.nonce(),
        "chain_id": tx.chain_id(),
        "gas_limit": tx.gas_limit(),
        "max_fee_per_gas": tx.max_fee_per_gas().to_string(),
        "max_priority_fee_per_gas": tx.tip_per_gas().to_string(),
        "max_fee_wei": tx.max_fee().to_string(),
        "data": tx.input(),
        "call": review.call.to_json(),
        "effects": effects,
        "findings": findings(&review.findings),
        "gesture": gesture(review.gesture()),
        "signing_hash": review.id().0,
        "bytes_to_sign": alloy::primitives::hex::encode_prefixed(review.bytes()),
        "proof": proof,
        "block": {"number": prepared.at.number, "hash": prepared.at.hash, "timestamp": prepared.at.timestamp},
    })
}

fn answer(outcome: &SendOutcome) -> Value {
    match outcome {
        SendOutcome::Accepted => json!("accepted"),
        SendOutcome::AlreadyKnown => json!("already-known"),
        SendOutcome::OtherHash { hash } => json!({"other-hash": hash}),
        SendOutcome::NonceTooLow => json!("nonce-too-low"),
        SendOutcome::Underpriced => json!("underpriced"),
        SendOutcome::InsufficientFunds => json!("insufficient-funds"),
        SendOutcome::Refused { why } => json!({"refused": why}),
        SendOutcome::Unreachable { why } => json!({"unreachable": crate::app::plain(why)}),
    }
}

/// A transaction of the journal.
pub(super) fn transaction(one: &TransactionView) -> Value {
    let block = match &one.state {
        State::Included { block, index, success, fee, reason, .. } => json!({
            "number": block.number, "hash": block.hash, "index": index, "success": success,
            "fee_wei": fee.to_string(), "reason": reason,
        }),
        _ => Value::Null,
    };
    let replaced_by = match &one.state {
        State::Replaced { by, .. } => json!(by),
        _ => Value::Null,
    };
    json!({
        "hash": one.hash,
        "title": one.title,
        "from": one.from,
        "nonce": one.nonce,
        "state": one.word.name(),
        "sentence": one.sentence,
        "final": !one.is_open,
        "included": block,
        "replaced_by": replaced_by,
        "signed_at_ms": one.signed_at_ms,
        "sent_at_ms": one.sent_at_ms,
        "answers": answers(&one.answers),
        "raw": one.raw,
    })
}

fn answers(all: &[(String, SendOutcome)]) -> Value {
    let one = |(endpoint, outcome): &(String, SendOutcome)| json!({"endpoint": endpoint, "answer": answer(outcome), "proof": "unverified"});
    all.iter().map(one).collect()
}

/// What came of a sending.
pub(super) fn delivery(delivery: &Delivery) -> Value {
    transaction(&delivery.transaction)
}

/// An endpoint's answer in words.
pub(super) fn answer_words(outcome: &SendOutcome) -> String {
    match outcome {
        SendOutcome::Accepted => "accepted".to_owned(),
        SendOutcome::AlreadyKnown => "Already in the pool.".to_owned(),
        SendOutcome::OtherHash { hash } => {
            format!("named another hash, {hash}: a lie, it is not asked again")
        }
        SendOutcome::NonceTooLow => "says that the nonce is used".to_owned(),
        SendOutcome::Underpriced => "says that a replacement must pay more".to_owned(),
        SendOutcome::InsufficientFunds => "says that the funds do not suffice".to_owned(),
        SendOutcome::Refused { why } => format!("refused: {why}"),
        SendOutcome::Unreachable { why } => format!("no answer: {}", crate::app::plain(why)),
    }
}
