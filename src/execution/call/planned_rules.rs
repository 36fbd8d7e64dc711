//! Rules of blocks that nobody made, beyond what the EVM checks itself.

use std::cmp::Ordering;

use revm::context::result::{EVMError, InvalidTransaction};

use super::batch::invalid;
use super::{CallError, TxRule};

/// Before fees and funds, as in a block.
pub(super) fn check_nonce(nonce: u64, next: u64) -> Result<(), CallError> {
    let rule = match nonce.cmp(&next) {
        Ordering::Less => TxRule::NonceTooLow,
        Ordering::Greater => TxRule::NonceTooHigh,
        Ordering::Equal if nonce == u64::MAX => TxRule::Other,
        Ordering::Equal => return Ok(()),
    };
    let detail = format!("its nonce is {nonce}, and the sender's next one is {next}");
    Err(CallError::Refused { rule, detail })
}

/// EIP-1559.
pub(super) fn next_base_fee(gas_used: u64, gas_limit: u64, base_fee: u64) -> u64 {
    use alloy::eips::eip1559::{BaseFeeParams, calc_next_block_base_fee};
    if gas_limit < 2 {
        return base_fee; // half of it divides
    }
    calc_next_block_base_fee(gas_used, gas_limit, base_fee, BaseFeeParams::ethereum())
}

/// Why no block would take it, by the rule it breaks.
pub(super) fn refused<E: std::fmt::Display + std::fmt::Debug>(error: EVMError<E>) -> CallError {
    let rule = match &error {
        EVMError::Transaction(InvalidTransaction::NonceTooLow { .. }) => TxRule::NonceTooLow,
        EVMError::Transaction(InvalidTransaction::NonceTooHigh { .. }) => TxRule::NonceTooHigh,
        EVMError::Transaction(InvalidTransaction::GasPriceLessThanBasefee) => TxRule::BaseFee,
        EVMError::Transaction(
            InvalidTransaction::CallGasCostMoreThanGasLimit { .. }
            | InvalidTransaction::GasFloorMoreThanGasLimit { .. },
        ) => TxRule::IntrinsicGas,
        EVMError::Transaction(InvalidTransaction::LackOfFundForMaxFee { .. }) => TxRule::Funds,
        EVMError::Transaction(InvalidTransaction::CreateInitCodeSizeLimit) => TxRule::InitCodeSize,
        _ => TxRule::Other,
    };
    match invalid(error) {
        CallError::Invalid { detail } => CallError::Refused { rule, detail },
        other => other,
    }
}
