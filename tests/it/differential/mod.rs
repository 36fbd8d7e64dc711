//! Contracts that nobody here wrote, asked a few hundred random calls: the proven answer is the node's own.

use alloy::consensus::TxEip1559;
use alloy::dyn_abi::{DynSolType, DynSolValue, JsonAbiExt as _};
use alloy::eips::eip2718::Encodable2718 as _;
use alloy::json_abi::Function;
use alloy::primitives::{Address, B256, Bytes, I256, TxKind, U256, hex, keccak256};
use lifeboat::chain::StateAt;
use lifeboat::devnet::execution::{PRACTICE_ACCOUNTS, PRACTICE_DOLLAR, PRACTICE_GOLD, sign};
use lifeboat::execution::{Call, CallStatus};
use serde_json::{Value, json};

use crate::support::practice::{Bench, options};

const OWNER: Address = PRACTICE_ACCOUNTS[0].address;
const CALLS: usize = 360;
/// Calls that are run as one.
const TOGETHER: usize = 6;

const MULTICALL: &[&str] = &[
    "getBlockHash(uint256)",
    "getLastBlockHash()",
    "getBlockNumber()",
    "getChainId()",
    "getCurrentBlockCoinbase()",
    "getCurrentBlockDifficulty()",
    "getCurrentBlockGasLimit()",
    "getCurrentBlockTimestamp()",
    "getEthBalance(address)",
    "aggregate3((address,bool,bytes)[])",
    "tryAggregate(bool,(address,bytes)[])",
    "tryBlockAndAggregate(bool,(address,bytes)[])",
];
const ERC20: &[&str] = &[
    "name()",
    "totalSupply()",
    "balanceOf(address)",
    "allowance(address,address)",
    "transfer(address,uint256)",
    "approve(address,uint256)",
    "transferFrom(address,address,uint256)",
    "burn(uint256)",
];
const VAULT: &[&str] = &[
    "asset()",
    "totalAssets()",
    "convertToAssets(uint256)",
    "convertToShares(uint256)",
    "maxWithdraw(address)",
    "previewMint(uint256)",
    "previewRedeem(uint256)",
    "deposit(uint256,address)",
    "mint(uint256,address)",
    "withdraw(uint256,address,address)",
    "redeem(uint256,address,address)",
    "balanceOf(address)",
];
const ITEMS: &[&str] = &[
    "tokenURI(uint256)",
    "ownerOf(uint256)",
    "tokenOfOwnerByIndex(address,uint256)",
    "getRoleMember(bytes32,uint256)",
    "supportsInterface(bytes4)",
    "safeTransferFrom(address,address,uint256)",
    "setApprovalForAll(address,bool)",
    "mint(address)",
    "pause()",
];
const KINDS: &[&str] = &[
    "balanceOf(address,uint256)",
    "balanceOfBatch(address[],uint256[])",
    "uri(uint256)",
    "safeTransferFrom(address,address,uint256,uint256,bytes)",
    "safeBatchTransferFrom(address,address,uint256[],uint256[],bytes)",
    "mintBatch(address,uint256[],uint256[],bytes)",
];
const BEACON: &[&str] = &["implementation()", "owner()", "upgradeTo(address)"];

/// Sends transactions from the first practice account, a block for every few.
struct Sender<'a> {
    bench: &'a Bench,
    nonce: u64,
}

impl Sender<'_> {
    fn send(&mut self, to: TxKind, input: Vec<u8>) {
        let tx = TxEip1559 {
            chain_id: self.bench.network.spec().chain_id,
            nonce: self.nonce,
            gas_limit: 8_000_000,
            max_fee_per_gas: 100_000_000_000,
            max_priority_fee_per_gas: 1_000_000_000,
            to,
            input: input.into(),
            ..TxEip1559::default()
        };
        self.bench.network.submit(&sign(0, tx).unwrap().inner().encoded_2718()).unwrap();
        self.nonce += 1;
        self.bench.network.advance(1).unwrap();
    }

    fn create(&mut self, code: &str, arguments: &[DynSolValue]) -> Address {
        let arguments = DynSolValue::Tuple(arguments.to_vec()).abi_encode_params();
        self.send(TxKind::Create, [hex::decode(code.trim()).unwrap(), arguments].concat());
        OWNER.create(self.nonce - 1)
    }

    fn write(&mut self, to: Address, signature: &str, arguments: &[DynSolValue]) {
        self.send(TxKind::Call(to), Function::parse(signature).unwrap().abi_encode_input(arguments).unwrap());
    }
}

/// What was deployed, each with the functions that are asked for.
type Contracts = Vec<(Address, &'static [&'static str])>;

fn text(words: &str) -> DynSolValue {
    DynSolValue::String(words.to_owned())
}

fn uint(number: u64) -> DynSolValue {
    DynSolValue::Uint(U256::from(number), 256)
}

fn deploy(sender: &mut Sender<'_>) -> Contracts {
    let multicall = sender.create(include_str!("bytecode/Multicall3.hex"), &[]);
    let vault = sender.create(include_str!("bytecode/Vault.hex"), &[PRACTICE_DOLLAR.into()]);
    let items = include_str!("bytecode/ERC721PresetMinterPauserAutoId.hex");
    let items = sender.create(items, &[text("Items"), text("ITM"), text("https://example.org/")]);
    let kinds = include_str!("bytecode/ERC1155PresetMinterPauser.hex");
    let kinds = sender.create(kinds, &[text("https://example.org/{id}")]);
    let proxy = include_str!("bytecode/ERC1967Proxy.hex");
    let proxy = sender.create(proxy, &[PRACTICE_DOLLAR.into(), DynSolValue::Bytes(Vec::new())]);
    let beacon = sender.create(include_str!("bytecode/UpgradeableBeacon.hex"), &[PRACTICE_GOLD.into()]);
    let through = include_str!("bytecode/BeaconProxy.hex");
    let through = sender.create(through, &[beacon.into(), DynSolValue::Bytes(Vec::new())]);
    sender.write(PRACTICE_DOLLAR, "approve(address,uint256)", &[vault.into(), uint(1_000_000)]);
    sender.write(vault, "deposit(uint256,address)", &[uint(1_000), OWNER.into()]);
    sender.write(PRACTICE_DOLLAR, "transfer(address,uint256)", &[vault.into(), uint(77)]);
    sender.write(items, "mint(address)", &[OWNER.into()]);
    sender.write(items, "mint(address)", &[PRACTICE_ACCOUNTS[1].address.into()]);
    let (ids, amounts) = ([uint(1), uint(2)], [uint(10), uint(20)]);
    let many = [ids, amounts].map(|list| DynSolValue::Array(list.to_vec()));
    let [ids, amounts] = many;
    let batch = [OWNER.into(), ids, amounts, DynSolValue::Bytes(Vec::new())];
    sender.write(kinds, "mintBatch(address,uint256[],uint256[],bytes)", &batch);
    sender.write(through, "approve(address,uint256)", &[OWNER.into(), uint(5)]);
    sender.bench.advance(1);
    vec![
        (multicall, MULTICALL),
        (PRACTICE_DOLLAR, ERC20),
        (PRACTICE_GOLD, ERC20),
        (proxy, ERC20),
        (through, ERC20),
        (vault, VAULT),
        (items, ITEMS),
        (kinds, KINDS),
        (beacon, BEACON),
    ]
}

/// Random arguments, near enough to sense that half of the calls succeed.
struct Chance {
    rng: fastrand::Rng,
    accounts: Vec<Address>,
    contracts: Contracts,
}

impl Chance {
    fn value(&mut self, of: &DynSolType, depth: usize) -> DynSolValue {
        match of {
            DynSolType::Address => self.address().into(),
            DynSolType::Bool => DynSolValue::Bool(self.rng.bool()),
            DynSolType::Uint(bits) => DynSolValue::Uint(self.number() >> (256 - bits), *bits),
            DynSolType::Int(bits) => DynSolValue::Int(I256::try_from(self.rng.i64(..)).unwrap(), *bits),
            DynSolType::FixedBytes(size) => {
                let word =
                    *self.rng.choice(&[B256::ZERO, keccak256("MINTER_ROLE"), hex_word("80ac58cd")]).unwrap();
                DynSolValue::FixedBytes(word, *size)
            }
            DynSolType::String => text("boat"),
            DynSolType::Bytes if depth > 0 => DynSolValue::Bytes(self.call(depth - 1).1.to_vec()),
            DynSolType::Bytes => {
                let length = self.rng.usize(0..70);
                DynSolValue::Bytes((0..length).map(|_| self.rng.u8(..)).collect())
            }
            DynSolType::Array(of) => {
                let length = self.rng.usize(0..5);
                DynSolValue::Array((0..length).map(|_| self.value(of, depth)).collect())
            }
            DynSolType::Tuple(parts) => {
                // A call inside a call: to the contract that its calldata is made for.
                let (to, data) = self.call(0);
                DynSolValue::Tuple(
                    parts
                        .iter()
                        .map(|part| match part {
                            DynSolType::Address => to.into(),
                            DynSolType::Bytes => DynSolValue::Bytes(data.to_vec()),
                            other => self.value(other, 0),
                        })
                        .collect(),
                )
            }
            other => panic!("{other}"),
        }
    }

    fn address(&mut self) -> Address {
        if self.rng.u8(0..6) == 0 {
            return Address::from_word(keccak256([self.rng.u8(..)]));
        }
        *self.rng.choice(&self.accounts).unwrap()
    }

    fn number(&mut self) -> U256 {
        match self.rng.u8(0..6) {
            0 => U256::MAX,
            1 => U256::ZERO,
            2 => U256::from(self.rng.u64(..)),
            _ => U256::from(self.rng.u8(0..30)),
        }
    }

    fn call(&mut self, depth: usize) -> (Address, Bytes) {
        let (to, signatures) = *self.rng.choice(&self.contracts).unwrap();
        let function = Function::parse(self.rng.choice(signatures).unwrap()).unwrap();
        let types: Vec<DynSolType> =
            function.inputs.iter().map(|input| input.ty.parse().unwrap_or_else(|_| tuple(input))).collect();
        let arguments: Vec<_> = types.iter().map(|of| self.value(of, depth)).collect();
        (to, function.abi_encode_input(&arguments).unwrap().into())
    }
}

/// The type of a parameter with components.
fn tuple(input: &alloy::json_abi::Param) -> DynSolType {
    input.selector_type().parse().unwrap()
}

fn hex_word(digits: &str) -> B256 {
    B256::right_padding_from(&hex::decode(digits).unwrap())
}

/// The node's own answer: success and return data, or revert data.
async fn own(client: &reqwest::Client, url: &str, call: &Call, number: u64) -> (bool, String) {
    let request = json!({"from": call.from, "to": call.to, "data": call.input});
    let body =
        json!({"jsonrpc": "2.0", "id": 1, "method": "eth_call", "params": [request, format!("{number:#x}")]});
    let reply: Value = client.post(url).json(&body).send().await.unwrap().json().await.unwrap();
    match reply.get("error") {
        None => (true, reply["result"].as_str().unwrap().to_owned()),
        Some(error) => (false, error["data"].as_str().unwrap_or("0x").to_owned()),
    }
}

async fn head(bench: &Bench) -> StateAt {
    let syncer = bench.synced().await.unwrap();
    let (reader, heads) = bench.heads(&syncer).await;
    reader.state_at(heads.optimistic)
}

#[tokio::test(flavor = "multi_thread")]
async fn proven_answers_are_the_nodes_own() {
    let bench = Bench::start(&options()).await;
    let nonce = head(&bench).await.account(OWNER).await.unwrap().value().nonce;
    let contracts = deploy(&mut Sender { bench: &bench, nonce });
    let accounts = PRACTICE_ACCOUNTS[..3].iter().map(|one| one.address);
    let accounts = accounts.chain(contracts.iter().map(|(who, _)| *who)).collect();
    let mut chance = Chance { rng: fastrand::Rng::with_seed(20_261_125), accounts, contracts };
    bench.advance(1);
    let state = head(&bench).await;
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = bench.network.execution_endpoints()[0].url().to_string();
    let (mut succeeded, mut failed) = (0, 0);
    for _ in 0..CALLS / TOGETHER {
        let calls: Vec<Call> = (0..TOGETHER)
            .map(|_| {
                let (to, input) = chance.call(1);
                Call { from: chance.address(), ..Call::read(to, input) }
            })
            .collect();
        let outcomes = state.calls(calls.clone()).await.unwrap();
        for (call, outcome) in calls.iter().zip(outcomes) {
            let own = own(&client, &url, call, state.block_ref().number).await;
            let outcome = outcome.into_value();
            let ours = (outcome.status == CallStatus::Success, outcome.output.to_string());
            assert_eq!(ours, own, "{call:?}");
            if ours.0 { succeeded += 1 } else { failed += 1 }
        }
    }
    println!("{succeeded} succeeded, {failed} failed, all as the node has it");
    assert!(succeeded > 100 && failed > 50, "{succeeded} {failed}");
}
