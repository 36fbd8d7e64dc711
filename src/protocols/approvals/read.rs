//! Reads allowances: every token held times every known spender, as one batch.

use alloy::primitives::{Address, KECCAK256_EMPTY, U256};
use alloy::sol;

use super::book::{PERMIT2, SpenderBook};
use super::list::{Approval, ApprovalKind, Approvals, ApprovalsQuestion};
use crate::chain::StateAt;
use crate::contracts::Erc20;
use crate::protocols::{Answers, Ask, Asset, JointState, ProtocolError, Ticket, token_facts};

sol! {
    /// The part of Permit2 that tells rights.
    interface Permit2Table {
        function allowance(address owner, address token, address spender) external view returns (uint160 amount, uint48 expiration, uint48 nonce);
    }

    /// The part of ERC-721 and ERC-1155 that tells rights.
    interface OperatorTable {
        function balanceOf(address owner) external view returns (uint256);
        function isApprovedForAll(address owner, address operator) external view returns (bool);
    }
}

/// What the account holds of a token or a collection.
struct Held {
    asset: Asset,
    balance: U256,
}

/// Reads who may take what from `owner`.
///
/// # Errors
/// Where state could not be proven. A token that refuses is told among the unread.
pub async fn approvals(
    state: &StateAt,
    owner: Address,
    question: &ApprovalsQuestion,
) -> Result<Approvals, ProtocolError> {
    let chain_id = state.evm_env()?.chain_id();
    let book = SpenderBook::of_chain(chain_id).with(&question.spenders);
    let permit2 = question.permit2.unwrap_or(PERMIT2);
    let joint = JointState::alone(state.clone());
    let mut result = Approvals {
        owner,
        at: state.block_ref(),
        found: Vec::new(),
        checked: 0,
        spenders: book.spenders.len(),
        collections: 0,
        unread: Vec::new(),
    };
    let tokens = held(&joint, owner, question, &mut result.unread).await?;
    let has_permit2 = state.account(permit2).await?.value().code_hash != KECCAK256_EMPTY;
    let table = has_permit2.then_some(permit2);
    token_rights(&joint, (owner, &tokens), (&book, table), &mut result).await?;
    let collections = collections(&joint, owner, question, &mut result.unread).await?;
    result.collections = collections.len();
    operators(&joint, (owner, &collections), &book, &mut result).await?;
    mark_wallets(state, &mut result.found).await?;
    let order = |one: &Approval| (one.is_idle(), !one.is_unlimited(), one.asset.symbol.clone());
    result.found.sort_by_key(order);
    Ok(result)
}

/// The tokens to look at: those of `held` that the account has any of, and all of `tokens`.
async fn held(
    joint: &JointState,
    owner: Address,
    question: &ApprovalsQuestion,
    unread: &mut Vec<(String, String)>,
) -> Result<Vec<Held>, ProtocolError> {
    let mut wanted: Vec<Address> = question.tokens.clone();
    wanted.extend(question.held.iter().filter(|token| !question.tokens.contains(token)));
    let mut ask = Ask::new();
    let asked: Vec<_> =
        wanted.iter().map(|token| (*token, ask.view(*token, &Erc20::balanceOfCall { owner }))).collect();
    if ask.is_empty() {
        return Ok(Vec::new());
    }
    let answers = ask.run(joint).await?;
    let (mut found, mut silent) = (Vec::new(), Vec::new());
    for (token, ticket) in asked {
        match answers.get(ticket) {
            Ok(balance) if balance.is_zero() && !question.tokens.contains(&token) => {}
            Ok(balance) => found.push((token, balance)),
            Err(error) => silent.push((token, error)),
        }
    }
    unread.extend(refused(joint, silent, &question.tokens).await?);
    let assets = token_facts(found.iter().map(|(token, _)| *token), joint).await?;
    Ok(assets.into_iter().zip(found).map(|(asset, (_, balance))| Held { asset, balance }).collect())
}

/// Those that do not answer, each with the reason. Only a listed contract that is not on this chain at this block says
/// nothing by that; `named` ones are told of in any case.
async fn refused(
    joint: &JointState,
    silent: Vec<(Address, ProtocolError)>,
    named: &[Address],
) -> Result<Vec<(String, String)>, ProtocolError> {
    if silent.is_empty() {
        return Ok(Vec::new());
    }
    let who: Vec<Address> = silent.iter().map(|(address, _)| *address).collect();
    let accounts = joint.state().accounts(&who).await?;
    let told = silent
        .into_iter()
        .zip(accounts)
        .filter(|((address, _), account)| named.contains(address) || !account.value().has_no_code());
    Ok(told.map(|((address, error), _)| (address.to_checksum(None), error.to_string())).collect())
}

struct Asked<'a> {
    held: &'a Held,
    spender: Address,
    token: Ticket<Erc20::allowanceCall>,
    inner: Option<Ticket<Permit2Table::allowanceCall>>,
}

async fn token_rights(
    joint: &JointState,
    (owner, tokens): (Address, &[Held]),
    (book, permit2): (&SpenderBook, Option<Address>),
    result: &mut Approvals,
) -> Result<(), ProtocolError> {
    let mut ask = Ask::new();
    let mut asked = Vec::new();
    let mut to_permit2 = Vec::new();
    for held in tokens {
        let token = held.asset.address;
        if let Some(spender) = permit2 {
            to_permit2.push(ask.view(token, &Erc20::allowanceCall { owner, spender }));
        }
        for spender in book.spenders.iter().map(|one| one.address) {
            let inner = permit2
                .filter(|permit2| *permit2 != spender)
                .map(|permit2| ask.view(permit2, &Permit2Table::allowanceCall { owner, token, spender }));
            let ticket = ask.view(token, &Erc20::allowanceCall { owner, spender });
            asked.push(Asked { held, spender, token: ticket, inner });
        }
    }
    if ask.is_empty() {
        return Ok(());
    }
    result.checked = asked.len();
    let answers = ask.run(joint).await?;
    // What Permit2 may take of each token. Without Permit2 there is nothing inside it either.
    let mut through: Vec<Option<U256>> = Vec::new();
    for (held, ticket) in tokens.iter().zip(to_permit2) {
        let told = answers.get(ticket);
        if let Err(error) = &told {
            result.unread.push((format!("Permit2's right to {}", held.asset.symbol), error.to_string()));
        }
        through.push(told.ok());
    }
    for one in asked {
        let at = tokens.iter().position(|held| held.asset == one.held.asset);
        let through = at.and_then(|at| through.get(at)).copied().flatten();
        one.judge(&answers, (book, permit2.unwrap_or_default(), through), result);
    }
    Ok(())
}

impl Asked<'_> {
    fn judge(
        &self,
        answers: &Answers,
        (book, permit2, through): (&SpenderBook, Address, Option<U256>),
        result: &mut Approvals,
    ) {
        let new = |kind, amount: U256, at_risk: Option<U256>| Approval {
            asset: self.held.asset.clone(),
            spender: self.spender,
            name: book.name(self.spender).map(str::to_owned),
            kind,
            amount,
            balance: Some(self.held.balance),
            at_risk,
            to_wallet: false,
            permit2,
        };
        match answers.get(self.token) {
            Ok(amount) if amount.is_zero() => {}
            Ok(amount) => {
                result.found.push(new(ApprovalKind::Token, amount, Some(amount.min(self.held.balance))));
            }
            Err(error) => result.unread.push((self.held.asset.symbol.clone(), error.to_string())),
        }
        let Some(inner) = self.inner else { return };
        match answers.get(inner) {
            Ok(right) if right.amount.is_zero() => {}
            Ok(right) => {
                let until: u64 = right.expiration.to();
                let amount = U256::from(right.amount);
                let holds = until >= result.at.timestamp;
                let most = if holds { through } else { Some(U256::ZERO) };
                let most = most.map(|most| amount.min(most).min(self.held.balance));
                result.found.push(new(ApprovalKind::Permit2 { until }, amount, most));
            }
            Err(error) => result.unread.push(("Permit2".to_owned(), error.to_string())),
        }
    }
}

/// A collection and how many of it the account has: nobody can tell that of ERC-1155.
type Collection = (Address, Option<U256>);

/// The collections to look at: those of `held_collections` that the account has any of, and all of `collections`.
async fn collections(
    joint: &JointState,
    owner: Address,
    question: &ApprovalsQuestion,
    unread: &mut Vec<(String, String)>,
) -> Result<Vec<Collection>, ProtocolError> {
    let named = &question.collections;
    let bundled = question.held_collections.iter().filter(|one| !named.contains(one));
    let mut ask = Ask::new();
    let asked: Vec<_> = named
        .iter()
        .chain(bundled)
        .map(|one| (*one, ask.view(*one, &OperatorTable::balanceOfCall { owner })))
        .collect();
    if ask.is_empty() {
        return Ok(Vec::new());
    }
    let answers = ask.run(joint).await?;
    let (mut found, mut silent) = (Vec::new(), Vec::new());
    for (collection, ticket) in asked {
        match answers.get(ticket) {
            Ok(balance) if balance.is_zero() && !named.contains(&collection) => {}
            Ok(balance) => found.push((collection, Some(balance))),
            // ERC-1155 has no such balance.
            Err(_uncounted) if named.contains(&collection) => found.push((collection, None)),
            Err(error) => silent.push((collection, error)),
        }
    }
    unread.extend(refused(joint, silent, &[]).await?);
    Ok(found)
}

async fn operators(
    joint: &JointState,
    (owner, collections): (Address, &[Collection]),
    book: &SpenderBook,
    result: &mut Approvals,
) -> Result<(), ProtocolError> {
    let mut ask = Ask::new();
    let mut asked = Vec::new();
    for (collection, balance) in collections {
        for spender in &book.spenders {
            let question = OperatorTable::isApprovedForAllCall { owner, operator: spender.address };
            asked.push((*collection, spender, *balance, ask.view(*collection, &question)));
        }
    }
    if ask.is_empty() {
        return Ok(());
    }
    result.checked = result.checked.saturating_add(asked.len());
    let answers = ask.run(joint).await?;
    let assets = token_facts(collections.iter().map(|(collection, _)| *collection), joint).await?;
    for (collection, spender, balance, ticket) in asked {
        let asset = assets.iter().find(|asset| asset.address == collection);
        let asset = asset.cloned().unwrap_or_else(|| Asset::token(collection, "", 0));
        match answers.get(ticket) {
            Ok(false) => {}
            Ok(true) => {
                result.found.push(Approval {
                    asset: Asset { decimals: 0, ..asset },
                    spender: spender.address,
                    name: book.name(spender.address).map(str::to_owned),
                    kind: ApprovalKind::Operator,
                    amount: balance.unwrap_or(U256::MAX),
                    balance,
                    at_risk: balance,
                    to_wallet: false,
                    permit2: Address::ZERO,
                });
            }
            Err(error) => result.unread.push((collection.to_checksum(None), error.to_string())),
        }
    }
    Ok(())
}

/// A spender without code is a person.
async fn mark_wallets(state: &StateAt, found: &mut [Approval]) -> Result<(), ProtocolError> {
    let spenders: Vec<Address> = found.iter().map(|one| one.spender).collect();
    if spenders.is_empty() {
        return Ok(());
    }
    let accounts = state.accounts(&spenders).await?;
    for (one, account) in found.iter_mut().zip(accounts) {
        one.to_wallet = account.value().has_no_code();
    }
    Ok(())
}
