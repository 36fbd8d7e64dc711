//! Questions about protocols, to their proven answers.

use std::collections::BTreeMap;

use alloy::primitives::Address;

use super::{
    AllowancesAnswer, Place, PositionsAnswer, PositionsQuestion, ProtocolAnswer, ProtocolQuestion, Reason,
    SafeApprovalsAnswer, contract_reads, named_by_hand,
};
use crate::chain::{Heads, ReadError, Reader, StateAt};
use crate::contracts::{AbiBook, TokenList};
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
        let what = error.to_string();
        let (means, next, place) = match error {
            // Endpoints failed, or lied.
            ProtocolError::Read(error) if !matches!(error, ReadError::Call(_)) => return Self::from(error),
            ProtocolError::Read(_) => (
                "a contract of it cannot be run to its end within what this program allows; no endpoint is at fault",
                "try again at the next block; if it stays, use a newer version of this program",
                None,
            ),
            ProtocolError::Refused { contract, .. } => {
                let next = format!(
                    "try again later: what is paused opens again; `lifeboat abi {contract}` shows the contract"
                );
                let means = "the contract itself refuses, which is proven: no endpoint is at fault, and what you have \
                             there is only not known";
                return Self { place: Some(Place::Contract), ..Self::new(&what, means, &next) };
            }
            ProtocolError::Unreadable { contract, .. } => {
                let next = format!(
                    "do not act on it; `lifeboat abi {contract}` shows the contract, a newer version of this program may \
                     know it"
                );
                let means =
                    "a contract does not answer as its interface says: it was changed, or is another one";
                return Self { place: Some(Place::Contract), ..Self::new(&what, means, &next) };
            }
            ProtocolError::NotAsNamed { .. } => (
                "nothing was looked up under that name; everything else was",
                "check the address, or take the name back: `lifeboat named` lists what is kept",
                Some(Place::Named),
            ),
            ProtocolError::Inconsistent { .. } => (
                "what was proven of it contradicts itself, so no number of it is shown",
                "try again at the next block; if it stays, report it",
                None,
            ),
        };
        Self { place, ..Self::new(&what, means, next) }
    }
}

#[cfg(test)]
mod tests {
    use alloy::primitives::address;

    use super::*;
    use crate::execution::CallError;
    use crate::sources::SourceError;

    #[test]
    fn what_a_contract_said_never_sends_anybody_to_the_endpoints() {
        let contract = Address::repeat_byte(7);
        let (function, text) = ("f()", "paused".to_owned());
        let refused = ProtocolError::Refused { contract, function, why: text.clone() };
        let unreadable = ProtocolError::Unreadable { contract, function, detail: text.clone() };
        let named = ProtocolError::NotAsNamed { what: text.clone(), why: text.clone() };
        let strange = ProtocolError::Inconsistent { detail: text };
        let too_much = ReadError::Call(CallError::TooMuch { what: "slots", limit: 7 });
        for (error, part, place) in [
            (refused, "try again later", Some(Place::Contract)),
            (unreadable, "do not act on it", Some(Place::Contract)),
            (named, "`lifeboat named`", Some(Place::Named)),
            (strange, "report it", None),
            (ProtocolError::Read(too_much), "at the next block", None),
        ] {
            let reason = Reason::from(&error);
            assert!(reason.next.to_lowercase().contains(part), "{reason}");
            assert_eq!(reason.place, place, "{reason}");
            assert!(!reason.next.contains("endpoint") && !reason.next.contains("connection"), "{reason}");
        }
        let source = SourceError::NoneLeft { quarantined: 0, kind: "execution" };
        let nobody = ReadError::Source { source, refused: Vec::new() };
        let reason = Reason::from(&ProtocolError::Read(nobody));
        assert!(reason.next.contains("--execution") && reason.place.is_none(), "{reason}");
    }

    #[test]
    fn positions_that_are_collectibles_are_among_the_bundled_collections() {
        let known = collections(1);
        let uniswap_v3 = address!("C36442b4a4522E871399CD717aBDD847Ab11FE88");
        assert!(known.contains(&uniswap_v3) && known.len() >= 8, "{known:?}");
        assert!(collections(77).is_empty());
    }
}
