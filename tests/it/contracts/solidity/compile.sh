#!/bin/sh
# Compiles Lab.sol with solc and OpenZeppelin's contracts from npm into ../bytecode/Lab.json: name -> creation code.
# Also takes published bytecode that tests deploy as it is. Needs node and npm; nothing of it is needed to run the tests.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --no-audit --no-fund solc@0.8.28 @openzeppelin/contracts@5.4.0 viem@2.57.20 @ensdomains/ens@0.6.2 \
    @ensdomains/resolver@0.3.1 oz4@npm:@openzeppelin/contracts@4.9.6 >/dev/null
cat > compile.cjs <<'JS'
const fs = require('fs'), solc = require('solc'), [, , here] = process.argv;
const input = {
  language: 'Solidity',
  sources: { 'Lab.sol': { content: fs.readFileSync(`${here}/Lab.sol`, 'utf8') } },
  settings: { optimizer: { enabled: true, runs: 1 }, evmVersion: 'cancun', metadata: { bytecodeHash: 'none' },
    outputSelection: { 'Lab.sol': { '*': ['evm.bytecode.object'] } } },
};
const found = (path) => ({ contents: fs.readFileSync(require.resolve(path), 'utf8') });
const out = JSON.parse(solc.compile(JSON.stringify(input), { import: found }));
const errors = (out.errors || []).filter((one) => one.severity === 'error');
if (errors.length) throw new Error(errors.map((one) => one.formattedMessage).join('\n'));
const codes = {};
for (const [name, one] of Object.entries(out.contracts['Lab.sol'])) codes[name] = one.evm.bytecode.object;
const artifact = (path) => JSON.parse(fs.readFileSync(`node_modules/${path}`)).bytecode.slice(2);
codes.ENSRegistry = artifact('@ensdomains/ens/build/contracts/ENSRegistry.json');
codes.OwnedResolver = artifact('@ensdomains/resolver/build/contracts/OwnedResolver.json');
codes.ERC721 = artifact('oz4/build/contracts/ERC721PresetMinterPauserAutoId.json');
codes.ERC1155 = artifact('oz4/build/contracts/ERC1155PresetMinterPauser.json');
codes.ERC1967Proxy = artifact('@openzeppelin/contracts/build/contracts/ERC1967Proxy.json');
codes.UpgradeableBeacon = artifact('@openzeppelin/contracts/build/contracts/UpgradeableBeacon.json');
codes.BeaconProxy = artifact('@openzeppelin/contracts/build/contracts/BeaconProxy.json');
const viem = fs.readFileSync('node_modules/viem/constants/contracts.ts', 'utf8');
codes.Multicall3 = viem.match(/multicall3Bytecode =\s*'0x([0-9a-f]+)'/)[1];
const lines = Object.keys(codes).sort().map((name) => `"${name}":"${codes[name]}"`);
fs.writeFileSync(`${here}/../bytecode/Lab.json`, `{\n${lines.join(',\n')}\n}\n`);
JS
node compile.cjs "$here"
