//! Questions that contracts answer, to their proven answers.

use std::collections::BTreeSet;

use alloy::primitives::Address;

use super::{
    ContractAnswer, ContractQuestion, GasAnswer, GasQuestion, PriceAnswer, Reason, Tag, TokenChoice,
    TokensQuestion, base_fees, contract_call, contract_interface, fees, logs,
};
use crate::chain::{BlockQuery, GatewayConsent, Heads, ReadError, Reader, StateAt};
use crate::contracts::{AbiBook, TokenList};
use crate::execution::{Call, GasEstimate, ProofError};
use crate::protocols::prices::{PriceBook, PricedAsset};
use crate::protocols::{ens, prices, tokens};

/// Addresses that lists give to ether.
const ETHER_ALIASES: [Address; 2] =
    [Address::ZERO, alloy::primitives::address!("EeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE")];
/// Most accounts of one question about tokens.
const MOST_OWNERS: usize = 100;
/// Most balances of one question.
const MOST_BALANCES: usize = 20_000;

/// Answers `question` at the given heads.
pub(super) async fn answer(
    reader: Reader,
    heads: Heads,
    question: ContractQuestion,
) -> Result<ContractAnswer, Reason> {
    match question {
        ContractQuestion::Call(question) => {
            contract_call::call(&reader, &heads, &question).await.map(ContractAnswer::Call)
        }
        ContractQuestion::Interface(address, tag, abi) => {
            let state = state(&reader, &heads, tag);
            let found = contract_interface::interface(&state, address, abi.as_deref()).await?;
            Ok(ContractAnswer::Interface(found))
        }
        ContractQuestion::Tokens(question) => {
            balances(&state(&reader, &heads, question.tag), &question).await.map(ContractAnswer::Tokens)
        }
        ContractQuestion::Token(address, tag) => token(&state(&reader, &heads, tag), address).await,
        ContractQuestion::Collectible(collection, id, holder, tag) => {
            let state = state(&reader, &heads, tag);
            contract_call::must_be_contract(&state, collection).await?;
            let chain_id = chain_id(&state)?;
            let found = tokens::collectible(&state, chain_id, collection, id, holder).await?;
            Ok(ContractAnswer::Collectible(found))
        }
        ContractQuestion::Prices(asked, second_opinion, tag) => {
            let state = state(&reader, &heads, tag);
            prices(&state, &asked, second_opinion).await.map(ContractAnswer::Prices)
        }
        ContractQuestion::Name(text, tag) => name(&reader, &state(&reader, &heads, tag), &text, None).await,
        ContractQuestion::NameByGateways(text, consent, tag) => {
            name(&reader, &state(&reader, &heads, tag), &text, Some(&consent)).await
        }
        ContractQuestion::NameOf(address, consent, tag) => {
            let registry = ens_registry(&reader, "go by the address alone")?;
            let state = state(&reader, &heads, tag);
            let found = ens::reverse(&state, registry, address, consent.as_ref()).await?;
            Ok(ContractAnswer::NameOf(found))
        }
        ContractQuestion::Logs(question) => {
            logs::logs(&reader, &heads, &question).await.map(ContractAnswer::Logs)
        }
        ContractQuestion::Fees => Ok(ContractAnswer::Fees(fees::fees(&reader, &heads).await?)),
        ContractQuestion::BaseFees(count) => {
            Ok(ContractAnswer::BaseFees(base_fees::base_fees(&reader, &heads, count).await?))
        }
        ContractQuestion::Gas(question) => Ok(ContractAnswer::Gas(gas(&reader, &heads, question).await?)),
    }
}

async fn prices(state: &StateAt, asked: &[String], second_opinion: bool) -> Result<Vec<PriceAnswer>, Reason> {
    let chain_id = chain_id(state)?;
    let book = PriceBook::of_chain(chain_id);
    if book.is_empty() {
        let what = format!("No price feeds are bundled for chain {chain_id}");
        return Err(Reason::misuse(&what, "prices are read on Ethereum mainnet only"));
    }
    let assets = asked.iter().map(|one| book.asset(chain_id, one)).collect::<Result<Vec<_>, _>>();
    let assets = assets.map_err(|why| Reason::misuse(&why.to_string(), "name it by its address"))?;
    let found = prices::prices(state, chain_id, book, &assets, second_opinion).await?;
    let answers = asked.iter().zip(found).map(|(asked, price)| PriceAnswer {
        asked: asked.clone(),
        symbol: symbol_of(chain_id, &price.asset),
        price,
    });
    Ok(answers.collect())
}

fn symbol_of(chain_id: u64, asset: &PricedAsset) -> String {
    match asset {
        PricedAsset::Ether => "ETH".to_owned(),
        PricedAsset::Named(name) => name.clone(),
        PricedAsset::Token(address) => {
            let listed = TokenList::of_chain(chain_id).and_then(|list| list.at(*address));
            listed.map_or_else(|| address.to_checksum(None), |token| token.symbol.clone())
        }
    }
}

async fn name(
    reader: &Reader,
    state: &StateAt,
    text: &str,
    consent: Option<&GatewayConsent>,
) -> Result<ContractAnswer, Reason> {
    let name = ens::EnsName::parse(text)
        .map_err(|why| Reason::misuse(&why.to_string(), "check the name, or give the 0x address"))?;
    let registry = ens_registry(reader, "give the 0x address")?;
    Ok(ContractAnswer::Name(ens::resolve(state, registry, &name, consent).await?))
}

fn ens_registry(reader: &Reader, next: &str) -> Result<Address, Reason> {
    reader.network().ens_registry.ok_or_else(|| {
        let what = format!("No names are known on the network {}", reader.network().name);
        Reason::misuse(&what, &format!("{next}; a network of yours can have ens_registry in settings.toml"))
    })
}

/// The state at a head.
pub(super) fn state(reader: &Reader, heads: &Heads, tag: Tag) -> StateAt {
    reader.state_at(match tag {
        Tag::Latest => heads.optimistic.clone(),
        Tag::Finalized => heads.finalized.clone(),
    })
}

/// The state after a block.
pub(super) async fn state_after(
    reader: &Reader,
    heads: &Heads,
    block: BlockQuery,
) -> Result<StateAt, ReadError> {
    Ok(reader.state_at(reader.block(heads, block).await?))
}

/// The chain that a state is of.
pub(super) fn chain_id(state: &StateAt) -> Result<u64, ReadError> {
    Ok(state.evm_env()?.chain_id())
}

async fn balances(state: &StateAt, question: &TokensQuestion) -> Result<tokens::TokenBalances, Reason> {
    let chain_id = chain_id(state)?;
    let tokens = chosen(chain_id, question);
    if question.owners.len() > MOST_OWNERS
        || question.owners.len().saturating_mul(tokens.len()) > MOST_BALANCES
    {
        let what = format!(
            "{} accounts in {} tokens are more than are read at once",
            question.owners.len(),
            tokens.len()
        );
        return Err(Reason::misuse(&what, "ask for fewer accounts or fewer tokens"));
    }
    Ok(tokens::balances(state, chain_id, &question.owners, &tokens).await?)
}

/// Each token once, in the order of the list, then those beside it.
fn chosen(chain_id: u64, question: &TokensQuestion) -> Vec<Address> {
    let list = TokenList::of_chain(chain_id).map_or(&[][..], TokenList::tokens);
    let listed = |most: u8| list.iter().filter(|one| one.tier <= most).map(|one| one.address).collect();
    let mut tokens: Vec<Address> = match &question.tokens {
        TokenChoice::Common => listed(1),
        TokenChoice::AllListed => listed(u8::MAX),
        TokenChoice::These(these) => these.clone(),
    };
    // Some lists write ether as a token at an address where there is none.
    tokens.retain(|token| !ETHER_ALIASES.contains(token));
    tokens.extend(&question.also);
    let mut seen = BTreeSet::new();
    tokens.retain(|token| seen.insert(*token));
    tokens
}

async fn token(state: &StateAt, address: Address) -> Result<ContractAnswer, Reason> {
    contract_call::must_be_contract(state, address).await?;
    let found = tokens::facts(state, chain_id(state)?, &[address]).await?;
    let token = found.into_iter().next().ok_or(ReadError::Proof(ProofError::AnswerMissing))?;
    Ok(ContractAnswer::Token(token))
}

async fn gas(reader: &Reader, heads: &Heads, question: GasQuestion) -> Result<GasAnswer, ReadError> {
    let state = state(reader, heads, Tag::Latest);
    let call = Call {
        from: question.from.unwrap_or_default(),
        to: question.to,
        input: question.data,
        value: question.value,
        ..Call::default()
    };
    let (estimate, fees) = futures::try_join!(state.estimate_gas(call), fees::fees(reader, heads))?;
    let failure = match estimate.value() {
        GasEstimate::Needs(_) => None,
        GasEstimate::Fails(outcome) => {
            contract_call::failure(&AbiBook::new(), chain_id(&state)?, question.to, outcome)
        }
    };
    Ok(GasAnswer { estimate, failure, fees })
}
