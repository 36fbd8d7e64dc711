//! Walks runtime code instruction by instruction, so that data behind a PUSH is never taken for an instruction.

use std::collections::BTreeSet;

use alloy::primitives::Selector;

const PUSH1: u8 = 0x60;
const PUSH32: u8 = 0x7f;
const PUSH3: u8 = 0x62;
const PUSH4: u8 = 0x63;
pub(super) const DELEGATECALL: u8 = 0xf4;
/// Comparisons by which compilers dispatch: SUB, EQ, XOR.
const COMPARE: [u8; 3] = [0x03, 0x14, 0x18];

/// One instruction and the data pushed by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Instruction<'a> {
    pub(super) opcode: u8,
    pub(super) pushed: &'a [u8],
}

/// The instructions of runtime code, in order.
pub(super) fn instructions(code: &[u8]) -> impl Iterator<Item = Instruction<'_>> {
    let mut rest = code;
    std::iter::from_fn(move || {
        let (opcode, after) = rest.split_first()?;
        let width = match *opcode {
            push @ PUSH1..=PUSH32 => usize::from(push.saturating_sub(PUSH1)).saturating_add(1),
            _ => 0,
        };
        // Code may end inside the data of its last PUSH.
        let (pushed, after) = after.split_at_checked(width).unwrap_or((after, &[]));
        rest = after;
        Some(Instruction { opcode: *opcode, pushed })
    })
}

/// Selectors that the code compares something with: those it dispatches on, and few others.
///
/// A selector that begins with a zero byte is pushed with three bytes. Hints only: a contract may answer to a selector
/// in many other ways, and a proxy answers to those of its implementation.
#[must_use]
pub fn selectors_in_code(code: &[u8]) -> Vec<Selector> {
    let all: Vec<Instruction<'_>> = instructions(code).collect();
    let mut found = BTreeSet::new();
    for (at, one) in all.iter().enumerate() {
        let selector = match (one.opcode, one.pushed) {
            (PUSH4, &[a, b, c, d]) => Selector::from([a, b, c, d]),
            (PUSH3, &[b, c, d]) => Selector::from([0, b, c, d]),
            _ => continue,
        };
        let mut next = all.iter().skip(at.saturating_add(1)).map(|one| one.opcode);
        // Between the PUSH and the comparison there may be one DUP or SWAP.
        let compares = match next.next() {
            Some(0x80..=0x9f) => next.next().is_some_and(|after| COMPARE.contains(&after)),
            Some(opcode) => COMPARE.contains(&opcode),
            None => false,
        };
        if compares && selector != [0xff; 4] {
            found.insert(selector);
        }
    }
    found.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use alloy::primitives::hex;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_functions_of_compiled_tokens_are_all_found_and_nothing_else() {
        for (abi, code) in [
            (
                include_str!("../../abis/ERC20PresetFixedSupply/abi.json"),
                include_str!("../../abis/ERC20PresetFixedSupply/runtime.hex"),
            ),
            (
                include_str!("../../abis/ERC20PresetMinterPauser/abi.json"),
                include_str!("../../abis/ERC20PresetMinterPauser/runtime.hex"),
            ),
        ] {
            let abi = crate::contracts::parse_abi_json(abi).unwrap();
            let expected: BTreeSet<Selector> = abi.functions().map(|one| one.selector()).collect();
            let found: BTreeSet<Selector> =
                selectors_in_code(&hex::decode(code.trim()).unwrap()).into_iter().collect();
            let missing: Vec<_> = expected.difference(&found).collect();
            assert!(missing.is_empty(), "{missing:?}");
            // The interface ids of ERC-165 are compared with, and are no functions.
            let more: Vec<_> = found.difference(&expected).map(ToString::to_string).collect();
            let ids = ["0x01ffc9a7", "0x7965db0b", "0x5a05180f"];
            assert!(more.iter().all(|one| ids.contains(&one.as_str())), "{more:?}");
        }
    }

    #[test]
    fn data_behind_a_push_is_not_code() {
        // PUSH32 of bytes that look like a dispatcher; then a real one, a short one, and a lone PUSH4.
        let hidden = hex!("7f8063a9059cbb14808063a9059cbb14808063a9059cbb14808063a9059cbb148080");
        assert!(selectors_in_code(&hidden).is_empty());
        let real = hex!("8063a9059cbb14");
        assert_eq!(selectors_in_code(&[&hidden[..], &real].concat()), [Selector::from(hex!("a9059cbb"))]);
        // balanceOf(address,uint256) of ERC-1155 begins with a zero byte.
        assert_eq!(selectors_in_code(&hex!("8062fdd58e14")), [Selector::from(hex!("00fdd58e"))]);
        assert!(selectors_in_code(&hex!("63a9059cbb60e01b")).is_empty());
        assert!(selectors_in_code(&hex!("63ffffffff14")).is_empty());
        assert!(selectors_in_code(&hex!("63a905")).is_empty());
    }

    proptest! {
        #[test]
        fn every_byte_of_any_code_is_walked_once(code in proptest::collection::vec(any::<u8>(), 0..300)) {
            let walked: usize = instructions(&code).map(|one| 1 + one.pushed.len()).sum();
            prop_assert_eq!(walked, code.len());
            let _found = selectors_in_code(&code);
        }
    }
}
