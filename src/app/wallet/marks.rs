//! Which contacts the user confirmed, and which accounts are the user's own (THREATS T54).
//!
//! Contacts stand in a file that every program of the same user can write. One that comes from there counts for nothing: it
//! gives no name, and its address is a stranger's, until a mark of it is found. Marks are made with a key that only an
//! opened key file yields. What the user gave in this run needs none; it is marked as soon as a key file is open.
//!
//! An account of the list is the user's own once its key was opened, made or imported in this run, or its device answered
//! for it; or once another opened key file has marked it. The header of a closed key file says nothing that counts.

use std::collections::HashSet;

use alloy::primitives::{Address, B256, keccak256};
use serde::{Deserialize, Serialize};

use super::super::Reason;
use super::accounts::{AccountKind, AccountView};
use super::desk::{Wallet, locked};
use crate::wallet::keys::MarkKey;
use crate::wallet::review::{Party, PartyKind};

const NAME: &str = "marks.json";
const VERSION: u32 = 1;
/// Older marks make way.
const MAX_MARKS: usize = 16_384;

/// What a face said of whom the user knows, and what of it is sure.
#[derive(Debug, Default)]
pub(super) struct Marks {
    given: Vec<Party>,
    /// Contents that the user gave in this run, or whose mark was found.
    confirmed: HashSet<B256>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct MarksFile {
    version: u32,
    marks: Vec<B256>,
}

/// What a mark is of: address and name belong together, on one chain.
fn content(chain_id: u64, name: &str, address: Address) -> B256 {
    keccak256(format!("contact\0{chain_id}\0{address:x}\0{name}"))
}

/// What a mark of an account is of; accounts are the same on every chain.
fn content_of_account(address: Address) -> B256 {
    keccak256(format!("account\0{address:x}"))
}

impl Wallet {
    /// A key, or the device that has it, showed in this run that these accounts are the user's own.
    pub(super) fn own_accounts(&self, addresses: impl IntoIterator<Item = Address>) {
        locked(&self.inner.marks).confirmed.extend(addresses.into_iter().map(content_of_account));
    }

    /// Whether an account of the list is the user's own, as far as keys tell.
    pub fn is_own(&self, account: &AccountView) -> bool {
        match account.kind {
            AccountKind::Practice => true,
            AccountKind::Watch => false,
            AccountKind::KeyFile | AccountKind::Phrase | AccountKind::Device(_) => {
                locked(&self.inner.marks).confirmed.contains(&content_of_account(account.address))
            }
        }
    }

    /// Takes over whom a face knows beside these accounts, in place of what it said before. A saved contact counts once it
    /// is confirmed.
    pub fn know(&self, contacts: Vec<Party>) {
        locked(&self.inner.marks).given = contacts;
        self.settle();
    }

    /// The user gave these contacts in this run: the names and addresses did not come from a file.
    pub fn confirm(&self, contacts: &[(String, Address)]) {
        let chain_id = self.chain_id();
        let contents = contacts.iter().map(|(name, address)| content(chain_id, name, *address));
        locked(&self.inner.marks).confirmed.extend(contents);
        self.settle();
    }

    /// Addresses of saved contacts that are not confirmed: nobody opened a key file that marked them, and the user did not
    /// give them in this run.
    pub fn unconfirmed(&self) -> Vec<Address> {
        let (marks, chain_id) = (locked(&self.inner.marks), self.chain_id());
        let saved = marks.given.iter().filter(|one| one.kind == PartyKind::Saved);
        let open = saved.filter(|one| !marks.confirmed.contains(&content(chain_id, &one.name, one.address)));
        open.map(|one| one.address).collect()
    }

    /// A key file is open: finds what was marked with its key, and marks what is confirmed.
    pub(super) fn mark_with(&self, key: &MarkKey) {
        let chain_id = self.chain_id();
        let accounts = self.accounts().unwrap_or_default(); // told elsewhere; contacts are marked all the same
        let marked = self.marks_file().and_then(|mut file| {
            let mut marks = locked(&self.inner.marks);
            let given = marks.given.iter().filter(|one| one.kind == PartyKind::Saved);
            let given = given.map(|one| content(chain_id, &one.name, one.address));
            let listed = accounts.iter().filter(|one| one.kind.can_sign());
            let listed = listed.map(|one| content_of_account(one.address));
            let given: Vec<B256> = given.chain(listed).collect();
            let known: HashSet<B256> = file.marks.iter().copied().collect();
            let found = given.into_iter().filter(|content| known.contains(&key.mark(content.as_slice())));
            marks.confirmed.extend(found);
            let own = marks.confirmed.iter().map(|content| key.mark(content.as_slice()));
            let mut fresh: Vec<B256> = own.filter(|mark| !known.contains(mark)).collect();
            drop(marks);
            if fresh.is_empty() {
                return Ok(());
            }
            fresh.sort_unstable();
            file.marks.append(&mut fresh);
            let old = file.marks.len().saturating_sub(MAX_MARKS);
            file.marks.drain(..old);
            file.version = VERSION;
            let bytes = serde_json::to_vec_pretty(&file).map_err(|error| {
                Reason::new(&error.to_string(), "this is a fault of the program", "report it")
            })?;
            Ok(self.inner.data.save_small(NAME, &bytes)?)
        });
        if let Err(reason) = marked {
            tracing::warn!(%reason, "contacts could not be marked: they are unconfirmed at the next start");
        }
        self.settle();
    }

    /// Whom the reviews know, by what is confirmed now.
    fn settle(&self) {
        let unconfirmed: HashSet<Address> = self.unconfirmed().into_iter().collect();
        let given = locked(&self.inner.marks).given.clone();
        let known = given.into_iter().map(|one| {
            let watched = one.kind == PartyKind::Saved && unconfirmed.contains(&one.address);
            Party { kind: if watched { PartyKind::Watched } else { one.kind }, ..one }
        });
        *locked(&self.inner.known) = known.collect();
    }

    fn marks_file(&self) -> Result<MarksFile, Reason> {
        let Some(bytes) = self.inner.data.load_small(NAME)? else { return Ok(MarksFile::default()) };
        match serde_json::from_slice::<MarksFile>(&bytes) {
            Ok(file) if file.version <= VERSION => Ok(file),
            Ok(file) => {
                let what = format!("{NAME} is of version {}, this build knows {VERSION}", file.version);
                Err(Reason::new(&what, "nothing was changed", "use the newer Lifeboat"))
            }
            Err(error) => {
                Err(self.inner.data.set_small_aside(NAME, "the marks of contacts", error.to_string()).into())
            }
        }
    }
}
