//! From a name to its address.

use alloy::primitives::{Address, B256, FixedBytes, hex};
use alloy::sol;
use alloy::sol_types::SolCall as _;

use super::name::EnsName;
use crate::chain::{FollowError, GatewayConsent, ReadError, StateAt, Told};
use crate::execution::{BlockRef, Call, CallOutcome, OffchainLookup};
use crate::protocols::reads::{NoAnswer, Reading, outcome_value, read, read_all, value};
use crate::protocols::web_servers::{NotFollowed, WebServers};

sol! {
    interface Registry {
        function resolver(bytes32 node) external view returns (address);
    }
    interface Resolver {
        function supportsInterface(bytes4 interfaceId) external view returns (bool);
        function addr(bytes32 node) external view returns (address);
        function name(bytes32 node) external view returns (string);
        function resolve(bytes name, bytes data) external view returns (bytes);
    }
}

/// `IExtendedResolver` of ENSIP-10.
const EXTENDED: FixedBytes<4> = FixedBytes::new(hex!("9061b923"));

/// What a name leads to. All of it is proven at [`NameAnswer::at`], but for what web servers told.
#[derive(Debug, Clone)]
pub struct NameAnswer {
    /// The normalised name.
    pub name: EnsName,
    /// Its node.
    pub node: B256,
    /// The resolver that was asked.
    pub resolver: Option<Address>,
    /// The resolver is that of a name above this one, and answers for all below it (ENSIP-10).
    pub by_wildcard: bool,
    /// What came of it.
    pub outcome: NameOutcome,
    /// Where it was proven.
    pub at: BlockRef,
}

impl NameAnswer {
    /// The proven address, where there is one.
    #[must_use]
    pub fn address(&self) -> Option<Address> {
        if let NameOutcome::Address(address) = self.outcome { Some(address) } else { None }
    }
}

/// What came of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameOutcome {
    /// The owner of the name set this address, and can change it at any time.
    Address(Address),
    /// Proven: nobody has registered it with a resolver, nor any name above it that would answer for it.
    NoResolver,
    /// Proven: it has a resolver and no address.
    NoAddress,
    /// Proven: the resolver sends its caller to these web servers. They were not asked; what they would say is not proven.
    Offchain(WebServers),
    /// Unverified: what web servers said when the user had them asked, and the resolver let pass.
    Told {
        /// The address, or that there is none.
        address: Option<Address>,
        /// Who said so.
        hosts: Vec<String>,
    },
    /// Its web servers were asked, to no end.
    NotFollowed(NotFollowed),
    /// Its resolver did not answer as one.
    Failed(NoAnswer),
}

/// The address of a name, by the registry at `registry`. With consent, web servers that its resolver names are asked.
///
/// # Errors
/// [`ReadError`] where it could not be read; what is proven not to be there is an answer.
pub async fn resolve(
    state: &StateAt,
    registry: Address,
    name: &EnsName,
    consent: Option<&GatewayConsent>,
) -> Result<NameAnswer, ReadError> {
    let at = state.block_ref();
    let answer = |resolver, by_wildcard, outcome| NameAnswer {
        name: name.clone(),
        node: name.node(),
        resolver,
        by_wildcard,
        outcome,
        at,
    };
    let (resolver, by_wildcard) = match find_resolver(state, registry, name).await? {
        Ok(Some(found)) => found,
        Ok(None) => return Ok(answer(None, false, NameOutcome::NoResolver)),
        Err(why) => return Ok(answer(None, false, NameOutcome::Failed(why))),
    };
    let ask = Resolver::addrCall { node: name.node() };
    let asked = ask_resolver(state, resolver, name, ask.abi_encode()).await?;
    // A name above answers for those below it only by ENSIP-10.
    if by_wildcard && !asked.extended {
        return Ok(answer(Some(resolver), by_wildcard, NameOutcome::NoResolver));
    }
    let found = asked.reading.as_ref().map_err(Clone::clone);
    let found = found.and_then(|outcome| address_in(outcome.value(), asked.extended));
    let outcome = match (found, asked.lookup(), consent) {
        (Ok(Some(address)), ..) => NameOutcome::Address(address),
        (Ok(None), ..) => NameOutcome::NoAddress,
        (Err(why), None, _) => NameOutcome::Failed(why),
        (Err(_), Some(lookup), None) => NameOutcome::Offchain(WebServers::of(&lookup)),
        (Err(_), Some(lookup), Some(consent)) => {
            match state.follow_offchain(&asked.call, lookup, consent).await {
                Ok(told) => outcome_told(told, asked.extended),
                Err(FollowError::Read(error)) => return Err(error),
                Err(error) => NameOutcome::NotFollowed(NotFollowed::of(&error)),
            }
        }
    };
    Ok(answer(Some(resolver), by_wildcard, outcome))
}

/// The resolver of the name, or of the nearest name above it; and whether it is one above.
pub(super) async fn find_resolver(
    state: &StateAt,
    registry: Address,
    name: &EnsName,
) -> Result<Result<Option<(Address, bool)>, NoAnswer>, ReadError> {
    let calls: Vec<_> = name
        .nodes_upward()
        .into_iter()
        .map(|node| read(registry, &Registry::resolverCall { node }))
        .collect();
    let readings = read_all(state, &calls).await?;
    for (height, reading) in readings.iter().enumerate() {
        match value::<Registry::resolverCall>(reading, "an address") {
            Ok(Address::ZERO) => {}
            Ok(resolver) => return Ok(Ok(Some((resolver, height > 0)))),
            Err(why) => return Ok(Err(why)),
        }
    }
    Ok(Ok(None))
}

/// How a resolver was asked, and what it said.
pub(super) struct Asked {
    /// Through `resolve` of ENSIP-10, whose answer holds the function's; else by the function itself.
    pub(super) extended: bool,
    pub(super) call: Call,
    pub(super) reading: Reading,
}

impl Asked {
    /// Where the resolver sends its caller, if that is what it did.
    pub(super) fn lookup(&self) -> Option<OffchainLookup> {
        OffchainLookup::of(self.reading.as_ref().ok()?.value())
    }
}

pub(super) async fn ask_resolver(
    state: &StateAt,
    resolver: Address,
    name: &EnsName,
    data: Vec<u8>,
) -> Result<Asked, ReadError> {
    let probe = || Resolver::supportsInterfaceCall { interfaceId: EXTENDED };
    let direct = Call { input: data.clone().into(), ..read(resolver, &probe()) };
    let through =
        read(resolver, &Resolver::resolveCall { name: name.dns_encoded().into(), data: data.into() });
    let readings = read_all(state, &[read(resolver, &probe()), direct.clone(), through.clone()]).await?;
    let mut readings = readings.into_iter();
    let missing = || Err(NoAnswer::Nothing);
    let says = readings.next().unwrap_or_else(missing);
    let (own, wrapped) = (readings.next().unwrap_or_else(missing), readings.next().unwrap_or_else(missing));
    let extended = value::<Resolver::supportsInterfaceCall>(&says, "true or false").unwrap_or(false);
    let (call, reading) = if extended { (through, wrapped) } else { (direct, own) };
    Ok(Asked { extended, call, reading })
}

/// The answer inside the answer of `resolve`.
pub(super) fn inner(outcome: &CallOutcome) -> Result<Vec<u8>, NoAnswer> {
    let bytes = outcome_value::<Resolver::resolveCall>(outcome, "bytes")?;
    if bytes.is_empty() { Err(NoAnswer::Nothing) } else { Ok(bytes.to_vec()) }
}

/// The address that a resolver's answer holds; `None` where it says that there is none.
fn address_in(outcome: &CallOutcome, extended: bool) -> Result<Option<Address>, NoAnswer> {
    let address = if extended {
        let bytes = inner(outcome)?;
        Resolver::addrCall::abi_decode_returns(&bytes).map_err(|_why| NoAnswer::Garbled("an address"))?
    } else {
        outcome_value::<Resolver::addrCall>(outcome, "an address")?
    };
    Ok(Some(address).filter(|address| !address.is_zero()))
}

/// What web servers said, as far as the resolver let it pass. That it did proves nothing: what it checks is its author's
/// choice.
fn outcome_told(told: Told, extended: bool) -> NameOutcome {
    match address_in(&told.outcome, extended) {
        Ok(address) => NameOutcome::Told { address, hosts: told.hosts },
        Err(why) => NameOutcome::NotFollowed(not_taken(&told.hosts, &why)),
    }
}

/// The resolver's own code refused what web servers said.
pub(super) fn not_taken(hosts: &[String], why: &NoAnswer) -> NotFollowed {
    NotFollowed::because(&format!("the resolver did not take what {} said: {why}", hosts.join(", ")))
}
