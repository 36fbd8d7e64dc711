//! How the fake Trezor reads typed data: as the device does, by asking for each type and each value, and hashing them
//! itself. It shares no code with what it is asked by.

use std::collections::BTreeMap;

use alloy::primitives::{B256, keccak256};
use trezor_client::protos::ethereum_typed_data_struct_ack::{
    EthereumDataType as Kind, EthereumFieldType as Field, EthereumStructMember as Member,
};
use trezor_client::protos::{
    EthereumTypedDataStructAck, EthereumTypedDataStructRequest, EthereumTypedDataValueAck,
    EthereumTypedDataValueRequest,
};

use super::fake_trezor::{Ended, Side};

type Types = BTreeMap<String, Vec<Member>>;

/// The hash that is signed.
pub(super) fn hash(side: &mut Side, primary: &str) -> Result<B256, Ended> {
    let mut types = Types::new();
    learn(side, "EIP712Domain", &mut types)?;
    learn(side, primary, &mut types)?;
    let domain = structure(side, "EIP712Domain", &types, &[0])?;
    let message = structure(side, primary, &types, &[1])?;
    Ok(keccak256([&[0x19, 1][..], domain.as_slice(), message.as_slice()].concat()))
}

fn learn(side: &mut Side, name: &str, types: &mut Types) -> Result<(), Ended> {
    if types.contains_key(name) {
        return Ok(());
    }
    let mut ask = EthereumTypedDataStructRequest::new();
    ask.set_name(name.to_owned());
    let answer: EthereumTypedDataStructAck = side.ask(&ask)?;
    types.insert(name.to_owned(), answer.members.clone());
    for member in &answer.members {
        if let Some(inner) = structure_in(&member.type_) {
            learn(side, &inner, types)?;
        }
    }
    Ok(())
}

fn structure_in(field: &Field) -> Option<String> {
    match field.data_type() {
        Kind::STRUCT => Some(field.struct_name().to_owned()),
        Kind::ARRAY => structure_in(&field.entry_type),
        _ => None,
    }
}

fn word(field: &Field) -> String {
    let bits = field.size() * 8;
    match field.data_type() {
        Kind::UINT => format!("uint{bits}"),
        Kind::INT => format!("int{bits}"),
        Kind::BYTES if field.size.is_none() => "bytes".to_owned(),
        Kind::BYTES => format!("bytes{}", field.size()),
        Kind::STRING => "string".to_owned(),
        Kind::BOOL => "bool".to_owned(),
        Kind::ADDRESS => "address".to_owned(),
        Kind::STRUCT => field.struct_name().to_owned(),
        Kind::ARRAY => {
            let size = field.size.map(|size| size.to_string()).unwrap_or_default();
            format!("{}[{size}]", word(&field.entry_type))
        }
    }
}

fn encode_type(name: &str, types: &Types) -> String {
    fn reach(name: &str, types: &Types, found: &mut Vec<String>) {
        if !found.iter().any(|one| one == name) {
            found.push(name.to_owned());
            let inner = types[name].iter().filter_map(|one| structure_in(&one.type_));
            inner.for_each(|inner| reach(&inner, types, found));
        }
    }
    let mut all = Vec::new();
    reach(name, types, &mut all);
    all[1..].sort();
    let one = |name: &String| {
        let members = types[name].iter().map(|one| format!("{} {}", word(&one.type_), one.name()));
        format!("{name}({})", members.collect::<Vec<_>>().join(","))
    };
    all.iter().map(one).collect()
}

fn structure(side: &mut Side, name: &str, types: &Types, place: &[u32]) -> Result<B256, Ended> {
    let mut data = keccak256(encode_type(name, types)).to_vec();
    for (at, member) in types[name].iter().enumerate() {
        let place = [place, &[at as u32]].concat();
        data.extend_from_slice(value(side, &member.type_, types, &place)?.as_slice());
    }
    Ok(keccak256(data))
}

fn value(side: &mut Side, field: &Field, types: &Types, place: &[u32]) -> Result<B256, Ended> {
    if field.data_type() == Kind::STRUCT {
        return structure(side, field.struct_name(), types, place);
    }
    let mut ask = EthereumTypedDataValueRequest::new();
    ask.member_path = place.to_vec();
    let answer: EthereumTypedDataValueAck = side.ask(&ask)?;
    let bytes = answer.value();
    Ok(match field.data_type() {
        Kind::ARRAY => {
            let mut data = Vec::new();
            for at in 0..u16::from_be_bytes(bytes.try_into().unwrap()) {
                let place = [place, &[u32::from(at)]].concat();
                data.extend_from_slice(value(side, &field.entry_type, types, &place)?.as_slice());
            }
            keccak256(data)
        }
        Kind::STRING => keccak256(bytes),
        Kind::BYTES if field.size.is_none() => keccak256(bytes),
        Kind::BYTES => B256::right_padding_from(bytes),
        Kind::INT if bytes[0] & 0x80 != 0 => {
            let mut word = [0xff; 32];
            word[32 - bytes.len()..].copy_from_slice(bytes);
            B256::from(word)
        }
        _ => B256::left_padding_from(bytes),
    })
}
