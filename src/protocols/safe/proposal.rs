//! A transaction on its way between the owners, as a file, and how far it is.

use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::sol;
use alloy::sol_types::SolCall as _;
use serde::{Deserialize, Serialize};

use super::account::SafeFacts;
use super::hash::{Operation, SafeTransaction, domain_separator};
use super::signature::{SafeSignature, SignatureError};
use crate::protocols::Intent;

sol! {
    /// The part of a Safe that runs a transaction.
    interface SafeExec {
        function execTransaction(address to, uint256 value, bytes data, uint8 operation, uint256 safeTxGas, uint256 baseGas, uint256 gasPrice, address gasToken, address refundReceiver, bytes signatures) external payable returns (bool success);
    }
}

/// A transaction with the signatures so far: what owners send each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// The chain.
    pub chain_id: u64,
    /// The Safe.
    pub safe: Address,
    /// The Safe's version, which decides how it is hashed.
    pub version: String,
    /// The transaction.
    pub transaction: SafeTransaction,
    /// What the owners sign, to be compared; it is computed anew.
    pub safe_tx_hash: B256,
    /// Signatures of 65 bytes.
    #[serde(default)]
    pub signatures: Vec<Bytes>,
}

/// Why a file or a signature is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProposalError {
    /// Not a proposal.
    #[error("this is no proposal: {detail}")]
    Unreadable {
        /// What is wrong.
        detail: String,
    },
    /// For another chain.
    #[error("this is for chain {theirs}; the Safe is read on chain {ours}")]
    OtherChain {
        /// Its chain.
        theirs: u64,
        /// Ours.
        ours: u64,
    },
    /// For another Safe.
    #[error("this is for another Safe, {theirs}")]
    OtherSafe {
        /// Its Safe.
        theirs: Address,
    },
    /// Its number is used.
    #[error("nonce {theirs} is already used: the Safe is at {ours}")]
    NonceUsed {
        /// Its number.
        theirs: U256,
        /// The Safe's.
        ours: U256,
    },
    /// The hash in it is not that of the transaction in it.
    #[error("the hash in the file is not the hash of its transaction: it was changed on the way")]
    HashDiffers,
    /// Signed by somebody else, or over something else.
    #[error(
        "this signature is of {signer}, who is no owner of this Safe; or it was made for another transaction, nonce, chain or Safe"
    )]
    NotAnOwner {
        /// Whose it is over this hash.
        signer: Address,
    },
    /// Not a signature.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// Too few.
    #[error("{have} of {threshold} signatures")]
    TooFew {
        /// How many there are.
        have: usize,
        /// How many are needed.
        threshold: u64,
    },
    /// Others come first.
    #[error("it waits for nonce {ours}")]
    Waits {
        /// The Safe's number.
        ours: U256,
    },
}

/// How far a proposal is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Who signed, each once; those who approved by a transaction only where that is proven.
    pub signed: Vec<SafeSignature>,
    /// Owners of whom the file says that they approved by a transaction, which is not proven: they do not count.
    pub claimed: Vec<Address>,
    /// Owners who did not.
    pub unsigned: Vec<Address>,
    /// How many more are needed.
    pub missing: u64,
    /// True where transactions with smaller numbers come first.
    pub waits: bool,
    /// What a person should be warned of, each a sentence.
    pub warnings: Vec<String>,
}

impl Proposal {
    /// A new one for a Safe.
    pub fn new(safe: &SafeFacts, transaction: SafeTransaction) -> Self {
        let domain = domain_separator(safe.chain_id, safe.address, &safe.version);
        Self {
            chain_id: safe.chain_id,
            safe: safe.address,
            version: safe.version.clone(),
            safe_tx_hash: transaction.hash(domain),
            transaction,
            signatures: Vec::new(),
        }
    }

    /// Reads a file.
    ///
    /// # Errors
    /// `Unreadable`.
    pub fn parse(text: &str) -> Result<Self, ProposalError> {
        serde_json::from_str(text).map_err(|error| ProposalError::Unreadable { detail: error.to_string() })
    }

    /// Checks it against the proven Safe: chain, Safe, number, hash, and every signature. `approved` are the owners whose
    /// approval of its hash is proven to stand on the chain ([`super::approved_on_chain`]): they count, named in the file or
    /// not, and nobody else does by being named.
    ///
    /// # Errors
    /// [`ProposalError`]: nothing of a file that fails is used.
    pub fn check(&self, safe: &SafeFacts, approved: &[Address]) -> Result<Standing, ProposalError> {
        if self.chain_id != safe.chain_id {
            return Err(ProposalError::OtherChain { theirs: self.chain_id, ours: safe.chain_id });
        }
        if self.safe != safe.address {
            return Err(ProposalError::OtherSafe { theirs: self.safe });
        }
        let nonce = self.transaction.nonce;
        if nonce < safe.nonce {
            return Err(ProposalError::NonceUsed { theirs: nonce, ours: safe.nonce });
        }
        let hash = self.transaction.hash(domain_separator(safe.chain_id, safe.address, &safe.version));
        if hash != self.safe_tx_hash {
            return Err(ProposalError::HashDiffers);
        }
        let (signed, claimed) = self.signers(safe, (hash, approved))?;
        let is_signed = |owner: &&Address| signed.iter().any(|one| one.signer == **owner);
        let unsigned = safe.owners.iter().filter(|owner| !is_signed(owner)).copied().collect();
        let have = u64::try_from(signed.len()).unwrap_or(u64::MAX);
        Ok(Standing {
            missing: safe.threshold.saturating_sub(have),
            unsigned,
            waits: nonce > safe.nonce,
            warnings: self.warnings(),
            claimed,
            signed,
        })
    }

    /// Who signed, in the order of their addresses as the contract takes them; and who is only said to have approved.
    fn signers(
        &self,
        safe: &SafeFacts,
        (hash, approved): (B256, &[Address]),
    ) -> Result<(Vec<SafeSignature>, Vec<Address>), ProposalError> {
        let proven = approved.iter().filter(|owner| safe.owners.contains(owner));
        let mut signed: Vec<SafeSignature> = proven.map(|owner| SafeSignature::on_chain(*owner)).collect();
        let mut claimed = Vec::new();
        for bytes in &self.signatures {
            let one = SafeSignature::read(bytes, hash)?;
            if !safe.owners.contains(&one.signer) {
                return Err(ProposalError::NotAnOwner { signer: one.signer });
            }
            if signed.iter().any(|other| other.signer == one.signer) {
                continue;
            }
            if one.on_chain {
                claimed.push(one.signer);
            } else {
                signed.push(one);
            }
        }
        signed.sort_by_key(|one| one.signer);
        claimed.retain(|owner| !signed.iter().any(|one| one.signer == *owner));
        claimed.sort();
        claimed.dedup();
        Ok((signed, claimed))
    }

    fn warnings(&self) -> Vec<String> {
        let tx = &self.transaction;
        let mut all = Vec::new();
        if tx.operation == Operation::DelegateCall {
            let to = tx.to;
            all.push(format!(
                "A delegatecall to {to}: its code acts as the Safe and may change who controls it."
            ));
        }
        if tx.to == self.safe && !tx.data.is_empty() {
            all.push(
                "It calls the Safe itself: it may change owners, threshold, modules or guard.".to_owned(),
            );
        }
        if !tx.gas_price.is_zero() {
            all.push("It pays gas back out of the Safe's funds.".to_owned());
        }
        if !tx.gas_price.is_zero() || !tx.safe_tx_gas.is_zero() {
            all.push(
                "If its call fails, the Safe does not undo it: the number and the signatures are used up for nothing."
                    .to_owned(),
            );
        }
        all
    }

    /// The call that runs it, once enough have signed or provenly approved and its turn has come.
    ///
    /// # Errors
    /// `TooFew`, `Waits`, and as [`Proposal::check`].
    pub fn execution(&self, safe: &SafeFacts, approved: &[Address]) -> Result<Intent, ProposalError> {
        let standing = self.check(safe, approved)?;
        if standing.missing > 0 {
            let (have, threshold) = (standing.signed.len(), safe.threshold);
            return Err(ProposalError::TooFew { have, threshold });
        }
        if standing.waits {
            return Err(ProposalError::Waits { ours: safe.nonce });
        }
        let tx = &self.transaction;
        let signatures: Vec<u8> = standing.signed.iter().flat_map(|one| one.bytes.to_vec()).collect();
        let call = SafeExec::execTransactionCall {
            to: tx.to,
            value: tx.value,
            data: tx.data.clone(),
            operation: tx.operation_number(),
            safeTxGas: tx.safe_tx_gas,
            baseGas: tx.base_gas,
            gasPrice: tx.gas_price,
            gasToken: tx.gas_token,
            refundReceiver: tx.refund_receiver,
            signatures: signatures.into(),
        };
        let sentence = format!("Run transaction {} of the Safe {}", tx.nonce, self.safe);
        Ok(Intent::call(self.safe, call.abi_encode(), sentence))
    }
}
