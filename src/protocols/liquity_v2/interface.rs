//! The calls of Liquity v2 that are used here.

use alloy::sol;

sol! {
    /// What is known of a trove now.
    #[derive(Debug)]
    struct LatestTroveData {
        uint256 entireDebt;
        uint256 entireColl;
        uint256 redistBoldDebtGain;
        uint256 redistCollGain;
        uint256 accruedInterest;
        uint256 recordedDebt;
        uint256 annualInterestRate;
        uint256 weightedRecordedDebt;
        uint256 accruedBatchManagementFee;
        uint256 lastInterestRateAdjTime;
    }

    /// Troves.
    interface TroveManager {
        function getLatestTroveData(uint256 troveId) external view returns (LatestTroveData trove);
        function getTroveStatus(uint256 troveId) external view returns (uint8);
    }

    /// Who owns them.
    interface TroveNft {
        function balanceOf(address owner) external view returns (uint256);
        function ownerOf(uint256 tokenId) external view returns (address);
    }

    /// What a borrower calls.
    interface BorrowerOperations {
        function MCR() external view returns (uint256);
        function interestBatchManagerOf(uint256 troveId) external view returns (address);
        function hasBeenShutDown() external view returns (bool);
        function closeTrove(uint256 troveId) external;
        function repayBold(uint256 troveId, uint256 boldAmount) external;
    }

    /// The stability pool.
    interface StabilityPool {
        function getCompoundedBoldDeposit(address depositor) external view returns (uint256);
        function getDepositorCollGain(address depositor) external view returns (uint256);
        function getDepositorYieldGain(address depositor) external view returns (uint256);
        function stashedColl(address depositor) external view returns (uint256);
        function withdrawFromSP(uint256 amount, bool doClaim) external;
        function claimAllCollGains() external;
    }

    /// The price; asking changes it, so the question is run and forgotten.
    interface PriceFeed {
        function fetchPrice() external returns (uint256 price, bool failed);
        function priceSource() external view returns (uint8);
        function ethUsdOracle() external view returns (address aggregator, uint256 stalenessThreshold, uint8 decimals);
        function stEthUsdOracle() external view returns (address aggregator, uint256 stalenessThreshold, uint8 decimals);
        function rEthEthOracle() external view returns (address aggregator, uint256 stalenessThreshold, uint8 decimals);
    }
}
