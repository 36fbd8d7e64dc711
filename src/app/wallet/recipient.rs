//! Who is meant: an address, an account or contact here, or a name on the chain, resolved by proof.

use alloy::primitives::Address;

use super::super::Reason;
use super::desk::{Wallet, locked};
use crate::execution::BlockRef;
use crate::protocols::ens::{EnsName, NameOutcome, resolve};
use crate::wallet::review::{Party, PartyKind};

const NOTHING: &str = "nothing was signed and nothing was sent";

/// Somebody who can be paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The address.
    pub address: Address,
    /// The name on the chain that led there, normalised; `None` where it was no such name.
    pub name: Option<String>,
    /// The name mixes letters in a way that ENS allows and that can mislead.
    pub is_unusual: bool,
    /// Where the name was proven.
    pub at: Option<BlockRef>,
    /// The address was written as digits, so its checksum counts.
    pub was_digits: bool,
}

impl Recipient {
    fn of(address: Address, was_digits: bool) -> Self {
        Self { address, name: None, is_unusual: false, at: None, was_digits }
    }
}

impl Wallet {
    /// Finds who is meant by a text: 0x and 40 hex digits, the name of an account or contact here, or an ENS name. A name
    /// whose answer is kept on web servers is refused: what they say cannot be proven.
    ///
    /// # Errors
    /// [`Reason`]; a proven "no" where the name leads nowhere.
    pub async fn recipient(&self, text: &str) -> Result<Recipient, Reason> {
        let text = text.trim();
        if let Ok(address) = text.parse::<Address>() {
            return Ok(Recipient::of(address, true));
        }
        let known = self.accounts()?.into_iter().find(|one| one.name.eq_ignore_ascii_case(text));
        let contacts: Vec<Party> = locked(&self.inner.known).clone();
        let mut named = contacts.iter().filter(|one| one.name.eq_ignore_ascii_case(text));
        let compared = named.clone().find(|one| one.kind != PartyKind::Watched);
        if let Some(address) = known.map(|one| one.address).or_else(|| compared.map(|one| one.address)) {
            return Ok(Recipient::of(address, false));
        }
        // Anybody who writes to a file could have put that name there: nothing goes by it.
        if let Some(one) = named.next() {
            let what = format!(
                "{:?} is a name from a file that no open key confirms; it stands beside {}",
                crate::contracts::sanitise(text, 64),
                one.address
            );
            return Err(Reason::misuse(&what, "compare the address with its owner's, and give the address"));
        }
        if !text.contains('.') {
            let what = format!("Nobody here is called {:?}", crate::contracts::sanitise(text, 64));
            let next = "give an address, a name as alice.eth, or the name of one of your accounts";
            return Err(Reason { misuse: true, ..Reason::new(&what, NOTHING, next) });
        }
        self.by_name(text).await
    }

    async fn by_name(&self, text: &str) -> Result<Recipient, Reason> {
        let name = EnsName::parse(text).map_err(|error| Reason {
            misuse: true,
            ..Reason::new(&error.to_string(), NOTHING, "check the name")
        })?;
        let network = self.inner.reads.network();
        let Some(registry) = network.ens_registry else {
            let what = format!("No names are known on the network {}", network.name);
            return Err(Reason { misuse: true, ..Reason::new(&what, NOTHING, "give the 0x address") });
        };
        let state = self.inner.reads.state_at(self.heads()?.optimistic);
        let answer = resolve(&state, registry, &name, None).await.map_err(|error| Reason::from(&error))?;
        let no = |what: &str, next: &str| {
            let what = format!("The name {} {what}", name.as_str());
            Err(Reason { proven_no: true, ..Reason::new(&what, NOTHING, next) })
        };
        match answer.outcome {
            NameOutcome::Address(address) if !address.is_zero() => Ok(Recipient {
                address,
                name: Some(name.as_str().to_owned()),
                is_unusual: name.is_unusual(),
                at: Some(answer.at),
                was_digits: false,
            }),
            NameOutcome::Address(_) | NameOutcome::NoAddress => {
                no("leads to no address (proven)", "ask its owner for the address")
            }
            NameOutcome::NoResolver => no("is registered by nobody (proven)", "check the spelling"),
            NameOutcome::Offchain(_) | NameOutcome::Told { .. } | NameOutcome::NotFollowed { .. } => no(
                "is kept on web servers, off the chain: what they say cannot be proven, so they were not asked",
                "ask its owner for the address, and compare it with them",
            ),
            NameOutcome::Failed(why) => {
                let what = format!("The name {} could not be resolved: {why}", name.as_str());
                Err(Reason::new(&what, NOTHING, "ask its owner for the address"))
            }
        }
    }
}
