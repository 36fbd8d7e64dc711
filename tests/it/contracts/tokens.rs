//! Tokens, honest and not: every balance is proven or said not to be known, and none is ever 0 for want of an answer.

use alloy::primitives::{Address, U256};
use alloy::sol;
use alloy::sol_types::SolValue as _;
use lifeboat::app::{
    ContractAnswer, ContractQuestion, NoAnswer, Tag, TokenBalances, TokenChoice, TokenFacts, TokenKind,
    TokensQuestion,
};
use lifeboat::devnet::execution::{
    ExecutionLie, PRACTICE_ACCOUNTS, PRACTICE_DOLLAR, PRACTICE_GOLD, PRACTICE_WETH,
};
use lifeboat::devnet::http::Fault;

use super::Stage;
use crate::support::deploy::Deployer;

sol! {
    interface Collection {
        function mint(address to) external;
        function mint(address to, uint256 id, uint256 amount, bytes data) external;
    }
}

const NAMES: [&str; 7] = ["Refusing", "Bomb", "Greedy", "Loud", "Garbled", "OldToken", "Chain"];

struct Placed {
    hostile: [Address; 7],
    fake: Address,
    collection: Address,
    editions: Address,
}

async fn stage() -> Stage<Placed> {
    let place = |deployer: &mut Deployer<'_>| {
        let hostile = NAMES.map(|name| deployer.create(name, &[]));
        let fake = ("Practice\u{202e} Dollar\u{1b}[2J", "p-USD", U256::from(2)).abi_encode_params();
        let owner = PRACTICE_ACCOUNTS[2].address;
        let collection = deployer.create("ERC721", &("Cats", "CAT", "").abi_encode_params());
        let editions = deployer.create("ERC1155", &("",).abi_encode_params());
        deployer.send(collection, &Collection::mint_0Call { to: owner });
        let (id, amount) = (U256::from(7), U256::from(42));
        let mint = Collection::mint_1Call { to: owner, id, amount, data: Vec::new().into() };
        deployer.send(editions, &mint);
        Placed { hostile, fake: deployer.create("Named", &fake), collection, editions }
    };
    Stage::start(place, |_| None).await
}

impl Stage<Placed> {
    async fn balances(&mut self, owners: &[usize], tokens: TokenChoice, also: &[Address]) -> TokenBalances {
        let owners = owners.iter().map(|one| PRACTICE_ACCOUNTS[*one].address).collect();
        let question = TokensQuestion { owners, tokens, also: also.to_vec(), tag: Tag::Latest };
        match &*self.ask(ContractQuestion::Tokens(question)).await.unwrap() {
            ContractAnswer::Tokens(balances) => balances.clone(),
            other => panic!("{other:?}"),
        }
    }

    async fn about(&mut self, token: Address) -> TokenFacts {
        match &*self.ask(ContractQuestion::Token(token, Tag::Latest)).await.unwrap() {
            ContractAnswer::Token(facts) => facts.clone(),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_accounts_in_many_tokens_in_one_question() {
    let mut stage = stage().await;
    let found = stage.balances(&[0, 1, 2, 3, 4], TokenChoice::Common, &[]).await;
    assert_eq!(found.tokens, [PRACTICE_DOLLAR, PRACTICE_GOLD, PRACTICE_WETH]);
    let ether = |amount: u64| U256::from(amount) * U256::from(10).pow(U256::from(18));
    for (index, owner) in found.owners.iter().enumerate().skip(2) {
        let index = index as u64;
        let held: Vec<U256> = owner.balances.iter().map(|one| *one.as_ref().unwrap().value()).collect();
        assert_eq!(held, [ether(1_000 * index), ether(index), U256::ZERO]);
        assert_eq!(owner.account.at(), found.at);
        assert_eq!(owner.account.value().balance, ether(10_000));
    }
    let dollar = found.facts_of(PRACTICE_DOLLAR).unwrap();
    assert_eq!((dollar.shown_symbol().as_str(), dollar.proven_decimals()), ("PUSD", Some(18)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_token_does_not_take_the_others_with_it() {
    let mut stage = stage().await;
    let hostile = stage.placed.hostile[..6].to_vec();
    let found = stage.balances(&[2], TokenChoice::Common, &hostile).await;
    let balances = &found.owners[0].balances;
    assert!(balances[..2].iter().all(|one| one.as_ref().is_ok_and(|one| !one.value().is_zero())));
    let why = |at: usize| balances[3 + at].as_ref().unwrap_err();
    assert!(
        matches!(why(0), NoAnswer::Refused(words) if words.contains("paused by the owner")),
        "{:?}",
        why(0)
    );
    for bomb in [why(1), why(2)] {
        assert!(matches!(bomb, NoAnswer::Halted(words) if words == "out of gas"), "{bomb:?}");
    }
    // Four hundred thousand zero bytes are a number to every caller in Solidity: 0, and proven.
    assert_eq!(balances[6].as_ref().unwrap().value(), &U256::ZERO);
    assert_eq!(why(4), &NoAnswer::Garbled("a number"));
    assert_eq!(balances[8].as_ref().unwrap().value(), &U256::from(1_500_000));
    let old = found.facts_of(hostile[5]).unwrap();
    assert_eq!(
        (old.symbol.as_deref(), old.proven_decimals(), old.kind),
        (Ok("OLD"), Some(6), TokenKind::Erc20)
    );
    assert_eq!(found.not_read(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_cannot_be_run_to_an_end_stands_alone() {
    let mut stage = stage().await;
    // With hints a chain of reads is short; without, each of its eighty reads costs a round.
    let lie = ExecutionLie::EmptyAccessList;
    stage.network.execution_endpoints().iter().for_each(|one| one.faults().set(Fault::Lying { lie }));
    let chain = stage.placed.hostile[6];
    let found = stage.balances(&[2], TokenChoice::Common, &[chain]).await;
    let balances = &found.owners[0].balances;
    assert!(balances[..2].iter().all(|one| one.as_ref().is_ok_and(|one| !one.value().is_zero())));
    let why = balances[3].as_ref().unwrap_err();
    assert!(!why.is_proven() && why.to_string().contains("rounds"), "{why}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_added_by_its_address_says_who_it_is() {
    let mut stage = stage().await;
    let [fake, collection, editions] = [stage.placed.fake, stage.placed.collection, stage.placed.editions];
    let dollar = stage.about(PRACTICE_DOLLAR).await;
    assert!(dollar.listed.is_some() && dollar.imitates.is_none() && dollar.kind == TokenKind::Erc20);
    let found = stage.about(fake).await;
    assert_eq!((found.listed, found.imitates), (None, Some(PRACTICE_DOLLAR)));
    assert_eq!(found.shown_symbol(), "p-USD? (unlisted)");
    assert_eq!(found.proven_decimals(), Some(2));
    let name = found.name.unwrap();
    assert!(!name.contains(['\u{202e}', '\u{1b}']) && name.contains("\\u{202e}"), "{name}");
    assert_eq!(stage.about(collection).await.kind, TokenKind::Erc721);
    assert_eq!(stage.about(editions).await.kind, TokenKind::Erc1155);
    let refusing = stage.placed.hostile[0];
    assert_eq!(stage.about(refusing).await.kind, TokenKind::NoToken);
    let nobody = ContractQuestion::Token(Address::repeat_byte(0x55), Tag::Latest);
    assert!(stage.ask(nobody).await.unwrap_err().proven_no);
}

#[tokio::test(flavor = "multi_thread")]
async fn collectibles_have_an_owner_or_a_count() {
    let mut stage = stage().await;
    let [collection, editions] = [stage.placed.collection, stage.placed.editions];
    let owner = PRACTICE_ACCOUNTS[2].address;
    let mut about = async |collection, id: u64, holder| match &*stage
        .ask(ContractQuestion::Collectible(collection, U256::from(id), holder, Tag::Latest))
        .await
        .unwrap()
    {
        ContractAnswer::Collectible(found) => found.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(about(collection, 0, None).await.owner, Ok(owner));
    let none = about(collection, 9, None).await;
    assert!(none.owner.as_ref().is_err_and(NoAnswer::is_proven), "{none:?}");
    assert_eq!(about(editions, 7, Some(owner)).await.held, Some(Ok(U256::from(42))));
    assert_eq!(about(editions, 8, Some(owner)).await.held, Some(Ok(U256::ZERO)));
}
