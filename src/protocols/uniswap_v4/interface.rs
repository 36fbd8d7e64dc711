//! The calls of Uniswap v4 that are used here.

use alloy::sol;

sol! {
    /// Which pool.
    #[derive(Debug, PartialEq, Eq)]
    struct PoolKey {
        address currency0;
        address currency1;
        uint24 fee;
        int24 tickSpacing;
        address hooks;
    }

    /// Positions as NFTs.
    interface Manager {
        function poolManager() external view returns (address);
        function ownerOf(uint256 id) external view returns (address);
        function balanceOf(address owner) external view returns (uint256);
        function getPositionLiquidity(uint256 tokenId) external view returns (uint128 liquidity);
        function getPoolAndPositionInfo(uint256 tokenId) external view returns (PoolKey poolKey, uint256 info);
        function modifyLiquidities(bytes unlockData, uint256 deadline) external payable;
    }
}
