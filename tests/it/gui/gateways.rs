//! A name that is kept on web servers: who would learn what is said, one button asks, and the answer stays unverified.

use std::sync::Arc;

use alloy::primitives::{Address, B256};
use lifeboat::app::{
    Answer, Command, ContractAnswer, ContractQuestion, EnsName, GatewayConsent, Loadable, NameAnswer,
    NameOutcome, Question, Tag, WebServers,
};
use lifeboat::gui::Screen;

use super::lab::{Desk, USUAL, click, desk, open_at, says, words};

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
    let sent_on = NameOutcome::NotFollowed {
        why: "it sends on to second.example, which you did not agree to ask".to_owned(),
        hosts: vec!["second.example".to_owned()],
    };
    let mut window = open_at(explorer(&followed(&[HOST]), sent_on), USUAL);
    click(&mut window, "Ask the gateway second.example");
    assert_eq!(window.state().sent, [Command::Ask(followed(&[HOST, "second.example"]))]);
    let failed = NameOutcome::NotFollowed { why: "no usable answer".to_owned(), hosts: Vec::new() };
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
