//! The calls of Lido that are used here.

use alloy::sol;

sol! {
    /// stETH.
    interface StEth {
        function balanceOf(address account) external view returns (uint256);
        function sharesOf(address account) external view returns (uint256);
    }

    /// wstETH.
    interface WstEth {
        function balanceOf(address account) external view returns (uint256);
        function getStETHByWstETH(uint256 wstETHAmount) external view returns (uint256);
        function getWstETHByStETH(uint256 stETHAmount) external view returns (uint256);
        function unwrap(uint256 wstETHAmount) external returns (uint256);
    }

    /// State of one request.
    #[derive(Debug)]
    struct WithdrawalStatus {
        uint256 amountOfStETH;
        uint256 amountOfShares;
        address owner;
        uint256 timestamp;
        bool isFinalized;
        bool isClaimed;
    }

    /// The withdrawal queue.
    interface WithdrawalQueue {
        function getWithdrawalRequests(address owner) external view returns (uint256[] requestsIds);
        function getWithdrawalStatus(uint256[] requestIds) external view returns (WithdrawalStatus[] statuses);
        function getLastCheckpointIndex() external view returns (uint256);
        function findCheckpointHints(uint256[] requestIds, uint256 firstIndex, uint256 lastIndex) external view returns (uint256[] hintIds);
        function getClaimableEther(uint256[] requestIds, uint256[] hints) external view returns (uint256[] claimableEthValues);
        function isPaused() external view returns (bool);
        function isBunkerModeActive() external view returns (bool);
        function MIN_STETH_WITHDRAWAL_AMOUNT() external view returns (uint256);
        function MAX_STETH_WITHDRAWAL_AMOUNT() external view returns (uint256);
        function requestWithdrawals(uint256[] amounts, address owner) external returns (uint256[] requestIds);
        function requestWithdrawalsWstETH(uint256[] amounts, address owner) external returns (uint256[] requestIds);
        function claimWithdrawals(uint256[] requestIds, uint256[] hints) external;
    }
}
