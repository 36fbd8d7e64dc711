//! Which allowances stand: what a call does not have to ask for again.

use std::collections::BTreeMap;

use alloy::primitives::{Address, U256};

use crate::contracts::Erc20;
use crate::protocols::{Ask, JointState, ProtocolError};

/// Allowances by token and spender.
pub type StandingAllowances = BTreeMap<(Address, Address), U256>;

/// What `owner` lets each spender take of each token in that state, by token and spender.
///
/// # Errors
/// Where state could not be proven, or a token does not tell.
pub async fn standing(
    joint: &JointState,
    owner: Address,
    pairs: impl IntoIterator<Item = (Address, Address)>,
) -> Result<StandingAllowances, ProtocolError> {
    let mut ask = Ask::new();
    let asked: Vec<_> = pairs
        .into_iter()
        .map(|(token, spender)| ((token, spender), ask.view(token, &Erc20::allowanceCall { owner, spender })))
        .collect();
    if ask.is_empty() {
        return Ok(StandingAllowances::new());
    }
    let answers = ask.run(joint).await?;
    asked.into_iter().map(|(key, ticket)| Ok((key, answers.get(ticket)?))).collect()
}
