//! An Aave v3 market put together as its own deployment does it, from the published bytecode.

use std::collections::BTreeMap;

use alloy::primitives::{Address, Bytes, U256};
use alloy::sol;
use alloy::sol_types::SolValue as _;
use lifeboat::protocols::aave_v3::AaveMarket;

use super::lab::{GOVERNOR, Lab, address, units};

sol! {
    interface Provider {
        function setACLAdmin(address admin) external;
        function setACLManager(address manager) external;
        function setPriceOracle(address oracle) external;
        function setPoolImpl(address implementation) external;
        function setPoolConfiguratorImpl(address implementation) external;
        function getPool() external view returns (address);
        function getPoolConfigurator() external view returns (address);
    }
    interface Acl {
        function addPoolAdmin(address admin) external;
        function addAssetListingAdmin(address admin) external;
        function addEmergencyAdmin(address admin) external;
    }
    struct InitReserveInput {
        address aTokenImpl;
        address stableDebtTokenImpl;
        address variableDebtTokenImpl;
        uint8 underlyingAssetDecimals;
        address interestRateStrategyAddress;
        address underlyingAsset;
        address treasury;
        address incentivesController;
        string aTokenName;
        string aTokenSymbol;
        string variableDebtTokenName;
        string variableDebtTokenSymbol;
        string stableDebtTokenName;
        string stableDebtTokenSymbol;
        bytes params;
    }
    interface Configurator {
        function initReserves(InitReserveInput[] input) external;
        function configureReserveAsCollateral(address asset, uint256 ltv, uint256 threshold, uint256 bonus) external;
        function setReserveBorrowing(address asset, bool enabled) external;
        function setReservePause(address asset, bool paused) external;
        function setReserveFreeze(address asset, bool frozen) external;
        function setEModeCategory(uint8 id, uint16 ltv, uint16 threshold, uint16 bonus, address oracle, string label) external;
        function setAssetEModeCategory(address asset, uint8 id) external;
    }
    interface MarketPool {
        function supply(address asset, uint256 amount, address onBehalfOf, uint16 referralCode) external;
        function borrow(address asset, uint256 amount, uint256 mode, uint16 referralCode, address onBehalfOf) external;
        function setUserUseReserveAsCollateral(address asset, bool use) external;
        function setUserEMode(uint8 id) external;
        function getUserAccountData(address user) external view returns (uint256 collateral, uint256 debt, uint256 available, uint256 threshold, uint256 ltv, uint256 factor);
    }
    interface Prices {
        function setAssetPrice(address asset, uint256 price) external;
    }
    interface Mintable {
        function mint(address to, uint256 amount) external returns (bool);
        function approve(address spender, uint256 amount) external returns (bool);
        function balanceOf(address who) external view returns (uint256);
    }
    interface Ether {
        function deposit() external payable;
    }
}

/// The market and its tokens.
#[derive(Debug, Clone)]
pub(crate) struct Market {
    pub(crate) deployment: AaveMarket,
    pub(crate) oracle: Address,
    pub(crate) configurator: Address,
    pub(crate) weth: Address,
    pub(crate) usdc: Address,
    pub(crate) wbtc: Address,
}

/// Prices in dollars with 8 decimals.
pub(crate) const WETH_PRICE: u64 = 3_412_24000000;
pub(crate) const USDC_PRICE: u64 = 1_00010000;
pub(crate) const WBTC_PRICE: u64 = 97_123_45678901;

const LIBRARIES: [&str; 6] =
    ["SupplyLogic", "EModeLogic", "BridgeLogic", "PoolLogic", "BorrowLogic", "LiquidationLogic"];

pub(crate) async fn deploy(lab: &mut Lab) -> Market {
    let governor = address(GOVERNOR);
    let mut libraries: BTreeMap<&str, Address> = BTreeMap::new();
    for name in LIBRARIES.into_iter().chain(["ConfiguratorLogic"]) {
        libraries.insert(name, lab.deploy(&format!("aave_{name}"), &[]));
    }
    let flash = lab.deploy_linked("aave_FlashLoanLogic", &libraries, &[]);
    libraries.insert("FlashLoanLogic", flash);
    let arguments = ("Practice market", governor).abi_encode_params();
    let provider = lab.deploy("aave_PoolAddressesProvider", &arguments);
    lab.send(GOVERNOR, provider, &Provider::setACLAdminCall { admin: governor });
    lab.mine();
    let acl = lab.deploy("aave_ACLManager", &provider.abi_encode());
    lab.send(GOVERNOR, provider, &Provider::setACLManagerCall { manager: acl });
    lab.send(GOVERNOR, acl, &Acl::addPoolAdminCall { admin: governor });
    lab.send(GOVERNOR, acl, &Acl::addAssetListingAdminCall { admin: governor });
    lab.send(GOVERNOR, acl, &Acl::addEmergencyAdminCall { admin: governor });
    let oracle = lab.deploy("aave_PriceOracle", &[]);
    lab.send(GOVERNOR, provider, &Provider::setPriceOracleCall { oracle });
    let pool = lab.deploy_linked("aave_Pool", &libraries, &provider.abi_encode());
    lab.send(GOVERNOR, provider, &Provider::setPoolImplCall { implementation: pool });
    let configurator = lab.deploy_linked("aave_PoolConfigurator", &libraries, &[]);
    lab.send(GOVERNOR, provider, &Provider::setPoolConfiguratorImplCall { implementation: configurator });
    lab.mine();
    let pool = lab.view(provider, &Provider::getPoolCall {}).await;
    let configurator = lab.view(provider, &Provider::getPoolConfiguratorCall {}).await;
    let weth = lab.deploy("WETH9", &[]);
    let mintable = |name: &str, decimals: u8| (name, name, U256::from(decimals)).abi_encode_params();
    let usdc = lab.deploy("aave_MintableERC20", &mintable("USDC", 6));
    let wbtc = lab.deploy("aave_MintableERC20", &mintable("WBTC", 8));
    let gateway = lab.deploy("aave_WrappedTokenGatewayV3", &(weth, governor, pool).abi_encode_params());
    lab.mine();
    reserves(lab, (provider, pool, configurator), [(weth, "WETH", 18), (usdc, "USDC", 6), (wbtc, "WBTC", 8)]);
    for (asset, threshold) in [(weth, 8_250_u64), (usdc, 7_800), (wbtc, 7_333)] {
        let (ltv, bonus) = (U256::from(threshold - 500), U256::from(10_500));
        let threshold = U256::from(threshold);
        lab.send(
            GOVERNOR,
            configurator,
            &Configurator::configureReserveAsCollateralCall { asset, ltv, threshold, bonus },
        );
        lab.send(GOVERNOR, configurator, &Configurator::setReserveBorrowingCall { asset, enabled: true });
    }
    for (asset, price) in [(weth, WETH_PRICE), (usdc, USDC_PRICE), (wbtc, WBTC_PRICE)] {
        lab.send(GOVERNOR, oracle, &Prices::setAssetPriceCall { asset, price: U256::from(price) });
    }
    lab.mine();
    let deployment = AaveMarket {
        name: "Aave v3 Practice".to_owned(),
        market: "Practice".to_owned(),
        pool,
        gateway: Some(gateway),
        rate_mode: true, // the first gateway's,
        weth: Some(weth),
        rewards: None,
        reserves: Vec::new(),
    };
    Market { deployment, oracle, configurator, weth, usdc, wbtc }
}

fn reserves(
    lab: &mut Lab,
    (provider, pool, configurator): (Address, Address, Address),
    assets: [(Address, &str, u8); 3],
) {
    let ray = |percent: u64| units(percent, 25);
    let rates = [80, 0, 4, 75, 1, 75, 1, 8, 20].map(ray);
    let arguments: Vec<u8> =
        [provider.abi_encode(), rates.map(|rate| rate.to_be_bytes::<32>()).concat()].concat();
    let strategy = lab.deploy("aave_DefaultReserveInterestRateStrategy", &arguments);
    let a_token = lab.deploy("aave_AToken", &pool.abi_encode());
    let variable = lab.deploy("aave_VariableDebtToken", &pool.abi_encode());
    let stable = lab.deploy("aave_StableDebtToken", &pool.abi_encode());
    for (asset, symbol, decimals) in assets {
        let input = InitReserveInput {
            aTokenImpl: a_token,
            stableDebtTokenImpl: stable,
            variableDebtTokenImpl: variable,
            underlyingAssetDecimals: decimals,
            interestRateStrategyAddress: strategy,
            underlyingAsset: asset,
            treasury: address(GOVERNOR),
            incentivesController: Address::ZERO,
            aTokenName: format!("a{symbol}"),
            aTokenSymbol: format!("a{symbol}"),
            variableDebtTokenName: format!("v{symbol}"),
            variableDebtTokenSymbol: format!("v{symbol}"),
            stableDebtTokenName: format!("s{symbol}"),
            stableDebtTokenSymbol: format!("s{symbol}"),
            params: Bytes::new(),
        };
        lab.send(GOVERNOR, configurator, &Configurator::initReservesCall { input: vec![input] });
    }
    lab.mine();
}

impl Market {
    /// Gives tokens and lets the pool take them.
    pub(crate) fn fund(&self, lab: &mut Lab, who: usize, asset: Address, amount: U256) {
        let pool = self.deployment.pool;
        if asset == self.weth {
            lab.pay(who, asset, &Ether::depositCall {}, amount);
        } else {
            lab.send(GOVERNOR, asset, &Mintable::mintCall { to: address(who), amount });
        }
        lab.send(who, asset, &Mintable::approveCall { spender: pool, amount });
        lab.mine();
    }

    pub(crate) fn supply(&self, lab: &mut Lab, who: usize, asset: Address, amount: U256) {
        self.fund(lab, who, asset, amount);
        let call = MarketPool::supplyCall { asset, amount, onBehalfOf: address(who), referralCode: 0 };
        lab.send(who, self.deployment.pool, &call);
        lab.mine();
    }

    pub(crate) fn borrow(&self, lab: &mut Lab, who: usize, asset: Address, amount: U256) {
        let mode = U256::from(2);
        let call = MarketPool::borrowCall { asset, amount, mode, referralCode: 0, onBehalfOf: address(who) };
        lab.send(who, self.deployment.pool, &call);
        lab.mine();
    }
}
