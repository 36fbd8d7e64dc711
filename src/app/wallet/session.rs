//! Passwords, for as long as the wallet is unlocked. They are forgotten on order, or when nothing was signed for a while.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use alloy::primitives::Address;

use super::super::Reason;
use super::accounts::{AccountKind, AccountView};
use super::desk::{Wallet, locked};
use super::unlock::Unlock;
use crate::wallet::keys::Secret;

/// Without another wish, the wallet locks after ten minutes.
const LOCK_AFTER_MS: u64 = 600_000;

/// Passwords that were right.
pub(super) struct Session {
    open: HashMap<PathBuf, Secret>,
    used_ms: u64,
    after_ms: u64,
}

impl Session {
    pub(super) fn new() -> Self {
        Self { open: HashMap::new(), used_ms: 0, after_ms: LOCK_AFTER_MS }
    }

    pub(super) fn lock_after(&mut self, millis: u64) {
        self.after_ms = millis;
    }

    /// Keeps a password that opened the file.
    pub(super) fn keep(&mut self, file: PathBuf, password: Secret, now_ms: u64) {
        self.open.insert(file, password);
        self.used_ms = now_ms;
    }

    /// Forgets the password of a file that is gone.
    pub(super) fn forget(&mut self, file: &Path) {
        self.open.remove(file);
    }

    /// Forgets every password; each is zeroed. True where there was one.
    pub(super) fn lock(&mut self) -> bool {
        let had = !self.open.is_empty();
        self.open.clear();
        had
    }

    /// Locks where it is time. True where that changed something.
    pub(super) fn tick(&mut self, now_ms: u64) -> bool {
        self.locks_at_ms().is_some_and(|at| now_ms >= at) && self.lock()
    }

    /// When it locks; `None` while it is locked.
    pub(super) fn locks_at_ms(&self) -> Option<u64> {
        (!self.open.is_empty()).then(|| self.used_ms.saturating_add(self.after_ms))
    }

    /// Whether an account of this file signs without a password.
    pub(super) fn holds(&self, file: &Path) -> bool {
        self.open.contains_key(file)
    }

    /// What opens the account's key; `None` while it is locked.
    pub(super) fn unlock(&mut self, account: &AccountView, now_ms: u64) -> Option<Unlock> {
        match (account.kind, &account.file) {
            (AccountKind::Practice, _) => Some(Unlock::Practice),
            (_, Some(file)) => {
                let password = self.open.get(file)?;
                self.used_ms = now_ms;
                Some(Unlock::Password(Secret::new(password.expose().to_vec())))
            }
            _ => None,
        }
    }
}

impl Wallet {
    /// Whether the password opens the account's key. The key is dropped at once.
    ///
    /// # Errors
    /// [`Reason`]; a wrong password makes the next try wait.
    pub fn check_password(&self, account: Address, password: &Secret) -> Result<(), Reason> {
        self.key_of(account, password).map(drop)
    }

    /// Until when no password is tried, Unix milliseconds; 0 where none was wrong.
    pub(super) fn wait_until_ms(&self) -> u64 {
        let now_ms = self.now_ms();
        let longest = locked(&self.inner.back_off).values().map(|one| one.wait_ms(now_ms)).max();
        longest.filter(|wait| *wait > 0).map_or(0, |wait| now_ms.saturating_add(wait))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(kind: AccountKind, file: Option<&str>) -> AccountView {
        let file = file.map(PathBuf::from);
        AccountView { name: "Main".to_owned(), address: Address::ZERO, kind, path: None, file }
    }

    #[test]
    fn a_password_is_kept_while_it_is_used_and_no_longer() {
        let mut session = Session::new();
        let own = account(AccountKind::KeyFile, Some("a"));
        assert!(session.unlock(&own, 0).is_none() && session.locks_at_ms().is_none());
        session.keep(PathBuf::from("a"), Secret::of_text("pw".to_owned()), 1_000);
        assert!(
            matches!(session.unlock(&own, 5_000), Some(Unlock::Password(secret)) if secret.expose() == b"pw")
        );
        assert_eq!(session.locks_at_ms(), Some(605_000));
        assert!(!session.tick(604_999) && session.tick(605_000) && !session.holds(Path::new("a")));
        assert!(session.unlock(&account(AccountKind::KeyFile, Some("b")), 0).is_none());
        assert!(matches!(session.unlock(&account(AccountKind::Practice, None), 0), Some(Unlock::Practice)));
        assert!(session.unlock(&account(AccountKind::Watch, None), 0).is_none());
    }
}
