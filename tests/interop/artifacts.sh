#!/usr/bin/env bash
# Fetches the published bytecode of real protocols for the tests in tests/it/protocols, which say SKIPPED without it.
# Needs node >= 20 and npm. Nothing of it belongs into the repository (BUSL, GPL).
# LIFEBOAT_COMET and LIFEBOAT_LIDO may name checkouts of compound-finance/comet and lidofinance/core, whose sources are in
# no package registry; without them the tests of Compound v3 and Lido say SKIPPED.
# LIFEBOAT_CHECKOUTS may name a folder of checkouts, as artifacts_checkouts.mjs lists them: Maker, Sky and others.
# Usage: bash tests/interop/artifacts.sh FOLDER && LIFEBOAT_ARTIFACTS=FOLDER cargo test --test it protocols
# Done once it is not repeated until these files change. LIFEBOAT_ARTIFACTS_CACHE keeps the packages elsewhere.
set -euo pipefail
out="$(realpath -m "${1:?a folder for the bytecodes}")"
here="$(cd "$(dirname "$0")" && pwd)"
made="$(cat "$here"/artifacts.sh "$here"/artifacts*.mjs | sha256sum | cut -d' ' -f1) ${LIFEBOAT_COMET:+comet} ${LIFEBOAT_LIDO:+lido}"
made="$made ${LIFEBOAT_CHECKOUTS:+checkouts}"
if [ "$(cat "$out/made" 2>/dev/null)" = "$made" ]; then exit 0; fi
if [ -n "${LIFEBOAT_ARTIFACTS_CACHE:-}" ]; then
  scratch="$LIFEBOAT_ARTIFACTS_CACHE"
else
  scratch="$(mktemp -d)"
  trap 'rm -rf "$scratch"' EXIT
fi
mkdir -p "$scratch" && cd "$scratch"
[ -f package.json ] || echo '{"name":"artifacts","private":true,"version":"0.0.0"}' > package.json
# Compilers and libraries that only the checkouts need.
more=()
if [ -n "${LIFEBOAT_CHECKOUTS:-}" ]; then
  more=(solc5@npm:solc@0.5.12 solc6@npm:solc@0.6.12 solc611@npm:solc@0.6.11 solc76@npm:solc@0.7.6 solc16@npm:solc@0.8.16
    solc21@npm:solc@0.8.21 oz34@npm:@openzeppelin/contracts@3.4.2 oz5@npm:@openzeppelin/contracts@5.0.2 oz5up@npm:@openzeppelin/contracts-upgradeable@5.0.2)
fi
if [ -n "${LIFEBOAT_LIDO:-}" ]; then
  more+=(solc6@npm:solc@0.6.12 solc89@npm:solc@0.8.9 oz34@npm:@openzeppelin/contracts@3.4.2 oz44@npm:@openzeppelin/contracts@4.4.1)
fi
npm install --no-save --ignore-scripts --no-audit --no-fund --legacy-peer-deps --silent \
  @aave/core-v3@1.19.3 @aave/periphery-v3@3.0.1 canonical-weth@1.4.0 \
  @uniswap/v2-core@1.0.1 @uniswap/v2-periphery@1.1.0-beta.0 \
  @uniswap/v3-core@1.0.1 @uniswap/v3-periphery@1.4.4 @uniswap/swap-router-contracts@1.3.1 \
  @safe-global/safe-contracts@1.4.1 @openzeppelin/contracts@4.9.6 @morpho-org/morpho-blue@1.0.0 @uniswap/v4-periphery@1.0.3 solmate@6.8.0 \
  solc15@npm:solc@0.8.15 solc17@npm:solc@0.8.17 solc19@npm:solc@0.8.19 solc20@npm:solc@0.8.20 "${more[@]}"
# Only its own files: what it is built with is not needed.
if [ ! -d node_modules/@pendle/core-v2 ]; then
  tarball="$(npm pack --silent @pendle/core-v2@6.11.0)"
  mkdir -p node_modules/@pendle/core-v2
  tar xzf "$tarball" -C node_modules/@pendle/core-v2 --strip-components=1
  rm "$tarball"
fi
node "$here/artifacts.mjs" "$out"
echo "$made" > "$out/made"
