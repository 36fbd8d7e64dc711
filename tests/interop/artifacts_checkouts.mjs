// Bytecodes of protocols that publish no package: compiled from checkouts of their own source with the compiler they name.
// LIFEBOAT_CHECKOUTS names a folder with one checkout a repository, each under the repository's name (see the list of
// calls below); what is not there is skipped and said. Called by artifacts.mjs; nothing of it may be committed.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export function checkouts({ compiled, tree, modules, published, emit }) {
  published('oz_ERC1967Proxy', '@openzeppelin/contracts/build/contracts/ERC1967Proxy.json');
  const root = process.env.LIFEBOAT_CHECKOUTS;
  if (!root) return console.log('SKIPPED: LIFEBOAT_CHECKOUTS names no folder of checkouts');
  /** Runs `make` where all of `repositories` are there. */
  const from = (repositories, make) => {
    const missing = repositories.filter((one) => !fs.existsSync(path.join(root, one.split('/')[1])));
    if (missing.length) return console.log(`SKIPPED: no checkout of ${missing.join(', ')}`);
    return make(`gh ${repositories.join(', ')}`);
  };
  const at = (repository, folder = 'src', prefix = '') => tree(path.join(root, repository), folder, prefix);
  const plain = { optimizer: { enabled: true, runs: 200 } };

  // Maker. dss names solc 0.6.12; the manager, the proxies and their actions 0.5.12.
  from(['makerdao/dss', 'makerdao/ilk-registry'], (source) => {
    const files = at('dss', 'src', 'dss/');
    const all = [['Vat', 'vat'], ['Jug', 'jug'], ['Spotter', 'spot'], ['GemJoin', 'join'], ['DaiJoin', 'join'], ['Dai', 'dai'], ['Dog', 'dog'], ['Cat', 'cat'], ['Pot', 'pot']];
    compiled('solc6', plain, files, all.map(([name, file]) => [`maker_${name}`, `dss/src/${file}.sol`, name]), `${source}, solc 0.6.12`);
    compiled('solc6', plain, at('ilk-registry'), [['maker_IlkRegistry', 'src/IlkRegistry.sol', 'IlkRegistry']], `${source}, solc 0.6.12`);
  });
  from(['makerdao/dss-cdp-manager', 'makerdao/dss-proxy-actions', 'makerdao/proxy-registry', 'dapphub/ds-proxy', 'dapphub/ds-auth', 'dapphub/ds-note'], (source) => {
    const named = (repository) => Object.fromEntries(Object.entries(at(repository)).map(([name, text]) => [`${repository}/${path.basename(name)}`, text]));
    const files = Object.assign({}, ...['dss-cdp-manager', 'dss-proxy-actions', 'proxy-registry', 'ds-proxy', 'ds-auth', 'ds-note'].map(named));
    compiled('solc5', plain, files, [
      ['maker_DssCdpManager', 'dss-cdp-manager/DssCdpManager.sol', 'DssCdpManager'], ['maker_GetCdps', 'dss-cdp-manager/GetCdps.sol', 'GetCdps'],
      ['maker_DssProxyActions', 'dss-proxy-actions/DssProxyActions.sol', 'DssProxyActions'],
      ['maker_DssProxyActionsDsr', 'dss-proxy-actions/DssProxyActions.sol', 'DssProxyActionsDsr'], ['maker_ProxyRegistry', 'proxy-registry/ProxyRegistry.sol', 'ProxyRegistry'],
      ['maker_DSProxyFactory', 'ds-proxy/proxy.sol', 'DSProxyFactory'],
    ], `${source}, solc 0.5.12`);
  });
  from(['makerdao/dsr-manager'], (source) => {
    compiled('solc5', plain, at('dsr-manager'), [['maker_DsrManager', 'src/DsrManager.sol', 'DsrManager']], `${source}, solc 0.5.12`);
  });
  // Of the price's source the delayed price only needs the interface.
  from(['makerdao/osm'], (source) => {
    const files = { ...at('osm'), 'ds-value/value.sol': `pragma solidity >=0.5.10;
contract DSValue { bytes32 val; bool has; function peek() public view returns (bytes32, bool) { return (val, has); } function poke(bytes32 one) external { val = one; has = true; } }` };
    compiled('solc5', plain, files, [['maker_OSM', 'src/osm.sol', 'OSM'], ['maker_DSValue', 'ds-value/value.sol', 'DSValue']], `${source}, solc 0.5.12`);
  });
  from(['makerdao/usds', 'makerdao/usds-wrappers', 'makerdao/dss-lite-psm', 'makerdao/sdai'], (source) => {
    const oz = { ...tree(modules, 'oz5up', '', /\.sol$/), ...tree(modules, 'oz5', '', /\.sol$/) };
    const renamed = Object.fromEntries(Object.entries(oz).map(([name, text]) => [name.replace(/^oz5up\//, '@openzeppelin/contracts-upgradeable/').replace(/^oz5\//, '@openzeppelin/contracts/'), text]));
    const files = { ...renamed, ...at('usds', 'src', 'usds/'), ...at('usds-wrappers', 'src', 'wrappers/'), ...at('sdai', 'src', 'sdai/') };
    compiled('solc21', plain, files, [
      ['sky_Usds', 'usds/src/Usds.sol', 'Usds'], ['sky_UsdsJoin', 'usds/src/UsdsJoin.sol', 'UsdsJoin'], ['sky_DaiUsds', 'usds/src/DaiUsds.sol', 'DaiUsds'],
      ['sky_UsdsPsmWrapper', 'wrappers/src/UsdsPsmWrapper.sol', 'UsdsPsmWrapper'], ['sky_SavingsDai', 'sdai/src/SavingsDai.sol', 'SavingsDai'],
    ], `${source}, solc 0.8.21`);
    compiled('solc16', plain, at('dss-lite-psm'), [['sky_DssLitePsm', 'src/DssLitePsm.sol', 'DssLitePsm']], `${source}, solc 0.8.16`);
  });

  // Rocket Pool: its token and its storage; who tells the balances and keeps the deposits is a stand-in.
  from(['rocket-pool/rocketpool'], (source) => {
    const oz = Object.fromEntries(Object.entries(tree(modules, 'oz34')).map(([name, text]) => [name.replace(/^oz34\//, '@openzeppelin/contracts/'), text]));
    const files = { ...oz, ...at('rocketpool', 'contracts'), 'StandIn.sol': `// SPDX-License-Identifier: MIT
pragma solidity 0.7.6;
interface IReth { function mint(uint256 amount, address to) external; }
contract StandIn {
  uint256 public getTotalETHBalance; uint256 public getTotalRETHSupply;
  function set(uint256 eth, uint256 reth) external { getTotalETHBalance = eth; getTotalRETHSupply = reth; }
  function mint(IReth reth, uint256 amount, address to) external { reth.mint(amount, to); }
  function getExcessBalance() external view returns (uint256) { return address(this).balance; }
  function withdrawExcessBalance(uint256 amount) external { (bool ok,) = msg.sender.call{value: amount}(""); require(ok); }
  receive() external payable {}
}` };
    compiled('solc76', plain, files, [
      ['rocket_RocketStorage', 'contracts/contract/RocketStorage.sol', 'RocketStorage'],
      ['rocket_RocketTokenRETH', 'contracts/contract/token/RocketTokenRETH.sol', 'RocketTokenRETH'], ['rocket_StandIn', 'StandIn.sol', 'StandIn'],
    ], `${source}, solc 0.7.6`);
  });

  // Ethena, on OpenZeppelin 4.9.
  from(['ethena-labs/bbp-public-assets'], (source) => {
    const files = { ...tree(modules, '@openzeppelin/contracts'), ...at('bbp-public-assets', 'contracts/contracts') };
    compiled('solc20', { ...plain, evmVersion: 'paris' }, files, [
      ['ethena_USDe', 'contracts/contracts/USDe.sol', 'USDe'], ['ethena_StakedUSDeV2', 'contracts/contracts/StakedUSDeV2.sol', 'StakedUSDeV2'],
    ], `${source}, solc 0.8.20`);
  });

  // Liquity v1, whole; the price is set by hand, or told by its own feed over a source that is set by hand.
  from(['liquity/dev'], (source) => {
    const all = ['ActivePool', 'BorrowerOperations', 'CollSurplusPool', 'DefaultPool', 'GasPool', 'LUSDToken', 'SortedTroves', 'StabilityPool', 'TroveManager'];
    const wanted = all.map((name) => [name, `${name}.sol`]).concat([
      ['CommunityIssuance', 'LQTY/CommunityIssuance.sol'], ['LQTYStaking', 'LQTY/LQTYStaking.sol'], ['LQTYToken', 'LQTY/LQTYToken.sol'],
      ['LockupContractFactory', 'LQTY/LockupContractFactory.sol'], ['PriceFeedTestnet', 'TestContracts/PriceFeedTestnet.sol'],
      ['PriceFeed', 'PriceFeed.sol'], ['MockAggregator', 'TestContracts/MockAggregator.sol'],
      ['MockTellor', 'TestContracts/MockTellor.sol'], ['TellorCaller', 'Dependencies/TellorCaller.sol'],
    ]);
    const folder = 'packages/contracts/contracts';
    compiled('solc611', { optimizer: { enabled: true, runs: 100 } }, at('dev', folder),
      wanted.map(([name, file]) => [`liquity_${name}`, `${folder}/${file}`, name]), `${source}, solc 0.6.11`);
  });

  // Convex: the reward pool; what stands behind it is a stand-in that hands the shares over.
  from(['convex-eth/platform'], (source) => {
    const oz = Object.fromEntries(Object.entries(tree(modules, 'oz34')).map(([name, text]) => [name.replace(/^oz34\//, '@openzeppelin/contracts/'), text]));
    const files = { ...oz, ...at('platform', 'contracts/contracts'), 'StandIn.sol': `// SPDX-License-Identifier: MIT
pragma solidity 0.6.12;
interface IToken { function transfer(address to, uint256 value) external returns (bool); }
interface IPool { function queueNewRewards(uint256 amount) external returns (bool); }
contract Operator {
  IToken share;
  constructor(IToken one) public { share = one; }
  function withdrawTo(uint256, uint256 amount, address to) external returns (bool) { return share.transfer(to, amount); }
  function rewardClaimed(uint256, address, uint256) external pure returns (bool) { return true; }
  function queue(IPool pool, uint256 amount) external { pool.queueNewRewards(amount); }
}` };
    compiled('solc6', plain, files, [
      ['convex_BaseRewardPool', 'contracts/contracts/BaseRewardPool.sol', 'BaseRewardPool'], ['convex_Operator', 'StandIn.sol', 'Operator'],
    ], `${source}, solc 0.6.12`);
  });

  // Curve's 3pool and its share token. They name Vyper 0.2.4, which no longer runs on a Python of today: LIFEBOAT_VYPER
  // names a vyper 0.3.10 (pip install vyper==0.3.10). For its stricter types the count of coins is written out.
  from(['curvefi/curve-contract'], (source) => {
    const vyper = process.env.LIFEBOAT_VYPER;
    if (!vyper) return console.log('SKIPPED: curve (LIFEBOAT_VYPER names no vyper 0.3.10)');
    const contracts = [['curve_StableSwap3Pool', 'pools/3pool/StableSwap3Pool.vy'], ['curve_CurveTokenV2', 'tokens/CurveTokenV2.vy']];
    for (const [name, file] of contracts) {
      const text = fs.readFileSync(path.join(root, 'curve-contract/contracts', file), 'utf8')
        .replace(/# @version .*/, '# @version ^0.3.0').replace(/^N_COINS: constant.*$/m, '').replace(/\bN_COINS\b/g, '3');
      const place = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'curve-')), path.basename(file));
      fs.writeFileSync(place, text);
      const code = execFileSync(vyper, ['--evm-version', 'shanghai', '-f', 'bytecode', place], { stdio: ['ignore', 'pipe', 'ignore'] });
      emit(name, code.toString().trim(), [], `${source}, vyper 0.3.10`);
    }
    return undefined;
  });
}
