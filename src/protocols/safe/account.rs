//! Who controls a Safe, by its proven storage.

use std::sync::OnceLock;

use alloy::primitives::{Address, B256, U256, b256, keccak256};
use alloy::sol;
use alloy::sol_types::SolValue as _;
use serde::Deserialize;

use crate::chain::StateAt;
use crate::execution::BlockRef;
use crate::protocols::{Ask, CodeCheck, JointState, ProtocolError, check_code};

sol! {
    /// What a Safe tells of itself.
    interface SafeView {
        function VERSION() external view returns (string);
    }
}

/// keccak256("guard_manager.guard.address").
const GUARD: B256 = b256!("4a204f620c8c5ccdca3fd54d003badd85ba500436a431f0cbda4f558c93c34c8");
/// keccak256("module_manager.module_guard.address"), from 1.5 on.
const MODULE_GUARD: B256 = b256!("b104e0b93118902c651344349b610029d694cfdec91c589c91ebafbcd0289947");
/// keccak256("fallback_manager.handler.address").
const FALLBACK: B256 = b256!("6c9a6c4a39284e37ed1cf53d337577d14212a4870fb976a4366c693b939918d5");
/// Both lists begin and end at the address 1.
const SENTINEL: Address = Address::with_last_byte(1);
/// Slots of the contract's storage, the same in every version.
const MODULES: u64 = 1;
const OWNERS: u64 = 2;
const OWNER_COUNT: u64 = 3;
const THRESHOLD: u64 = 4;
const NONCE: u64 = 5;
const APPROVED: u64 = 8;
/// Longest list that is followed.
const MOST_LISTED: u64 = 200;

/// A bundled release of the contract whose code runs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SafeRelease {
    /// Like `1.4.1`.
    pub version: String,
    /// Like `SafeL2`.
    pub name: String,
    /// The hash of its code.
    pub code_hash: B256,
}

/// What is proven of a Safe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SafeFacts {
    /// The Safe.
    pub address: Address,
    /// The chain.
    pub chain_id: u64,
    /// Its owners, in its own order.
    pub owners: Vec<Address>,
    /// How many of them must sign.
    pub threshold: u64,
    /// The number of its next transaction.
    pub nonce: U256,
    /// Contracts that can move its funds without the owners.
    pub modules: Vec<Address>,
    /// A contract that is asked before each transaction.
    pub guard: Option<Address>,
    /// A contract that is asked before a module moves anything.
    pub module_guard: Option<Address>,
    /// A contract that answers what the Safe does not.
    pub fallback: Option<Address>,
    /// What it says its version is.
    pub version: String,
    /// The bundled release whose code it runs; `None` for code that is not bundled.
    pub release: Option<SafeRelease>,
    /// The code.
    pub code: CodeCheck,
    /// Where all this is proven.
    pub at: BlockRef,
}

impl SafeFacts {
    /// What a person should know, each a sentence.
    pub fn caveats(&self) -> Vec<String> {
        let mut all = Vec::new();
        if self.release.is_none() {
            all.push("The code it runs is none of the bundled releases of Safe.".to_owned());
        }
        if !self.modules.is_empty() {
            all.push("A module can move funds without owners.".to_owned());
        }
        if self.guard.is_some() {
            all.push("A guard is asked before each transaction and can stop it.".to_owned());
        }
        if self.module_guard.is_some() {
            all.push("A guard is asked before a module moves anything and can stop it.".to_owned());
        }
        all
    }
}

fn releases() -> &'static [SafeRelease] {
    static ALL: OnceLock<Vec<SafeRelease>> = OnceLock::new();
    // Read by a test; without it every Safe would be of unknown code, which is said.
    ALL.get_or_init(|| serde_json::from_str(include_str!("../../../assets/safe.json")).unwrap_or_default())
}

/// The slot of `key` in the mapping at `slot`.
fn mapping(key: Address, slot: u64) -> U256 {
    keccak256((key, U256::from(slot)).abi_encode()).into()
}

/// Reads a Safe. `None` where there is no contract, or one that is no Safe by its storage.
///
/// # Errors
/// Where state could not be proven, or the lists of the contract do not fit its counts.
pub async fn read_safe(state: &StateAt, safe: Address) -> Result<Option<SafeFacts>, ProtocolError> {
    let code = check_code(state, safe, None).await?;
    let Some((_, implementation)) = code.implementation else { return Ok(None) };
    let fixed = [OWNER_COUNT, THRESHOLD, NONCE].map(U256::from);
    let keys: Vec<U256> =
        fixed.into_iter().chain([GUARD.into(), MODULE_GUARD.into(), FALLBACK.into()]).collect();
    let words: Vec<U256> =
        state.storage(safe, &keys).await?.into_iter().map(|word| word.into_value()).collect();
    let [count, threshold, nonce, guard, module_guard, fallback] = words.as_slice() else { return Ok(None) };
    if threshold.is_zero() || count < threshold || *count > U256::from(MOST_LISTED) {
        return Ok(None);
    }
    let owners = list(state, safe, OWNERS).await?;
    if U256::from(owners.len()) != *count {
        let detail = format!("the Safe counts {count} owners and lists {}", owners.len());
        return Err(ProtocolError::Inconsistent { detail });
    }
    let mut ask = Ask::new();
    let version = ask.view(safe, &SafeView::VERSIONCall {});
    let version = ask.run(&JointState::alone(state.clone())).await?.get(version)?;
    let some = |word: &U256| (!word.is_zero()).then(|| Address::from_word(B256::from(*word)));
    Ok(Some(SafeFacts {
        address: safe,
        chain_id: state.evm_env()?.chain_id(),
        owners,
        threshold: threshold.saturating_to(),
        nonce: *nonce,
        modules: list(state, safe, MODULES).await?,
        guard: some(guard),
        module_guard: some(module_guard),
        fallback: some(fallback),
        version: crate::contracts::sanitise(&version, 20),
        release: releases().iter().find(|one| one.code_hash == implementation).cloned(),
        code,
        at: state.block_ref(),
    }))
}

/// Follows a linked list: each address' slot holds the next.
async fn list(state: &StateAt, safe: Address, slot: u64) -> Result<Vec<Address>, ProtocolError> {
    let mut found = Vec::new();
    let mut at = SENTINEL;
    for _ in 0..=MOST_LISTED {
        let words = state.storage(safe, &[mapping(at, slot)]).await?;
        let word = words.first().map(|word| *word.value()).unwrap_or_default();
        at = Address::from_word(B256::from(word));
        if at == SENTINEL || at.is_zero() {
            return Ok(found);
        }
        found.push(at);
    }
    let detail = format!("a list of {safe} has more than {MOST_LISTED} entries");
    Err(ProtocolError::Inconsistent { detail })
}

/// Which of `owners` approved `hash` by a transaction of their own.
///
/// # Errors
/// Where state could not be proven.
pub async fn approved_on_chain(
    state: &StateAt,
    safe: Address,
    (owners, hash): (&[Address], B256),
) -> Result<Vec<Address>, ProtocolError> {
    let slot = |owner: &Address| {
        let inner: B256 = mapping(*owner, APPROVED).into();
        U256::from_be_bytes(keccak256((hash, inner).abi_encode()).0)
    };
    let keys: Vec<U256> = owners.iter().map(slot).collect();
    let words = state.storage(safe, &keys).await?;
    let approved = owners.iter().zip(words).filter(|(_, word)| !word.value().is_zero());
    Ok(approved.map(|(owner, _)| *owner).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_and_releases_are_those_of_the_contract() {
        assert_eq!(GUARD, keccak256("guard_manager.guard.address"));
        assert_eq!(MODULE_GUARD, keccak256("module_manager.module_guard.address"));
        assert_eq!(FALLBACK, keccak256("fallback_manager.handler.address"));
        assert!(releases().iter().any(|one| one.version == "1.4.1" && one.name == "SafeL2"));
    }
}
