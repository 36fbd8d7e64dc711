//! Calls with real calldata and real answers.

use alloy::json_abi::JsonAbi;
use alloy::primitives::{U256, hex};
use proptest::prelude::*;

use super::function_call::{FunctionCall, FunctionCallError};
use super::value_text::{values_json, values_text};

fn call(signature: &str, args: &[&str]) -> Result<FunctionCall, FunctionCallError> {
    FunctionCall::parse(signature, &args.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>())
}

fn by_name(abi: &JsonAbi, name: &str, args: &[&str]) -> Result<FunctionCall, FunctionCallError> {
    FunctionCall::from_abi(abi, name, &args.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>())
}

const HOLDER: &str = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045";

#[test]
fn every_way_to_write_a_signature_gives_the_same_call() {
    let expected = hex!("70a08231000000000000000000000000d8da6bf26964af9d7eed9e03e53415d37aa96045");
    for signature in [
        "balanceOf(address)(uint256)",
        "function balanceOf(address) view returns (uint256)",
        "function balanceOf(address owner) external view returns (uint256 balance)",
        "balanceOf(address)",
        "  balanceOf(address) returns (uint256) ",
    ] {
        let call = call(signature, &[HOLDER]).unwrap();
        assert_eq!(call.calldata()[..], expected, "{signature}");
        let answer = U256::from(1_234_567).to_be_bytes::<32>();
        let shown = values_text(&call.decode(&answer).unwrap());
        assert!(shown.contains("1234567") || shown.contains("word0: 0x"), "{signature}: {shown}");
    }
    // `uint` is `uint256` in the selector too.
    let send = call("transfer(address,uint)", &[HOLDER, "5"]).unwrap();
    assert_eq!(send.selector(), hex!("a9059cbb"));
    assert_eq!(values_text(&send.arguments()), format!("{HOLDER}, 5"));
}

#[test]
fn answers_have_the_names_of_the_interface() {
    let reserves = call("getReserves()(uint112 reserve0, uint112 reserve1, uint32 time)", &[]).unwrap();
    let answer = [7_u64, 8, 9].map(|number| U256::from(number).to_be_bytes::<32>()).concat();
    assert_eq!(values_text(&reserves.decode(&answer).unwrap()), "reserve0: 7, reserve1: 8, time: 9");
    let nothing = reserves.decode(&[]).unwrap_err().to_string();
    assert!(nothing.contains("no contract at this address"), "{nothing}");
    let short = reserves.decode(&answer[..64]).unwrap_err().to_string();
    assert_eq!(
        short,
        "the answer of getReserves is not (uint112,uint112,uint32): the bytes end before the value they announce"
    );
}

#[test]
fn fields_of_a_tuple_keep_their_names() {
    let call = call(
        "pool((address token, uint24 fee) key)((uint128 liquidity, int24 tick) state)",
        &["(0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48, 500)"],
    )
    .unwrap();
    assert_eq!(
        values_text(&call.arguments()),
        "key: (token: 0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48, fee: 500)"
    );
    let answer = [U256::from(9).to_be_bytes::<32>(), U256::MAX.to_be_bytes::<32>()].concat();
    let json = values_json(&call.decode(&answer).unwrap());
    assert_eq!(json[0]["value"], serde_json::json!({ "liquidity": "9", "tick": "-1" }));
    assert_eq!(json[0]["type"], "(uint128,int24)");
}

#[test]
fn an_answer_of_unknown_type_is_words() {
    let call = call("slot0()", &[]).unwrap();
    let answer = [&U256::from(1).to_be_bytes::<32>()[..], &[0xab, 0xcd]].concat();
    let shown = values_text(&call.decode(&answer).unwrap());
    assert!(shown.ends_with("1, rest: 0xabcd") && shown.starts_with("word0: 0x000"), "{shown}");
    assert!(call.decode(&[]).unwrap().is_empty());
}

#[test]
fn wrong_calls_are_refused_in_one_sentence() {
    let said = |signature, args: &[&str]| call(signature, args).unwrap_err().to_string();
    assert_eq!(said("balanceOf(address)", &[]), "balanceOf(address) takes 1 argument(s), 0 given");
    assert!(said("balanceOf", &[]).contains("write it like"), "{}", said("balanceOf", &[]));
    assert!(said("f(uint257)", &["1"]).contains("not a"), "{}", said("f(uint257)", &["1"]));
    assert!(said("f(uint256[4294967296])", &["[]"]).contains("too large"));
    let why = said("transfer(address,uint256)", &[HOLDER, "1.5"]);
    assert!(why.starts_with("argument 2 of transfer: `1.5` is not a uint256"), "{why}");
    assert!(!said("f(\u{202e}uint)", &[]).contains('\u{202e}'));
}

#[test]
fn a_name_is_looked_up_in_an_interface() {
    let abi = JsonAbi::parse([
        "function name() view returns (string)",
        "function safeTransferFrom(address from, address to, uint256 id)",
        "function safeTransferFrom(address from, address to, uint256 id, bytes data)",
        "function over(uint256 a)",
        "function over(address a)",
    ])
    .unwrap();
    assert_eq!(by_name(&abi, "name", &[]).unwrap().selector(), hex!("06fdde03"));
    assert_eq!(
        by_name(&abi, "safeTransferFrom", &[HOLDER, HOLDER, "1"]).unwrap().selector(),
        hex!("42842e0e")
    );
    assert_eq!(by_name(&abi, "over(address)", &[HOLDER]).unwrap().signature(), "over(address)");
    assert!(matches!(by_name(&abi, "over", &["1"]), Err(FunctionCallError::Ambiguous { .. })));
    assert!(matches!(by_name(&abi, "name", &["1"]), Err(FunctionCallError::Count { .. })));
    let unknown = by_name(&abi, "symbol", &[]).unwrap_err().to_string();
    assert!(unknown.contains("no function `symbol`; it has name()"), "{unknown}");
}

proptest! {
    #[test]
    fn any_signature_and_any_answer_never_panic(text in any::<String>(), kind in "[a-z]{1,6}\\([a-z0-9\\[\\]\\(\\), ]{0,40}\\)", answer in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _either = call(&text, &[]);
        if let Ok(call) = call(&kind, &[]) {
            let _either = call.decode(&answer);
        }
        let tuple = call("f()((uint8,bytes)[],string)", &[]).unwrap();
        let _either = tuple.decode(&answer);
    }
}
