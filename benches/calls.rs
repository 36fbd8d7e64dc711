//! Contract calls over endpoints that are far away: rounds, requests and bytes, beside a driver that fetches one miss at
//! a time; and the engine's own time once all state is there.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    reason = "a benchmark"
)]

mod calls_market;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use alloy::consensus::TxEip1559;
use alloy::eips::eip2718::Encodable2718 as _;
use alloy::primitives::{Address, B256, Bytes, TxKind, U256, bytes, hex};
use alloy::sol_types::{SolCall as _, SolValue as _};
use async_trait::async_trait;
use criterion::{Criterion, criterion_group, criterion_main};
use lifeboat::chain::{AccessStore, Anchor, ChainEdges, Clock, CodeCache, Heads, Learned, Reader, Syncer};
use lifeboat::contracts::Erc20;
use lifeboat::devnet::execution::{PRACTICE_ACCOUNTS, sign};
use lifeboat::devnet::http::Fault;
use lifeboat::devnet::{PracticeNetwork, PracticeOptions};
use lifeboat::execution::{
    Call, CallBatch, EvmEnv, ProvenHeader, StateKey, Step, StorageAnswer, Witness, verify_account,
    verify_storage,
};
use lifeboat::sources::{
    EndpointConfig, EndpointKind, ExecutionSource, HttpOptions, HttpPool, StateRef, Traffic,
};

/// How far away the endpoints are: a round takes this long.
const ROUND: Duration = Duration::from_millis(200);
const TOKENS: usize = 300;
const TOKEN_CODE: &str = include_str!("../abis/ERC20PresetFixedSupply/creation.hex");
/// Slot of EIP-1967.
const PROXY_SLOT: [u8; 32] = hex!("360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc");

#[derive(Default)]
struct At(AtomicU64);

#[async_trait]
impl Clock for At {
    fn unix_ms(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
    async fn sleep(&self, _duration: Duration) {}
}

/// What a data folder would hold.
#[derive(Debug, Default)]
struct Shelf {
    learned: Mutex<Learned>,
    codes: Mutex<HashMap<B256, Bytes>>,
}

impl AccessStore for Shelf {
    fn load(&self) -> Learned {
        self.learned.lock().unwrap().clone()
    }
    fn save(&self, learned: Learned) {
        *self.learned.lock().unwrap() = learned;
    }
}

impl CodeCache for Shelf {
    fn load(&self, hash: B256) -> Option<Bytes> {
        self.codes.lock().unwrap().get(&hash).cloned()
    }
    fn save(&self, hash: B256, code: &Bytes) {
        self.codes.lock().unwrap().insert(hash, code.clone());
    }
}

/// The practice network with contracts on it, and a verified head.
struct World {
    network: PracticeNetwork,
    edges: ChainEdges,
    pool: Arc<HttpPool>,
    clock: Arc<At>,
    syncer: tokio::sync::Mutex<Syncer>,
    heads: Mutex<Heads>,
    tokens: Vec<Address>,
    proxy: Address,
    reader: Address,
    /// A quote of Uniswap v3, where its bytecode is at hand.
    quote: Option<Call>,
}

impl World {
    async fn start() -> Self {
        let options = PracticeOptions { slot_ms: 12_000, ..PracticeOptions::at(1_767_225_600_000) };
        let network = PracticeNetwork::start(&options).await.unwrap();
        let mut sender = Sender { network: &network, nonce: 30 }; // after those that the practice market took
        let mut token = hex::decode(TOKEN_CODE.trim()).unwrap();
        let owner = PRACTICE_ACCOUNTS[0].address;
        token.extend(("Bench", "BNC", U256::from(1u64 << 60), owner).abi_encode_params());
        let tokens: Vec<Address> = (0..TOKENS).map(|_| sender.create(&token)).collect();
        let proxy = sender.create(&proxy_of(tokens[0]));
        let last = sender.create(&summing(30, Address::ZERO));
        let middle = sender.create(&summing(30, last));
        let reader = sender.create(&summing(40, middle));
        let quote = calls_market::quote(&mut sender, &tokens);
        network.advance(2).unwrap();
        let spec = Arc::new(network.spec().clone());
        let pool = pool(&network);
        let clock = Arc::new(At::default());
        tick(&network, &clock);
        let (beacon, execution, gateways) = (pool.clone(), pool.clone(), pool.clone());
        let edges = ChainEdges { spec: Arc::clone(&spec), beacon, execution, gateways, clock: clock.clone() };
        let checkpoint = spec.checkpoint.unwrap();
        let anchor = Anchor { root: checkpoint.root, slot: checkpoint.slot, accept_old: true };
        let mut syncer = Syncer::bootstrap(edges.clone(), anchor).await.unwrap();
        syncer.catch_up(&|_| {}).await.unwrap();
        syncer.follow().await.unwrap();
        let heads = Reader::new(edges.clone()).heads(syncer.head(), syncer.finalized()).await.unwrap();
        let (syncer, heads) = (tokio::sync::Mutex::new(syncer), Mutex::new(heads));
        Self { network, clock, edges, pool, syncer, heads, tokens, proxy, reader, quote }
    }

    /// A light client with nothing in memory but what is on this shelf.
    fn on(&self, shelf: &Arc<Shelf>) -> Reader {
        Reader::new(self.edges.clone()).with_code_cache(shelf.clone()).with_access_store(shelf.clone())
    }

    fn far(&self) {
        let millis = ROUND.as_millis() as u64;
        self.network.execution_endpoints().iter().for_each(|one| one.faults().set(Fault::Slow { millis }));
    }

    fn near(&self) {
        self.network.execution_endpoints().iter().for_each(|one| one.faults().set(Fault::Healthy));
    }

    fn balances(&self, owners: usize, tokens: usize) -> Vec<Call> {
        let owners = PRACTICE_ACCOUNTS.iter().take(owners).map(|one| one.address);
        owners
            .flat_map(|owner| self.tokens.iter().take(tokens).map(move |token| balance(*token, owner)))
            .collect()
    }

    fn head(&self) -> Arc<ProvenHeader> {
        self.heads.lock().unwrap().optimistic.clone()
    }

    /// One block further, in which none of the tokens here was touched.
    async fn next_block(&self) {
        self.network.advance(1).unwrap();
        tick(&self.network, &self.clock);
        let mut syncer = self.syncer.lock().await;
        syncer.follow().await.unwrap();
        let heads = Reader::new(self.edges.clone()).heads(syncer.head(), syncer.finalized()).await.unwrap();
        *self.heads.lock().unwrap() = heads;
    }

    async fn run(&self, reader: &Reader, calls: &[Call]) {
        let outcomes = reader.state_at(self.head()).calls(calls.to_vec()).await.unwrap();
        assert!(outcomes.iter().all(|outcome| outcome.value().is_success()));
    }
}

fn tick(network: &PracticeNetwork, clock: &At) {
    let spec = network.spec();
    let now = spec.slot_start_ms(network.head_slot()) + spec.slot_duration_ms / 2;
    clock.0.store(now, Ordering::Relaxed);
}

/// A pool that asks one endpoint after the other and never twice, so that requests can be counted.
fn pool(network: &PracticeNetwork) -> Arc<HttpPool> {
    let beacon = network.beacon_endpoints().iter().map(|one| (one.url(), EndpointKind::Beacon));
    let execution = network.execution_endpoints().iter().map(|one| (one.url(), EndpointKind::Execution));
    let endpoints =
        beacon.chain(execution).map(|(url, kind)| EndpointConfig { url: url.clone(), kind }).collect();
    let options = HttpOptions { read_ms: 20_000, large_read_ms: 20_000, proxy: None, hedge: false };
    HttpPool::new(Arc::new(network.spec().clone()), endpoints, options).unwrap()
}

fn balance(token: Address, owner: Address) -> Call {
    Call::read(token, Erc20::balanceOfCall { owner }.abi_encode())
}

struct Sender<'a> {
    network: &'a PracticeNetwork,
    nonce: u64,
}

impl Sender<'_> {
    fn create(&mut self, code: &[u8]) -> Address {
        self.transact(TxKind::Create, Bytes::copy_from_slice(code), 3_000_000)
    }

    /// What it creates, if it is a creation.
    fn transact(&mut self, to: TxKind, input: Bytes, gas_limit: u64) -> Address {
        let tx = TxEip1559 {
            chain_id: self.network.spec().chain_id,
            nonce: self.nonce,
            gas_limit,
            max_fee_per_gas: 1_000_000_000_000,
            max_priority_fee_per_gas: 1_000_000_000,
            to,
            input,
            ..TxEip1559::default()
        };
        self.network.submit(&sign(0, tx).unwrap().inner().encoded_2718()).unwrap();
        let created = PRACTICE_ACCOUNTS[0].address.create(self.nonce);
        self.nonce += 1;
        if self.nonce.is_multiple_of(16) {
            self.network.advance(1).unwrap();
        }
        created
    }
}

fn with_code(constructor: &[u8], runtime: &[u8]) -> Vec<u8> {
    let (length, at) = (runtime.len() as u8, constructor.len() as u8 + 10);
    [constructor, &[0x60, length, 0x60, at, 0x5f, 0x39, 0x60, length, 0x5f, 0xf3], runtime].concat()
}

/// An EIP-1967 proxy in front of `target`.
fn proxy_of(target: Address) -> Vec<u8> {
    let constructor = [&[0x73][..], target.as_slice(), &[0x7f], &PROXY_SLOT, &[0x55]].concat();
    let (before, after) = (bytes!("365f5f375f5f365f7f"), bytes!("545af43d5f5f3e6036573d5ffd5b3d5ff3"));
    with_code(&constructor, &[&before[..], &PROXY_SLOT, &after[..]].concat())
}

/// A contract that adds up its first `slots` slots and what the contract named in slot 255 returns, if there is one.
fn summing(slots: u8, next: Address) -> Vec<u8> {
    let fill = hex::decode(format!("5f5b8060010180825590508060{slots:02x}11600157")).unwrap();
    let constructor = [&fill[..], &[0x73], next.as_slice(), &[0x60, 0xff, 0x55]].concat();
    let sum = hex::decode(format!("5f5f5b8054909101906001018060{slots:02x}1160025750")).unwrap();
    let tail = bytes!("60ff5480602257505f5260205ff35b60205f5f5f845afa50505f51015f5260205ff3");
    with_code(&constructor, &[&sum[..], &tail[..]].concat())
}

/// What a driver does that stops at the first thing it lacks, fetches it, and goes on from there.
async fn one_miss_at_a_time(world: &World, calls: &[Call]) {
    let header = &*world.head();
    let at = StateRef { block_hash: header.hash(), number: header.number(), state_root: header.state_root() };
    let env = EvmEnv::of(header, &world.edges.spec).unwrap();
    let mut witness = Witness::new(header);
    for call in calls {
        let batch = CallBatch::reads(env.clone(), vec![call.clone()]);
        while let Step::Need(missing) = batch.step(&witness).unwrap() {
            let key = *missing.iter().next().unwrap();
            fetch_one(world, header, at, key, &mut witness).await;
        }
    }
}

async fn fetch_one(world: &World, header: &ProvenHeader, at: StateRef, key: StateKey, witness: &mut Witness) {
    let (who, slots) = match key {
        StateKey::Account(who) => (who, Vec::new()),
        StateKey::Slot(who, slot) => (who, vec![slot]),
        StateKey::Code(hash) => {
            let who = witness.holder_of(hash).unwrap();
            let code = world.pool.code(at, who).await.unwrap().body;
            assert_eq!(alloy::primitives::keccak256(&code), hash);
            witness.add_code(&code).unwrap();
            return;
        }
        StateKey::BlockHash(_) => panic!("no benchmark reads one"),
    };
    let raw = world.pool.proofs(at, &[(who, slots.clone())]).await.unwrap().body.remove(0);
    let account = verify_account(header, who, &raw.account_nodes).unwrap();
    let answers: Vec<_> = raw
        .storage
        .iter()
        .map(|one| StorageAnswer { key: one.key, value: one.value, nodes: one.nodes.clone() })
        .collect();
    witness.add_account(&account).unwrap();
    for slot in verify_storage(&account, &slots, &answers).unwrap() {
        witness.add_slot(&slot).unwrap();
    }
}

/// Rounds (by the clock), requests and bytes of `work`.
async fn cost(world: &World, what: &str, work: impl Future<Output = ()>) {
    let before: Traffic = world.pool.traffic();
    let started = Instant::now();
    work.await;
    let (took, after) = (started.elapsed(), world.pool.traffic());
    println!(
        "{what:<44} {:>5.1} rounds {:>6} requests {:>9} bytes down {:>7} up {:>8.0} ms",
        took.as_secs_f64() / ROUND.as_secs_f64(),
        after.requests - before.requests,
        after.bytes_down - before.bytes_down,
        after.bytes_up - before.bytes_up,
        took.as_secs_f64() * 1_000.0,
    );
}

fn calls(c: &mut Criterion) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let world = runtime.block_on(World::start());
    let owner = PRACTICE_ACCOUNTS[0].address;
    let mut sets = vec![
        ("balanceOf", vec![balance(world.tokens[1], owner)]),
        ("balanceOf behind a proxy", vec![balance(world.proxy, owner)]),
        ("100 slots in 3 contracts", vec![Call::read(world.reader, bytes!("00000000"))]),
        ("5 accounts x 30 tokens", world.balances(5, 30)),
        ("1 account x 300 tokens", world.balances(1, 300)),
    ];
    match &world.quote {
        Some(quote) => sets.push(("Uniswap v3 quote", vec![quote.clone()])),
        None => println!(
            "SKIPPED: LIFEBOAT_ARTIFACTS names no folder (see tests/interop/artifacts.sh): no Uniswap quote"
        ),
    }
    // `cargo bench --bench calls -- Uniswap` measures only what has this in its name.
    let only = std::env::args().skip(1).find(|word| !word.starts_with('-'));
    let wanted = |name: &str| only.as_ref().is_none_or(|only| name.contains(only.as_str()));
    runtime.block_on(async {
        world.run(&world.on(&Arc::default()), &sets[0].1).await; // every endpoint has shown its network
        world.far();
        println!("endpoints {} ms away, no request sent twice", ROUND.as_millis());
        for (name, calls) in sets.iter().filter(|(name, _)| wanted(name)) {
            let shelf = Arc::new(Shelf::default());
            let reader = world.on(&shelf);
            cost(&world, &format!("{name}, cold"), world.run(&reader, calls)).await;
            reader.keep_access_sets();
            cost(&world, &format!("{name}, a new run"), world.run(&world.on(&shelf), calls)).await;
            world.near();
            world.next_block().await;
            world.far();
            cost(&world, &format!("{name}, next block, unchanged"), world.run(&reader, calls)).await;
            if calls.len() <= 150 {
                cost(&world, &format!("{name}, one miss at a time"), one_miss_at_a_time(&world, calls)).await;
            }
        }
        world.near();
    });
    let hundred = &sets[2].1;
    let reader = world.on(&Arc::default());
    runtime.block_on(world.run(&reader, hundred));
    c.bench_function("100-slot call, all state there", |b| {
        b.iter(|| runtime.block_on(world.run(&reader, hundred)));
    });
}

criterion_group! { name = benches; config = Criterion::default().sample_size(20); targets = calls }
criterion_main!(benches);
