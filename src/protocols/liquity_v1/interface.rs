//! The calls of Liquity v1 that are used here.

use alloy::sol;

sol! {
    /// Troves.
    interface TroveManager {
        function getEntireDebtAndColl(address borrower) external view returns (uint256 debt, uint256 coll, uint256 pendingLUSDDebtReward, uint256 pendingETHReward);
        function getTroveStatus(address borrower) external view returns (uint256);
        function getTCR(uint256 price) external view returns (uint256);
        function checkRecoveryMode(uint256 price) external view returns (bool);
        function LUSD_GAS_COMPENSATION() external view returns (uint256);
    }

    /// What a borrower calls.
    interface BorrowerOperations {
        function closeTrove() external;
        function repayLUSD(uint256 LUSDAmount, address upperHint, address lowerHint) external;
        function claimCollateral() external;
    }

    /// The stability pool.
    interface StabilityPool {
        function getCompoundedLUSDDeposit(address depositor) external view returns (uint256);
        function getDepositorETHGain(address depositor) external view returns (uint256);
        function getDepositorLQTYGain(address depositor) external view returns (uint256);
        function withdrawFromSP(uint256 amount) external;
    }

    /// The stake.
    interface Staking {
        function stakes(address user) external view returns (uint256);
        function getPendingETHGain(address user) external view returns (uint256);
        function getPendingLUSDGain(address user) external view returns (uint256);
        function unstake(uint256 LQTYamount) external;
    }

    /// What closed troves left over.
    interface Surplus {
        function getCollateral(address account) external view returns (uint256);
    }

    /// The price; asking changes it, so the question is run and forgotten.
    interface PriceFeed {
        function fetchPrice() external returns (uint256);
        function priceAggregator() external view returns (address);
    }

    /// The feed that it asks first.
    interface Aggregator {
        function decimals() external view returns (uint8);
        function latestRoundData() external view returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
    }
}
