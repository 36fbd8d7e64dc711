//! Calls inside calls: which functions carry other calls, and where in their arguments.

use alloy::primitives::{Address, Bytes, Selector, U256, hex};

use super::value::NamedValue;

/// Most calls taken from one packed run of bytes.
const MAX_PACKED: usize = 512;

/// Where the calls are, as positions of arguments.
#[derive(Debug, Clone, Copy)]
enum Shape {
    /// `bytes[]`, each a call of the same contract.
    OfSelf { data: usize },
    /// An array of tuples; positions are inside the tuple.
    Tuples { array: usize, target: usize, value: Option<usize>, data: usize },
    /// One call in the arguments themselves.
    One { target: usize, value: Option<usize>, data: usize },
    /// Arrays side by side.
    Arrays { targets: usize, values: usize, datas: usize },
    /// Safe's `multiSend`: operation, address, value, length and data without padding.
    Packed { bytes: usize },
}

/// Functions that carry calls. A selector alone is a guess; the shape must also fit the arguments.
const CARRIERS: [(Selector, Shape); 23] = [
    // multicall(bytes[]), multicall(uint256,bytes[]), multicall(bytes32,bytes[])
    (Selector::new(hex!("ac9650d8")), Shape::OfSelf { data: 0 }),
    (Selector::new(hex!("5ae401dc")), Shape::OfSelf { data: 1 }),
    (Selector::new(hex!("1f0464d1")), Shape::OfSelf { data: 1 }),
    // Multicall3: aggregate, blockAndAggregate, tryAggregate, tryBlockAndAggregate, aggregate3, aggregate3Value
    (Selector::new(hex!("252dba42")), Shape::Tuples { array: 0, target: 0, value: None, data: 1 }),
    (Selector::new(hex!("c3077fa9")), Shape::Tuples { array: 0, target: 0, value: None, data: 1 }),
    (Selector::new(hex!("bce38bd7")), Shape::Tuples { array: 1, target: 0, value: None, data: 1 }),
    (Selector::new(hex!("399542e9")), Shape::Tuples { array: 1, target: 0, value: None, data: 1 }),
    (Selector::new(hex!("82ad56cb")), Shape::Tuples { array: 0, target: 0, value: None, data: 2 }),
    (Selector::new(hex!("174dea71")), Shape::Tuples { array: 0, target: 0, value: Some(2), data: 3 }),
    // Safe: execTransaction, execTransactionFromModule and ...ReturnData, multiSend
    (Selector::new(hex!("6a761202")), Shape::One { target: 0, value: Some(1), data: 2 }),
    (Selector::new(hex!("468721a7")), Shape::One { target: 0, value: Some(1), data: 2 }),
    (Selector::new(hex!("5229073f")), Shape::One { target: 0, value: Some(1), data: 2 }),
    (Selector::new(hex!("8d80ff0a")), Shape::Packed { bytes: 0 }),
    // Accounts and DSProxy: execute(address,uint256,bytes), execute(address,bytes)
    (Selector::new(hex!("b61d27f6")), Shape::One { target: 0, value: Some(1), data: 2 }),
    (Selector::new(hex!("1cff79cd")), Shape::One { target: 0, value: None, data: 1 }),
    // Accounts: executeBatch((address,uint256,bytes)[]), executeBatch(address[],uint256[],bytes[])
    (Selector::new(hex!("34fcd5be")), Shape::Tuples { array: 0, target: 0, value: Some(1), data: 2 }),
    (Selector::new(hex!("47e1da2a")), Shape::Arrays { targets: 0, values: 1, datas: 2 }),
    // Timelock: schedule, scheduleBatch, execute, executeBatch; Governor: propose
    (Selector::new(hex!("01d5062a")), Shape::One { target: 0, value: Some(1), data: 2 }),
    (Selector::new(hex!("8f2a0bb0")), Shape::Arrays { targets: 0, values: 1, datas: 2 }),
    (Selector::new(hex!("134008d3")), Shape::One { target: 0, value: Some(1), data: 2 }),
    (Selector::new(hex!("e38335e5")), Shape::Arrays { targets: 0, values: 1, datas: 2 }),
    (Selector::new(hex!("7d5e81e2")), Shape::Arrays { targets: 0, values: 1, datas: 2 }),
    // Ethereum Vault Connector: batch((address,address,uint256,bytes)[])
    (Selector::new(hex!("c16ae7a4")), Shape::Tuples { array: 0, target: 0, value: Some(2), data: 3 }),
];

/// A call found inside another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Carried {
    /// Whom it calls; `None` where the carrier's own target is unknown.
    pub(super) to: Option<Address>,
    pub(super) value: Option<U256>,
    /// Whether it runs in the carrier's own storage.
    pub(super) delegate: bool,
    pub(super) data: Bytes,
}

/// The calls that the arguments of a function carry; none when it is no carrier.
pub(super) fn carried(selector: Selector, to: Option<Address>, args: &[NamedValue]) -> Vec<Carried> {
    let shape = CARRIERS.iter().find(|(known, _)| *known == selector).map(|(_, shape)| *shape);
    let calls = shape.and_then(|shape| match shape {
        Shape::OfSelf { data } => of_self(to, args.get(data)?),
        Shape::Tuples { array, target, value, data } => {
            let rows = args.get(array)?.value.as_array()?;
            rows.iter().map(|row| one(row.as_tuple()?, target, value, data)).collect()
        }
        Shape::One { target, value, data } => one(args, target, value, data).map(|mut call| {
            // Safe's operation stands behind the data: 0 is a call, 1 a delegate call. DSProxy always delegates.
            let operation = args.get(data.saturating_add(1)).filter(|one| one.solidity_type == "uint8");
            let delegates = operation.and_then(|one| one.value.as_uint()) == Some(U256::from(1));
            call.delegate = delegates || (value.is_none() && selector == hex!("1cff79cd"));
            vec![call]
        }),
        Shape::Arrays { targets, values, datas } => side_by_side(args, targets, values, datas),
        Shape::Packed { bytes } => args.get(bytes)?.value.as_bytes().and_then(|bytes| packed(bytes)),
    });
    calls.unwrap_or_default()
}

fn of_self(to: Option<Address>, data: &NamedValue) -> Option<Vec<Carried>> {
    let rows = data.value.as_array()?;
    rows.iter()
        .map(|row| Some(Carried { to, value: None, delegate: false, data: row.as_bytes()?.clone() }))
        .collect()
}

fn one(fields: &[NamedValue], target: usize, value: Option<usize>, data: usize) -> Option<Carried> {
    Some(Carried {
        to: Some(fields.get(target)?.value.as_address()?),
        value: match value {
            Some(at) => Some(fields.get(at)?.value.as_uint()?),
            None => None,
        },
        delegate: false,
        data: fields.get(data)?.value.as_bytes()?.clone(),
    })
}

fn side_by_side(args: &[NamedValue], targets: usize, values: usize, datas: usize) -> Option<Vec<Carried>> {
    let column = |at: usize| args.get(at)?.value.as_array();
    let (targets, values, datas) = (column(targets)?, column(values)?, column(datas)?);
    if targets.len() != values.len() || targets.len() != datas.len() {
        return None;
    }
    let rows = targets.iter().zip(values).zip(datas);
    rows.map(|((target, value), data)| {
        Some(Carried {
            to: Some(target.as_address()?),
            value: Some(value.as_uint()?),
            delegate: false,
            data: data.as_bytes()?.clone(),
        })
    })
    .collect()
}

/// Safe's packed transactions: `uint8 operation, address to, uint256 value, uint256 length, bytes data`, one after the
/// other. `None` when the bytes do not end where a transaction ends.
fn packed(bytes: &[u8]) -> Option<Vec<Carried>> {
    let mut calls = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (operation, after) = rest.split_first()?;
        let (to, after) = after.split_first_chunk::<20>()?;
        let (value, after) = after.split_first_chunk::<32>()?;
        let (length, after) = after.split_first_chunk::<32>()?;
        let length = usize::try_from(U256::from_be_bytes(*length)).ok()?;
        let (data, after) = after.split_at_checked(length)?;
        if *operation > 1 || calls.len() >= MAX_PACKED {
            return None;
        }
        calls.push(Carried {
            to: Some(Address::from(*to)),
            value: Some(U256::from_be_bytes(*value)),
            delegate: *operation == 1,
            data: Bytes::copy_from_slice(data),
        });
        rest = after;
    }
    Some(calls)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use alloy::primitives::keccak256;

    use super::*;

    #[test]
    fn every_carrier_has_the_selector_of_its_signature() {
        let signatures = [
            "multicall(bytes[])",
            "multicall(uint256,bytes[])",
            "multicall(bytes32,bytes[])",
            "aggregate((address,bytes)[])",
            "blockAndAggregate((address,bytes)[])",
            "tryAggregate(bool,(address,bytes)[])",
            "tryBlockAndAggregate(bool,(address,bytes)[])",
            "aggregate3((address,bool,bytes)[])",
            "aggregate3Value((address,bool,uint256,bytes)[])",
            "execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)",
            "execTransactionFromModule(address,uint256,bytes,uint8)",
            "execTransactionFromModuleReturnData(address,uint256,bytes,uint8)",
            "multiSend(bytes)",
            "execute(address,uint256,bytes)",
            "execute(address,bytes)",
            "executeBatch((address,uint256,bytes)[])",
            "executeBatch(address[],uint256[],bytes[])",
            "schedule(address,uint256,bytes,bytes32,bytes32,uint256)",
            "scheduleBatch(address[],uint256[],bytes[],bytes32,bytes32,uint256)",
            "execute(address,uint256,bytes,bytes32,bytes32)",
            "executeBatch(address[],uint256[],bytes[],bytes32,bytes32)",
            "propose(address[],uint256[],bytes[],string)",
            "batch((address,address,uint256,bytes)[])",
        ];
        let hashed: BTreeSet<Selector> =
            signatures.iter().map(|one| Selector::from_slice(&keccak256(one)[..4])).collect();
        let known: BTreeSet<Selector> = CARRIERS.iter().map(|(selector, _)| *selector).collect();
        assert_eq!(hashed, known);
    }

    #[test]
    fn packed_transactions_must_end_where_the_bytes_end() {
        let mut bytes = vec![1];
        bytes.extend([0x22; 20]);
        bytes.extend(U256::from(5).to_be_bytes::<32>());
        bytes.extend(U256::from(3).to_be_bytes::<32>());
        bytes.extend([1, 2, 3]);
        let calls = packed(&[bytes.as_slice(), &bytes].concat()).unwrap();
        assert_eq!(calls.len(), 2);
        assert_eq!((calls[1].delegate, calls[1].value, calls[1].data.len()), (true, Some(U256::from(5)), 3));
        assert_eq!(packed(&bytes[..bytes.len() - 1]), None);
        bytes[0] = 2;
        assert_eq!(packed(&bytes), None);
    }
}
