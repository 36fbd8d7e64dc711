// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity 0.8.20;

// Contracts of the practice network: wrapped ether, and a lending market to drill exits on. The market answers the calls
// of Aave v3 that Lifeboat makes and computes with Aave's rounding; it was written for drills and holds nothing of worth.
// What it leaves out: liquidations, e-mode, isolation, rewards, transfers of shares. Anybody may move its prices.

interface Token {
    function balanceOf(address owner) external view returns (uint256);
    function transfer(address to, uint256 amount) external returns (bool);
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
}

contract PracticeWeth {
    string public constant name = "Wrapped Practice Ether";
    string public constant symbol = "WETH";
    uint8 public constant decimals = 18;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    event Approval(address indexed src, address indexed guy, uint256 wad);
    event Transfer(address indexed src, address indexed dst, uint256 wad);
    event Deposit(address indexed dst, uint256 wad);
    event Withdrawal(address indexed src, uint256 wad);

    receive() external payable {
        deposit();
    }

    function deposit() public payable {
        balanceOf[msg.sender] += msg.value;
        emit Deposit(msg.sender, msg.value);
    }

    function withdraw(uint256 wad) external {
        balanceOf[msg.sender] -= wad;
        (bool paid, ) = msg.sender.call{value: wad}("");
        require(paid, "ether was refused");
        emit Withdrawal(msg.sender, wad);
    }

    function totalSupply() external view returns (uint256) {
        return address(this).balance;
    }

    function approve(address guy, uint256 wad) external returns (bool) {
        allowance[msg.sender][guy] = wad;
        emit Approval(msg.sender, guy, wad);
        return true;
    }

    function transfer(address dst, uint256 wad) external returns (bool) {
        return transferFrom(msg.sender, dst, wad);
    }

    function transferFrom(address src, address dst, uint256 wad) public returns (bool) {
        if (src != msg.sender && allowance[src][msg.sender] != type(uint256).max) {
            allowance[src][msg.sender] -= wad;
        }
        balanceOf[src] -= wad;
        balanceOf[dst] += wad;
        emit Transfer(src, dst, wad);
        return true;
    }
}

// What somebody supplied or owes in one reserve. The receipt token also holds the reserve's assets. Each is an EIP-1167
// clone of one contract, because code costs gas by the byte.
contract PracticeShare {
    PracticeMarket public POOL;
    bool public isDebt;
    address public UNDERLYING_ASSET_ADDRESS;
    string public symbol;
    uint8 public constant decimals = 18;
    uint256 public scaledTotalSupply;
    mapping(address => uint256) public scaledBalanceOf;

    event Transfer(address indexed from, address indexed to, uint256 value);

    function begin(address asset, bool debt, string memory symbol_) external {
        require(address(POOL) == address(0), "begun already");
        POOL = PracticeMarket(msg.sender);
        UNDERLYING_ASSET_ADDRESS = asset;
        isDebt = debt;
        symbol = symbol_;
    }

    function name() external view returns (string memory) {
        return string.concat("Practice market ", symbol);
    }

    modifier onlyPool() {
        require(msg.sender == address(POOL), "23");
        _;
    }

    function balanceOf(address user) external view returns (uint256) {
        return POOL.rayMul(scaledBalanceOf[user], index());
    }

    function totalSupply() external view returns (uint256) {
        return POOL.rayMul(scaledTotalSupply, index());
    }

    function index() public view returns (uint256) {
        return isDebt
            ? POOL.getReserveNormalizedVariableDebt(UNDERLYING_ASSET_ADDRESS)
            : POOL.getReserveNormalizedIncome(UNDERLYING_ASSET_ADDRESS);
    }

    function mint(address user, uint256 amount) external onlyPool {
        uint256 scaled = POOL.rayDiv(amount, index());
        scaledBalanceOf[user] += scaled;
        scaledTotalSupply += scaled;
        emit Transfer(address(0), user, amount);
    }

    function burn(address user, uint256 amount) external onlyPool {
        uint256 scaled = POOL.rayDiv(amount, index());
        scaledBalanceOf[user] -= scaled;
        scaledTotalSupply -= scaled;
        emit Transfer(user, address(0), amount);
    }

    function pay(address to, uint256 amount) external onlyPool {
        require(Token(UNDERLYING_ASSET_ADDRESS).transfer(to, amount), "the asset did not move");
    }
}

contract PracticeMarket {
    uint256 private constant RAY = 1e27;

    struct ReserveData {
        uint256 configuration;
        uint128 liquidityIndex;
        uint128 currentLiquidityRate;
        uint128 variableBorrowIndex;
        uint128 currentVariableBorrowRate;
        uint128 currentStableBorrowRate;
        uint40 lastUpdateTimestamp;
        uint16 id;
        address aTokenAddress;
        address stableDebtTokenAddress;
        address variableDebtTokenAddress;
        address interestRateStrategyAddress;
        uint128 accruedToTreasury;
        uint128 unbacked;
        uint128 isolationModeTotalDebt;
    }

    event Supply(address indexed reserve, address user, address indexed onBehalfOf, uint256 amount, uint16 indexed referralCode);
    event Withdraw(address indexed reserve, address indexed user, address indexed to, uint256 amount);
    event Borrow(address indexed reserve, address user, address indexed onBehalfOf, uint256 amount, uint8 interestRateMode, uint256 borrowRate, uint16 indexed referralCode);
    event Repay(address indexed reserve, address indexed user, address indexed repayer, uint256 amount, bool useATokens);
    event AssetPriceUpdated(address indexed asset, uint256 price, uint256 timestamp);

    address[] private list;
    mapping(address => ReserveData) private reserves;
    mapping(address => uint256) public getAssetPrice;
    mapping(address => uint256) private configuration;

    // Each asset counts as collateral up to 80 % and may be borrowed against up to 75 %.
    constructor(address share, address[] memory assets, string[] memory symbols, uint256[] memory prices) {
        for (uint256 i = 0; i < assets.length; i++) {
            address asset = assets[i];
            list.push(asset);
            ReserveData storage one = reserves[asset];
            one.configuration = 7500 | (8000 << 16) | (10500 << 32) | (18 << 48) | (1 << 56) | (1 << 58);
            one.liquidityIndex = uint128(RAY);
            one.variableBorrowIndex = uint128(RAY);
            one.currentLiquidityRate = uint128(RAY / 50);
            one.currentVariableBorrowRate = uint128(RAY / 20);
            one.lastUpdateTimestamp = uint40(block.timestamp);
            one.id = uint16(i);
            one.aTokenAddress = clone(share, asset, false, string.concat("a", symbols[i]));
            one.variableDebtTokenAddress = clone(share, asset, true, string.concat("debt", symbols[i]));
            getAssetPrice[asset] = prices[i];
        }
    }

    function clone(address share, address asset, bool debt, string memory symbol) private returns (address made) {
        bytes memory code = abi.encodePacked(hex"3d602d80600a3d3981f3363d3d373d3d3d363d73", share, hex"5af43d82803e903d91602b57fd5bf3");
        assembly {
            made := create(0, add(code, 0x20), mload(code))
        }
        PracticeShare(made).begin(asset, debt, symbol);
    }

    // Prices, in US dollars with 8 decimals. For drills: anybody may move them.
    function setAssetPrice(address asset, uint256 price) external {
        getAssetPrice[asset] = price;
        emit AssetPriceUpdated(asset, price, block.timestamp);
    }

    function ADDRESSES_PROVIDER() external view returns (address) {
        return address(this);
    }

    function getPriceOracle() external view returns (address) {
        return address(this);
    }

    function getPool() external view returns (address) {
        return address(this);
    }

    function getReservesList() external view returns (address[] memory) {
        return list;
    }

    function getReserveData(address asset) external view returns (ReserveData memory) {
        return reserves[asset];
    }

    function getUserConfiguration(address user) external view returns (uint256) {
        return configuration[user];
    }

    function getUserEMode(address) external pure returns (uint256) {
        return 0;
    }

    function getReserveNormalizedIncome(address asset) public view returns (uint256) {
        return grown(asset, reserves[asset].currentLiquidityRate);
    }

    function getReserveNormalizedVariableDebt(address asset) public view returns (uint256) {
        return grown(asset, reserves[asset].currentVariableBorrowRate);
    }

    // Interest is simple, at fixed rates, from the market's first second on.
    function grown(address asset, uint256 rate) private view returns (uint256) {
        return RAY + (rate * (block.timestamp - reserves[asset].lastUpdateTimestamp)) / 365 days;
    }

    function getUserAccountData(address user)
        public
        view
        returns (uint256 collateral, uint256 debt, uint256 availableBorrows, uint256 threshold, uint256 ltv, uint256 healthFactor)
    {
        uint256 weighted;
        (collateral, weighted, debt) = totals(user);
        threshold = collateral == 0 ? 0 : weighted / collateral;
        ltv = collateral == 0 ? 0 : 7500;
        uint256 most = percentMul(collateral, ltv);
        availableBorrows = most > debt ? most - debt : 0;
        healthFactor = debt == 0 ? type(uint256).max : (percentMul(collateral, threshold) * 1e18 + debt / 2) / debt;
    }

    function totals(address user) private view returns (uint256 collateral, uint256 weighted, uint256 debt) {
        uint256 word = configuration[user];
        for (uint256 i = 0; i < list.length; i++) {
            ReserveData storage one = reserves[list[i]];
            uint256 price = getAssetPrice[list[i]];
            if ((word >> (2 * i + 1)) & 1 == 1) {
                uint256 worth = (PracticeShare(one.aTokenAddress).balanceOf(user) * price) / 1e18;
                collateral += worth;
                weighted += worth * ((one.configuration >> 16) & 0xffff);
            }
            if ((word >> (2 * i)) & 1 == 1) {
                debt += (PracticeShare(one.variableDebtTokenAddress).balanceOf(user) * price) / 1e18;
            }
        }
    }

    function supply(address asset, uint256 amount, address onBehalfOf, uint16 referralCode) external {
        ReserveData storage one = known(asset, amount);
        take(one, asset, amount);
        PracticeShare(one.aTokenAddress).mint(onBehalfOf, amount);
        configuration[onBehalfOf] |= 1 << (2 * one.id + 1);
        emit Supply(asset, msg.sender, onBehalfOf, amount, referralCode);
    }

    function withdraw(address asset, uint256 amount, address to) external returns (uint256) {
        ReserveData storage one = known(asset, amount);
        PracticeShare receipt = PracticeShare(one.aTokenAddress);
        uint256 all = receipt.balanceOf(msg.sender);
        if (amount == type(uint256).max) amount = all;
        require(amount <= all, "32");
        receipt.burn(msg.sender, amount);
        if (amount == all) configuration[msg.sender] &= ~(uint256(1) << (2 * one.id + 1));
        requireHealth(msg.sender);
        receipt.pay(to, amount);
        emit Withdraw(asset, msg.sender, to, amount);
        return amount;
    }

    function borrow(address asset, uint256 amount, uint256 interestRateMode, uint16 referralCode, address onBehalfOf) external {
        require(interestRateMode == 2 && onBehalfOf == msg.sender, "33");
        ReserveData storage one = known(asset, amount);
        (, , uint256 available, , , ) = getUserAccountData(msg.sender);
        require((amount * getAssetPrice[asset]) / 1e18 <= available, "36");
        PracticeShare(one.variableDebtTokenAddress).mint(msg.sender, amount);
        configuration[msg.sender] |= 1 << (2 * one.id);
        PracticeShare(one.aTokenAddress).pay(msg.sender, amount);
        emit Borrow(asset, msg.sender, onBehalfOf, amount, 2, one.currentVariableBorrowRate, referralCode);
    }

    function repay(address asset, uint256 amount, uint256 interestRateMode, address onBehalfOf) external returns (uint256) {
        ReserveData storage one = known(asset, amount);
        amount = settle(one, amount, interestRateMode, onBehalfOf);
        take(one, asset, amount);
        emit Repay(asset, onBehalfOf, msg.sender, amount, false);
        return amount;
    }

    function repayWithATokens(address asset, uint256 amount, uint256 interestRateMode) external returns (uint256) {
        ReserveData storage one = known(asset, amount);
        uint256 all = PracticeShare(one.aTokenAddress).balanceOf(msg.sender);
        amount = settle(one, amount < all ? amount : all, interestRateMode, msg.sender);
        PracticeShare(one.aTokenAddress).burn(msg.sender, amount);
        if (amount == all) configuration[msg.sender] &= ~(uint256(1) << (2 * one.id + 1));
        requireHealth(msg.sender);
        emit Repay(asset, msg.sender, msg.sender, amount, true);
        return amount;
    }

    function known(address asset, uint256 amount) private view returns (ReserveData storage one) {
        one = reserves[asset];
        require(one.aTokenAddress != address(0), "27");
        require(amount != 0, "26");
    }

    function take(ReserveData storage one, address asset, uint256 amount) private {
        require(Token(asset).transferFrom(msg.sender, one.aTokenAddress, amount), "the asset did not move");
    }

    function settle(ReserveData storage one, uint256 amount, uint256 mode, address user) private returns (uint256) {
        require(mode == 2, "33");
        PracticeShare owed = PracticeShare(one.variableDebtTokenAddress);
        uint256 all = owed.balanceOf(user);
        require(all != 0, "39");
        if (amount > all) amount = all;
        owed.burn(user, amount);
        if (amount == all) configuration[user] &= ~(uint256(1) << (2 * one.id));
        return amount;
    }

    function requireHealth(address user) private view {
        (, , , , , uint256 factor) = getUserAccountData(user);
        require(factor >= 1e18, "35");
    }

    function percentMul(uint256 value, uint256 percentage) private pure returns (uint256) {
        return (value * percentage + 5000) / 10000;
    }

    // Half up, as in Aave's WadRayMath.
    function rayMul(uint256 a, uint256 b) public pure returns (uint256) {
        return (a * b + RAY / 2) / RAY;
    }

    function rayDiv(uint256 a, uint256 b) public pure returns (uint256) {
        return (a * RAY + b / 2) / b;
    }
}
