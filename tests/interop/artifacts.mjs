// Creation bytecodes of real protocols, for tests/it/protocols: from npm packages as published, or compiled here with
// the compiler and settings that their makers name, from their own source. Nothing of it may be committed: several are
// under BUSL or GPL. Usage: node artifacts.mjs OUTPUT_FOLDER   (see artifacts.sh)
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { maker } from './artifacts_maker.mjs';

const out = process.argv[2];
const require = createRequire(path.join(process.cwd(), 'package.json'));
const modules = path.join(process.cwd(), 'node_modules');
fs.mkdirSync(out, { recursive: true });
const emitted = [];

function emit(name, bytecode, links, source) {
  const code = bytecode.replace(/^0x/, '');
  if (!code) throw new Error(`${name} has no bytecode`);
  fs.writeFileSync(path.join(out, `${name}.json`), JSON.stringify({ bytecode: code, links, source }));
  emitted.push([name, code.length / 2, source]);
}

// Hardhat and Truffle artifacts. Links are [library, byte offset].
function published(name, file) {
  const artifact = JSON.parse(fs.readFileSync(path.join(modules, file)));
  const links = [];
  for (const libraries of Object.values(artifact.linkReferences ?? {})) {
    for (const [library, places] of Object.entries(libraries)) {
      for (const place of places) links.push([library, place.start]);
    }
  }
  let code = typeof artifact.bytecode === 'string' ? artifact.bytecode : artifact.bytecode.object;
  code = code.replace(/__\$[0-9a-f]{34}\$__/g, '0'.repeat(40));
  const parts = file.split('/');
  const pkg = parts[0].startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
  const version = JSON.parse(fs.readFileSync(path.join(modules, pkg, 'package.json'))).version;
  emit(name, code, links, `npm ${pkg}@${version}`);
}

function compiled(compiler, settings, files, wanted, source) {
  const solc = require(compiler);
  // Only what the wanted contracts import, in turn.
  const needed = {};
  const follow = (name) => {
    if (needed[name] || !files[name]) return;
    needed[name] = files[name];
    for (const [, to] of files[name].matchAll(/import[^;]*?["']([^"']+)["']/g)) {
      follow(to.startsWith('.') ? path.posix.join(path.posix.dirname(name), to) : to);
    }
  };
  wanted.forEach(([, file]) => follow(file));
  const sources = Object.fromEntries(Object.entries(needed).map(([name, content]) => [name, { content }]));
  const input = {
    language: 'Solidity', sources,
    settings: { ...settings, outputSelection: { '*': { '*': ['evm.bytecode.object', 'evm.bytecode.linkReferences'] } } },
  };
  const result = JSON.parse(solc.compile(JSON.stringify(input)));
  const errors = (result.errors ?? []).filter((one) => one.severity === 'error');
  if (errors.length) throw new Error(errors.map((one) => one.formattedMessage).join('\n').slice(0, 4000));
  for (const [name, file, contract] of wanted) {
    emit(name, result.contracts[file][contract].evm.bytecode.object, [], source);
  }
}

function tree(root, folder, prefix = '', keep = /\.sol$/) {
  const found = {};
  const walk = (at) => {
    for (const entry of fs.readdirSync(path.join(root, at), { withFileTypes: true })) {
      const next = path.join(at, entry.name);
      if (entry.isDirectory()) walk(next);
      else if (keep.test(entry.name)) found[prefix + next] = fs.readFileSync(path.join(root, next), 'utf8');
    }
  };
  walk(folder);
  return found;
}

const aave = '@aave/core-v3/artifacts/contracts';
for (const [name, file] of [
  ['Pool', 'protocol/pool/Pool'], ['PoolConfigurator', 'protocol/pool/PoolConfigurator'],
  ['PoolAddressesProvider', 'protocol/configuration/PoolAddressesProvider'],
  ['ACLManager', 'protocol/configuration/ACLManager'], ['AToken', 'protocol/tokenization/AToken'],
  ['VariableDebtToken', 'protocol/tokenization/VariableDebtToken'],
  ['StableDebtToken', 'protocol/tokenization/StableDebtToken'],
  ['DefaultReserveInterestRateStrategy', 'protocol/pool/DefaultReserveInterestRateStrategy'],
  ['AaveOracle', 'misc/AaveOracle'], ['PriceOracle', 'mocks/oracle/PriceOracle'],
  ['MintableERC20', 'mocks/tokens/MintableERC20'],
  ...['Supply', 'EMode', 'Bridge', 'FlashLoan', 'Pool', 'Borrow', 'Liquidation', 'Configurator']
    .map((one) => [`${one}Logic`, `protocol/libraries/logic/${one}Logic`]),
]) published(`aave_${name}`, `${aave}/${file}.sol/${name}.json`);
published('aave_WrappedTokenGatewayV3', '@aave/periphery-v3/artifacts/contracts/misc/WrappedTokenGatewayV3.sol/WrappedTokenGatewayV3.json');
published('WETH9', 'canonical-weth/build/contracts/WETH9.json');
published('univ2_Factory', '@uniswap/v2-core/build/UniswapV2Factory.json');
published('univ2_Router02', '@uniswap/v2-periphery/build/UniswapV2Router02.json');
published('univ3_Factory', '@uniswap/v3-core/artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json');
published('univ3_NFPM', '@uniswap/v3-periphery/artifacts/contracts/NonfungiblePositionManager.sol/NonfungiblePositionManager.json');
published('univ3_SwapRouter02', '@uniswap/swap-router-contracts/artifacts/contracts/SwapRouter02.sol/SwapRouter02.json');
published('univ3_QuoterV2', '@uniswap/swap-router-contracts/artifacts/contracts/lens/QuoterV2.sol/QuoterV2.json');
const safe = '@safe-global/safe-contracts/build/artifacts/contracts';
published('safe_Safe', `${safe}/Safe.sol/Safe.json`);
published('safe_SafeProxyFactory', `${safe}/proxies/SafeProxyFactory.sol/SafeProxyFactory.json`);
published('safe_CompatibilityFallbackHandler', `${safe}/handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler.json`);

// Morpho Blue: foundry.toml says via_ir, 999999 runs.
compiled('solc19', { viaIR: true, evmVersion: 'paris', optimizer: { enabled: true, runs: 999999 } },
  tree(path.join(modules, '@morpho-org/morpho-blue'), 'src'), [
    ['morpho_Morpho', 'src/Morpho.sol', 'Morpho'], ['morpho_IrmMock', 'src/mocks/IrmMock.sol', 'IrmMock'],
    ['morpho_OracleMock', 'src/mocks/OracleMock.sol', 'OracleMock'],
  ], 'npm @morpho-org/morpho-blue, solc 0.8.19');

// An ERC-4626 vault: OpenZeppelin's, made concrete by one line.
const oz = tree(modules, '@openzeppelin/contracts');
compiled('solc20', { evmVersion: 'paris', optimizer: { enabled: true, runs: 200 } }, {
  ...oz,
  'Vault.sol': `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.0;
import "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
contract Vault is ERC4626 { constructor(IERC20 a) ERC4626(a) ERC20("Vault share", "vSHARE") {} }`,
}, [['oz_ERC4626', 'Vault.sol', 'Vault']], 'npm @openzeppelin/contracts 4.9.6, solc 0.8.20');

// Permit2, whose sources Uniswap ships inside another package; foundry.toml says via_ir, a million runs, no metadata hash.
const permit2 = tree(path.join(modules, '@uniswap/v4-periphery/lib/permit2'), 'src');
for (const file of ['tokens/ERC20', 'utils/SafeTransferLib']) {
  permit2[`solmate/src/${file}.sol`] = fs.readFileSync(path.join(modules, `solmate/src/${file}.sol`), 'utf8');
}
compiled('solc17', { viaIR: true, metadata: { bytecodeHash: 'none' }, optimizer: { enabled: true, runs: 1000000 } },
  permit2, [['permit2_Permit2', 'src/Permit2.sol', 'Permit2']], 'npm @uniswap/v4-periphery lib/permit2, solc 0.8.17');

// Uniswap v4 as its package was built; Pendle's router, tokens and the part of the router that redeems.
published('univ4_PoolManager', '@uniswap/v4-periphery/foundry-out/PoolManager.sol/PoolManager.default.json');
published('univ4_PositionManager', '@uniswap/v4-periphery/foundry-out/PositionManager.sol/PositionManager.json');
const pendle = '@pendle/core-v2/build/artifacts/contracts';
for (const [name, file] of [
  ['PendlePrincipalToken', 'core/YieldContracts'], ['PendleYieldToken', 'core/YieldContracts'],
  ['PendleRouterV4', 'router'], ['ActionStorageV4', 'router'], ['ActionMiscV3', 'router'],
]) published(`pendle_${name}`, `${pendle}/${file}/${name}.sol/${name}.json`);

// Balancer v2 as it was deployed: its vault, who may do what in it, and one kind of pool.
const balancer = '@balancer-labs/v2-deployments/dist/tasks';
for (const [name, task] of [
  ['Authorizer', '20210418-authorizer'], ['Vault', '20210418-vault'],
  ['ProtocolFeePercentagesProvider', '20220725-protocol-fee-percentages-provider'],
  ['WeightedPoolFactory', '20230206-weighted-pool-v3'],
]) published(`balancer_${name}`, `${balancer}/${task}/artifact/${name}.json`);

published('oz_ERC1967Proxy', '@openzeppelin/contracts/build/contracts/ERC1967Proxy.json');
maker({ modules, emit });

fs.writeFileSync(path.join(out, 'SOURCES.txt'), emitted.map((row) => row.join('\t')).join('\n') + '\n');
console.log(`${emitted.length} bytecodes in ${out}`);
