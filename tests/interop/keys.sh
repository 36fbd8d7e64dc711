#!/usr/bin/env bash
# Keys and transactions against Foundry's cast and anvil: our files open there, theirs open here, what is signed here is
# accepted by anvil and recovers to the same sender in cast.
#   tests/interop/keys.sh LIFEBOAT [FOLDER with cast and anvil; without it they come from npm]
set -euo pipefail
lifeboat=$(realpath "$1")
work=$(mktemp -d)
trap 'kill "${anvil_pid:-}" "${practice_pid:-}" 2>/dev/null || true; rm -rf "$work"' EXIT
if [ $# -gt 1 ]; then
  tools=$(realpath "$2")
else
  (cd "$work" && npm init -y >/dev/null && npm install --silent --no-audit --no-fund @foundry-rs/cast@1.7.1 @foundry-rs/anvil@1.7.1 >/dev/null)
  tools=$work/tools && mkdir "$tools"
  for tool in cast anvil; do
    cp "$work"/node_modules/@foundry-rs/$tool-*/bin/$tool "$tools/" && chmod +x "$tools/$tool"
  done
fi
cast=$tools/cast anvil=$tools/anvil
failures=0
check() { if [ "$2" = "$3" ]; then echo "ok   $1"; else echo "FAIL $1: $2, expected $3"; failures=$((failures + 1)); fi; }
lower() { tr '[:upper:]' '[:lower:]'; }

# A practice network in the foreground, and a folder that describes it.
"$lifeboat" practice --slot-seconds 2 >"$work/practice.txt" & practice_pid=$!
until grep -q '^forks.fulu' "$work/practice.txt"; do sleep 0.2; done
mkdir "$work/data" && sed -n '/^\[/,$p' "$work/practice.txt" >"$work/data/settings.toml"
checkpoint=$(awk '/^checkpoint/ {print $2}' "$work/practice.txt")
boat() { "$lifeboat" --network custom --data-dir "$work/data" --checkpoint "$checkpoint" "$@"; }

# 1. cast makes a key file, Lifeboat opens it.
(cd "$work" && "$cast" wallet new "$work" theirs --unsafe-password theirs >/dev/null)
their_address=$("$cast" wallet address --keystore "$work/theirs" --password theirs | lower)
printf 'theirs\nours\n' | boat key import "$work/theirs" --name theirs --secret-fd 0 --password-fd 0 >/dev/null
ours=$(boat --json key list | jq -r '.keys[] | select(.name == "theirs") | .address' | lower)
check "a key file of cast opens in Lifeboat" "$ours" "$their_address"

# 2. Lifeboat writes a key file, cast opens it.
printf 'ours\nthird\n' | boat key export theirs "$work/exported" --password-fd 0 --new-password-fd 0 >/dev/null
check "a key file of Lifeboat opens in cast" "$("$cast" wallet address --keystore "$work/exported" --password third | lower)" "$their_address"

# 3. The same phrase gives the same accounts.
phrase="test test test test test test test test test test test junk"
printf '%s\nours\n' "$phrase" | boat key import --phrase --accounts 3 --name words --secret-fd 0 --password-fd 0 >/dev/null 2>&1
for index in 0 1 2; do
  theirs=$("$cast" wallet address --mnemonic "$phrase" --mnemonic-index $index | lower)
  check "account $index of a phrase" "$(boat --json key list | jq -r ".keys[] | select(.name == \"words-$index\") | .address" | lower)" "$theirs"
done

# 4. Messages and typed data: the signatures are equal, byte for byte (RFC 6979).
key=0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80
mine=$(boat --json sign message "hello" --from practice-0 --yes 2>/dev/null | jq -r .signature)
check "a message" "$mine" "$("$cast" wallet sign --private-key $key hello)"
cat >"$work/mail.json" <<'JSON'
{"types":{"EIP712Domain":[{"name":"name","type":"string"},{"name":"chainId","type":"uint256"}],"Mail":[{"name":"contents","type":"string"},{"name":"parts","type":"uint256[]"}]},"primaryType":"Mail","domain":{"name":"Mail","chainId":7777777},"message":{"contents":"Hello","parts":[1,2,3]}}
JSON
mine=$(boat --json sign typed-data "$work/mail.json" --from practice-0 --yes --fact BLIND 2>/dev/null | jq -r .signature)
check "typed data" "$mine" "$("$cast" wallet sign --private-key $key --data --from-file "$work/mail.json")"

# 5. Signed here: decoded by cast to the same sender, and accepted by anvil on the same chain id.
"$anvil" --chain-id 7777777 --port 0 >"$work/anvil.txt" 2>&1 & anvil_pid=$!
until grep -qs "Listening on" "$work/anvil.txt"; do sleep 0.2; done
port=$(sed -n 's/.*Listening on 127.0.0.1:\([0-9]*\).*/\1/p' "$work/anvil.txt")
for type in 0 1 2; do
  # anvil begins at nonce 0 for every account, and asks a gwei: far more than here, so the fee is a danger to be typed.
  raw=$(boat --json send practice-1 0.5 --from practice-3 --tx-type $type --nonce "$type" --max-fee 3 --fact 0.000063 --no-send --yes 2>/dev/null | jq -r .transaction.raw)
  sender=$("$cast" decode-transaction "$raw" | jq -r 'if type == "string" then fromjson else . end | .signer' | lower)
  check "type $type recovers to its sender in cast" "$sender" "0x90f79bf6eb2c4f870365e785982e1f101e93b906"
  hash=$("$cast" publish --rpc-url "http://127.0.0.1:$port" "$raw" | jq -r .transactionHash)
  status=$("$cast" receipt --rpc-url "http://127.0.0.1:$port" "$hash" status 2>/dev/null | awk '{print $1}')
  check "type $type is accepted by anvil" "$status" "true"
done

# 6. Signed by cast: Lifeboat sends and follows it.
raw=$("$cast" mktx --private-key 0x47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a --chain 7777777 --nonce 0 --gas-limit 21000 --gas-price 5gwei --priority-gas-price 1gwei 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --value 1)
state=$(boat --json broadcast "$raw" --wait 2>/dev/null | jq -r .transaction.state)
check "a transaction of cast is sent and proven" "$state" "included"
[ "$failures" = 0 ]
