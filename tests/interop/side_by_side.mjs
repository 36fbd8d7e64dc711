// node side_by_side.mjs devnet.json DATA_DIR REPOSITORY [COUNT]: Helios's npm build (WASM) and `lifeboat serve` follow the
// devnet that wears mainnet's constants, each through a counting proxy, and are asked the same few hundred questions at the
// same blocks. Answers must be equal, or the reason stands below; time, requests and bytes of both are printed.
// Run by run.sh, which copies it into the devnet's folder. Needs LIFEBOAT_BIN. Last line: 'N passed, N failed'.
import { spawn } from 'node:child_process';
import { createServer, request } from 'node:http';
import { openSync, readFileSync } from 'node:fs';
import { createPublicClient, createWalletClient, defineChain, encodeAbiParameters, encodeFunctionData, getContractAddress, http, parseAbi, parseEther } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';

const [infoPath, dataDir, repository, count = '360'] = process.argv.slice(2);
const info = JSON.parse(readFileSync(infoPath, 'utf8'));
Error.stackTraceLimit = 0; // Helios's stacks print the whole inlined WASM
let passed = 0, failed = 0;
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** A proxy in front of `target` that counts requests and reply bytes. */
const proxy = (target) => new Promise((ready) => {
  const to = new URL(target), count = { requests: 0, bytes: 0 };
  const server = createServer((incoming, outgoing) => {
    count.requests++;
    const onward = request({ host: to.hostname, port: to.port, path: incoming.url, method: incoming.method, headers: { ...incoming.headers, host: to.host } }, (reply) => {
      outgoing.writeHead(reply.statusCode, { ...reply.headers, 'access-control-allow-origin': '*' });
      reply.on('data', (chunk) => { count.bytes += chunk.length; });
      reply.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  server.listen(0, '127.0.0.1', () => ready({ url: `http://127.0.0.1:${server.address().port}`, count }));
});
let ids = 0;
const ask = async (url, method, params) => (await (await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ jsonrpc: '2.0', id: ++ids, method, params }) })).json());

// ---- contracts that nobody here wrote, and some life in them
const account = mnemonicToAccount('test test test test test test test test test test test junk');
const other = mnemonicToAccount('test test test test test test test test test test test junk', { addressIndex: 1 }).address;
const chain = defineChain({ id: info.chainId, name: 'worn', nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 }, rpcUrls: { default: { http: [info.executionRpc] } } });
const client = createPublicClient({ chain, transport: http(info.executionRpc), pollingInterval: 1000 });
const wallet = createWalletClient({ chain, account, transport: http(info.executionRpc) });
let nonce = await client.getTransactionCount({ address: account.address });
const hashes = [];
const send = async (to, data, value = 0n) => { hashes.push(await wallet.sendTransaction({ to, data, value, gas: 5_000_000n, nonce: nonce++, maxFeePerGas: 100_000_000_000n, maxPriorityFeePerGas: 1_000_000_000n })); };
const code = (path) => `0x${readFileSync(`${repository}/${path}`, 'utf8').trim()}`;
const create = async (path, types = [], args = []) => {
  const address = getContractAddress({ from: account.address, nonce: BigInt(nonce) });
  await send(undefined, code(path) + encodeAbiParameters(types.map((type) => ({ type })), args).slice(2));
  return address;
};
const token = await create('abis/ERC20PresetFixedSupply/creation.hex', ['string', 'string', 'uint256', 'address'], ['Dollar', 'USD', parseEther('1000000'), account.address]);
const vault = await create('tests/it/differential/bytecode/Vault.hex', ['address'], [token]);
const proxied = await create('tests/it/differential/bytecode/ERC1967Proxy.hex', ['address', 'bytes'], [token, '0x']);
const multicall = await create('tests/it/differential/bytecode/Multicall3.hex');
const abi = parseAbi(['function approve(address,uint256)', 'function transfer(address,uint256)', 'function deposit(uint256,address)', 'function balanceOf(address) view returns (uint256)', 'function totalSupply() view returns (uint256)', 'function allowance(address,address) view returns (uint256)', 'function convertToAssets(uint256) view returns (uint256)', 'function previewWithdraw(uint256) view returns (uint256)', 'function getEthBalance(address) view returns (uint256)', 'function getCurrentBlockTimestamp() view returns (uint256)', 'function aggregate3((address,bool,bytes)[]) returns ((bool,bytes)[])']);
const data = (functionName, args) => encodeFunctionData({ abi, functionName, args });
await send(token, data('approve', [vault, 2n ** 200n]));
await send(token, data('transfer', [other, parseEther('5')]));
await send(vault, data('deposit', [parseEther('7'), account.address]));
let deployed = 0;
for (const hash of hashes) {
  const receipt = await client.waitForTransactionReceipt({ hash, timeout: 120_000 });
  if (receipt.status !== 'success') throw new Error(`${hash} failed`);
  deployed = Math.max(deployed, Number(receipt.blockNumber));
}
// Both clients follow signed blocks, one behind the newest.
while (Number(await client.getBlockNumber()) < deployed + 3) await new Promise((done) => setTimeout(done, 500));

// ---- both clients
const theirs = { beacon: await proxy(info.beaconApi), execution: await proxy(info.executionRpc) };
const mine = { beacon: await proxy(info.beaconApi), execution: await proxy(info.executionRpc) };
const total = (side) => ({ requests: side.beacon.count.requests + side.execution.count.requests, bytes: side.beacon.count.bytes + side.execution.count.bytes });
const checkpoint = info.firstFinalized.root;
const { createHeliosProvider } = await import('@a16z/helios');
let start = performance.now();
const helios = await createHeliosProvider({ executionRpc: theirs.execution.url, consensusRpc: theirs.beacon.url, network: 'mainnet', checkpoint, dbType: 'config' }, 'ethereum');
await helios.waitSynced();
// Right after its sync it answers "out of sync" until the next slot's tick.
for (let i = 0; i < 60; i++) { try { await helios.request({ method: 'eth_blockNumber', params: [] }); break; } catch { await sleep(250); } }
const heliosReady = performance.now() - start, heliosSync = total(theirs);
start = performance.now();
const child = spawn(process.env.LIFEBOAT_BIN, ['--network', 'mainnet', '--json', '--data-dir', dataDir, '--checkpoint', checkpoint, '--beacon', mine.beacon.url, '--execution', mine.execution.url, 'serve', '--port', '0'], { stdio: ['ignore', 'pipe', openSync(`${dataDir}.log`, 'w')], env: { ...process.env, RUST_LOG: 'warn' } });
process.on('exit', () => child.kill());
const serve = await new Promise((done) => { let text = ''; child.stdout.on('data', (chunk) => { text += chunk; try { done(JSON.parse(text).http); } catch { /* not whole yet */ } }); });
for (let i = 0; i < 200; i++) { if ((await ask(serve, 'eth_blockNumber', [])).result) break; await sleep(20); }
const oursReady = performance.now() - start, oursSync = total(mine);
const lifeboat = async (method, params) => { const reply = await ask(serve, method, params); if (reply.error) throw Object.assign(new Error(reply.error.message), { data: reply.error.data }); return reply.result; };

// ---- the same questions
let seed = 7;
const random = (n) => { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; return seed % n; };
const pick = (list) => list[random(list.length)];
const hex = (n) => `0x${BigInt(n).toString(16)}`;
const counter = '0x00000000000000000000000000000000000c0de1';
const who = () => pick([account.address, other, token, vault, proxied, multicall, counter, '0x0000F90827F1C53a10cb7A02335B175320002935', `0x${random(2 ** 31).toString(16).padStart(40, '0')}`]);
const slots = () => Array.from({ length: random(3) }, () => `0x${random(6).toString(16).padStart(64, '0')}`);
const calls = [
  () => [counter, '0x'], () => [pick([token, proxied, vault]), data('balanceOf', [who()])], () => [token, data('allowance', [account.address, vault])],
  () => [vault, data('convertToAssets', [BigInt(random(2 ** 31))])], () => [vault, data('previewWithdraw', [BigInt(random(2 ** 31))])], () => [token, data('transfer', [who(), pick([0n, 1n, 2n ** 255n])])],
  () => [multicall, data('getEthBalance', [who()])], () => [multicall, data('getCurrentBlockTimestamp', [])],
  () => [multicall, data('aggregate3', [Array.from({ length: 1 + random(6) }, () => [pick([token, vault, proxied]), true, data(pick(['balanceOf']), [who()])])])],
];
const question = (at) => {
  const call = () => { const [to, input] = pick(calls)(); return { from: pick([account.address, other]), to, data: input }; };
  return pick([
    () => ['eth_getBalance', [who(), at]], () => ['eth_getTransactionCount', [who(), at]], () => ['eth_getCode', [who(), at]],
    () => ['eth_getStorageAt', [who(), hex(random(6)), at]], () => ['eth_getProof', [who(), slots(), at]],
    () => ['eth_call', [call(), at]], () => ['eth_call', [call(), at]], () => ['eth_call', [call(), at]], () => ['eth_estimateGas', [call(), at]],
    () => ['eth_getBlockByNumber', [at, random(2) === 1]], () => ['eth_getBlockReceipts', [at]], () => ['eth_getTransactionReceipt', [pick(hashes)]], () => ['eth_getTransactionByHash', [pick(hashes)]],
  ])();
};
const plain = (value) => JSON.parse(JSON.stringify(value, (_, one) => typeof one === 'bigint' ? hex(one) : one instanceof Map ? Object.fromEntries(one) : one) ?? 'null');
/** Helios's provider gives some quantities as numbers, some as decimal text, some as hex; padded or not. */
const canonical = (value) => {
  if (typeof value === 'number') return BigInt(value);
  if (typeof value === 'string' && (/^[0-9]+$/.test(value) || (/^0x[0-9a-f]+$/i.test(value) && value.length <= 66))) return BigInt(value);
  return typeof value === 'string' ? value.toLowerCase() : value;
};
/** Proofs of slots have no order of their own. */
const ordered = (value) => value?.storageProof ? { ...value, storageProof: [...value.storageProof].sort((a, b) => Number(BigInt(a.key) - BigInt(b.key))) } : value;
/** Where the two differ, as far as both say something: a member that one leaves out, or says null to, is no contradiction. */
const differ = (a, b, path = '') => {
  if (a === null || a === undefined || b === null || b === undefined) return [];
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length ? a.flatMap((one, index) => differ(one, b[index], `${path}[]`)) : [`${path}.length`];
  if (typeof a === 'object' && typeof b === 'object') return Object.keys(a).filter((key) => key in b).flatMap((key) => differ(a[key], b[key], path ? `${path}.${key}` : key));
  return canonical(a) === canonical(b) ? [] : [path || 'value'];
};
// What differs and may: by method and member, each with its reason, counted and printed.
const reasons = [
  { method: /getBlockByNumber/, path: /^(logsBloom|size)$/, words: "Helios's block has a logsBloom that is not its header's, and size 0; Lifeboat's has the bloom that the block hash is over, and its length" },
  { method: /getTransaction/, path: /^(gasPrice|effectiveGasPrice)$/, words: "the price paid is EthereumJS's own word with Helios (the tip); Lifeboat computes it from the proven base fee" },
  { method: /Receipt/, path: /logIndex$/, words: "the log index is EthereumJS's own word with Helios; Lifeboat counts the logs of the proven receipts" },
  { method: /getProof/, path: /^storageProof\.length$/, also: (a) => BigInt(a.storageHash) === BigInt('0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421'), words: 'EthereumJS leaves out the slots of an account without storage and Helios hands that on; Lifeboat answers each with 0' },
];
const excuse = (method, path, a, b) => reasons.find((one) => one.method.test(method) && one.path.test(path) && (one.also?.(a, b) ?? true))?.words;
const seen = {}, excused = {}, unable = {};
const timed = async (run) => { const before = performance.now(); try { return { value: plain(await run()), ms: performance.now() - before }; } catch (error) { return { error: String(error.message ?? error), ms: performance.now() - before }; } };
const before = { theirs: total(theirs), mine: total(mine) };
for (let round = 0; round < Number(count); round++) {
  const head = Math.min(Number(await helios.request({ method: 'eth_blockNumber', params: [] })), Number(await lifeboat('eth_blockNumber', [])));
  const [method, params] = question(hex(head));
  const a = await timed(() => helios.request({ method, params })), b = await timed(() => lifeboat(method, params));
  const row = seen[method] ??= { asked: 0, equal: 0, theirs: 0, ours: 0 };
  row.asked++; row.theirs += a.ms; row.ours += b.ms;
  if (a.error !== undefined && b.error !== undefined) { passed++; row.equal++; continue; }
  if (a.error !== undefined && /out of sync|block not found|not available|unavailable|slot not found/i.test(a.error)) { passed++; unable[a.error.slice(0, 90)] = (unable[a.error.slice(0, 90)] ?? 0) + 1; continue; }
  const paths = a.error === undefined && b.error === undefined ? [...new Set(differ(ordered(a.value), ordered(b.value)))] : ['one of them failed'];
  const words = paths.map((path) => excuse(method, path, a.value, b.value));
  if (paths.length === 0) { passed++; row.equal++; }
  else if (words.every(Boolean)) { passed++; for (const one of new Set(words)) excused[one] = (excused[one] ?? 0) + 1; }
  else { failed++; console.log(`FAIL ${method} ${JSON.stringify(params)} at ${paths.join(', ')}\n     Helios   ${JSON.stringify(a).slice(0, 400)}\n     Lifeboat ${JSON.stringify(b).slice(0, 400)}`); }
}
const spent = (now, then) => ({ requests: now.requests - then.requests, bytes: now.bytes - then.bytes });
for (const [method, row] of Object.entries(seen).sort()) console.log(`     ${method.padEnd(28)} ${String(row.asked).padStart(4)} asked ${String(row.equal).padStart(4)} equal   Helios ${(row.theirs / row.asked).toFixed(1).padStart(6)} ms   Lifeboat ${(row.ours / row.asked).toFixed(1).padStart(6)} ms`);
for (const [words, times] of Object.entries(excused)) console.log(`     ${times} differ: ${words}`);
for (const [words, times] of Object.entries(unable)) console.log(`     ${times} not answered by Helios: ${words}`);
const line = (name, ready, sync, cost) => console.log(`     ${name} ready in ${ready.toFixed(0)} ms with ${sync.requests} requests, ${sync.bytes} bytes; the questions took ${cost.requests} requests, ${cost.bytes} bytes`);
line('Helios  ', heliosReady, heliosSync, spent(total(theirs), before.theirs));
line('Lifeboat', oursReady, oursSync, spent(total(mine), before.mine));
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
