//! From an address to its name and back again.

use alloy::primitives::Address;
use alloy::sol_types::SolCall as _;

use super::name::EnsName;
use super::resolve::{NameAnswer, Resolver, ask_resolver, find_resolver, inner, not_taken, resolve};
use crate::chain::{FollowError, GatewayConsent, ReadError, StateAt, Told};
use crate::contracts::sanitise;
use crate::execution::{BlockRef, CallOutcome};
use crate::protocols::reads::{NoAnswer, outcome_value};
use crate::protocols::web_servers::{NotFollowed, WebServers};

/// Longest text shown, in characters.
const TEXT_CAP: usize = 255;

/// What an address is called.
#[derive(Debug, Clone)]
pub struct ReverseAnswer {
    /// The address.
    pub address: Address,
    /// What came of it.
    pub outcome: ReverseOutcome,
    /// Where it was proven.
    pub at: BlockRef,
}

/// What came of an address.
#[derive(Debug, Clone)]
pub enum ReverseOutcome {
    /// The address says that it is called so, and that name leads back to it.
    Name(Box<NameAnswer>),
    /// Proven: it says nothing.
    NoName,
    /// It says a text that is no normalised name; escaped.
    NotNormal(String),
    /// It says a name that leads elsewhere or nowhere: not its name.
    Unconfirmed(Box<NameAnswer>),
    /// Proven: the answer is on web servers, which were not asked.
    Offchain(WebServers),
    /// Unverified: what web servers said when the user had them asked, and the resolver let pass.
    Told {
        /// What they call it; escaped. `None` where they say that it has no name.
        text: Option<String>,
        /// Who said so.
        hosts: Vec<String>,
        /// Where that name leads, if it is a normalised name.
        forward: Option<Box<NameAnswer>>,
    },
    /// Its web servers were asked, to no end.
    NotFollowed(NotFollowed),
    /// Its resolver did not answer as one.
    Failed(NoAnswer),
}

/// The name of an address: what it says it is called, believed only if that name leads back to it. With consent, web
/// servers that a resolver names are asked, for the record and for the way back.
///
/// # Errors
/// See [`resolve`].
pub async fn reverse(
    state: &StateAt,
    registry: Address,
    address: Address,
    consent: Option<&GatewayConsent>,
) -> Result<ReverseAnswer, ReadError> {
    let at = state.block_ref();
    let answer = |outcome| ReverseAnswer { address, outcome, at };
    let own = EnsName::of_address(address);
    let (resolver, by_wildcard) = match find_resolver(state, registry, &own).await? {
        Ok(Some(found)) => found,
        Ok(None) => return Ok(answer(ReverseOutcome::NoName)),
        Err(why) => return Ok(answer(ReverseOutcome::Failed(why))),
    };
    let ask = Resolver::nameCall { node: own.node() };
    let asked = ask_resolver(state, resolver, &own, ask.abi_encode()).await?;
    if by_wildcard && !asked.extended {
        return Ok(answer(ReverseOutcome::NoName));
    }
    let found = asked.reading.as_ref().map_err(Clone::clone);
    let found = found.and_then(|outcome| text_in(outcome.value(), asked.extended));
    let outcome = match (found, asked.lookup(), consent) {
        (Ok(said), ..) if said.is_empty() => ReverseOutcome::NoName,
        (Ok(said), ..) => match normal(&said) {
            Some(name) => {
                let forward = Box::new(resolve(state, registry, &name, consent).await?);
                let confirmed = forward.address() == Some(address);
                if confirmed { ReverseOutcome::Name(forward) } else { ReverseOutcome::Unconfirmed(forward) }
            }
            None => ReverseOutcome::NotNormal(sanitise(&said, TEXT_CAP)),
        },
        (Err(why), None, _) => ReverseOutcome::Failed(why),
        (Err(_), Some(lookup), None) => ReverseOutcome::Offchain(WebServers::of(&lookup)),
        (Err(_), Some(lookup), Some(consent)) => {
            match state.follow_offchain(&asked.call, lookup, consent).await {
                Ok(said) => told(state, registry, (said, asked.extended), consent).await?,
                Err(FollowError::Read(error)) => return Err(error),
                Err(error) => ReverseOutcome::NotFollowed(NotFollowed::of(&error)),
            }
        }
    };
    Ok(answer(outcome))
}

/// What web servers call the address, and where that name leads.
async fn told(
    state: &StateAt,
    registry: Address,
    (said, extended): (Told, bool),
    consent: &GatewayConsent,
) -> Result<ReverseOutcome, ReadError> {
    let text = match text_in(&said.outcome, extended) {
        Ok(text) => Some(text).filter(|text| !text.is_empty()),
        Err(why) => return Ok(ReverseOutcome::NotFollowed(not_taken(&said.hosts, &why))),
    };
    let forward = match text.as_deref().and_then(normal) {
        Some(name) => Some(Box::new(resolve(state, registry, &name, Some(consent)).await?)),
        None => None,
    };
    let text = text.map(|text| sanitise(&text, TEXT_CAP));
    Ok(ReverseOutcome::Told { text, hosts: said.hosts, forward })
}

/// Names are kept normalised; one that is not could look like another.
fn normal(text: &str) -> Option<EnsName> {
    EnsName::parse(text).ok().filter(|name| name.as_str() == text)
}

/// The name that a resolver's answer holds; empty where it says that there is none.
fn text_in(outcome: &CallOutcome, extended: bool) -> Result<String, NoAnswer> {
    if extended {
        let bytes = inner(outcome)?;
        return Resolver::nameCall::abi_decode_returns(&bytes).map_err(|_why| NoAnswer::Garbled("text"));
    }
    outcome_value::<Resolver::nameCall>(outcome, "text")
}
