//! State and block overrides of `eth_call` and its kin, from their JSON shapes.

use std::collections::BTreeMap;

use alloy::primitives::{B256, U256};
use alloy::rpc::types::BlockOverrides;
use alloy::rpc::types::state::{AccountOverride as JsonAccount, StateOverride};

use super::error::RpcError;
use super::params::Params;
use crate::app::{AccountOverride, Overrides};

/// Accounts overridden in one call.
pub(super) const MAX_ACCOUNTS: usize = 1_024;

/// The overrides at `index` (state) and behind it (block).
pub(super) fn overrides(params: &Params, index: usize) -> Result<Overrides, RpcError> {
    let state: StateOverride = params.optional(index)?.unwrap_or_default();
    let block: BlockOverrides = params.optional(index.saturating_add(1))?.unwrap_or_default();
    if state.len() > MAX_ACCOUNTS {
        return Err(RpcError::limit(format!("more than {MAX_ACCOUNTS} accounts are overridden")));
    }
    if block.difficulty.is_some() || block.blob_base_fee.is_some() || block.beacon_root.is_some() {
        return Err(RpcError::invalid_params(
            "these block overrides are not supported: difficulty, blobBaseFee, beaconRoot",
        ));
    }
    let mut accounts = BTreeMap::new();
    for (address, account) in state {
        accounts.insert(address, self::account(account)?);
    }
    let base_fee = block.base_fee.map(u64::try_from).transpose();
    Ok(Overrides {
        accounts,
        number: block.number,
        timestamp: block.time.map(U256::from),
        gas_limit: block.gas_limit,
        beneficiary: block.coinbase,
        prev_randao: block.random,
        base_fee: base_fee.map_err(|error| RpcError::invalid_params(format!("baseFeePerGas: {error}")))?,
        block_hashes: block.block_hash.unwrap_or_default(),
    })
}

/// One account's override.
pub(super) fn account(account: JsonAccount) -> Result<AccountOverride, RpcError> {
    if account.move_precompile_to.is_some() {
        return Err(RpcError::invalid_params("movePrecompileToAddress is not supported"));
    }
    let slots = |all: alloy::primitives::map::B256HashMap<B256>| {
        all.into_iter().map(|(key, value)| (key.into(), value.into())).collect::<BTreeMap<U256, U256>>()
    };
    let (slots, whole_storage) = match (account.state, account.state_diff) {
        (Some(_), Some(_)) => {
            return Err(RpcError::invalid_params("an account has both `state` and `stateDiff`"));
        }
        (Some(state), None) => (slots(state), true),
        (None, diff) => (diff.map(slots).unwrap_or_default(), false),
    };
    Ok(AccountOverride {
        balance: account.balance,
        nonce: account.nonce,
        code: account.code,
        slots,
        whole_storage,
    })
}
