//! Block 0 and the transactions of block 1: funded practice accounts, system contracts, two tokens, a market.

use alloy::consensus::constants::EMPTY_WITHDRAWALS;
use alloy::consensus::{Header, Sealed, TxEip1559, TxEnvelope, transaction::Recovered};
use alloy::eips::{eip1559::INITIAL_BASE_FEE, eip2935, eip4788, eip7002, eip7251, eip7685, eip7928};
use alloy::primitives::{Address, B256, Bytes, TxKind, U256, address, hex};
use alloy::sol_types::{SolCall, SolValue};
use revm::primitives::hardfork::SpecId;

use super::accounts::{KEEPER, PRACTICE_ACCOUNTS};
use super::market::market_calls;
use super::signing::sign;
use super::state::State;
use super::{ChainConfig, ChainError, ExecutionBlock};
use crate::contracts::Erc20;

/// Practice Dollar (`PUSD`), 18 decimals: OpenZeppelin's `ERC20PresetFixedSupply`, created by account 0 in block 1.
pub const PRACTICE_DOLLAR: Address = address!("0x5FbDB2315678afecb367f032d93F642f64180aa3");
/// Practice Gold (`PGLD`), 18 decimals: OpenZeppelin's `ERC20PresetMinterPauser`, created by account 0 in block 1.
pub const PRACTICE_GOLD: Address = address!("0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512");

/// Ether of each practice account at genesis.
const FUNDS_ETHER: u64 = 10_000;
/// Highest fee of a genesis transaction, wei per gas.
const MAX_FEE: u128 = 2_000_000_000;
/// Gas limits, near EIP-7825's cap; generous, since Amsterdam charges state growth in gas.
const CREATION_GAS: u64 = 16_700_000;
const CALL_GAS: u64 = 1_000_000;
/// `extraData` of every block.
pub(super) const EXTRA_DATA: &[u8] = b"lifeboat practice network";

alloy::sol! {
    interface Minter {
        function mint(address to, uint256 amount) external;
    }
}

/// The state of block 0.
pub(super) fn genesis_state() -> State {
    let mut state = State::default();
    for account in PRACTICE_ACCOUNTS.iter().chain([&KEEPER]) {
        state.allocate(account.address, 0, ether(FUNDS_ETHER), None);
    }
    for (contract, code) in [
        (eip4788::BEACON_ROOTS_ADDRESS, &eip4788::BEACON_ROOTS_CODE),
        (eip2935::HISTORY_STORAGE_ADDRESS, &eip2935::HISTORY_STORAGE_CODE),
        (eip7002::WITHDRAWAL_REQUEST_PREDEPLOY_ADDRESS, &eip7002::WITHDRAWAL_REQUEST_PREDEPLOY_CODE),
        (eip7251::CONSOLIDATION_REQUEST_PREDEPLOY_ADDRESS, &eip7251::CONSOLIDATION_REQUEST_PREDEPLOY_CODE),
    ] {
        state.allocate(contract, 1, U256::ZERO, Some(code.clone()));
    }
    state
}

/// Block 0 over that state.
pub(super) fn genesis_block(config: &ChainConfig, state: &State) -> ExecutionBlock {
    let amsterdam = config.spec_at(config.genesis_time_secs).is_enabled_in(SpecId::AMSTERDAM);
    let header = Header {
        state_root: state.root(),
        gas_limit: config.gas_limit,
        timestamp: config.genesis_time_secs,
        extra_data: Bytes::from_static(EXTRA_DATA),
        base_fee_per_gas: Some(INITIAL_BASE_FEE),
        withdrawals_root: Some(EMPTY_WITHDRAWALS),
        blob_gas_used: Some(0),
        excess_blob_gas: Some(0),
        parent_beacon_block_root: Some(B256::ZERO),
        requests_hash: Some(eip7685::EMPTY_REQUESTS_HASH),
        block_access_list_hash: amsterdam.then(|| eip7928::compute_block_access_list_hash(&[])),
        slot_number: amsterdam.then_some(0),
        ..Header::default()
    };
    ExecutionBlock {
        header: Sealed::new(header),
        transactions: Vec::new(),
        receipts: Vec::new(),
        withdrawals: Vec::new(),
    }
}

/// The transactions of block 1: account 0 creates both tokens, hands them out, and sets the practice market up.
pub(super) fn genesis_transactions(chain_id: u64) -> Result<Vec<Recovered<TxEnvelope>>, ChainError> {
    let [owner, others @ ..] = PRACTICE_ACCOUNTS;
    let dollar = creation(
        "ERC20PresetFixedSupply",
        include_str!("../../../abis/ERC20PresetFixedSupply/creation.hex"),
    )?;
    let gold = creation(
        "ERC20PresetMinterPauser",
        include_str!("../../../abis/ERC20PresetMinterPauser/creation.hex"),
    )?;
    let dollar_arguments = ("Practice Dollar", "PUSD", ether(10_000_000), owner.address).abi_encode_params();
    let gold_arguments = ("Practice Gold", "PGLD").abi_encode_params();
    let create = |code: Vec<u8>, arguments: Vec<u8>| GenesisCall {
        to: TxKind::Create,
        input: [code, arguments].concat(),
        ..GenesisCall::default()
    };
    let mut calls = vec![create(dollar, dollar_arguments), create(gold, gold_arguments)];
    for (index, account) in (1u64..).zip(others) {
        let amount = ether(1_000).saturating_mul(U256::from(index));
        let transfer = Erc20::transferCall { to: account.address, value: amount }.abi_encode();
        let mint = Minter::mintCall { to: account.address, amount: ether(index) }.abi_encode();
        for (to, input) in [(PRACTICE_DOLLAR, transfer), (PRACTICE_GOLD, mint)] {
            calls.push(GenesisCall { to: to.into(), input, ..GenesisCall::default() });
        }
    }
    calls.extend(market_calls(u64::try_from(calls.len()).unwrap_or(u64::MAX))?);
    (0u64..).zip(calls).map(|(nonce, call)| sign(0, genesis_transaction(chain_id, nonce, call))).collect()
}

/// A call or creation of account 0 in block 1.
#[derive(Debug, Clone, Default)]
pub(super) struct GenesisCall {
    pub(super) to: TxKind,
    pub(super) input: Vec<u8>,
    /// Wei.
    pub(super) value: U256,
}

fn genesis_transaction(chain_id: u64, nonce: u64, call: GenesisCall) -> TxEip1559 {
    let GenesisCall { to, input, value } = call;
    TxEip1559 {
        chain_id,
        nonce,
        gas_limit: if to == TxKind::Create { CREATION_GAS } else { CALL_GAS },
        max_fee_per_gas: MAX_FEE,
        max_priority_fee_per_gas: 1,
        to,
        value,
        input: input.into(),
        ..TxEip1559::default()
    }
}

fn creation(name: &'static str, text: &str) -> Result<Vec<u8>, ChainError> {
    let Ok(code) = hex::decode(text.trim()) else { return Err(ChainError::Bytecode(name)) };
    Ok(code)
}

/// Wei in `amount` ether.
pub(super) fn ether(amount: u64) -> U256 {
    U256::from(amount).saturating_mul(U256::from(1_000_000_000_000_000_000u64))
}
