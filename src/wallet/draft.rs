//! From an intent to a whole transaction, on proven state.

use alloy::consensus::{TxEip1559, TxEip2930, TxEip7702, TxLegacy};
use alloy::eips::eip2930::AccessList;
use alloy::eips::eip7702::Authorization;
use alloy::primitives::{Address, Bytes, TxKind, U256};
use alloy::sol_types::SolCall as _;

use crate::chain::{ReadError, StateAt};
use crate::contracts::Erc20;
use crate::execution::{Call, GasEstimate};

use super::{Fees, Intent, TxType, Unsigned};

/// Gas of a plain transfer of ether.
const TRANSFER_GAS: u64 = 21_000;
/// Most gas of one transaction from Osaka on (EIP-7825).
pub(super) const TRANSACTION_GAS_CAP: u64 = 1 << 24;
/// Gas proposed for a call that fails: enough to see it fail, not enough to lose much.
const FALLBACK_GAS: u64 = 500_000;
/// EIP-7702: what each authorization costs before refunds.
const AUTHORIZATION_GAS: u64 = 25_000;
/// Gas that a call may need in the next block beside what it needs on this state: a lender that has just accrued its
/// interest accrues it anew a block later, which asks its model of rates and writes some slots.
const LATER_GAS: u64 = 60_000;
/// The code of an account that runs another's (EIP-7702).
pub(super) const DELEGATION_PREFIX: [u8; 3] = [0xef, 0x01, 0x00];

/// Whose code an account runs (EIP-7702), by its own code; `None` where that is no delegation.
pub fn delegate_of(code: &[u8]) -> Option<Address> {
    let rest = code.strip_prefix(&DELEGATION_PREFIX)?;
    (rest.len() == Address::len_bytes()).then(|| Address::from_slice(rest))
}

/// What a draft is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftRequest {
    /// The account that pays and signs.
    pub from: Address,
    /// What is wanted.
    pub intent: Intent,
    /// What is paid per gas.
    pub fees: Fees,
    /// In place of the next one.
    pub nonce: Option<u64>,
    /// In place of what was searched.
    pub gas_limit: Option<u64>,
    /// Form of the transaction; a delegation is always type 4.
    pub kind: TxType,
    /// Nonces of this account that wait in the journal: the next one comes after them.
    pub waiting: Vec<(u64, U256)>,
}

/// A whole transaction that nobody has looked at yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub(super) from: Address,
    pub(super) unsigned: Unsigned,
}

/// Why there is no draft.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DraftError {
    /// State could not be proven.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// All there is does not pay the fee.
    #[error("Not enough ETH: the fee may come to {fee} wei, the account has {balance} wei.")]
    NothingLeft {
        /// Most that the fee can come to, with its margin.
        fee: U256,
        /// What there is.
        balance: U256,
    },
    /// The token answered no balance.
    #[error("the contract {token} answers no token balance")]
    NoToken {
        /// The contract.
        token: Address,
    },
    /// A type 4 transaction can create no contract, and other types can delegate nothing.
    #[error("this form of transaction cannot do that")]
    Form,
}

impl Draft {
    /// Takes a transaction that was made elsewhere: an offline file, a replacement, a pasted one.
    pub fn of(from: Address, unsigned: Unsigned) -> Self {
        Self { from, unsigned }
    }

    /// Makes the transaction: nonce and funds proven, gas searched on proven state.
    ///
    /// # Errors
    /// [`DraftError`].
    pub async fn make(state: &StateAt, chain_id: u64, request: &DraftRequest) -> Result<Self, DraftError> {
        let account = state.account(request.from).await?.into_value();
        let nonce = request.nonce.unwrap_or_else(|| next_nonce(account.nonce, &request.waiting));
        let ether_max = request.intent.wants_all() && request.intent.token().is_none();
        let all = match request.intent.token().filter(|_| request.intent.wants_all()) {
            Some(token) => token_balance(state, token, request.from).await?,
            // Gas does not depend on how much is sent, so one wei stands for all while it is searched.
            None => U256::from(u64::from(ether_max)),
        };
        let (to, value, data) = request.intent.call(request.from, all);
        let gas_limit = match request.gas_limit {
            Some(gas) => gas,
            // Nothing can be run that the account cannot pay; the review says so (R17).
            None if value > account.balance => {
                if data.is_empty() {
                    TRANSFER_GAS
                } else {
                    FALLBACK_GAS
                }
            }
            None => gas(state, request, (to, value, &data)).await?,
        };
        let mut unsigned = build(request, chain_id, (nonce, gas_limit), (to, value, data))?;
        if ether_max {
            let fee = unsigned.max_fee();
            let kept = fee.saturating_add(fee / U256::from(5));
            // What goes before it may still take its part.
            let before = request.waiting.iter().filter(|(earlier, _)| *earlier < nonce);
            let spoken = before.fold(U256::ZERO, |sum, (_, cost)| sum.saturating_add(*cost));
            let balance = account.balance.saturating_sub(spoken);
            let rest = balance.checked_sub(kept).filter(|rest| !rest.is_zero());
            unsigned.set_value(rest.ok_or(DraftError::NothingLeft { fee: kept, balance })?);
        }
        Ok(Self { from: request.from, unsigned })
    }

    /// The account that pays and signs.
    pub fn from(&self) -> Address {
        self.from
    }

    /// The transaction.
    pub fn unsigned(&self) -> &Unsigned {
        &self.unsigned
    }
}

/// The lowest nonce that nothing here waits with: a gap further up must not make everything after it wait for ever.
fn next_nonce(proven: u64, waiting: &[(u64, U256)]) -> u64 {
    let mut next = proven;
    while waiting.iter().any(|(taken, _)| *taken == next) {
        next = next.saturating_add(1);
    }
    next
}

async fn token_balance(state: &StateAt, token: Address, owner: Address) -> Result<U256, DraftError> {
    let call = Call::read(token, Erc20::balanceOfCall { owner }.abi_encode());
    let outcome = state.call(call).await?.into_value();
    let answer = outcome.is_success().then(|| outcome.output.get(..32)).flatten();
    answer.map(U256::from_be_slice).ok_or(DraftError::NoToken { token })
}

/// The least gas that suffices on this state, with room where code runs.
async fn gas(
    state: &StateAt,
    request: &DraftRequest,
    (to, value, data): (Option<Address>, U256, &Bytes),
) -> Result<u64, DraftError> {
    if matches!(request.intent, Intent::Delegate { .. }) {
        return Ok(TRANSFER_GAS.saturating_add(AUTHORIZATION_GAS).saturating_mul(6) / 5);
    }
    let call = Call { from: request.from, to, value, input: data.clone(), ..Call::default() };
    Ok(match state.estimate_gas(call).await?.into_value() {
        GasEstimate::Needs(TRANSFER_GAS) => TRANSFER_GAS,
        GasEstimate::Needs(gas) => with_room(gas, matches!(request.intent, Intent::Call { .. })),
        GasEstimate::Fails(_) => FALLBACK_GAS,
    })
}

/// What is proposed where `least` suffices on this state: a fifth more, for the next block's state may differ; for a call of
/// any kind a third more. What is not used is not paid.
fn with_room(least: u64, any_call: bool) -> u64 {
    let room = if any_call { (least / 3).max(LATER_GAS) } else { least / 5 };
    least.saturating_add(room).min(TRANSACTION_GAS_CAP)
}

fn build(
    request: &DraftRequest,
    chain_id: u64,
    (nonce, gas_limit): (u64, u64),
    (to, value, input): (Option<Address>, U256, Bytes),
) -> Result<Unsigned, DraftError> {
    let Fees { max_fee, tip } = request.fees;
    let target = to.map_or(TxKind::Create, TxKind::Call);
    if let Intent::Delegate { code } = request.intent {
        let tx = TxEip7702 {
            chain_id,
            nonce,
            gas_limit,
            max_fee_per_gas: max_fee,
            max_priority_fee_per_gas: tip,
            to: to.ok_or(DraftError::Form)?,
            value,
            input,
            ..TxEip7702::default()
        };
        // The transaction itself uses its nonce before the authorization is looked at.
        let own =
            Authorization { chain_id: U256::from(chain_id), address: code, nonce: nonce.saturating_add(1) };
        return Ok(Unsigned::Eip7702 { tx, authorizations: vec![own] });
    }
    Ok(match request.kind {
        TxType::Eip1559 => Unsigned::Eip1559(TxEip1559 {
            chain_id,
            nonce,
            gas_limit,
            max_fee_per_gas: max_fee,
            max_priority_fee_per_gas: tip.min(max_fee),
            to: target,
            value,
            access_list: AccessList::default(),
            input,
        }),
        TxType::Eip2930 => Unsigned::Eip2930(TxEip2930 {
            chain_id,
            nonce,
            gas_price: max_fee,
            gas_limit,
            to: target,
            value,
            access_list: AccessList::default(),
            input,
        }),
        TxType::Legacy => Unsigned::Legacy(TxLegacy {
            chain_id: Some(chain_id),
            nonce,
            gas_price: max_fee,
            gas_limit,
            to: target,
            value,
            input,
        }),
        TxType::Eip7702 => return Err(DraftError::Form),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_has_room_for_what_the_next_block_adds() {
        // Collateral taken out of Morpho Blue one block after its interest was accrued ran out of gas with a fifth more.
        assert_eq!((with_room(90_000, true), with_room(300_000, true)), (150_000, 400_000));
        assert_eq!(with_room(50_000, false), 60_000);
        assert_eq!(with_room(TRANSACTION_GAS_CAP, true), TRANSACTION_GAS_CAP);
    }
}
