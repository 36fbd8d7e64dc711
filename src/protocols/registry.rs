//! Every protocol this program can read, one line each, and reading all of them at once.

use std::sync::Arc;

use alloy::primitives::{Address, KECCAK256_EMPTY, U256};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::action_guard::guard;
use super::deployments::Deployments;
use super::{
    Answers, Found, JointState, Named, NamedBy, Position, Protocol, ProtocolError, Report, Venue, Verdict,
};
use super::{
    aave_v3, balancer, compound_v3, convex, curve, eigenlayer, erc4626, ethena, etherfi, lido, liquity_v1,
    liquity_v2, maker_dsr, maker_vaults, morpho_blue, pendle, rocket_pool, sky, staked_tokens, uniswap_v2,
    uniswap_v3, uniswap_v4, weth,
};
use crate::chain::StateAt;
use crate::execution::{CallOutcome, CallStatus};

/// The protocols of one chain.
#[derive(Debug, Clone, Default)]
pub struct Registry {
    protocols: Vec<Arc<dyn Protocol>>,
    /// Where an exit buys what it lacks, whichever protocols are looked at.
    venues: Vec<Arc<dyn Venue>>,
    /// What stands for ether on this chain, whichever protocols are looked at.
    wrapped_ether: Option<Address>,
}

/// Reads the deployments of one protocol: markets as JSON → protocols.
type Reader = fn(&serde_json::Value) -> Result<Vec<Arc<dyn Protocol>>, serde_json::Error>;

/// The reader of every protocol whose market is a `T`. A market of another shape is an error.
fn deployed<T>(markets: &serde_json::Value) -> Result<Vec<Arc<dyn Protocol>>, serde_json::Error>
where
    T: Protocol + DeserializeOwned + 'static,
{
    let all: Vec<T> = Deserialize::deserialize(markets)?;
    Ok(all.into_iter().map(|one| Arc::new(one) as Arc<dyn Protocol>).collect())
}

/// The protocols: id, bundled deployments, reader. A new one is one line here.
pub(super) const PROTOCOLS: &[(&str, &str, Reader)] = &[
    (weth::ID, include_str!("../../assets/protocols/weth.json"), deployed::<weth::Weth>),
    (lido::ID, include_str!("../../assets/protocols/lido.json"), deployed::<lido::Lido>),
    (aave_v3::ID, include_str!("../../assets/protocols/aave-v3.json"), deployed::<aave_v3::AaveMarket>),
    (
        compound_v3::ID,
        include_str!("../../assets/protocols/compound-v3.json"),
        deployed::<compound_v3::CometMarket>,
    ),
    (
        morpho_blue::ID,
        include_str!("../../assets/protocols/morpho-blue.json"),
        deployed::<morpho_blue::MorphoBlue>,
    ),
    (erc4626::ID, include_str!("../../assets/protocols/erc4626.json"), deployed::<erc4626::Vault>),
    (
        uniswap_v2::ID,
        include_str!("../../assets/protocols/uniswap-v2.json"),
        deployed::<uniswap_v2::PairFactory>,
    ),
    (
        uniswap_v3::ID,
        include_str!("../../assets/protocols/uniswap-v3.json"),
        deployed::<uniswap_v3::PositionManager>,
    ),
    (sky::ID, include_str!("../../assets/protocols/sky.json"), deployed::<sky::Sky>),
    (
        maker_vaults::ID,
        include_str!("../../assets/protocols/maker-vaults.json"),
        deployed::<maker_vaults::Vaults>,
    ),
    (maker_dsr::ID, include_str!("../../assets/protocols/maker-dsr.json"), deployed::<maker_dsr::Savings>),
    (
        rocket_pool::ID,
        include_str!("../../assets/protocols/rocket-pool.json"),
        deployed::<rocket_pool::RocketPool>,
    ),
    (
        staked_tokens::ID,
        include_str!("../../assets/protocols/staked-tokens.json"),
        deployed::<staked_tokens::StakedToken>,
    ),
    (ethena::ID, include_str!("../../assets/protocols/ethena.json"), deployed::<ethena::Ethena>),
    (etherfi::ID, include_str!("../../assets/protocols/etherfi.json"), deployed::<etherfi::EtherFi>),
    (
        liquity_v1::ID,
        include_str!("../../assets/protocols/liquity-v1.json"),
        deployed::<liquity_v1::LiquityV1>,
    ),
    (liquity_v2::ID, include_str!("../../assets/protocols/liquity-v2.json"), deployed::<liquity_v2::Branch>),
    (curve::ID, include_str!("../../assets/protocols/curve.json"), deployed::<curve::Pool>),
    (convex::ID, include_str!("../../assets/protocols/convex.json"), deployed::<convex::ConvexPool>),
    (
        eigenlayer::ID,
        include_str!("../../assets/protocols/eigenlayer.json"),
        deployed::<eigenlayer::EigenLayer>,
    ),
    (pendle::ID, include_str!("../../assets/protocols/pendle.json"), deployed::<pendle::Principal>),
    (
        uniswap_v4::ID,
        include_str!("../../assets/protocols/uniswap-v4.json"),
        deployed::<uniswap_v4::PositionManager>,
    ),
    (balancer::ID, include_str!("../../assets/protocols/balancer.json"), deployed::<balancer::Balancer>),
];

/// Makes a protocol of what was named, where it can be that.
type Namer = fn(U256) -> Option<Arc<dyn Protocol>>;

/// What can be named on any chain, whatever is deployed there: id, by what, and the protocol of it alone.
const NAMED_ALONE: &[(&str, NamedBy, Namer)] = &[(erc4626::ID, NamedBy::Vault, erc4626::named_vault)];

impl Registry {
    /// The bundled protocols of a chain.
    pub fn of_chain(chain_id: u64) -> Self {
        // Bundled files are read by a test; one that could not be read would leave its protocol out, not stop the rest.
        let all = PROTOCOLS.iter().filter_map(|(_, text, read)| {
            let chains: serde_json::Value = serde_json::from_str(text).ok()?;
            read(chains.get(chain_id.to_string())?).ok()
        });
        Self::new(all.flatten().collect())
    }

    /// The same with the user's own deployments, and looking at what the user named. See [`Registry::not_named`].
    #[must_use]
    pub fn with(mut self, own: &Deployments) -> Self {
        self.protocols.extend(own.protocols());
        for named in own.named() {
            for one in self.protocols.iter_mut().filter(|one| one.id() == named.protocol) {
                if let Some(wider) = one.with_named(named.what) {
                    *one = wider;
                }
            }
            let alone = alone(named);
            let known = |new: &Arc<dyn Protocol>| {
                self.protocols.iter().any(|one| one.id() == new.id() && one.anchor() == new.anchor())
            };
            self.protocols.extend(alone.filter(|new| !known(new)));
        }
        Self::new(self.protocols)
    }

    /// The first of `own`'s names that no protocol here takes.
    pub fn not_named<'a>(&self, own: &'a Deployments) -> Option<&'a Named> {
        own.named().iter().find(|named| !self.takes(named))
    }

    /// True where a protocol here takes this name.
    pub fn takes(&self, named: &Named) -> bool {
        let text = named.to_string();
        let what = text.split_once('=').map_or("", |(_, what)| what);
        let fits = |one: &dyn Protocol| one.named_by().is_some_and(|by| by.fits(what));
        let mut of_id = self.protocols.iter().filter(|one| one.id() == named.protocol && fits(one.as_ref()));
        alone(named).is_some() || of_id.any(|one| one.with_named(named.what).is_some())
    }

    /// Protocols in which something may be named, and by what: each id once.
    pub fn nameable(&self) -> Vec<(&'static str, NamedBy)> {
        let mut all: Vec<(&'static str, NamedBy)> = Vec::new();
        for one in &self.protocols {
            if let Some(by) = one.named_by().filter(|_| all.iter().all(|(id, _)| *id != one.id())) {
                all.push((one.id(), by));
            }
        }
        all.extend(NAMED_ALONE.iter().map(|(id, by, _)| (*id, *by)));
        all
    }

    /// These protocols.
    pub fn new(protocols: Vec<Arc<dyn Protocol>>) -> Self {
        let venues: Vec<_> = protocols.iter().filter_map(|one| one.venue()).collect();
        let own = protocols.iter().find(|one| one.id() == weth::ID).map(|one| one.anchor());
        let wrapped_ether = own.or_else(|| venues.iter().find_map(|one| one.wrapped_ether()));
        Self { protocols, venues, wrapped_ether }
    }

    /// What stands for ether on this chain, by a protocol or an exchange; the same after [`Registry::only`].
    pub fn wrapped_ether(&self) -> Option<Address> {
        self.wrapped_ether
    }

    /// The protocols.
    pub fn protocols(&self) -> &[Arc<dyn Protocol>] {
        &self.protocols
    }

    /// The exchanges among them; those of all protocols also after [`Registry::only`].
    pub fn venues(&self) -> &[Arc<dyn Venue>] {
        &self.venues
    }

    /// Only those whose id is `word`; where there are none, those whose name holds it, in any case.
    #[must_use]
    pub fn only(&self, word: &str) -> Self {
        let word = word.to_lowercase();
        let of = |hit: &dyn Fn(&Arc<dyn Protocol>) -> bool| -> Vec<Arc<dyn Protocol>> {
            self.protocols.iter().filter(|one| hit(one)).cloned().collect()
        };
        let by_id = of(&|one| one.id() == word);
        let by_name = || of(&|one| one.name().to_lowercase().contains(&word));
        Self { protocols: if by_id.is_empty() { by_name() } else { by_id }, ..self.clone() }
    }

    /// Reads every protocol at one block. What they ask at the same moment is one batch, and what fails fails alone.
    ///
    /// # Errors
    /// Where not even the contracts' accounts could be proven.
    pub async fn read(&self, owner: Address, state: &StateAt) -> Result<Vec<Report>, ProtocolError> {
        self.read_on(owner, &JointState::alone(state.clone())).await
    }

    /// The same for several accounts as one batch: much fewer requests than one account after the other. In the order of
    /// `owners`.
    ///
    /// # Errors
    /// As [`Registry::read`].
    pub async fn read_many(
        &self,
        owners: &[Address],
        state: &StateAt,
    ) -> Result<Vec<Vec<Report>>, ProtocolError> {
        let joint = JointState::alone(state.clone());
        let there = self.there(state).await?;
        let work = |joint: &JointState| {
            let pairs = owners.iter().flat_map(|owner| {
                self.protocols.iter().cloned().zip(&there).map(move |(one, there)| (one, *there, *owner))
            });
            pairs.map(|(protocol, there, owner)| read_one(protocol, there, owner, joint.clone())).collect()
        };
        let mut all = joint.drive(work).await.into_iter();
        Ok(owners.iter().map(|_| all.by_ref().take(self.protocols.len()).collect()).collect())
    }

    /// The same on what others would leave.
    ///
    /// # Errors
    /// As [`Registry::read`].
    pub async fn read_on(&self, owner: Address, joint: &JointState) -> Result<Vec<Report>, ProtocolError> {
        let there = self.there(joint.state()).await?;
        let work = |joint: &JointState| {
            let each = self.protocols.iter().cloned().zip(there);
            each.map(|(protocol, there)| read_one(protocol, there, owner, joint.clone())).collect()
        };
        Ok(joint.drive(work).await)
    }

    /// Which of the protocols' contracts are on the chain.
    async fn there(&self, state: &StateAt) -> Result<Vec<bool>, ProtocolError> {
        let anchors: Vec<Address> = self.protocols.iter().map(|one| one.anchor()).collect();
        let accounts = state.accounts(&anchors).await?;
        let has_code =
            accounts.iter().map(|one| one.value().exists && one.value().code_hash != KECCAK256_EMPTY);
        Ok(has_code.collect())
    }

    /// Why a call for an action of protocol `id` did not succeed, in words.
    pub(super) fn why(
        &self,
        id: &str,
        (chain_id, contract): (u64, Address),
        outcome: &CallOutcome,
    ) -> String {
        let own = self.protocols.iter().filter(|one| one.id() == id && outcome.status == CallStatus::Revert);
        let words = own.filter_map(|one| one.words_of_revert(&outcome.output)).next();
        words.unwrap_or_else(|| Answers::explain(chain_id, contract, outcome))
    }

    /// The protocol that made a position.
    fn maker(&self, position: &Position) -> Option<&Arc<dyn Protocol>> {
        let mut ours = self.protocols.iter().filter(|one| one.id() == position.protocol);
        let exact = ours.clone().find(|one| one.anchor() == position.contract);
        exact.or_else(|| ours.next())
    }

    /// See [`Protocol::take_now`].
    pub fn take_now(&self, position: &Position, floor: U256) -> Vec<super::TakeNow> {
        // What an old price calls safe may not be; and what code that was exchanged calls so is nobody's word.
        if position.code.verdict == Verdict::Changed {
            return Vec::new();
        }
        if position.health.as_ref().is_some_and(|health| health.price_age.old.is_some()) {
            return Vec::new();
        }
        let maker = self.maker(position);
        maker.map(|one| one.take_now(position, floor)).unwrap_or_default()
    }
}

async fn read_one(protocol: Arc<dyn Protocol>, there: bool, owner: Address, joint: JointState) -> Report {
    let found = if there {
        match protocol.positions(owner, &joint).await {
            Ok(mut positions) => {
                for position in &mut positions {
                    let ages = position.health.iter().flat_map(|health| health.price_age.sentences());
                    let ages: Vec<String> = ages.cloned().collect();
                    position.caveats.splice(0..0, ages);
                    position.actions = protocol.actions(position);
                }
                match guard(&mut positions, &*protocol, joint.state()).await {
                    Ok(()) => Found::Positions(positions),
                    Err(error) => Found::Failed(Arc::new(error)),
                }
            }
            Err(error) => Found::Failed(Arc::new(error)),
        }
    } else {
        protocol.absent().map_or(Found::NotThere, |error| Found::Failed(Arc::new(error)))
    };
    Report { protocol: protocol.id().to_owned(), name: protocol.name(), found }
}

/// The protocol of what was named, where it needs no other.
fn alone(named: &Named) -> Option<Arc<dyn Protocol>> {
    let (_, _, of) = NAMED_ALONE.iter().find(|(id, _, _)| *id == named.protocol)?;
    of(named.what)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_bundled_deployment_is_read() {
        for (id, text, read) in PROTOCOLS {
            let chains: serde_json::Value = serde_json::from_str(text).unwrap();
            for (chain, markets) in chains.as_object().unwrap() {
                let all = read(markets).unwrap_or_else(|error| panic!("{id} on {chain}: {error}"));
                assert!(!all.is_empty() && all.iter().all(|one| one.id() == *id), "{id} on {chain}");
            }
        }
        let mainnet = Registry::of_chain(1);
        let names: BTreeSet<String> = mainnet.protocols().iter().map(|one| one.name()).collect();
        assert_eq!(names.len(), mainnet.protocols().len(), "each name once");
        assert!(Registry::of_chain(999_999).protocols().is_empty());
    }

    #[test]
    fn what_cannot_be_listed_is_named_and_what_is_no_name_is_told() {
        let mainnet = Registry::of_chain(1);
        let ids: Vec<&str> = mainnet.nameable().into_iter().map(|(id, _)| id).collect();
        assert_eq!(
            ids,
            ["morpho-blue", "uniswap-v3", "etherfi", "liquity-v2", "uniswap-v4", "balancer", "erc4626"]
        );
        let naming = |all: &[&str]| {
            let named = all.iter().map(|one| one.parse().unwrap()).collect();
            Deployments::naming(None, named).unwrap()
        };
        let pool = format!("balancer=0x{}", "5".repeat(40));
        let market = format!("morpho-blue=0x{}", "7".repeat(64));
        let good = naming(&["uniswap-v4=5", "etherfi=6", "liquity-v2=7", &pool, &market]);
        assert_eq!(mainnet.not_named(&good), None);
        let short = naming(&[&market[..54]]);
        assert!(mainnet.not_named(&short).is_some(), "an address is no market's id");
        let count = mainnet.protocols().len();
        assert_eq!(mainnet.clone().with(&good).protocols().len(), count, "each in place of the one before");
        let vault = format!("erc4626=0x{}", "5".repeat(40));
        for chain in [Registry::of_chain(999_999), mainnet.clone()] {
            let (before, named) = (chain.protocols().len(), naming(&[&vault]));
            assert_eq!(chain.not_named(&named), None);
            let with = chain.with(&named);
            assert_eq!(with.protocols().len(), before + 1, "a vault needs nothing that is bundled");
            assert_eq!(with.with(&named).protocols().len(), before + 1, "and each is there once");
        }
        let listed = naming(&["erc4626=0x83F20F44975D03b1b09e64809B757c47f942BEeA"]);
        assert_eq!(
            mainnet.clone().with(&listed).protocols().len(),
            count,
            "one that is listed stays as it is"
        );
        assert!(mainnet.not_named(&naming(&[&format!("erc4626=0x{}", "7".repeat(64))])).is_some());
        for wrong in ["weth=5", "no-such=5"] {
            assert_eq!(mainnet.not_named(&naming(&["etherfi=1", wrong])).unwrap().to_string(), wrong);
        }
    }

    #[test]
    fn a_protocol_is_found_by_id_and_by_part_of_its_name() {
        let mainnet = Registry::of_chain(1);
        assert_eq!(mainnet.only("weth").protocols().len(), 1);
        assert!(mainnet.only("aave-v3").protocols().len() >= 3);
        assert_eq!(mainnet.only("SPARKLEND").protocols().len(), 1);
        assert!(mainnet.only("nothing of the kind").protocols().is_empty());
    }
}
