//! The calls of Pendle that are used here.

use alloy::sol;

sol! {
    /// A principal token.
    interface Pt {
        function SY() external view returns (address);
        function YT() external view returns (address);
        function expiry() external view returns (uint256);
    }

    /// Its yield token.
    interface Yt {
        function pyIndexStored() external view returns (uint256);
    }

    /// What both are made of.
    interface Sy {
        function exchangeRate() external view returns (uint256);
        function getTokensOut() external view returns (address[]);
        function previewRedeem(address tokenOut, uint256 amountSharesToRedeem) external view returns (uint256);
    }

    /// No exchange on the way out.
    #[derive(Debug)]
    struct SwapData {
        uint8 swapType;
        address extRouter;
        bytes extCalldata;
        bool needScale;
    }

    /// What is wanted.
    #[derive(Debug)]
    struct TokenOutput {
        address tokenOut;
        uint256 minTokenOut;
        address tokenRedeemSy;
        address pendleSwap;
        SwapData swapData;
    }

    /// The router, whose functions lie in several contracts.
    interface Router {
        function redeemPyToToken(address receiver, address YT, uint256 netPyIn, TokenOutput output) external returns (uint256 netTokenOut, uint256 netSyInterm);
    }
}
