//! What one position would pay, whatever its two tokens do: anybody may make a pool of a token of their own and give
//! somebody a position in it, and that must cost no other position its place.

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolCall as _;

use super::positions::{DecreaseLiquidityParams, Nfpm, collect_all};
use crate::execution::Call;
use crate::protocols::{Answers, Ask, JointState, ProtocolError, deadline};

/// What it would pay.
#[derive(Debug, Clone)]
pub(super) struct Payout {
    /// Its liquidity, taken out.
    pub(super) amounts: [U256; 2],
    /// What it earned and did not pay yet.
    pub(super) fees: [U256; 2],
    /// Why it cannot be paid out now, in words.
    pub(super) fails: Option<String>,
}

/// One position of a manager, and whose it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Nft {
    pub(super) manager: Address,
    pub(super) id: U256,
    pub(super) owner: Address,
}

/// What the manager calls a token that does not let itself be transferred, in words.
fn plain(why: String) -> String {
    if why.contains("\"TF\"") {
        "one of its tokens refuses to be paid out to the owner".to_owned()
    } else {
        why
    }
}

impl Nft {
    /// Runs the payment of what is owed, which calls both tokens: the fees, or why it fails. By itself, because a token may
    /// ask for endless state.
    ///
    /// # Errors
    /// Where nobody could be reached: that is no fault of the tokens.
    pub(super) async fn collect(
        self,
        state: &JointState,
    ) -> Result<Result<[U256; 2], String>, ProtocolError> {
        let mut ask = Ask::new();
        // The manager counts the fees anew when it pays them: what it would pay now is what they are.
        let paid = ask.acting(self.owner, self.manager, &collect_all(self.id, self.owner));
        let answer = ask.run(state).await.and_then(|answers| answers.get(paid));
        match answer {
            Ok(paid) => Ok(Ok([paid.amount0, paid.amount1])),
            Err(error) => error.why_of_contract().map(|why| Err(plain(why))),
        }
    }

    /// Takes all liquidity out, which moves no token: what that is.
    pub(super) fn decrease(self, liquidity: u128, now: u64) -> Nfpm::decreaseLiquidityCall {
        let params = DecreaseLiquidityParams {
            tokenId: self.id,
            liquidity,
            amount0Min: U256::ZERO,
            amount1Min: U256::ZERO,
            deadline: deadline(now),
        };
        Nfpm::decreaseLiquidityCall { params }
    }

    /// The fees where their payment fails: what the manager would owe after all liquidity is out, less that. No token is
    /// called for it.
    ///
    /// # Errors
    /// As [`Nft::collect`], and where the manager refuses.
    pub(super) async fn owed(
        self,
        state: &JointState,
        (liquidity, amounts): (u128, [U256; 2]),
    ) -> Result<[U256; 2], ProtocolError> {
        let facts = Nfpm::positionsCall { tokenId: self.id };
        let facts = Call::read(self.manager, facts.abi_encode());
        let decrease = self.decrease(liquidity, state.block_ref().timestamp);
        let decrease = Call { from: self.owner, ..Call::read(self.manager, decrease.abi_encode()) };
        let calls = if liquidity > 0 { vec![decrease, facts] } else { vec![facts] };
        let outcomes = state.in_turn(calls).await?;
        let missing = || ProtocolError::Inconsistent { detail: "an answer is missing".to_owned() };
        let last = outcomes.last().ok_or_else(missing)?.value();
        let owed = Nfpm::positionsCall::abi_decode_returns(&last.output).map_err(|_why| {
            let chain_id = state.state().evm_env().map_or(0, |env| env.chain_id());
            ProtocolError::Refused {
                contract: self.manager,
                function: Nfpm::positionsCall::SIGNATURE,
                why: Answers::explain(chain_id, self.manager, last),
            }
        })?;
        let [amount0, amount1] = amounts;
        let [owed0, owed1] = [owed.tokensOwed0, owed.tokensOwed1].map(U256::from);
        Ok([owed0.saturating_sub(amount0), owed1.saturating_sub(amount1)])
    }
}
