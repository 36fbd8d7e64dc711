//! The calls of Morpho Blue that are used here.

use alloy::sol;

sol! {
    /// What makes a market; its id is the hash of it.
    #[derive(Debug, PartialEq, Eq)]
    struct MarketParams {
        address loanToken;
        address collateralToken;
        address oracle;
        address irm;
        uint256 lltv;
    }

    /// A market's totals.
    #[derive(Debug)]
    struct Market {
        uint128 totalSupplyAssets;
        uint128 totalSupplyShares;
        uint128 totalBorrowAssets;
        uint128 totalBorrowShares;
        uint128 lastUpdate;
        uint128 fee;
    }

    /// The one contract of all markets.
    interface Morpho {
        function position(bytes32 id, address user) external view returns (uint256 supplyShares, uint128 borrowShares, uint128 collateral);
        function market(bytes32 id) external view returns (Market);
        function idToMarketParams(bytes32 id) external view returns (MarketParams);
        function withdraw(MarketParams marketParams, uint256 assets, uint256 shares, address onBehalf, address receiver) external returns (uint256 assetsWithdrawn, uint256 sharesWithdrawn);
        function repay(MarketParams marketParams, uint256 assets, uint256 shares, address onBehalf, bytes data) external returns (uint256 assetsRepaid, uint256 sharesRepaid);
        function withdrawCollateral(MarketParams marketParams, uint256 assets, address onBehalf, address receiver) external;
    }

    /// A market's price: loan units for 1e36 collateral units.
    interface MorphoOracle {
        function price() external view returns (uint256);
    }

    /// The feeds of an oracle as Morpho's own factory makes it (MorphoChainlinkOracleV2): two for the collateral, two for
    /// what is lent; zero where there is none.
    interface MorphoFeeds {
        function BASE_FEED_1() external view returns (address);
        function BASE_FEED_2() external view returns (address);
        function QUOTE_FEED_1() external view returns (address);
        function QUOTE_FEED_2() external view returns (address);
        function BASE_VAULT() external view returns (address);
        function BASE_VAULT_CONVERSION_SAMPLE() external view returns (uint256);
        function QUOTE_VAULT() external view returns (address);
        function QUOTE_VAULT_CONVERSION_SAMPLE() external view returns (uint256);
    }

    /// What such an oracle reads of a feed.
    interface MorphoFeed {
        function latestRoundData() external view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
        function decimals() external view returns (uint8);
    }

    /// What it reads of a vault, and what the vault is of.
    interface MorphoVault {
        function asset() external view returns (address);
        function convertToAssets(uint256 shares) external view returns (uint256);
    }

    /// A market's rate.
    interface MorphoIrm {
        function borrowRateView(MarketParams marketParams, Market market) external view returns (uint256);
    }
}
