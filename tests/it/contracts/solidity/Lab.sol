// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

// Contracts that tests deploy on the practice network: honest ones in the shape of well-known ones, and hostile ones.
// Compiled by compile.sh beside this file; the result lies in ../bytecode.

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// A vault (ERC-4626) of OpenZeppelin.
contract Vault is ERC4626 {
    constructor(IERC20 asset_) ERC20("Lab Vault", "LVLT") ERC4626(asset_) {}
}

/// In the shape of Chainlink's AggregatorV3.
contract Feed {
    uint8 public immutable decimals;
    int256 answer;
    uint256 updatedAt;
    uint80 round;

    constructor(uint8 decimals_, int256 answer_, uint256 updatedAt_) {
        (decimals, answer, updatedAt, round) = (decimals_, answer_, updatedAt_, 1);
    }

    function set(int256 answer_, uint256 updatedAt_) external {
        (answer, updatedAt, round) = (answer_, updatedAt_, round + 1);
    }

    function description() external pure returns (string memory) {
        return "LAB / USD";
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return (round, answer, updatedAt, updatedAt, round);
    }
}

/// A token with a rate of its own, as wstETH has.
contract Wrapped is ERC20 {
    uint256 public stEthPerToken;

    constructor(uint256 rate) ERC20("Lab Wrapped", "LWRP") {
        stEthPerToken = rate;
    }
}

/// A token anybody may have, with decimals and words of one's choice.
contract Named is ERC20 {
    uint8 immutable digits;

    constructor(string memory name_, string memory symbol_, uint8 digits_) ERC20(name_, symbol_) {
        digits = digits_;
        _mint(msg.sender, 5_000 * 10 ** digits_);
    }

    function decimals() public view override returns (uint8) {
        return digits;
    }
}

/// In the shape of a Uniswap v3 pool's oracle: one price since ever.
contract Pool {
    int24 public immutable tick;
    uint128 public immutable liquidity;

    constructor(int24 tick_, uint128 liquidity_) {
        (tick, liquidity) = (tick_, liquidity_);
    }

    function observe(uint32[] calldata ago) external view returns (int56[] memory ticks, uint160[] memory weights) {
        require(liquidity != 7, "OLD");
        (ticks, weights) = (new int56[](ago.length), new uint160[](ago.length));
        for (uint256 i; i < ago.length; i++) {
            uint256 time = block.timestamp - ago[i];
            ticks[i] = int56(int256(time)) * tick;
            weights[i] = uint160((time << 128) / (liquidity == 0 ? 1 : liquidity));
        }
    }
}

/// In the shape of the factory of Uniswap v3 pools.
contract PoolFactory {
    mapping(bytes32 => address) pools;

    function set(address a, address b, uint24 fee, address pool) external {
        pools[keccak256(abi.encode(a, b, fee))] = pool;
        pools[keccak256(abi.encode(b, a, fee))] = pool;
    }

    function getPool(address a, address b, uint24 fee) external view returns (address) {
        return pools[keccak256(abi.encode(a, b, fee))];
    }
}

/// MakerDAO's old way: symbol and name are bytes32.
contract OldToken {
    bytes32 public constant symbol = "OLD";
    bytes32 public constant name = "Old Token";
    uint8 public constant decimals = 6;
    uint256 public constant totalSupply = 9;

    function balanceOf(address) external pure returns (uint256) {
        return 1_500_000;
    }
}

/// A token that refuses to say.
contract Refusing {
    error Paused(uint256 until);

    function balanceOf(address) external pure returns (uint256) {
        revert("paused by the owner");
    }

    function fail(uint256 until) external pure {
        revert Paused(until);
    }

    function panic(uint256 by) external pure returns (uint256) {
        return 1 / by;
    }
}

/// Burns all gas it is given.
contract Bomb {
    fallback() external {
        while (true) {}
    }
}

/// Reads thousands of slots, all of them empty.
contract Greedy {
    uint256 full = 1;

    fallback() external {
        bytes32 at = keccak256(msg.data);
        for (uint256 i; i < 1_000_000; i++) {
            bytes32 found;
            assembly {
                found := sload(at)
            }
            at = keccak256(abi.encode(at, found));
        }
    }
}

/// Each slot tells where the next one is: without a hint every read costs a round.
contract Chain {
    constructor() {
        bytes32 at = bytes32(uint256(1));
        for (uint256 i; i < 80; i++) {
            bytes32 next = keccak256(abi.encode(at));
            assembly {
                sstore(at, next)
            }
            at = next;
        }
    }

    fallback() external {
        bytes32 at = bytes32(uint256(1));
        for (uint256 i; i < 80; i++) {
            assembly {
                at := sload(at)
            }
        }
        assembly {
            mstore(0, at)
            return(0, 32)
        }
    }
}

/// Answers with megabytes.
contract Loud {
    fallback() external {
        assembly {
            return(0, 400000)
        }
    }
}

/// Answers with one byte.
contract Garbled {
    fallback() external {
        assembly {
            mstore8(0, 1)
            return(0, 1)
        }
    }
}

/// A resolver for all names below one (ENSIP-10): every name leads to the same address; `nothing.*` to none.
contract Wildcard {
    address immutable target;

    constructor(address target_) {
        target = target_;
    }

    function supportsInterface(bytes4 id) external pure returns (bool) {
        return id == 0x9061b923 || id == 0x01ffc9a7;
    }

    function resolve(bytes calldata name, bytes calldata) external view returns (bytes memory) {
        return abi.encode(name[0] == 0x07 && name[1] == "n" ? address(0) : target);
    }
}

/// A resolver whose answers are on a web server (EIP-3668).
contract Offchain {
    error OffchainLookup(address sender, string[] urls, bytes callData, bytes4 callbackFunction, bytes extraData);

    function supportsInterface(bytes4 id) external pure returns (bool) {
        return id == 0x9061b923;
    }

    function resolve(bytes calldata, bytes calldata data) external view returns (bytes memory) {
        string[] memory urls = new string[](1);
        urls[0] = unicode"https://gateway.example/{sender}/{data}.json\u202e";
        revert OffchainLookup(address(this), urls, data, this.resolve.selector, "");
    }
}

/// A resolver whose answers are on web servers and signed, as ENS's own off-chain resolver has it; asked in `rounds`.
contract Gatewayed {
    error OffchainLookup(address sender, string[] urls, bytes callData, bytes4 callbackFunction, bytes extraData);
    error NotSigned();

    string[] urls;
    address immutable signer;
    address immutable named;
    uint256 immutable rounds;

    constructor(string[] memory urls_, address signer_, address named_, uint256 rounds_) {
        urls = urls_;
        signer = signer_;
        named = named_ == address(0) ? address(this) : named_;
        rounds = rounds_;
    }

    function supportsInterface(bytes4 id) external pure returns (bool) {
        return id == 0x9061b923;
    }

    /// Asked for a name (`name(bytes32)`), everybody is called alice.eth.
    function resolve(bytes calldata name, bytes calldata data) external view returns (bytes memory) {
        ask(name, rounds, bytes4(data) == 0x691f3431);
    }

    /// The same for a caller that wants the address itself.
    function owner(bytes calldata name) external view returns (address) {
        revert OffchainLookup(named, urls, name, this.ownerSigned.selector, abi.encode(name, uint256(1)));
    }

    function ownerSigned(bytes calldata response, bytes calldata extra) external view returns (address) {
        (bytes memory name,) = abi.decode(extra, (bytes, uint256));
        return check(response, name);
    }

    function resolveSigned(bytes calldata response, bytes calldata extra) external view returns (bytes memory) {
        (bytes memory name, uint256 left, bool text) = abi.decode(extra, (bytes, uint256, bool));
        address found = check(response, name);
        if (left > 1) ask(name, left - 1, text);
        return text ? abi.encode("alice.eth") : abi.encode(found);
    }

    function ask(bytes memory name, uint256 left, bool text) private view {
        revert OffchainLookup(named, urls, name, this.resolveSigned.selector, abi.encode(name, left, text));
    }

    function check(bytes calldata response, bytes memory name) private view returns (address found) {
        uint8 v;
        bytes32 r;
        bytes32 s;
        (found, v, r, s) = abi.decode(response, (address, uint8, bytes32, bytes32));
        if (ecrecover(keccak256(abi.encode(address(this), name, found)), v, r, s) != signer) revert NotSigned();
    }
}
