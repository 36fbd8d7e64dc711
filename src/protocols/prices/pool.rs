//! A pool's mean price over a while (Uniswap v3 oracle): a second opinion, as firm as the liquidity behind it.

use alloy::primitives::aliases::{I56, U24, U160};
use alloy::primitives::{Address, U256};
use alloy::sol;

use super::tick;
use crate::contracts::Erc20;
use crate::execution::Call;
use crate::protocols::reads::{Reading, read, value};

sol! {
    interface Factory {
        function getPool(address tokenA, address tokenB, uint24 fee) external view returns (address);
    }
    interface Pool {
        function liquidity() external view returns (uint128);
        function observe(uint32[] secondsAgos) external view returns (int56[] tickCumulatives, uint160[] secondsPerLiquidityCumulativeX128s);
    }
}

/// Seconds over which the mean is taken.
const WINDOW_SECS: u32 = 1_800;
/// Fees of pools, in millionths.
const FEES: [u16; 4] = [100, 500, 3_000, 10_000];
/// Reads that find the pools of a pair.
pub(super) const PROBES: usize = FEES.len();
/// Reads of one pool.
pub(super) const READS: usize = 4;

/// A pool of a pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PoolOf {
    pub(super) pool: Address,
    pub(super) fee: u16,
    pub(super) token: Address,
    pub(super) other: Address,
}

/// A pool's mean price.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mean {
    /// How much of the other token one is worth, 18 digits behind the point.
    pub value: U256,
    /// Mean liquidity in range over the while (harmonic), in the pool's own unit. Little is easy to move.
    pub liquidity: u128,
    /// Seconds over which the mean was taken.
    pub window_secs: u32,
}

/// What finds the pools of a pair.
pub(super) fn probes(factory: Address, token: Address, other: Address) -> [Call; PROBES] {
    FEES.map(|fee| read(factory, &Factory::getPoolCall { tokenA: token, tokenB: other, fee: U24::from(fee) }))
}

/// The pools that there are.
pub(super) fn found(readings: &[Reading], token: Address, other: Address) -> Vec<PoolOf> {
    let pools = readings.iter().zip(FEES).filter_map(|(reading, fee)| {
        let pool = value::<Factory::getPoolCall>(reading, "an address").ok()?;
        (pool != Address::ZERO).then_some(PoolOf { pool, fee, token, other })
    });
    pools.collect()
}

/// What to read of a pool.
pub(super) fn reads_of(pool: PoolOf) -> [Call; READS] {
    [
        read(pool.pool, &Pool::observeCall { secondsAgos: vec![WINDOW_SECS, 0] }),
        read(pool.pool, &Pool::liquidityCall {}),
        read(pool.token, &Erc20::decimalsCall {}),
        read(pool.other, &Erc20::decimalsCall {}),
    ]
}

/// Judges what was read.
pub(super) fn judge(pool: PoolOf, readings: &[Reading]) -> Result<Mean, String> {
    let [seen, now, decimals, other_decimals] = readings else { return Err("not read".to_owned()) };
    let seen = value::<Pool::observeCall>(seen, "observations").map_err(|why| why.to_string())?;
    let number = |reading: &Reading| {
        value::<Erc20::decimalsCall>(reading, "a number below 256").map_err(|why| why.to_string())
    };
    let (decimals, other_decimals) = (number(decimals)?, number(other_decimals)?);
    let [ticks_before, ticks_now] = seen.tickCumulatives.as_slice() else {
        return Err("the pool's observations are not two".to_owned());
    };
    let [weight_before, weight_now] = seen.secondsPerLiquidityCumulativeX128s.as_slice() else {
        return Err("the pool's observations are not two".to_owned());
    };
    let tick = mean_tick(*ticks_before, *ticks_now).ok_or("the pool's observations are no prices")?;
    let value_now = tick::price(tick, pool.token < pool.other, decimals, other_decimals);
    let liquidity = mean_liquidity(*weight_before, *weight_now);
    // A pool with nothing in it has a price that nobody could trade at.
    let empty = value::<Pool::liquidityCall>(now, "a number").map_or(true, |liquidity| liquidity == 0);
    if liquidity == 0 || empty {
        return Err("the pool holds no liquidity at its price".to_owned());
    }
    let value = value_now.ok_or("the pool's price is out of range")?;
    Ok(Mean { value, liquidity, window_secs: WINDOW_SECS })
}

/// Rounded to minus infinity, as Uniswap's `OracleLibrary` does.
fn mean_tick(before: I56, now: I56) -> Option<i32> {
    let (before, now) = (i64::try_from(before).ok()?, i64::try_from(now).ok()?);
    let mean = now.checked_sub(before)?.div_euclid(i64::from(WINDOW_SECS));
    i32::try_from(mean).ok()
}

/// `window * 2^160 / (difference * 2^32)`, the harmonic mean; the counter wraps.
fn mean_liquidity(before: U160, now: U160) -> u128 {
    let difference = U256::from(now.wrapping_sub(before));
    let window = U256::from(WINDOW_SECS);
    let most = (window.wrapping_mul((U256::from(1) << 160_usize).wrapping_sub(U256::from(1)))) >> 32_usize;
    let mean = most.checked_div(difference).unwrap_or_default();
    u128::try_from(mean).unwrap_or(u128::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_rounded_down_and_wrap() {
        let ticks = |number: i64| I56::try_from(number).unwrap();
        assert_eq!(mean_tick(ticks(0), ticks(1_800)), Some(1));
        assert_eq!(mean_tick(ticks(0), ticks(-1)), Some(-1));
        assert_eq!(mean_tick(ticks(10), ticks(10)), Some(0));
        // Liquidity L for the whole window adds window * 2^128 / L to the counter.
        let added = (U256::from(1_800_u64) << 128_usize) / U256::from(1_000_000_u64);
        let added: U160 = U160::from(added);
        let found = mean_liquidity(U160::MAX, U160::from(added.wrapping_sub(U160::from(1))));
        assert!((999_999..=1_000_001).contains(&found), "{found}");
        assert_eq!(mean_liquidity(U160::from(5), U160::from(5)), 0);
    }
}
