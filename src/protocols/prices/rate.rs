//! What a wrapped or staked token says it is worth: its own rate, or that of a vault (ERC-4626).

use alloy::primitives::{Address, U256, keccak256};
use alloy::sol;

use super::book::Rate;
use super::feed::scaled;
use crate::contracts::Erc20;
use crate::execution::Call;
use crate::protocols::reads::{NoAnswer, Reading, output, read, value};

sol! {
    interface Vault {
        function asset() external view returns (address);
        function convertToAssets(uint256 shares) external view returns (uint256);
    }
}

/// Reads of a vault before its rate can be asked.
pub(super) const PROBES: usize = 2;
/// Reads of a vault's rate.
pub(super) const VAULT_READS: usize = 2;

/// The call of a rate's function.
pub(super) fn read_of(rate: &Rate) -> Call {
    let hash = keccak256(rate.function);
    let selector = hash.get(..4).unwrap_or_default().to_vec();
    // The gas limit of every read.
    Call { input: selector.into(), ..read(rate.token, &Vault::assetCall {}) }
}

/// A rate with 18 digits behind the point. Above 0.
pub(super) fn judge(reading: &Reading) -> Result<U256, String> {
    let word = output(reading).and_then(|bytes| bytes.get(..32).ok_or(NoAnswer::Nothing));
    let rate = word.map(U256::from_be_slice).map_err(|why| why.to_string())?;
    if rate.is_zero() { Err("the token says that it is worth nothing".to_owned()) } else { Ok(rate) }
}

/// What tells whether a token is a vault.
pub(super) fn probes(token: Address) -> [Call; PROBES] {
    [read(token, &Vault::assetCall {}), read(token, &Erc20::decimalsCall {})]
}

/// A vault's asset, and one whole share of it; `None` where it is no vault.
pub(super) fn vault(readings: &[Reading]) -> Option<(Address, U256)> {
    let asset = value::<Vault::assetCall>(readings.first()?, "an address").ok()?;
    let decimals = value::<Erc20::decimalsCall>(readings.get(1)?, "a number below 256").ok()?;
    let share = U256::from(10).checked_pow(U256::from(decimals))?;
    (asset != Address::ZERO).then_some((asset, share))
}

/// What to read of a vault's rate.
pub(super) fn reads_of_vault(vault: Address, asset: Address, share: U256) -> [Call; VAULT_READS] {
    [read(vault, &Vault::convertToAssetsCall { shares: share }), read(asset, &Erc20::decimalsCall {})]
}

/// How much of its asset one share is worth, 18 digits behind the point.
pub(super) fn judge_vault(readings: &[Reading]) -> Result<U256, String> {
    let (Some(assets), Some(decimals)) = (readings.first(), readings.get(1)) else {
        return Err("not read".to_owned());
    };
    let assets = value::<Vault::convertToAssetsCall>(assets, "a number").map_err(|why| why.to_string())?;
    let decimals = value::<Erc20::decimalsCall>(decimals, "a number below 256");
    let decimals = decimals.map_err(|why| why.to_string())?;
    scaled(assets, decimals).ok_or_else(|| "the vault's rate is 0 or out of range".to_owned())
}
