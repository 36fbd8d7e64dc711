//! The signatures that are permissions by themselves (EIP-2612, DAI, Permit2), read by their exact types.

use alloy::dyn_abi::TypedData;
use alloy::primitives::{Address, U256};
use serde_json::Value;

use super::Act;

/// The last second that has a year with four digits.
const LAST_SECOND: u64 = 253_402_300_799;

const PERMIT: &str = "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)";
const DAI_PERMIT: &str = "Permit(address holder,address spender,uint256 nonce,uint256 expiry,bool allowed)";
const PERMIT_SINGLE: &str = "PermitSingle(PermitDetails details,address spender,uint256 sigDeadline)PermitDetails(address token,uint160 amount,uint48 expiration,uint48 nonce)";
const PERMIT_BATCH: &str = "PermitBatch(PermitDetails[] details,address spender,uint256 sigDeadline)PermitDetails(address token,uint160 amount,uint48 expiration,uint48 nonce)";
const TRANSFER_FROM: &str = "PermitTransferFrom(TokenPermissions permitted,address spender,uint256 nonce,uint256 deadline)TokenPermissions(address token,uint256 amount)";
const BATCH_TRANSFER_FROM: &str = "PermitBatchTransferFrom(TokenPermissions[] permitted,address spender,uint256 nonce,uint256 deadline)TokenPermissions(address token,uint256 amount)";

/// A right that a signature alone gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    /// The token.
    pub token: Address,
    /// Who may take.
    pub spender: Address,
    /// Raw units; `None` for all there is.
    pub amount: Option<U256>,
    /// Unix second until which; `None` for ever.
    pub until: Option<u64>,
}

/// A number of typed data: JSON has them as numbers or as texts.
pub(super) fn number(value: Option<&Value>) -> Option<U256> {
    match value? {
        Value::Number(number) => number.as_u64().map(U256::from),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn address(value: Option<&Value>) -> Option<Address> {
    value?.as_str()?.parse().ok()
}

fn until(value: Option<&Value>) -> Option<Option<u64>> {
    let second = number(value)?;
    Some(u64::try_from(second).ok().filter(|second| *second <= LAST_SECOND))
}

/// The second from which on no contract takes the signature; `None` where it names none.
pub(super) fn deadline(data: &TypedData) -> Option<u64> {
    let named = ["sigDeadline", "deadline", "expiry"].into_iter().find_map(|name| data.message.get(name))?;
    // DAI's 0 is for ever.
    until(Some(named))?.filter(|second| *second > 0)
}

fn limited(amount: U256, width_max: U256) -> Option<U256> {
    (amount < width_max && !Act::is_unlimited(amount)).then_some(amount)
}

/// What is allowed, by the exact type; `None` where the type is not known or its values do not fit.
pub(super) fn permissions(encoded_type: &str, data: &TypedData, signer: Address) -> Option<Vec<Permission>> {
    let message = &data.message;
    let contract = data.domain.verifying_contract;
    let max_160 = (U256::from(1) << 160_usize).saturating_sub(U256::from(1));
    let spender = address(message.get("spender"))?;
    match encoded_type {
        PERMIT => {
            address(message.get("owner")).filter(|owner| *owner == signer)?;
            let amount = limited(number(message.get("value"))?, U256::MAX);
            Some(vec![Permission {
                token: contract?,
                spender,
                amount,
                until: until(message.get("deadline"))?,
            }])
        }
        DAI_PERMIT => {
            let allowed =
                message.get("allowed").is_some_and(|one| *one == Value::Bool(true) || *one == "true");
            let amount = if allowed { None } else { Some(U256::ZERO) };
            let expiry = number(message.get("expiry"))?;
            let until = if expiry.is_zero() { None } else { until(message.get("expiry"))? };
            Some(vec![Permission { token: contract?, spender, amount, until }])
        }
        PERMIT_SINGLE => Some(vec![detail(message.get("details")?, spender, max_160)?]),
        PERMIT_BATCH => {
            let all = message.get("details")?.as_array()?;
            all.iter().map(|one| detail(one, spender, max_160)).collect()
        }
        TRANSFER_FROM => Some(vec![permitted(message.get("permitted")?, message, spender)?]),
        BATCH_TRANSFER_FROM => {
            let all = message.get("permitted")?.as_array()?;
            all.iter().map(|one| permitted(one, message, spender)).collect()
        }
        _ => None,
    }
}

fn detail(details: &Value, spender: Address, max: U256) -> Option<Permission> {
    let amount = limited(number(details.get("amount"))?, max);
    let until = until(details.get("expiration"))?;
    Some(Permission { token: address(details.get("token"))?, spender, amount, until })
}

fn permitted(one: &Value, message: &Value, spender: Address) -> Option<Permission> {
    let amount = limited(number(one.get("amount"))?, U256::MAX);
    let until = until(message.get("deadline"))?;
    Some(Permission { token: address(one.get("token"))?, spender, amount, until })
}
