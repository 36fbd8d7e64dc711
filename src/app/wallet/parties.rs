//! Whom the user knows: own accounts, compared contacts, and who was paid before.

use std::collections::BTreeMap;

use alloy::primitives::Address;
use serde::Deserialize;

use super::super::Reason;
use super::desk::{Wallet, locked};
use crate::storage::WindowFile;
use crate::wallet::review::{Party, PartyKind};
use crate::wallet::{Record, State};

/// What is read of the window's file: its contacts, by the network's name.
#[derive(Debug, Deserialize)]
struct WindowBooks {
    #[serde(default)]
    books: BTreeMap<String, WindowBook>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct WindowBook {
    contacts: Vec<WindowContact>,
    watched: Vec<WindowContact>,
}

#[derive(Debug, Deserialize)]
struct WindowContact {
    address: Address,
    #[serde(default)]
    name: String,
}

impl Wallet {
    /// A face that keeps no contacts takes over the window's: what imitates one of them is seen there too. On the command
    /// line no key is open before the review, so that none of them counts as compared there.
    ///
    /// # Errors
    /// [`Reason`] where the window's file cannot be read: a review without it would miss look-alikes.
    pub fn know_of_window(&self) -> Result<(), Reason> {
        let Some(text) = WindowFile::read(self.inner.data.path())? else { return Ok(()) };
        let mut all: WindowBooks = serde_json::from_str(&text).map_err(|error| {
            let what = format!("The window's contacts cannot be read: {error}");
            let next = "open the window once: it puts a damaged file aside and says so";
            Reason::new(&what, "addresses that imitate one of them would not be seen", next)
        })?;
        let book = all.books.remove(&self.inner.reads.network().name).unwrap_or_default();
        let party = |kind| move |one: WindowContact| Party { name: one.name, address: one.address, kind };
        let contacts = book.contacts.into_iter().map(party(PartyKind::Saved));
        let watched = book.watched.into_iter().map(party(PartyKind::Watched));
        self.know(contacts.chain(watched).collect());
        Ok(())
    }

    /// The user's accounts, of which `from` would sign; whom a face knows, and everybody the journal proves was paid or called before by one of the
    /// user's own accounts.
    pub(super) fn parties(&self, from: Address) -> Result<Vec<Party>, Reason> {
        let mut found: Vec<Party> = Vec::new();
        let mut watched: Vec<Party> = Vec::new();
        let accounts = self.accounts()?;
        // Whom a face only watches, and accounts that no key vouches for, have paid nobody; the one that would sign has.
        let mut mine = vec![from];
        for account in accounts {
            let kind = match account.kind.can_sign() {
                true if self.is_own(&account) => PartyKind::Own,
                true => PartyKind::Unproven,
                false => PartyKind::Watched,
            };
            if kind == PartyKind::Own {
                mine.push(account.address);
            }
            let list = if kind == PartyKind::Own { &mut found } else { &mut watched };
            list.push(Party { name: account.name, address: account.address, kind });
        }
        for known in locked(&self.inner.known).iter() {
            if known.kind == PartyKind::Watched {
                watched.push(known.clone());
            } else if found.iter().all(|one| one.address != known.address) {
                found.push(known.clone());
            }
        }
        // What strangers signed, what was cancelled and what failed makes nobody known: that is how poisoners get in.
        let history = self.history()?;
        let done = |one: &&Record| matches!(one.state, State::Included { success: true, .. });
        let own: Vec<&Record> =
            history.records().iter().filter(done).filter(|one| mine.contains(&one.signed.from())).collect();
        for record in own {
            let called = record.signed.unsigned().ok().and_then(|tx| tx.to());
            let paid = self.payment_of(&record.signed).map(|(_, to, _)| to);
            for address in called.into_iter().chain(paid) {
                if found.iter().all(|one| one.address != address) {
                    let text = address.to_checksum(None);
                    let ends = (text.get(..10).unwrap_or_default(), text.get(34..).unwrap_or_default());
                    let name = format!("{}…{}", ends.0, ends.1);
                    found.push(Party { name, address, kind: PartyKind::Earlier });
                }
            }
        }
        Ok([found, watched].concat())
    }
}
