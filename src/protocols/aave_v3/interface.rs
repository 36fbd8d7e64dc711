//! The calls of Aave v3 that are used here, as every release from 3.0 on and SparkLend have them.

use alloy::sol;

sol! {
    /// A reserve. From 3.4 on the last fields mean other things; those used here do not change.
    #[derive(Debug)]
    struct ReserveData {
        uint256 configuration;
        uint128 liquidityIndex;
        uint128 currentLiquidityRate;
        uint128 variableBorrowIndex;
        uint128 currentVariableBorrowRate;
        uint128 currentStableBorrowRate;
        uint40 lastUpdateTimestamp;
        uint16 id;
        address aTokenAddress;
        address stableDebtTokenAddress;
        address variableDebtTokenAddress;
        address interestRateStrategyAddress;
        uint128 accruedToTreasury;
        uint128 unbacked;
        uint128 isolationModeTotalDebt;
    }

    /// An e-mode category before 3.2.
    #[derive(Debug)]
    struct EModeCategory {
        uint16 ltv;
        uint16 liquidationThreshold;
        uint16 liquidationBonus;
        address priceSource;
        string label;
    }

    /// The pool.
    #[derive(Debug)]
    interface Pool {
        function getUserAccountData(address user) external view returns (uint256 totalCollateralBase, uint256 totalDebtBase, uint256 availableBorrowsBase, uint256 currentLiquidationThreshold, uint256 ltv, uint256 healthFactor);
        function getUserConfiguration(address user) external view returns (uint256 data);
        function getUserEMode(address user) external view returns (uint256);
        function getReservesList() external view returns (address[]);
        function getReserveData(address asset) external view returns (ReserveData);
        function getReserveNormalizedIncome(address asset) external view returns (uint256);
        function getReserveNormalizedVariableDebt(address asset) external view returns (uint256);
        function getEModeCategoryData(uint8 id) external view returns (EModeCategory);
        function getEModeCategoryCollateralConfig(uint8 id) external view returns (uint16 ltv, uint16 liquidationThreshold, uint16 liquidationBonus);
        function getEModeCategoryCollateralBitmap(uint8 id) external view returns (uint128);
        function getEModeCategoryLtvzeroBitmap(uint8 id) external view returns (uint128);
        function getIsEModeCategoryIsolated(uint8 id) external view returns (bool);
        function getVirtualUnderlyingBalance(address asset) external view returns (uint128);
        function ADDRESSES_PROVIDER() external view returns (address);
        function withdraw(address asset, uint256 amount, address to) external returns (uint256);
        function repay(address asset, uint256 amount, uint256 interestRateMode, address onBehalfOf) external returns (uint256);
        function repayWithATokens(address asset, uint256 amount, uint256 interestRateMode) external returns (uint256);
    }

    /// aTokens and debt tokens.
    interface ScaledToken {
        function balanceOf(address user) external view returns (uint256);
        function scaledBalanceOf(address user) external view returns (uint256);
    }

    /// Where a market's parts are named.
    interface AddressesProvider {
        function getPriceOracle() external view returns (address);
    }

    /// The market's prices.
    interface Oracle {
        function getAssetPrice(address asset) external view returns (uint256);
        function getSourceOfAsset(address asset) external view returns (address);
    }

    /// The gateway that pays in ether.
    interface Gateway {
        function withdrawETH(address pool, uint256 amount, address to) external;
        function repayETH(address pool, uint256 amount, address onBehalfOf) external payable;
    }

    /// The gateway of the first release, as SparkLend has it.
    interface GatewayWithRateMode {
        function repayETH(address pool, uint256 amount, uint256 rateMode, address onBehalfOf) external payable;
    }

    /// Rewards.
    interface Rewards {
        function getAllUserRewards(address[] assets, address user) external view returns (address[] rewardsList, uint256[] unclaimedAmounts);
        function claimAllRewardsToSelf(address[] assets) external returns (address[] rewardsList, uint256[] claimedAmounts);
    }
}
