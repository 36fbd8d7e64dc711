//! Accounts go: watched ones, those of a device, and keys with the file that they are sealed in. What they signed stays in
//! the journal, and is followed and sent again as before.

use super::super::Reason;
use super::accounts::{AccountKind, AccountView};
use super::desk::Wallet;

const KEPT: &str = "nothing was removed";

/// What goes with an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// It, and every other account of the same phrase.
    pub accounts: Vec<AccountView>,
    /// Its transactions that are not in a final block.
    pub waiting: usize,
}

impl AccountView {
    /// Its secret is on this computer, and nowhere else unless somebody saw to it: it goes only by its name.
    pub fn holds_key(&self) -> bool {
        matches!(self.kind, AccountKind::KeyFile | AccountKind::Phrase)
    }
}

impl Wallet {
    /// What would go with this account.
    ///
    /// # Errors
    /// [`Reason`] where it is none of this wallet, or a key of the practice network.
    pub fn removal(&self, account: &AccountView) -> Result<Removal, Reason> {
        let all = self.accounts()?;
        let own = |one: &&AccountView| (one.address, one.kind) == (account.address, account.kind);
        let Some(found) = all.iter().find(own) else {
            let what = format!("{} is no account of this wallet", account.name);
            return Err(Reason::new(&what, KEPT, "`lifeboat accounts` shows which there are"));
        };
        if found.kind == AccountKind::Practice {
            let what = format!("{} is a key of the practice network itself", found.name);
            return Err(Reason::new(&what, KEPT, "leave the practice network: it is nowhere else"));
        }
        let (file, address) = (found.file.clone(), found.address);
        let goes = |one: &AccountView| match &file {
            Some(file) => one.file.as_ref() == Some(file),
            None => one.address == address,
        };
        let accounts: Vec<AccountView> = all.into_iter().filter(goes).collect();
        let history = self.history()?;
        let waiting = accounts.iter().map(|one| history.waiting(one.address, self.chain_id()).len()).sum();
        Ok(Removal { accounts, waiting })
    }

    /// Removes it, and what goes with it. Where a key goes, `typed` must be the account's name.
    ///
    /// # Errors
    /// [`Reason`]; then everything is as it was.
    pub fn remove(&self, account: &AccountView, typed: &str) -> Result<Vec<AccountView>, Reason> {
        let going = self.removal(account)?.accounts;
        let Some(first) = going.first() else { return Ok(going) };
        if first.holds_key() && typed.trim() != account.name {
            let what = format!("{:?} is not the name of this account", crate::contracts::sanitise(typed, 64));
            return Err(Reason::new(&what, KEPT, &format!("type {}", account.name)));
        }
        match &first.file {
            Some(file) => self.inner.data.remove_key_file(file)?,
            None => self.forget_watched(first.address)?,
        }
        Ok(going)
    }
}
