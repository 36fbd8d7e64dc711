// node contracts.mjs NODE_URL SERVE_URL [COUNT]: deploys contracts that nobody here wrote, from their npm artifacts, on the
// chain behind NODE_URL, then asks a few hundred random calls of that node and of `lifeboat serve` at the same blocks.
// Results, revert data and estimates must be equal. Run by contracts.sh. Last line: 'N passed, N failed'.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { createPublicClient, createWalletClient, defineChain, encodeAbiParameters, encodeFunctionData, getContractAddress, http, keccak256, multicall3Abi, parseAbi, parseEther, toHex, zeroAddress } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';

const require = createRequire(import.meta.url);
const [node, serve, count = '400'] = process.argv.slice(2);
const artifact = (path) => { const { abi, bytecode } = JSON.parse(readFileSync(require.resolve(path), 'utf8')); return { abi, bytecode: bytecode.object ?? bytecode }; };
const account = mnemonicToAccount('test test test test test test test test test test test junk', { addressIndex: 1 });
const other = mnemonicToAccount('test test test test test test test test test test test junk', { addressIndex: 2 }).address;
let ids = 0;
const ask = async (url, method, params) => {
  const reply = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ jsonrpc: '2.0', id: ++ids, method, params }) });
  return reply.json();
};
const id = Number((await ask(node, 'eth_chainId', [])).result);
const chain = defineChain({ id, name: 'practice', nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 }, rpcUrls: { default: { http: [node] } } });
const client = createPublicClient({ chain, transport: http(node), pollingInterval: 400 });
const wallet = createWalletClient({ chain, account, transport: http(node) });
let nonce = await client.getTransactionCount({ address: account.address });
const fees = { maxFeePerGas: 100_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n };
const receipts = [];
const send = async (to, data, value = 0n, gas = 6_000_000n) => {
  const hash = await wallet.sendTransaction({ to, data, value, gas, nonce: nonce++, ...fees });
  receipts.push(hash);
  return hash;
};
const settle = async () => {
  for (const hash of receipts.splice(0)) {
    const receipt = await client.waitForTransactionReceipt({ hash, timeout: 120_000 });
    if (receipt.status !== 'success') throw new Error(`${hash} failed with ${receipt.gasUsed} gas`);
  }
};
const deploy = async ({ abi, bytecode }, args = [], gas = 16_000_000n) => {
  const inputs = abi.find((one) => one.type === 'constructor')?.inputs ?? [];
  const data = bytecode + encodeAbiParameters(inputs, args).slice(2);
  const address = getContractAddress({ from: account.address, nonce: BigInt(nonce) });
  await send(undefined, data, 0n, gas);
  return { address, abi };
};
const write = (contract, functionName, args, value) => send(contract.address, encodeFunctionData({ abi: contract.abi, functionName, args }), value);

// ---- what is compiled here: no package carries a vault's or an aggregator's bytecode
const solc = require('solc');
const sources = {
  'Vault.sol': { content: `// SPDX-License-Identifier: MIT
    pragma solidity ^0.8.20;
    import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
    import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
    import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
    contract Vault is ERC4626 { constructor(IERC20 asset) ERC4626(asset) ERC20("Vault", "VLT") {} }` },
  'Aggregator.sol': { content: `// SPDX-License-Identifier: MIT
    pragma solidity ^0.8.20;
    contract Aggregator {
      uint8 public constant decimals = 8; string public description = "ETH / USD"; uint256 public constant version = 4;
      struct Round { int256 answer; uint64 startedAt; uint64 updatedAt; }
      mapping(uint80 => Round) rounds; uint80 public latestRound;
      function push(int256 answer) external { rounds[++latestRound] = Round(answer, uint64(block.timestamp), uint64(block.timestamp)); }
      function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) { return getRoundData(latestRound); }
      function getRoundData(uint80 id) public view returns (uint80, int256, uint256, uint256, uint80) {
        Round memory r = rounds[id]; require(r.updatedAt > 0, "No data present");
        return (id, r.answer, r.startedAt, r.updatedAt, id);
      }
    }` },
};
const compiled = JSON.parse(solc.compile(JSON.stringify({ language: 'Solidity', sources, settings: { evmVersion: 'cancun', optimizer: { enabled: true }, outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } } } }),
  { import: (path) => { try { return { contents: readFileSync(require.resolve(path), 'utf8') }; } catch (error) { return { error: String(error) }; } } }));
const built = (file, name) => {
  const one = compiled.contracts?.[file]?.[name];
  if (!one) throw new Error(JSON.stringify(compiled.errors));
  return { abi: one.abi, bytecode: `0x${one.evm.bytecode.object}` };
};

// ---- deployment
const oz = (name) => artifact(`@openzeppelin/contracts/build/contracts/${name}.json`);
// viem keeps Multicall3's creation code for calls without a deployment; it is not among its exports.
const { multicall3Bytecode } = await import(`file://${dirname(dirname(require.resolve('viem')))}/_esm/constants/contracts.js`);
// `getBasefee` is left out: to a call that offers no gas price geth's eth_call tells a base fee of 0, and so does `serve`;
// the practice node tells the block's own.
const multicall = await deploy({ abi: [...multicall3Abi.filter((one) => one.name !== 'getBasefee'), ...parseAbi([
  'function getBlockNumber() view returns (uint256)', 'function getBlockHash(uint256) view returns (bytes32)', 'function getLastBlockHash() view returns (bytes32)',
  'function getChainId() view returns (uint256)', 'function getCurrentBlockCoinbase() view returns (address)', 'function getCurrentBlockDifficulty() view returns (uint256)',
  'function getCurrentBlockGasLimit() view returns (uint256)', 'function getCurrentBlockTimestamp() view returns (uint256)', 'function getEthBalance(address) view returns (uint256)'])],
bytecode: multicall3Bytecode });
const weth = await deploy(artifact('canonical-weth/build/contracts/WETH9.json'));
const usd = await deploy(oz('ERC20PresetFixedSupply'), ['Dollar', 'USD', parseEther('1000000'), account.address]);
const gold = await deploy(oz('ERC20PresetMinterPauser'), ['Gold', 'GLD']);
const nft = await deploy(oz('ERC721PresetMinterPauserAutoId'), ['Items', 'ITM', 'https://example.org/']);
const multi = await deploy(oz('ERC1155PresetMinterPauser'), ['https://example.org/{id}']);
const vault = await deploy(built('Vault.sol', 'Vault'), [usd.address]);
const aggregator = await deploy(built('Aggregator.sol', 'Aggregator'));
const behind = await deploy(oz('ERC1967Proxy'), [gold.address, '0x']);
const beacon = await deploy(oz('UpgradeableBeacon'), [weth.address]);
const beaconProxy = await deploy(oz('BeaconProxy'), [beacon.address, '0x']);
await settle();
const factory = await deploy(artifact('@uniswap/v3-core/artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json'));
const quoter = await deploy(artifact('@uniswap/v3-periphery/artifacts/contracts/lens/QuoterV2.sol/QuoterV2.json'), [factory.address, weth.address]);
const positions = await deploy(artifact('@uniswap/v3-periphery/artifacts/contracts/NonfungiblePositionManager.sol/NonfungiblePositionManager.json'), [factory.address, weth.address, zeroAddress]);
const registry = await deploy(artifact('@ensdomains/ens/build/contracts/ENSRegistry.json'));
const resolver = await deploy(artifact('@ensdomains/resolver/build/contracts/PublicResolver.json'), [registry.address]);
await settle();
// ---- some life in them
const ten = parseEther('10'), none = `0x${'00'.repeat(32)}`;
await write(weth, 'deposit', [], parseEther('100'));
await write(gold, 'mint', [account.address, parseEther('500')]);
for (const one of [weth, usd]) await write(one, 'approve', [positions.address, 2n ** 255n]);
await write(usd, 'approve', [vault.address, 2n ** 255n]);
await write(usd, 'transfer', [other, ten]);
await write(vault, 'deposit', [ten, account.address]);
await write(usd, 'transfer', [vault.address, 7n * 10n ** 18n]);
for (const answer of [300000000000n, 300100000000n, -5n]) await write(aggregator, 'push', [answer]);
for (let n = 0; n < 3; n++) await write(nft, 'mint', [n % 2 ? other : account.address]);
await write(multi, 'mintBatch', [account.address, [1n, 2n], [10n, 20n], '0x']);
await send(beaconProxy.address, '0xd0e30db0', ten);
const label = keccak256(toHex('boat')), name = keccak256(`0x${none.slice(2)}${label.slice(2)}`);
await write(registry, 'setSubnodeOwner', [none, label, account.address]);
await write(registry, 'setResolver', [name, resolver.address]);
await write(resolver, 'setAddr', [name, other]);
const [token0, token1] = BigInt(weth.address) < BigInt(usd.address) ? [weth, usd] : [usd, weth];
const one = 2n ** 96n;
await write(positions, 'createAndInitializePoolIfNecessary', [token0.address, token1.address, 3000, one]);
await settle();
const far = BigInt((await client.getBlock()).timestamp) + 100_000n;
await write(positions, 'mint', [{ token0: token0.address, token1: token1.address, fee: 3000, tickLower: -6000, tickUpper: 6000, amount0Desired: ten, amount1Desired: ten, amount0Min: 0n, amount1Min: 0n, recipient: account.address, deadline: far }]);
await settle();
const pool = await client.readContract({ ...factory, functionName: 'getPool', args: [token0.address, token1.address, 3000] });
const poolAbi = artifact('@uniswap/v3-core/artifacts/contracts/UniswapV3Pool.sol/UniswapV3Pool.json').abi;
console.log(`     deployed on chain ${id}: 17 contracts and a pool`);

// ---- random calls
let seed = 20261125;
const random = (n) => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return seed % n; };
const pick = (list) => list[random(list.length)];
const who = () => pick([account.address, other, vault.address, positions.address, pool, zeroAddress, `0x${random(2 ** 31).toString(16).padStart(40, '0')}`]);
const amount = () => pick([0n, 1n, 7n, ten, ten / 3n, parseEther('5000000'), 2n ** 255n, BigInt(random(2 ** 31)) ** 3n]);
const any = (type) => {
  if (type.endsWith('[]')) return Array.from({ length: random(3) }, () => any(type.slice(0, -2)));
  if (type === 'address') return who();
  if (type === 'bool') return random(2) === 1;
  if (type === 'string') return pick(['', 'boat', 'x'.repeat(70)]);
  if (type === 'bytes') return pick(['0x', '0x1234', `0x${'ab'.repeat(40)}`]);
  if (type === 'bytes32') return pick([name, none, label, keccak256(toHex(random(9)))]);
  if (type === 'bytes4') return pick(['0x01ffc9a7', '0x80ac58cd', '0xd9b67a26', '0xffffffff']);
  if (type.startsWith('bytes')) return `0x${'11'.repeat(Number(type.slice(5)))}`;
  const [, sign, bits = '256'] = /^(u?)int(\d*)$/.exec(type) ?? [];
  const top = 2n ** (BigInt(bits || '256') - (sign ? 0n : 1n));
  return pick([0n, 1n, 3n, 3000n % top, amount() % top, top - 1n]);
};
const value = (input) => input.type.startsWith('tuple') ? Object.fromEntries(input.components.map((part) => [part.name, value(part)])) : any(input.type);
const contracts = { multicall, weth, usd, gold, nft, multi, vault, aggregator, behind: { ...gold, address: behind.address }, beaconProxy: { ...weth, address: beaconProxy.address }, beacon, factory, quoter, positions, registry, resolver, pool: { address: pool, abi: poolAbi } };
const functions = Object.entries(contracts).flatMap(([label, contract]) => contract.abi
  .filter((one) => one.type === 'function' && !JSON.stringify(one.inputs).includes('tuple[]'))
  .map((one) => ({ label, contract, item: one })));
/** Calls that are worth more than chance gives: quotes, batches, prices, blocks. */
const shaped = [
  () => ['quoter', quoter, 'quoteExactInputSingle', [{ tokenIn: pick([token0, token1]).address, tokenOut: pick([token0, token1]).address, amountIn: BigInt(random(2 ** 31)) * 10n ** 9n, fee: 3000, sqrtPriceLimitX96: 0n }]],
  () => ['quoter', quoter, 'quoteExactOutputSingle', [{ tokenIn: token0.address, tokenOut: token1.address, amount: BigInt(random(2 ** 31)) * 10n ** 8n, fee: 3000, sqrtPriceLimitX96: 0n }]],
  () => ['multicall', multicall, 'aggregate3', [Array.from({ length: 1 + random(8) }, () => { const one = pick(functions); return { target: one.contract.address, allowFailure: true, callData: encodeFunctionData({ abi: [one.item], functionName: one.item.name, args: one.item.inputs.map(value) }) }; })]],
  () => ['pool', contracts.pool, 'observe', [[0, random(60)]]],
  () => ['vault', vault, pick(['convertToAssets', 'convertToShares', 'previewDeposit', 'previewMint', 'previewWithdraw', 'previewRedeem']), [amount() % 2n ** 120n]],
  () => ['vault', vault, pick(['deposit', 'mint']), [amount() % 2n ** 80n, other]],
  () => ['multicall', multicall, 'getBlockHash', [BigInt(random(300)) + 1n]],
  () => ['positions', positions, 'positions', [BigInt(random(3))]],
];
const outcome = (reply) => reply.error ? { failed: true, data: typeof reply.error.data === 'string' ? reply.error.data : reply.error.data?.data ?? '0x' } : { result: reply.result };
const asHex = (n) => `0x${BigInt(n).toString(16)}`;
let passed = 0, failed = 0, reverted = 0;
const spent = { node: 0, ours: 0 };
// The server follows the node: both must have the block.
const served = async () => Number((await ask(serve, 'eth_blockNumber', [])).result);
const behindBy = Number(await client.getBlockNumber());
for (let n = 0; n < 100 && !(await served() >= behindBy); n++) await new Promise((done) => setTimeout(done, 500));
for (let round = 0; round < Number(count); round++) {
  let label, to, data;
  if (random(3) === 0) {
    const [name, contract, functionName, args] = pick(shaped)();
    [label, to, data] = [`${name}.${functionName}`, contract.address, encodeFunctionData({ abi: contract.abi, functionName, args })];
  } else {
    const { label: name, contract, item } = pick(functions);
    [label, to, data] = [`${name}.${item.name}`, contract.address, encodeFunctionData({ abi: [item], functionName: item.name, args: item.inputs.map(value) })];
  }
  const at = asHex((await served()) - random(4));
  const method = random(5) === 0 ? 'eth_estimateGas' : 'eth_call';
  const params = [{ from: pick([account.address, other, zeroAddress]), to, data, ...(random(8) === 0 ? { value: asHex(random(1000)) } : {}) }, at];
  let start = performance.now();
  const theirs = outcome(await ask(node, method, params));
  spent.node += performance.now() - start;
  start = performance.now();
  const reply = await ask(serve, method, params);
  spent.ours += performance.now() - start;
  const ours = outcome(reply);
  if (theirs.failed) reverted++;
  // An estimate is a search with a tolerance of each node's own; ours is the least, so it may only be lower.
  const same = method === 'eth_estimateGas' && ours.result && theirs.result
    ? BigInt(ours.result) <= BigInt(theirs.result) && BigInt(theirs.result) * 64n <= BigInt(ours.result) * 66n
    : JSON.stringify(ours) === JSON.stringify(theirs);
  if (same) passed++; else { failed++; console.log(`FAIL ${method} ${label} ${JSON.stringify(params)}\n     node ${JSON.stringify(theirs)}\n     ours ${JSON.stringify(reply)}`); }
}
// ---- and the state itself
const everybody = [account.address, other, zeroAddress, pool, `0x${'9'.repeat(40)}`, ...Object.values(contracts).map((one) => one.address)];
for (let round = 0; round < Number(count) / 3; round++) {
  const at = asHex((await served()) - random(4)), address = pick(everybody);
  const slot = pick([0n, 1n, 2n, 3n, BigInt(random(12)), BigInt(keccak256(encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }], [who(), BigInt(random(6))])))]);
  const [method, params] = pick([
    ['eth_getBalance', [address, at]], ['eth_getTransactionCount', [address, at]], ['eth_getCode', [address, at]],
    ['eth_getStorageAt', [address, `0x${slot.toString(16).padStart(64, '0')}`, at]],
  ]);
  const [theirs, ours] = [await ask(node, method, params), await ask(serve, method, params)];
  if (theirs.result !== undefined && theirs.result === ours.result) passed++;
  else { failed++; console.log(`FAIL ${method} ${JSON.stringify(params)}\n     node ${JSON.stringify(theirs)}\n     ours ${JSON.stringify(ours)}`); }
}
console.log(`     ${count} random calls, ${reverted} of them refused by both; ${(spent.node / count).toFixed(1)} ms a call from the node, ${(spent.ours / count).toFixed(1)} ms proven`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
