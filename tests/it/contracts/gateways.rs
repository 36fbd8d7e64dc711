//! Names and calls whose answer is on web servers (EIP-3668), asked with the user's leave: what they say is never proven.

use lifeboat::app::{
    CallQuestion, CallResult, ContractAnswer, ContractQuestion, GatewayConsent, NameOutcome, NotFollowed,
    ReverseOutcome, Tag,
};
use lifeboat::devnet::execution::PRACTICE_ACCOUNTS;

use super::Stage;
use crate::support::deploy::{Deployer, Ens};
use crate::support::gateway::{GatewayServer, kept};

type Placed = (Ens, alloy::primitives::Address);

async fn stage() -> (Stage<Placed>, GatewayServer) {
    let server = GatewayServer::start();
    let place = |deployer: &mut Deployer<'_>| {
        let ens = Ens::deploy(deployer);
        (ens, server.deploy(deployer, ens))
    };
    (Stage::start(place, |(ens, _)| Some(ens.registry)).await, server)
}

impl Stage<Placed> {
    async fn followed(&mut self, name: &str, consent: &GatewayConsent) -> NameOutcome {
        let question = ContractQuestion::NameByGateways(name.to_owned(), consent.clone(), Tag::Latest);
        match &*self.ask(question).await.unwrap() {
            ContractAnswer::Name(answer) => {
                assert_eq!(answer.address(), None, "{name}: nothing that a gateway says is proven");
                answer.outcome.clone()
            }
            other => panic!("{other:?}"),
        }
    }
}

/// Why a lookup came to no end, and whom else it would ask.
fn not_followed(outcome: NameOutcome) -> (String, Vec<String>) {
    match outcome {
        NameOutcome::NotFollowed(NotFollowed { why, hosts }) => (why, hosts),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_is_asked_with_leave_and_its_answer_stays_unverified() {
    let (mut stage, server) = stage().await;
    let leave = GatewayConsent::Only(vec![server.host.clone()]);
    // Without leave nobody is asked, and who would be is said.
    let asked = stage.ask(ContractQuestion::Name("honest.eth".to_owned(), Tag::Latest)).await.unwrap();
    let ContractAnswer::Name(answer) = &*asked else { panic!("{asked:?}") };
    let NameOutcome::Offchain(servers) = &answer.outcome else { panic!("{answer:?}") };
    assert_eq!((servers.hosts.as_slice(), server.asked()), ([server.host.clone()].as_slice(), 0));
    // Leave to ask any public host is none to ask this computer.
    let (why, hosts) = not_followed(stage.followed("honest.eth", &GatewayConsent::AnyPublic).await);
    assert!(why.contains("did not agree") && hosts == [server.host.clone()], "{why}");
    assert_eq!(server.asked(), 0);
    let told = |address| NameOutcome::Told { address, hosts: vec![server.host.clone()] };
    for (name, requests) in [("honest.eth", 1), ("posted.eth", 1), ("below.honest.eth", 1), ("four.eth", 4)] {
        assert_eq!(stage.followed(name, &leave).await, told(Some(kept())), "{name}");
        assert_eq!(server.asked(), requests, "{name}");
    }
    // A name that is on the chain needs nobody.
    let question = ContractQuestion::NameByGateways("alice.eth".to_owned(), leave, Tag::Latest);
    let found = stage.ask(question).await.unwrap();
    assert!(matches!(&*found, ContractAnswer::Name(answer) if answer.address().is_some()), "{found:?}");
    assert_eq!(server.asked(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn gateways_that_lie_and_fail_give_no_address() {
    let (mut stage, server) = stage().await;
    let leave = GatewayConsent::Only(vec![server.host.clone()]);
    for (name, words, requests) in [
        ("lying.eth", "the resolver did not take what", 1),
        ("thief.eth", "not of the contract that was called", 0),
        ("unknown.eth", "refused the question (the endpoint does not have it)", 1),
        ("forbidden.eth", "refused the question (HTTP status 403)", 1),
        ("endless.eth", "larger than", 1),
        ("text.eth", "was not understood", 1),
        ("five.eth", "still asks for another one", 4),
        ("open.eth", "it is not an https address", 0),
        ("open.eth", "inside a private network", 0),
    ] {
        let (why, hosts) = not_followed(stage.followed(name, &leave).await);
        assert!(why.contains(words), "{name}: {why}");
        assert!(hosts.is_empty(), "{name}: {hosts:?}");
        assert_eq!(server.asked(), requests, "{name}");
    }
    // Servers that fail are passed over; who refuses ends it.
    let second = stage.followed("second.eth", &leave).await;
    assert_eq!((matches!(second, NameOutcome::Told { .. }), server.asked()), (true, 5), "{second:?}");
    // Of several hosts only those with leave are asked.
    let far = stage.followed("far.eth", &leave).await;
    assert_eq!((matches!(far, NameOutcome::Told { .. }), server.asked()), (true, 1), "{far:?}");
    let elsewhere = GatewayConsent::Only(vec!["elsewhere.example".to_owned()]);
    let (_, hosts) = not_followed(stage.followed("far.eth", &elsewhere).await);
    assert_eq!((hosts, server.asked()), (vec!["far.example".to_owned(), server.host.clone()], 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn any_call_can_be_followed_and_what_is_proven_stays_apart() {
    let (mut stage, server) = stage().await;
    let (_, resolver) = stage.placed;
    let read = CallQuestion::read(resolver, "owner(bytes)(address)", &["0x0161".to_owned()]);
    let mut ask = async |gateways| {
        let question = CallQuestion { gateways, ..read.clone() };
        match &*stage.ask(ContractQuestion::Call(question)).await.unwrap() {
            ContractAnswer::Call(answer) => answer.clone(),
            other => panic!("{other:?}"),
        }
    };
    let alone = ask(None).await;
    assert!(matches!(&alone.result, CallResult::Offchain(one) if one.hosts == [server.host.clone()]));
    assert!(alone.told.is_none() && server.asked() == 0);
    let followed = ask(Some(GatewayConsent::Only(vec![server.host.clone()]))).await;
    assert!(matches!(followed.result, CallResult::Offchain(_)), "the proven part is the revert");
    let told = followed.told.unwrap().unwrap();
    let CallResult::Values(values) = &told.result else { panic!("{told:?}") };
    assert_eq!((values[0].value.as_address(), told.hosts), (Some(kept()), vec![server.host.clone()]));
    let refused = ask(Some(GatewayConsent::AnyPublic)).await;
    assert!(refused.told.unwrap().unwrap_err().why.contains("did not agree"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_may_keep_its_name_on_a_gateway_and_is_never_called_by_it() {
    let (mut stage, server) = stage().await;
    let name_of = |account: usize, leave: Option<&GatewayConsent>| {
        ContractQuestion::NameOf(PRACTICE_ACCOUNTS[account].address, leave.cloned(), Tag::Latest)
    };
    let mut ask = async |question| match &*stage.ask(question).await.unwrap() {
        ContractAnswer::NameOf(answer) => answer.outcome.clone(),
        other => panic!("{other:?}"),
    };
    // Its record is elsewhere.
    let ReverseOutcome::Offchain(servers) = ask(name_of(5, None)).await else { panic!("followed") };
    assert_eq!((servers.hosts, server.asked()), (vec![server.host.clone()], 0));
    let ReverseOutcome::NotFollowed(end) = ask(name_of(5, Some(&GatewayConsent::AnyPublic))).await else {
        panic!("this computer was asked")
    };
    assert_eq!((end.hosts, server.asked()), (vec![server.host.clone()], 0));
    let leave = GatewayConsent::Only(vec![server.host.clone()]);
    let ReverseOutcome::Told { text, hosts, forward } = ask(name_of(5, Some(&leave))).await else {
        panic!("not told")
    };
    assert_eq!((text.as_deref(), hosts), (Some("alice.eth"), vec![server.host.clone()]));
    assert_eq!(
        forward.unwrap().address(),
        Some(PRACTICE_ACCOUNTS[2].address),
        "the way back is on the chain"
    );
    assert_eq!(server.asked(), 1);
    // Its record is on the chain, and the way back elsewhere: not confirmed, whatever is said there.
    for (leave, requests) in [(None, 0), (Some(&leave), 1)] {
        let ReverseOutcome::Unconfirmed(forward) = ask(name_of(6, leave)).await else { panic!("confirmed") };
        assert_eq!((forward.name.as_str(), forward.address()), ("honest.eth", None));
        assert_eq!(matches!(forward.outcome, NameOutcome::Told { .. }), requests == 1, "{forward:?}");
        assert_eq!(server.asked(), requests);
    }
}
