//! What is to be run.

use std::collections::BTreeMap;

use alloy::eips::eip2930::AccessList;
use alloy::eips::eip7702::SignedAuthorization;
use alloy::primitives::{Address, B256, Bytes, TxKind, U256};
use revm::context::TxEnv;
use revm::context_interface::either::Either;

/// Gas of a call that names none: the allowance most nodes give.
pub(super) const CALL_GAS: u64 = 50_000_000;

/// A call, as `eth_call` takes it: it needs no funds, no nonce and no fee.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Call {
    /// Who calls.
    pub from: Address,
    /// Who is called; `None` runs `input` as creation code.
    pub to: Option<Address>,
    /// Calldata.
    pub input: Bytes,
    /// Wei sent along. Above 0 the caller must have it.
    pub value: U256,
    /// Gas limit; 50 million where none is named.
    pub gas_limit: Option<u64>,
    /// Wei per gas, as `GASPRICE` tells it; with `priority_fee` the most that is paid (EIP-1559).
    pub gas_price: u128,
    /// Most wei per gas above the base fee (EIP-1559); `None` for a call that names one price.
    pub priority_fee: Option<u128>,
    /// The sender's nonce. Looked at only where a call is checked as a transaction; `None` is whatever comes next.
    pub nonce: Option<u64>,
    /// EIP-2930 list.
    pub access_list: AccessList,
    /// EIP-4844 blob hashes.
    pub blob_hashes: Vec<B256>,
    /// EIP-7702 authorizations.
    pub authorizations: Vec<SignedAuthorization>,
}

impl Call {
    /// A read: `input` to `to`, from the zero address.
    pub fn read(to: Address, input: impl Into<Bytes>) -> Self {
        Self { to: Some(to), input: input.into(), ..Self::default() }
    }

    /// The first four bytes of the calldata.
    pub fn selector(&self) -> Option<[u8; 4]> {
        self.input.first_chunk().copied()
    }

    /// Blob gas of its blobs (EIP-4844).
    pub(super) fn blob_gas(&self) -> u64 {
        let blobs = u64::try_from(self.blob_hashes.len()).unwrap_or(u64::MAX);
        blobs.saturating_mul(alloy::eips::eip4844::DATA_GAS_PER_BLOB)
    }

    pub(super) fn tx_env(&self, chain_id: u64, gas_limit: u64) -> TxEnv {
        let tx_type = match () {
            () if !self.authorizations.is_empty() => 4,
            () if !self.blob_hashes.is_empty() => 3,
            () if self.priority_fee.is_some() => 2,
            () if !self.access_list.0.is_empty() => 1,
            () => 0,
        };
        TxEnv {
            tx_type,
            caller: self.from,
            gas_limit,
            gas_price: self.gas_price,
            kind: self.to.map_or(TxKind::Create, TxKind::Call),
            value: self.value,
            data: self.input.clone(),
            chain_id: Some(chain_id),
            access_list: self.access_list.clone(),
            gas_priority_fee: (tx_type > 1).then_some(self.priority_fee.unwrap_or_default()),
            nonce: self.nonce.unwrap_or_default(),
            blob_hashes: self.blob_hashes.clone(),
            max_fee_per_blob_gas: if self.blob_hashes.is_empty() { 0 } else { u128::MAX },
            authorization_list: self.authorizations.iter().cloned().map(Either::Left).collect(),
        }
    }
}

/// How strictly a call is checked before it runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Checks {
    /// As `eth_call`: it needs no nonce, no fee and no room in a block, and pays nothing. A value that it sends must be
    /// there all the same.
    #[default]
    Call,
    /// As in a block: nonce (where one is named), balance for value and fee, base fee, gas limits, and a sender without
    /// code. Fees are charged.
    Transaction,
}

/// What of an account is to be taken as other than it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccountOverride {
    /// Balance in wei.
    pub balance: Option<U256>,
    /// Nonce.
    pub nonce: Option<u64>,
    /// Code.
    pub code: Option<Bytes>,
    /// Slots; with `whole_storage` every other one is 0.
    pub slots: BTreeMap<U256, U256>,
    /// The slots given are all there are.
    pub whole_storage: bool,
}

/// State and block as they are not: an outcome under them is hypothetical.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    /// By account.
    pub accounts: BTreeMap<Address, AccountOverride>,
    /// Block number.
    pub number: Option<U256>,
    /// Unix seconds.
    pub timestamp: Option<U256>,
    /// Block gas limit.
    pub gas_limit: Option<u64>,
    /// Beneficiary.
    pub beneficiary: Option<Address>,
    /// Randomness.
    pub prev_randao: Option<B256>,
    /// Base fee, wei.
    pub base_fee: Option<u64>,
    /// Hashes of blocks by number.
    pub block_hashes: BTreeMap<u64, B256>,
}

impl Overrides {
    /// True where nothing is other than it is.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What a block's transaction must meet before it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TxRule {
    /// Its nonce was used before.
    NonceTooLow,
    /// Nonces before its own are not used yet.
    NonceTooHigh,
    /// It offers less than the base fee.
    BaseFee,
    /// Its gas does not suffice for its own bytes.
    IntrinsicGas,
    /// Its sender cannot pay for it.
    Funds,
    /// The block has no room for its gas.
    BlockGasLimit,
    /// Its creation code is too long.
    InitCodeSize,
    /// Another one.
    Other,
}

/// Why a call cannot be run at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// The EVM takes no such transaction.
    #[error("the call is not valid: {detail}")]
    Invalid {
        /// The rule, in the EVM's words.
        detail: String,
    },
    /// No block would take this transaction.
    #[error("no block would take the transaction: {detail}")]
    Refused {
        /// The rule it breaks.
        rule: TxRule,
        /// In the EVM's words.
        detail: String,
    },
    /// A precompile is to be put elsewhere, and none stands there.
    #[error("account {address} is not a precompile")]
    NoPrecompile {
        /// Where none stands.
        address: Address,
    },
    /// A precompile is to be put where something else is put already.
    #[error("account {address} is overridden twice")]
    OverriddenTwice {
        /// Where.
        address: Address,
    },
    /// Code asked for the hash of a block that is only simulated.
    #[error(
        "code asks for the hash of block {number}, which is simulated: its state root is not computed here, and without it it has no hash"
    )]
    FutureHash {
        /// The block.
        number: u64,
    },
    /// The code of an override cannot be read as code.
    #[error("the overriding code of {address} is not valid: {detail}")]
    OverrideCode {
        /// Whose.
        address: Address,
        /// What is wrong.
        detail: String,
    },
    /// The rules of the block are not known.
    #[error("block {number} has rules that this build does not know")]
    UnknownRules {
        /// The block.
        number: u64,
    },
    /// The call asked for more state than is allowed.
    #[error("the call needs more than {limit} {what}")]
    TooMuch {
        /// Of what.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
}
