//! The wallet on the practice network: from an intent to a final block, and through everything that can come between.

mod acts;
mod ageing;
mod answers;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod canary;
mod checks;
mod control;
mod cost;
mod facts;
mod hostile;
mod journey;
mod keeping;
#[cfg(feature = "hardware")]
mod ledger;
#[cfg(feature = "gui")]
mod marks;
mod messages;
mod model;
mod model_chain;
mod more_checks;
mod scan;
#[cfg(feature = "hardware")]
mod trezor;
mod truth;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use alloy::consensus::TxEip1559;
use alloy::eips::Encodable2718 as _;
use alloy::primitives::{Address, B256, TxKind};
use async_trait::async_trait;
use lifeboat::app::signing::review::Answers;
use lifeboat::app::signing::{Amount, Intent};
use lifeboat::app::{
    Clock, EndpointConfig, Handle, NetworkName, NetworkSpec, PracticeKeys, Prepared, Replacement, Request,
    SendRequest, TransactionView, Unlock, Wallet, open,
};
use lifeboat::devnet::execution::{ExecutionLie, PRACTICE_ACCOUNTS, sign};
use lifeboat::devnet::http::Fault;
use lifeboat::devnet::{PRACTICE_CHAIN_ID, PracticeNetwork};

use crate::support::practice::{endpoints, options};

#[derive(Debug, Default)]
struct HandClock(AtomicU64);

#[async_trait]
impl Clock for HandClock {
    fn unix_ms(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
    async fn sleep(&self, _duration: Duration) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

struct Lab {
    network: PracticeNetwork,
    clock: Arc<HandClock>,
    handle: Handle,
    core: JoinHandle<()>,
    folder: tempfile::TempDir,
}

fn who(index: usize) -> Address {
    PRACTICE_ACCOUNTS[index].address
}

impl Lab {
    async fn start() -> Self {
        let network = PracticeNetwork::start(&options()).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        Self::on(network, folder).await
    }

    async fn on(network: PracticeNetwork, folder: tempfile::TempDir) -> Self {
        let all = endpoints(&network);
        Self::with(network, folder, all, None).await
    }

    /// The same over these endpoints, and with names where `ens` is their registry.
    async fn with(
        network: PracticeNetwork,
        folder: tempfile::TempDir,
        endpoints: Vec<EndpointConfig>,
        ens: Option<Address>,
    ) -> Self {
        let clock = Arc::new(HandClock::default());
        tick(&network, &clock);
        let request = Request {
            network: NetworkName::Practice,
            practice: Some((NetworkSpec { ens_registry: ens, ..network.spec().clone() }, endpoints)),
            data_dir: Some(folder.path().to_owned()),
            checkpoint: None,
            accept_old: false,
            beacon: Vec::new(),
            execution: Vec::new(),
        };
        let keys =
            PRACTICE_ACCOUNTS.iter().take(5).enumerate().map(|(at, one)| (format!("practice-{at}"), one.key));
        let keys = PracticeKeys { chain_id: PRACTICE_CHAIN_ID, keys: keys.collect() };
        let opened = open(request, clock.clone()).unwrap().with_practice_keys(keys);
        let (handle, core) = opened.start(Arc::new(|| {})).unwrap();
        let mut lab = Self { network, clock, handle, core, folder };
        lab.seen().await;
        lab
    }

    /// Stops the core and starts another over the same folder and network.
    async fn restart(self) -> Self {
        let Self { network, handle, core, folder, .. } = self;
        drop(handle);
        tokio::task::spawn_blocking(move || core.join().unwrap()).await.unwrap();
        Self::on(network, folder).await
    }

    fn wallet(&self) -> Wallet {
        self.handle.wallet()
    }

    /// Waits until the newest signed block is the verified head.
    async fn seen(&mut self) {
        let wanted = self.network.head_slot() - 1;
        let seen = self.handle.wait_until(|now| {
            now.head.is_some_and(|head| head.block.is_some() && head.proven.slot() == wanted)
                && now.no_reads.is_none()
        });
        let seen = tokio::time::timeout(Duration::from_secs(20), seen).await.map(|seen| seen.is_some());
        assert!(matches!(seen, Ok(true)), "no head at slot {wanted}: {:?}", self.handle.snapshot().sync);
    }

    async fn advance(&mut self, slots: u64) {
        self.network.advance(slots).unwrap();
        tick(&self.network, &self.clock);
        self.seen().await;
    }

    fn lie(&self, fault: Fault<ExecutionLie>) {
        self.network.execution_endpoints().iter().for_each(|one| one.faults().set(fault));
    }

    async fn prepared(&self, intent: Intent) -> Prepared {
        self.wallet().prepare(&SendRequest::new(who(0), intent)).await.unwrap()
    }

    async fn sign(&self, prepared: &Prepared, facts: &[&str]) -> TransactionView {
        let answers = Answers { held: true, facts: facts.iter().map(|one| (*one).to_owned()).collect() };
        self.wallet().sign(prepared.review.id(), &answers, Unlock::Practice).await.unwrap()
    }

    async fn sent(&self, intent: Intent) -> B256 {
        let prepared = self.prepared(intent).await;
        let signed = self.sign(&prepared, &[]).await;
        self.wallet().deliver(signed.hash).await.unwrap();
        signed.hash
    }

    /// A contract of this code, created by account 1.
    async fn deployed(&mut self, code: &[u8]) -> Address {
        self.deployed_with(&[], code).await
    }

    /// The same, with code that runs before it is there.
    async fn deployed_with(&mut self, first: &[u8], code: &[u8]) -> Address {
        let length = u8::try_from(code.len()).unwrap();
        let at = u8::try_from(first.len() + 10).unwrap();
        // CODECOPY(0, at, length); RETURN(0, length)
        let create = [first, &[0x60, length, 0x60, at, 0x5f, 0x39, 0x60, length, 0x5f, 0xf3], code].concat();
        let made = |nonce| {
            let tx = TxEip1559 {
                chain_id: PRACTICE_CHAIN_ID,
                nonce,
                gas_limit: 1_000_000,
                max_fee_per_gas: 100_000_000_000,
                max_priority_fee_per_gas: 1_000_000_000,
                to: TxKind::Create,
                input: create.clone().into(),
                ..TxEip1559::default()
            };
            self.network.submit(&sign(1, tx).unwrap().inner().encoded_2718()).ok().map(|_| nonce)
        };
        let nonce = (0..100).find_map(made).unwrap();
        self.advance(2).await;
        PRACTICE_ACCOUNTS[1].address.create(nonce)
    }

    async fn replaced(&self, hash: B256, kind: Replacement) -> B256 {
        let prepared = self.wallet().prepare_replacement(hash, kind).await.unwrap();
        let signed = self.sign(&prepared, &[]).await;
        self.wallet().deliver(signed.hash).await.unwrap();
        signed.hash
    }

    async fn status(&self, hash: B256) -> TransactionView {
        self.wallet().refresh(hash).await.unwrap()
    }
}

fn tick(network: &PracticeNetwork, clock: &HandClock) {
    let spec = network.spec();
    let now = spec.slot_start_ms(network.head_slot()) + spec.slot_duration_ms / 2;
    clock.0.store(now, Ordering::Relaxed);
}

fn ether(tenths: u64) -> Amount {
    use alloy::primitives::U256;
    Amount::Exactly(U256::from(tenths) * U256::from(10).pow(U256::from(17)))
}

fn pay(to: usize, tenths: u64) -> Intent {
    Intent::SendEther { to: who(to), amount: ether(tenths) }
}
