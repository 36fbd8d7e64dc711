//! Buying what a debt still needs with what the wallet holds: the cheapest offer that a second source calls fair.

use std::sync::Arc;

use alloy::primitives::{Address, U256};
use futures::future::BoxFuture;

use super::ethers;
use super::fair::{self, Opinion, Prices};
use crate::protocols::{Asset, Intent, JointState, Offer, ProtocolError, Registry, Venue, Want, Wish};

/// A purchase, or why there is none.
#[derive(Debug)]
pub(super) enum Bought {
    /// These calls bring something of it, of which so much is not sure.
    By(Vec<Intent>, U256),
    /// There is an offer, which is not taken.
    Refused(String),
    /// There is no offer.
    Nothing,
}

/// What may be sold, and how much of each at most.
pub(super) type Stock = [(Asset, U256)];

/// What is asked for and by whom.
pub(super) struct Buyer<'a> {
    pub(super) registry: &'a Registry,
    pub(super) joint: &'a JointState,
    pub(super) owner: Address,
    pub(super) prices: &'a mut Prices,
    /// Who could not be asked for a price, and why. The others are.
    pub(super) silent: Vec<(String, String)>,
}

/// An offer with the venue's name.
type Named = (String, Offer);

impl Buyer<'_> {
    /// The way to `amount` of `buy`: all of it for one asset where one is enough, else what the most of one brings.
    pub(super) async fn buy(&mut self, buy: &Asset, amount: U256, stock: &Stock) -> Bought {
        if let Some(wrap) = self.wrapped((buy, amount), stock).await {
            return Bought::By(vec![wrap], U256::ZERO);
        }
        let wishes: Vec<Wish> =
            stock.iter().map(|(sell, _)| self.wish(sell, buy, Want::Get(amount))).collect();
        let enough = |wish: &Wish, offer: &Offer| {
            let held = stock.iter().find(|(asset, _)| *asset == wish.sell).map(|(_, most)| *most);
            // The limit of the call is what must be there.
            held.is_some_and(|held| offer.pays.saturating_add(offer.pays / U256::from(200)) <= held)
        };
        let whole = self.best(&wishes, &enough).await;
        if matches!(whole, Bought::By(..)) {
            return whole;
        }
        let wishes: Vec<Wish> =
            stock.iter().map(|(sell, most)| self.wish(sell, buy, Want::Give(*most))).collect();
        // Worth a transaction: a hundredth of what is missing. Much more than that is not bought.
        let part = |_: &Wish, offer: &Offer| {
            let hundredth = amount / U256::from(100);
            offer.gets >= hundredth && offer.gets <= amount.saturating_add(hundredth)
        };
        match (self.best(&wishes, &part).await, whole) {
            (Bought::Nothing, whole) => whole,
            (part, _) => part,
        }
    }

    /// Wrapped ether is not bought: ether becomes it, one for one.
    async fn wrapped(&mut self, wanted: (&Asset, U256), stock: &Stock) -> Option<Intent> {
        let ether = stock.iter().find(|(asset, _)| asset.is_ether()).map(|(_, most)| *most)?;
        match ethers::wrapped(wanted, ether, self.registry.wrapped_ether(), self.joint).await {
            Ok(call) => call,
            Err(error) => {
                self.note_silent("Wrapped ether".to_owned(), &error);
                None
            }
        }
    }

    fn wish(&self, sell: &Asset, buy: &Asset, want: Want) -> Wish {
        Wish { owner: self.owner, sell: sell.clone(), buy: buy.clone(), want }
    }

    /// The fair offer that is nearest to the second source's price, of those that `fits`.
    async fn best(&mut self, wishes: &[Wish], fits: &(dyn Fn(&Wish, &Offer) -> bool + Sync)) -> Bought {
        let offers = self.offers(wishes).await;
        let mut best: Option<(U256, Bought)> = None;
        let mut refused = None;
        for (wish, named) in wishes.iter().zip(&offers) {
            for (at, (name, offer)) in named.iter().enumerate() {
                if offer.intent.is_none() || !fits(wish, offer) {
                    continue;
                }
                match self.opinion(wish, offer, &others(named, at)).await {
                    Opinion::Fair(share, source) => {
                        let unsure = offer.gets.saturating_sub(offer.least);
                        let calls = offer.clone().calls(&source);
                        best = nearer(best, (share, Bought::By(calls, unsure)));
                    }
                    Opinion::Dear(share, source) => refused = Some(too_dear(wish, name, (share, &source))),
                    Opinion::Unknown => {
                        refused.get_or_insert_with(|| unknown(wish, name));
                    }
                }
            }
        }
        match (best, refused) {
            (Some((_, bought)), _) => bought,
            (None, Some(why)) => Bought::Refused(why),
            (None, None) => Bought::Nothing,
        }
    }

    async fn opinion(&mut self, wish: &Wish, offer: &Offer, others: &[Named]) -> Opinion {
        let feeds = fair::ask_feeds(self.prices, self.joint, &[wish.sell.clone(), wish.buy.clone()]).await;
        if let Err(error) = feeds {
            self.note_silent("Price feeds on the chain".to_owned(), &error);
        }
        fair::opinion(self.prices, (self.priced(wish), wish.buy.address), offer, others)
    }

    /// Each wish at each venue, all asked as one batch. A venue that cannot be asked is named, and the others answer.
    async fn offers(&mut self, wishes: &[Wish]) -> Vec<Vec<Named>> {
        let (venues, weth) = (self.registry.venues(), self.registry.wrapped_ether());
        let work = |joint: &JointState| {
            let of_wish = |wish| venues.iter().map(move |venue| ask_one(venue, wish, joint, weth));
            wishes.iter().flat_map(of_wish).collect()
        };
        let mut told = self.joint.drive(work).await.into_iter();
        let mut all = Vec::new();
        for _ in wishes {
            let mut of_wish = Vec::new();
            for (venue, offer) in venues.iter().zip(told.by_ref().take(venues.len())) {
                match offer {
                    Ok(offer) => of_wish.extend(offer.map(|offer| (venue.name(), offer))),
                    Err(error) => self.note_silent(venue.name(), &error),
                }
            }
            all.push(of_wish);
        }
        all
    }

    fn note_silent(&mut self, who: String, error: &ProtocolError) {
        if !self.silent.iter().any(|(known, _)| *known == who) {
            let why = format!("Its price could not be read, so it is left out of the comparison: {error}");
            self.silent.push((who, why));
        }
    }

    /// Ether has the price of what stands for it.
    fn priced(&self, wish: &Wish) -> Address {
        if !wish.sell.is_ether() || self.prices.contains_key(&wish.sell.address) {
            return wish.sell.address;
        }
        self.registry.wrapped_ether().unwrap_or(wish.sell.address)
    }
}

type Told = Result<Option<Offer>, ProtocolError>;

fn ask_one(
    venue: &Arc<dyn Venue>,
    wish: &Wish,
    joint: &JointState,
    weth: Option<Address>,
) -> BoxFuture<'static, Told> {
    let (venue, wish, joint) = (venue.clone(), wish.clone(), joint.clone());
    Box::pin(async move { ethers::ask(&*venue, &wish, &joint, weth).await })
}

fn others(named: &[Named], at: usize) -> Vec<Named> {
    named.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, one)| one.clone()).collect()
}

fn nearer(best: Option<(U256, Bought)>, one: (U256, Bought)) -> Option<(U256, Bought)> {
    match best {
        Some(best) if best.0 <= one.0 => Some(best),
        _ => Some(one),
    }
}

fn too_dear(wish: &Wish, venue: &str, (share, source): (U256, &str)) -> String {
    let above: u64 = share.saturating_sub(U256::from(10_000)).saturating_to();
    let (sell, buy) = (&wish.sell.symbol, &wish.buy.symbol);
    format!(
        "{venue} asks {}.{:02} % more {sell} for {buy} than {source} says: this is not offered.",
        above / 100,
        above % 100
    )
}

fn unknown(wish: &Wish, venue: &str) -> String {
    let (sell, buy) = (&wish.sell.symbol, &wish.buy.symbol);
    format!("{venue} sells {buy} for {sell}, but no second source on the chain confirms its price.")
}
