//! What an act may not hide: a payment behind a delegation, an item behind a coin's call, ether and receivers inside a call,
//! a token that moves nothing.

use alloy::consensus::{TxEip1559, TxEip7702};
use alloy::eips::eip7702::Authorization;
use alloy::primitives::{Address, B256, Bytes, Log, LogData, U256, address, keccak256};
use alloy::sol;
use alloy::sol_types::SolCall as _;

use super::check_tests::{self, text, with};
use super::fixture::*;
use super::*;
use crate::contracts::AbiBook;
use crate::wallet::{Amount, Draft, Effects, Intent, Unsigned};

sol! {
    function transfer(address to, uint256 value);
    function transferFrom(address from, address to, uint256 value);
    function approve(address spender, uint256 value);
    function increaseAllowance(address spender, uint256 added);
    function claim();
    function withdraw(address asset, uint256 amount, address to);
}

const EVE: Address = Address::repeat_byte(0xe7);
/// A contract that the book does not know, and whose decimals nobody proved.
const ITEMS: Address = Address::repeat_byte(0x72);
const POOL: Address = address!("87870Bca3F3fD6335C3F4ce8392D69350B4fA4E2");

/// Type 4 that ends the delegation, and does `to`, `value` and `input` as well.
fn ends_delegation(to: Address, value: U256, input: Vec<u8>, nonces: &[u64]) -> Review {
    let tx = TxEip7702 {
        chain_id: 1,
        nonce: 211,
        gas_limit: 100_000,
        max_fee_per_gas: 3 * GWEI,
        to,
        value,
        input: input.into(),
        ..TxEip7702::default()
    };
    let one = |nonce: &u64| Authorization { chain_id: U256::from(1), address: Address::ZERO, nonce: *nonce };
    review_with(Unsigned::Eip7702 { tx, authorizations: nonces.iter().map(one).collect() }, |_| {})
}

#[test]
fn a_payment_is_not_hidden_behind_a_delegation() {
    let alone = ends_delegation(ME, U256::ZERO, Vec::new(), &[212]);
    assert_eq!(alone.act, Act::Delegate { code: Address::ZERO });
    assert_eq!(said(&alone, 25), None);
    let pays = ends_delegation(EVE, ether(40), Vec::new(), &[212]);
    assert_eq!(pays.act, Act::Pay { to: EVE, wei: ether(40) });
    assert_eq!(pays.sentence, format!("You send 4 ETH to {EVE}."));
    let beside =
        "This delegates your account and does something else as well. Lifeboat signs a delegation alone.";
    text(&pays, 25, Level::Block, beside);
    assert!(said(&pays, 4).is_some(), "who is paid is looked at all the same");
    let moves = transferCall { to: EVE, value: U256::from(9) }.abi_encode();
    let moves = ends_delegation(USDC, U256::ZERO, moves, &[212]);
    assert!(matches!(moves.act, Act::Token { to: EVE, .. }), "{:?}", moves.act);
    assert_eq!(moves.gesture(), Gesture::Blocked);
    // Ether to oneself and data to oneself are something else as well.
    assert_eq!(ends_delegation(ME, ether(1), Vec::new(), &[212]).gesture(), Gesture::Blocked);
    assert_eq!(ends_delegation(ME, U256::ZERO, vec![1], &[212]).gesture(), Gesture::Blocked);
}

#[test]
fn a_delegation_is_one_and_for_the_nonce_right_behind() {
    for nonces in [&[211][..], &[213], &[212, 213], &[]] {
        let review = ends_delegation(ME, U256::ZERO, Vec::new(), nonces);
        assert_eq!((review.gesture(), said(&review, 25).unwrap().0), (Gesture::Blocked, Level::Block));
    }
}

fn log(token: Address, name: &str, indexed: &[B256], data: &[u8]) -> Log {
    let topics = [&[keccak256(name)], indexed].concat();
    Log { address: token, data: LogData::new_unchecked(topics, Bytes::copy_from_slice(data)) }
}

fn transferred(token: Address, to: Address, id: Option<u64>) -> Log {
    let mut topics = vec![ME.into_word(), to.into_word()];
    topics.extend(id.map(|id| B256::from(U256::from(id))));
    log(token, "Transfer(address,address,uint256)", &topics, &[0; 32])
}

/// The review of `tx`, of which the simulation showed these effects.
fn ran(tx: TxEip1559, effects: &Effects, change: impl FnOnce(&mut ReviewInput<'_>)) -> Review {
    let book = AbiBook::new();
    let mut input = input(&book, effects);
    change(&mut input);
    Review::new(&Draft::of(ME, Unsigned::Eip1559(tx)).without_simulation(), &input).unwrap()
}

fn to_items(data: Vec<u8>) -> TxEip1559 {
    call(ITEMS, data)
}

#[test]
fn an_approval_of_item_0_is_no_revocation() {
    let approve = |spender| to_items(approveCall { spender, value: U256::ZERO }.abi_encode());
    let given =
        log(ITEMS, "Approval(address,address,uint256)", &[ME.into_word(), EVE.into_word(), B256::ZERO], &[]);
    let seen = Effects { logs: vec![given], ..effects() };
    let wallet = |input: &mut ReviewInput<'_>| input.spender = Some(AccountFacts::default());
    let item = ran(approve(EVE), &seen, wallet);
    assert_eq!(item.sentence, format!("You allow {EVE} to take your {ITEMS} #0, now or later."));
    assert_eq!(item.title, format!("Approve {ITEMS} #0"));
    assert_eq!((item.act.spender(), said(&item, 8).unwrap().0), (Some(EVE), Level::Danger));
    // Nothing tells which: the worse is looked at, and both are said.
    let unsure = with(approve(EVE), wallet);
    assert_eq!(
        unsure.sentence,
        format!(
            "You allow {EVE} to take item #0 of {ITEMS}, or none of its raw units any more: Lifeboat cannot tell which."
        )
    );
    assert!(said(&unsure, 8).is_some());
    let all = to_items(approveCall { spender: EVE, value: U256::MAX }.abi_encode());
    assert_eq!(said(&review(all), 7).unwrap().0, Level::Danger);
    let back = ran(approve(Address::ZERO), &Effects { logs: vec![], ..seen.clone() }, |_| {});
    assert_eq!(back.act.spender(), None, "nobody may take it");
    // Of a coin with proven decimals it is what it was.
    let revoke = review(call(USDC, approveCall { spender: EVE, value: U256::ZERO }.abi_encode()));
    assert_eq!(revoke.sentence, format!("You stop {EVE} from taking your USDC."));
    // To be allowed nothing more takes nothing back.
    let more = review(call(USDC, increaseAllowanceCall { spender: EVE, added: U256::ZERO }.abi_encode()));
    assert_eq!(
        more.sentence,
        format!("You allow {EVE} to take 0 USDC more than it may already, now or later.")
    );
    assert_eq!(more.act.spender(), Some(EVE));
}

#[test]
fn an_item_is_not_sent_as_raw_units() {
    let tx = || to_items(transferFromCall { from: ME, to: ALICE, value: U256::from(1_234) }.abi_encode());
    let seen = Effects { logs: vec![transferred(ITEMS, ALICE, Some(1_234))], ..effects() };
    let item = ran(tx(), &seen, |_| {});
    assert_eq!(item.sentence, format!("You send {ITEMS} #1234 to Alice ({ALICE})."));
    assert_eq!((item.act.payment(), said(&item, 11)), (None, None));
    let unsure = review(tx());
    assert_eq!(
        unsure.sentence,
        format!("You send #1234, or as many raw units, of {ITEMS} to Alice ({ALICE}).")
    );
    let others = to_items(transferFromCall { from: EVE, to: ALICE, value: U256::from(7) }.abi_encode());
    let others = review(others).sentence;
    assert_eq!(others, format!("You move #7, or as many raw units, of {ITEMS} of {EVE} to Alice ({ALICE})."));
}

#[test]
fn ether_that_goes_with_a_call_is_said() {
    let claims = TxEip1559 { value: ether(47), ..call(EVE, claimCall {}.abi_encode()) };
    let review = review(claims);
    assert!(review.sentence.ends_with(" 4.7 ETH of yours go with it."), "{}", review.sentence);
    let most = with(TxEip1559 { value: ether(47), ..call(EVE, vec![1, 2, 3, 4]) }, |input| {
        input.value_share = Some(97);
    });
    text(&most, 13, Level::Danger, "This moves 97 % of this account's value to an address you do not own.");
    assert!(most.sentence.contains("4.7 ETH of yours"), "{}", most.sentence);
}

#[test]
fn who_receives_inside_a_call_is_looked_at() {
    let out = |to| call(POOL, withdrawCall { asset: USDC, amount: U256::from(5), to }.abi_encode());
    let twin = address!("5290111111111111111111111111111111119EE7");
    let alike = review(out(twin));
    let (level, words) = said(&alike, 3).unwrap();
    assert_eq!(level, Level::Danger);
    assert!(
        words.starts_with(&format!("{twin}, which receives by this call, imitates \"Alice\".")),
        "{words}"
    );
    let stranger = review(out(EVE));
    let never = format!("You have never sent to {EVE} from this computer, and it receives by this call.");
    assert!(stranger.concerns().any(|one| one.check == CheckId(4) && one.text == never), "{stranger:?}");
    for own in [ME, ALICE] {
        let quiet = review(out(own));
        assert!(quiet.concerns().all(|one| one.check != CheckId(3) && !one.text.contains("receives by")));
    }
    let burnt = address!("000000000000000000000000000000000000dEaD");
    for lost in [burnt, USDC] {
        let (level, words) = said(&review(out(lost)), 5).unwrap();
        assert_eq!(
            (level, words.starts_with(&format!("{lost} receives by this call"))),
            (Level::Danger, true)
        );
    }
    assert_eq!(said(&review(out(ALICE)), 5), None);
    // What a token burns of itself on the way is no mistake of the call's.
    let burns = with(out(ALICE), |input| input.paid_inside = vec![burnt]);
    assert_eq!(said(&burns, 5), None);
    let proven = with(out(burnt), |input| input.paid_inside = vec![burnt]);
    assert!(said(&proven, 5).is_some(), "the simulation saw it burn");
    // A person whom the simulation saw paid, though the call names nobody.
    let hidden = with(call(POOL, vec![1, 2, 3, 4]), |input| input.paid_inside = vec![twin]);
    assert!(said(&hidden, 3).is_some());
}

#[test]
fn a_bundled_address_is_nobodys_imitation() {
    let permit2 = address!("000000000022D473030F116dDEE9F6B43aC78BA3");
    let alike = address!("000000000022D473030F116dDEE9F6B43aC78B00");
    let approve = |spender| call(USDC, approveCall { spender, value: U256::from(1) }.abi_encode());
    let earlier = |address| {
        move |input: &mut ReviewInput<'_>| {
            input.parties.push(Party { name: "earlier".to_owned(), address, kind: PartyKind::Earlier });
        }
    };
    assert_eq!(said(&with(approve(permit2), earlier(alike)), 3), None);
    assert!(said(&with(approve(alike), earlier(permit2)), 3).is_some());
}

#[test]
fn a_token_that_moves_nothing_is_a_danger() {
    let amount = Amount::Exactly(U256::from(5_000_000));
    let (_, _, data) = Intent::SendToken { token: USDC, to: ALICE, amount }.call(ME, U256::ZERO);
    let tx = || call(USDC, data.to_vec());
    let moved = Effects { logs: vec![transferred(USDC, ALICE, None)], ..effects() };
    assert_eq!(said(&ran(tx(), &moved, |_| {}), 11), None);
    let silent = ran(tx(), &Effects { says_no: true, ..effects() }, |_| {});
    text(
        &silent,
        11,
        Level::Danger,
        "The token would move nothing, although the transaction would succeed. You would pay up to 0.0003 ETH for nothing.",
    );
    let elsewhere = Effects { logs: vec![transferred(USDC, EVE, None)], ..effects() };
    assert_eq!(said(&ran(tx(), &elsewhere, |_| {}), 11).unwrap().0, Level::Danger);
    let odd = ran(tx(), &Effects { says_no: true, ..moved }, |_| {});
    assert_eq!(said(&odd, 11).unwrap().0, Level::Caution);
}

#[test]
fn what_was_read_before_is_still_taken_until_it_says_something_else() {
    let reading = |hundredths| {
        with(check_tests::quiet(), |input| {
            let (protocol, most) = ("Aave".to_owned(), "nothing".to_owned());
            input.health = Some(HealthFact { protocol, after: Some(hundredths), most });
        })
    };
    let typed = |fact: &str| Answers { held: true, facts: vec![fact.to_owned()] };
    let (first, second) = (reading(111), reading(110));
    assert!(second.approve(second.id(), &typed("1.11")).is_err());
    let second = second.after(&first);
    for value in ["1.11", "1.10"] {
        assert!(second.approve(second.id(), &typed(value)).is_ok(), "{value}");
    }
    assert!(second.approve(second.id(), &typed("1.12")).is_err());
    // A check that was at another level in between asks anew.
    let third = reading(110).after(&reading(120).after(&first));
    assert!(third.approve(third.id(), &typed("1.11")).is_err());
    // Another transaction takes nothing of it.
    let other = with(pay(ALICE, ether(11)), |input| input.health = None).after(&first);
    assert_eq!(other.concerns().count(), 0);
}
