//! Whose code really runs behind a contract, and does it still have the functions that an exit calls?
//!
//! Hashes are bundled only where a code cannot change and is known without asking anybody: wrapped ether (from a proof of
//! mainnet's state), pairs of Uniswap v2 (their creation code has the hash by which the factory derives their addresses)
//! and the releases of Safe. Everything else is a proxy whose owner may change what runs, or was built from sources of
//! which no published bytecode is proven to be the deployed one: there the guard proves which code runs, and that it has
//! the function that is called; the simulation proves what that does.

use std::collections::{BTreeMap, BTreeSet};

use alloy::primitives::{Address, B256, Selector, U256};

use super::ProtocolError;
use crate::chain::StateAt;
use crate::contracts::{ProxyKind, classify_proxy, proxy_slots_to_read, selectors_in_code};

/// What is known of the code behind a contract, proven at one block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeCheck {
    /// The contract.
    pub contract: Address,
    /// Hash of its own code.
    pub code_hash: B256,
    /// The contract whose code runs for it and the hash of that, where it is a proxy.
    pub implementation: Option<(Address, B256)>,
    /// Against the hash in the bundle.
    pub verdict: Verdict,
    /// Functions found in the code that runs.
    selectors: BTreeSet<Selector>,
}

/// What the code is, compared with the bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The hash is the bundled one.
    Matches,
    /// The hash differs from the bundled one: an upgrade, or an attack.
    Changed,
    /// The bundle has no hash to compare with.
    NotBundled,
    /// There is no code at all.
    NoCode,
}

impl Verdict {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Matches => "code matches the bundle",
            Self::Changed => "the code is not the one shipped with this program: an upgrade, or an attack",
            Self::NotBundled => {
                "no code hash is bundled to compare with; that the code has the functions called is checked"
            }
            Self::NoCode => "there is no contract",
        }
    }
}

impl CodeCheck {
    /// True where the code that runs dispatches on `selector`.
    pub fn has(&self, selector: Selector) -> bool {
        self.selectors.contains(&selector)
    }

    /// Those of `wanted` that the code does not have.
    pub fn missing(&self, wanted: &[Selector]) -> Vec<Selector> {
        wanted.iter().filter(|one| !self.has(**one)).copied().collect()
    }
}

/// Proves the code behind `contract`, through one proxy. `bundled` is the hash that the code which runs should have.
///
/// # Errors
/// Where the code or a slot could not be proven.
pub async fn check_code(
    state: &StateAt,
    contract: Address,
    bundled: Option<B256>,
) -> Result<CodeCheck, ProtocolError> {
    let account = state.account(contract).await?;
    let code_hash = account.value().code_hash;
    let code = state.code(contract).await?.into_value();
    if code.is_empty() {
        let (verdict, selectors) = (Verdict::NoCode, BTreeSet::new());
        return Ok(CodeCheck { contract, code_hash, implementation: None, verdict, selectors });
    }
    let names = proxy_slots_to_read(&code);
    let keys: Vec<U256> = names.iter().map(|name| U256::from_be_bytes(name.slot().0)).collect();
    let values = if keys.is_empty() { Vec::new() } else { state.storage(contract, &keys).await? };
    let slots: BTreeMap<_, _> =
        names.into_iter().zip(values.into_iter().map(|value| value.into_value())).collect();
    let target = match classify_proxy(&code, &slots) {
        ProxyKind::NotAProxy | ProxyKind::NoCode | ProxyKind::Diamond => None,
        kind => kind.implementation(),
    };
    let mut selectors: BTreeSet<Selector> = selectors_in_code(&code).into_iter().collect();
    let mut implementation = None;
    if let Some(target) = target {
        let hash = state.account(target).await?.value().code_hash;
        selectors.extend(selectors_in_code(state.code(target).await?.value()));
        implementation = Some((target, hash));
    }
    let runs = implementation.map_or(code_hash, |(_, hash)| hash);
    let verdict = match bundled {
        None => Verdict::NotBundled,
        Some(hash) if hash == runs => Verdict::Matches,
        Some(_) => Verdict::Changed,
    };
    Ok(CodeCheck { contract, code_hash, implementation, verdict, selectors })
}
