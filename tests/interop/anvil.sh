#!/usr/bin/env bash
# Anvil, an execution client that nobody here wrote, behind a practice beacon chain that signs its blocks: the contracts of
# contracts.sh are deployed on it, and a few hundred random calls, balances, nonces, code and slots are asked of anvil
# itself and of `lifeboat serve` above it, once by Prague's rules and once by Osaka's. About two minutes.
# Needs node >= 20 and npm. LIFEBOAT_BIN names a built binary; without it a release build is made.
# Usage: bash tests/interop/anvil.sh [COUNT]
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ -z "${LIFEBOAT_BIN:-}" ]; then
  cargo build --release
  LIFEBOAT_BIN="${CARGO_TARGET_DIR:-target}/release/lifeboat"
fi
LIFEBOAT_BIN="$(realpath "$LIFEBOAT_BIN")"
here="$PWD/tests/interop"
scratch="${LIFEBOAT_INTEROP_DIR:-$(mktemp -d)}"
mkdir -p "$scratch/contracts"
cd "$scratch/contracts"
[ -f package.json ] || npm init -y >/dev/null
# ens and resolver are old packages: their install scripts build what is not needed here.
[ -d node_modules/viem ] || npm install --silent --no-audit --no-fund --ignore-scripts viem solc @openzeppelin/contracts@4.9.6 \
  @uniswap/v3-core@1.0.1 @uniswap/v3-periphery@1.4.4 canonical-weth@1.4.0 @ensdomains/ens@0.6.2 @ensdomains/resolver@0.3.1
[ -d node_modules/@foundry-rs ] || npm install --silent --no-audit --no-fund --ignore-scripts @foundry-rs/anvil@1.7.1
cp node_modules/@foundry-rs/anvil-*/bin/anvil . && chmod +x anvil
cp "$here/contracts.mjs" .
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT

# Waits until a file has a line, or a process is gone.
await_line() { for _ in $(seq 300); do grep -qs "$2" "$1" && return; sleep 0.2; done; cat "$1" "${3:-/dev/null}"; exit 1; }

failures=0
for rules in prague:electra osaka:fulu; do
  hardfork="${rules%:*}" fork="${rules#*:}"
  ./anvil --chain-id 7777777 --port 0 --block-time 2 --hardfork "$hardfork" >anvil.txt 2>&1 & anvil=$!
  await_line anvil.txt "Listening on"
  node_url="http://$(sed -n 's/.*Listening on \(127.0.0.1:[0-9]*\).*/\1/p' anvil.txt)"
  # Its block 0 has an empty state root, which proves that there is nothing: the chain is followed from block 1 on.
  for _ in $(seq 100); do
    block="$(curl -s -H 'content-type: application/json' -d '{"jsonrpc":"2.0","id":1,"method":"eth_blockNumber","params":[]}' "$node_url")"
    case "$block" in *'"0x0"'*) sleep 0.2 ;; *) break ;; esac
  done
  "$LIFEBOAT_BIN" --execution "$node_url" practice --slot-seconds 2 --fork "$fork" >practice.txt 2>practice.log & practice=$!
  await_line practice.txt "^forks.$fork" practice.log
  data="$(mktemp -d -p "$scratch")"
  sed -n '/^\[networks.custom\]/,$p' practice.txt >"$data/settings.toml"
  root="$(awk '/^checkpoint /{print $2}' practice.txt)"
  rm -f serve.log
  "$LIFEBOAT_BIN" --network custom --data-dir "$data" --checkpoint "$root" --json serve --port 0 >serve.json 2>serve.log & serve=$!
  await_line serve.log verified
  echo "anvil 1.7.1 --hardfork $hardfork behind a practice beacon chain of $fork"
  node contracts.mjs "$node_url" "$(node -p 'JSON.parse(require("fs").readFileSync("serve.json")).http')" "${1:-300}" || failures=$((failures + 1))
  kill "$serve" "$practice" "$anvil" 2>/dev/null || true
  wait "$serve" "$practice" "$anvil" 2>/dev/null || true
done
[ "$failures" = 0 ]
