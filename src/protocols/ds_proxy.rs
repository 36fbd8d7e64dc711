//! A proxy (DSProxy), through which many accounts use Maker.

use alloy::sol;

sol! {
    /// Proxies by owner.
    interface ProxyRegistry {
        function proxies(address owner) external view returns (address);
    }

    /// A proxy.
    interface DsProxy {
        function owner() external view returns (address);
        function execute(address target, bytes data) external payable returns (bytes32 response);
    }
}
