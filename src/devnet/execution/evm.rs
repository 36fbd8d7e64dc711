//! Runs transactions and system calls under the rules of a block.

use std::convert::Infallible;

use alloy::consensus::{Header, Transaction, TxEnvelope, Typed2718, transaction::Recovered};
use alloy::primitives::{Address, Bytes, TxKind, U256};
use revm::context::result::{EVMError, ExecutionResult, ResultAndState};
use revm::context::transaction::AccessList;
use revm::context::{BlockEnv, CfgEnv, TxEnv};
use revm::context_interface::block::BlobExcessGasAndPrice;
use revm::context_interface::either::Either;
use revm::primitives::eip4844::BLOB_BASE_FEE_UPDATE_FRACTION_PRAGUE;
use revm::primitives::hardfork::SpecId;
use revm::state::EvmState;
use revm::{Context, ExecuteEvm, MainBuilder, MainContext, SystemCallEvm};

use super::state::StateView;

/// An EVM run that did not even start; the state database itself cannot fail.
pub(super) type EvmFailure = EVMError<Infallible>;

/// The rules and the block that code sees.
#[derive(Debug, Clone)]
pub(super) struct EvmEnv {
    pub(super) spec: SpecId,
    pub(super) chain_id: u64,
    pub(super) block: BlockEnv,
}

/// How strictly a run is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Checks {
    /// Everything: the run is part of a block.
    Block,
    /// A transaction that may wait: nonce and base fee may not fit yet.
    Pool,
    /// A question (`eth_call`): no fee, no nonce, no balance, no gas cap.
    Call,
}

impl EvmEnv {
    /// The environment of code that runs in the block of this header (its roots and gas used are not read).
    pub(super) fn of_header(spec: SpecId, chain_id: u64, header: &Header) -> Self {
        let block = BlockEnv {
            number: U256::from(header.number),
            beneficiary: header.beneficiary,
            timestamp: U256::from(header.timestamp),
            gas_limit: header.gas_limit,
            basefee: header.base_fee_per_gas.unwrap_or_default(),
            difficulty: U256::ZERO,
            prevrandao: Some(header.mix_hash),
            blob_excess_gas_and_price: Some(BlobExcessGasAndPrice::new(
                header.excess_blob_gas.unwrap_or_default(),
                BLOB_BASE_FEE_UPDATE_FRACTION_PRAGUE,
            )),
            slot_num: header.slot_number.unwrap_or_default(),
        };
        Self { spec, chain_id, block }
    }

    /// Runs one transaction. `Err` means that it is not valid at all.
    pub(super) fn transact(
        &self,
        view: &StateView<'_>,
        tx: TxEnv,
        checks: Checks,
    ) -> Result<ResultAndState, EvmFailure> {
        let mut evm = Context::mainnet()
            .with_ref_db(view)
            .with_block(self.block.clone())
            .modify_cfg_chained(|cfg| self.configure(cfg, checks))
            .build_mainnet();
        evm.transact(tx)
    }

    /// Calls a system contract (EIP-4788, 2935, 7002, 7251): by the system address, free of charge.
    pub(super) fn system_call(
        &self,
        view: &StateView<'_>,
        contract: Address,
        input: Bytes,
    ) -> Result<(ExecutionResult, EvmState), EvmFailure> {
        let mut evm = Context::mainnet()
            .with_ref_db(view)
            .with_block(self.block.clone())
            .modify_cfg_chained(|cfg| self.configure(cfg, Checks::Block))
            .build_mainnet();
        let run = evm.system_call(contract, input)?;
        Ok((run.result, run.state))
    }

    fn configure(&self, cfg: &mut CfgEnv, checks: Checks) {
        cfg.set_spec_and_mainnet_gas_params(self.spec);
        cfg.chain_id = self.chain_id;
        match checks {
            Checks::Block => {}
            Checks::Pool => {
                cfg.disable_nonce_check = true;
                cfg.disable_base_fee = true;
            }
            Checks::Call => {
                cfg.disable_nonce_check = true;
                cfg.disable_base_fee = true;
                cfg.disable_balance_check = true;
                cfg.disable_fee_charge = true;
                cfg.disable_eip3607 = true;
                cfg.disable_block_gas_limit = true;
                cfg.tx_gas_limit_cap = Some(u64::MAX);
            }
        }
    }
}

/// The transaction as the EVM takes it.
pub(super) fn tx_env(tx: &Recovered<TxEnvelope>) -> TxEnv {
    TxEnv {
        tx_type: tx.ty(),
        caller: tx.signer(),
        gas_limit: tx.gas_limit(),
        gas_price: tx.max_fee_per_gas(),
        kind: tx.kind(),
        value: tx.value(),
        data: tx.input().clone(),
        nonce: tx.nonce(),
        chain_id: tx.chain_id(),
        access_list: tx.access_list().cloned().unwrap_or_default(),
        gas_priority_fee: tx.max_priority_fee_per_gas(),
        blob_hashes: Vec::new(),
        max_fee_per_blob_gas: 0,
        authorization_list: tx
            .authorization_list()
            .map(|list| list.iter().cloned().map(Either::Left).collect())
            .unwrap_or_default(),
    }
}

/// A plain call as the EVM takes it.
pub(super) fn call_env(caller: Address, kind: TxKind, input: Bytes, gas_limit: u64) -> TxEnv {
    TxEnv {
        tx_type: 0,
        caller,
        gas_limit,
        gas_price: 0,
        kind,
        value: U256::ZERO,
        data: input,
        nonce: 0,
        chain_id: None,
        access_list: AccessList::default(),
        gas_priority_fee: None,
        blob_hashes: Vec::new(),
        max_fee_per_blob_gas: 0,
        authorization_list: Vec::new(),
    }
}
