#!/usr/bin/env bash
# `lifeboat serve` on the practice network, asked by clients that nobody here wrote: cast, viem and ethers from npm.
# Needs node >= 20 and npm. LIFEBOAT_BIN names a built binary; without it a release build is made.
# Usage: bash tests/interop/serve.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ -z "${LIFEBOAT_BIN:-}" ]; then
  cargo build --release
  LIFEBOAT_BIN="${CARGO_TARGET_DIR:-target}/release/lifeboat"
fi
LIFEBOAT_BIN="$(realpath "$LIFEBOAT_BIN")"
here="$PWD/tests/interop"
scratch="${LIFEBOAT_INTEROP_DIR:-$(mktemp -d)}"
mkdir -p "$scratch/clients"
cd "$scratch/clients"
[ -f package.json ] || npm init -y >/dev/null
[ -d node_modules/viem ] || npm install --silent --no-audit --no-fund @foundry-rs/cast viem ethers
"$LIFEBOAT_BIN" --network practice --json serve --port 0 >serve.json 2>serve.log &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
for _ in $(seq 100); do grep -q verified serve.log && break; sleep 0.2; done
grep -q verified serve.log || { cat serve.log; exit 1; }
cp "$here/serve.mjs" .
PATH="$PWD/node_modules/.bin:$PATH" node serve.mjs serve.json
