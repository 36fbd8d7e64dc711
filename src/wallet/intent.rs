//! What a person wants done, and the call that does it.

use alloy::primitives::{Address, Bytes, U256};
use alloy::sol;
use alloy::sol_types::SolCall as _;

use crate::contracts::Erc20;

sol! {
    interface Erc721Moves {
        function safeTransferFrom(address from, address to, uint256 tokenId) external;
        function setApprovalForAll(address operator, bool approved) external;
    }
    interface Erc1155Moves {
        function safeTransferFrom(address from, address to, uint256 id, uint256 value, bytes data) external;
    }
    interface Weth {
        function deposit() external payable;
        function withdraw(uint256 wad) external;
    }
    interface Erc20Approve {
        function approve(address spender, uint256 value) external returns (bool);
    }
}

/// How much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// Raw units: wei, or a token's smallest unit.
    Exactly(U256),
    /// All there is; of ether the fee × 1.2 is left.
    Max,
}

/// What a person wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Intent {
    /// Ether to somebody.
    SendEther {
        /// To whom.
        to: Address,
        /// Wei.
        amount: Amount,
    },
    /// An ERC-20 token to somebody.
    SendToken {
        /// The token.
        token: Address,
        /// To whom.
        to: Address,
        /// Raw units.
        amount: Amount,
    },
    /// An ERC-721 token to somebody.
    SendNft {
        /// The collection.
        collection: Address,
        /// Which one.
        id: U256,
        /// To whom.
        to: Address,
    },
    /// ERC-1155 tokens to somebody.
    SendMultiToken {
        /// The contract.
        collection: Address,
        /// Which kind.
        id: U256,
        /// To whom.
        to: Address,
        /// How many.
        amount: U256,
    },
    /// Let a spender take tokens; 0 takes the right back.
    Approve {
        /// The token.
        token: Address,
        /// Who may take.
        spender: Address,
        /// Up to so many raw units.
        amount: U256,
    },
    /// Let an operator move every token of a collection, or no more.
    ApproveAll {
        /// The collection.
        collection: Address,
        /// Who may.
        operator: Address,
        /// Given or taken back.
        approved: bool,
    },
    /// Ether into wrapped ether.
    Wrap {
        /// The wrapping contract.
        weth: Address,
        /// Wei.
        amount: Amount,
    },
    /// Wrapped ether into ether.
    Unwrap {
        /// The wrapping contract.
        weth: Address,
        /// Wei.
        amount: Amount,
    },
    /// Any call; `to` is `None` to create a contract from `data`.
    Call {
        /// Whom.
        to: Option<Address>,
        /// Wei sent along.
        value: U256,
        /// Calldata or creation code.
        data: Bytes,
    },
    /// EIP-7702: let the account run this code; the zero address takes that back.
    Delegate {
        /// Whose code.
        code: Address,
    },
}

impl Intent {
    /// Target, wei and calldata, where `all` is what [`Amount::Max`] stands for.
    pub fn call(&self, from: Address, all: U256) -> (Option<Address>, U256, Bytes) {
        let of = |amount: &Amount| match amount {
            Amount::Exactly(exact) => *exact,
            Amount::Max => all,
        };
        let zero = U256::ZERO;
        match self {
            Self::SendEther { to, amount } => (Some(*to), of(amount), Bytes::new()),
            Self::SendToken { token, to, amount } => {
                let call = Erc20::transferCall { to: *to, value: of(amount) };
                (Some(*token), zero, call.abi_encode().into())
            }
            Self::SendNft { collection, id, to } => {
                let call = Erc721Moves::safeTransferFromCall { from, to: *to, tokenId: *id };
                (Some(*collection), zero, call.abi_encode().into())
            }
            Self::SendMultiToken { collection, id, to, amount } => {
                let call = Erc1155Moves::safeTransferFromCall {
                    from,
                    to: *to,
                    id: *id,
                    value: *amount,
                    data: Bytes::new(),
                };
                (Some(*collection), zero, call.abi_encode().into())
            }
            Self::Approve { token, spender, amount } => {
                let call = Erc20Approve::approveCall { spender: *spender, value: *amount };
                (Some(*token), zero, call.abi_encode().into())
            }
            Self::ApproveAll { collection, operator, approved } => {
                let call = Erc721Moves::setApprovalForAllCall { operator: *operator, approved: *approved };
                (Some(*collection), zero, call.abi_encode().into())
            }
            Self::Wrap { weth, amount } => {
                (Some(*weth), of(amount), Weth::depositCall {}.abi_encode().into())
            }
            Self::Unwrap { weth, amount } => {
                (Some(*weth), zero, Weth::withdrawCall { wad: of(amount) }.abi_encode().into())
            }
            Self::Call { to, value, data } => (*to, *value, data.clone()),
            Self::Delegate { .. } => (Some(from), zero, Bytes::new()),
        }
    }

    /// The token whose whole balance [`Amount::Max`] means; `None` for ether.
    pub fn token(&self) -> Option<Address> {
        match self {
            Self::SendToken { token, .. } => Some(*token),
            Self::Unwrap { weth, .. } => Some(*weth),
            _ => None,
        }
    }

    /// All there is, was asked for.
    pub fn wants_all(&self) -> bool {
        matches!(
            self,
            Self::SendEther { amount: Amount::Max, .. }
                | Self::SendToken { amount: Amount::Max, .. }
                | Self::Wrap { amount: Amount::Max, .. }
                | Self::Unwrap { amount: Amount::Max, .. }
        )
    }

    /// Who receives in the end, where the intent has such a one.
    pub fn recipient(&self) -> Option<Address> {
        match self {
            Self::SendEther { to, .. }
            | Self::SendToken { to, .. }
            | Self::SendNft { to, .. }
            | Self::SendMultiToken { to, .. } => Some(*to),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use alloy::primitives::hex;

    use super::*;
    use crate::contracts::{AbiBook, CallBody, decode_calldata};

    #[test]
    fn every_intent_decodes_to_what_was_meant() {
        let book = AbiBook::new();
        let (from, to, at) = (Address::repeat_byte(1), Address::repeat_byte(2), Address::repeat_byte(3));
        let seven = Amount::Exactly(U256::from(7));
        let cases = [
            (Intent::SendToken { token: at, to, amount: seven }, "transfer", hex!("a9059cbb")),
            (Intent::SendNft { collection: at, id: U256::from(7), to }, "safeTransferFrom", hex!("42842e0e")),
            (
                Intent::SendMultiToken { collection: at, id: U256::from(1), to, amount: U256::from(7) },
                "safeTransferFrom",
                hex!("f242432a"),
            ),
            (Intent::Approve { token: at, spender: to, amount: U256::from(7) }, "approve", hex!("095ea7b3")),
            (
                Intent::ApproveAll { collection: at, operator: to, approved: true },
                "setApprovalForAll",
                hex!("a22cb465"),
            ),
            (Intent::Wrap { weth: at, amount: seven }, "deposit", hex!("d0e30db0")),
            (Intent::Unwrap { weth: at, amount: seven }, "withdraw", hex!("2e1a7d4d")),
        ];
        for (intent, name, selector) in cases {
            let (target, value, data) = intent.call(from, U256::ZERO);
            assert_eq!((target, data.get(..4)), (Some(at), Some(selector.as_slice())), "{name}");
            assert_eq!(value, if matches!(intent, Intent::Wrap { .. }) { U256::from(7) } else { U256::ZERO });
            let CallBody::Function { name: read, .. } = decode_calldata(&book, 1, target, &data).body else {
                panic!("{name}")
            };
            assert_eq!(read, name);
        }
        let (target, value, data) = Intent::SendEther { to, amount: Amount::Max }.call(from, U256::from(9));
        assert_eq!((target, value, data.len()), (Some(to), U256::from(9), 0));
    }
}
