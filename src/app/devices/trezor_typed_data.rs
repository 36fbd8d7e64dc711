//! Typed data (EIP-712) as a Trezor reads it: it asks for each type and each value, shows them, and hashes them itself.
//! No vendor's server has a part in it.

use std::collections::BTreeMap;

use alloy::dyn_abi::{DynSolType, DynSolValue};
use serde::Deserialize;
use serde_json::Value;
use trezor_client::protos::ethereum_typed_data_struct_ack::{
    EthereumDataType, EthereumFieldType, EthereumStructMember,
};
use trezor_client::protos::{EthereumTypedDataStructAck, EthereumTypedDataValueAck};

use super::DeviceCause;

const DOMAIN: &str = "EIP712Domain";
/// The fields of a domain, in the order of EIP-712, for data that leaves its type out.
const DOMAIN_FIELDS: [(&str, &str); 5] = [
    ("name", "string"),
    ("version", "string"),
    ("chainId", "uint256"),
    ("verifyingContract", "address"),
    ("salt", "bytes32"),
];
/// Deeper arrays are nobody's.
const DEEPEST: usize = 16;

#[derive(Debug, Clone, Deserialize)]
struct Member {
    name: String,
    #[serde(rename = "type")]
    kind: String,
}

/// Typed data as a tree: its types, and its values by their place.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TypedTree {
    types: BTreeMap<String, Vec<Member>>,
    primary_type: String,
    #[serde(default)]
    domain: Value,
    #[serde(default)]
    message: Value,
}

fn broken(detail: &'static str) -> DeviceCause {
    DeviceCause::Broken { detail }
}

impl TypedTree {
    /// Reads what was reviewed.
    pub(super) fn parse(json: &str) -> Result<Self, DeviceCause> {
        let unsupported = |_| DeviceCause::Unsupported { what: "Typed data of this form".to_owned() };
        let mut tree: Self = serde_json::from_str(json).map_err(unsupported)?;
        if !tree.types.contains_key(DOMAIN) {
            let has = |name: &str| tree.domain.get(name).is_some_and(|value| !value.is_null());
            let fields = DOMAIN_FIELDS.into_iter().filter(|(name, _)| has(name));
            let own = fields.map(|(name, kind)| Member { name: name.to_owned(), kind: kind.to_owned() });
            let own = own.collect();
            tree.types.insert(DOMAIN.to_owned(), own);
        }
        Ok(tree)
    }

    /// The type that is signed.
    pub(super) fn primary(&self) -> &str {
        &self.primary_type
    }

    /// The members of a type.
    pub(super) fn members(&self, name: &str) -> Result<EthereumTypedDataStructAck, DeviceCause> {
        let own = self.types.get(name).ok_or(broken("it asked for a type that there is not"))?;
        let mut answer = EthereumTypedDataStructAck::new();
        for one in own {
            let mut member = EthereumStructMember::new();
            member.set_name(one.name.clone());
            member.type_ = Some(self.field(&one.kind, 0)?).into();
            answer.members.push(member);
        }
        Ok(answer)
    }

    fn field(&self, kind: &str, depth: usize) -> Result<EthereumFieldType, DeviceCause> {
        let mut field = EthereumFieldType::new();
        let unsupported =
            || DeviceCause::Unsupported { what: format!("Typed data with a field of type {kind}") };
        if let Some((entry, count)) = array(kind) {
            if depth >= DEEPEST {
                return Err(unsupported());
            }
            field.set_data_type(EthereumDataType::ARRAY);
            if !count.is_empty() {
                field.set_size(count.parse().map_err(|_number| unsupported())?);
            }
            field.entry_type = Some(self.field(entry, depth.saturating_add(1))?).into();
            return Ok(field);
        }
        if let Some(members) = self.types.get(kind) {
            field.set_data_type(EthereumDataType::STRUCT);
            field.set_size(u32::try_from(members.len()).map_err(|_number| unsupported())?);
            field.set_struct_name(kind.to_owned());
            return Ok(field);
        }
        let (data_type, bytes) = match DynSolType::parse(kind).map_err(|_unknown| unsupported())? {
            DynSolType::Uint(bits) => (EthereumDataType::UINT, Some(bits / 8)),
            DynSolType::Int(bits) => (EthereumDataType::INT, Some(bits / 8)),
            DynSolType::FixedBytes(bytes) => (EthereumDataType::BYTES, Some(bytes)),
            DynSolType::Bytes => (EthereumDataType::BYTES, None),
            DynSolType::String => (EthereumDataType::STRING, None),
            DynSolType::Bool => (EthereumDataType::BOOL, None),
            DynSolType::Address => (EthereumDataType::ADDRESS, None),
            _ => return Err(unsupported()),
        };
        field.set_data_type(data_type);
        if let Some(bytes) = bytes {
            field.set_size(u32::try_from(bytes).map_err(|_number| unsupported())?);
        }
        Ok(field)
    }

    /// The value at a place: domain or message, then member by member, and by number in arrays. Of an array it is the
    /// length.
    pub(super) fn value(&self, place: &[u32]) -> Result<EthereumTypedDataValueAck, DeviceCause> {
        let nowhere = || broken("it asked for a value that there is not");
        let (root, rest) = place.split_first().ok_or_else(nowhere)?;
        let (mut kind, mut value) = match root {
            0 => (DOMAIN, &self.domain),
            1 => (self.primary_type.as_str(), &self.message),
            _ => return Err(nowhere()),
        };
        for index in rest {
            let index = usize::try_from(*index).map_err(|_number| nowhere())?;
            if let Some((entry, _)) = array(kind) {
                value = value.get(index).ok_or_else(nowhere)?;
                kind = entry;
            } else {
                let member = self.types.get(kind).and_then(|all| all.get(index)).ok_or_else(nowhere)?;
                value = value.get(&member.name).ok_or_else(nowhere)?;
                kind = member.kind.as_str();
            }
        }
        let mut answer = EthereumTypedDataValueAck::new();
        answer.set_value(encoded(kind, value).ok_or_else(nowhere)?);
        Ok(answer)
    }
}

/// The entry's type and the count of an array's type.
fn array(kind: &str) -> Option<(&str, &str)> {
    kind.strip_suffix(']')?.rsplit_once('[')
}

/// A value as the device takes it, by the same reading of the JSON that the review hashed.
fn encoded(kind: &str, value: &Value) -> Option<Vec<u8>> {
    if array(kind).is_some() {
        let length = u16::try_from(value.as_array()?.len()).ok()?;
        return Some(length.to_be_bytes().to_vec());
    }
    let last = |word: &[u8], bytes: usize| word.get(word.len().checked_sub(bytes)?..).map(<[u8]>::to_vec);
    match DynSolType::parse(kind).ok()?.coerce_json(value).ok()? {
        DynSolValue::Uint(number, bits) => last(&number.to_be_bytes::<32>(), bits / 8),
        DynSolValue::Int(number, bits) => last(&number.to_be_bytes::<32>(), bits / 8),
        DynSolValue::FixedBytes(word, bytes) => word.get(..bytes).map(<[u8]>::to_vec),
        DynSolValue::Bytes(bytes) => Some(bytes),
        DynSolValue::String(text) => Some(text.into_bytes()),
        DynSolValue::Bool(yes) => Some(vec![u8::from(yes)]),
        DynSolValue::Address(address) => Some(address.to_vec()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = r#"{
        "types": {"Mail": [{"name": "to", "type": "Person[2]"}, {"name": "n", "type": "int16"}, {"name": "d", "type": "bytes"}],
                  "Person": [{"name": "wallets", "type": "address[]"}, {"name": "id", "type": "bytes4"}]},
        "primaryType": "Mail",
        "domain": {"chainId": "0x1", "name": "Mail"},
        "message": {"to": [{"wallets": ["0x00000000000000000000000000000000000000aa"], "id": "0x01020304"}, {"wallets": [], "id": "0x05060708"}],
                    "n": "-2", "d": "0xff"}
    }"#;

    #[test]
    fn types_and_values_are_given_as_the_device_asks_for_them() {
        let tree = TypedTree::parse(JSON).unwrap();
        let value = |place: &[u32]| tree.value(place).map(|mut answer| answer.take_value());
        assert_eq!(value(&[0, 0]).unwrap(), b"Mail", "the domain's fields stand in the standard's order");
        let mut one = vec![0; 32];
        one[31] = 1;
        assert_eq!(value(&[0, 1]).unwrap(), one);
        assert_eq!(value(&[1, 0]).unwrap(), [0, 2], "of an array the length");
        assert_eq!(
            value(&[1, 0, 0, 0, 0]).unwrap(),
            alloy::primitives::Address::with_last_byte(0xaa).to_vec()
        );
        assert_eq!(value(&[1, 0, 1, 0]).unwrap(), [0, 0]);
        assert_eq!(value(&[1, 0, 1, 1]).unwrap(), [5, 6, 7, 8]);
        assert_eq!(value(&[1, 1]).unwrap(), [0xff, 0xfe]);
        assert_eq!(value(&[1, 2]).unwrap(), [0xff]);
        for nowhere in [&[][..], &[2], &[1, 3], &[1, 0, 2], &[1, 0, 0, 0, 1], &[1, 1, 0], &[1, 0, 0]] {
            assert!(matches!(value(nowhere), Err(DeviceCause::Broken { .. })), "{nowhere:?}");
        }
        let mail = tree.members("Mail").unwrap();
        let to = mail.members[0].type_.as_ref().unwrap();
        assert_eq!((to.data_type(), to.size()), (EthereumDataType::ARRAY, 2));
        let person = to.entry_type.as_ref().unwrap();
        assert_eq!((person.data_type(), person.struct_name()), (EthereumDataType::STRUCT, "Person"));
        assert_eq!(mail.members[1].type_.as_ref().unwrap().size(), 2);
        assert!(matches!(tree.members("Nobody"), Err(DeviceCause::Broken { .. })));
    }

    #[test]
    fn a_type_that_no_device_knows_is_said() {
        let tree = TypedTree::parse(&JSON.replace("int16", "function")).unwrap();
        assert!(matches!(tree.members("Mail"), Err(DeviceCause::Unsupported { .. })));
    }
}
