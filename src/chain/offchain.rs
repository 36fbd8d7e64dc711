//! Calls whose answer is on web servers (EIP-3668), followed where the user agreed.
//!
//! *Invariant*: what comes of it is [`Told`], never [`Proven`](crate::execution::Proven). The contract's own check of
//! what it was brought runs on proven state, but what that check is worth only its author knows.

use std::time::Duration;

use alloy::primitives::{Address, Bytes};

use crate::execution::{BlockRef, Call, CallOutcome, OffchainLookup};
use crate::sources::{Gateway, SourceError};

use super::{ReadError, StateAt};

/// Lookups of one call, each of which may end in another. The standard wants at least four.
const MOST_LOOKUPS: usize = 4;
/// Addresses of one lookup that are looked at.
const MOST_URLS: usize = 8;
/// A call is given up after this long, however many servers it asks; through a slow proxy too.
const MOST_TIME: Duration = Duration::from_secs(60);

/// Whom the user lets be asked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum GatewayConsent {
    /// Whichever encrypted public host the contract names.
    AnyPublic,
    /// These hosts alone, as [`gateway_hosts`] writes them.
    Only(Vec<String>),
}

impl GatewayConsent {
    fn covers(&self, gateway: &Gateway) -> bool {
        match self {
            Self::AnyPublic => !gateway.is_loopback(),
            Self::Only(hosts) => hosts.iter().any(|host| host == gateway.host()),
        }
    }
}

/// What came of a call to whose end web servers helped. Unverified, whatever the contract checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What the contract returned when it was brought what they said.
    pub outcome: CallOutcome,
    /// Who said it, in the order asked; each once.
    pub hosts: Vec<String>,
    /// The state that the contract ran on.
    pub at: BlockRef,
}

/// Why a call could not be followed to its end.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The lookup is not the called contract's own: only a part of the call would be finished.
    #[error(
        "the lookup is that of {named}, not of the contract that was called: such a lookup is not followed"
    )]
    WrongSender {
        /// Who it says it is.
        named: Address,
    },
    /// Lookups without end.
    #[error("after {MOST_LOOKUPS} lookups the contract still asks for another one")]
    TooMany,
    /// No address can be asked, and why.
    #[error("no web server that it names can be asked: {}", causes.join("; "))]
    NoneUsable {
        /// Each address and what is wrong with it; the contract's own text, not escaped.
        causes: Vec<String>,
    },
    /// Only hosts to which the user did not agree.
    #[error("it sends on to {}, which you did not agree to ask", hosts.join(", "))]
    NotAgreed {
        /// The hosts.
        hosts: Vec<String>,
    },
    /// A server refused the question (status 4xx): the standard wants no other one to be asked.
    #[error("{host} refused the question ({why})")]
    Refused {
        /// Who.
        host: String,
        /// What it said.
        why: String,
    },
    /// None gave a usable answer.
    #[error("no usable answer: {}", causes.join("; "))]
    NoAnswer {
        /// Each host and how it failed.
        causes: Vec<String>,
    },
    /// It took too long.
    #[error("it was not finished after {} seconds", MOST_TIME.as_secs())]
    TooSlow,
    /// The contract's part could not be run on proven state.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// The hosts among a contract's addresses that may be asked if the user agrees, each once.
#[must_use]
pub fn gateway_hosts(urls: &[String]) -> Vec<String> {
    let mut hosts = Vec::new();
    for gateway in urls.iter().take(MOST_URLS).filter_map(|url| Gateway::parse(url).ok()) {
        if !hosts.iter().any(|host| host == gateway.host()) {
            hosts.push(gateway.host().to_owned());
        }
    }
    hosts
}

impl StateAt {
    /// Follows the lookup that `call` ended in, with whom the user agreed to ask.
    ///
    /// # Errors
    /// See [`FollowError`]. A contract that refuses what it was brought is an outcome.
    pub async fn follow_offchain(
        &self,
        call: &Call,
        lookup: OffchainLookup,
        consent: &GatewayConsent,
    ) -> Result<Told, FollowError> {
        let followed = tokio::time::timeout(MOST_TIME, self.follow(call, lookup, consent));
        followed.await.map_err(|_elapsed| FollowError::TooSlow)?
    }

    async fn follow(
        &self,
        call: &Call,
        mut lookup: OffchainLookup,
        consent: &GatewayConsent,
    ) -> Result<Told, FollowError> {
        let mut hosts: Vec<String> = Vec::new();
        for _ in 0..MOST_LOOKUPS {
            if call.to != Some(lookup.sender) {
                return Err(FollowError::WrongSender { named: lookup.sender });
            }
            let (host, response) = self.ask_gateways(&lookup, consent).await?;
            if !hosts.contains(&host) {
                hosts.push(host);
            }
            // A proof of another chain's state is dear to check: more gas than other reads get.
            let back = Call { input: lookup.callback(&response), gas_limit: None, ..call.clone() };
            let outcome = self.call(back).await?.into_value();
            match OffchainLookup::of(&outcome) {
                Some(next) => lookup = next,
                None => return Ok(Told { outcome, hosts, at: self.block_ref() }),
            }
        }
        Err(FollowError::TooMany)
    }

    /// The first usable answer, by the order of the contract's addresses.
    async fn ask_gateways(
        &self,
        lookup: &OffchainLookup,
        consent: &GatewayConsent,
    ) -> Result<(String, Bytes), FollowError> {
        let (mut usable, mut causes, mut strangers) = (Vec::new(), Vec::new(), Vec::new());
        for url in lookup.urls.iter().take(MOST_URLS) {
            match Gateway::parse(url) {
                Ok(gateway) if consent.covers(&gateway) => usable.push(gateway),
                Ok(gateway) => strangers.push(gateway.host().to_owned()),
                Err(why) => causes.push(format!("{url} ({why})")),
            }
        }
        if usable.is_empty() {
            return Err(match strangers.is_empty() {
                true => FollowError::NoneUsable { causes },
                false => FollowError::NotAgreed { hosts: strangers },
            });
        }
        causes.clear();
        let source = &self.reader().edges.gateways;
        for gateway in usable {
            let host = gateway.host().to_owned();
            match source.ask_gateway(&gateway, lookup.sender, &lookup.call_data).await {
                Ok(response) => return Ok((host, response)),
                Err(error) if is_refusal(&error) => {
                    return Err(FollowError::Refused { host, why: error.to_string() });
                }
                Err(error) => causes.push(format!("{host}: {error}")),
            }
        }
        Err(FollowError::NoAnswer { causes })
    }
}

/// A status from 400 to 499.
fn is_refusal(error: &SourceError) -> bool {
    matches!(
        error,
        SourceError::NotFound | SourceError::RateLimited { .. } | SourceError::Status { status: 400..=499 }
    )
}
