//! Who controls what after a transaction stands in its review: owners, the code of proxies, delegations.

use alloy::primitives::{Address, Bytes, U256, b256};
use lifeboat::app::signing::{Control, ControlChange, Intent};
use lifeboat::devnet::execution::PRACTICE_DOLLAR;

use super::{Lab, who};

const EVE: Address = Address::repeat_byte(0xee);

/// Code that points its EIP-1967 slot at Eve and writes `OwnershipTransferred(0xaa…, Eve)`.
fn takeover() -> Vec<u8> {
    let slot = b256!("360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc");
    let topic = b256!("8be0079c531659141344cd1fd0a4f28419497f9722a3daafe3b4186f6b6457e0");
    let alice = Address::repeat_byte(0xaa);
    [
        &[0x73][..],
        EVE.as_slice(),
        &[0x7f],
        slot.as_slice(),
        &[0x55], // SSTORE
        &[0x73],
        EVE.as_slice(),
        &[0x73],
        alice.as_slice(),
        &[0x7f],
        topic.as_slice(),
        &[0x5f, 0x5f, 0xa3], // LOG3
        &[0x00],
    ]
    .concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_hands_a_contract_over_says_so_line_by_line() {
    let mut lab = Lab::start().await;
    let contract = lab.deployed(&takeover()).await;
    let call = Intent::Call { to: Some(contract), value: U256::ZERO, data: Bytes::new() };
    let review = lab.prepared(call).await.review;
    let effects = review.effects.clone().unwrap();
    let change = |what| ControlChange { of: contract, what };
    let expected = [
        change(Control::Owner { before: Address::repeat_byte(0xaa), after: EVE }),
        change(Control::Implementation { before: Address::ZERO, after: EVE }),
    ];
    assert_eq!(effects.control, expected);
    assert!(!effects.nothing_moves());
    let quiet = lab.prepared(super::pay(3, 1)).await.review;
    assert_eq!(quiet.effects.unwrap().control, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delegation_is_a_line_of_its_own() {
    let lab = Lab::start().await;
    let review = lab.prepared(Intent::Delegate { code: PRACTICE_DOLLAR }).await.review;
    let what = Control::Delegation { before: None, after: Some(PRACTICE_DOLLAR) };
    assert_eq!(review.effects.unwrap().control, [ControlChange { of: who(0), what }]);
}
