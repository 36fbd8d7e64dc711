//! A key, for as long as it takes to sign.

use alloy::primitives::Address;

use super::super::Reason;
use super::desk::{Wallet, locked};
use super::session::Borrowed;
use crate::wallet::keys::{KeyError, MarkKey, PrivateKey, Secret};

/// What opens an account's key.
#[expect(missing_debug_implementations, reason = "a secret is never printed")]
pub enum Unlock {
    /// The key file's password.
    Password(Secret),
    /// The same, lent by an unlocked wallet: it opens nothing once that is locked.
    Session(Borrowed),
    /// Nothing: it is one of the practice network's public keys.
    Practice,
}

impl Wallet {
    /// The key of an account. The caller drops it as soon as it has signed.
    pub(super) fn unlock(&self, address: Address, unlock: &Unlock) -> Result<PrivateKey, Reason> {
        match unlock {
            Unlock::Password(password) => self.key_of(address, password),
            Unlock::Session(lent) => {
                let key = self.key_of(address, lent.password()?)?;
                lent.password()?; // opening takes a second, in which it may be locked as well
                Ok(key)
            }
            Unlock::Practice => self.practice_key(address).ok_or_else(|| {
                let what = format!("{address} is no account of the practice network");
                Reason::new(&what, "nothing was signed", "give the password of its key file")
            }),
        }
    }

    pub(super) fn key_of(&self, address: Address, password: &Secret) -> Result<PrivateKey, Reason> {
        self.keys_of(address, password).map(|(key, _)| key)
    }

    /// The same, with the key that marks what the file's owner confirmed; practice keys, which everybody has, mark nothing.
    pub(super) fn keys_of(
        &self,
        address: Address,
        password: &Secret,
    ) -> Result<(PrivateKey, Option<MarkKey>), Reason> {
        let holds = |header: &crate::wallet::keys::SealedHeader| {
            header.accounts.iter().any(|one| one.address == address)
        };
        let found = self.sealed()?.into_iter().find(|(sealed, _)| holds(sealed.header()));
        let Some((sealed, path)) = found else {
            // A practice key has no file, and no password that could be wrong.
            let key = self.practice_key(address).ok_or(KeyError::NoSuchAccount { address })?;
            return Ok((key, None));
        };
        let now_ms = self.now_ms();
        let wait_ms = locked(&self.inner.back_off).entry(path.clone()).or_default().wait_ms(now_ms);
        if wait_ms > 0 {
            let what = format!("Wait {} s before the next try", wait_ms.div_ceil(1_000));
            return Err(Reason::new(&what, "the last password was wrong", "try again after that"));
        }
        let opened = sealed.keys_of(address, password);
        let mut back_off = locked(&self.inner.back_off);
        let back_off = back_off.entry(path).or_default();
        match &opened {
            Ok(_) => back_off.succeeded(),
            Err(KeyError::WrongPassword) => back_off.failed(now_ms),
            Err(_) => {}
        }
        let (key, marks) = opened?;
        // Its header was sealed together with it.
        self.own_accounts(sealed.header().accounts.iter().map(|one| one.address));
        Ok((key, Some(marks)))
    }
}
