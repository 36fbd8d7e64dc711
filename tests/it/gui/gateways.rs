//! A name that is kept on web servers: who would learn what is said, one button asks, and the answer stays unverified.

use std::sync::Arc;

use alloy::primitives::{Address, B256};
use lifeboat::app::{
    Answer, CallAnswer, CallQuestion, CallResult, Command, ContractAnswer, ContractQuestion, EnsName,
    GatewayConsent, Loadable, NameAnswer, NameOutcome, NotFollowed, Question, ReverseAnswer, ReverseOutcome,
    Tag, ToldCall, WebServers,
};
use lifeboat::devnet::execution::PRACTICE_DOLLAR;
use lifeboat::gui::Screen;

use super::lab::{Desk, USUAL, call_question, click, desk, open_at, says, words};

const HOST: &str = "gateway.example";

fn plain() -> Question {
    Question::Contract(ContractQuestion::Name("off.eth".to_owned(), Tag::Latest))
}

fn followed(hosts: &[&str]) -> Question {
    let leave = GatewayConsent::Only(hosts.iter().map(|host| (*host).to_owned()).collect());
    Question::Contract(ContractQuestion::NameByGateways("off.eth".to_owned(), leave, Tag::Latest))
}

/// The explorer with the answer to a question about `off.eth`.
fn explorer(question: &Question, outcome: NameOutcome) -> Desk {
    let mut desk = desk(Screen::Explorer);
    let answer = NameAnswer {
        name: EnsName::parse("off.eth").unwrap(),
        node: B256::ZERO,
        resolver: Some(Address::repeat_byte(9)),
        by_wildcard: false,
        outcome,
        at: desk.snapshot.head.as_ref().unwrap().block.unwrap(),
    };
    let answer = Answer::Contract(Arc::new(ContractAnswer::Name(answer)));
    Arc::make_mut(&mut desk.snapshot.answers).insert(question.clone(), Loadable::Ready(answer));
    desk.state.explorer.question = Some(question.clone());
    desk
}

fn servers(hosts: &[&str]) -> WebServers {
    let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
    WebServers { urls: hosts.iter().map(|host| format!("https://{host}/{{data}}")).collect(), hosts }
}

fn no_use(why: &str) -> NameOutcome {
    NameOutcome::NotFollowed(NotFollowed { why: why.to_owned(), hosts: Vec::new() })
}

#[test]
fn one_button_asks_the_hosts_that_it_names_and_no_other() {
    let mut window = open_at(explorer(&plain(), NameOutcome::Offchain(servers(&[HOST]))), USUAL);
    assert!(says(&window, "They were not asked"), "{:?}", words(&window));
    assert!(says(&window, "gateway.example would learn which name you look up"), "{:?}", words(&window));
    assert_eq!(window.state().sent, [], "nothing is asked before the button");
    click(&mut window, "Ask the gateway gateway.example");
    assert_eq!(window.state().sent, [Command::Ask(followed(&[HOST]))]);
}

#[test]
fn a_host_that_sends_on_needs_leave_of_its_own() {
    let sent_on = NameOutcome::NotFollowed(NotFollowed {
        why: "it sends on to second.example, which you did not agree to ask".to_owned(),
        hosts: vec!["second.example".to_owned()],
    });
    let mut window = open_at(explorer(&followed(&[HOST]), sent_on), USUAL);
    click(&mut window, "Ask the gateway second.example");
    assert_eq!(window.state().sent, [Command::Ask(followed(&[HOST, "second.example"]))]);
    let failed = no_use("no usable answer");
    let window = open_at(explorer(&followed(&[HOST]), failed), USUAL);
    assert!(says(&window, "off.eth is not known: no usable answer."), "{:?}", words(&window));
    let window = open_at(explorer(&plain(), NameOutcome::Offchain(servers(&[]))), USUAL);
    assert!(says(&window, "None of them can be asked safely."), "{:?}", words(&window));
}

#[test]
fn what_a_gateway_said_is_unverified_and_can_be_put_to_no_use() {
    let told = NameOutcome::Told { address: Some(Address::repeat_byte(0x77)), hosts: vec![HOST.to_owned()] };
    let window = open_at(explorer(&followed(&[HOST]), told), USUAL);
    for words in ["Unverified", "gateway.example says this. Nothing proves it.", "compare this address"] {
        assert!(says(&window, words), "{words}: {:?}", self::words(&window));
    }
    assert!(says(&window, &Address::repeat_byte(0x77).to_checksum(None)));
    for action in ["Save as watch-only", "Copy address", "Open as a contract"] {
        assert!(!says(&window, action), "{action}");
    }
}

/// Contracts with an open function and what became of its call, asked with leave for `agreed`.
fn contracts(agreed: &[&str], told: Option<Result<ToldCall, NotFollowed>>) -> Desk {
    let mut desk = desk(Screen::Contracts);
    desk.state.contracts.chosen = Some(PRACTICE_DOLLAR);
    let answers = Arc::make_mut(&mut desk.snapshot.answers);
    let Some(Loadable::Ready(Answer::Contract(answer))) = answers.get(&call_question()) else {
        panic!("asked")
    };
    let ContractAnswer::Call(call) = &**answer else { panic!("{answer:?}") };
    let call = CallAnswer { result: CallResult::Offchain(servers(&[HOST])), told, ..call.clone() };
    let question = call_with(agreed);
    answers.insert(question.clone(), Loadable::Ready(Answer::Contract(Arc::new(ContractAnswer::Call(call)))));
    desk
}

fn call_with(agreed: &[&str]) -> Question {
    let Question::Contract(ContractQuestion::Call(call)) = call_question() else { panic!("a call") };
    let leave = GatewayConsent::Only(agreed.iter().map(|host| (*host).to_owned()).collect());
    let gateways = Some(leave).filter(|_| !agreed.is_empty());
    Question::Contract(ContractQuestion::Call(CallQuestion { gateways, ..call }))
}

/// Opens `balanceOf` and asks it.
fn read(desk: Desk) -> super::lab::Window {
    let mut window = open_at(desk, egui::vec2(1100.0, 2400.0));
    let row = words(&window).into_iter().find(|text| text.contains("balanceOf(address)")).expect("listed");
    click(&mut window, &row);
    click(&mut window, "Read");
    window.run();
    window
}

#[test]
fn a_call_that_sends_to_a_gateway_has_the_button_too() {
    let mut window = read(contracts(&[], None));
    assert_eq!(window.state().sent, [Command::Ask(call_with(&[]))]);
    assert!(says(&window, "gateway.example would learn what you ask"), "{:?}", words(&window));
    click(&mut window, "Ask the gateway gateway.example");
    assert_eq!(window.state().sent.last(), Some(&Command::Ask(call_with(&[HOST]))));
}

#[test]
fn what_a_gateway_made_of_a_call_stands_below_the_proof_as_unverified() {
    let proven = contracts(&[], None);
    let Some(Loadable::Ready(Answer::Contract(answer))) = proven.snapshot.answers.get(&call_with(&[])) else {
        panic!("asked")
    };
    let ContractAnswer::Call(call) = &**answer else { panic!("{answer:?}") };
    let told = ToldCall {
        outcome: call.outcome.value().clone(),
        result: CallResult::Unread("four bytes".to_owned()),
        hosts: vec![HOST.to_owned()],
    };
    let mut desk = contracts(&[], Some(Ok(told)));
    desk.state.contracts.chosen = Some(PRACTICE_DOLLAR);
    let window = read(desk);
    for words in ["Unverified", "gateway.example says this. Nothing proves it.", "four bytes"] {
        assert!(says(&window, words), "{words}: {:?}", self::words(&window));
    }
    assert!(!says(&window, "Ask the gateway"), "it was asked");
    let more = NotFollowed { why: "it sends on".to_owned(), hosts: vec!["second.example".to_owned()] };
    let mut window = read(contracts(&[], Some(Err(more))));
    assert!(says(&window, "Its answer is not known: it sends on."), "{:?}", words(&window));
    click(&mut window, "Ask the gateway second.example");
    assert_eq!(window.state().sent.last(), Some(&Command::Ask(call_with(&["second.example"]))));
}

/// What `who` is called.
fn named(outcome: ReverseOutcome) -> Desk {
    let mut desk = desk(Screen::Explorer);
    let at = desk.snapshot.head.as_ref().unwrap().block.unwrap();
    let answer = ReverseAnswer { address: WHO, outcome, at };
    let answer = Answer::Contract(Arc::new(ContractAnswer::NameOf(answer)));
    Arc::make_mut(&mut desk.snapshot.answers).insert(name_of(&[]), Loadable::Ready(answer));
    desk.state.explorer.question = Some(name_of(&[]));
    desk
}

const WHO: Address = Address::repeat_byte(0x55);

fn name_of(agreed: &[&str]) -> Question {
    let leave = GatewayConsent::Only(agreed.iter().map(|host| (*host).to_owned()).collect());
    let leave = Some(leave).filter(|_| !agreed.is_empty());
    Question::Contract(ContractQuestion::NameOf(WHO, leave, Tag::Latest))
}

fn forward(outcome: NameOutcome) -> Box<NameAnswer> {
    let desk = desk(Screen::Explorer);
    Box::new(NameAnswer {
        name: EnsName::parse("off.eth").unwrap(),
        node: B256::ZERO,
        resolver: None,
        by_wildcard: false,
        outcome,
        at: desk.snapshot.head.as_ref().unwrap().block.unwrap(),
    })
}

#[test]
fn an_address_has_its_name_looked_up_and_believed_only_if_it_leads_back() {
    let of = |outcome| open_at(named(outcome), USUAL);
    let window = of(ReverseOutcome::Name(forward(NameOutcome::Address(WHO))));
    assert!(says(&window, "off.eth") && says(&window, "leads back to it"), "{:?}", words(&window));
    assert!(says(&of(ReverseOutcome::NoName), "no name of its own: proven"));
    let other = of(ReverseOutcome::Unconfirmed(forward(NameOutcome::Address(Address::repeat_byte(6)))));
    assert!(says(&other, "NOT CONFIRMED") && says(&other, "0x0606"), "{:?}", words(&other));
    let mut elsewhere = of(ReverseOutcome::Unconfirmed(forward(NameOutcome::Offchain(servers(&[HOST])))));
    click(&mut elsewhere, "Ask the gateway gateway.example");
    assert_eq!(elsewhere.state().sent, [Command::Ask(name_of(&[HOST]))]);
    let mut elsewhere = of(ReverseOutcome::Offchain(servers(&[HOST])));
    click(&mut elsewhere, "Ask the gateway gateway.example");
    assert_eq!(elsewhere.state().sent, [Command::Ask(name_of(&[HOST]))]);
    // They were asked, to no end: that nobody could be asked would be untrue.
    let ended = NotFollowed { why: "no usable answer".to_owned(), hosts: Vec::new() };
    let ended = of(ReverseOutcome::NotFollowed(ended));
    assert!(says(&ended, "Its name is not known: no usable answer."), "{:?}", words(&ended));
    assert!(!says(&ended, "None of them can be asked safely."), "{:?}", words(&ended));
    let told = ReverseOutcome::Told {
        text: Some("off.eth".to_owned()),
        hosts: vec![HOST.to_owned()],
        forward: Some(forward(NameOutcome::Address(WHO))),
    };
    let told = of(told);
    for words in ["Unverified", "gateway.example says this. Nothing proves it."] {
        assert!(says(&told, words), "{words}: {:?}", self::words(&told));
    }
}
