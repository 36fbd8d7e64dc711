//! Whom the user knows: own accounts, compared contacts, and who was paid before.

use alloy::primitives::Address;

use super::super::Reason;
use super::desk::{Wallet, locked};
use crate::wallet::review::{Party, PartyKind};
use crate::wallet::{Record, State};

impl Wallet {
    /// The user's accounts, whom a face knows, and everybody the journal proves was paid or called before by one of the
    /// user's own accounts.
    pub(super) fn parties(&self) -> Result<Vec<Party>, Reason> {
        let mut found: Vec<Party> = Vec::new();
        let mut watched: Vec<Party> = Vec::new();
        for account in self.accounts()? {
            let kind = if account.kind.can_sign() { PartyKind::Own } else { PartyKind::Watched };
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
        let is_mine = |who: Address| {
            watched.iter().any(|one| one.address == who)
                || found.iter().any(|one| one.address == who && one.kind == PartyKind::Own)
        };
        let history = self.history()?;
        let done = |one: &&Record| matches!(one.state, State::Included { success: true, .. });
        let own: Vec<&Record> =
            history.records().iter().filter(done).filter(|one| is_mine(one.signed.from())).collect();
        for record in own {
            let called = record.signed.unsigned().ok().and_then(|tx| tx.to());
            let paid = record.payment.map(|(_, to, _)| to);
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
