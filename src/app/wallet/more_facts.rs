//! What checks look at beyond accounts and tokens: the called code (R09), the share of the account's value (R13), loans
//! (R20), swaps (R21), Safes (R23), where a name led before (R04), and the device (R28).

use alloy::primitives::{Address, B256, U256};

use super::desk::Wallet;
use super::facts::standing_of;
use super::noted::Noted;
use super::safe_facts::safe_fact;
use super::share_facts::Share;
use crate::app::{NamedByHand, taken};
use crate::chain::{ReadError, StateAt};
use crate::contracts::{DecodedCall, KnownCode};
use crate::protocols::{Deployments, ProtocolError, Verdict, check_code};
use crate::wallet::review::{
    Act, CodeStanding, DeviceFact, HealthFact, MovedName, ReviewInput, SafeChange, Standing, SwapFact,
};
use crate::wallet::{Effects, Unsigned};

/// The facts; one that could not be proven is missing and lowers the standing.
pub(super) struct MoreFacts {
    standing: Standing,
    code: CodeStanding,
    /// The contract called, and the hash of the code that runs for it.
    pub(super) called: Option<(Address, B256)>,
    share: Option<Share>,
    health: Option<HealthFact>,
    swap: Option<SwapFact>,
    safe: Option<SafeChange>,
    moved_name: Option<MovedName>,
    device: Option<DeviceFact>,
}

/// One transaction, as it is reviewed.
pub(super) struct Subject<'a> {
    pub(super) from: Address,
    pub(super) tx: &'a Unsigned,
    pub(super) act: &'a Act,
    pub(super) call: &'a DecodedCall,
    /// Who receives by the call's own arguments.
    pub(super) receivers: &'a [Address],
    pub(super) effects: Option<&'a Effects>,
}

impl Wallet {
    /// Gathers them, proven at one block. `ether` is what the account holds.
    pub(super) async fn more_facts(
        &self,
        state: &StateAt,
        subject: &Subject<'_>,
        ether: U256,
        noted: &Noted,
    ) -> MoreFacts {
        let Subject { from, tx, act, call, effects, .. } = *subject;
        let mut standing = Standing::Proven;
        let (code, called) = match act.contract() {
            Some(contract) => match self.code_standing(state, contract).await {
                Ok((code, hash)) => (code, hash.map(|hash| (contract, hash))),
                Err(error) => {
                    standing = standing.max(standing_of(&error));
                    (CodeStanding::Unknown, None)
                }
            },
            None => (CodeStanding::Unknown, None),
        };
        let code = of_position(code, noted);
        let own = self.own_and_named(noted.own.as_ref());
        let health = self.health_fact(state, (from, tx, call), effects, own.as_ref()).await;
        let health = or_less(health.map(Some), &mut standing).unwrap_or_default();
        if health.unread {
            standing = standing.max(Standing::Unverified);
        }
        let health = health.fact;
        let swap = or_less(self.swap_fact(state, call, tx.value()).await, &mut standing);
        let safe = or_less(safe_fact(state, call, effects).await, &mut standing);
        let known = self.is_known_contract(act.contract(), &code, noted);
        let share = match self.share(state, (subject, known), ether).await {
            Ok(share) => share,
            Err(reason) => {
                tracing::debug!(%reason, "the share of a payment is not known");
                standing = standing.max(Standing::Unverified);
                None
            }
        };
        let moved_name =
            noted.name.as_deref().zip(act.recipient()).and_then(|(name, to)| self.moved_name(name, to));
        // Without its vendor's servers a device can read no calldata.
        let blind = !tx.input().is_empty() || tx.to().is_none();
        let device = noted
            .device
            .clone()
            .map(|device| DeviceFact { shows_only_hash: device.shows_only_hash || blind, ..device });
        MoreFacts { standing, code, called, share, health, swap, safe, moved_name, device }
    }

    /// The user's own deployments with what is kept by hand for this network: a loan behind such a name is looked at
    /// whichever face asks.
    fn own_and_named(&self, own: Option<&Deployments>) -> Option<Deployments> {
        let (kept, _told_at_start) = NamedByHand::of(self.inner.data.clone()).at_start();
        let mut named = own.map(|own| own.named().to_vec()).unwrap_or_default();
        named.extend(taken(self.chain_id(), own, &kept).0);
        Deployments::naming(own.cloned(), named)
    }

    /// What is known of the code that runs for a contract, and its hash.
    pub(super) async fn code_standing(
        &self,
        state: &StateAt,
        contract: Address,
    ) -> Result<(CodeStanding, Option<B256>), ReadError> {
        let known = KnownCode::of(self.chain_id(), contract);
        let check = match check_code(state, contract, known.map(|one| one.code_hash)).await {
            Ok(check) => check,
            Err(ProtocolError::Read(error)) => return Err(error),
            Err(error) => {
                tracing::debug!(%error, "the code could not be judged");
                return Ok((CodeStanding::Unknown, None));
            }
        };
        let runs = check.implementation.map_or(check.code_hash, |(_, hash)| hash);
        let name = || known.map_or_else(String::new, |one| one.name.clone());
        let standing = match check.verdict {
            Verdict::Matches => CodeStanding::Matches { name: name() },
            Verdict::Changed => CodeStanding::Changed { name: name() },
            Verdict::NoCode => return Ok((CodeStanding::Unknown, None)),
            Verdict::NotBundled => match self.other_code_called((contract, runs)) {
                Some(day) => CodeStanding::ChangedSince { day },
                None => CodeStanding::Unknown,
            },
        };
        Ok((standing, Some(runs)))
    }
}

impl MoreFacts {
    /// Puts them where the checks look.
    pub(super) fn put(self, input: &mut ReviewInput<'_>) {
        input.standing = input.standing.max(self.standing);
        input.code = self.code;
        (input.value_share, input.share_of) =
            self.share.map_or((None, None), |(share, of)| (Some(share), of));
        input.health = self.health;
        input.swap = self.swap;
        input.safe = self.safe;
        input.moved_name = self.moved_name;
        input.device = self.device;
    }
}

/// The code called may be a router's, and the changed one that of the position behind it.
fn of_position(called: CodeStanding, noted: &Noted) -> CodeStanding {
    match (&noted.changed, called) {
        (Some(name), CodeStanding::Matches { .. } | CodeStanding::Unknown) => {
            CodeStanding::Changed { name: name.clone() }
        }
        (_, called) => called,
    }
}

fn or_less<T>(found: Result<Option<T>, ReadError>, standing: &mut Standing) -> Option<T> {
    found.unwrap_or_else(|error| {
        *standing = (*standing).max(standing_of(&error));
        None
    })
}
