//! Builds one block on a parent: system calls, transactions, withdrawals, requests, roots.

use alloy::consensus::proofs::{
    calculate_receipt_root, calculate_transaction_root, calculate_withdrawals_root,
};
use alloy::consensus::{
    Eip658Value, Header, Receipt, ReceiptEnvelope, Sealed, Transaction, TxEnvelope, transaction::Recovered,
};
use alloy::eips::eip1559::BaseFeeParams;
use alloy::eips::eip4895::Withdrawal;
use alloy::eips::eip7685::Requests;
use alloy::eips::{eip2935, eip4788, eip7002, eip7251, eip7928};
use alloy::primitives::{Address, B256, Bloom, Bytes, U256};
use revm::primitives::hardfork::SpecId;
use revm::state::bal::{Bal, BlockAccessIndex};
use revm::state::{Account, AccountInfo, EvmState};

use super::evm::{Checks, EvmEnv, tx_env};
use super::genesis::EXTRA_DATA;
use super::state::{State, StateView};
use super::{ChainConfig, ChainError, ExecutionBlock};

/// Wei in one Gwei, the unit of withdrawals.
const WEI_PER_GWEI: u64 = 1_000_000_000;

/// What the beacon side orders a block with (Engine API `PayloadAttributes`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PayloadAttributes {
    /// Block time, Unix seconds; must be after the parent's.
    pub timestamp_secs: u64,
    /// Root of the parent beacon block (EIP-4788).
    pub parent_beacon_block_root: B256,
    /// RANDAO mix of the slot (EIP-4399).
    pub prev_randao: B256,
    /// Who gets the tips.
    pub fee_recipient: Address,
    /// Withdrawals of the slot; amounts in Gwei.
    pub withdrawals: Vec<Withdrawal>,
    /// Slot of the block (EIP-7843); read from Amsterdam on.
    pub slot_number: u64,
}

/// Whether a transaction went into the block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inclusion {
    /// It is in.
    Included,
    /// It does not fit now; nothing changed.
    Refused,
}

/// A block under construction.
pub(super) struct BlockBuilder<'a> {
    block_hash: &'a dyn Fn(u64) -> Option<B256>,
    env: EvmEnv,
    header: Header,
    state: State,
    transactions: Vec<Recovered<TxEnvelope>>,
    receipts: Vec<ReceiptEnvelope>,
    cumulative_gas: u64,
    regular_gas: u64,
    state_gas: u64,
    /// Block access list of EIP-7928, kept from Amsterdam on.
    access: Option<Bal>,
}

impl<'a> BlockBuilder<'a> {
    /// Starts a block on `parent`, whose state is `state`, and makes the system calls that open it.
    pub(super) fn start(
        config: &ChainConfig,
        parent: &Sealed<Header>,
        state: State,
        attributes: &PayloadAttributes,
        block_hash: &'a dyn Fn(u64) -> Option<B256>,
    ) -> Result<Self, ChainError> {
        if attributes.timestamp_secs <= parent.timestamp {
            return Err(ChainError::TimestampNotAfterParent {
                timestamp_secs: attributes.timestamp_secs,
                parent_secs: parent.timestamp,
            });
        }
        let spec = config.spec_at(attributes.timestamp_secs);
        let amsterdam = spec.is_enabled_in(SpecId::AMSTERDAM);
        let header = Header {
            parent_hash: parent.hash(),
            beneficiary: attributes.fee_recipient,
            number: parent.number.saturating_add(1),
            gas_limit: config.gas_limit,
            timestamp: attributes.timestamp_secs,
            extra_data: Bytes::from_static(EXTRA_DATA),
            mix_hash: attributes.prev_randao,
            base_fee_per_gas: parent.next_block_base_fee(BaseFeeParams::ethereum()),
            blob_gas_used: Some(0),
            // No blob is ever carried, so the excess stays at genesis' 0.
            excess_blob_gas: Some(0),
            parent_beacon_block_root: Some(attributes.parent_beacon_block_root),
            slot_number: amsterdam.then_some(attributes.slot_number),
            ..Header::default()
        };
        let env = EvmEnv::of_header(spec, config.chain_id, &header);
        let mut builder = Self {
            block_hash,
            env,
            header,
            state,
            transactions: Vec::new(),
            receipts: Vec::new(),
            cumulative_gas: 0,
            regular_gas: 0,
            state_gas: 0,
            access: amsterdam.then(Bal::new),
        };
        let (beacon_root, parent_hash) = (attributes.parent_beacon_block_root, parent.hash());
        builder.system_call(eip4788::BEACON_ROOTS_ADDRESS, beacon_root.0.into())?;
        builder.system_call(eip2935::HISTORY_STORAGE_ADDRESS, parent_hash.0.into())?;
        Ok(builder)
    }

    /// Base fee of the block, wei per gas.
    pub(super) fn base_fee(&self) -> u64 {
        self.header.base_fee_per_gas.unwrap_or_default()
    }

    /// The state so far.
    pub(super) fn state(&self) -> &State {
        &self.state
    }

    /// Executes a transaction at the end of the block so far.
    pub(super) fn include(&mut self, tx: Recovered<TxEnvelope>) -> Inclusion {
        let used = self.regular_gas.max(self.cumulative_gas);
        if tx.gas_limit() > self.header.gas_limit.saturating_sub(used) {
            return Inclusion::Refused;
        }
        let view = StateView { state: &self.state, block_hash: self.block_hash };
        let Ok(run) = self.env.transact(&view, tx_env(&tx), Checks::Block) else {
            return Inclusion::Refused;
        };
        self.transactions.push(tx);
        self.commit(&run.state);
        let gas = run.result.gas();
        self.cumulative_gas = self.cumulative_gas.saturating_add(gas.tx_gas_used());
        self.regular_gas = self.regular_gas.saturating_add(gas.block_regular_gas_used());
        self.state_gas = self.state_gas.saturating_add(gas.block_state_gas_used());
        let receipt = Receipt {
            status: Eip658Value::Eip658(run.result.is_success()),
            cumulative_gas_used: self.cumulative_gas,
            logs: run.result.into_logs(),
        };
        if let Some(tx) = self.transactions.last() {
            self.receipts.push(ReceiptEnvelope::from_typed(tx.tx_type(), receipt));
        }
        Inclusion::Included
    }

    /// Credits the withdrawals, collects the execution requests and seals the block.
    pub(super) fn seal(
        mut self,
        withdrawals: Vec<Withdrawal>,
    ) -> Result<(ExecutionBlock, State), ChainError> {
        // From here on the access index is the one after the last transaction (EIP-7928).
        for withdrawal in &withdrawals {
            self.credit(withdrawal);
        }
        let mut requests = Requests::default();
        for (kind, contract) in [
            (eip7002::WITHDRAWAL_REQUEST_TYPE, eip7002::WITHDRAWAL_REQUEST_PREDEPLOY_ADDRESS),
            (eip7251::CONSOLIDATION_REQUEST_TYPE, eip7251::CONSOLIDATION_REQUEST_PREDEPLOY_ADDRESS),
        ] {
            let output = self.closing_call(contract)?;
            if !output.is_empty() {
                requests.push_request_with_type(kind, output);
            }
        }
        let amsterdam = self.access.is_some();
        let mut header = self.header;
        header.state_root = self.state.root();
        header.transactions_root = calculate_transaction_root(&self.transactions);
        header.receipts_root = calculate_receipt_root(&self.receipts);
        header.withdrawals_root = Some(calculate_withdrawals_root(&withdrawals));
        header.requests_hash = Some(requests.requests_hash());
        header.logs_bloom =
            self.receipts.iter().fold(Bloom::ZERO, |bloom, receipt| bloom | *receipt.logs_bloom());
        // Amsterdam counts the two kinds of gas apart and without refunds (EIP-7778, EIP-8037).
        header.gas_used = if amsterdam { self.regular_gas.max(self.state_gas) } else { self.cumulative_gas };
        header.block_access_list_hash =
            self.access.map(|access| eip7928::compute_block_access_list_hash(&access.into_alloy_bal()));
        let block = ExecutionBlock {
            header: Sealed::new(header),
            transactions: self.transactions,
            receipts: self.receipts,
            withdrawals,
        };
        Ok((block, self.state))
    }

    fn credit(&mut self, withdrawal: &Withdrawal) {
        let wei = U256::from(withdrawal.amount).saturating_mul(U256::from(WEI_PER_GWEI));
        let before = self.state.balance(withdrawal.address);
        self.state.credit(withdrawal.address, wei);
        let index = self.closing_index();
        if let Some(access) = &mut self.access {
            let mut account = Account::from(AccountInfo::from_balance(before));
            account.info.balance = before.saturating_add(wei);
            access.update_account(index, withdrawal.address, &account);
        }
    }

    fn closing_index(&self) -> BlockAccessIndex {
        BlockAccessIndex::new(u64::try_from(self.transactions.len()).unwrap_or(u64::MAX).saturating_add(1))
    }

    fn closing_call(&mut self, contract: Address) -> Result<Bytes, ChainError> {
        let index = self.closing_index();
        self.call(contract, Bytes::new(), index)
    }

    fn system_call(&mut self, contract: Address, input: Bytes) -> Result<(), ChainError> {
        self.call(contract, input, BlockAccessIndex::PRE_EXECUTION).map(|_| ())
    }

    fn call(
        &mut self,
        contract: Address,
        input: Bytes,
        index: BlockAccessIndex,
    ) -> Result<Bytes, ChainError> {
        let view = StateView { state: &self.state, block_hash: self.block_hash };
        let failed = |reason: String| ChainError::SystemCall { contract, reason };
        let (result, changes) =
            self.env.system_call(&view, contract, input).map_err(|error| failed(error.to_string()))?;
        if !result.is_success() {
            return Err(failed(format!("{result:?}")));
        }
        self.record(index, &changes);
        self.state.commit(&changes);
        Ok(result.into_output().unwrap_or_default())
    }

    fn commit(&mut self, changes: &EvmState) {
        let index = BlockAccessIndex::new(u64::try_from(self.transactions.len()).unwrap_or(u64::MAX));
        self.record(index, changes);
        self.state.commit(changes);
    }

    fn record(&mut self, index: BlockAccessIndex, changes: &EvmState) {
        let Some(access) = &mut self.access else { return };
        for (address, account) in changes {
            // The system address is not listed for calls it only seems to make (EIP-7928).
            if *address != eip4788::SYSTEM_ADDRESS {
                access.update_account(index, *address, account);
            }
        }
    }
}
