//! Plans in bytes, as Uniswap's own libraries write them: every command is read, and whoever receives by one is named.

use alloy::primitives::{Address, address, hex};
use lifeboat::contracts::{AbiBook, CallBody, DecodedCall, decode_calldata};
use lifeboat::wallet::review::{readable, receivers};

const EVE: Address = Address::repeat_byte(0x33);
const ROUTER_2_0: Address = address!("66a9893cC07D91D95644AEDD05D03f95e1dBA8Af");
const ROUTER_1_2: Address = address!("3fC91A3afd70395Cd496C647d5a6CC9D4B2b7FAD");

/// Calldata by the router's version.
fn made() -> Vec<(&'static str, Vec<u8>)> {
    let lines = include_str!("universal_router.txt").lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split_once(' ').unwrap()).map(|(of, hex)| (of, hex::decode(hex).unwrap())).collect()
}

fn read(to: Address, data: &[u8]) -> DecodedCall {
    decode_calldata(&AbiBook::new(), 1, Some(to), data)
}

fn names(call: &DecodedCall, found: &mut Vec<String>) {
    for inner in &call.inner {
        found.push(match &inner.body {
            CallBody::Command { name, may_fail, .. } => format!("{name}{}", if *may_fail { "?" } else { "" }),
            other => panic!("{other:?}"),
        });
        names(inner, found);
    }
}

#[test]
fn every_command_is_read_in_both_layouts() {
    let made = made();
    assert_eq!(made.iter().map(|(of, _)| *of).collect::<Vec<_>>(), ["2.0", "2.1.1"]);
    for (version, data) in made {
        let call = read(ROUTER_2_0, &data);
        let mut all = Vec::new();
        names(&call, &mut all);
        let expected = [
            "PERMIT2_PERMIT",
            "V3_SWAP_EXACT_IN",
            "EXECUTE_SUB_PLAN?",
            "SWEEP",
            "V4_SWAP",
            "SWAP_EXACT_IN_SINGLE",
            "SWAP_EXACT_IN",
            "SETTLE_ALL",
            "TAKE",
            "UNWRAP_WETH",
        ];
        assert_eq!(all, expected, "{version}");
        assert!(readable(&call), "{version}");
        assert_eq!(receivers(&call, None), [EVE], "{version}: the router itself is nobody");
    }
}

#[test]
fn each_of_the_ways_out_names_who_receives() {
    let (_, data) = made().remove(0);
    let call = read(ROUTER_2_0, &data);
    let receives = |at: usize| {
        let one = DecodedCall { inner: vec![call.inner[at].clone()], ..call.clone() };
        receivers(&one, None)
    };
    // A permit, and a swap into the router, pay nobody; the sub-plan, v4's take and the unwrapping do.
    let found: Vec<bool> = (0..call.inner.len()).map(|at| receives(at) == [EVE]).collect();
    assert_eq!(found, [false, false, true, true, true]);
    assert!((0..2).all(|at| receives(at).is_empty()));
}

#[test]
fn what_fits_no_layout_is_unread_and_never_passed_over() {
    let (_, data) = made().remove(0);
    let at = data.windows(5).position(|five| five == [0x0a, 0x00, 0xa1, 0x10, 0x0c]).unwrap();
    for (place, byte) in [(at, 0x3f), (at + 1, 0x40), (at + 1, 0x0d), (at + 4, 0x00)] {
        let mut other = data.clone();
        other[place] = byte;
        assert!(!readable(&read(ROUTER_2_0, &other)), "{place} {byte:#04x}");
    }
    // A plan that names more commands than it has arguments for hides none.
    let mut longer = data.clone();
    longer[at - 1] = 6;
    assert!(!readable(&read(ROUTER_2_0, &longer)));
    // On the router's first version the higher numbers mean something else.
    assert!(!readable(&read(ROUTER_1_2, &data)));
}
