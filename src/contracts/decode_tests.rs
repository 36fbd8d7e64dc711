//! Calldata as it stands on the chain, calls inside calls, and hostile bytes.

use alloy::dyn_abi::{DynSolValue, JsonAbiExt};
use alloy::json_abi::Function;
use alloy::primitives::{Address, U256, address, hex};
use proptest::prelude::*;

use super::abi_book::{AbiBook, Provenance};
use super::decode::{CallBody, DecodedCall, decode_calldata};

const USDC: Address = address!("A0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48");
const MULTICALL3: Address = address!("cA11bde05977b3631167028862bE2a173976CA11");
const STRANGER: Address = Address::repeat_byte(0x11);

fn encode(signature: &str, args: &[DynSolValue]) -> Vec<u8> {
    Function::parse(signature).unwrap().abi_encode_input(args).unwrap()
}

fn transfer(amount: u64) -> Vec<u8> {
    let amount = DynSolValue::Uint(U256::from(amount), 256);
    encode("transfer(address,uint256)", &[DynSolValue::Address(STRANGER), amount])
}

fn decoded(to: Address, data: &[u8]) -> DecodedCall {
    decode_calldata(&AbiBook::new(), 1, Some(to), data)
}

fn provenance(call: &DecodedCall) -> Option<&Provenance> {
    if let CallBody::Function { provenance, .. } = &call.body { Some(provenance) } else { None }
}

fn bundled(protocol: &str) -> Provenance {
    Provenance::Bundled { protocol: protocol.to_owned() }
}

#[test]
fn a_transfer_of_usdc() {
    let data = hex!(
        "a9059cbb"
        "00000000000000000000000028c6c06298d514db089934071355e5743bf21d60"
        "0000000000000000000000000000000000000000000000000000000005f5e100"
    );
    let call = decoded(USDC, &data);
    assert_eq!(call.label.as_deref(), Some("USDC"));
    assert_eq!(provenance(&call), Some(&bundled("erc20")));
    let text = call.title();
    assert!(text.starts_with("transfer(") && text.ends_with(": 100000000)"), "{text}");
    assert!(text.contains("0x28C6c06298d514Db089934071355E5743bf21d60"), "{text}");
    // The same bytes to nobody we know are a guess, and say so.
    assert!(decoded(STRANGER, &data).title().ends_with("(a guess by its four bytes)"));
    let json = call.to_json();
    assert_eq!(json["call"]["signature"], "transfer(address,uint256)");
    assert_eq!(json["call"]["args"][1]["value"], "100000000");
}

#[test]
fn two_calls_in_one_aggregate3() {
    let row = |to: Address, data: Vec<u8>| {
        DynSolValue::Tuple(vec![DynSolValue::Address(to), DynSolValue::Bool(true), DynSolValue::Bytes(data)])
    };
    let balance = encode("balanceOf(address)", &[DynSolValue::Address(STRANGER)]);
    let rows = DynSolValue::Array(vec![row(USDC, transfer(7)), row(STRANGER, balance)]);
    let call = decoded(MULTICALL3, &encode("aggregate3((address,bool,bytes)[])", &[rows]));
    assert_eq!(provenance(&call), Some(&bundled("multicall3")));
    assert_eq!(call.inner.len(), 2);
    assert_eq!(call.inner[0].label.as_deref(), Some("USDC"));
    assert_eq!(provenance(&call.inner[0]), Some(&bundled("erc20")));
    assert_eq!(provenance(&call.inner[1]), Some(&Provenance::Guess));
    assert!(call.inner[1].title().starts_with("balanceOf("), "{}", call.inner[1].title());
}

#[test]
fn a_safe_transaction_of_a_multi_send() {
    let mut packed = vec![0];
    packed.extend(USDC.as_slice());
    packed.extend([0; 32]);
    packed.extend(U256::from(68).to_be_bytes::<32>());
    packed.extend(transfer(9));
    let send = encode("multiSend(bytes)", &[DynSolValue::Bytes(packed)]);
    let multi_send = address!("38869bf66a61cF6bDB996A6aE40D5853Fd43B526");
    let zero = || DynSolValue::Uint(U256::ZERO, 256);
    let args = [
        DynSolValue::Address(multi_send),
        zero(),
        DynSolValue::Bytes(send),
        DynSolValue::Uint(U256::from(1), 8),
        zero(),
        zero(),
        zero(),
        DynSolValue::Address(Address::ZERO),
        DynSolValue::Address(Address::ZERO),
        DynSolValue::Bytes(vec![1; 65]),
    ];
    let signature =
        "execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)";
    let call = decoded(STRANGER, &encode(signature, &args));
    let inner = &call.inner[0];
    assert!(inner.delegate, "operation 1 is a delegate call");
    let innermost = &inner.inner[0];
    assert_eq!((innermost.to, innermost.delegate), (Some(USDC), false));
    assert_eq!(provenance(innermost), Some(&bundled("erc20")));
}

#[test]
fn multicalls_call_the_same_contract_and_depth_is_capped() {
    let wrap =
        |data: Vec<u8>| encode("multicall(bytes[])", &[DynSolValue::Array(vec![DynSolValue::Bytes(data)])]);
    let call = decoded(USDC, &wrap(transfer(1)));
    assert_eq!(call.inner[0].to, Some(USDC));
    let mut data = transfer(1);
    for _ in 0..20 {
        data = wrap(data);
    }
    let mut at = &decoded(USDC, &data);
    let mut depth = 0;
    while let Some(inner) = at.inner.first() {
        at = inner;
        depth += 1;
    }
    assert_eq!((depth, at.not_shown), (6, 1));
    // Many at once.
    let many = DynSolValue::Array(vec![DynSolValue::Bytes(transfer(1)); 1_000]);
    let call = decoded(USDC, &encode("multicall(bytes[])", &[many]));
    assert_eq!(call.inner.len() + call.not_shown, 1_000);
    assert!(call.inner.len() < 256);
}

#[test]
fn what_is_not_understood_is_raw() {
    assert_eq!(decoded(USDC, &[]).body, CallBody::Empty);
    for data in [&[1, 2, 3][..], &hex!("deadbeef")] {
        assert_eq!(decoded(USDC, data).body, CallBody::Raw(data.to_vec().into()));
    }
    // A creation has no target; its code is not calldata of a known function.
    let creation = decode_calldata(&AbiBook::new(), 1, None, &hex!("6080604052348015600f57600080fd5b50"));
    assert!(matches!(creation.body, CallBody::Raw(_)));
    // Bytes behind the arguments are counted: some programs sign their calls there.
    let tagged = [transfer(1), vec![0xca, 0xfe]].concat();
    assert!(matches!(decoded(USDC, &tagged).body, CallBody::Function { trailing: 2, .. }));
}

#[test]
fn calls_that_unfold_the_same_bytes_stay_cheap() {
    // Every level holds 40 offsets to one inner multicall: 40^6 calls, if they were followed.
    let mut data = transfer(1);
    for _ in 0..6 {
        let word = |number: usize| U256::from(number).to_be_bytes::<32>();
        let mut outer = hex!("ac9650d8").to_vec();
        outer.extend(word(32));
        outer.extend(word(40));
        (0..40).for_each(|_| outer.extend(word(40 * 32)));
        outer.extend(word(data.len()));
        outer.extend(&data);
        data = outer;
    }
    let call = decoded(USDC, &data);
    assert!(matches!(call.body, CallBody::Function { .. }));
    assert!(call.inner.len() + call.not_shown == 40);
}

#[test]
fn all_calls_inside_share_one_budget_of_values() {
    // 40 offsets to one call with 90 kB of bytes: the outer read costs 3.6 MB, and so would the inner ones together.
    let blob =
        encode("execute(address,bytes)", &[DynSolValue::Address(USDC), DynSolValue::Bytes(vec![1; 90_000])]);
    let word = |number: usize| U256::from(number).to_be_bytes::<32>();
    let mut data = [&hex!("ac9650d8")[..], &word(32), &word(40)].concat();
    (0..40).for_each(|_| data.extend(word(40 * 32)));
    data.extend(word(blob.len()));
    data.extend(&blob);
    let call = decoded(STRANGER, &data);
    let understood = call.inner.iter().filter(|one| matches!(one.body, CallBody::Function { .. })).count();
    assert_eq!(call.inner.len(), 40);
    assert!((1..20).contains(&understood), "{understood}");
}

proptest! {
    #[test]
    fn any_calldata_is_told(
        kind in 0..6_usize,
        data in proptest::collection::vec(any::<u8>(), 0..400),
        words in proptest::collection::vec(0_u64..300, 0..30),
    ) {
        let selectors = [hex!("ac9650d8"), hex!("82ad56cb"), hex!("8d80ff0a"), hex!("6a761202"), hex!("e38335e5"), hex!("a9059cbb")];
        let small: Vec<u8> = words.iter().flat_map(|word| U256::from(*word).to_be_bytes::<32>()).collect();
        for body in [&data, &small] {
            let call = decoded(USDC, &[&selectors[kind][..], body].concat());
            prop_assert!(!call.title().chars().any(char::is_control));
            let _json = call.to_json();
        }
        let _told = decoded(USDC, &data);
    }
}

#[test]
fn a_known_selector_with_bytes_that_do_not_fit_is_named() {
    let mut data = transfer(5);
    data.truncate(30);
    let call = decoded(USDC, &data);
    let CallBody::Misfit { signature, provenance, data: kept } = &call.body else { panic!("{call:?}") };
    assert_eq!((signature.as_str(), provenance), ("transfer(address,uint256)", &bundled("erc20")));
    assert_eq!(kept.as_ref(), data);
    assert_eq!(
        call.title(),
        "30 bytes that begin like transfer(address,uint256) and do not fit its arguments"
    );
    let stranger = decoded(STRANGER, &data);
    assert!(stranger.title().contains("(a guess by its four bytes)"), "{}", stranger.title());
    assert_eq!(stranger.to_json()["call"]["kind"], "misfit");
    // Nothing is known of these.
    assert!(matches!(decoded(STRANGER, &[1, 2, 3, 4, 5]).body, CallBody::Raw(_)));
}
