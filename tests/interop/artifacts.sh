#!/usr/bin/env bash
# Fetches the published bytecode of real protocols for the tests in tests/it/protocols, which say SKIPPED without it.
# Needs node >= 20 and npm. Nothing of it belongs into the repository (BUSL, GPL).
# Protocols whose makers publish no package are not among them: their tests run where the folder holds what somebody
# compiled, one file {"bytecode", "links"} a contract, under the name that the test asks for.
# Usage: bash tests/interop/artifacts.sh FOLDER && LIFEBOAT_ARTIFACTS=FOLDER cargo test --test it protocols
# Done once it is not repeated until these files change. LIFEBOAT_ARTIFACTS_CACHE keeps the packages elsewhere.
set -euo pipefail
out="$(realpath -m "${1:?a folder for the bytecodes}")"
here="$(cd "$(dirname "$0")" && pwd)"
made="$(cat "$here"/artifacts.sh "$here"/artifacts*.mjs | sha256sum | cut -d' ' -f1)"
if [ "$(cat "$out/made" 2>/dev/null)" = "$made" ]; then exit 0; fi
if [ -n "${LIFEBOAT_ARTIFACTS_CACHE:-}" ]; then
  scratch="$LIFEBOAT_ARTIFACTS_CACHE"
else
  scratch="$(mktemp -d)"
  trap 'rm -rf "$scratch"' EXIT
fi
mkdir -p "$scratch" && cd "$scratch"
[ -f package.json ] || echo '{"name":"artifacts","private":true,"version":"0.0.0"}' > package.json
npm install --no-save --ignore-scripts --no-audit --no-fund --legacy-peer-deps --silent \
  @aave/core-v3@1.19.3 @aave/periphery-v3@3.0.1 canonical-weth@1.4.0 \
  @uniswap/v2-core@1.0.1 @uniswap/v2-periphery@1.1.0-beta.0 \
  @uniswap/v3-core@1.0.1 @uniswap/v3-periphery@1.4.4 @uniswap/swap-router-contracts@1.3.1 \
  @safe-global/safe-contracts@1.4.1 @openzeppelin/contracts@4.9.6 @morpho-org/morpho-blue@1.0.0 @uniswap/v4-periphery@1.0.3 solmate@6.8.0 \
  solc17@npm:solc@0.8.17 solc19@npm:solc@0.8.19 solc20@npm:solc@0.8.20
# Of these only their own files: what they are built with is not needed.
for package in @pendle/core-v2@6.11.0 @balancer-labs/v2-deployments@3.2.0 @makerdao/testchain@1.1.33-beta5; do
  folder="node_modules/${package%@*}"
  [ ! -d "$folder" ] || continue
  tarball="$(npm pack --silent "$package")"
  mkdir -p "$folder"
  tar xzf "$tarball" -C "$folder" --strip-components=1
  rm "$tarball"
done
node "$here/artifacts.mjs" "$out"
echo "$made" > "$out/made"
