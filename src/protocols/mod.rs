//! What does the user hold, and what can be done with it? Tokens, prices, names; one folder a protocol.
//!
//! *Invariant*: reads only through [`crate::chain::StateAt`], so that everything said here is proven at one block; knows
//! no endpoint, no disk and no face. Actions are intents, built from what was read; nothing is signed here.
//!
//! # How a protocol is added
//! 1. A folder with `positions.rs` (a type that is read from a deployment and implements [`Protocol`]: what is there,
//!    read through [`Ask`]) and `actions.rs` (what can be done, pure: actions of a position, calls of an action).
//! 2. Its deployments by chain id in `assets/protocols/<id>.json`, its interface in `abis/<id>.json` for decoding.
//! 3. One line in `registry.rs`, one `mod` line here.
//!
//! Nothing else: the registry reads it with all others as one batch, leaves it out where its contract is not on the
//! chain, shows its failure beside the others' answers, and the exit planner orders and simulates its actions by their
//! stage. The smallest that does all of it is `rocket_pool`. What cannot be listed from the chain (`uniswap_v4`,
//! `balancer`, requests of `etherfi`) is named by the user: [`Protocol::named_by`] says by what. Any vault of `erc4626` is.
//!
//! First one question to few contracts, the rest only where something is held: every account is asked every protocol's
//! first question. What a contract refuses is said; what could not be proven fails that protocol. An action is offered
//! only if the code that runs has its function; its least amounts come from the contracts at the same block.

pub mod aave_v3;
mod action_guard;
mod allowance;
pub mod approvals;
mod ask;
mod asset;
pub mod balancer;
mod code_guard;
pub mod compound_v3;
pub mod convex;
pub mod curve;
mod deployments;
mod ds_proxy;
pub mod eigenlayer;
pub mod ens;
pub mod erc4626;
mod error;
pub mod ethena;
pub mod etherfi;
pub mod exit_plan;
mod gains;
mod health;
mod intent;
mod joint_state;
pub mod lido;
pub mod liquity_v1;
pub mod liquity_v2;
pub mod maker_dsr;
pub mod maker_vaults;
pub mod morpho_blue;
mod named;
pub mod pendle;
mod pool_price;
mod price_age;
pub mod prices;
mod protocol;
mod ray;
mod reads;
mod registry;
pub mod rocket_pool;
pub mod safe;
mod search;
pub mod sky;
pub mod staked_tokens;
mod token_facts;
pub mod tokens;
pub mod uniswap_v2;
pub mod uniswap_v3;
pub mod uniswap_v4;
mod venue;
mod web_servers;
pub mod weth;

pub use allowance::{Allowance, approve, with_approvals};
pub use ask::{Answers, Ask, Ticket, first_word};
pub use asset::{Asset, brief, brief_up, units};
pub use code_guard::{CodeCheck, Verdict, check_code};
pub use deployments::{Deployments, DeploymentsError};
pub use error::{IntentError, ProtocolError};
pub use health::{Danger, Health, LENDERS, LiquidationPrice, WAD, factor_text};
pub use intent::{
    Action, Amount, Detail, Intent, Stage, WAITS_OFFLINE_SECS, WAITS_SECS, blocked_without, deadline,
    less_slippage, with_margin,
};
pub use joint_state::JointState;
pub use named::{Named, NamedBy, NamedError};
pub use price_age::PriceAge;
pub use protocol::{Found, Position, Protocol, Report, Row, RowKind, TakeNow, Worth};
pub use reads::{NoAnswer, Reading};
pub use registry::Registry;
pub use search::smallest;
pub use token_facts::token_facts;
pub use venue::{Offer, Venue, Want, Wish};
pub use web_servers::{NotFollowed, WebServers};
