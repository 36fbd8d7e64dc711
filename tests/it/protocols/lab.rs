//! A practice network to put real contracts on, and a light client that reads it over loopback with proofs.

use std::collections::BTreeMap;

use alloy::consensus::TxEip1559;
use alloy::eips::Encodable2718 as _;
use alloy::primitives::{Address, B256, Bytes, TxKind, U256};
use alloy::sol_types::SolCall;
use lifeboat::chain::{Reader, StateAt, Syncer};
use lifeboat::devnet::PracticeOptions;
use lifeboat::devnet::execution::{PRACTICE_ACCOUNTS, sign};
use lifeboat::execution::Call;
use lifeboat::protocols::{Allowance, Ask, Intent, JointState, Registry, Report, with_approvals};

use super::artifacts::Artifacts;
use crate::support::practice::{Bench, options};

/// The account that deploys and governs.
pub(crate) const GOVERNOR: usize = 0;
/// The account whose positions are read.
pub(crate) const USER: usize = 1;
/// Somebody else, who lends what the user borrows.
pub(crate) const LENDER: usize = 2;

pub(crate) fn address(index: usize) -> Address {
    PRACTICE_ACCOUNTS[index].address
}

pub(crate) struct Lab {
    pub(crate) bench: Bench,
    artifacts: Artifacts,
    syncer: Syncer,
    pub(crate) reader: Reader,
    nonces: BTreeMap<usize, u64>,
    waiting: Vec<(B256, String)>,
}

impl Lab {
    pub(crate) async fn start(artifacts: Artifacts) -> Self {
        Self::start_on(artifacts, &PracticeOptions { endpoints: 1, ..options() }).await
    }

    /// The same on a network of one's own choice.
    pub(crate) async fn start_on(artifacts: Artifacts, options: &PracticeOptions) -> Self {
        let bench = Bench::start(options).await;
        bench.advance(1);
        let syncer = bench.synced().await.unwrap();
        let reader = Reader::new(bench.edges.clone());
        let mut lab = Self { bench, artifacts, syncer, reader, nonces: BTreeMap::new(), waiting: Vec::new() };
        let state = lab.state().await;
        for index in 0..5 {
            let nonce = state.account(address(index)).await.unwrap().value().nonce;
            lab.nonces.insert(index, nonce);
        }
        lab
    }

    /// Somebody else sent transactions of these accounts: their next numbers are read again.
    pub(crate) async fn recount(&mut self) {
        let state = self.state().await;
        for (index, nonce) in &mut self.nonces {
            *nonce = state.account(address(*index)).await.unwrap().value().nonce;
        }
    }

    /// State at the newest proven block.
    pub(crate) async fn state(&mut self) -> StateAt {
        self.syncer.follow().await.unwrap();
        let heads = self.reader.heads(self.syncer.head(), self.syncer.finalized()).await.unwrap();
        let number = heads.optimistic.number();
        let head = self.bench.network.execution().read().unwrap().head().number();
        assert_eq!(number + 1, head, "the newest block waits for its signatures");
        self.reader.state_at(heads.optimistic)
    }

    /// Puts a contract on the chain with the next block.
    pub(crate) fn deploy(&mut self, name: &str, arguments: &[u8]) -> Address {
        self.deploy_linked(name, &BTreeMap::new(), arguments)
    }

    pub(crate) fn deploy_linked(
        &mut self,
        name: &str,
        libraries: &BTreeMap<&str, Address>,
        arguments: &[u8],
    ) -> Address {
        let code = [self.artifacts.code(name, libraries).as_slice(), arguments].concat();
        self.create(name, code)
    }

    /// The same of creation code with its arguments.
    pub(crate) fn create(&mut self, name: &str, code: Vec<u8>) -> Address {
        let created = address(GOVERNOR).create(self.nonces[&GOVERNOR]);
        self.raw(GOVERNOR, TxKind::Create, code.into(), U256::ZERO, name);
        created
    }

    /// Sends a call with the next block; it must succeed.
    pub(crate) fn send<C: SolCall>(&mut self, from: usize, to: Address, call: &C) {
        self.raw(from, TxKind::Call(to), call.abi_encode().into(), U256::ZERO, C::SIGNATURE);
    }

    /// The same with wei.
    pub(crate) fn pay<C: SolCall>(&mut self, from: usize, to: Address, call: &C, wei: U256) {
        self.raw(from, TxKind::Call(to), call.abi_encode().into(), wei, C::SIGNATURE);
    }

    /// Sends wei and nothing else.
    pub(crate) fn pay_plain(&mut self, from: usize, to: Address, wei: U256) {
        self.raw(from, TxKind::Call(to), Bytes::new(), wei, "a payment");
    }

    pub(crate) fn send_intent(&mut self, from: usize, intent: &Intent) {
        let (to, data) = (TxKind::Call(intent.to), intent.calldata.clone());
        self.raw(from, to, data, intent.value, &intent.sentence);
    }

    /// Sends calldata as it is.
    pub(crate) fn send_call(&mut self, from: usize, to: Address, data: Bytes) {
        self.raw(from, TxKind::Call(to), data, U256::ZERO, "a call");
    }

    fn raw(&mut self, from: usize, to: TxKind, input: Bytes, value: U256, what: &str) {
        let chain_id = self.bench.network.spec().chain_id;
        let nonce = self.nonces.get_mut(&from).unwrap();
        let tx = TxEip1559 {
            chain_id,
            nonce: *nonce,
            gas_limit: 15_000_000,
            max_fee_per_gas: 200_000_000_000,
            max_priority_fee_per_gas: 1,
            to,
            value,
            input,
            ..TxEip1559::default()
        };
        *nonce += 1;
        let signed = sign(from, tx).unwrap();
        let hash = self.bench.network.submit(&signed.encoded_2718());
        self.waiting.push((hash.unwrap_or_else(|error| panic!("{what}: {error}")), what.to_owned()));
        // A block holds four of these by their gas limits.
        if self.waiting.len() >= 3 {
            self.mine();
        }
    }

    /// Makes blocks until everything sent is in, and all of it succeeded.
    pub(crate) fn mine(&mut self) {
        for _ in 0..20 {
            self.bench.advance(1);
            let chain = self.bench.network.execution().read().unwrap();
            self.waiting.retain(|(hash, what)| {
                let Some((block, at)) = chain.locate(*hash) else { return true };
                assert!(block.receipts[at].is_success(), "{what} failed in block {}", block.number());
                false
            });
            if self.waiting.is_empty() {
                drop(chain);
                self.bench.advance(1); // its signatures prove the block before it
                return;
            }
        }
        panic!("never included: {:?}", self.waiting);
    }

    /// A view, asked through the light client.
    pub(crate) async fn view<C: SolCall>(&mut self, to: Address, call: &C) -> C::Return {
        let state = self.state().await;
        view(&state, to, call).await
    }

    pub(crate) async fn read(&mut self, registry: &Registry, owner: usize) -> Vec<Report> {
        let state = self.state().await;
        registry.read(address(owner), &state).await.unwrap()
    }

    /// Sends the calls of an action as transactions, approvals first.
    pub(crate) async fn act(&mut self, from: usize, intents: Vec<Intent>) {
        for intent in intents {
            let state = self.state().await;
            let standing = standing(&state, address(from), &intent.needs).await;
            let all = with_approvals(intent, |token, spender| standing[&(token, spender)]);
            for one in all {
                self.send_intent(from, &one);
            }
            self.mine();
        }
    }
}

async fn standing(
    state: &StateAt,
    owner: Address,
    needs: &[Allowance],
) -> BTreeMap<(Address, Address), U256> {
    let mut found = BTreeMap::new();
    for need in needs {
        let (token, spender) = (need.token.address, need.spender);
        let call = lifeboat::contracts::Erc20::allowanceCall { owner, spender };
        found.insert((token, spender), view(state, token, &call).await);
    }
    found
}

pub(crate) async fn view<C: SolCall>(state: &StateAt, to: Address, call: &C) -> C::Return {
    let mut ask = Ask::new();
    let ticket = ask.call::<C>(Call::read(to, call.abi_encode()));
    let answers = ask.run(&JointState::alone(state.clone())).await.unwrap();
    answers.get(ticket).unwrap()
}

/// 10 to the number of decimals, times `amount`.
pub(crate) fn units(amount: u64, decimals: u8) -> U256 {
    U256::from(amount) * U256::from(10).pow(U256::from(decimals))
}
