//! Every check fires on a case built for it and stays silent on its neighbour.

use alloy::consensus::TxEip1559;
use alloy::primitives::{Address, Bytes, TxKind, U256, address};

use super::fixture::*;
use super::*;
use crate::wallet::{Allowance, Approval, Effects, Failure, Intent, Unsigned};

fn intent(intent: &Intent) -> TxEip1559 {
    let (to, value, data) = intent.call(ME, U256::ZERO);
    TxEip1559 { value, ..call(to.unwrap(), data.to_vec()) }
}

pub(super) fn with(tx: TxEip1559, change: impl FnOnce(&mut ReviewInput<'_>)) -> Review {
    review_with(Unsigned::Eip1559(tx), change)
}

pub(super) fn quiet() -> TxEip1559 {
    pay(ALICE, ether(10))
}

pub(super) fn text(review: &Review, check: u8, level: Level, expected: &str) {
    assert_eq!(said(review, check), Some((level, expected.to_owned())));
}

#[test]
fn a_quiet_payment_has_no_concern_and_needs_a_click() {
    let one = review(quiet());
    assert_eq!(one.concerns().count(), 0, "{:?}", one.findings);
    assert_eq!(one.gesture(), Gesture::Click);
    assert_eq!(one.sentence, format!("You send 1 ETH to Alice ({ALICE})."));
    assert_eq!(one.title, "Send 1 ETH");
    let passed: Vec<&str> = one.findings.iter().map(|one| one.text.as_str()).collect();
    let all = [
        "Chain id 1 = verified chain",
        "No approval is created",
        "State 4 s old",
        "Nonce is next (211)",
        "Fee is normal",
    ];
    assert!(all.iter().all(|line| passed.contains(line)), "{passed:?}");
}

#[test]
fn r01_another_chain_is_blocked() {
    let one = review(TxEip1559 { chain_id: 137, ..quiet() });
    text(&one, 1, Level::Block, "This transaction is for chain 137. Lifeboat is verified on Ethereum (1).");
    assert_eq!(one.gesture(), Gesture::Blocked);
}

#[test]
fn r02_checksums() {
    let typed = |text: &str| with(quiet(), |input| input.typed = Some(text.to_owned()));
    assert_eq!(said(&typed(&ALICE.to_string()), 2), None);
    text(
        &typed("0x52908400098527886e0F7030069857D2E4169EE7"),
        2,
        Level::Block,
        "The address has a wrong character: its checksum does not match. Copy it again from its source.",
    );
    text(
        &typed("0x52908400098527886e0f7030069857d2e4169ee7"),
        2,
        Level::Note,
        "All lower case, so it carries no checksum: compare every character.",
    );
    assert!(said(&typed("52908400098527886e0f7030069857d2e4169ee7"), 2).is_some(), "0x is no part of it");
    assert_eq!(said(&typed("alice.eth"), 2), None);
}

#[test]
fn r03_look_alikes() {
    let twin = address!("5290111111111111111111111111111111119EE7");
    let one = review(pay(twin, ether(1)));
    text(
        &one,
        3,
        Level::Danger,
        "This address imitates \"Alice\". Both start 0x5290 and end 9EE7, but 31 of 40 characters differ.",
    );
    let held =
        |facts: &[&str]| Answers { held: true, facts: facts.iter().map(|one| (*one).to_owned()).collect() };
    assert!(one.approve(one.id(), &held(&["529011"])).is_err());
    assert!(one.approve(one.id(), &held(&["111111"])).is_ok());
    assert_eq!(said(&review(pay(Address::repeat_byte(0x33), ether(1))), 3), None);
    assert_eq!(said(&review(quiet()), 3), None);
    // As a spender it imitates too.
    let approve = intent(&Intent::Approve { token: USDC, spender: twin, amount: U256::from(1) });
    assert!(said(&review(approve), 3).is_some());
}

#[test]
fn r04_first_time() {
    let stranger = Address::repeat_byte(0x33);
    text(
        &review(pay(stranger, ether(1))),
        4,
        Level::Caution,
        "You have never sent to this address from this computer.",
    );
    let known = with(pay(stranger, ether(1)), |input| {
        input.parties.push(Party { name: "0x3333".to_owned(), address: stranger, kind: PartyKind::Earlier });
    });
    assert_eq!(said(&known, 4), None);
    assert_eq!(known.sentence, format!("You send 0.1 ETH to {stranger}."), "its short form adds nothing");
    let moved = with(quiet(), |input| {
        input.moved_name = Some(MovedName { name: "alice.eth".to_owned(), since: "2025-10-02".to_owned() });
    });
    text(&moved, 4, Level::Danger, "alice.eth now points to another address than on 2025-10-02.");
    let called = review(call(stranger, vec![1, 2, 3, 4]));
    text(&called, 4, Level::Caution, "First time you call this contract.");
}

#[test]
fn r05_and_r06_recipients() {
    let contract = AccountFacts { has_code: true, ..AccountFacts::default() };
    let paid = with(quiet(), |input| input.recipient = Some(contract));
    text(&paid, 5, Level::Caution, "The recipient is a contract.");
    let lost = intent(&Intent::SendToken {
        token: USDC,
        to: USDC,
        amount: crate::wallet::Amount::Exactly(U256::from(1)),
    });
    text(&review(lost), 5, Level::Danger, "Tokens sent to their own token contract are usually lost.");
    for nobody in [Address::ZERO, address!("000000000000000000000000000000000000dEaD")] {
        let lost = review(pay(nobody, ether(1)));
        text(&lost, 5, Level::Danger, "Nobody has a key of this address: what is sent there is lost.");
    }
    assert_eq!(said(&review(pay(Address::with_last_byte(1), ether(1))), 5), None);
    let unused = with(quiet(), |input| input.recipient = Some(AccountFacts::default()));
    text(
        &unused,
        6,
        Level::Note,
        "No balance and no transactions yet (verified). Normal for a new wallet; check for typing errors.",
    );
    assert_eq!(said(&review(quiet()), 6), None);
    assert_eq!(unused.gesture(), Gesture::Click);
}

#[test]
fn r07_and_r08_approvals() {
    let spender = Address::repeat_byte(0x44);
    let approve = |amount| review(intent(&Intent::Approve { token: USDC, spender, amount }));
    let unlimited = approve(U256::MAX);
    text(&unlimited, 7, Level::Danger, "The spender may take all your USDC, now and later, without asking.");
    assert!(finding(&unlimited, 7).unwrap().fact.as_ref().unwrap().accepts("unlimited"));
    assert_eq!(said(&approve(U256::from(1_000_000_000)), 7), None);
    assert_eq!(said(&approve(U256::ZERO), 7), None);
    let operator =
        review(intent(&Intent::ApproveAll { collection: USDC, operator: spender, approved: true }));
    assert!(said(&operator, 7).is_some());
    let hidden = with(quiet(), |_| {});
    assert_eq!(said(&hidden, 7), None);
    let wallet = with(intent(&Intent::Approve { token: USDC, spender, amount: U256::from(1) }), |input| {
        input.spender = Some(AccountFacts::default());
    });
    text(
        &wallet,
        8,
        Level::Danger,
        "The spender is a person's wallet, not a contract. Real apps do not ask for this.",
    );
    assert_eq!(said(&approve(U256::from(1)), 8), None);
    let revoke = with(intent(&Intent::Approve { token: USDC, spender, amount: U256::ZERO }), |input| {
        input.spender = Some(AccountFacts::default());
    });
    assert_eq!(said(&revoke, 8), None);
}

#[test]
fn r07_sees_an_approval_inside_a_call() {
    let book = crate::contracts::AbiBook::new();
    let spender = Address::repeat_byte(9);
    let inside = Effects {
        approvals: vec![Approval {
            owner: ME,
            spender,
            token: USDC,
            allowance: Allowance::Erc20 { amount: U256::MAX },
        }],
        ..effects()
    };
    let given = input(&book, &inside);
    let simulated = crate::wallet::Draft::of(ME, Unsigned::Eip1559(quiet())).without_simulation();
    assert!(said(&Review::new(&simulated, &given).unwrap(), 7).is_some());
}

#[test]
fn r09_and_r10_code() {
    let stranger = Address::repeat_byte(0x55);
    let known_function = call(stranger, crate::contracts::Erc20::totalSupplyCall {}.abi_encode_bytes());
    text(&review(known_function), 9, Level::Caution, "Lifeboat has no verified interface for this contract.");
    let listed = intent(&Intent::Approve { token: USDC, spender: stranger, amount: U256::from(1) });
    assert_eq!(said(&review(listed.clone()), 9), None);
    let changed =
        with(listed, |input| input.code = CodeStanding::Changed { name: "Aave v3 Pool".to_owned() });
    text(
        &changed,
        9,
        Level::Danger,
        "The code is not the one shipped for Aave v3 Pool: an upgrade, or an attack.",
    );
    let blind = review(call(stranger, vec![0xde, 0xad, 0xbe, 0xef, 1]));
    text(&blind, 10, Level::Danger, "Lifeboat cannot read this call, so you would sign blind.");
    let creation = review(TxEip1559 { to: TxKind::Create, input: Bytes::from(vec![1]), ..quiet() });
    assert!(said(&creation, 10).is_some());
    assert_eq!(said(&review(quiet()), 10), None);
}

trait Encode {
    fn abi_encode_bytes(&self) -> Vec<u8>;
}
impl<C: alloy::sol_types::SolCall> Encode for C {
    fn abi_encode_bytes(&self) -> Vec<u8> {
        self.abi_encode()
    }
}

#[test]
fn r11_and_r12_simulation() {
    let book = crate::contracts::AbiBook::new();
    let reverted = alloy::sol_types::Revert::from("health factor too low");
    let data = alloy::sol_types::SolError::abi_encode(&reverted).into();
    let failing = Effects { failure: Some(Failure { data, halt: None }), ..effects() };
    let simulated = crate::wallet::Draft::of(ME, Unsigned::Eip1559(quiet())).without_simulation();
    let one = Review::new(&simulated, &input(&book, &failing)).unwrap();
    text(
        &one,
        11,
        Level::Danger,
        "This would fail: \"health factor too low\". You would pay up to 0.000063 ETH for nothing.",
    );
    let inside = Effects { inner_failure: Some(ALICE), ..effects() };
    let one = Review::new(&simulated, &input(&book, &inside)).unwrap();
    let (level, said_of_it) = said(&one, 11).unwrap();
    assert!(level == Level::Danger && said_of_it.contains(&ALICE.to_string()), "{said_of_it}");
    assert!(said_of_it.contains("its number and signatures would be used up"), "{said_of_it}");
    let none = with(quiet(), |input| input.effects = None);
    text(&none, 12, Level::Danger, "The result is computed from unproven data or not at all.");
    let claimed = with(quiet(), |input| input.standing = Standing::Unverified);
    assert!(said(&claimed, 12).is_some() && said(&claimed, 26).is_none());
    let tricky = Effects { depends_on_block: true, ..effects() };
    let one = Review::new(&simulated, &input(&book, &tricky)).unwrap();
    assert_eq!(said(&one, 12).unwrap().0, Level::Caution);
}

#[test]
fn r13_most_of_the_money() {
    let share = |percent| with(quiet(), |input| input.value_share = Some(percent));
    text(
        &share(92),
        13,
        Level::Danger,
        "This moves 92 % of this account's value to an address you do not own.",
    );
    assert_eq!(said(&share(79), 13), None);
    let own = with(quiet(), |input| {
        input.value_share = Some(92);
        input.parties = vec![Party { name: "Cold".to_owned(), address: ALICE, kind: PartyKind::Own }];
    });
    assert_eq!(said(&own, 13), None);
}

#[test]
fn r14_old_state() {
    let age = |secs| with(quiet(), |input| input.state_age_secs = secs);
    assert_eq!(said(&age(120), 14), None);
    text(&age(121), 14, Level::Caution, "The chain state is 2 min old. Prices and debts have moved.");
    let old = age(17 * 60);
    text(&old, 14, Level::Danger, "The chain state is 17 min old. Prices and debts have moved.");
    assert!(finding(&old, 14).unwrap().fact.as_ref().unwrap().accepts("17"));
}

fn waiting(nonce: u64, max_fee_per_gas: u128) -> WaitingTx {
    let (title, max_cost) = ("Send 1 ETH".to_owned(), U256::ZERO);
    WaitingTx { nonce, title, max_fee_per_gas, tip_per_gas: GWEI / 2, max_cost, taken: true }
}

#[test]
fn r15_nonces() {
    let used = review(TxEip1559 { nonce: 209, ..quiet() });
    text(&used, 15, Level::Block, "Nonce 209 is already used.");
    let gap = review(TxEip1559 { nonce: 213, ..quiet() });
    text(&gap, 15, Level::Caution, "Nonce 213 waits until 211 and 212 are used.");
    let filled = with(TxEip1559 { nonce: 212, ..quiet() }, |input| input.waiting = vec![waiting(211, GWEI)]);
    assert_eq!(said(&filled, 15), None);
    let replaces = with(quiet(), |input| input.waiting = vec![waiting(211, 2 * GWEI)]);
    text(&replaces, 15, Level::Note, "Replaces your pending \"Send 1 ETH\".");
    let cheap = with(quiet(), |input| input.waiting = vec![waiting(211, 3 * GWEI)]);
    text(&cheap, 15, Level::Block, "A replacement must pay at least 10 % more: try 0.00007 ETH.");
}

#[test]
fn r16_fees() {
    let fee = |gwei: u128| review(TxEip1559 { max_fee_per_gas: gwei * GWEI, ..quiet() });
    assert_eq!(said(&fee(7), 16), None);
    text(&fee(8), 16, Level::Caution, "Max fee is 8x the current base fee.");
    let absurd = fee(40);
    assert_eq!(said(&absurd, 16).unwrap().0, Level::Danger);
    assert!(finding(&absurd, 16).unwrap().fact.as_ref().unwrap().accepts("0.00084 ETH"));
    let low = review(TxEip1559 { max_fee_per_gas: GWEI / 2, max_priority_fee_per_gas: 0, ..quiet() });
    text(&low, 16, Level::Caution, "Below the base fee: it will wait.");
    let much_gas = review(TxEip1559 { gas_limit: 40_000_000, ..quiet() });
    assert_eq!(said(&much_gas, 16).unwrap().0, Level::Danger);
}

#[test]
fn r17_and_r18_funds() {
    let more = review(pay(ALICE, ether(50)));
    text(&more, 17, Level::Block, "Needs 5.000063 ETH with fee; the account has 4.8 (verified).");
    let nearly = review(pay(ALICE, ether(48) - U256::from(100_000 * GWEI)));
    assert_eq!(said(&nearly, 17), None);
    text(&nearly, 18, Level::Note, "You keep 0.000037 ETH: not enough for another transaction.");
    assert_eq!(said(&review(quiet()), 18), None);
}

#[test]
fn r19_twice() {
    let past = |secs_ago, in_block| {
        with(quiet(), |input| {
            input.past = vec![PastPayment {
                to: ALICE,
                token: None,
                amount: ether(10),
                nonce: 210,
                secs_ago,
                in_block,
            }];
        })
    };
    text(
        &past(240, true),
        19,
        Level::Caution,
        "You sent the same amount to this address 4 min ago (nonce 210, in a block).",
    );
    assert_eq!(said(&past(100_000, true), 19), None);
}
