//! The calls of Balancer v2 that are used here.

use alloy::sol;

sol! {
    /// A pool, which is its share token too.
    interface PoolV2 {
        function getPoolId() external view returns (bytes32);
        function inRecoveryMode() external view returns (bool);
    }

    /// How to leave.
    #[derive(Debug)]
    struct ExitPoolRequest {
        address[] assets;
        uint256[] minAmountsOut;
        bytes userData;
        bool toInternalBalance;
    }

    /// What holds the tokens of all pools.
    interface Vault {
        function getPoolTokens(bytes32 poolId) external view returns (address[] tokens, uint256[] balances, uint256 lastChangeBlock);
        function exitPool(bytes32 poolId, address sender, address recipient, ExitPoolRequest request) external;
    }
}
