//! Names through a real ENS registry and resolver, wildcards, web servers, and addresses that call themselves what they
//! are not.

use alloy::primitives::Address;
use lifeboat::app::{
    ContractAnswer, ContractQuestion, NameAnswer, NameOutcome, ReverseAnswer, ReverseOutcome, Tag,
};
use lifeboat::devnet::execution::PRACTICE_ACCOUNTS;

use super::Stage;
use crate::support::deploy::{Deployer, Ens};

async fn stage() -> Stage<Ens> {
    Stage::start(|deployer: &mut Deployer<'_>| Ens::deploy(deployer), |ens| Some(ens.registry)).await
}

impl Stage<Ens> {
    async fn name(&mut self, name: &str) -> NameAnswer {
        match &*self.ask(ContractQuestion::Name(name.to_owned(), Tag::Latest)).await.unwrap() {
            ContractAnswer::Name(answer) => answer.clone(),
            other => panic!("{other:?}"),
        }
    }

    async fn name_of(&mut self, address: Address) -> ReverseAnswer {
        match &*self.ask(ContractQuestion::NameOf(address, None, Tag::Latest)).await.unwrap() {
            ContractAnswer::NameOf(answer) => answer.clone(),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn names_lead_where_the_registry_says() {
    let mut stage = stage().await;
    let (ens, alice) = (stage.placed, PRACTICE_ACCOUNTS[2].address);
    let found = stage.name("Alice.ETH").await;
    assert_eq!((found.name.as_str(), found.address()), ("alice.eth", Some(alice)));
    assert_eq!((found.resolver, found.by_wildcard), (Some(ens.resolver), false));
    assert_eq!(stage.name("bare.eth").await.outcome, NameOutcome::NoAddress);
    assert_eq!(stage.name("nobody.eth").await.outcome, NameOutcome::NoResolver);
    assert_eq!(stage.name("sub.alice.eth").await.outcome, NameOutcome::NoResolver, "no wildcard there");
    let below = stage.name("deep.down.wild.eth").await;
    assert_eq!((below.address(), below.by_wildcard, below.resolver), (Some(alice), true, Some(ens.wildcard)));
    assert_eq!(stage.name("nothing.wild.eth").await.outcome, NameOutcome::NoAddress);
    let NameOutcome::Offchain(urls) = stage.name("off.eth").await.outcome else {
        panic!("it is off the chain")
    };
    assert_eq!(urls.urls, ["https://gateway.example/{sender}/{data}.json\\u{202e}"]);
    assert_eq!(urls.hosts, ["gateway.example"]);
    assert_eq!(stage.name("any.off.eth").await.address(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_has_the_name_that_leads_back_to_it() {
    let mut stage = stage().await;
    let who = |index: usize| PRACTICE_ACCOUNTS[index].address;
    let ReverseOutcome::Name(forward) = stage.name_of(who(2)).await.outcome else { panic!("alice") };
    assert_eq!((forward.name.as_str(), forward.address()), ("alice.eth", Some(who(2))));
    let ReverseOutcome::Unconfirmed(forward) = stage.name_of(who(3)).await.outcome else {
        panic!("not hers")
    };
    assert_eq!(forward.address(), Some(who(2)));
    let ReverseOutcome::NotNormal(text) = stage.name_of(who(4)).await.outcome else { panic!("not normal") };
    assert_eq!(text, "Alice.ETH");
    assert!(matches!(stage.name_of(who(0)).await.outcome, ReverseOutcome::NoName));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_name_is_refused() {
    let mut stage = stage().await;
    for text in ["a..eth", "vіtalik.eth", "a\u{202e}b.eth", "a b.eth"] {
        let why = stage.ask(ContractQuestion::Name(text.to_owned(), Tag::Latest)).await.unwrap_err();
        assert!(why.misuse && !why.what.contains('\u{202e}'), "{text}: {why}");
    }
    // A network without a registry, and one whose registry is no contract.
    let mut without = Stage::start(|_| (), |()| None).await;
    let why = without.ask(ContractQuestion::Name("alice.eth".to_owned(), Tag::Latest)).await.unwrap_err();
    assert!(why.misuse && why.what.contains("No names are known"), "{why}");
    let mut empty = Stage::start(|_| (), |()| Some(Address::repeat_byte(0x66))).await;
    let answer = empty.ask(ContractQuestion::Name("alice.eth".to_owned(), Tag::Latest)).await.unwrap();
    assert!(
        matches!(&*answer, ContractAnswer::Name(NameAnswer { outcome: NameOutcome::Failed(why), .. }) if why.is_proven()),
        "{answer:?}"
    );
}
