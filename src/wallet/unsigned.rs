//! A transaction before its signature: the bytes to be signed, and back from them.

use alloy::consensus::{SignableTransaction, TxEip1559, TxEip2930, TxEip7702, TxLegacy};
use alloy::eips::eip7702::Authorization;
use alloy::primitives::{Address, B256, Bytes, TxKind, U256, keccak256};
use alloy::rlp::{Decodable, Encodable as _, Header};

/// EIP-7702: what an authorization's bytes to sign begin with.
const AUTHORIZATION_MAGIC: u8 = 5;
/// More of them in one transaction serve nobody.
const MAX_AUTHORIZATIONS: usize = 16;

/// Which form of transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TxType {
    /// Type 0 with EIP-155.
    Legacy,
    /// Type 1, with an access list.
    Eip2930,
    /// Type 2, with a base fee and a tip.
    Eip1559,
    /// Type 4, with code delegations.
    Eip7702,
}

/// An unsigned transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsigned {
    /// Type 0.
    Legacy(TxLegacy),
    /// Type 1.
    Eip2930(TxEip2930),
    /// Type 2.
    Eip1559(TxEip1559),
    /// Type 4. `tx` holds no authorization; those to be signed stand beside it.
    Eip7702 {
        /// The transaction.
        tx: TxEip7702,
        /// To be signed by the same account.
        authorizations: Vec<Authorization>,
    },
}

/// Why bytes are no transaction to be signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnsignedError {
    /// Not such bytes.
    #[error("these bytes are no transaction: {detail}")]
    Undecodable {
        /// What was wrong.
        detail: String,
    },
    /// A type that is not signed here.
    #[error("transactions of type {0} are not signed here")]
    Type(u8),
    /// Type 0 without a chain id could be replayed on every chain.
    #[error("the transaction names no chain, so anybody could repeat it on another one")]
    NoChain,
}

impl Unsigned {
    /// What is signed: the transaction's own bytes, and behind them each authorization's.
    pub fn bytes_to_sign(&self) -> Vec<u8> {
        match self {
            Self::Legacy(tx) => tx.encoded_for_signing(),
            Self::Eip2930(tx) => tx.encoded_for_signing(),
            Self::Eip1559(tx) => tx.encoded_for_signing(),
            Self::Eip7702 { tx, authorizations } => {
                let mut bytes = tx.encoded_for_signing();
                for one in authorizations {
                    bytes.push(AUTHORIZATION_MAGIC);
                    one.encode(&mut bytes);
                }
                bytes
            }
        }
    }

    /// Hash of [`Unsigned::bytes_to_sign`]. Without authorizations it is the very hash that is signed.
    pub fn id(&self) -> B256 {
        keccak256(self.bytes_to_sign())
    }

    /// Reads what [`Unsigned::bytes_to_sign`] wrote; every byte counts.
    ///
    /// # Errors
    /// [`UnsignedError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, UnsignedError> {
        let bad = |detail: &str| UnsignedError::Undecodable { detail: detail.to_owned() };
        let (first, mut rest) = bytes.split_first().ok_or_else(|| bad("nothing"))?;
        let decoded = match first {
            1 => Self::Eip2930(decoded(&mut rest)?),
            2 => Self::Eip1559(decoded(&mut rest)?),
            4 => {
                let tx: TxEip7702 = decoded(&mut rest)?;
                let mut authorizations = Vec::new();
                while let Some((&AUTHORIZATION_MAGIC, after)) = rest.split_first() {
                    if authorizations.len() >= MAX_AUTHORIZATIONS {
                        return Err(bad("too many authorizations"));
                    }
                    rest = after;
                    authorizations.push(decoded(&mut rest)?);
                }
                if !tx.authorization_list.is_empty() {
                    return Err(bad("signed authorizations among unsigned ones"));
                }
                Self::Eip7702 { tx, authorizations }
            }
            0xc0.. => {
                rest = bytes;
                Self::Legacy(legacy(&mut rest)?)
            }
            other => return Err(UnsignedError::Type(*other)),
        };
        // Another encoding of the same transaction would have another hash.
        if !rest.is_empty() || decoded.bytes_to_sign() != bytes {
            return Err(bad("bytes that are not its canonical form"));
        }
        Ok(decoded)
    }

    /// EIP-2718 type.
    pub fn kind(&self) -> TxType {
        match self {
            Self::Legacy(_) => TxType::Legacy,
            Self::Eip2930(_) => TxType::Eip2930,
            Self::Eip1559(_) => TxType::Eip1559,
            Self::Eip7702 { .. } => TxType::Eip7702,
        }
    }

    fn as_transaction(&self) -> &dyn alloy::consensus::Transaction {
        match self {
            Self::Legacy(tx) => tx,
            Self::Eip2930(tx) => tx,
            Self::Eip1559(tx) => tx,
            Self::Eip7702 { tx, .. } => tx,
        }
    }

    /// Chain id; 0 where there is none.
    pub fn chain_id(&self) -> u64 {
        self.as_transaction().chain_id().unwrap_or_default()
    }

    /// Nonce.
    pub fn nonce(&self) -> u64 {
        self.as_transaction().nonce()
    }

    /// Who is called; `None` creates a contract.
    pub fn to(&self) -> Option<Address> {
        match self.as_transaction().kind() {
            TxKind::Call(to) => Some(to),
            TxKind::Create => None,
        }
    }

    /// Wei sent along.
    pub fn value(&self) -> U256 {
        self.as_transaction().value()
    }

    /// Calldata.
    pub fn input(&self) -> &Bytes {
        self.as_transaction().input()
    }

    /// Gas limit.
    pub fn gas_limit(&self) -> u64 {
        self.as_transaction().gas_limit()
    }

    /// Most wei per gas.
    pub fn max_fee_per_gas(&self) -> u128 {
        self.as_transaction().max_fee_per_gas()
    }

    /// Tip per gas in wei; for types without one the whole gas price.
    pub fn tip_per_gas(&self) -> u128 {
        self.as_transaction().max_priority_fee_per_gas().unwrap_or_else(|| self.max_fee_per_gas())
    }

    /// Most that the fee can come to, in wei.
    pub fn max_fee(&self) -> U256 {
        U256::from(self.max_fee_per_gas()).saturating_mul(U256::from(self.gas_limit()))
    }

    /// Most that leaves the account in ether: value and fee, in wei.
    pub fn max_cost(&self) -> U256 {
        self.max_fee().saturating_add(self.value())
    }

    /// It goes to its own signer, and moves and calls nothing: all that a cancellation is, and all that a transaction with
    /// a delegation may be beside it.
    pub fn is_nothing_of(&self, from: Address) -> bool {
        self.to() == Some(from) && self.value().is_zero() && self.input().is_empty()
    }

    /// Delegations asked for.
    pub fn authorizations(&self) -> &[Authorization] {
        match self {
            Self::Eip7702 { authorizations, .. } => authorizations,
            _ => &[],
        }
    }

    /// Sets value, for a draft that sends all there is.
    pub(super) fn set_value(&mut self, value: U256) {
        match self {
            Self::Legacy(tx) => tx.value = value,
            Self::Eip2930(tx) => tx.value = value,
            Self::Eip1559(tx) => tx.value = value,
            Self::Eip7702 { tx, .. } => tx.value = value,
        }
    }
}

fn decoded<T: Decodable>(rest: &mut &[u8]) -> Result<T, UnsignedError> {
    T::decode(rest).map_err(|error| UnsignedError::Undecodable { detail: error.to_string() })
}

/// EIP-155: nine items, the chain id and two zeros last.
fn legacy(rest: &mut &[u8]) -> Result<TxLegacy, UnsignedError> {
    let header: Header =
        Header::decode(rest).map_err(|error| UnsignedError::Undecodable { detail: error.to_string() })?;
    if !header.list || header.payload_length != rest.len() {
        return Err(UnsignedError::Undecodable { detail: "not one list".to_owned() });
    }
    let mut tx = TxLegacy {
        chain_id: None,
        nonce: decoded(rest)?,
        gas_price: decoded(rest)?,
        gas_limit: decoded(rest)?,
        to: decoded(rest)?,
        value: decoded(rest)?,
        input: decoded(rest)?,
    };
    if rest.is_empty() {
        return Err(UnsignedError::NoChain);
    }
    tx.chain_id = Some(decoded(rest)?);
    let zeros: (u8, u8) = (decoded(rest)?, decoded(rest)?);
    if zeros != (0, 0) || tx.chain_id == Some(0) {
        return Err(UnsignedError::NoChain);
    }
    Ok(tx)
}

#[cfg(test)]
mod tests {
    use alloy::primitives::hex;
    use proptest::prelude::*;

    use super::*;

    /// The example of EIP-155 itself.
    #[test]
    fn the_example_of_eip_155() {
        let tx = Unsigned::Legacy(TxLegacy {
            chain_id: Some(1),
            nonce: 9,
            gas_price: 20_000_000_000,
            gas_limit: 21_000,
            to: TxKind::Call(Address::repeat_byte(0x35)),
            value: U256::from(10).pow(U256::from(18)),
            input: Bytes::new(),
        });
        let bytes = hex!(
            "ec098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a764000080018080"
        );
        assert_eq!(tx.bytes_to_sign(), bytes);
        assert_eq!(
            tx.id(),
            B256::from(hex!("daf5a779ae972f972197303d7b574746c7ef83eadac0f2791ad23db92e4c8e53"))
        );
        assert_eq!(Unsigned::decode(&bytes).unwrap(), tx);
    }

    #[test]
    fn a_legacy_transaction_for_every_chain_is_refused() {
        let before_155 =
            hex!("e9098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a764000080");
        assert_eq!(Unsigned::decode(&before_155), Err(UnsignedError::NoChain));
        assert_eq!(Unsigned::decode(&[3, 0xc0]), Err(UnsignedError::Type(3)));
        assert!(Unsigned::decode(&[]).is_err());
    }

    #[expect(clippy::too_many_lines, reason = "one arm a type")]
    fn any_unsigned() -> impl Strategy<Value = Unsigned> {
        let numbers = (1_u64..u64::MAX, any::<u64>(), any::<u64>(), any::<u128>(), any::<u128>());
        let rest = (
            any::<Option<[u8; 20]>>(),
            any::<[u8; 32]>(),
            proptest::collection::vec(any::<u8>(), 0..90),
            0..4_u8,
        );
        (numbers, rest).prop_map(|((chain_id, nonce, gas_limit, max, tip), (to, value, input, kind))| {
            let value = U256::from_be_bytes(value);
            let input = Bytes::from(input);
            let target = to.map_or(TxKind::Create, |to| TxKind::Call(to.into()));
            match kind {
                0 => Unsigned::Legacy(TxLegacy {
                    chain_id: Some(chain_id),
                    nonce,
                    gas_price: max,
                    gas_limit,
                    to: target,
                    value,
                    input,
                }),
                1 => Unsigned::Eip2930(TxEip2930 {
                    chain_id,
                    nonce,
                    gas_price: max,
                    gas_limit,
                    to: target,
                    value,
                    input,
                    ..TxEip2930::default()
                }),
                2 => Unsigned::Eip1559(TxEip1559 {
                    chain_id,
                    nonce,
                    gas_limit,
                    max_fee_per_gas: max,
                    max_priority_fee_per_gas: tip,
                    to: target,
                    value,
                    input,
                    ..TxEip1559::default()
                }),
                _ => Unsigned::Eip7702 {
                    tx: TxEip7702 {
                        chain_id,
                        nonce,
                        gas_limit,
                        max_fee_per_gas: max,
                        max_priority_fee_per_gas: tip,
                        to: to.unwrap_or_default().into(),
                        value,
                        input,
                        ..TxEip7702::default()
                    },
                    authorizations: vec![Authorization {
                        chain_id: U256::from(chain_id),
                        address: Address::repeat_byte(1),
                        nonce,
                    }],
                },
            }
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(tx in any_unsigned()) {
            prop_assert_eq!(Unsigned::decode(&tx.bytes_to_sign()).unwrap(), tx);
        }

        #[test]
        fn a_changed_byte_is_another_transaction_or_none(tx in any_unsigned(), at in any::<prop::sample::Index>(), bit in 0..8_u8) {
            let mut bytes = tx.bytes_to_sign();
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
            if let Ok(other) = Unsigned::decode(&bytes) {
                prop_assert_ne!(other.id(), tx.id());
            }
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _either = Unsigned::decode(&bytes);
        }
    }
}
