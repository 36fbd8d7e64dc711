//! Background traffic: a few transfers and token transfers a block, so that blocks, logs and receipts are not empty.

use alloy::consensus::{TxEip1559, TxEip2930, TxEnvelope, TxLegacy, transaction::Recovered};
use alloy::primitives::{Address, TxKind, U256};
use alloy::sol_types::SolCall;

use super::accounts::{FIRST_TRAFFIC_ACCOUNT, PRACTICE_ACCOUNTS};
use super::genesis::{PRACTICE_DOLLAR, PRACTICE_GOLD};
use super::signing::sign;
use super::state::State;
use super::{ChainError, Traffic};
use crate::contracts::Erc20;

/// Gas limit of one traffic transaction; generous, since Amsterdam charges state growth in gas.
const GAS_LIMIT: u64 = 400_000;
/// Tip of a traffic transaction, wei per gas: less than people pay.
const TIP: u128 = 1_000_000;

/// The transactions that the practice accounts send in block `number` on `state`: the same for the same arguments.
pub(super) fn transactions(
    traffic: Traffic,
    chain_id: u64,
    number: u64,
    base_fee: u64,
    state: &State,
) -> Result<Vec<Recovered<TxEnvelope>>, ChainError> {
    let mut rng = fastrand::Rng::with_seed(traffic.seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let mut nonces: Vec<u64> = PRACTICE_ACCOUNTS.iter().map(|account| state.nonce(account.address)).collect();
    let mut made = Vec::new();
    for turn in 0..traffic.per_block {
        let from = rng.usize(FIRST_TRAFFIC_ACCOUNT..PRACTICE_ACCOUNTS.len());
        let to = rng.usize(FIRST_TRAFFIC_ACCOUNT..PRACTICE_ACCOUNTS.len());
        let Some((nonce, recipient)) = nonces.get_mut(from).zip(PRACTICE_ACCOUNTS.get(to)) else { continue };
        let call = payment(&mut rng, turn, recipient.address);
        made.push(signed(from, Terms { chain_id, nonce: *nonce, base_fee }, turn, call)?);
        *nonce = nonce.saturating_add(1);
    }
    Ok(made)
}

struct Payment {
    to: Address,
    value: U256,
    input: Vec<u8>,
}

#[derive(Clone, Copy)]
struct Terms {
    chain_id: u64,
    nonce: u64,
    base_fee: u64,
}

/// By turns: ether, Practice Dollar, Practice Gold.
fn payment(rng: &mut fastrand::Rng, turn: u8, recipient: Address) -> Payment {
    let value = U256::from(rng.u64(1_000_000_000..1_000_000_000_000));
    let token = match turn % 3 {
        0 => return Payment { to: recipient, value, input: Vec::new() },
        1 => PRACTICE_DOLLAR,
        _ => PRACTICE_GOLD,
    };
    Payment { to: token, value: U256::ZERO, input: Erc20::transferCall { to: recipient, value }.abi_encode() }
}

/// By turns: type 2, legacy, type 1.
fn signed(from: usize, terms: Terms, turn: u8, pay: Payment) -> Result<Recovered<TxEnvelope>, ChainError> {
    let Terms { chain_id, nonce, base_fee } = terms;
    let (to, value, input) = (TxKind::Call(pay.to), pay.value, pay.input.into());
    let fee = u128::from(base_fee).saturating_mul(2).saturating_add(TIP);
    let gas_price = u128::from(base_fee).saturating_add(TIP);
    match turn % 4 {
        1 => {
            let chain_id = Some(chain_id);
            sign(from, TxLegacy { chain_id, nonce, gas_price, gas_limit: GAS_LIMIT, to, value, input })
        }
        2 => {
            let access_list = Default::default();
            let gas_limit = GAS_LIMIT;
            sign(from, TxEip2930 { chain_id, nonce, gas_price, gas_limit, to, value, access_list, input })
        }
        _ => sign(
            from,
            TxEip1559 {
                chain_id,
                nonce,
                gas_limit: GAS_LIMIT,
                max_fee_per_gas: fee,
                max_priority_fee_per_gas: TIP,
                to,
                value,
                input,
                ..TxEip1559::default()
            },
        ),
    }
}
