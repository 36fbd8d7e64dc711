//! The calls of EigenLayer that are used here.

use alloy::sol;

sol! {
    /// A withdrawal in the queue.
    #[derive(Debug)]
    struct Withdrawal {
        address staker;
        address delegatedTo;
        address withdrawer;
        uint256 nonce;
        uint32 startBlock;
        address[] strategies;
        uint256[] scaledShares;
    }

    /// What to queue. The last word is not used any more.
    struct QueuedWithdrawalParams {
        address[] strategies;
        uint256[] depositShares;
        address deprecatedWithdrawer;
    }

    /// The heart of it.
    interface DelegationManager {
        function getDepositedShares(address staker) external view returns (address[] strategies, uint256[] shares);
        function getWithdrawableShares(address staker, address[] strategies) external view returns (uint256[] withdrawableShares, uint256[] depositShares);
        function getQueuedWithdrawals(address staker) external view returns (Withdrawal[] withdrawals, uint256[][] shares);
        function minWithdrawalDelayBlocks() external view returns (uint32);
        function queueWithdrawals(QueuedWithdrawalParams[] params) external returns (bytes32[]);
        function completeQueuedWithdrawal(Withdrawal withdrawal, address[] tokens, bool receiveAsTokens) external;
    }

    /// One kind of token that is restaked.
    interface Strategy {
        function sharesToUnderlyingView(uint256 amountShares) external view returns (uint256);
        function underlyingToken() external view returns (address);
    }
}
