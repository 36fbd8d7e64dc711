//! Passwords, for as long as the wallet is unlocked. They are forgotten on order, or when nothing was signed for a while.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use alloy::primitives::Address;

use super::super::Reason;
use super::accounts::{AccountKind, AccountView};
use super::desk::{Wallet, locked};
use super::unlock::Unlock;
use crate::wallet::keys::{MarkKey, Secret};

/// Without another wish, the wallet locks after ten minutes.
const LOCK_AFTER_MS: u64 = 600_000;

/// A moment by both clocks. The time of day may be set back, which must not keep a wallet open; the steady one may stand
/// still while the machine sleeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Moment {
    pub(super) unix_ms: u64,
    pub(super) steady_ms: u64,
}

impl Moment {
    /// Milliseconds since an earlier one, by the clock that says more.
    fn since(self, earlier: Self) -> u64 {
        let by_day = self.unix_ms.saturating_sub(earlier.unix_ms);
        by_day.max(self.steady_ms.saturating_sub(earlier.steady_ms))
    }
}

/// What an open key file yields: its password, and the key that marks what its owner confirmed.
pub(super) type OpenFile = (Secret, Option<MarkKey>);

/// Passwords that were right.
pub(super) struct Session {
    open: HashMap<PathBuf, OpenFile>,
    used: Moment,
    after_ms: u64,
    /// How often it was locked.
    locks: Arc<AtomicU64>,
}

/// A password of a session, for as long as that is not locked.
#[expect(missing_debug_implementations, reason = "a secret is never printed")]
pub struct Borrowed {
    password: Secret,
    seen: u64,
    locks: Arc<AtomicU64>,
}

impl Borrowed {
    /// The password.
    ///
    /// # Errors
    /// [`Reason`] where the wallet was locked since it was lent.
    pub fn password(&self) -> Result<&Secret, Reason> {
        if self.locks.load(Ordering::SeqCst) == self.seen {
            return Ok(&self.password);
        }
        Err(Reason::new("The wallet was locked meanwhile", "nothing was signed", "unlock it, and sign again"))
    }
}

impl Session {
    pub(super) fn new() -> Self {
        Self { open: HashMap::new(), used: Moment::default(), after_ms: LOCK_AFTER_MS, locks: Arc::default() }
    }

    pub(super) fn lock_after(&mut self, millis: u64) {
        self.after_ms = millis;
    }

    /// How often it was locked: a password given before the last time is not kept.
    pub(super) fn locks(&self) -> u64 {
        self.locks.load(Ordering::SeqCst)
    }

    /// Keeps a password that opened the file.
    pub(super) fn keep(&mut self, file: PathBuf, open: OpenFile, now: Moment) {
        self.open.insert(file, open);
        self.used = now;
    }

    /// Keys that mark, of every open file.
    pub(super) fn mark_keys(&self) -> impl Iterator<Item = &MarkKey> {
        self.open.values().filter_map(|(_, marks)| marks.as_ref())
    }

    /// Forgets the password of a file that is gone.
    pub(super) fn forget(&mut self, file: &Path) {
        self.open.remove(file);
    }

    /// Forgets every password; each is zeroed. True where there was one.
    pub(super) fn lock(&mut self) -> bool {
        let had = !self.open.is_empty();
        self.open.clear();
        self.locks.fetch_add(1, Ordering::SeqCst);
        had
    }

    /// Locks where it is time. True where that changed something.
    pub(super) fn tick(&mut self, now: Moment) -> bool {
        !self.open.is_empty() && now.since(self.used) >= self.after_ms && self.lock()
    }

    /// When it locks, Unix milliseconds; `None` while it is locked.
    pub(super) fn locks_at_ms(&self, now: Moment) -> Option<u64> {
        let left = self.after_ms.saturating_sub(now.since(self.used));
        (!self.open.is_empty()).then(|| now.unix_ms.saturating_add(left))
    }

    /// Whether an account of this file signs without a password.
    pub(super) fn holds(&self, file: &Path) -> bool {
        self.open.contains_key(file)
    }

    /// What opens the account's key; `None` while it is locked.
    pub(super) fn unlock(&mut self, account: &AccountView, now: Moment) -> Option<Unlock> {
        match (account.kind, &account.file) {
            (AccountKind::Practice, _) => Some(Unlock::Practice),
            (_, Some(file)) => {
                // Its time may be over before anybody looked at the clock, as after the machine slept.
                if self.tick(now) {
                    return None;
                }
                let (password, _) = self.open.get(file)?;
                self.used = now;
                Some(Unlock::Session(Borrowed {
                    password: Secret::new(password.expose().to_vec()),
                    seen: self.locks(),
                    locks: Arc::clone(&self.locks),
                }))
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
        self.mark_key(account, password).map(drop)
    }

    /// The same, and the key that marks what the file's owner confirmed.
    pub(super) fn mark_key(&self, account: Address, password: &Secret) -> Result<Option<MarkKey>, Reason> {
        self.keys_of(account, password).map(|(_, marks)| marks)
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

    fn at(unix_ms: u64, steady_ms: u64) -> Moment {
        Moment { unix_ms, steady_ms }
    }

    #[test]
    fn a_password_is_kept_while_it_is_used_and_no_longer() {
        let mut session = Session::new();
        let own = account(AccountKind::KeyFile, Some("a"));
        assert!(session.unlock(&own, at(0, 0)).is_none() && session.locks_at_ms(at(0, 0)).is_none());
        session.keep(PathBuf::from("a"), (Secret::of_text("pw".to_owned()), None), at(1_000, 1_000));
        let unlocked = session.unlock(&own, at(5_000, 5_000));
        let Some(Unlock::Session(lent)) = unlocked else { panic!("locked") };
        assert_eq!(lent.password().ok().unwrap().expose(), b"pw");
        assert_eq!(session.locks_at_ms(at(5_000, 5_000)), Some(605_000));
        assert!(!session.tick(at(604_999, 604_999)) && session.tick(at(605_000, 605_000)));
        assert!(!session.holds(Path::new("a")));
        // What was lent before opens nothing any more.
        assert_eq!(lent.password().err().unwrap().what, "The wallet was locked meanwhile.");
        assert!(session.unlock(&account(AccountKind::KeyFile, Some("b")), at(0, 0)).is_none());
        let practice = account(AccountKind::Practice, None);
        assert!(matches!(session.unlock(&practice, at(0, 0)), Some(Unlock::Practice)));
        assert!(session.unlock(&account(AccountKind::Watch, None), at(0, 0)).is_none());
    }

    /// The time of day jumps back by an hour, or the machine sleeps, by which the steady clock stands still.
    #[test]
    fn neither_clock_alone_keeps_it_open() {
        let opened = || {
            let mut session = Session::new();
            session.keep(PathBuf::from("a"), (Secret::of_text("pw".to_owned()), None), at(7_200_000, 50));
            session
        };
        let mut set_back = opened();
        assert_eq!(set_back.locks_at_ms(at(3_600_000, 100_050)), Some(4_100_000));
        assert!(!set_back.tick(at(3_600_000, 600_049)) && set_back.tick(at(3_600_000, 600_050)));
        let mut slept = opened();
        assert!(!slept.tick(at(7_799_999, 60)) && slept.tick(at(7_800_000, 60)));
        assert_eq!((slept.locks(), opened().locks()), (1, 0));
    }
}
