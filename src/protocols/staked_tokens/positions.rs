//! A staked token that an account holds. There are no actions: it is left on a market.

use alloy::primitives::{Address, I256, U256, keccak256};
use alloy::sol;
use async_trait::async_trait;
use serde::Deserialize;

use crate::contracts::Erc20;
use crate::execution::Call;
use crate::protocols::{
    Action, Answers, Ask, Asset, Detail, JointState, Position, Protocol, ProtocolError, Row, Ticket, WAD,
    check_code,
};

sol! {
    interface Feed {
        function latestRoundData() external view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
        function decimals() external view returns (uint8);
    }
    /// Any function without arguments that answers a number.
    interface OwnRate { function rate() external view returns (uint256); }
}

/// Its id.
pub const ID: &str = "staked-tokens";
/// A feed of a day's heartbeat that is older than this is stale.
const STALE_SECS: u64 = 90_000;

/// A staked token.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct StakedToken {
    /// What people call it.
    pub symbol: String,
    /// The token.
    pub token: Address,
    /// A function of the token, as `exchangeRate()`, that tells its worth in ether with 18 decimals.
    #[serde(default)]
    pub rate: Option<String>,
    /// A Chainlink feed of it in ether, where the token does not tell.
    #[serde(default)]
    pub feed: Option<Address>,
}

#[derive(Clone, Copy)]
enum Asked {
    Own(Ticket<OwnRate::rateCall>),
    Feed(Ticket<Feed::latestRoundDataCall>, Ticket<Feed::decimalsCall>),
    Nobody,
}

#[async_trait]
impl Protocol for StakedToken {
    fn id(&self) -> &'static str {
        ID
    }

    fn name(&self) -> String {
        format!("Staked ether {}", self.symbol)
    }

    fn anchor(&self) -> Address {
        self.token
    }

    async fn positions(&self, owner: Address, state: &JointState) -> Result<Vec<Position>, ProtocolError> {
        let mut ask = Ask::new();
        let held = ask.view(self.token, &Erc20::balanceOfCall { owner });
        let held = ask.run(state).await?.get(held)?;
        if held.is_zero() {
            return Ok(Vec::new());
        }
        let mut ask = Ask::new();
        let asked = match (&self.rate, self.feed) {
            (Some(function), _) => {
                let selector = keccak256(function).get(..4).unwrap_or_default().to_vec();
                Asked::Own(ask.call(Call::read(self.token, selector)))
            }
            (None, Some(feed)) => Asked::Feed(
                ask.view(feed, &Feed::latestRoundDataCall {}),
                ask.view(feed, &Feed::decimalsCall {}),
            ),
            (None, None) => Asked::Nobody,
        };
        let row = Row::held(owner, Asset::token(self.token, &self.symbol, 18), held);
        let row = if ask.is_empty() {
            row.noted("no contract known here tells what it is worth".to_owned())
        } else {
            let now = state.block_ref().timestamp;
            valued(row, rate(&ask.run(state).await?, &asked, now))
        };
        let place = (check_code(state.state(), self.token, None).await?, state.block_ref());
        let detail = Detail::new(());
        let position = Position::new((ID, self.symbol.clone()), owner, place, vec![row], detail);
        let caveats = vec![
            "Its own way back to ether is not built in: what is left is to sell it on a market.".to_owned(),
        ];
        Ok(vec![Position { caveats, ..position }])
    }

    fn actions(&self, _position: &Position) -> Vec<Action> {
        Vec::new()
    }
}

/// The rate with 18 decimals and who says so, or why there is none.
fn rate(answers: &Answers, asked: &Asked, now: u64) -> Result<(U256, &'static str), String> {
    let words = |error: ProtocolError| error.to_string();
    match asked {
        Asked::Own(ticket) => Ok((answers.get(*ticket).map_err(words)?, "by its own rate")),
        Asked::Feed(round, decimals) => {
            let round = answers.get(*round).map_err(words)?;
            let decimals = answers.get(*decimals).map_err(words)?;
            let value = fresh((round.answer, round.updatedAt), decimals, now)?;
            Ok((value, "by Chainlink's feed"))
        }
        Asked::Nobody => Err("nobody tells".to_owned()),
    }
}

/// A feed's answer with 18 decimals, where it is one and not stale.
fn fresh((answer, updated_at): (I256, U256), decimals: u8, now: u64) -> Result<U256, String> {
    let age = now.checked_sub(updated_at.saturating_to::<u64>());
    match age {
        Some(age) if age <= STALE_SECS => {}
        _ => return Err("its feed is stale".to_owned()),
    }
    if answer <= I256::ZERO {
        return Err("its feed tells no price".to_owned());
    }
    let power = 18_u8.checked_sub(decimals).ok_or("its feed has more digits than are known here")?;
    let scale = U256::from(10).checked_pow(U256::from(power));
    scale
        .and_then(|scale| answer.into_raw().checked_mul(scale))
        .ok_or_else(|| "its feed's answer is out of range".to_owned())
}

fn valued(row: Row, rate: Result<(U256, &'static str), String>) -> Row {
    let worth = |rate: U256| row.amount.checked_mul(rate)?.checked_div(WAD);
    match rate {
        Ok((rate, by)) => match worth(rate) {
            Some(amount) => row.worth(amount, &Asset::ether()).noted(by.to_owned()),
            None => row.noted("its worth outgrew 256 bits".to_owned()),
        },
        Err(why) => row.noted(format!("worth not known: {why}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feed_counts_only_while_it_is_fresh_and_positive() {
        let answer = I256::try_from(105_000_000).unwrap();
        let at = U256::from(1_000_000);
        assert_eq!(fresh((answer, at), 8, 1_090_000), Ok(WAD * U256::from(105) / U256::from(100)));
        assert_eq!(fresh((answer, at), 8, 1_090_001), Err("its feed is stale".to_owned()));
        assert!(fresh((answer, at), 8, 999_999).is_err(), "from the future");
        assert!(fresh((answer, U256::MAX), 8, 1_000_000).is_err());
        assert!(fresh((I256::MINUS_ONE, at), 8, 1_000_000).is_err());
        assert!(fresh((answer, at), 19, 1_000_000).is_err());
    }

    #[test]
    fn what_nobody_tells_is_said_and_not_shown_as_nothing() {
        let row = || Row::held(Address::ZERO, Asset::token(Address::ZERO, "xETH", 18), WAD);
        let row_is = valued(row(), Err("its feed is stale".to_owned()));
        assert!(row_is.worth.is_none());
        assert_eq!(row_is.note.as_deref(), Some("worth not known: its feed is stale"));
        let known = valued(row(), Ok((WAD * U256::from(2), "by its own rate")));
        assert_eq!(known.worth.unwrap().amount, WAD * U256::from(2));
    }
}
