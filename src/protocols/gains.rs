//! What a call would bring: it is run, and what its sender holds is read before and after.

use alloy::primitives::{Address, Bytes, U256};
use alloy::sol_types::SolCall as _;

use super::{Answers, JointState, ProtocolError, first_word};
use crate::contracts::Erc20;
use crate::execution::Call;

/// Units of each of `tokens` (zero for ether) that `call` would bring its sender at this block, fees of the transaction
/// not counted; or why it would fail, in words.
///
/// # Errors
/// Where state could not be proven, or a token does not tell a balance.
pub(super) async fn gains(
    state: &JointState,
    call: Call,
    tokens: &[Address],
) -> Result<Result<Vec<U256>, String>, ProtocolError> {
    let balances: Vec<Call> = tokens.iter().map(|token| balance(*token, call.from)).collect();
    let to = call.to.unwrap_or_default();
    let mut calls = balances.clone();
    calls.push(call);
    calls.extend(balances);
    let outcomes = state.in_turn(calls).await?;
    let missing = || ProtocolError::Inconsistent { detail: "an answer is missing".to_owned() };
    let acted = outcomes.get(tokens.len()).ok_or_else(missing)?.value();
    if !acted.is_success() {
        let chain_id = state.state().evm_env()?.chain_id();
        return Ok(Err(Answers::explain(chain_id, to, acted)));
    }
    let after = outcomes.iter().skip(tokens.len().saturating_add(1));
    let mut brought = Vec::new();
    for ((before, after), token) in outcomes.iter().zip(after).zip(tokens) {
        let word = |output: &Bytes| {
            first_word(output).ok_or_else(|| ProtocolError::Inconsistent {
                detail: format!("the token {token} does not tell a balance"),
            })
        };
        brought.push(word(&after.value().output)?.saturating_sub(word(&before.value().output)?));
    }
    Ok(Ok(brought))
}

/// Asks what `owner` holds. Of ether there is no view: code that returns `BALANCE` runs as a creation, of which nothing
/// is kept.
fn balance(token: Address, owner: Address) -> Call {
    if !token.is_zero() {
        return Call::read(token, Erc20::balanceOfCall { owner }.abi_encode());
    }
    let mut code = vec![0x73];
    code.extend_from_slice(owner.as_slice());
    code.extend_from_slice(&[0x31, 0x5f, 0x52, 0x60, 0x20, 0x5f, 0xf3]);
    Call { to: None, input: Bytes::from(code), ..Call::default() }
}
