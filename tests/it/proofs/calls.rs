//! Recorded calls, run again: beacon root to return data, on recorded proofs and code, and with each of them bent.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use alloy::primitives::{Address, Bytes, U256};
use lifeboat::execution::{
    Call, CallBatch, EvmEnv, ProofError, ProvenHeader, StateKey, Step, StorageAnswer, Witness,
    verify_account, verify_code, verify_storage,
};
use lifeboat::networks::mainnet;
use serde_json::Value;

use super::captured::{json, root, scenarios};
use super::execution::{files, nodes, number, proven_block, result};
use super::fixtures;

/// What an endpoint said: proofs and code by account.
struct Recorded {
    proofs: BTreeMap<Address, Value>,
    codes: BTreeMap<Address, Bytes>,
}

impl Recorded {
    fn of(dir: &Path) -> Self {
        let by_address = |prefix: &str| {
            files(dir, prefix)
                .into_iter()
                .map(|(name, value)| (name.trim_start_matches(prefix).parse().unwrap(), value))
                .collect::<BTreeMap<Address, Value>>()
        };
        let codes = by_address("eth_getCode_").into_iter();
        Self {
            proofs: by_address("eth_getProof_"),
            codes: codes.map(|(who, code)| (who, code.as_str().unwrap().parse().unwrap())).collect(),
        }
    }

    /// Proves what a pass asked for, as far as it was recorded.
    fn prove(
        &self,
        header: &ProvenHeader,
        keys: &BTreeSet<StateKey>,
        witness: &mut Witness,
    ) -> Result<(), ProofError> {
        for key in keys {
            let who = match key {
                StateKey::Account(who) | StateKey::Slot(who, _) => *who,
                StateKey::Code(hash) => witness.holder_of(*hash).unwrap(),
                StateKey::BlockHash(number) => panic!("block {number} was not recorded"),
            };
            let proof = self.proofs.get(&who).unwrap_or_else(|| panic!("{key:?} was not recorded"));
            let account = verify_account(header, who, &nodes(&proof["accountProof"]))?;
            match key {
                StateKey::Slot(_, slot) => {
                    let asked: Vec<_> = answers(proof).into_iter().filter(|one| one.key == *slot).collect();
                    for slot in verify_storage(&account, &[*slot], &asked)? {
                        witness.add_slot(&slot)?;
                    }
                }
                StateKey::Code(_) => {
                    let code = self.codes.get(&who).unwrap_or_else(|| panic!("{key:?} was not recorded"));
                    witness.add_code(&verify_code(&account, code.clone())?.into_value())?;
                }
                _ => witness.add_account(&account)?,
            }
        }
        Ok(())
    }

    /// The return data, in as many rounds as it takes.
    fn run(&self, header: &ProvenHeader, call: &Call) -> Result<(Bytes, BTreeSet<StateKey>), ProofError> {
        let env = EvmEnv::of(header, &mainnet()).unwrap();
        let batch = CallBatch::reads(env, vec![call.clone()]);
        let mut witness = Witness::new(header);
        for _ in 0..16 {
            match batch.step(&witness).unwrap() {
                Step::Need(keys) => self.prove(header, &keys, &mut witness)?,
                Step::Done { outcomes, read } => {
                    assert!(outcomes[0].value().is_success(), "{:?}", outcomes[0]);
                    assert_eq!(outcomes[0].at().hash, header.hash());
                    return Ok((outcomes[0].value().output.clone(), read[0].clone()));
                }
            }
        }
        panic!("no end in 16 rounds");
    }
}

fn answers(proof: &Value) -> Vec<StorageAnswer> {
    let list = proof["storageProof"].as_array().unwrap().iter();
    list.map(|slot| StorageAnswer {
        key: number(&slot["key"]),
        value: number(&slot["value"]),
        nodes: nodes(&slot["proof"]),
    })
    .collect()
}

fn call(request: &Value) -> Call {
    let field = |name: &str| request.get(name).and_then(Value::as_str);
    Call {
        from: field("from").map_or(Address::ZERO, |from| from.parse().unwrap()),
        to: field("to").map(|to| to.parse().unwrap()),
        input: field("data").or(field("input")).map(|data| data.parse().unwrap()).unwrap_or_default(),
        value: request.get("value").map(number).unwrap_or(U256::ZERO),
        ..Call::default()
    }
}

#[test]
fn recorded_calls_return_what_was_recorded() {
    let Some(fixtures) = fixtures() else { return };
    let mut run = 0;
    for (dir, scenario) in scenarios(&fixtures) {
        let name = scenario["name"].as_str().unwrap();
        if scenario["request"]["method"] != "eth_call" {
            continue;
        }
        let Some(block) = proven_block(&dir, &scenario) else { continue };
        let header =
            ProvenHeader::from_json(&result(&json(&dir.join("execution_header.json"))), &block).unwrap();
        assert_eq!(header.hash(), root(&scenario["head"]["execution_block_hash"]));
        let (call, recorded) = (call(&scenario["request"]["params"][0]), Recorded::of(&dir));
        let (output, read) = recorded.run(&header, &call).unwrap_or_else(|error| panic!("{name}: {error}"));
        let expected: Bytes = scenario["expected_result"].as_str().unwrap().parse().unwrap();
        assert_eq!(output, expected, "{name}");
        refuse_the_twins(&dir, &header, &call, &read);
        run += 1;
    }
    println!("{run} recorded calls");
    assert!(run > 0 || std::env::var_os("LIFEBOAT_FIXTURES").is_some());
}

/// One bent answer of each kind; none may end in an outcome.
fn refuse_the_twins(dir: &Path, header: &ProvenHeader, call: &Call, read: &BTreeSet<StateKey>) {
    for key in read {
        let mut twin = Recorded::of(dir);
        match key {
            StateKey::Account(who) => {
                twin.proofs.get_mut(who).unwrap()["accountProof"][0] = "0xc0".into();
                assert!(matches!(twin.run(header, call), Err(ProofError::NodeMissing { .. })), "{key:?}");
            }
            StateKey::Slot(who, slot) => {
                let Some(proof) = twin.proofs.get_mut(who) else { continue };
                let Some(list) = proof["storageProof"].as_array_mut() else { continue };
                let Some(one) = list.iter_mut().find(|one| number(&one["key"]) == *slot) else { continue };
                one["value"] = "0x1234567".into();
                assert!(matches!(twin.run(header, call), Err(ProofError::SlotValue { .. })), "{key:?}");
            }
            StateKey::Code(_) => {
                for code in twin.codes.values_mut() {
                    *code = [code.as_ref(), &[0]].concat().into();
                }
                assert!(matches!(twin.run(header, call), Err(ProofError::CodeHash { .. })), "{key:?}");
            }
            StateKey::BlockHash(_) => {}
        }
    }
}
