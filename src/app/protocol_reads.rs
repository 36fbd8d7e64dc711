//! Questions about protocols, to their proven answers.

use std::collections::BTreeMap;

use alloy::primitives::Address;

use super::{
    AllowancesAnswer, PositionsAnswer, PositionsQuestion, ProtocolAnswer, ProtocolQuestion, Reason,
    SafeApprovalsAnswer, contract_reads,
};
use crate::chain::{Heads, ReadError, Reader, StateAt};
use crate::contracts::{AbiBook, TokenList};
use crate::protocols::approvals::{self, ApprovalsQuestion};
use crate::protocols::exit_plan::plan_exit;
use crate::protocols::safe::{SafeFacts, approved_on_chain, read_safe};
use crate::protocols::{JointState, Named, ProtocolError, Registry};

/// Answers `question` at the given heads.
pub(super) async fn answer(
    reader: Reader,
    heads: Heads,
    question: ProtocolQuestion,
) -> Result<ProtocolAnswer, Reason> {
    match question {
        ProtocolQuestion::Positions(question) => {
            let state = contract_reads::state(&reader, &heads, question.tag);
            let reports = registry(&state, &question)?.read(question.owner, &state).await?;
            let (owner, at) = (question.owner, state.block_ref());
            Ok(ProtocolAnswer::Positions(PositionsAnswer { owner, at, reports }))
        }
        ProtocolQuestion::PositionsOfMany(joint) => {
            let state = contract_reads::state(&reader, &heads, joint.tag);
            let registry = registry(&state, &joint.of_one(Address::ZERO))?;
            let (at, each) = (state.block_ref(), registry.read_many(&joint.owners, &state).await?);
            let each = joint.owners.iter().zip(each);
            let each = each.map(|(owner, reports)| PositionsAnswer { owner: *owner, at, reports });
            Ok(ProtocolAnswer::PositionsOfMany(each.collect()))
        }
        ProtocolQuestion::ExitPlan { of, floor } => {
            let state = contract_reads::state(&reader, &heads, of.tag);
            let registry = registry(&state, &of)?;
            Ok(ProtocolAnswer::ExitPlan(plan_exit(&registry, &state, of.owner, floor).await?))
        }
        ProtocolQuestion::Approvals { owner, also, tag } => {
            let state = contract_reads::state(&reader, &heads, tag);
            let found = approvals::approvals(&state, owner, &with_listed(&state, also)?).await?;
            Ok(ProtocolAnswer::Approvals(found))
        }
        ProtocolQuestion::Allowances { owner, pairs, tag } => {
            let state = contract_reads::state(&reader, &heads, tag);
            let standing = approvals::standing(&JointState::alone(state.clone()), owner, pairs).await?;
            Ok(ProtocolAnswer::Allowances(AllowancesAnswer { at: state.block_ref(), standing }))
        }
        ProtocolQuestion::Safe(address, tag) => {
            let state = contract_reads::state(&reader, &heads, tag);
            Ok(ProtocolAnswer::Safe(a_safe(&state, address).await?))
        }
        ProtocolQuestion::SafeApprovals { safe, hashes, tag } => {
            let state = contract_reads::state(&reader, &heads, tag);
            let owners = a_safe(&state, safe).await?.owners;
            let mut approved = BTreeMap::new();
            for hash in hashes {
                approved.insert(hash, approved_on_chain(&state, safe, (&owners, hash)).await?);
            }
            Ok(ProtocolAnswer::SafeApprovals(SafeApprovalsAnswer { at: state.block_ref(), approved }))
        }
    }
}

/// The Safe at `address`, or that there is none.
async fn a_safe(state: &StateAt, address: Address) -> Result<SafeFacts, Reason> {
    let what = format!("{} is no Safe", address.to_checksum(None));
    let no = || Reason {
        proven_no: true,
        ..Reason::new(&what, "its proven code and storage are not those of one", "check the address")
    };
    read_safe(state, address).await?.ok_or_else(no)
}

fn chain_id(state: &StateAt) -> Result<u64, ReadError> {
    Ok(state.evm_env()?.chain_id())
}

fn registry(state: &StateAt, question: &PositionsQuestion) -> Result<Registry, Reason> {
    let mut registry = Registry::of_chain(chain_id(state)?);
    if let Some(own) = &question.own {
        registry = registry.with(own);
        if let Some(named) = registry.not_named(own) {
            return Err(no_such_name(&registry, named));
        }
    }
    let Some(word) = &question.only else { return Ok(registry) };
    let some = registry.only(word);
    if some.protocols().is_empty() {
        let names: Vec<String> = registry.protocols().iter().map(|one| one.name()).collect();
        let known = if names.is_empty() { "none on this network".to_owned() } else { names.join(", ") };
        let what = format!("No protocol called {word:?} is known here");
        return Err(Reason::misuse(&what, &format!("name one of these: {known}")));
    }
    Ok(some)
}

/// What was named is of no protocol that takes names, or of another form than its names have.
fn no_such_name(registry: &Registry, named: &Named) -> Reason {
    let known = registry.nameable().into_iter().map(|(id, by)| format!("{id}=ID ({})", by.words()));
    let known: Vec<String> = known.collect();
    let known = if known.is_empty() { "nothing on this network".to_owned() } else { known.join(", ") };
    let what = format!("No protocol here takes {named}");
    Reason::misuse(&what, &format!("these can be named: {known}"))
}

/// Interfaces of collectibles in the address book.
const COLLECTIBLES: &str = "erc721-1155/";

/// The common tokens of the bundled list and the bundled collections, where held, beside what the user named.
fn with_listed(state: &StateAt, mut also: ApprovalsQuestion) -> Result<ApprovalsQuestion, ReadError> {
    also.held_collections.extend(collections(chain_id(state)?));
    if let Some(list) = TokenList::of_chain(chain_id(state)?) {
        let common = list.tokens().iter().filter(|token| token.tier == 1);
        let common: Vec<Address> = common.map(|token| token.address).collect();
        also.held.extend(common);
    }
    Ok(also)
}

/// Collections of collectibles that are bundled: positions, requests, names.
fn collections(chain_id: u64) -> Vec<Address> {
    let known = AbiBook::new().known_on(chain_id).into_iter();
    known
        .filter(|one| one.abis.iter().any(|abi| abi.starts_with(COLLECTIBLES)))
        .map(|one| one.address)
        .collect()
}

impl From<ProtocolError> for Reason {
    fn from(error: ProtocolError) -> Self {
        Self::from(&error)
    }
}

impl From<&ProtocolError> for Reason {
    fn from(error: &ProtocolError) -> Self {
        match error {
            ProtocolError::Read(error) => Self::from(error),
            other => Self::new(
                &other.to_string(),
                "a contract does not answer as its interface says: it was changed, or is another one",
                "do not act on it; look at the contract with `lifeboat abi`, or wait for a new version",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use alloy::primitives::address;

    use super::*;

    #[test]
    fn positions_that_are_collectibles_are_among_the_bundled_collections() {
        let known = collections(1);
        let uniswap_v3 = address!("C36442b4a4522E871399CD717aBDD847Ab11FE88");
        assert!(known.contains(&uniswap_v3) && known.len() >= 8, "{known:?}");
        assert!(collections(77).is_empty());
    }
}
