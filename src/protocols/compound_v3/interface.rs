//! The calls of a Comet that are used here.

use alloy::sol;

sol! {
    /// A collateral asset.
    #[derive(Debug)]
    struct AssetInfo {
        uint8 offset;
        address asset;
        address priceFeed;
        uint64 scale;
        uint64 borrowCollateralFactor;
        uint64 liquidateCollateralFactor;
        uint64 liquidationFactor;
        uint128 supplyCap;
    }

    /// What is due.
    struct RewardOwed {
        address token;
        uint256 owed;
    }

    /// A market.
    interface Comet {
        function balanceOf(address account) external view returns (uint256);
        function borrowBalanceOf(address account) external view returns (uint256);
        function collateralBalanceOf(address account, address asset) external view returns (uint128);
        function userBasic(address account) external view returns (int104 principal, uint64 baseTrackingIndex, uint64 baseTrackingAccrued, uint16 assetsIn, uint8 _reserved);
        function numAssets() external view returns (uint8);
        function getAssetInfo(uint8 i) external view returns (AssetInfo);
        function getPrice(address priceFeed) external view returns (uint256);
        function baseToken() external view returns (address);
        function baseTokenPriceFeed() external view returns (address);
        function baseScale() external view returns (uint256);
        function isWithdrawPaused() external view returns (bool);
        function isSupplyPaused() external view returns (bool);
        function withdraw(address asset, uint256 amount) external;
        function supply(address asset, uint256 amount) external;
    }

    /// Rewards.
    interface CometRewards {
        function getRewardOwed(address comet, address account) external returns (RewardOwed);
        function claim(address comet, address src, bool shouldAccrue) external;
    }
}
