//! A draft, run on proven state: in its own block's environment and in one like the next block's.

use std::collections::BTreeMap;

use alloy::primitives::{Address, B256, Bytes, U256};

use crate::chain::{ReadError, StateAt};
use crate::execution::{AccountOverride, BlockRef, Call, Overrides, Proven};

use super::draft::DELEGATION_PREFIX;
use super::{Control, ControlChange, Draft, Effects, Unsigned};

/// Seconds until the next block, roughly: enough to show code that looks at the clock.
const NEXT_BLOCK_SECS: u64 = 12;

/// A draft with what it would do. Only a review of it can be approved.
#[derive(Debug, Clone)]
pub struct Simulated {
    pub(super) from: Address,
    pub(super) bytes: Vec<u8>,
    pub(super) effects: Option<Proven<Effects>>,
}

impl Draft {
    /// Runs the draft on proven state. `yours` are the accounts whose changes matter.
    ///
    /// # Errors
    /// [`ReadError`]; a transaction that would fail is a result, not an error.
    pub async fn simulate(self, state: &StateAt, yours: &[Address]) -> Result<Simulated, ReadError> {
        let (call, overrides) = self.call();
        let first = state.simulate(call.clone(), overrides.clone()).await?;
        let second = state.simulate(call.clone(), next_block(state, overrides)).await?;
        let later = Effects::of(second.value(), &call, yours);
        let own = self.delegation(state).await?;
        let effects = first.map(|simulation| {
            let mut effects = Effects::of(&simulation, &call, yours);
            effects.depends_on_block = !effects.still_as_shown(&later);
            effects.control.splice(0..0, own);
            effects
        });
        Ok(Simulated { from: self.from, bytes: self.unsigned.bytes_to_sign(), effects: Some(effects) })
    }

    /// The delegation that the transaction itself carries: it is run as if it stood already, so no simulation tells it.
    async fn delegation(&self, state: &StateAt) -> Result<Option<ControlChange>, ReadError> {
        let Some(last) = self.unsigned.authorizations().last() else { return Ok(None) };
        let code = state.code(self.from).await?;
        let before = super::delegate_of(code.value());
        let after = (!last.address.is_zero()).then_some(last.address);
        let what = Control::Delegation { before, after };
        Ok((before != after).then_some(ControlChange { of: self.from, what }))
    }

    /// Goes on without a simulation, which the review calls a danger (R12).
    pub fn without_simulation(self) -> Simulated {
        Simulated { from: self.from, bytes: self.unsigned.bytes_to_sign(), effects: None }
    }

    fn call(&self) -> (Call, Overrides) {
        let tx = &self.unsigned;
        let call = Call {
            from: self.from,
            to: tx.to(),
            input: tx.input().clone(),
            value: tx.value(),
            gas_limit: Some(tx.gas_limit()),
            gas_price: tx.max_fee_per_gas(),
            access_list: access_list(tx),
            ..Call::default()
        };
        let mut accounts = BTreeMap::new();
        // An unsigned delegation is run as if its signature were there.
        if let Some(last) = tx.authorizations().last() {
            let code = match last.address {
                Address::ZERO => Bytes::new(),
                code => [DELEGATION_PREFIX.as_slice(), code.as_slice()].concat().into(),
            };
            accounts.insert(self.from, AccountOverride { code: Some(code), ..AccountOverride::default() });
        }
        (call, Overrides { accounts, ..Overrides::default() })
    }
}

impl Simulated {
    /// The account that signs.
    pub fn from(&self) -> Address {
        self.from
    }

    /// The bytes to be signed.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What it would do; `None` where it was not run.
    pub fn effects(&self) -> Option<&Effects> {
        self.effects.as_ref().map(Proven::value)
    }

    /// The block that it was run on.
    pub fn at(&self) -> Option<BlockRef> {
        self.effects.as_ref().map(Proven::at)
    }
}

fn access_list(tx: &Unsigned) -> alloy::eips::eip2930::AccessList {
    match tx {
        Unsigned::Legacy(_) => Default::default(),
        Unsigned::Eip2930(tx) => tx.access_list.clone(),
        Unsigned::Eip1559(tx) => tx.access_list.clone(),
        Unsigned::Eip7702 { tx, .. } => tx.access_list.clone(),
    }
}

/// What code could tell the next block by is other than in this one.
fn next_block(state: &StateAt, overrides: Overrides) -> Overrides {
    let fields = state.header().fields();
    let seed = state.header().hash();
    Overrides {
        number: Some(U256::from(fields.number.saturating_add(1))),
        timestamp: Some(U256::from(fields.timestamp.saturating_add(NEXT_BLOCK_SECS))),
        beneficiary: Some(Address::from_word(seed)),
        prev_randao: Some(B256::from(alloy::primitives::keccak256(seed))),
        base_fee: Some(super::fees::next_base_fee(fields)),
        ..overrides
    }
}
