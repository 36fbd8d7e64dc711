//! Questions about protocols, to their proven answers.

use std::collections::BTreeMap;

use alloy::primitives::Address;

use super::{
    AllowancesAnswer, PositionsAnswer, PositionsQuestion, ProtocolAnswer, ProtocolQuestion, Reason,
    SafeApprovalsAnswer, contract_reads, named_by_hand,
};
use crate::chain::{Heads, ReadError, Reader, StateAt};
use crate::contracts::TokenList;
use crate::protocols::approvals::{self, ApprovalsQuestion};
use crate::protocols::exit_plan::plan_exit;
use crate::protocols::safe::{SafeFacts, approved_on_chain, read_safe};
use crate::protocols::{JointState, ProtocolError, Registry};

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
            return Err(named_by_hand::no_such_name(&registry, named));
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

/// The common tokens of the bundled list, where held, beside what the user named.
fn with_listed(state: &StateAt, mut also: ApprovalsQuestion) -> Result<ApprovalsQuestion, ReadError> {
    if let Some(list) = TokenList::of_chain(chain_id(state)?) {
        let common = list.tokens().iter().filter(|token| token.tier == 1);
        let common: Vec<Address> = common.map(|token| token.address).collect();
        also.held.extend(common);
    }
    Ok(also)
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
