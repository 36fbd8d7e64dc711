//! From a name to its address, and from an address to its name and back again.

use alloy::primitives::{Address, B256, FixedBytes, hex};
use alloy::sol;
use alloy::sol_types::{SolCall as _, SolError as _};

use super::name::EnsName;
use crate::chain::{ReadError, StateAt};
use crate::contracts::sanitise;
use crate::execution::{BlockRef, CallStatus};
use crate::protocols::reads::{NoAnswer, Reading, read, read_all, value};

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
    error OffchainLookup(address sender, string[] urls, bytes callData, bytes4 callbackFunction, bytes extraData);
}

/// `IExtendedResolver` of ENSIP-10.
const EXTENDED: FixedBytes<4> = FixedBytes::new(hex!("9061b923"));
/// Most web addresses repeated from an off-chain lookup.
const MOST_URLS: usize = 8;
/// Longest text shown, in characters.
const TEXT_CAP: usize = 255;

/// What a name leads to. All of it is proven at [`NameAnswer::at`].
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
    /// The address, where there is one.
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
    Offchain(Vec<String>),
    /// Its resolver did not answer as one.
    Failed(NoAnswer),
}

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
    Offchain(Vec<String>),
    /// Its resolver did not answer as one.
    Failed(NoAnswer),
}

/// The address of a name, by the registry at `registry`.
///
/// # Errors
/// [`ReadError`] where it could not be read; what is proven not to be there is an answer.
pub async fn resolve(state: &StateAt, registry: Address, name: &EnsName) -> Result<NameAnswer, ReadError> {
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
    let direct = |reading: &Reading| value::<Resolver::addrCall>(reading, "an address");
    let outcome = match asked {
        // A name above answers for those below it only by ENSIP-10.
        Asked::Directly(_) if by_wildcard => NameOutcome::NoResolver,
        Asked::Directly(reading) => outcome_of(direct(&reading), &reading),
        Asked::Extended(reading) => {
            let found = wrapped(&reading).and_then(|bytes| {
                Resolver::addrCall::abi_decode_returns(&bytes).map_err(|_why| NoAnswer::Garbled("an address"))
            });
            outcome_of(found, &reading)
        }
    };
    Ok(answer(Some(resolver), by_wildcard, outcome))
}

/// The name of an address: what it says it is called, believed only if that name leads back to it.
///
/// # Errors
/// See [`resolve`].
pub async fn reverse(
    state: &StateAt,
    registry: Address,
    address: Address,
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
    let (text, reading) = match ask_resolver(state, resolver, &own, ask.abi_encode()).await? {
        Asked::Directly(_) if by_wildcard => return Ok(answer(ReverseOutcome::NoName)),
        Asked::Directly(reading) => (value::<Resolver::nameCall>(&reading, "text"), reading),
        Asked::Extended(reading) => {
            let text = wrapped(&reading).and_then(|bytes| {
                Resolver::nameCall::abi_decode_returns(&bytes).map_err(|_why| NoAnswer::Garbled("text"))
            });
            (text, reading)
        }
    };
    let said = match text {
        Ok(said) if said.is_empty() => return Ok(answer(ReverseOutcome::NoName)),
        Ok(said) => said,
        Err(why) => {
            let urls = offchain(&reading);
            return Ok(answer(urls.map_or(ReverseOutcome::Failed(why), ReverseOutcome::Offchain)));
        }
    };
    // Names are kept normalised; one that is not could look like another.
    let Some(name) = EnsName::parse(&said).ok().filter(|name| name.as_str() == said) else {
        return Ok(answer(ReverseOutcome::NotNormal(sanitise(&said, TEXT_CAP))));
    };
    let forward = Box::new(resolve(state, registry, &name).await?);
    let confirmed = forward.address() == Some(address);
    Ok(answer(if confirmed { ReverseOutcome::Name(forward) } else { ReverseOutcome::Unconfirmed(forward) }))
}

/// The resolver of the name, or of the nearest name above it; and whether it is one above.
async fn find_resolver(
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

/// How a resolver was asked.
enum Asked {
    /// By the function itself.
    Directly(Reading),
    /// Through `resolve` of ENSIP-10, whose answer holds the function's.
    Extended(Reading),
}

async fn ask_resolver(
    state: &StateAt,
    resolver: Address,
    name: &EnsName,
    data: Vec<u8>,
) -> Result<Asked, ReadError> {
    let direct = crate::execution::Call { input: data.clone().into(), ..read(resolver, &probe()) };
    let through =
        read(resolver, &Resolver::resolveCall { name: name.dns_encoded().into(), data: data.into() });
    let readings = read_all(state, &[read(resolver, &probe()), direct, through]).await?;
    let mut readings = readings.into_iter();
    let missing = || Err(NoAnswer::Nothing);
    let extended = readings.next().unwrap_or_else(missing);
    let (direct, through) =
        (readings.next().unwrap_or_else(missing), readings.next().unwrap_or_else(missing));
    let extended = value::<Resolver::supportsInterfaceCall>(&extended, "true or false").unwrap_or(false);
    Ok(if extended { Asked::Extended(through) } else { Asked::Directly(direct) })
}

fn probe() -> Resolver::supportsInterfaceCall {
    Resolver::supportsInterfaceCall { interfaceId: EXTENDED }
}

fn wrapped(reading: &Reading) -> Result<Vec<u8>, NoAnswer> {
    let bytes = value::<Resolver::resolveCall>(reading, "bytes")?;
    if bytes.is_empty() { Err(NoAnswer::Nothing) } else { Ok(bytes.to_vec()) }
}

fn outcome_of(found: Result<Address, NoAnswer>, reading: &Reading) -> NameOutcome {
    match found {
        Ok(Address::ZERO) => NameOutcome::NoAddress,
        Ok(address) => NameOutcome::Address(address),
        Err(why) => offchain(reading).map_or(NameOutcome::Failed(why), NameOutcome::Offchain),
    }
}

/// The web servers that a resolver's revert names (EIP-3668); their text is escaped.
fn offchain(reading: &Reading) -> Option<Vec<String>> {
    let outcome = reading.as_ref().ok()?.value();
    if outcome.status != CallStatus::Revert {
        return None;
    }
    let lookup = OffchainLookup::abi_decode(&outcome.output).ok()?;
    Some(lookup.urls.iter().take(MOST_URLS).map(|url| sanitise(url, TEXT_CAP)).collect())
}
