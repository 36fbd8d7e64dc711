// Compiles PracticeMarket.sol. In an empty folder: `npm install solc@0.8.20 && node REPOSITORY/abis/practice/compile.mjs`
// writes the creation code of the contracts that the practice network creates, and `abis/practice.json`.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const solc = createRequire(join(process.cwd(), "package.json"))("solc");
const outputSelection = { "*": { "*": ["abi", "evm.bytecode.object", "evm.deployedBytecode.object"] } };
const output = JSON.parse(solc.compile(JSON.stringify({
  language: "Solidity",
  sources: { "PracticeMarket.sol": { content: readFileSync(join(here, "PracticeMarket.sol"), "utf8") } },
  settings: {
    optimizer: { enabled: true, runs: 1 }, evmVersion: "shanghai", metadata: { bytecodeHash: "none" }, outputSelection,
  },
})));
const faults = (output.errors ?? []).filter((one) => one.severity === "error");
if (faults.length > 0) throw new Error(faults.map((one) => one.formattedMessage).join("\n"));
// What the interfaces of Aave, ERC-20 and WETH here do not have.
const own = ["setAssetPrice", "borrow", "AssetPriceUpdated"];
for (const name of ["PracticeMarket", "PracticeShare", "PracticeWeth"]) {
  writeFileSync(join(here, `${name}.hex`), `${output.contracts["PracticeMarket.sol"][name].evm.bytecode.object}\n`);
}
const items = output.contracts["PracticeMarket.sol"].PracticeMarket.abi.filter((item) => own.includes(item.name));
const lines = items.map((item) => `  ${JSON.stringify(item)}`);
writeFileSync(join(here, "..", "practice.json"), `{\n "PracticeMarket": [\n${lines.join(",\n")}\n ]\n}\n`);
