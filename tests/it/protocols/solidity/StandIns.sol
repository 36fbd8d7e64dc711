// SPDX-License-Identifier: MIT
// Contracts that behave to a caller as those of protocols whose bytecode is not published: the functions that Lifeboat
// calls, with the refusals that matter. Compiled by compile.sh into ../bytecode/StandIns.json.
pragma solidity 0.8.28;

contract Token {
    string public symbol;
    uint8 public constant decimals = 18;
    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;

    constructor(string memory name) { symbol = name; }
    function mint(address to, uint256 amount) public virtual { balanceOf[to] += amount; totalSupply += amount; }
    function burn(address from, uint256 amount) public { balanceOf[from] -= amount; totalSupply -= amount; }
    function approve(address spender, uint256 amount) external returns (bool) { allowance[msg.sender][spender] = amount; return true; }
    function transfer(address to, uint256 amount) public virtual returns (bool) { balanceOf[msg.sender] -= amount; balanceOf[to] += amount; return true; }
    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        allowance[from][msg.sender] -= amount; balanceOf[from] -= amount; balanceOf[to] += amount; return true;
    }
}

// ---- A token that pays somebody nothing: it reverts, burns all gas, or asks for state without end.
contract Grudge is Token("GRUDGE") {
    mapping(address => uint256) public barred;
    function bar(address who, uint256 how) external { barred[who] = how; }
    function transfer(address to, uint256 amount) public override returns (bool) {
        require(barred[to] != 1, "not to you");
        if (barred[to] == 2) assembly { invalid() }
        if (barred[to] == 3) for (uint160 next = 1; ; next++) if (barred[address(next)] == 77) break;
        return super.transfer(to, amount);
    }
}

// ---- A token that does not say what one spender may take of it.
contract Sulk {
    string public constant symbol = "SULK";
    uint8 public constant decimals = 18;
    address immutable shy;
    constructor(address spender) { shy = spender; }
    function balanceOf(address) external pure returns (uint256) { return 5e18; }
    function allowance(address, address spender) external view returns (uint256) { require(spender != shy, "no answer"); return 0; }
}

// ---- A collection of which there may be many of each (ERC-1155): it counts nobody's.
contract Items {
    mapping(address => mapping(address => bool)) public isApprovedForAll;
    function setApprovalForAll(address operator, bool approved) external { isApprovedForAll[msg.sender][operator] = approved; }
}

// ---- ether.fi: one share of eETH is 1.1 eETH, of which weETH is one share.
contract EEth is Token("eETH") {
    function shares(address user) external view returns (uint256) { return balanceOf[user] * 10 / 11; }
}

contract WeEth is Token("weETH") {
    EEth immutable eeth;
    constructor(EEth one) { eeth = one; }
    function getEETHByWeETH(uint256 amount) public pure returns (uint256) { return amount * 11 / 10; }
    function unwrap(uint256 amount) external returns (uint256) {
        burn(msg.sender, amount); eeth.mint(msg.sender, getEETHByWeETH(amount)); return getEETHByWeETH(amount);
    }
}

contract Requests {
    struct Request { uint96 amountOfEEth; uint96 shareOfEEth; bool isValid; uint32 feeGwei; }
    mapping(uint256 => address) owners;
    mapping(uint256 => Request) requests;
    mapping(address => uint256) public balanceOf;
    uint256 public next = 1;
    uint256 public done;
    function make(address to, uint256 amount) external returns (uint256 id) {
        id = next++; owners[id] = to; balanceOf[to]++; requests[id] = Request(uint96(amount), uint96(amount), true, 0);
    }
    function finalizeTo(uint256 id) external { done = id; }
    function ownerOf(uint256 id) public view returns (address) { require(owners[id] != address(0), "ERC721: invalid token ID"); return owners[id]; }
    function getRequest(uint256 id) external view returns (Request memory) { return requests[id]; }
    function isFinalized(uint256 id) public view returns (bool) { return id <= done; }
    function getClaimableAmount(uint256 id) public view returns (uint256) { require(isFinalized(id), "Request is not finalized"); return requests[id].amountOfEEth; }
    function claimWithdraw(uint256 id) external {
        require(ownerOf(id) == msg.sender, "Not the owner of the NFT");
        uint256 amount = getClaimableAmount(id);
        delete owners[id]; balanceOf[msg.sender]--;
        payable(msg.sender).transfer(amount);
    }
    receive() external payable {}
}

contract EtherFiPool {
    EEth immutable eeth; Requests immutable requests;
    constructor(EEth one, Requests two) { eeth = one; requests = two; }
    function requestWithdraw(address recipient, uint256 amount) external returns (uint256) {
        eeth.transferFrom(msg.sender, address(this), amount); return requests.make(recipient, amount);
    }
}

contract EtherFiAdapter {
    WeEth immutable weeth; Requests immutable requests;
    constructor(WeEth one, Requests two) { weeth = one; requests = two; }
    function requestWithdraw(uint256 amount, address recipient) external returns (uint256) {
        weeth.transferFrom(msg.sender, address(this), amount); return requests.make(recipient, weeth.getEETHByWeETH(amount));
    }
}

contract Redemption {
    address constant ETHER = 0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE;
    EEth immutable eeth; WeEth immutable weeth;
    constructor(EEth one, WeEth two) { eeth = one; weeth = two; }
    function canRedeem(uint256 amount, address token) public view returns (bool) { return token == ETHER && amount <= address(this).balance; }
    function previewRedeem(uint256 shares, address) public pure returns (uint256) { return shares * 11 / 10 * 99 / 100; }
    function redeemEEth(uint256 amount, address to, address token) external {
        require(canRedeem(amount, token)); eeth.transferFrom(msg.sender, address(this), amount);
        payable(to).transfer(previewRedeem(amount * 10 / 11, token));
    }
    function redeemWeEth(uint256 amount, address to, address token) external {
        require(canRedeem(weeth.getEETHByWeETH(amount), token)); weeth.transferFrom(msg.sender, address(this), amount);
        payable(to).transfer(previewRedeem(amount, token));
    }
    receive() external payable {}
}

// ---- Liquity v2: one branch in one contract, troves opened by their owner or for them.
contract Branch {
    struct Data { uint256 entireDebt; uint256 entireColl; uint256 a; uint256 b; uint256 c; uint256 d; uint256 annualInterestRate; uint256 e; uint256 f; uint256 g; }
    Token immutable bold; Token immutable coll;
    uint256 public constant MCR = 1.1e18;
    bool public hasBeenShutDown;
    uint256 price = 2000e18;
    mapping(uint256 => Data) troves; mapping(uint256 => address) owners;
    mapping(address => uint256) public balanceOf;
    mapping(address => uint256) deposits; mapping(address => uint256) gains;
    mapping(address => uint256) public stashedColl;
    constructor(Token one, Token two) { bold = one; coll = two; }
    function openTrove(address owner, uint256 index, uint256 debt, uint256 amount) external returns (uint256 id) {
        id = uint256(keccak256(abi.encode(msg.sender, owner, index)));
        coll.mint(address(this), amount); bold.mint(owner, debt);
        owners[id] = owner; balanceOf[owner]++;
        troves[id].entireDebt = debt; troves[id].entireColl = amount; troves[id].annualInterestRate = 0.05e18;
    }
    mapping(uint256 => address) public interestBatchManagerOf;
    function setPrice(uint256 value) external { price = value; }
    function shutDown() external { hasBeenShutDown = true; }
    function fetchPrice() external returns (uint256, bool) { price = price; return (price, false); }
    function ownerOf(uint256 id) public view returns (address) { require(owners[id] != address(0), "ERC721: invalid token ID"); return owners[id]; }
    function getTroveStatus(uint256 id) external view returns (uint8) { return owners[id] == address(0) ? 0 : 1; }
    function getLatestTroveData(uint256 id) external view returns (Data memory) { return troves[id]; }
    function repayBold(uint256 id, uint256 amount) external { bold.burn(msg.sender, amount); troves[id].entireDebt -= amount; }
    function closeTrove(uint256 id) external {
        require(ownerOf(id) == msg.sender, "not owner");
        bold.burn(msg.sender, troves[id].entireDebt); coll.transfer(msg.sender, troves[id].entireColl);
        delete owners[id]; delete troves[id]; balanceOf[msg.sender]--;
    }
    function provide(address who, uint256 amount, uint256 gain, uint256 stashed) external {
        bold.mint(address(this), amount); coll.mint(address(this), gain + stashed);
        deposits[who] = amount; gains[who] = gain; stashedColl[who] = stashed;
    }
    function getCompoundedBoldDeposit(address who) external view returns (uint256) { return deposits[who]; }
    function getDepositorYieldGain(address) external pure returns (uint256) { return 0; }
    function getDepositorCollGain(address who) external view returns (uint256) { return gains[who]; }
    function withdrawFromSP(uint256 amount, bool claim) external {
        require(deposits[msg.sender] > 0, "StabilityPool: User must have a non-zero deposit");
        uint256 out = amount < deposits[msg.sender] ? amount : deposits[msg.sender];
        deposits[msg.sender] -= out; bold.transfer(msg.sender, out);
        uint256 gain = gains[msg.sender]; gains[msg.sender] = 0; stashedColl[msg.sender] += gain;
        if (claim) { coll.transfer(msg.sender, stashedColl[msg.sender]); stashedColl[msg.sender] = 0; }
    }
    function claimAllCollGains() external {
        require(deposits[msg.sender] == 0, "StabilityPool: User must have no deposit");
        coll.transfer(msg.sender, stashedColl[msg.sender]); stashedColl[msg.sender] = 0;
    }
}

// ---- EigenLayer: one strategy whose share is two tokens.
contract Strategy {
    Token public immutable underlyingToken;
    constructor(Token one) { underlyingToken = one; }
    function sharesToUnderlyingView(uint256 shares) external pure returns (uint256) { return shares * 2; }
    function pay(address to, uint256 shares) external { underlyingToken.transfer(to, shares * 2); }
}

contract Delegation {
    struct Withdrawal { address staker; address delegatedTo; address withdrawer; uint256 nonce; uint32 startBlock; address[] strategies; uint256[] scaledShares; }
    struct Params { address[] strategies; uint256[] depositShares; address unused; }
    Strategy immutable strategy;
    uint32 public constant minWithdrawalDelayBlocks = 5;
    mapping(address => uint256) deposited; mapping(address => Withdrawal[]) queue; uint256 nonces;
    constructor(Strategy one) { strategy = one; }
    function deposit(uint256 shares) external { deposited[msg.sender] += shares; }
    function getDepositedShares(address who) external view returns (address[] memory strategies, uint256[] memory shares) {
        uint256 n = deposited[who] == 0 ? 0 : 1;
        strategies = new address[](n); shares = new uint256[](n);
        if (n == 1) { strategies[0] = address(strategy); shares[0] = deposited[who]; }
    }
    // A tenth was slashed.
    function getWithdrawableShares(address who, address[] memory all) external view returns (uint256[] memory a, uint256[] memory b) {
        a = new uint256[](all.length); b = new uint256[](all.length);
        for (uint256 i = 0; i < all.length; i++) { a[i] = deposited[who] * 9 / 10; b[i] = deposited[who]; }
    }
    function getQueuedWithdrawals(address who) external view returns (Withdrawal[] memory all, uint256[][] memory shares) {
        all = queue[who]; shares = new uint256[][](all.length);
        for (uint256 i = 0; i < all.length; i++) shares[i] = all[i].scaledShares;
    }
    function queueWithdrawals(Params[] calldata all) external returns (bytes32[] memory roots) {
        roots = new bytes32[](all.length);
        for (uint256 i = 0; i < all.length; i++) {
            deposited[msg.sender] -= all[i].depositShares[0];
            Withdrawal storage one = queue[msg.sender].push();
            one.staker = msg.sender; one.withdrawer = msg.sender; one.nonce = nonces++; one.startBlock = uint32(block.number);
            one.strategies = all[i].strategies; one.scaledShares.push(all[i].depositShares[0] * 9 / 10);
        }
    }
    function completeQueuedWithdrawal(Withdrawal calldata one, address[] calldata tokens, bool) external {
        require(tokens[0] == address(strategy.underlyingToken()), "TokenNotWhitelisted()");
        require(block.number > one.startBlock + minWithdrawalDelayBlocks, "WithdrawalDelayNotElapsed()");
        Withdrawal[] storage all = queue[msg.sender];
        for (uint256 i = 0; i < all.length; i++) {
            if (all[i].nonce != one.nonce) continue;
            strategy.pay(msg.sender, one.scaledShares[0]);
            all[i] = all[all.length - 1]; all.pop(); return;
        }
        revert("WithdrawalNotQueued()");
    }
}

// ---- Balancer v2: a vault with one weighted pool of two tokens.
contract BalancerPool is Token("BPT") {
    bool public inRecoveryMode;
    function setRecovery(bool on) external { inRecoveryMode = on; }
    function getPoolId() external pure returns (bytes32) { return bytes32(uint256(7)); }
}

contract BalancerVault {
    struct Request { address[] assets; uint256[] minAmountsOut; bytes userData; bool toInternalBalance; }
    BalancerPool immutable pool; Token[2] tokens;
    constructor(BalancerPool one, Token a, Token b) { pool = one; tokens = [a, b]; }
    function getPoolTokens(bytes32) public view returns (address[] memory all, uint256[] memory balances, uint256) {
        all = new address[](2); balances = new uint256[](2);
        for (uint256 i = 0; i < 2; i++) { all[i] = address(tokens[i]); balances[i] = tokens[i].balanceOf(address(this)); }
        return (all, balances, 0);
    }
    function exitPool(bytes32, address sender, address to, Request calldata request) external {
        require(sender == msg.sender, "BAL#401");
        (uint256 kind, uint256 shares) = abi.decode(request.userData, (uint256, uint256));
        // Paused but for the recovery exit.
        require(kind == (pool.inRecoveryMode() ? 255 : 1), "BAL#402");
        (, uint256[] memory balances,) = getPoolTokens(0);
        uint256 total = pool.totalSupply();
        pool.burn(sender, shares);
        for (uint256 i = 0; i < 2; i++) {
            uint256 out = balances[i] * shares / total;
            require(request.assets[i] == address(tokens[i]), "BAL#520");
            require(out >= request.minAmountsOut[i], "BAL#505");
            tokens[i].transfer(to, out);
        }
    }
}

// ---- Pendle: a wrapper (SY) whose rate is set by hand. Principal token, yield token and router are Pendle's own.
contract Wrapper is Token("SY") {
    Token immutable inner;
    uint256 public exchangeRate = 1e18;
    constructor(Token one) { inner = one; }
    function setRate(uint256 rate) external { exchangeRate = rate; }
    function getTokensOut() external view returns (address[] memory all) { all = new address[](1); all[0] = address(inner); }
    function previewRedeem(address, uint256 shares) public view returns (uint256) { return shares * exchangeRate / 1e18; }
    function redeem(address to, uint256 shares, address, uint256 least, bool internally) external returns (uint256 out) {
        burn(internally ? address(this) : msg.sender, shares);
        out = previewRedeem(address(0), shares);
        require(out >= least, "SYInsufficientTokenOut");
        inner.transfer(to, out);
    }
    function getRewardTokens() external pure returns (address[] memory) { return new address[](0); }
    function rewardIndexesCurrent() external pure returns (uint256[] memory) { return new uint256[](0); }
    function rewardIndexesStored() external pure returns (uint256[] memory) { return new uint256[](0); }
    function claimRewards(address) external pure returns (uint256[] memory) { return new uint256[](0); }
}

// ---- A price feed that is told by hand, and what lenders put before or around one.
contract Feed {
    int256 answer; uint256 told;
    uint8 public constant decimals = 8;
    constructor(int256 one, uint256 at) { set(one, at); }
    function set(int256 one, uint256 at) public { answer = one; told = at; }
    function latestAnswer() external view returns (int256) { return answer; }
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) { return (1, answer, told, told, 1); }
}

/// A price without a time that names the feed it goes by, as Aave's capped ones do.
contract CappedFeed {
    Feed public immutable BASE_TO_USD_AGGREGATOR;
    constructor(Feed one) { BASE_TO_USD_AGGREGATOR = one; }
    function latestAnswer() external view returns (int256) { return BASE_TO_USD_AGGREGATOR.latestAnswer(); }
}

/// A price without a time that names nothing.
contract MuteFeed {
    int256 public immutable latestAnswer;
    constructor(int256 one) { latestAnswer = one; }
}

/// As MorphoChainlinkOracleV2 over one feed for the collateral: USDC of 6 decimals for one of 18.
contract MorphoOracle {
    Feed public immutable BASE_FEED_1;
    address public constant BASE_FEED_2 = address(0);
    address public constant QUOTE_FEED_1 = address(0);
    address public constant QUOTE_FEED_2 = address(0);
    constructor(Feed one) { BASE_FEED_1 = one; }
    function price() external view returns (uint256) { return uint256(BASE_FEED_1.latestAnswer()) * 1e16; }
}

// ---- A pool of two coins at a rate set by hand, less 0.04 %: it pays `rate` / 1e18 units of the second for one of the first.
contract RatePool {
    Token[2] public coins; uint256 rate;
    constructor(Token a, Token b, uint256 one) { coins[0] = a; coins[1] = b; rate = one; }
    function setRate(uint256 one) external { rate = one; }
    function balances(uint256 i) external view returns (uint256) { return coins[i].balanceOf(address(this)); }
    function get_dy(int128 i, int128 j, uint256 dx) public view returns (uint256) {
        require(i != j);
        uint256 whole = i == 0 ? dx * rate / 1e18 : dx * 1e18 / rate;
        return whole - whole * 4 / 10000;
    }
    function exchange(int128 i, int128 j, uint256 dx, uint256 min_dy) external payable {
        uint256 dy = get_dy(i, j, dx);
        require(dy >= min_dy, "Exchange resulted in fewer coins than expected");
        coins[uint256(int256(i))].transferFrom(msg.sender, address(this), dx);
        coins[uint256(int256(j))].transfer(msg.sender, dy);
    }
}

/// The same of ether, as the pools have it whose coin is no token, and a token.
contract EtherPool {
    Token immutable coin; uint256 immutable rate;
    constructor(Token one, uint256 told) payable { coin = one; rate = told; }
    function balances(uint256 i) external view returns (uint256) { return i == 0 ? address(this).balance : coin.balanceOf(address(this)); }
    function get_dy(int128 i, int128 j, uint256 dx) public view returns (uint256) {
        require(i != j);
        uint256 whole = i == 0 ? dx * rate / 1e18 : dx * 1e18 / rate;
        return whole - whole * 4 / 10000;
    }
    function exchange(int128 i, int128 j, uint256 dx, uint256 min_dy) external payable {
        uint256 dy = get_dy(i, j, dx);
        require(dy >= min_dy, "Exchange resulted in fewer coins than expected");
        require(msg.value == (i == 0 ? dx : 0));
        if (i == 0) { coin.transfer(msg.sender, dy); return; }
        coin.transferFrom(msg.sender, address(this), dx);
        payable(msg.sender).transfer(dy);
    }
    receive() external payable {}
}

// ---- A vault of the standard form that says what it likes: it calls itself by a listed token's symbol, counts its shares
// as nine times what they are, previews twice that, and pays half of what a share was bought for; or it pays nothing.
contract LiarVault is Token("USDC") {
    Token immutable token;
    uint256 mode;
    constructor(Token one) { token = one; }
    function setMode(uint256 one) external { mode = one; }
    function asset() external view returns (address) { return address(token); }
    function deposit(uint256 assets, address receiver) external returns (uint256) {
        token.transferFrom(msg.sender, address(this), assets); mint(receiver, assets); return assets;
    }
    function convertToAssets(uint256 shares) external view returns (uint256) { require(mode < 2, "closed"); return shares * 9; }
    function previewRedeem(uint256 shares) external view returns (uint256) { require(mode < 2, "closed"); return shares * 18; }
    function maxRedeem(address owner) external view returns (uint256) { require(mode < 2, "closed"); return balanceOf[owner]; }
    function maxWithdraw(address owner) external view returns (uint256) { require(mode < 2, "closed"); return balanceOf[owner] / 2; }
    function redeem(uint256 shares, address receiver, address owner) external returns (uint256) {
        require(mode == 0, "payouts are closed");
        require(owner == msg.sender);
        burn(owner, shares); token.transfer(receiver, shares / 2); return shares * 9;
    }
    function withdraw(uint256 assets, address receiver, address owner) external returns (uint256) {
        require(mode == 0, "payouts are closed");
        require(owner == msg.sender);
        burn(owner, assets * 2); token.transfer(receiver, assets); return assets * 2;
    }
}

// ---- As MorphoChainlinkOracleV2 over a feed and a vault for the collateral (18 digits), against USDC of 6; what it says can be
// bent to something else than its feeds do.
contract RateVault {
    Token public immutable asset;
    constructor(Token one) { asset = one; }
    function convertToAssets(uint256 shares) external pure returns (uint256) { return shares * 11 / 10; }
}

contract MorphoOracleV2 {
    Feed public immutable BASE_FEED_1; RateVault public immutable BASE_VAULT;
    address public constant BASE_FEED_2 = address(0);
    address public constant QUOTE_FEED_1 = address(0);
    address public constant QUOTE_FEED_2 = address(0);
    address public constant QUOTE_VAULT = address(0);
    uint256 public constant BASE_VAULT_CONVERSION_SAMPLE = 1e12;
    uint256 public constant QUOTE_VAULT_CONVERSION_SAMPLE = 1;
    uint256 bent;
    constructor(Feed one, RateVault vault) { BASE_FEED_1 = one; BASE_VAULT = vault; }
    function bend(uint256 parts) external { bent = parts; }
    function price() external view returns (uint256) {
        uint256 all = 1e4 * BASE_VAULT.convertToAssets(BASE_VAULT_CONVERSION_SAMPLE) * uint256(BASE_FEED_1.latestAnswer());
        return all + all * bent / 1000;
    }
}

// ---- Gives a pool of Uniswap v4 fees to share out, as swaps would.
struct V4Key { address currency0; address currency1; uint24 fee; int24 tickSpacing; address hooks; }
interface V4Pools {
    function unlock(bytes calldata data) external returns (bytes memory);
    function donate(V4Key memory key, uint256 amount0, uint256 amount1, bytes calldata hookData) external returns (int256);
    function sync(address currency) external;
    function settle() external payable returns (uint256);
}
contract Donor {
    function give(V4Pools pools, V4Key calldata key, uint256 amount1) external payable {
        pools.unlock(abi.encode(key, msg.value, amount1));
    }
    function unlockCallback(bytes calldata data) external returns (bytes memory) {
        (V4Key memory key, uint256 amount0, uint256 amount1) = abi.decode(data, (V4Key, uint256, uint256));
        V4Pools pools = V4Pools(msg.sender);
        pools.donate(key, amount0, amount1, "");
        pools.settle{value: amount0}();
        pools.sync(key.currency1);
        Token(key.currency1).transfer(msg.sender, amount1);
        pools.settle();
        return "";
    }
}
