//! The calls of Maker's savings that are used here.

use alloy::sol;

sol! {
    /// Where DAI earns. Amounts are before earnings.
    interface Pot {
        function pie(address usr) external view returns (uint256);
        function chi() external view returns (uint256);
        function dsr() external view returns (uint256);
        function rho() external view returns (uint256);
    }

    /// Keeps many accounts' DAI in the Pot under its own name.
    interface DsrManager {
        function pieOf(address usr) external view returns (uint256);
        function daiBalance(address usr) external returns (uint256 wad);
        function exit(address dst, uint256 wad) external;
        function exitAll(address dst) external;
    }

    /// What a proxy runs.
    interface DsrActions {
        function exit(address daiJoin, address pot, uint256 wad) external;
        function exitAll(address daiJoin, address pot) external;
    }
}
