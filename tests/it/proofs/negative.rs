//! Inputs that must be rejected: each by the rule that its reason names.

use alloy::primitives::B256;
use lifeboat::consensus::{Bootstrap, ConsensusError as E, LightClientStore, Mainnet};
use lifeboat::networks::{NetworkSpec, mainnet};
use serde_json::Value;

use super::captured::{bootstrap, json, object, of_json, root, update, updates};
use super::fixtures;

/// JSON-pointer operations replace, remove and add, in order.
pub(crate) fn patched(mut value: Value, patch: &Value) -> Value {
    for step in patch.as_array().unwrap() {
        let (op, path) = (step["op"].as_str().unwrap(), step["path"].as_str().unwrap());
        let (parent, last) = path.rsplit_once('/').unwrap();
        match (value.pointer_mut(parent).unwrap_or_else(|| panic!("{path}")), op) {
            (Value::Array(list), "remove") => drop(list.remove(last.parse().unwrap())),
            (Value::Object(map), "remove") => drop(map.remove(last).unwrap_or_else(|| panic!("{path}"))),
            (Value::Array(list), _) => list[last.parse::<usize>().unwrap()] = step["value"].clone(),
            (Value::Object(map), _) => drop(map.insert(last.to_owned(), step["value"].clone())),
            _ => panic!("{path}"),
        }
    }
    value
}

/// The rule that a reason speaks of.
fn is_named(reason: &str, error: &E) -> bool {
    let reason = reason.to_lowercase();
    match error {
        E::NotTheTrustedRoot { .. } => reason.contains("trusted block root"),
        E::CurrentCommitteeBranch => reason.contains("branch"),
        E::ExecutionBranch { .. } => reason.contains("execution") || reason.contains("body root"),
        E::BadSignature | E::BadSignatureEncoding => [
            "signature",
            "infinity",
            "bitfield",
            "claims members",
            "genesis_validators_root",
            "attested header changed",
            "body root",
            "period",
        ]
        .iter()
        .any(|word| reason.contains(word)),
        E::NoParticipants => reason.contains("participants"),
        E::FinalityBranch => ["finality", "finalized header", "attested header changed"]
            .iter()
            .any(|word| reason.contains(word)),
        E::FinalityUnproven => reason.contains("zeroed"),
        E::SignatureInFuture { .. } => reason.contains("after the current slot"),
        E::SlotOrder { .. } => reason.contains("greater than the attested"),
        E::WrongPeriod { .. } => reason.contains("period"),
        E::NextCommitteeBranch | E::NextCommitteeUnproven | E::NextCommitteeMismatch => {
            ["next_sync_committee", "committee", "aggregate", "branch"]
                .iter()
                .any(|word| reason.contains(word))
        }
        _ => false,
    }
}

#[test]
fn altered_light_client_data_is_refused_by_name() {
    let Some(fixtures) = fixtures() else { return };
    let file = fixtures.join("negative/light_client.json");
    if !file.is_file() {
        return;
    }
    let cases = json(&file);
    for case in cases.as_array().unwrap() {
        let (id, kind) = (case["id"].as_str().unwrap(), case["kind"].as_str().unwrap());
        let context = &case["context"];
        let base = patched(json(&fixtures.join(case["base"].as_str().unwrap())), &case["patch"]);
        let mut spec = mainnet();
        let refused = if kind == "bootstrap" {
            let trusted = root(&context["trusted_block_root"]);
            bootstrap(&of_json(&base), &spec).and_then(|start: Bootstrap<Mainnet>| {
                LightClientStore::initialize(trusted, start, &spec).map(drop)
            })
        } else {
            let mut store = started(&fixtures, context, &spec);
            if let Some(other) = context.get("genesis_validators_root") {
                spec.genesis_validators_root = root(other);
            }
            let object =
                case["index"].as_u64().and_then(|at| base.get(usize::try_from(at).unwrap())).unwrap_or(&base);
            let now = case["current_slot"].as_u64().unwrap();
            update(kind, &of_json(object), &spec).and_then(|update| store.process(&update, now, &spec))
        };
        let reason = case["reason"].as_str().unwrap();
        match refused {
            Ok(()) => panic!("{id} was accepted: {reason}"),
            Err(error) => assert!(is_named(reason, &error), "{id}: {reason:?} was refused as {error}"),
        }
    }
    println!("{} altered light-client objects refused", cases.as_array().unwrap().len());
}

fn started(fixtures: &std::path::Path, context: &Value, spec: &NetworkSpec) -> LightClientStore<Mainnet> {
    let path = |value: &Value| fixtures.join(value.as_str().unwrap());
    let start = bootstrap(&object(&path(&context["bootstrap"])), spec).unwrap();
    let trusted: B256 = start.header.beacon.root();
    let mut store = LightClientStore::initialize(trusted, start, spec).unwrap();
    for file in context["updates"].as_array().unwrap() {
        for raw in updates(&path(file)) {
            let update = update("update", &raw, spec).unwrap();
            store.process(&update, update.signature_slot(), spec).unwrap();
        }
    }
    store
}
