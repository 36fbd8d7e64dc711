//! Symbol and decimals of tokens, by the bundled list, else by the token's own word. One that wears a listed token's symbol
//! without being it is never shown by that symbol alone.

use alloy::primitives::Address;

use super::tokens::unlisted;
use super::{Ask, Asset, JointState, ProtocolError};
use crate::contracts::{Erc20, TokenList, token_decimals, token_text};

/// Each token as an asset, in order. A token that does not say its decimals has none.
///
/// # Errors
/// Where state could not be proven.
pub async fn token_facts(
    tokens: impl IntoIterator<Item = Address>,
    state: &JointState,
) -> Result<Vec<Asset>, ProtocolError> {
    let list = TokenList::of_chain(state.state().evm_env()?.chain_id());
    let mut ask = Ask::new();
    let asked: Vec<_> = tokens
        .into_iter()
        .map(|token| {
            let known = list.and_then(|list| list.at(token));
            let tickets = known
                .is_none()
                .then(|| (ask.view(token, &Erc20::symbolCall {}), ask.view(token, &Erc20::decimalsCall {})));
            (token, known, tickets)
        })
        .collect();
    let answers = if ask.is_empty() { None } else { Some(ask.run(state).await?) };
    let facts = asked.into_iter().map(|(token, known, tickets)| {
        if let Some(known) = known {
            return Ok(Asset::token(token, &known.symbol, known.decimals));
        }
        let (Some((symbol, decimals)), Some(answers)) = (tickets, &answers) else {
            return Ok(Asset::token(token, &token.to_checksum(None), 0));
        };
        let (_, symbol) = answers.outcome(symbol)?;
        let (_, decimals) = answers.outcome(decimals)?;
        let symbol = match token_text(&symbol.output) {
            Ok(own) if list.is_some_and(|list| list.worn(&own).is_some()) => unlisted(&own, true),
            Ok(own) => own,
            Err(_unnamed) => token.to_checksum(None),
        };
        Ok(Asset { address: token, symbol, decimals: token_decimals(&decimals.output).unwrap_or_default() })
    });
    facts.collect()
}
