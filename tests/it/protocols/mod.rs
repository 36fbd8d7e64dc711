//! Positions, exits, approvals and Safes against the protocols' own contracts, run on the practice network.
//!
//! The bytecode is not in this repository (BUSL, GPL): `tests/interop/artifacts.sh` fetches it, and
//! `LIFEBOAT_ARTIFACTS` names its folder. Without it each test says that it was skipped.

mod aave;
mod aave_limits;
pub(crate) mod aave_market;
mod approvals;
pub(crate) mod artifacts;
mod bad_tokens;
mod balancer;
mod changed;
mod comet;
mod curve;
pub(crate) mod exchange;
pub(crate) mod exits;
mod hostile;
pub(crate) mod lab;
mod lido;
mod liquity;
mod maker;
mod maker_dsr;
mod morpho;
mod named_vault;
mod pendle;
mod price_age;
mod refresh;
mod refusals;
mod reviews;
pub(crate) mod safe;
mod staking;
mod stand_ins;
mod swap;
mod uniswap;
mod uniswap_blocked;
mod uniswap_v4;
