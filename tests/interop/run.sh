#!/usr/bin/env bash
# Lifeboat against a proof-of-stake devnet that nobody here wrote (Lodestar's rules, EthereumJS's execution client, both
# from npm). The devnet's folder is LIFEBOAT_DEVNET, or ../shared/devnet beside the checkout; it is copied to a scratch
# folder. Needs node >= 20 and npm. LIFEBOAT_BIN names a built binary; without it a release build is made.
# Usage: bash tests/interop/run.sh [mainnet|devnet|both]
set -euo pipefail
cd "$(dirname "$0")/../.."
devnet="${LIFEBOAT_DEVNET:-../shared/devnet}"
which="${1:-both}"
[ -d "$devnet" ] || { echo "SKIPPED: no devnet at $devnet"; exit 0; }
if [ -z "${LIFEBOAT_BIN:-}" ]; then
  cargo build --release
  LIFEBOAT_BIN="${CARGO_TARGET_DIR:-target}/release/lifeboat"
fi
LIFEBOAT_BIN="$(realpath "$LIFEBOAT_BIN")"; export LIFEBOAT_BIN
repository="$PWD"
here="$PWD/tests/interop"
scratch="${LIFEBOAT_INTEROP_DIR:-$(mktemp -d)}"
mkdir -p "$scratch/devnet"
cp -r "$devnet/." "$scratch/devnet/"; chmod -R u+w "$scratch/devnet"
cd "$scratch/devnet"
[ -d node_modules/.bin ] || npm ci --silent --no-audit --no-fund
trap 'bash "$scratch/devnet/stop.sh" >/dev/null 2>&1 || true' EXIT
one() { # name, then the devnet's environment
  local name="$1"; shift
  echo "== $name: $*"
  rm -rf "$scratch/$name-data" "$scratch/helios-data" # a head of another chain with the same constants would be "newer"
  env "$@" bash start.sh >"$scratch/$name.log" 2>&1 || { tail -20 "$scratch/$name.log"; exit 1; }
  node tx.mjs 6 >>"$scratch/$name.log" 2>&1
  node "$here/check.mjs" "$name" "$PWD/run/devnet.json" "$scratch/$name-data" || failed=1
  if [ "$name" = mainnet ]; then
    # The npm build of Helios knows public networks only, so it is compared on the devnet that wears mainnet's constants.
    cp "$here/helios.mjs" "$here/side_by_side.mjs" .
    node helios.mjs "$PWD/run/devnet.json" "$scratch/helios-data" || failed=1
    [ -d node_modules/viem ] || npm install --silent --no-audit --no-fund --no-save viem
    rm -rf "$scratch/side-data"
    node side_by_side.mjs "$PWD/run/devnet.json" "$scratch/side-data" "$repository" || failed=1
  fi
  bash stop.sh >/dev/null 2>&1 || true
}
failed=0
case "$which" in mainnet|both)
  one mainnet DEVNET_NETWORK=mainnet ;; esac
case "$which" in devnet|both)
  one devnet DEVNET_NETWORK=devnet DEVNET_SLOT_SECONDS=2 DEVNET_PERIOD_BOUNDARY_IN=45 ;; esac
exit "$failed"
