//! Vaults that an account owns, directly or through its proxy.

use alloy::primitives::{Address, B256, U256};
use alloy::sol_types::SolCall as _;
use async_trait::async_trait;
use serde::Deserialize;

use super::actions::{actions, take_now};
use super::interface::{GetCdps, IlkRegistry, Jug, Spot, Vat};
use super::price_age;
use super::urn::Urn;
use crate::execution::Call;
use crate::protocols::ds_proxy::{DsProxy, ProxyRegistry};
use crate::protocols::ray::{RAY, accrued};
use crate::protocols::{
    Action, Answers, Ask, Asset, CodeCheck, Detail, Health, JointState, LiquidationPrice, Position, PriceAge,
    Protocol, ProtocolError, Row, RowKind, TakeNow, Ticket, WAD, Worth, check_code, token_facts,
};

/// Its id.
pub const ID: &str = "maker-vaults";
/// How long a payment may take to be included.
const SOON_SECS: u64 = 3_600;

/// The contracts of Maker on a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Vaults {
    /// Who owns which vault.
    pub manager: Address,
    /// Lists the vaults of an owner.
    pub getter: Address,
    /// The core.
    pub vat: Address,
    /// Stability fees.
    pub jug: Address,
    /// Prices.
    pub spot: Address,
    /// DAI.
    pub dai: Address,
    /// Where DAI is paid in.
    pub dai_join: Address,
    /// Kinds of collateral.
    pub ilks: Address,
    /// Proxies by owner.
    pub proxies: Address,
    /// What a proxy runs.
    pub actions: Address,
    /// Wrapped ether, which a proxy pays out as ether.
    pub weth: Address,
}

/// A vault as the manager lists it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Listed {
    pub(super) id: U256,
    pub(super) urn: Address,
    pub(super) ilk: B256,
    /// The proxy that owns it, where it is not the account itself.
    pub(super) proxy: Option<Address>,
}

/// What the calls are built from.
#[derive(Debug, Clone)]
pub(super) struct Noted {
    pub(super) contracts: Vaults,
    pub(super) listed: Listed,
    pub(super) urn: Urn,
    pub(super) dai: Asset,
    pub(super) gem: Asset,
    pub(super) gem_join: Address,
    /// Units of 18 decimals in one unit of the token.
    pub(super) scale: U256,
    /// Freed and still with the vault, freed and with the owner: 18 decimals.
    pub(super) freed: (U256, U256),
    pub(super) live: bool,
    pub(super) actions_code: CodeCheck,
    /// Where the price comes from.
    pub(super) price_source: Address,
}

struct Asked {
    urn: Ticket<Vat::urnsCall>,
    ilk: Ticket<Vat::ilksCall>,
    credit: Ticket<Vat::daiCall>,
    freed: [Ticket<Vat::gemCall>; 2],
    fee: Ticket<Jug::ilksCall>,
    price: Ticket<Spot::ilksCall>,
    join: Ticket<IlkRegistry::joinCall>,
    gem: Ticket<IlkRegistry::gemCall>,
    decimals: Ticket<IlkRegistry::decCall>,
}

#[async_trait]
impl Protocol for Vaults {
    fn id(&self) -> &'static str {
        ID
    }

    fn name(&self) -> String {
        "Maker vaults".to_owned()
    }

    fn anchor(&self) -> Address {
        self.manager
    }

    async fn positions(&self, owner: Address, state: &JointState) -> Result<Vec<Position>, ProtocolError> {
        let listed = self.listed(owner, state).await?;
        if listed.is_empty() {
            return Ok(Vec::new());
        }
        let (vat, jug, spot) = (self.vat, self.jug, self.spot);
        let mut ask = Ask::new();
        let live = ask.view(vat, &Vat::liveCall {});
        let base = ask.view(jug, &Jug::baseCall {});
        let par = ask.view(spot, &Spot::parCall {});
        let asked: Vec<(Listed, Asked)> =
            listed.into_iter().map(|one| (one, self.ask(&mut ask, owner, one))).collect();
        let answers = ask.run(state).await?;
        let gems = asked.iter().map(|(_, one)| answers.get(one.gem)).collect::<Result<Vec<_>, _>>()?;
        let facts = token_facts(std::iter::once(self.dai).chain(gems), state).await?;
        let Some((dai, gems)) = facts.split_first() else { return Ok(Vec::new()) };
        let common = (answers.get(base)?, answers.get(par)?, state.block_ref().timestamp);
        let live = answers.get(live)? == U256::from(1);
        let actions_code = check_code(state.state(), self.actions, None).await?;
        let mut counted: Vec<B256> = Vec::new();
        let mut found = Vec::new();
        for ((listed, one), gem) in asked.into_iter().zip(gems) {
            let urn = urn(&answers, &one, common)?;
            let [with_urn, with_owner] = [answers.get(one.freed[0])?, answers.get(one.freed[1])?];
            // What lies with the owner belongs to no vault: it is told once for each kind of collateral.
            let first = listed.proxy.is_none() && !counted.contains(&listed.ilk);
            counted.extend(first.then_some(listed.ilk));
            let freed = (with_urn, if first { with_owner } else { U256::ZERO });
            let noted = Noted {
                contracts: *self,
                listed,
                urn,
                dai: dai.clone(),
                gem: gem.clone(),
                gem_join: answers.get(one.join)?,
                scale: scale(answers.get(one.decimals)?)?,
                freed,
                live,
                actions_code: actions_code.clone(),
                price_source: answers.get(one.price)?.pip,
            };
            if noted.is_something() {
                found.push(self.position(owner, state, noted).await?);
            }
        }
        Ok(found)
    }

    fn actions(&self, position: &Position) -> Vec<Action> {
        actions(position)
    }

    fn take_now(&self, position: &Position, floor: U256) -> Vec<TakeNow> {
        take_now(position, floor)
    }
}

/// 10 to the digits that the token lacks to 18.
fn scale(decimals: U256) -> Result<U256, ProtocolError> {
    let lacks = U256::from(18).checked_sub(decimals).and_then(|lacks| U256::from(10).checked_pow(lacks));
    lacks
        .ok_or_else(|| ProtocolError::Inconsistent { detail: format!("a collateral of {decimals} decimals") })
}

fn urn(answers: &Answers, asked: &Asked, (base, par, now): (U256, U256, u64)) -> Result<Urn, ProtocolError> {
    let (urn, ilk) = (answers.get(asked.urn)?, answers.get(asked.ilk)?);
    let (fee, price) = (answers.get(asked.fee)?, answers.get(asked.price)?);
    let outgrown =
        || ProtocolError::Inconsistent { detail: "the fee of a vault outgrew 256 bits".to_owned() };
    let since = U256::from(now).saturating_sub(fee.rho).saturating_to::<u64>();
    let per_second = base.checked_add(fee.duty).ok_or_else(outgrown)?;
    let after = |seconds| accrued(ilk.rate, per_second, seconds).ok_or_else(outgrown);
    Ok(Urn {
        ink: urn.ink,
        art: urn.art,
        credit: answers.get(asked.credit)?,
        rate: after(since)?,
        rate_soon: after(since.saturating_add(SOON_SECS))?,
        spot: ilk.spot,
        mat: price.mat,
        par,
        dust: ilk.dust,
    })
}

impl Vaults {
    async fn listed(&self, owner: Address, state: &JointState) -> Result<Vec<Listed>, ProtocolError> {
        let list = |guy| GetCdps::getCdpsAscCall { manager: self.manager, guy };
        let mut ask = Ask::new();
        let own = ask.view(self.getter, &list(owner));
        let proxy = ask.view(self.proxies, &ProxyRegistry::proxiesCall { owner });
        let answers = ask.run(state).await?;
        let mut all = rows(answers.get(own)?, None);
        let proxy = answers.get(proxy)?;
        if !proxy.is_zero() {
            let mut ask = Ask::new();
            let whose = ask.view(proxy, &DsProxy::ownerCall {});
            let through = ask.view(self.getter, &list(proxy));
            let answers = ask.run(state).await?;
            // A proxy can be given away while the book still names its first owner.
            if answers.get(whose)? == owner {
                all.extend(rows(answers.get(through)?, Some(proxy)));
            }
        }
        Ok(all)
    }

    fn ask(&self, ask: &mut Ask, owner: Address, listed: Listed) -> Asked {
        let Listed { urn, ilk, .. } = listed;
        Asked {
            urn: ask.view(self.vat, &Vat::urnsCall { ilk, urn }),
            ilk: ask.view(self.vat, &Vat::ilksCall { ilk }),
            credit: ask.view(self.vat, &Vat::daiCall { usr: urn }),
            freed: [urn, owner].map(|usr| ask.view(self.vat, &Vat::gemCall { ilk, usr })),
            fee: ask.view(self.jug, &Jug::ilksCall { ilk }),
            price: ask.view(self.spot, &Spot::ilksCall { ilk }),
            join: ask.view(self.ilks, &IlkRegistry::joinCall { ilk }),
            gem: ask.view(self.ilks, &IlkRegistry::gemCall { ilk }),
            decimals: ask.view(self.ilks, &IlkRegistry::decCall { ilk }),
        }
    }

    async fn position(
        &self,
        owner: Address,
        state: &JointState,
        noted: Noted,
    ) -> Result<Position, ProtocolError> {
        let code = check_code(state.state(), noted.listed.proxy.unwrap_or(self.manager), None).await?;
        let market = format!("{} vault {}", noted.ilk_name(), noted.listed.id);
        let (mut health, mut caveats) = (noted.health(), Vec::new());
        if !noted.live {
            caveats.push("Maker was shut down: nothing of a vault can be changed any more.".to_owned());
        }
        if let Some(health) = health.as_mut().filter(|_| !noted.urn.art.is_zero()) {
            let source = (self.spot, noted.price_source);
            health.price_age = price_age::age(source, (&noted.urn, &noted.gem), state).await?;
            caveats.push("The price is Maker's own, which is passed on an hour late by design.".to_owned());
        }
        let rows = noted.rows(self.vat);
        let place = (code, state.block_ref());
        let position = Position::new((ID, market), owner, place, rows, Detail::new(noted));
        // The registry finds the maker of a position by this.
        Ok(Position { health, caveats, contract: self.manager, ..position })
    }
}

fn rows(found: GetCdps::getCdpsAscReturn, proxy: Option<Address>) -> Vec<Listed> {
    let all = found.ids.into_iter().zip(found.urns).zip(found.ilks);
    all.map(|((id, urn), ilk)| Listed { id, urn, ilk, proxy }).collect()
}

impl Noted {
    fn is_something(&self) -> bool {
        let (with_urn, with_owner) = self.freed;
        [self.urn.ink, self.urn.art, with_urn, with_owner].iter().any(|one| !one.is_zero())
    }

    /// `ETH-A` of the 32 bytes.
    fn ilk_name(&self) -> String {
        let text: Vec<u8> = self.listed.ilk.iter().copied().take_while(|byte| *byte != 0).collect();
        let plain = text.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-');
        if plain { text.into_iter().map(char::from).collect() } else { self.listed.ilk.to_string() }
    }

    /// Token units of an amount with 18 decimals, rounded down.
    pub(super) fn gems(&self, wad: U256) -> U256 {
        wad.checked_div(self.scale).unwrap_or_default()
    }

    /// Token units that were freed and not yet taken out.
    pub(super) fn freed_gems(&self) -> U256 {
        self.gems(self.freed.0.saturating_add(self.freed.1))
    }

    fn rows(&self, vat: Address) -> Vec<Row> {
        let mut rows = Vec::new();
        let question = Vat::urnsCall { ilk: self.listed.ilk, urn: self.listed.urn };
        // The view tells 18 decimals: the same number only where the token has as many.
        let same = self.scale == U256::from(1);
        let view = same.then(|| Call::read(vat, question.abi_encode()));
        if !self.urn.ink.is_zero() {
            let row = Row::new(RowKind::Collateral, self.gem.clone(), self.gems(self.urn.ink), view);
            let worth = self.urn.price().and_then(|price| self.urn.ink.checked_mul(price)?.checked_div(WAD));
            let worth = worth.map(|amount| Worth { amount, decimals: 18, unit: "USD".to_owned() });
            rows.push(Row { worth, ..row });
        }
        if !self.urn.art.is_zero() {
            let debt = self.urn.debt().unwrap_or(U256::MAX);
            rows.push(Row::new(RowKind::Borrowed, self.dai.clone(), debt, None));
        }
        let freed = self.freed_gems();
        if !freed.is_zero() {
            let row = Row::new(RowKind::Claimable, self.gem.clone(), freed, None);
            rows.push(row.noted("freed, not yet taken out".to_owned()));
        }
        rows
    }

    fn health(&self) -> Option<Health> {
        let urn = &self.urn;
        if urn.ink.is_zero() && urn.art.is_zero() {
            return None;
        }
        let (price, unit) = (urn.price()?, || "USD".to_owned());
        let line = urn.safe_down_to().map(|at| LiquidationPrice {
            asset: self.gem.clone(),
            now: price,
            at,
            falling: true,
            decimals: 18,
            unit: unit(),
        });
        // A kind that was given up has no ratio any more; its debt is still one.
        let bps = U256::from(10_000).checked_mul(RAY)?.checked_div(urn.mat).unwrap_or_default();
        Some(Health {
            price_age: PriceAge::default(),
            factor: urn.health_factor(),
            own_integer: false,
            collateral: urn.ink.checked_mul(price)?.checked_div(WAD)?,
            debt: urn.debt()?,
            decimals: 18,
            unit: unit(),
            threshold_bps: bps,
            liquidation: line.into_iter().collect(),
        })
    }
}
