// node helios.mjs devnet.json DATA_DIR: Helios's npm build (WASM) and Lifeboat ask the same questions of the devnet that
// wears mainnet's constants, each through a counting proxy; answers are compared, time, requests and bytes printed.
// run.sh copies it into the devnet's folder, which has @a16z/helios. Needs LIFEBOAT_BIN. Last line: 'N passed, N failed'.
import { execFileSync } from "node:child_process";
import { createServer, request } from "node:http";
import { readFileSync } from "node:fs";

const [infoPath, dataDir] = process.argv.slice(2);
const info = JSON.parse(readFileSync(infoPath, "utf8"));
let passed = 0, failed = 0;
const check = (what, ok, detail = "") => { ok ? passed++ : failed++; console.log(`${ok ? "ok  " : "FAIL"} ${what}${ok ? "" : ` ${detail}`}`); };

/** A proxy in front of `target` that counts requests and reply bytes. */
const proxy = (target) => new Promise((ready) => {
  const to = new URL(target), count = { requests: 0, bytes: 0 };
  const server = createServer((incoming, outgoing) => {
    count.requests++;
    const onward = request({ host: to.hostname, port: to.port, path: incoming.url, method: incoming.method, headers: { ...incoming.headers, host: to.host } }, (reply) => {
      outgoing.writeHead(reply.statusCode, { ...reply.headers, "access-control-allow-origin": "*" });
      reply.on("data", (chunk) => { count.bytes += chunk.length; });
      reply.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  server.listen(0, "127.0.0.1", () => ready({ url: `http://127.0.0.1:${server.address().port}`, count }));
});

const checkpoint = info.firstFinalized.root;
const rich = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266", counter = "0x00000000000000000000000000000000000c0de1";
const [heliosBeacon, heliosExecution] = [await proxy(info.beaconApi), await proxy(info.executionRpc)];
const { createHeliosProvider } = await import("@a16z/helios");
let start = performance.now();
const helios = await createHeliosProvider({ executionRpc: heliosExecution.url, consensusRpc: heliosBeacon.url, network: "mainnet", checkpoint, dbType: "config" }, "ethereum");
await helios.waitSynced();
const heliosSync = performance.now() - start;
// Right after its sync it answers "out of sync" until the next slot's tick.
for (let i = 0; i < 40; i++) { try { await helios.request({ method: "eth_blockNumber", params: [] }); break; } catch { await new Promise((done) => setTimeout(done, 500)); } }
const total = (...proxies) => proxies.reduce((sum, one) => ({ requests: sum.requests + one.count.requests, bytes: sum.bytes + one.count.bytes }), { requests: 0, bytes: 0 });
const afterSync = total(heliosBeacon, heliosExecution);

const lifeboat = (beacon, execution, args) => {
  const before = performance.now();
  const out = execFileSync(process.env.LIFEBOAT_BIN, ["--network", "mainnet", "--json", "--data-dir", dataDir, "--checkpoint", checkpoint, "--beacon", beacon, "--execution", execution, ...args], { stdio: ["ignore", "pipe", "ignore"] });
  return { json: JSON.parse(out), ms: performance.now() - before };
};
// execFileSync would block the proxies of this process, so Lifeboat's own counters are used for it.
const status = lifeboat(info.beaconApi, info.executionRpc, ["status"]);
check("both reach a head", status.json.head.block_number > 0);

const at = async (method, ...params) => helios.request({ method, params });
const balance = lifeboat(info.beaconApi, info.executionRpc, ["balance", rich]).json.balances[0].balance_wei;
check("balance", BigInt(await at("eth_getBalance", rich, "latest")) === BigInt(balance.value), balance.value);
const slot = lifeboat(info.beaconApi, info.executionRpc, ["storage", counter, "0"]).json.storage;
check("storage", BigInt(await at("eth_getStorageAt", counter, "0x0", "latest")) === BigInt(slot.value), slot.value);
const code = lifeboat(info.beaconApi, info.executionRpc, ["account", counter]).json;
check("code", ((await at("eth_getCode", counter, "latest")).length - 2) / 2 === code.code_size.value, JSON.stringify(code));
const final = lifeboat(info.beaconApi, info.executionRpc, ["block", "finalized"]).json.block.value;
const theirs = await at("eth_getBlockByNumber", "finalized", false);
check("the final block", BigInt(theirs.number) !== BigInt(final.number) || theirs.hash === final.hash, JSON.stringify([theirs.hash, final.hash]));
const print = (who, ms, cost) => console.log(`     ${who}: checkpoint to verified head ${ms.toFixed(0)} ms, ${cost.requests} requests, ${cost.bytes} bytes`);
print("Helios  (WASM, in process)", heliosSync, afterSync);
print("Lifeboat (native, with process start)", status.ms, { requests: status.json.traffic.requests, bytes: status.json.traffic.bytes_down });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
