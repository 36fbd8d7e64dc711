// cast, viem and ethers against `lifeboat serve` on the practice network. Usage: node serve.mjs serve.json
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createPublicClient, createWalletClient, defineChain, http, parseAbi, parseEther, webSocket } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { ethers } from 'ethers';

const { http: url, websocket, chain_id: id } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const dollar = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
const abi = parseAbi([
  'function balanceOf(address) view returns (uint256)',
  'function totalSupply() view returns (uint256)',
  'function transfer(address to, uint256 value) returns (bool)',
  'event Transfer(address indexed from, address indexed to, uint256 value)',
]);
// The published test mnemonic, whose accounts the practice network funds.
const account = mnemonicToAccount('test test test test test test test test test test test junk', { addressIndex: 1 });
const chain = defineChain({
  id, name: 'practice', nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
  rpcUrls: { default: { http: [url], webSocket: [websocket] } },
});
let passed = 0, failed = 0;
async function check(what, run) {
  try { await run(); passed++; console.log(`ok    ${what}`); }
  catch (error) { failed++; console.log(`FAIL  ${what}: ${String(error.message ?? error).split('\n').slice(0, 12).join('\n      ')}`); }
}
const cast = (...words) => execFileSync('cast', [...words, '--rpc-url', url], { encoding: 'utf8' }).trim();

// ---- viem
const viem = createPublicClient({ chain, transport: http(url) });
const batched = createPublicClient({ chain, transport: http(url, { batch: true }) });
const wallet = createWalletClient({ chain, account, transport: http(url) });
let receipt;
await check('viem: chain id, block, balance, nonce, code, storage, proof', async () => {
  assert.equal(await viem.getChainId(), id);
  const block = await viem.getBlock({ includeTransactions: true });
  assert.ok(block.number > 10n && block.transactions.every((one) => one.blockHash === block.hash));
  assert.ok(await viem.getBalance({ address: account.address }) > 0n);
  assert.ok((await viem.getCode({ address: dollar })).length > 10);
  const slot = await viem.getStorageAt({ address: dollar, slot: '0x2' });
  const proof = await viem.getProof({ address: dollar, storageKeys: [`0x${'2'.padStart(64, '0')}`] });
  assert.equal(proof.storageProof[0].value, BigInt(slot));
});
await check('viem: a batch of reads', async () => {
  const holders = Array.from({ length: 30 }, (_, index) => `0x${(index + 1).toString(16).padStart(40, '0')}`);
  const balances = await Promise.all(holders.map((address) => batched.getBalance({ address })));
  assert.equal(balances.length, 30);
});
await check('viem: contract reads and a decoded revert', async () => {
  assert.ok(await viem.readContract({ address: dollar, abi, functionName: 'totalSupply' }) > 0n);
  await assert.rejects(
    viem.simulateContract({ address: dollar, abi, functionName: 'transfer', args: [account.address, 2n ** 255n], account }),
    /reverted/,
  );
});
await check('viem: fees', async () => {
  const fees = await viem.estimateFeesPerGas();
  assert.ok(fees.maxFeePerGas > fees.maxPriorityFeePerGas);
  assert.equal((await viem.getFeeHistory({ blockCount: 4, rewardPercentiles: [25, 75] })).reward.length, 4);
});
await check('viem: a transfer is prepared, sent, and its receipt waited for', async () => {
  // viem asks for the nonce of `pending`, which nobody can prove; the proven one is given.
  const nonce = await viem.getTransactionCount({ address: account.address });
  const hash = await wallet.sendTransaction({ to: '0x4242424242424242424242424242424242424242', value: parseEther('0.1'), nonce });
  receipt = await viem.waitForTransactionReceipt({ hash, timeout: 30_000 });
  assert.equal(receipt.status, 'success');
  assert.equal((await viem.getTransaction({ hash })).value, parseEther('0.1'));
});
await check('viem: the nonce of `pending` is refused in words', async () => {
  await assert.rejects(viem.getTransactionCount({ address: account.address, blockTag: 'pending' }), /cannot be proven/);
});
await check('viem: logs of a token, and a filter', async () => {
  const toBlock = await viem.getBlockNumber();
  const logs = await viem.getContractEvents({ address: dollar, abi, eventName: 'Transfer', fromBlock: toBlock - 40n, toBlock });
  assert.ok(logs.length > 0 && logs.every((log) => log.args.value >= 0n));
  const filter = await viem.createBlockFilter();
  await new Promise((done) => setTimeout(done, 6_000));
  assert.ok((await viem.getFilterChanges({ filter })).length > 0);
});
await check('viem: new heads over WebSocket', async () => {
  const live = createPublicClient({ chain, transport: webSocket(websocket) });
  const numbers = await new Promise((done, fail) => {
    const seen = [];
    setTimeout(() => fail(new Error(`only ${seen}`)), 20_000);
    live.watchBlocks({ onError: fail, onBlock: (block) => { seen.push(block.number); if (seen.length === 2) done(seen); } });
  });
  assert.equal(numbers[1], numbers[0] + 1n);
});

// ---- ethers
const provider = new ethers.JsonRpcProvider(url);
await check('ethers: block, balance, contract, logs, receipt', async () => {
  assert.equal((await provider.getNetwork()).chainId, BigInt(id));
  const block = await provider.getBlock('latest', true);
  assert.ok(block.prefetchedTransactions.length === block.transactions.length);
  assert.ok(await provider.getBalance(account.address) > 0n);
  const token = new ethers.Contract(dollar, ['function totalSupply() view returns (uint256)'], provider);
  assert.ok(await token.totalSupply() > 0n);
  assert.ok((await provider.getLogs({ address: dollar, fromBlock: block.number - 20, toBlock: block.number })).length > 0);
  assert.equal((await provider.getTransactionReceipt(receipt.transactionHash)).blockHash, receipt.blockHash);
  assert.ok((await provider.getFeeData()).maxFeePerGas > 0n);
});
provider.destroy();

// ---- cast
await check('cast: balance, call, block, tx, receipt, logs, proof', async () => {
  assert.equal(cast('chain-id'), String(id));
  assert.ok(BigInt(cast('balance', account.address)) > 0n);
  assert.ok(BigInt(cast('call', dollar, 'totalSupply()').split(' ')[0]) > 0n);
  assert.equal(BigInt(cast('block', String(receipt.blockNumber), '--field', 'number').split(' ')[0]), receipt.blockNumber);
  assert.equal(cast('tx', receipt.transactionHash, 'blockHash'), receipt.blockHash);
  assert.equal(JSON.parse(cast('receipt', receipt.transactionHash, '--json')).status, '0x1');
  const from = String(receipt.blockNumber - 10n), to = String(receipt.blockNumber);
  assert.ok(JSON.parse(cast('logs', '--from-block', from, '--to-block', to, '--address', dollar, '--json')).length > 0);
  assert.equal(JSON.parse(cast('proof', dollar, '0x2')).storageProof.length, 1);
  assert.ok(BigInt(cast('estimate', dollar, 'totalSupply()')) > 21_000n);
  assert.ok(BigInt(cast('gas-price')) > 0n);
});
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
