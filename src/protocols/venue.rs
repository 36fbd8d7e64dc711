//! Where one asset is had for another: what an exit needs when a debt is in a token that the account lacks.

use std::fmt;

use alloy::primitives::{Address, U256};
use async_trait::async_trait;

use super::{Asset, Intent, JointState, ProtocolError};

/// How much of which side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Want {
    /// Exactly this many units are to be got.
    Get(U256),
    /// Exactly this many units are given.
    Give(U256),
}

/// A swap that somebody would make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// Whose.
    pub owner: Address,
    /// What is given; ether too.
    pub sell: Asset,
    /// What is got: a token.
    pub buy: Asset,
    /// How much.
    pub want: Want,
}

/// What a venue would do at this block, by its own contracts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Units given.
    pub pays: U256,
    /// Units got.
    pub gets: U256,
    /// Units got at the least, by the limit of the call.
    pub least: U256,
    /// The call that does it, bound by a limit half a percent worse than the offer and by a deadline; `None` where a venue
    /// is only asked what it would pay.
    pub intent: Option<Intent>,
    /// A call before it: ether is wrapped or unwrapped, where the venue takes only the other.
    pub before: Option<Intent>,
    /// A call after it, likewise.
    pub after: Option<Intent>,
}

impl Offer {
    /// Units given, got, and got at the least; no call.
    pub fn of(pays: U256, gets: U256, least: U256) -> Self {
        Self { pays, gets, least, intent: None, before: None, after: None }
    }

    /// Its calls in order; that of the swap says who confirmed the price.
    pub(super) fn calls(self, source: &str) -> Vec<Intent> {
        let checked = |swap: Intent| {
            let sentence = format!("{}; the price is checked against {source}", swap.sentence);
            Intent { sentence, ..swap }
        };
        self.before.into_iter().chain(self.intent.map(checked)).chain(self.after).collect()
    }
}

/// An exchange on the chain.
#[async_trait]
pub trait Venue: Send + Sync + fmt::Debug {
    /// What people call it.
    fn name(&self) -> String;
    /// Wrapped ether, which stands for ether there.
    fn wrapped_ether(&self) -> Option<Address>;
    /// True where ether and wrapped ether are two things, and one is not taken for the other.
    fn tells_ethers_apart(&self) -> bool {
        false
    }
    /// Its best offer; `None` where it has none.
    ///
    /// # Errors
    /// Where state could not be proven.
    async fn offer(&self, wish: &Wish, state: &JointState) -> Result<Option<Offer>, ProtocolError>;
}

impl Wish {
    /// What is given, as the token that stands for it.
    pub(super) fn token_in(&self, wrapped_ether: Option<Address>) -> Option<Address> {
        if self.sell.is_ether() { wrapped_ether } else { Some(self.sell.address) }
    }

    /// The better of two offers.
    pub(super) fn better(&self, one: &Offer, other: &Offer) -> bool {
        match self.want {
            Want::Get(_) => one.pays < other.pays,
            Want::Give(_) => one.gets > other.gets,
        }
    }
}
