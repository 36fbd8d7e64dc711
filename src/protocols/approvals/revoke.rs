//! Taking rights back: pure.

use alloy::primitives::aliases::{U48, U160};
use alloy::primitives::{Address, U256};
use alloy::sol;
use alloy::sol_types::SolCall as _;

use super::list::{Approval, ApprovalKind};
use crate::protocols::{Allowance, Intent, approve};

sol! {
    /// A pair of Permit2.
    struct TokenSpenderPair {
        address token;
        address spender;
    }

    /// The part of Permit2 that changes rights.
    interface Permit2Rights {
        function approve(address token, address spender, uint160 amount, uint48 expiration) external;
        function lockdown(TokenSpenderPair[] approvals) external;
    }

    /// The part of ERC-721 and ERC-1155 that changes rights.
    interface Operators {
        function setApprovalForAll(address operator, bool approved) external;
    }
}

pub(super) fn revoke(right: &Approval) -> Intent {
    let name = right.name.clone().unwrap_or_else(|| right.spender.to_checksum(None));
    match right.kind {
        ApprovalKind::Token => approve(&right.asset, right.spender, U256::ZERO),
        ApprovalKind::Permit2 { .. } => {
            let pair = TokenSpenderPair { token: right.asset.address, spender: right.spender };
            let calldata = Permit2Rights::lockdownCall { approvals: vec![pair] }.abi_encode();
            let sentence = format!(
                "Take back from {name} the right to spend your {} through Permit2",
                right.asset.symbol
            );
            granting(Intent::call(right.permit2, calldata, sentence), right, U256::ZERO)
        }
        ApprovalKind::Operator => {
            let call = Operators::setApprovalForAllCall { operator: right.spender, approved: false };
            let sentence = format!("Take back from {name} the right to move all your {}", right.asset.symbol);
            granting(Intent::call(right.asset.address, call.abi_encode(), sentence), right, U256::ZERO)
        }
    }
}

pub(super) fn limit(right: &Approval, amount: U256) -> Option<Intent> {
    match right.kind {
        ApprovalKind::Token => Some(approve(&right.asset, right.spender, amount)),
        ApprovalKind::Permit2 { until } => {
            let call = Permit2Rights::approveCall {
                token: right.asset.address,
                spender: right.spender,
                amount: U160::saturating_from(amount),
                expiration: U48::saturating_from(until),
            };
            let sentence =
                format!("Limit {} to {} through Permit2", right.spender, right.asset.show_up(amount));
            Some(granting(Intent::call(right.permit2, call.abi_encode(), sentence), right, amount))
        }
        ApprovalKind::Operator => None,
    }
}

fn granting(mut intent: Intent, right: &Approval, amount: U256) -> Intent {
    let (token, spender): (_, Address) = (right.asset.clone(), right.spender);
    intent.grants.push(Allowance { token, spender, amount });
    intent
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::Asset;

    fn right(kind: ApprovalKind, amount: U256) -> Approval {
        let (one, two) = (Address::repeat_byte(1), Address::repeat_byte(2));
        let balance = U256::from(7);
        let asset = Asset::token(one, "USDC", 6);
        let (name, permit2) = (Some("Router".to_owned()), Address::repeat_byte(3));
        Approval {
            asset,
            spender: two,
            name,
            kind,
            amount,
            balance: Some(balance),
            at_risk: Some(balance),
            to_wallet: false,
            permit2,
        }
    }

    #[test]
    fn each_kind_is_taken_back_in_its_own_way() {
        let token = right(ApprovalKind::Token, U256::MAX).revoke();
        assert_eq!(token.to, Address::repeat_byte(1));
        assert_eq!(token.calldata[..4], [0x09, 0x5e, 0xa7, 0xb3]);
        assert!(token.calldata[36..].iter().all(|byte| *byte == 0));
        let inner = right(ApprovalKind::Permit2 { until: 5 }, U256::from(9)).revoke();
        assert_eq!(
            (inner.to, &inner.calldata[..4]),
            (Address::repeat_byte(3), &[0xcc, 0x53, 0x28, 0x7f][..])
        );
        assert!(inner.sentence.contains("Router"), "{}", inner.sentence);
        let operator = right(ApprovalKind::Operator, U256::from(2)).revoke();
        assert_eq!(operator.calldata[..4], [0xa2, 0x2c, 0xb4, 0x65]);
        assert!(right(ApprovalKind::Operator, U256::from(2)).limit(U256::from(1)).is_none());
    }

    #[test]
    fn what_is_without_limit_says_so() {
        let amounts =
            [U256::MAX, (U256::from(1) << 160) - U256::from(1), (U256::from(1) << 96) - U256::from(1)];
        for amount in amounts {
            assert_eq!(right(ApprovalKind::Token, amount).may_take(), "Unlimited");
        }
        assert_eq!(right(ApprovalKind::Token, U256::from(500_000_000)).may_take(), "500 USDC");
    }
}
