//! The calls of ether.fi that are used here.

use alloy::sol;

sol! {
    /// weETH.
    interface WeEth {
        function getEETHByWeETH(uint256 weETHAmount) external view returns (uint256);
        function unwrap(uint256 weETHAmount) external returns (uint256);
    }

    /// eETH.
    interface EEth {
        function shares(address user) external view returns (uint256);
    }

    /// The pool behind eETH.
    interface LiquidityPool {
        function requestWithdraw(address recipient, uint256 amount) external returns (uint256);
    }

    /// The same for weETH.
    interface Adapter {
        function requestWithdraw(uint256 weETHAmount, address recipient) external returns (uint256 requestId);
    }

    /// One request.
    #[derive(Debug)]
    struct WithdrawRequest {
        uint96 amountOfEEth;
        uint96 shareOfEEth;
        bool isValid;
        uint32 feeGwei;
    }

    /// Requests.
    interface Requests {
        function getRequest(uint256 requestId) external view returns (WithdrawRequest request);
        function balanceOf(address owner) external view returns (uint256);
        function ownerOf(uint256 tokenId) external view returns (address);
        function isFinalized(uint256 requestId) external view returns (bool);
        function getClaimableAmount(uint256 tokenId) external view returns (uint256);
        function claimWithdraw(uint256 tokenId) external;
    }

    /// Redemption at once.
    interface Redemption {
        function canRedeem(uint256 amount, address token) external view returns (bool);
        function previewRedeem(uint256 shares, address token) external view returns (uint256);
        function redeemEEth(uint256 eEthAmount, address receiver, address outputToken) external;
        function redeemWeEth(uint256 weEthAmount, address receiver, address outputToken) external;
    }
}
