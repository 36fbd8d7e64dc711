// node check.mjs NAME devnet.json DATA_DIR: asks Lifeboat and the devnet's own node the same questions and compares.
// Called by run.sh; needs LIFEBOAT_BIN. Last line: 'N passed, N failed'.
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const [name, infoPath, dataDir] = process.argv.slice(2);
const info = JSON.parse(readFileSync(infoPath, "utf8"));
const control = `http://127.0.0.1:${process.env.DEVNET_CONTROL_PORT ?? 15053}`;
let passed = 0, failed = 0;
const check = (what, ok, detail = "") => {
  ok ? passed++ : failed++;
  console.log(`${ok ? "ok  " : "FAIL"} ${what}${ok ? "" : ` ${JSON.stringify(detail)}`}`);
};
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const rpc = async (method, ...params) => {
  const reply = await fetch(info.executionRpc, {
    method: "POST", headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  return (await reply.json()).result;
};
// The transactions sent just before get into a block first, and that block gets its signature.
await sleep(4 * info.slotSeconds * 1000);
mkdirSync(dataDir, { recursive: true });
const network = name === "mainnet" ? "mainnet" : "custom";
if (network === "custom") writeFileSync(`${dataDir}/settings.toml`, await customSettings());

async function customSettings() {
  const spec = (await (await fetch(`${info.beaconApi}/eth/v1/config/spec`)).json()).data;
  const fork = (fork) => spec[`${fork}_FORK_EPOCH`] && BigInt(spec[`${fork}_FORK_EPOCH`]) < 2n ** 63n
    ? `${fork.toLowerCase()} = { version = "${spec[`${fork}_FORK_VERSION`]}", epoch = ${spec[`${fork}_FORK_EPOCH`]} }\n` : "";
  const blobs = (spec.BLOB_SCHEDULE ?? []).map((b) => `{ epoch = ${b.EPOCH}, max_blobs_per_block = ${b.MAX_BLOBS_PER_BLOCK} }`);
  return `[custom]\nchain_id = ${info.chainId}\ngenesis_time = ${info.genesisTime}\n` +
    `genesis_validators_root = "${info.genesisValidatorsRoot}"\nslot_duration_ms = ${info.slotSeconds * 1000}\n` +
    `max_blobs_per_block_electra = ${spec.MAX_BLOBS_PER_BLOCK_ELECTRA ?? 9}\nblob_schedule = [${blobs.join(", ")}]\n[custom.forks]\n` +
    `phase0 = { version = "${spec.GENESIS_FORK_VERSION}", epoch = 0 }\n` +
    ["ALTAIR", "BELLATRIX", "CAPELLA", "DENEB", "ELECTRA", "FULU"].map(fork).join("");
}

const base = ["--network", network, "--data-dir", dataDir, "--beacon", info.beaconApi, "--execution", info.executionRpc, "--json"];
const lifeboat = (args, more = []) => new Promise((done) => {
  const start = Date.now();
  execFile(process.env.LIFEBOAT_BIN, [...base, ...more, ...args], { timeout: 120_000 }, (error, stdout, stderr) => {
    let json = null;
    try { json = JSON.parse(stdout); } catch { /* said by the check */ }
    done({ code: error ? error.code : 0, json, stderr, ms: Date.now() - start });
  });
});
const hex = (number) => `0x${BigInt(number).toString(16)}`;
const checkpoint = ["--checkpoint", info.firstFinalized.root];

const first = await lifeboat(["status"], checkpoint);
check("status from the checkpoint", first.code === 0, first.stderr);
const beaconHead = async () => Number((await (await fetch(`${info.beaconApi}/eth/v1/beacon/headers/head`, { headers: { accept: "application/json" } })).json()).data.header.message.slot);
const status = await lifeboat(["status"]);
check("status again needs no checkpoint", status.code === 0 && status.json.checkpoint.resumed, status.stderr);
check("head within two slots of the node's", Math.abs((await beaconHead()) - status.json.head.slot) <= 2, [await beaconHead(), status.json.head]);
check("participation is whole", status.json.head.participants === 512, status.json.head);
console.log(`     first status ${first.ms} ms, ${first.json?.traffic?.requests} requests, ${first.json?.traffic?.bytes_down} bytes; again ${status.ms} ms, ${status.json?.traffic?.requests} requests, ${status.json?.traffic?.bytes_down} bytes`);

const rich = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", poor = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8", nobody = `0x${"ab".repeat(20)}`;
const balances = (await lifeboat(["balance", rich, poor, nobody])).json;
for (const one of balances?.balances ?? []) {
  const own = await rpc("eth_getBalance", one.address, hex(one.balance_wei.block.number));
  check(`balance of ${one.address}`, BigInt(own) === BigInt(one.balance_wei.value), [own, one]);
}
check("three balances", balances?.balances?.length === 3, balances);
check("absence is proven", balances?.balances?.[2]?.exists?.value === false, balances);

const counter = "0x00000000000000000000000000000000000c0de1";
const slot = (await lifeboat(["storage", counter, "0"])).json?.storage;
check("storage slot", slot && BigInt(await rpc("eth_getStorageAt", counter, "0x0", hex(slot.block.number))) === BigInt(slot.value), slot);
const account = (await lifeboat(["account", counter])).json;
const code = await rpc("eth_getCode", counter, "latest");
check("code size", account?.code_size?.value === (code.length - 2) / 2, account);

for (const which of ["latest", "finalized"]) {
  const block = (await lifeboat(["block", which])).json?.block;
  const own = block && await rpc("eth_getBlockByNumber", hex(block.value.number), false);
  check(`block ${which}`, own && own.hash === block.value.hash && own.stateRoot === block.value.state_root &&
    BigInt(own.gasUsed) === BigInt(block.value.gas_used) && own.transactions.join() === block.value.transactions.join(), [block?.value, own]);
}
const head = (await lifeboat(["block"])).json.block.value.number;
const older = (await lifeboat(["block", String(head - 40)])).json?.block;
check("an older block by EIP-2935", older?.value?.hash === (await rpc("eth_getBlockByNumber", hex(head - 40), false)).hash, older);

let seen = 0;
for (let number = head; number > head - 60 && seen < 4; number--) {
  const block = await rpc("eth_getBlockByNumber", hex(number), false);
  for (const hash of block.transactions) {
    const own = await rpc("eth_getTransactionReceipt", hash);
    // This EthereumJS reports the tip as the effective price; EIP-1559's is the lesser of cap and base fee plus tip.
    const tx = await rpc("eth_getTransactionByHash", hash);
    const paid = BigInt(block.baseFeePerGas) + BigInt(tx.maxPriorityFeePerGas);
    const price = paid < BigInt(tx.maxFeePerGas) ? paid : BigInt(tx.maxFeePerGas);
    const { json, stderr } = await lifeboat(["tx", hash]);
    const ours = json?.transaction?.value;
    check(`transaction ${hash.slice(0, 10)}`, ours && BigInt(own.gasUsed) === BigInt(ours.gas_used) && (own.status === "0x1") === ours.success &&
      own.logs.length === ours.logs.length && price === BigInt(ours.effective_gas_price) &&
      (own.contractAddress ?? "").toLowerCase() === (ours.contract_address ?? "").toLowerCase() &&
      BigInt(own.transactionIndex) === BigInt(ours.index), [ours, own, stderr]);
    seen++;
  }
}
check("some transactions were compared", seen > 0);
const unknown = await lifeboat(["tx", `0x${"11".repeat(32)}`]);
check("an unknown transaction is not verified", unknown.code === 3 && unknown.json?.state === "unknown", unknown);

const perSlot = info.slotSeconds * 1000;
// With a public network's constants the clock decides where periods end; only the devnet's own can be placed.
if (name === "devnet") {
  const period = Math.floor(info.anchor.slot / 8192); // the checks above may have taken until after its end
  for (let i = 0; i < 80 && Math.floor((await beaconHead()) / 8192) === period; i++) await sleep(perSlot);
  await sleep(3 * perSlot);
  const across = await lifeboat(["status"]);
  check("across the live period boundary", across.code === 0 && Math.floor(across.json.head.slot / 8192) === period + 1, JSON.stringify(across.json?.head));
}

await fetch(`${control}/?participation=0.75`); await sleep(3 * perSlot);
const low = await lifeboat(["status"]);
check("three quarters of the committee are enough", low.code === 0 && low.json.head.participants < 400 && low.json.lag_slots <= 3, low);
await fetch(`${control}/?participation=0.5`); await sleep(4 * perSlot);
const half = await lifeboat(["status"]);
check("half of it moves nothing", half.code === 0 && half.json.head.participants >= 342 && half.json.lag_slots >= 3, half);
await fetch(`${control}/?participation=1&skip=2`); await sleep(5 * perSlot);
const skipped = await lifeboat(["status"]);
check("goes on after skipped slots", skipped.code === 0 && skipped.json.head.participants === 512 && skipped.json.lag_slots <= 3, skipped);
await fetch(`${control}/?attest=0`); await sleep(3 * perSlot);
const stalled = await lifeboat(["status"]);
check("the head moves while finality stands", stalled.code === 0 && stalled.json.head.slot > skipped.json.head.slot, stalled);
await fetch(`${control}/?attest=1&offline=1`); await sleep(500);
const offline = await lifeboat(["status"]);
check("offline: exit 3 and words", offline.code === 3 && /503/.test(offline.stderr), offline);
await fetch(`${control}/?offline=0`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
