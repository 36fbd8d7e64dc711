//! The reader against alloy's own encoder and decoder, and against hostile bytes.

use alloy::dyn_abi::{DynSolType, DynSolValue, FunctionExt, JsonAbiExt};
use alloy::json_abi::Function;
use alloy::primitives::{B256, U256, hex};
use proptest::prelude::*;

use super::abi_reader::{AbiReadError, read_params, read_word};
use super::value::AbiValue;

/// The same value in our shape.
fn ours(ty: &DynSolType, value: &DynSolValue) -> AbiValue {
    let many =
        |inner: &DynSolType, values: &[DynSolValue]| values.iter().map(|one| ours(inner, one)).collect();
    match value {
        DynSolValue::Bool(flag) => AbiValue::Bool(*flag),
        DynSolValue::Int(number, _) => AbiValue::Int(*number),
        DynSolValue::Uint(number, _) => AbiValue::Uint(*number),
        DynSolValue::FixedBytes(word, size) => AbiValue::Bytes(word[..*size].to_vec().into()),
        DynSolValue::Address(address) => AbiValue::Address(*address),
        DynSolValue::Function(pointer) => AbiValue::Bytes(pointer.to_vec().into()),
        DynSolValue::Bytes(bytes) => AbiValue::Bytes(bytes.clone().into()),
        DynSolValue::String(text) => AbiValue::String(text.clone()),
        DynSolValue::Array(values) => AbiValue::Array(many(inner_of(ty), values)),
        DynSolValue::FixedArray(values) => AbiValue::Array(many(inner_of(ty), values)),
        DynSolValue::Tuple(values) => AbiValue::Tuple(
            std::iter::zip(ty.as_tuple().unwrap(), values)
                .map(|(ty, one)| super::value::NamedValue {
                    name: String::new(),
                    solidity_type: ty.sol_type_name().into_owned(),
                    value: ours(ty, one),
                })
                .collect(),
        ),
        DynSolValue::CustomStruct { name, .. } => panic!("{name}: typed data is not calldata"),
    }
}

fn inner_of(ty: &DynSolType) -> &DynSolType {
    match ty {
        DynSolType::Array(inner) | DynSolType::FixedArray(inner, _) => inner,
        other => panic!("{other} is no array"),
    }
}

const SHAPES: [&str; 8] = [
    "f(uint8,int16,bool,address,bytes4,bytes32)",
    "f(bytes,string,uint256[])",
    "f((address,bytes)[],bool)",
    "f(uint256[3],(bool,int24)[2],bytes[2])",
    "f(((uint128,string[]),bytes)[],address[][2])",
    "f(function,bytes1,uint256)",
    "f((uint256,(bytes,(address,string)[])),int256)",
    "f(string[][],bytes)",
];

/// One value of a type, from a seed.
fn grown(ty: &DynSolType, seed: &mut u64) -> DynSolValue {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    let low = (*seed >> 33) as usize;
    let word = alloy::primitives::keccak256(seed.to_be_bytes());
    let number = U256::from_be_bytes(word.0);
    match ty {
        DynSolType::Bool => DynSolValue::Bool(low.is_multiple_of(2)),
        DynSolType::Uint(bits) => DynSolValue::Uint(number >> (256 - bits), *bits),
        DynSolType::Int(bits) => {
            DynSolValue::Int(alloy::primitives::I256::from_raw(number).asr(256 - bits), *bits)
        }
        DynSolType::Address => DynSolValue::Address(alloy::primitives::Address::from_word(word)),
        DynSolType::FixedBytes(size) => {
            let mut padded = B256::ZERO;
            padded[..*size].copy_from_slice(&word[..*size]);
            DynSolValue::FixedBytes(padded, *size)
        }
        DynSolType::Function => DynSolValue::Function(alloy::primitives::Function::from_slice(&word[..24])),
        DynSolType::Bytes => DynSolValue::Bytes(word.repeat(3)[..low % 90].to_vec()),
        DynSolType::String => DynSolValue::String("aé💵".repeat(low % 14)),
        DynSolType::Array(inner) => DynSolValue::Array((0..low % 4).map(|_| grown(inner, seed)).collect()),
        DynSolType::FixedArray(inner, count) => {
            DynSolValue::FixedArray((0..*count).map(|_| grown(inner, seed)).collect())
        }
        DynSolType::Tuple(types) => DynSolValue::Tuple(types.iter().map(|one| grown(one, seed)).collect()),
        DynSolType::CustomStruct { name, .. } => panic!("{name}: typed data is not calldata"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn what_alloy_writes_is_read_back_whole(shape in 0..SHAPES.len(), seed: u64) {
        let function = Function::parse(SHAPES[shape]).unwrap();
        let mut seed = seed;
        let types: Vec<DynSolType> =
            function.inputs.iter().map(|param| param.selector_type().parse().unwrap()).collect();
        let values: Vec<DynSolValue> = types.iter().map(|ty| grown(ty, &mut seed)).collect();
        let data = function.abi_encode_input_raw(&values).unwrap();
        let read = read_params(&function.inputs, &data).unwrap();
        prop_assert_eq!(read.trailing, 0);
        let expected: Vec<AbiValue> = std::iter::zip(&types, &values).map(|(ty, one)| ours(ty, one)).collect();
        prop_assert_eq!(read.values.into_iter().map(|one| one.value).collect::<Vec<_>>(), expected);
        let longer = [data.as_slice(), &[7; 5]].concat();
        prop_assert_eq!(read_params(&function.inputs, &longer).unwrap().trailing, 5);
    }

    #[test]
    fn any_bytes_are_refused_or_read(shape in 0..SHAPES.len(), data in proptest::collection::vec(any::<u8>(), 0..600)) {
        let function = Function::parse(SHAPES[shape]).unwrap();
        let _either = read_params(&function.inputs, &data);
    }

    #[test]
    fn small_words_reach_the_inner_readers(shape in 0..SHAPES.len(), words in proptest::collection::vec(0_u64..400, 0..40)) {
        let function = Function::parse(SHAPES[shape]).unwrap();
        let data: Vec<u8> = words.iter().flat_map(|word| U256::from(*word).to_be_bytes::<32>()).collect();
        let _either = read_params(&function.inputs, &data);
    }
}

#[test]
fn a_bomb_of_offsets_costs_no_more_than_the_budget() {
    // 3000 offsets, all to one blob of 60 kB: 180 MB if it were believed.
    let function = Function::parse("f(bytes[])").unwrap();
    let word = |number: usize| U256::from(number).to_be_bytes::<32>();
    let mut data = [word(32), word(3_000)].concat();
    (0..3_000).for_each(|_| data.extend(word(3_000 * 32)));
    data.extend(word(60_000));
    data.extend(vec![1; 60_000]);
    assert_eq!(read_params(&function.inputs, &data), Err(AbiReadError::Budget));
    // Arrays that contain themselves.
    let function = Function::parse("f(uint256[][][][][][])").unwrap();
    let mut data = word(32).to_vec();
    (0..500).for_each(|_| data.extend(word(32)));
    assert_eq!(read_params(&function.inputs, &data), Err(AbiReadError::Budget));
}

#[test]
fn dirty_words_are_refused() {
    let dirty = B256::from(hex!("0000000000000000000000010000000000000000000000000000000000000001"));
    for ty in ["bool", "uint8", "address", "int96", "bytes4"] {
        let ty: DynSolType = ty.parse().unwrap();
        assert!(matches!(read_word(&ty, dirty), Err(AbiReadError::Invalid(_))), "{ty}");
    }
    let minus_one = read_word(&DynSolType::Int(8), B256::repeat_byte(0xff)).unwrap();
    assert_eq!(minus_one, AbiValue::Int(alloy::primitives::I256::MINUS_ONE));
    let function = Function::parse("f()(uint256)").unwrap();
    assert_eq!(read_params(&function.outputs, &[0; 31]), Err(AbiReadError::Overrun));
    assert!(function.abi_decode_output(&[0; 31]).is_err());
}
