//! Which accounts of a phrase were used: by the proven balance and nonce of each, on the paths that wallets use.

use alloy::primitives::Address;

use super::super::Reason;
use super::desk::Wallet;
use crate::chain::StateAt;
use crate::execution::{Account, Proven};
use crate::wallet::keys::{DerivationPath, KeyError, Phrase};

/// Unused accounts in a row after which a way of counting is given up. Every account asked for tells an endpoint that
/// they belong together, so it is not the twenty of BIP-44.
const GAP: u32 = 5;
/// Accounts of one way that are looked at in all.
const MOST: u32 = 100;

/// A way to count the accounts of a phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PathScheme {
    /// `m/44'/60'/0'/0/i`.
    Standard,
    /// `m/44'/60'/i'/0/0`, as Ledger Live counts.
    LedgerLive,
    /// `m/44'/60'/0'/i`, as Ledger's older application counted.
    LedgerLegacy,
}

impl PathScheme {
    /// Every way there is.
    const ALL: [Self; 3] = [Self::Standard, Self::LedgerLive, Self::LedgerLegacy];

    fn path(self, index: u32) -> DerivationPath {
        match self {
            Self::Standard => DerivationPath::standard(index),
            Self::LedgerLive => DerivationPath::ledger_live(index),
            Self::LedgerLegacy => DerivationPath::ledger_legacy(index),
        }
    }
}

/// An account of a phrase.
#[derive(Debug, Clone)]
pub struct Discovered {
    /// Where it is derived.
    pub path: DerivationPath,
    /// Its balance and nonce, proven.
    pub account: Proven<Account>,
}

impl Discovered {
    /// Its address.
    pub fn address(&self) -> Address {
        self.account.value().address
    }

    /// It holds ether or has sent something.
    pub fn is_used(&self) -> bool {
        let account = self.account.value();
        account.nonce > 0 || !account.balance.is_zero()
    }
}

impl Wallet {
    /// The used accounts of a phrase, or its first one where none was used. Each way is followed until five in a row
    /// were never used; tokens alone do not make an account used.
    ///
    /// # Errors
    /// [`Reason`] where balances could not be proven: then nothing is said, rather than too little.
    pub async fn discover(&self, phrase: &Phrase) -> Result<Vec<Discovered>, Reason> {
        let state = self.inner.reads.state_at(self.heads()?.optimistic);
        let mut found: Vec<Discovered> = Vec::new();
        for scheme in PathScheme::ALL {
            for one in used_on(&state, phrase, scheme).await? {
                if found.iter().all(|other| other.address() != one.address()) {
                    found.push(one);
                }
            }
        }
        let first = found.first().is_some_and(|one| !one.is_used());
        if first && found.iter().any(Discovered::is_used) {
            found.remove(0);
        }
        Ok(found)
    }
}

/// The used accounts of one way, and the first of the usual one.
async fn used_on(state: &StateAt, phrase: &Phrase, scheme: PathScheme) -> Result<Vec<Discovered>, Reason> {
    let (mut next, mut unused, mut found) = (0_u32, 0_u32, Vec::new());
    while unused < GAP && next < MOST {
        let end = next.saturating_add(GAP.saturating_sub(unused));
        let paths: Vec<DerivationPath> = (next..end).map(|index| scheme.path(index)).collect();
        let accounts = state.accounts(&addresses(phrase, &paths)?).await;
        for (path, account) in paths.into_iter().zip(accounts.map_err(|error| Reason::from(&error))?) {
            let one = Discovered { path, account };
            unused = if one.is_used() { 0 } else { unused.saturating_add(1) };
            let is_first = scheme == PathScheme::Standard && found.is_empty() && next == 0;
            if one.is_used() || (is_first && unused == 1) {
                found.push(one);
            }
        }
        next = end;
    }
    Ok(found)
}

fn addresses(phrase: &Phrase, paths: &[DerivationPath]) -> Result<Vec<Address>, KeyError> {
    paths.iter().map(|path| Ok(phrase.key(path)?.address())).collect()
}
