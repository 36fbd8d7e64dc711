// SPDX-License-Identifier: MIT
// Stand-ins for what no package has: a market that behaves to a caller as one of Compound's third release does, with its
// indices, its rounding and its order of checks, written from its description. The names are those that the tests ask for.
pragma solidity 0.8.28;

contract aave_MintableERC20 {
    string public name;
    string public symbol;
    uint8 public decimals;
    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;
    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    constructor(string memory called, string memory short, uint8 digits) {
        (name, symbol, decimals) = (called, short, digits);
    }
    function mint(address to, uint256 amount) external returns (bool) {
        totalSupply += amount;
        balanceOf[to] += amount;
        emit Transfer(address(0), to, amount);
        return true;
    }
    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        emit Approval(msg.sender, spender, amount);
        return true;
    }
    function transfer(address to, uint256 amount) external returns (bool) {
        move(msg.sender, to, amount);
        return true;
    }
    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        require(allowance[from][msg.sender] >= amount, "ERC20: transfer amount exceeds allowance");
        allowance[from][msg.sender] -= amount;
        move(from, to, amount);
        return true;
    }
    function move(address from, address to, uint256 amount) internal {
        require(balanceOf[from] >= amount, "ERC20: transfer amount exceeds balance");
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
        emit Transfer(from, to, amount);
    }
}

// The answer stands in the second slot: tests put prices there that were never told.
contract comet_SimplePriceFeed {
    uint80 roundId;
    int256 answer;
    uint256 startedAt;
    uint256 updatedAt;
    uint80 answeredInRound;
    uint8 public immutable decimals;

    constructor(int256 first, uint8 digits) {
        answer = first;
        decimals = digits;
    }
    function setRoundData(uint80 round, int256 said, uint256 started, uint256 updated, uint80 answered) external {
        (roundId, answer, startedAt, updatedAt, answeredInRound) = (round, said, started, updated, answered);
    }
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return (roundId, answer, startedAt, updatedAt, answeredInRound);
    }
}

// In Compound's own a second contract has what did not fit into the first.
contract comet_CometExt {
    constructor(bytes32, bytes32) {}
}

struct AssetConfig {
    address asset;
    address priceFeed;
    uint8 decimals;
    uint64 borrowCollateralFactor;
    uint64 liquidateCollateralFactor;
    uint64 liquidationFactor;
    uint128 supplyCap;
}
struct Configuration {
    address governor;
    address pauseGuardian;
    address baseToken;
    address baseTokenPriceFeed;
    address extensionDelegate;
    uint64 supplyKink;
    uint64 supplyPerYearInterestRateSlopeLow;
    uint64 supplyPerYearInterestRateSlopeHigh;
    uint64 supplyPerYearInterestRateBase;
    uint64 borrowKink;
    uint64 borrowPerYearInterestRateSlopeLow;
    uint64 borrowPerYearInterestRateSlopeHigh;
    uint64 borrowPerYearInterestRateBase;
    uint64 storeFrontPriceFactor;
    uint64 trackingIndexScale;
    uint64 baseTrackingSupplySpeed;
    uint64 baseTrackingBorrowSpeed;
    uint104 baseMinForRewards;
    uint104 baseBorrowMin;
    uint104 targetReserves;
    AssetConfig[] assetConfigs;
}

contract comet_Comet {
    struct AssetInfo {
        uint8 offset;
        address asset;
        address priceFeed;
        uint64 scale;
        uint64 borrowCollateralFactor;
        uint64 liquidateCollateralFactor;
        uint64 liquidationFactor;
        uint128 supplyCap;
    }

    error BadPrice();
    error BorrowTooSmall();
    error NotCollateralized();
    error Paused();
    error SupplyCapExceeded();
    error Unauthorized();
    error BadAsset();

    uint256 constant ONE = 1e18;
    uint256 constant INDEX = 1e15;
    uint256 constant YEAR = 31_536_000;

    address governor;
    address guardian;
    address public baseToken;
    address public baseTokenPriceFeed;
    uint256 public baseScale;
    uint256 leastLoan;
    // Base, slope, kink and slope above it, by the year.
    uint256[4] supplyCurve;
    uint256[4] borrowCurve;
    AssetConfig[] assets;
    uint256 supplyIndex;
    uint256 borrowIndex;
    uint256 totalSupplied;
    uint256 totalBorrowed;
    uint256 accruedAt;
    uint256 flags;
    mapping(address => int104) principals;
    mapping(address => mapping(address => uint128)) public collateralBalanceOf;
    mapping(address => uint256) collateralOf;

    constructor(Configuration memory own) {
        (governor, guardian, leastLoan) = (own.governor, own.pauseGuardian, own.baseBorrowMin);
        (baseToken, baseTokenPriceFeed) = (own.baseToken, own.baseTokenPriceFeed);
        supplyCurve = [uint256(own.supplyPerYearInterestRateBase), own.supplyPerYearInterestRateSlopeLow, own.supplyKink,
            own.supplyPerYearInterestRateSlopeHigh];
        borrowCurve = [uint256(own.borrowPerYearInterestRateBase), own.borrowPerYearInterestRateSlopeLow, own.borrowKink,
            own.borrowPerYearInterestRateSlopeHigh];
        for (uint256 at = 0; at < own.assetConfigs.length; at++) assets.push(own.assetConfigs[at]);
        baseScale = 10 ** aave_MintableERC20(own.baseToken).decimals();
    }
    function initializeStorage() external {
        require(accruedAt == 0, "already");
        (supplyIndex, borrowIndex, accruedAt) = (INDEX, INDEX, block.timestamp);
    }
    function numAssets() external view returns (uint8) { return uint8(assets.length); }
    function getAssetInfo(uint8 at) public view returns (AssetInfo memory) {
        if (at >= assets.length) revert BadAsset();
        AssetConfig memory one = assets[at];
        return AssetInfo(at, one.asset, one.priceFeed, uint64(10 ** one.decimals), one.borrowCollateralFactor,
            one.liquidateCollateralFactor, one.liquidationFactor, one.supplyCap);
    }
    function getPrice(address feed) public view returns (uint256) {
        (, int256 price,,,) = comet_SimplePriceFeed(feed).latestRoundData();
        if (price <= 0) revert BadPrice();
        return uint256(price);
    }

    // ---- Switches.
    function pause(bool supply_, bool transfer_, bool withdraw_, bool absorb_, bool buy_) external {
        if (msg.sender != governor && msg.sender != guardian) revert Unauthorized();
        flags = (supply_ ? 1 : 0) | (transfer_ ? 2 : 0) | (withdraw_ ? 4 : 0) | (absorb_ ? 8 : 0) | (buy_ ? 16 : 0);
    }
    function isSupplyPaused() public view returns (bool) { return flags & 1 != 0; }
    function isWithdrawPaused() public view returns (bool) { return flags & 4 != 0; }

    // ---- Interest: by the second, linear between two looks.
    function rate(uint256 used, uint256[4] storage curve) internal view returns (uint256) {
        (uint256 base, uint256 low, uint256 kink, uint256 high) = (curve[0] / YEAR, curve[1] / YEAR, curve[2], curve[3] / YEAR);
        if (used <= kink) return base + low * used / ONE;
        return base + low * kink / ONE + high * (used - kink) / ONE;
    }
    function getUtilization() public view returns (uint256) {
        uint256 supplied = totalSupplied * supplyIndex / INDEX;
        return supplied == 0 ? 0 : totalBorrowed * borrowIndex / INDEX * ONE / supplied;
    }
    function indices() internal view returns (uint256 supply_, uint256 borrow_) {
        (supply_, borrow_) = (supplyIndex, borrowIndex);
        uint256 passed = block.timestamp - accruedAt;
        if (passed == 0) return (supply_, borrow_);
        uint256 used = getUtilization();
        supply_ += supply_ * (rate(used, supplyCurve) * passed) / ONE;
        borrow_ += borrow_ * (rate(used, borrowCurve) * passed) / ONE;
    }
    function accrueAccount(address) external { accrue(); }
    function accrue() internal {
        (supplyIndex, borrowIndex) = indices();
        accruedAt = block.timestamp;
    }

    // ---- What an account has.
    function userBasic(address account) external view returns (int104, uint64, uint64, uint16, uint8) {
        return (principals[account], 0, 0, uint16(collateralOf[account]), 0);
    }
    function balanceOf(address account) public view returns (uint256) {
        (uint256 now_,) = indices();
        int104 own = principals[account];
        return own > 0 ? uint256(int256(own)) * now_ / INDEX : 0;
    }
    function borrowBalanceOf(address account) public view returns (uint256) {
        (, uint256 now_) = indices();
        int104 own = principals[account];
        return own < 0 ? uint256(-int256(own)) * now_ / INDEX : 0;
    }
    function present(int104 own) internal view returns (int256) {
        if (own >= 0) return int256(uint256(int256(own)) * supplyIndex / INDEX);
        return -int256(uint256(-int256(own)) * borrowIndex / INDEX);
    }
    // Rounded against the account: what it has down, what it owes up.
    function principal(int256 value) internal view returns (int104) {
        if (value >= 0) return int104(int256(uint256(value) * INDEX / supplyIndex));
        return -int104(int256((uint256(-value) * INDEX + borrowIndex - 1) / borrowIndex));
    }
    function settle(address account, int256 value) internal {
        (int104 before, int104 later) = (principals[account], principal(value));
        principals[account] = later;
        totalSupplied = totalSupplied + positive(later) - positive(before);
        totalBorrowed = totalBorrowed + positive(-later) - positive(-before);
    }
    function positive(int104 one) internal pure returns (uint256) { return one > 0 ? uint256(int256(one)) : 0; }

    // ---- Loans, judged by the indices of the last look.
    function isBorrowCollateralized(address account) public view returns (bool) { return stands(account, false); }
    function isLiquidatable(address account) external view returns (bool) { return !stands(account, true); }
    function stands(address account, bool byLiquidation) internal view returns (bool) {
        int104 own = principals[account];
        if (own >= 0) return true;
        int256 left = present(own) * int256(getPrice(baseTokenPriceFeed)) / int256(baseScale);
        for (uint8 at = 0; at < assets.length; at++) {
            if (collateralOf[account] & (1 << at) == 0) continue;
            if (left >= 0) return true;
            AssetInfo memory one = getAssetInfo(at);
            uint256 worth = uint256(collateralBalanceOf[account][one.asset]) * getPrice(one.priceFeed) / one.scale;
            uint256 factor = byLiquidation ? one.liquidateCollateralFactor : one.borrowCollateralFactor;
            left += int256(worth * factor / ONE);
        }
        return left >= 0;
    }

    // ---- In and out.
    function supply(address asset, uint256 amount) external {
        if (isSupplyPaused()) revert Paused();
        if (asset == baseToken) {
            accrue();
            if (amount == type(uint256).max) amount = borrowBalanceOf(msg.sender);
            take(asset, amount);
            return settle(msg.sender, present(principals[msg.sender]) + int256(amount));
        }
        AssetInfo memory one = infoOf(asset);
        take(asset, amount);
        keep(one, collateralBalanceOf[msg.sender][asset] + uint128(amount));
    }
    function withdraw(address asset, uint256 amount) external {
        if (isWithdrawPaused()) revert Paused();
        if (asset == baseToken) {
            accrue();
            if (amount == type(uint256).max) amount = balanceOf(msg.sender);
            int256 value = present(principals[msg.sender]) - int256(amount);
            settle(msg.sender, value);
            if (value < 0) {
                if (uint256(-value) < leastLoan) revert BorrowTooSmall();
                if (!isBorrowCollateralized(msg.sender)) revert NotCollateralized();
            }
        } else {
            keep(infoOf(asset), collateralBalanceOf[msg.sender][asset] - uint128(amount));
            if (!isBorrowCollateralized(msg.sender)) revert NotCollateralized();
        }
        require(aave_MintableERC20(asset).transfer(msg.sender, amount));
    }
    function infoOf(address asset) internal view returns (AssetInfo memory) {
        for (uint8 at = 0; at < assets.length; at++) {
            if (assets[at].asset == asset) return getAssetInfo(at);
        }
        revert BadAsset();
    }
    function take(address asset, uint256 amount) internal {
        require(aave_MintableERC20(asset).transferFrom(msg.sender, address(this), amount));
    }
    function keep(AssetInfo memory one, uint128 amount) internal {
        if (amount > one.supplyCap) revert SupplyCapExceeded();
        collateralBalanceOf[msg.sender][one.asset] = amount;
        uint256 bit = 1 << one.offset;
        collateralOf[msg.sender] = amount == 0 ? collateralOf[msg.sender] & ~bit : collateralOf[msg.sender] | bit;
    }
}
