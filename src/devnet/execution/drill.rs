//! What a drill orders: the practice market's price of ether moves, by a transaction like any other; a contract's code is
//! exchanged, by none.

use alloy::consensus::TxEip1559;
use alloy::eips::eip2718::Encodable2718 as _;
use alloy::primitives::{Address, B256, Bytes, TxKind, U256};
use alloy::sol_types::SolCall as _;

use super::accounts::KEEPER;
use super::market::{PRACTICE_MARKET, PRACTICE_WETH, START_PRICES};
use super::signing::sign_by;
use super::{ChainError, ExecutionChain};

alloy::sol! {
    interface PriceMover {
        function setAssetPrice(address asset, uint256 price) external;
    }
}

/// Generous, since Amsterdam charges state growth in gas.
const GAS_LIMIT: u64 = 400_000;
/// Wei per gas, far above what background traffic brings the base fee to.
const MAX_FEE: u128 = 200_000_000_000;
/// More than people pay: a drill should not wait.
const TIP: u128 = 2_000_000_000;

/// The price of ether in the practice market once it fell so many percent from where it started: US dollars with 8
/// decimals.
pub fn ether_price(fallen_percent: u8) -> U256 {
    let [start, ..] = START_PRICES;
    let left = 100_u8.saturating_sub(fallen_percent);
    U256::from(start).saturating_mul(U256::from(left)) / U256::from(100)
}

impl ExecutionChain {
    /// Orders that the practice market's price of ether be `fallen_percent` below where it started; 0 puts it back. It is
    /// so from the next block on.
    ///
    /// # Errors
    /// [`ChainError::Drill`] where the pool refuses it: a drill's chain then has no market, or a full pool.
    pub fn move_ether(&mut self, fallen_percent: u8) -> Result<B256, ChainError> {
        let price = ether_price(fallen_percent);
        let call = PriceMover::setAssetPriceCall { asset: PRACTICE_WETH, price };
        let tx = TxEip1559 {
            chain_id: self.config().chain_id,
            nonce: self.next_nonce(KEEPER.address),
            gas_limit: GAS_LIMIT,
            max_fee_per_gas: MAX_FEE,
            max_priority_fee_per_gas: TIP,
            to: TxKind::Call(PRACTICE_MARKET),
            input: call.abi_encode().into(),
            ..TxEip1559::default()
        };
        let signed = sign_by(&KEEPER, tx)?;
        self.submit(&signed.encoded_2718()).map_err(ChainError::Drill)
    }

    /// From the next block on `contract` has this code, with the storage that it had: as after an attack, or as after a
    /// fork that changes a contract. No transaction does it. Nothing happens where there is no such account.
    pub fn exchange_code(&mut self, contract: Address, code: Bytes) {
        self.exchanged.insert(contract, code);
    }

    /// After what is in the head and what waits.
    fn next_nonce(&self, sender: Address) -> u64 {
        let used = self.state(self.head().hash()).map_or(0, |state| state.nonce(sender));
        self.pool().pending_nonce(sender, used)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fall_is_from_where_it_started_and_not_from_where_it_is() {
        let dollars = |percent| ether_price(percent) / U256::from(100_000_000);
        assert_eq!(
            (dollars(0), dollars(10), dollars(15)),
            (U256::from(3_000), U256::from(2_700), U256::from(2_550))
        );
        assert_eq!(ether_price(200), U256::ZERO);
    }
}
