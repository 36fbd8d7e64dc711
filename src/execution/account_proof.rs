//! Accounts under a proven state root.

use alloy::primitives::{Address, B256, Bytes, KECCAK256_EMPTY, U256};
use alloy::rlp::Decodable as _;
use alloy_trie::{EMPTY_ROOT_HASH, TrieAccount};

use super::trie::{lookup, path};
use super::{ProofError, Proven, ProvenHeader};

/// An account as the chain has it; one that does not exist is proven not to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    /// The address asked for.
    pub address: Address,
    /// False where the account is proven absent; the other fields are then those of an empty account.
    pub exists: bool,
    /// Transactions sent (or contracts created).
    pub nonce: u64,
    /// Balance in wei.
    pub balance: U256,
    /// Root of the storage trie.
    pub storage_root: B256,
    /// keccak-256 of the code.
    pub code_hash: B256,
}

impl Account {
    /// True where the account has no code.
    pub fn has_no_code(&self) -> bool {
        self.code_hash == KECCAK256_EMPTY
    }
}

/// What an endpoint claimed beside its proof. Compared, never used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountClaim {
    /// Claimed nonce.
    pub nonce: u64,
    /// Claimed balance in wei.
    pub balance: U256,
    /// Claimed code hash; clients send zero or the empty hash for an absent account.
    pub code_hash: B256,
    /// Claimed storage root; likewise.
    pub storage_root: B256,
}

impl AccountClaim {
    /// Compares the claim with the proven account: a difference is a lie even beside a true proof.
    ///
    /// # Errors
    /// `AccountClaim` naming the field.
    pub fn check(&self, proven: &Proven<Account>) -> Result<(), ProofError> {
        let account = proven.value();
        let differs = |field| Err(ProofError::AccountClaim { address: account.address, field });
        let same = |claimed: B256, proven: B256| claimed == proven || (!account.exists && claimed.is_zero());
        if self.balance != account.balance {
            return differs("balance");
        }
        if self.nonce != account.nonce {
            return differs("nonce");
        }
        if !same(self.code_hash, account.code_hash) {
            return differs("code hash");
        }
        if !same(self.storage_root, account.storage_root) {
            return differs("storage root");
        }
        Ok(())
    }
}

/// Proves the account of `who`, or its absence, at a proven header. The trie key is that of the address asked for.
///
/// # Errors
/// `NodeMissing`, `BadNode`, `ProofTooLarge`, `BadAccount`.
pub fn verify_account(
    at: &ProvenHeader,
    who: Address,
    nodes: &[Bytes],
) -> Result<Proven<Account>, ProofError> {
    let account = match lookup(at.state_root(), who.as_slice(), nodes)? {
        None => Account {
            address: who,
            exists: false,
            nonce: 0,
            balance: U256::ZERO,
            storage_root: EMPTY_ROOT_HASH,
            code_hash: KECCAK256_EMPTY,
        },
        Some(raw) => {
            let mut rest = raw.as_slice();
            let account = TrieAccount::decode(&mut rest).map_err(|_rlp| ProofError::BadAccount)?;
            if !rest.is_empty() {
                return Err(ProofError::BadAccount);
            }
            Account {
                address: who,
                exists: true,
                nonce: account.nonce,
                balance: account.balance,
                storage_root: account.storage_root,
                code_hash: account.code_hash,
            }
        }
    };
    Ok(Proven::new(account, at.block_ref()))
}

/// The trie nodes from the state root down to the account of `who`, or to where it is proven absent.
///
/// # Errors
/// `NodeMissing`, `BadNode`, `ProofTooLarge`.
pub fn account_path(at: &ProvenHeader, who: Address, nodes: &[Bytes]) -> Result<Vec<Bytes>, ProofError> {
    path(at.state_root(), who.as_slice(), nodes)
}
