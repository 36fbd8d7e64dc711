//! The practice market: wrapped ether and a lending market that answers as Aave v3 does, with a loan of account 0 in it.
//!
//! Sources and creation code: `abis/practice/`. Real protocols are under licences that this program cannot carry.

use alloy::primitives::{Address, TxKind, U256, address, hex};
use alloy::sol_types::{SolCall as _, SolValue as _};

use super::ChainError;
use super::accounts::PRACTICE_ACCOUNTS;
use super::genesis::{GenesisCall, PRACTICE_DOLLAR, PRACTICE_GOLD, ether};
use crate::contracts::Erc20;

/// Wrapped practice ether, 18 decimals.
pub const PRACTICE_WETH: Address = address!("0xc6e7DF5E7b4f2A278906862b61205850344D4e7d");
/// The practice market: pool, price oracle and addresses provider in one.
pub const PRACTICE_MARKET: Address = address!("0x4ed7c70F96B99c776995fB64377f0d4aB3B0e1C1");

/// Prices at the start, US dollars with 8 decimals: WETH, PUSD, PGLD.
pub(super) const START_PRICES: [u64; 3] = [300_000_000_000, 100_000_000, 250_000_000_000];
/// Ether that account 0 wraps: it pledges some and lends some in the name of account 9, so that interest can be paid out.
const WRAPPED_ETHER: u64 = 20;
const PLEDGED_ETHER: u64 = 10;
const LENT_ETHER: u64 = 5;
/// PUSD that account 0 lends in the name of account 9, so that there is something to borrow.
const LENT_DOLLARS: u64 = 500_000;
/// PUSD that account 0 owes: a health factor of 1.14 at the first prices.
const BORROWED_DOLLARS: u64 = 21_000;
/// `interestRateMode` of a variable rate.
const VARIABLE: U256 = U256::from_limbs([2, 0, 0, 0]);

alloy::sol! {
    interface Wrapper {
        function deposit() external payable;
    }
    interface Market {
        function supply(address asset, uint256 amount, address onBehalfOf, uint16 referralCode) external;
        function borrow(address asset, uint256 amount, uint256 interestRateMode, uint16 referralCode, address onBehalfOf) external;
    }
}

/// What account 0 sends from nonce `first` on to set the market up.
pub(super) fn market_calls(first: u64) -> Result<Vec<GenesisCall>, ChainError> {
    let [owner, .., last] = PRACTICE_ACCOUNTS;
    let weth = owner.address.create(first);
    let share = owner.address.create(first.saturating_add(1));
    let market = owner.address.create(first.saturating_add(2));
    let create = |name, text: &str, arguments: Vec<u8>| {
        let Ok(code) = hex::decode(text.trim()) else { return Err(ChainError::Bytecode(name)) };
        Ok(GenesisCall { to: TxKind::Create, input: [code, arguments].concat(), ..GenesisCall::default() })
    };
    let call = |to: Address, input: Vec<u8>| GenesisCall { to: to.into(), input, ..GenesisCall::default() };
    let approve = |token: Address, amount: U256| {
        call(token, Erc20::approveCall { spender: market, value: amount }.abi_encode())
    };
    let supply = |asset: Address, amount: U256, to: Address| {
        call(market, Market::supplyCall { asset, amount, onBehalfOf: to, referralCode: 0 }.abi_encode())
    };
    let borrow = Market::borrowCall {
        asset: PRACTICE_DOLLAR,
        amount: ether(BORROWED_DOLLARS),
        interestRateMode: VARIABLE,
        referralCode: 0,
        onBehalfOf: owner.address,
    };
    let assets = vec![weth, PRACTICE_DOLLAR, PRACTICE_GOLD];
    let symbols = ["WETH", "PUSD", "PGLD"].map(str::to_owned).to_vec();
    let arguments = (share, assets, symbols, START_PRICES.map(U256::from).to_vec()).abi_encode_params();
    Ok(vec![
        create("PracticeWeth", include_str!("../../../abis/practice/PracticeWeth.hex"), Vec::new())?,
        create("PracticeShare", include_str!("../../../abis/practice/PracticeShare.hex"), Vec::new())?,
        create("PracticeMarket", include_str!("../../../abis/practice/PracticeMarket.hex"), arguments)?,
        GenesisCall { value: ether(WRAPPED_ETHER), ..call(weth, Wrapper::depositCall {}.abi_encode()) },
        approve(weth, ether(PLEDGED_ETHER.saturating_add(LENT_ETHER))),
        // Without a limit and never taken back, as people do: something for the Approvals screen to find.
        approve(PRACTICE_DOLLAR, U256::MAX),
        supply(PRACTICE_DOLLAR, ether(LENT_DOLLARS), last.address),
        supply(weth, ether(LENT_ETHER), last.address),
        supply(weth, ether(PLEDGED_ETHER), owner.address),
        call(market, borrow.abi_encode()),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contracts_are_where_they_are_said_to_be() {
        let owner = PRACTICE_ACCOUNTS[0].address;
        assert_eq!((PRACTICE_WETH, PRACTICE_MARKET), (owner.create(20), owner.create(22)));
        // The data files name them, each where its readers look.
        let market: serde_json::Value =
            serde_json::from_str(include_str!("../../../assets/protocols/aave-v3.json")).unwrap();
        let market = &market["7777777"][0];
        let of = |value: &serde_json::Value| -> Address { value.as_str().unwrap().parse().unwrap() };
        assert_eq!((of(&market["pool"]), of(&market["weth"])), (PRACTICE_MARKET, PRACTICE_WETH));
        let receipts: Vec<Address> =
            market["reserves"].as_array().unwrap().iter().map(|one| of(&one["a_token"])).collect();
        assert_eq!(receipts, [1, 3, 5].map(|nonce| PRACTICE_MARKET.create(nonce)));
    }
}
