//! The calls of Sky's exchanges that are used here.

use alloy::sol;

sol! {
    /// DAI against USDS, one to one.
    interface DaiUsds {
        function usdsToDai(address usr, uint256 wad) external;
        function daiToUsds(address usr, uint256 wad) external;
    }

    /// DAI, or USDS through the wrapper, against a dollar token.
    interface LitePsm {
        function tout() external view returns (uint256);
        function pocket() external view returns (address);
        function to18ConversionFactor() external view returns (uint256);
        function buyGem(address usr, uint256 gemAmt) external returns (uint256 daiInWad);
    }

    /// MKR against SKY.
    interface MkrSky {
        function rate() external view returns (uint256);
        function fee() external view returns (uint256);
        function mkrToSky(address usr, uint256 mkrAmt) external;
    }
}
