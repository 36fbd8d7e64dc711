#!/usr/bin/env bash
# Contracts that nobody here wrote (Multicall3, WETH9, OpenZeppelin, Uniswap v3, ENS, from their npm packages) on the
# practice network: a few hundred random calls, the proven answer against the node's own. About a minute.
# Needs node >= 20 and npm. LIFEBOAT_BIN names a built binary; without it a release build is made.
# Usage: bash tests/interop/contracts.sh [COUNT]
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
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
"$LIFEBOAT_BIN" practice --slot-seconds 2 >practice.txt 2>practice.log &
for _ in $(seq 100); do grep -qs '^forks.fulu\|^forks.gloas' practice.txt && break; sleep 0.2; done
data="$(mktemp -d -p "$scratch")"
sed -n '/^\[networks.custom\]/,$p' practice.txt >"$data/settings.toml"
root="$(awk '/^checkpoint /{print $2}' practice.txt)"
node_url="$(awk '/^execution /{print $2; exit}' practice.txt)"
"$LIFEBOAT_BIN" --network custom --data-dir "$data" --checkpoint "$root" --json serve --port 0 >serve.json 2>serve.log &
for _ in $(seq 100); do grep -qs verified serve.log && break; sleep 0.2; done
grep -q verified serve.log || { cat serve.log; exit 1; }
cp "$here/contracts.mjs" .
node contracts.mjs "$node_url" "$(node -p 'JSON.parse(require("fs").readFileSync("serve.json")).http')" "${1:-400}"
