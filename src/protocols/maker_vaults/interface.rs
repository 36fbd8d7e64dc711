//! The calls of Maker that are used here.

use alloy::sol;

sol! {
    /// The core.
    interface Vat {
        function urns(bytes32 ilk, address urn) external view returns (uint256 ink, uint256 art);
        function ilks(bytes32 ilk) external view returns (uint256 Art, uint256 rate, uint256 spot, uint256 line, uint256 dust);
        function gem(bytes32 ilk, address usr) external view returns (uint256);
        function dai(address usr) external view returns (uint256);
        function live() external view returns (uint256);
    }

    /// Stability fees.
    interface Jug {
        function ilks(bytes32 ilk) external view returns (uint256 duty, uint256 rho);
        function base() external view returns (uint256);
        function drip(bytes32 ilk) external returns (uint256 rate);
    }

    /// Prices.
    interface Spot {
        function ilks(bytes32 ilk) external view returns (address pip, uint256 mat);
        function par() external view returns (uint256);
    }

    /// Where the Spotter takes a price from: one that is passed on an hour late (OSM). Only who is allowed may look.
    interface DelayedPrice {
        function peek() external view returns (bytes32 val, bool has);
        function zzz() external view returns (uint64);
        function hop() external view returns (uint16);
    }

    /// Who owns which vault.
    interface Manager {
        function frob(uint256 cdp, int256 dink, int256 dart) external;
        function flux(uint256 cdp, address dst, uint256 wad) external;
    }

    /// Lists the vaults of an owner.
    interface GetCdps {
        function getCdpsAsc(address manager, address guy) external view returns (uint256[] ids, address[] urns, bytes32[] ilks);
    }

    /// Where collateral and DAI enter and leave.
    interface Join {
        function join(address usr, uint256 wad) external;
        function exit(address usr, uint256 wad) external;
    }

    /// Kinds of collateral.
    interface IlkRegistry {
        function join(bytes32 ilk) external view returns (address);
        function gem(bytes32 ilk) external view returns (address);
        function dec(bytes32 ilk) external view returns (uint256);
    }

    /// What a proxy runs.
    interface ProxyActions {
        function wipeAll(address manager, address daiJoin, uint256 cdp) external;
        function wipe(address manager, address daiJoin, uint256 cdp, uint256 wad) external;
        function freeETH(address manager, address ethJoin, uint256 cdp, uint256 wad) external;
        function freeGem(address manager, address gemJoin, uint256 cdp, uint256 amt) external;
    }
}
