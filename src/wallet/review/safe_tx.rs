//! A Safe's transaction as its owners sign it (EIP-712): what the signature would let run, read like any other call.

use alloy::dyn_abi::TypedData;
use alloy::primitives::{Address, Bytes, U256};
use alloy::sol;
use alloy::sol_types::SolCall as _;

use super::approval_checks::readable;
use super::finding::{Fact, Finding, Level};
use super::input::SafeChange;
use super::protocol_checks::control;
use super::text::ether_up;
use super::typed_permits::number;
use super::{Act, ReviewInput};
use crate::contracts::{CallBody, DecodedCall, decode_calldata};

const SAFE_TX: &str = "SafeTx(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,uint256 gasPrice,address gasToken,address refundReceiver,uint256 nonce)";

sol! {
    /// What the owners' signatures are for.
    function execTransaction(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, bytes signatures) external;
}

/// What an owner would sign.
pub(super) struct SafeTx {
    safe: Address,
    nonce: U256,
    value: U256,
    pays_back: bool,
    /// The Safe does not undo a call that fails.
    keeps_failure: bool,
    call: DecodedCall,
}

impl SafeTx {
    /// Read where the type is exactly a Safe's and every field fits it.
    pub(super) fn read(encoded_type: &str, data: &TypedData, input: &ReviewInput<'_>) -> Option<Self> {
        let safe = data.domain.verifying_contract.filter(|_| encoded_type == SAFE_TX)?;
        let number = |name| number(data.message.get(name));
        let address = |name| data.message.get(name)?.as_str()?.parse::<Address>().ok();
        let bytes = |name| data.message.get(name)?.as_str()?.parse::<Bytes>().ok();
        let (value, nonce, gas_price) = (number("value")?, number("nonce")?, number("gasPrice")?);
        let call = execTransactionCall {
            to: address("to")?,
            value,
            data: bytes("data")?,
            operation: u8::try_from(number("operation")?).ok().filter(|one| *one < 2)?,
            safeTxGas: number("safeTxGas")?,
            baseGas: number("baseGas")?,
            gasPrice: gas_price,
            gasToken: address("gasToken")?,
            refundReceiver: address("refundReceiver")?,
            signatures: Bytes::new(),
        };
        let pays_back = !gas_price.is_zero();
        let keeps_failure = pays_back || !call.safeTxGas.is_zero();
        let call = decode_calldata(input.book, input.chain_id, Some(safe), &call.abi_encode());
        Some(Self { safe, nonce, value, pays_back, keeps_failure, call })
    }

    /// The intent sentence.
    pub(super) fn sentence(&self) -> String {
        let what: Vec<String> = self.call.inner.iter().map(DecodedCall::title).collect();
        let ether =
            if self.value.is_zero() { String::new() } else { format!("{} ETH, ", ether_up(self.value)) };
        let to = self.call.inner.first().and_then(|one| one.to).unwrap_or_default();
        let (safe, nonce, what) = (self.safe, self.nonce, what.join("; "));
        format!("You let the Safe {safe} run its transaction {nonce} to {to}: {ether}{what}.")
    }

    /// The call that the signatures are for.
    pub(super) fn call(&self) -> &DecodedCall {
        &self.call
    }

    /// The checks of what would run.
    pub(super) fn findings(&self, input: &ReviewInput<'_>) -> Vec<Finding> {
        let mut found = Vec::new();
        match input.safe.clone().or_else(|| safe_change(&self.call)) {
            Some(change) => found.push(control(&change)),
            None => found.push(Finding::passed(23, "It does not change who controls the Safe")),
        }
        if self.call.inner.is_empty() || !readable(&self.call) {
            let text = "Lifeboat cannot read this call, so you would sign blind.";
            found.push(Finding::danger(10, text, Fact::new("BLIND", &["BLIND"])));
        }
        if unlimited(&self.call) {
            let text =
                "The spender may take all of a token that the Safe has, now and later, without asking.";
            found.push(Finding::danger(7, text, Fact::new("UNLIMITED", &["UNLIMITED"])));
        }
        if self.pays_back {
            let text = "It pays gas back out of the Safe's funds to whoever runs it.";
            found.push(Finding::new(23, Level::Caution, text));
        }
        if self.keeps_failure {
            let text = "If the call inside fails, the Safe does not undo it: its number and the signatures are used up for nothing.";
            found.push(Finding::new(11, Level::Caution, text));
        }
        found
    }
}

/// An approval without an end, anywhere in the tree of calls.
fn unlimited(call: &DecodedCall) -> bool {
    let own = match &call.body {
        CallBody::Function { signature, args, .. } => match signature.as_str() {
            "approve(address,uint256)" | "increaseAllowance(address,uint256)" => {
                args.get(1).and_then(|one| one.value.as_uint()).is_some_and(Act::is_unlimited)
            }
            _ => false,
        },
        _ => false,
    };
    own || call.inner.iter().any(unlimited)
}

/// R23: a change of control over a Safe, anywhere in the tree of calls.
pub fn safe_change(call: &DecodedCall) -> Option<SafeChange> {
    change_in(call, false)
}

/// The same where the number of signatures is known to stay what it is.
pub fn safe_change_of_owners(call: &DecodedCall) -> Option<SafeChange> {
    change_in(call, true)
}

fn change_in(call: &DecodedCall, same_threshold: bool) -> Option<SafeChange> {
    if call.delegate {
        return Some(SafeChange::Delegatecall { to: call.to.unwrap_or_default() });
    }
    if let CallBody::Function { name, .. } = &call.body {
        let what = match name.as_str() {
            "addOwnerWithThreshold" => "an owner is added",
            "removeOwner" => "an owner is removed",
            "swapOwner" => "an owner is swapped",
            "changeThreshold" if same_threshold => "",
            "changeThreshold" => "the number of signatures changes",
            "enableModule" => "a module may move funds without owners",
            "setGuard" | "setModuleGuard" => "a guard is set",
            "setFallbackHandler" => "the fallback handler changes",
            _ => "",
        };
        if !what.is_empty() {
            return Some(SafeChange::Control { what: what.to_owned() });
        }
    }
    call.inner.iter().find_map(|inner| change_in(inner, same_threshold))
}

/// The Safe whose number of signatures a call sets, and that number; anywhere in the tree of calls. Only state says what
/// it was before.
pub fn threshold_change(call: &DecodedCall) -> Option<(Address, u64)> {
    let own = || {
        let CallBody::Function { name, args, .. } = &call.body else { return None };
        let sets = ["changeThreshold", "addOwnerWithThreshold", "removeOwner"].contains(&name.as_str());
        let number = args.last().filter(|_| sets)?.value.as_uint()?;
        Some((call.to?, u64::try_from(number).unwrap_or(u64::MAX)))
    };
    own().or_else(|| call.inner.iter().find_map(threshold_change))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{effects, input};
    use super::super::{AccountFacts, CheckId, Gesture, TypedDataReview};
    use serde_json::Value;

    use super::*;

    const SAFE: Address = Address::repeat_byte(0x5a);

    sol! {
        function enableModule(address module);
        function changeThreshold(uint256 threshold);
        function approve(address spender, uint256 value);
    }

    fn review((to, data): (Address, &[u8]), more: &[(&str, Value)]) -> TypedDataReview {
        let kinds = SAFE_TX.trim_start_matches("SafeTx(").trim_end_matches(')').split(',');
        let fields: Vec<Value> = kinds
            .map(|field| field.split_once(' ').unwrap())
            .map(|(kind, name)| serde_json::json!({"name": name, "type": kind}))
            .collect();
        let mut message = serde_json::json!({
            "to": to, "value": "2000000000000000000", "data": Bytes::copy_from_slice(data), "operation": 0,
            "safeTxGas": "0", "baseGas": "0", "gasPrice": "0", "gasToken": Address::ZERO,
            "refundReceiver": Address::ZERO, "nonce": "7",
        });
        for (name, value) in more {
            message[*name] = value.clone();
        }
        let domain = serde_json::json!([
            {"name": "chainId", "type": "uint256"}, {"name": "verifyingContract", "type": "address"},
        ]);
        let json = serde_json::json!({
            "types": {"EIP712Domain": domain, "SafeTx": fields}, "primaryType": "SafeTx",
            "domain": {"chainId": 1, "verifyingContract": SAFE}, "message": message,
        });
        let (book, effects) = (crate::contracts::AbiBook::new(), effects());
        let mut input = input(&book, &effects);
        input.recipient = input.recipient.map(|facts| AccountFacts { has_code: true, ..facts });
        TypedDataReview::new(&json.to_string(), &input).unwrap()
    }

    fn dangers(review: &TypedDataReview) -> Vec<(CheckId, &str)> {
        let bad = review.findings.iter().filter(|one| one.level == Level::Danger);
        bad.map(|one| (one.check, one.fact.as_ref().unwrap().prompt.as_str())).collect()
    }

    #[test]
    fn a_payment_is_read_and_is_not_signed_blind() {
        let paid = review((Address::repeat_byte(9), &[]), &[]);
        assert_eq!(paid.gesture(), Gesture::Click, "{:?}", paid.findings);
        let to = Address::repeat_byte(9);
        let said = format!(
            "You let the Safe {SAFE} run its transaction 7 to {to}: 2 ETH, no data: a transfer of ether."
        );
        assert_eq!(paid.sentence, said);
    }

    #[test]
    fn what_changes_control_or_cannot_be_read_is_a_danger_with_its_fact() {
        let module = enableModuleCall { module: Address::repeat_byte(3) }.abi_encode();
        let module = review((SAFE, &module), &[]);
        assert_eq!(dangers(&module), [(CheckId(23), "CONTROL")], "{:?}", module.findings);
        let foreign = review((Address::repeat_byte(9), &[]), &[("operation", 1.into())]);
        assert_eq!(dangers(&foreign), [(CheckId(23), "DELEGATE")]);
        let blind = review((Address::repeat_byte(9), &[0xde, 0xad, 0xbe, 0xef, 1]), &[]);
        assert_eq!(dangers(&blind), [(CheckId(10), "BLIND")]);
        let all = approveCall { spender: Address::repeat_byte(4), value: U256::MAX }.abi_encode();
        let all = review((Address::repeat_byte(9), &all), &[]);
        assert_eq!(dangers(&all), [(CheckId(7), "UNLIMITED")], "{:?}", all.findings);
        let fewer = changeThresholdCall { threshold: U256::from(1) }.abi_encode();
        let fewer = review((SAFE, &fewer), &[]);
        assert_eq!(dangers(&fewer), [(CheckId(23), "CONTROL")], "without state nobody knows what it was");
        assert_eq!(threshold_change(fewer.safe_call().unwrap()), Some((SAFE, 1)));
        assert_eq!(threshold_change(module.safe_call().unwrap()), None);
        let refund = review((Address::repeat_byte(9), &[]), &[("gasPrice", "1".into())]);
        assert_eq!(refund.gesture(), Gesture::Hold);
        let keeps = |review: &TypedDataReview| {
            review.findings.iter().any(|one| one.check == CheckId(11) && one.level == Level::Caution)
        };
        let limited = review((Address::repeat_byte(9), &[]), &[("safeTxGas", "1".into())]);
        assert!(keeps(&refund) && keeps(&limited), "a call that fails is not undone: {:?}", limited.findings);
        assert!(!keeps(&review((Address::repeat_byte(9), &[]), &[])));
    }

    #[test]
    fn another_type_of_that_name_is_not_read_as_a_safes() {
        // A number that does not fit the type: no Safe's transaction, so nothing is known of it.
        let strange = review((Address::repeat_byte(9), &[]), &[("operation", 2.into())]);
        assert!(dangers(&strange).contains(&(CheckId(10), "BLIND")), "{:?}", strange.findings);
    }
}
