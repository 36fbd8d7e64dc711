#!/bin/sh
# Compiles StandIns.sol and Comet.sol with solc from npm into ../bytecode/StandIns.json: name -> creation code. Needs node and npm; nothing
# of it is needed to run the tests.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm init -y >/dev/null
npm install --no-audit --no-fund solc@0.8.28 >/dev/null
cat > compile.cjs <<'JS'
const fs = require('fs'), solc = require('solc'), [, , here] = process.argv;
const input = {
  language: 'Solidity',
  sources: Object.fromEntries(['StandIns.sol', 'Comet.sol'].map((one) => [one, { content: fs.readFileSync(`${here}/${one}`, 'utf8') }])),
  settings: { optimizer: { enabled: true, runs: 1 }, evmVersion: 'cancun', metadata: { bytecodeHash: 'none' },
    outputSelection: { '*': { '*': ['evm.bytecode.object'] } } },
};
const out = JSON.parse(solc.compile(JSON.stringify(input)));
const errors = (out.errors || []).filter((one) => one.severity === 'error');
if (errors.length) throw new Error(errors.map((one) => one.formattedMessage).join('\n'));
const contracts = Object.values(out.contracts).flatMap((one) => Object.entries(one)).sort();
const lines = contracts.map(([name, one]) => `"${name}":"${one.evm.bytecode.object}"`);
fs.writeFileSync(`${here}/../bytecode/StandIns.json`, `{\n${lines.join(',\n')}\n}\n`);
JS
node compile.cjs "$here"
