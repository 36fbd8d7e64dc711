//! What the owners of a Safe sign (EIP-712, as every Safe from 1.3.0 on; 1.0.0 to 1.2.0 leave the chain out).

use alloy::primitives::{Address, B256, Bytes, U256, b256, keccak256};
use alloy::sol_types::SolValue as _;
use serde::{Deserialize, Serialize};

/// keccak256("EIP712Domain(uint256 chainId,address verifyingContract)").
const DOMAIN: B256 = b256!("47e79534a245952e8b16893a336b85a3d9ea9fa8c573f3d803afb92a79469218");
/// keccak256("EIP712Domain(address verifyingContract)"), before 1.3.0.
const OLD_DOMAIN: B256 = b256!("035aff83d86937d35b32e04f0ddc6ff469290eef2f1b692d8a815c89404d4749");
/// keccak256 of the SafeTx type.
const SAFE_TX: B256 = b256!("bb8310d486368db6bd6f849402fdd73ad53d316b5a4b2644ad6efe0f941286d8");
/// keccak256("SafeMessage(bytes message)").
const SAFE_MESSAGE: B256 = b256!("60b3cbf8b4a223d68d641b3b6ddf9a298e7f33710cf3d3a9d1146b5a6150fbca");

/// The fields of a transaction as its type has them.
const SAFE_TX_FIELDS: [(&str, &str); 10] = [
    ("to", "address"),
    ("value", "uint256"),
    ("data", "bytes"),
    ("operation", "uint8"),
    ("safeTxGas", "uint256"),
    ("baseGas", "uint256"),
    ("gasPrice", "uint256"),
    ("gasToken", "address"),
    ("refundReceiver", "address"),
    ("nonce", "uint256"),
];

/// How the Safe runs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// As a call.
    #[default]
    Call,
    /// With the target's code as the Safe's own: it may change who controls the Safe.
    DelegateCall,
}

/// A transaction of a Safe.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SafeTransaction {
    /// Whom it calls.
    pub to: Address,
    /// Wei.
    pub value: U256,
    /// With what.
    pub data: Bytes,
    /// How.
    #[serde(default)]
    pub operation: Operation,
    /// Gas for the call alone; 0 for all there is.
    #[serde(default)]
    pub safe_tx_gas: U256,
    /// Gas paid back beside it.
    #[serde(default)]
    pub base_gas: U256,
    /// Price of gas paid back; 0 for nothing paid back.
    #[serde(default)]
    pub gas_price: U256,
    /// What it is paid back in; zero for ether.
    #[serde(default)]
    pub gas_token: Address,
    /// Who is paid back; zero for the sender.
    #[serde(default)]
    pub refund_receiver: Address,
    /// The Safe's own count.
    pub nonce: U256,
}

impl SafeTransaction {
    /// A plain call without refund.
    pub fn call(to: Address, value: U256, data: Bytes, nonce: U256) -> Self {
        Self {
            to,
            value,
            data,
            operation: Operation::Call,
            safe_tx_gas: U256::ZERO,
            base_gas: U256::ZERO,
            gas_price: U256::ZERO,
            gas_token: Address::ZERO,
            refund_receiver: Address::ZERO,
            nonce,
        }
    }

    /// 0 or 1, as the contract has it.
    pub fn operation_number(&self) -> u8 {
        u8::from(self.operation == Operation::DelegateCall)
    }

    /// The hash of the transaction alone ("message hash").
    pub fn struct_hash(&self) -> B256 {
        let operation = U256::from(self.operation_number());
        let head = (SAFE_TX, self.to, self.value, keccak256(&self.data), operation, self.safe_tx_gas);
        let tail = (self.base_gas, self.gas_price, self.gas_token, self.refund_receiver, self.nonce);
        keccak256([head.abi_encode(), tail.abi_encode()].concat())
    }

    /// The same as typed data (EIP-712, JSON), for whatever signs it.
    pub fn typed_data(&self, chain_id: u64, safe: Address, version: &str) -> serde_json::Value {
        let field = |(name, kind): (&str, &str)| serde_json::json!({ "name": name, "type": kind });
        let contract = field(("verifyingContract", "address"));
        let (domain, domain_type) = match is_before_1_3(version) {
            true => (serde_json::json!({ "verifyingContract": safe }), vec![contract]),
            false => (
                serde_json::json!({ "chainId": chain_id, "verifyingContract": safe }),
                vec![field(("chainId", "uint256")), contract],
            ),
        };
        let fields: Vec<_> = SAFE_TX_FIELDS.into_iter().map(field).collect();
        serde_json::json!({
            "types": { "EIP712Domain": domain_type, "SafeTx": fields },
            "primaryType": "SafeTx",
            "domain": domain,
            "message": {
                "to": self.to,
                "value": self.value.to_string(),
                "data": self.data,
                "operation": self.operation_number(),
                "safeTxGas": self.safe_tx_gas.to_string(),
                "baseGas": self.base_gas.to_string(),
                "gasPrice": self.gas_price.to_string(),
                "gasToken": self.gas_token,
                "refundReceiver": self.refund_receiver,
                "nonce": self.nonce.to_string(),
            },
        })
    }

    /// What the owners sign.
    pub fn hash(&self, domain: B256) -> B256 {
        typed(domain, self.struct_hash())
    }
}

/// The domain of a Safe. `version` as the contract tells it, like `1.4.1`.
pub fn domain_separator(chain_id: u64, safe: Address, version: &str) -> B256 {
    if is_before_1_3(version) {
        return keccak256((OLD_DOMAIN, safe).abi_encode());
    }
    keccak256((DOMAIN, U256::from(chain_id), safe).abi_encode())
}

fn is_before_1_3(version: &str) -> bool {
    let mut numbers = version.split(['.', '+', '-']).map(|part| part.parse::<u64>().unwrap_or(u64::MAX));
    let (major, minor) = (numbers.next(), numbers.next());
    major == Some(0) || (major == Some(1) && minor.is_some_and(|minor| minor < 3))
}

/// What owners sign for a message in the Safe's name.
pub fn message_hash(domain: B256, message: &[u8]) -> B256 {
    typed(domain, keccak256((SAFE_MESSAGE, keccak256(message)).abi_encode()))
}

fn typed(domain: B256, hash: B256) -> B256 {
    keccak256([&[0x19, 0x01], domain.as_slice(), hash.as_slice()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_data_hashes_to_what_the_owners_sign() {
        let (safe, data) = (Address::repeat_byte(7), Bytes::from(vec![1, 2, 3]));
        let mut tx = SafeTransaction::call(Address::repeat_byte(9), U256::from(5), data, U256::from(42));
        tx.operation = Operation::DelegateCall;
        for version in ["1.1.1", "1.3.0", "1.4.1"] {
            let json = tx.typed_data(11, safe, version);
            let typed: alloy::dyn_abi::TypedData = serde_json::from_value(json).unwrap();
            let hash = tx.hash(domain_separator(11, safe, version));
            assert_eq!(typed.eip712_signing_hash().unwrap(), hash, "{version}");
        }
    }

    #[test]
    fn the_type_hashes_are_those_of_the_types() {
        assert_eq!(DOMAIN, keccak256("EIP712Domain(uint256 chainId,address verifyingContract)"));
        assert_eq!(OLD_DOMAIN, keccak256("EIP712Domain(address verifyingContract)"));
        assert_eq!(SAFE_MESSAGE, keccak256("SafeMessage(bytes message)"));
        let text = "SafeTx(address to,uint256 value,bytes data,uint8 operation,uint256 safeTxGas,uint256 baseGas,uint256 \
                    gasPrice,address gasToken,address refundReceiver,uint256 nonce)";
        assert_eq!(SAFE_TX, keccak256(text));
    }

    #[test]
    fn the_chain_is_in_the_domain_from_1_3_on() {
        let safe = Address::repeat_byte(5);
        let of = |chain, version| domain_separator(chain, safe, version);
        assert_ne!(of(1, "1.3.0"), of(2, "1.3.0"));
        assert_eq!(of(1, "1.1.1"), of(2, "1.2.0"));
        assert_eq!(of(1, "1.4.1"), of(1, "1.3.0+L2"));
        assert_ne!(of(1, "1.4.1"), domain_separator(1, Address::repeat_byte(6), "1.4.1"));
    }

    #[test]
    fn everything_of_a_transaction_is_in_its_hash() {
        let domain = domain_separator(1, Address::repeat_byte(5), "1.4.1");
        let one =
            SafeTransaction::call(Address::repeat_byte(1), U256::from(1), Bytes::from(vec![1]), U256::ZERO);
        let others = [
            SafeTransaction { to: Address::repeat_byte(2), ..one.clone() },
            SafeTransaction { value: U256::from(2), ..one.clone() },
            SafeTransaction { data: Bytes::new(), ..one.clone() },
            SafeTransaction { operation: Operation::DelegateCall, ..one.clone() },
            SafeTransaction { safe_tx_gas: U256::from(1), ..one.clone() },
            SafeTransaction { base_gas: U256::from(1), ..one.clone() },
            SafeTransaction { gas_price: U256::from(1), ..one.clone() },
            SafeTransaction { gas_token: Address::repeat_byte(9), ..one.clone() },
            SafeTransaction { refund_receiver: Address::repeat_byte(9), ..one.clone() },
            SafeTransaction { nonce: U256::from(1), ..one.clone() },
        ];
        for other in others {
            assert_ne!(other.hash(domain), one.hash(domain), "{other:?}");
        }
    }
}
