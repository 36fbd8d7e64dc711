//! The calls of Curve that are used here.

use alloy::sol;

sol! {
    /// A pool, as most have it.
    interface Swap {
        function balances(uint256 i) external view returns (uint256);
        function get_virtual_price() external view returns (uint256);
        function calc_withdraw_one_coin(uint256 amount, int128 i) external view returns (uint256);
        function remove_liquidity_one_coin(uint256 amount, int128 i, uint256 min_amount) external returns (uint256);
        function get_dy(int128 i, int128 j, uint256 dx) external view returns (uint256);
        function exchange(int128 i, int128 j, uint256 dx, uint256 min_dy) external payable;
    }

    /// Pools of coins that are not at par count with another type.
    interface CryptoSwap {
        function get_dy(uint256 i, uint256 j, uint256 dx) external view returns (uint256);
        function exchange(uint256 i, uint256 j, uint256 dx, uint256 min_dy) external payable;
    }

    /// The oldest pools count with another type.
    interface OldSwap {
        function balances(int128 i) external view returns (uint256);
    }

    /// Leaving a pool of two, three or four coins.
    interface Leave2 { function remove_liquidity(uint256 amount, uint256[2] min_amounts) external; }
    interface Leave3 { function remove_liquidity(uint256 amount, uint256[3] min_amounts) external; }
    interface Leave4 { function remove_liquidity(uint256 amount, uint256[4] min_amounts) external; }

    /// Where shares earn.
    interface Gauge {
        function withdraw(uint256 value) external;
    }
}
