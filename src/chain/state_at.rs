//! Consistent reads of accounts, slots and code at one proven block.

use std::sync::Arc;

use alloy::primitives::{Address, B256, Bytes, U256, keccak256};

use crate::execution::{
    Account, AccountClaim, BlockRef, ProofError, Proven, ProvenHeader, StorageAnswer, StorageSlot,
    verify_account, verify_code, verify_storage,
};
use crate::sources::{RawAccountProof, StateRef};

use super::attempts::ask_until_verified;
use super::{ReadError, Reader};

/// Code kept by hash; a contract is at most 24 KiB, so this is at most 24 MiB.
const MAX_CODES: usize = 1_024;

/// An account and its slots in the order asked, all proven at one block.
pub type AccountWithSlots = (Proven<Account>, Vec<Proven<U256>>);

/// An account and its slots, each under its key.
type Fresh = (Proven<Account>, Vec<Proven<StorageSlot>>);

/// Reads pinned to one block: answers of different blocks cannot be mixed (THREATS T04).
#[derive(Debug, Clone)]
pub struct StateAt {
    reader: Reader,
    header: Arc<ProvenHeader>,
}

impl StateAt {
    pub(super) fn new(reader: Reader, header: Arc<ProvenHeader>) -> Self {
        Self { reader, header }
    }

    /// The block these reads are pinned to.
    pub fn block_ref(&self) -> BlockRef {
        self.header.block_ref()
    }

    /// The proven header these reads are pinned to.
    pub fn header(&self) -> &Arc<ProvenHeader> {
        &self.header
    }

    /// Accounts in the order asked, an absent one proven absent. One round trip for those not yet known at this block.
    ///
    /// # Errors
    /// [`ReadError`] where any one of them could not be proven; there are no partial answers here.
    pub async fn accounts(&self, who: &[Address]) -> Result<Vec<Proven<Account>>, ReadError> {
        let questions: Vec<_> = who.iter().map(|address| (*address, Vec::new())).collect();
        Ok(self.read(&questions).await?.into_iter().map(|(account, _)| account).collect())
    }

    /// One account.
    ///
    /// # Errors
    /// See [`StateAt::accounts`].
    pub async fn account(&self, who: Address) -> Result<Proven<Account>, ReadError> {
        self.accounts(&[who]).await?.into_iter().next().ok_or(ReadError::Proof(ProofError::AnswerMissing))
    }

    /// Slots of one account in the order asked, an absent one proven 0.
    ///
    /// # Errors
    /// See [`StateAt::accounts`].
    pub async fn storage(&self, who: Address, slots: &[U256]) -> Result<Vec<Proven<U256>>, ReadError> {
        let answers = self.read(&[(who, slots.to_vec())]).await?;
        answers.into_iter().next().map(|(_, slots)| slots).ok_or(ReadError::Proof(ProofError::AnswerMissing))
    }

    /// Code of an account, checked against its proven code hash. Known code is not asked for again.
    ///
    /// # Errors
    /// See [`StateAt::accounts`].
    pub async fn code(&self, who: Address) -> Result<Proven<Bytes>, ReadError> {
        let account = self.account(who).await?;
        let hash = account.value().code_hash;
        let known = self.reader.memory().code.get(&hash).cloned();
        if let Some(code) = known.or_else(|| account.value().has_no_code().then(Bytes::new)) {
            return verify_code(&account, code).map_err(ReadError::Proof);
        }
        let kept = self.reader.codes.as_ref().and_then(|codes| codes.load(hash));
        if let Some(code) = kept.and_then(|code| verify_code(&account, code).ok()) {
            return Ok(self.keep_code(hash, code));
        }
        let source = &*self.reader.edges.execution;
        let at = self.state_ref();
        let verify = |code: &Bytes| verify_code(&account, code.clone());
        let code = ask_until_verified(source, || source.code(at, who), verify).await?;
        if let Some(codes) = &self.reader.codes {
            codes.save(hash, code.value());
        }
        Ok(self.keep_code(hash, code))
    }

    pub(super) fn reader(&self) -> &Reader {
        &self.reader
    }

    /// Code under a hash, from memory or disk, checked against the hash.
    pub(super) fn held_code(&self, hash: B256) -> Option<Bytes> {
        let known = self.reader.memory().code.get(&hash).cloned();
        known.or_else(|| {
            let code = self.reader.codes.as_ref()?.load(hash)?;
            if keccak256(&code) != hash {
                return None; // damaged on disk: asked for again
            }
            self.reader.memory().code.insert(hash, code.clone());
            Some(code)
        })
    }

    /// Keeps proven code in memory and on disk.
    pub(super) fn keep_and_store(&self, hash: B256, code: Proven<Bytes>) {
        if !code.value().is_empty()
            && let Some(codes) = &self.reader.codes
        {
            codes.save(hash, code.value());
        }
        self.keep_code(hash, code);
    }

    /// An account already proven at this block.
    pub(super) fn known_account(&self, who: Address) -> Option<Proven<Account>> {
        self.recall(&(who, Vec::new())).map(|(account, _)| account)
    }

    fn keep_code(&self, hash: B256, code: Proven<Bytes>) -> Proven<Bytes> {
        let mut memory = self.reader.memory();
        if memory.code.len() >= MAX_CODES {
            memory.code.clear();
        }
        memory.code.insert(hash, code.value().clone());
        code
    }

    /// Accounts with slots, in the order asked. Accounts proven at this block and slots proven under the same storage
    /// root are not asked for again: where nothing changed since an earlier block, one batch of account proofs is all.
    ///
    /// # Errors
    /// See [`StateAt::accounts`].
    pub async fn read(&self, questions: &[(Address, Vec<U256>)]) -> Result<Vec<AccountWithSlots>, ReadError> {
        let proven = self.prove(questions).await?;
        let bare = |slots: Vec<Proven<StorageSlot>>| slots.into_iter().map(|one| one.map(|slot| slot.value));
        Ok(proven.into_iter().map(|(account, slots)| (account, bare(slots).collect())).collect())
    }

    pub(super) async fn prove(&self, questions: &[(Address, Vec<U256>)]) -> Result<Vec<Fresh>, ReadError> {
        // What is found is held here: the memory is shared, and a read of another block may clear it meanwhile.
        let mut found: Vec<Option<Fresh>> = questions.iter().map(|question| self.recall(question)).collect();
        // First only the accounts whose slots we may still know; then, where a storage root did change, all the rest.
        for whole in [false, true] {
            let open: Vec<_> =
                questions.iter().zip(&mut found).filter(|(_, found)| found.is_none()).collect();
            if open.is_empty() {
                break;
            }
            let missing: Vec<_> = open.iter().map(|(question, _)| self.to_ask(question, whole)).collect();
            let source = &*self.reader.edges.execution;
            let at = self.state_ref();
            let fresh =
                ask_until_verified(source, || source.proofs(at, &missing), |raw| self.verify(&missing, raw))
                    .await?;
            self.remember(&fresh);
            for (((_, slots), place), (account, proven)) in open.into_iter().zip(fresh) {
                *place = if proven.len() == slots.len() {
                    Some((account, proven))
                } else {
                    self.recall_slots(&account, slots).map(|slots| (account, slots))
                };
            }
        }
        found.into_iter().map(|one| one.ok_or(ReadError::Proof(ProofError::AnswerMissing))).collect()
    }

    /// What must be asked. Unless `whole`, slots that are all known under the account's last storage root are left out,
    /// as long as that root seldom changes.
    fn to_ask(&self, (who, slots): &(Address, Vec<U256>), whole: bool) -> (Address, Vec<U256>) {
        let hopeful = !whole && !slots.is_empty() && self.reader.memory().slots.likely_holds(*who, slots);
        (*who, if hopeful { Vec::new() } else { slots.clone() })
    }

    fn recall_slots(&self, account: &Proven<Account>, slots: &[U256]) -> Option<Vec<Proven<StorageSlot>>> {
        let memory = self.reader.memory();
        slots.iter().map(|slot| memory.slots.recall(account, *slot)).collect()
    }

    pub(super) fn state_ref(&self) -> StateRef {
        StateRef {
            block_hash: self.header.hash(),
            number: self.header.number(),
            state_root: self.header.state_root(),
        }
    }

    fn verify(
        &self,
        questions: &[(Address, Vec<U256>)],
        raw: &[RawAccountProof],
    ) -> Result<Vec<Fresh>, ProofError> {
        if raw.len() != questions.len() {
            return Err(ProofError::AnswerMissing);
        }
        questions.iter().zip(raw).map(|((who, slots), raw)| self.verify_one(*who, slots, raw)).collect()
    }

    pub(super) fn verify_one(
        &self,
        who: Address,
        slots: &[U256],
        raw: &RawAccountProof,
    ) -> Result<Fresh, ProofError> {
        let account = verify_account(&self.header, who, &raw.account_nodes)?;
        let claim = AccountClaim {
            nonce: raw.nonce,
            balance: raw.balance,
            code_hash: raw.code_hash,
            storage_root: raw.storage_hash,
        };
        claim.check(&account)?;
        let answers: Vec<_> = raw
            .storage
            .iter()
            .map(|one| StorageAnswer { key: one.key, value: one.value, nodes: one.nodes.clone() })
            .collect();
        let slots = verify_storage(&account, slots, &answers)?;
        Ok((account, slots))
    }

    fn recall(&self, (who, slots): &(Address, Vec<U256>)) -> Option<Fresh> {
        let memory = self.reader.memory();
        let (block, accounts) = &memory.accounts;
        let account = (*block == self.header.hash()).then(|| accounts.get(who)).flatten()?;
        if account.at() != self.header.block_ref() {
            return None; // the same block, since become final: its label changes, so it is proven anew
        }
        let slots =
            slots.iter().map(|slot| memory.slots.recall(account, *slot)).collect::<Option<Vec<_>>>()?;
        Some((account.clone(), slots))
    }

    fn remember(&self, fresh: &[Fresh]) {
        let mut memory = self.reader.memory();
        if memory.accounts.0 != self.header.hash() {
            memory.accounts = (self.header.hash(), Default::default());
        }
        for (account, slots) in fresh {
            memory.accounts.1.insert(account.value().address, account.clone());
            memory.slots.saw(account);
            slots.iter().for_each(|slot| memory.slots.remember(slot));
        }
    }
}
