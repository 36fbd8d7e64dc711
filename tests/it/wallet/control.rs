//! Who controls what after a transaction stands in its review: owners, the code of proxies, delegations.

use alloy::consensus::TxEip1559;
use alloy::eips::eip2718::Encodable2718 as _;
use alloy::primitives::{Address, Bytes, TxKind, U256, b256, hex};
use lifeboat::app::signing::{Control, ControlChange, Intent};
use lifeboat::devnet::PRACTICE_CHAIN_ID;
use lifeboat::devnet::execution::{PRACTICE_ACCOUNTS, PRACTICE_DOLLAR, sign};

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
    let code = takeover();
    let length = u8::try_from(code.len()).unwrap();
    let create =
        [&hex!("60")[..], &[length], &hex!("600a5f39"), &hex!("60"), &[length], &hex!("5ff3")].concat();
    let create = [create, code].concat();
    let unsigned = TxEip1559 {
        chain_id: PRACTICE_CHAIN_ID,
        nonce: 0,
        gas_limit: 1_000_000,
        max_fee_per_gas: 100_000_000_000,
        max_priority_fee_per_gas: 1_000_000_000,
        to: TxKind::Create,
        input: create.into(),
        ..TxEip1559::default()
    };
    lab.network.submit(&sign(1, unsigned).unwrap().inner().encoded_2718()).unwrap();
    lab.advance(2).await;
    let contract = PRACTICE_ACCOUNTS[1].address.create(0);
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
