//! `eth_createAccessList`: what a call reads, as an EIP-2930 list.

use std::collections::{BTreeMap, BTreeSet};

use alloy::eips::eip2930::{AccessList, AccessListItem, AccessListResult};
use alloy::primitives::{Address, B256, U256};

use super::calls::{finished, question};
use super::context::Pinned;
use super::error::RpcError;
use super::params::{Answer, Params, to_json};
use crate::app::{Call, CallOutcome, StateAt, StateKey};

/// Times the list is put into the call until it stands still: with it gas changes, and with gas what is read may.
const ROUNDS: usize = 8;
/// The newest precompile lies at 0x100 (EIP-7951); the others are below 0x20.
const PRECOMPILES: [u64; 2] = [0x20, 0x100];

/// `eth_createAccessList(transaction, block)`.
pub(super) async fn create(at: &Pinned, params: &Params) -> Answer {
    params.none_from(2)?;
    let (mut call, state) = question(at, params).await?;
    for _ in 0..ROUNDS {
        let (outcome, read) = state.touched(call.clone()).await?;
        let outcome = outcome.into_value();
        let list = list_of(&call, &outcome, &read, &state);
        if list == call.access_list {
            let gas_used = U256::from(outcome.gas_used);
            let error = finished(outcome).err().map(|error| error.message);
            return to_json(&AccessListResult { access_list: list, gas_used, error });
        }
        call.access_list = list;
    }
    Err(RpcError::failed(format!("the list did not stand still in {ROUNDS} rounds")))
}

fn list_of(call: &Call, outcome: &CallOutcome, read: &BTreeSet<StateKey>, state: &StateAt) -> AccessList {
    let mut touched: BTreeMap<Address, Vec<B256>> = BTreeMap::new();
    for key in read {
        match key {
            StateKey::Account(who) => {
                touched.entry(*who).or_default();
            }
            StateKey::Slot(who, slot) => touched.entry(*who).or_default().push(B256::from(*slot)),
            StateKey::Code(_) | StateKey::BlockHash(_) => {}
        }
    }
    // These are warm in any transaction: to name them would only cost gas.
    let beneficiary = state.header().fields().beneficiary;
    let warm = [Some(call.from), call.to, outcome.created, Some(beneficiary)];
    let worth = |who: &Address, slots: &[B256]| {
        !slots.is_empty() || !(warm.contains(&Some(*who)) || is_precompile(*who))
    };
    let items = touched.into_iter().filter(|(who, slots)| worth(who, slots));
    AccessList(items.map(|(address, storage_keys)| AccessListItem { address, storage_keys }).collect())
}

fn is_precompile(who: Address) -> bool {
    let number = U256::from_be_slice(who.as_slice());
    let [low, newest] = PRECOMPILES.map(U256::from);
    !number.is_zero() && (number < low || number == newest)
}
