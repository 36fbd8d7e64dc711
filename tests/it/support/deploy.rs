//! Contracts of the tests' own on a practice network, sent by one of its accounts.

use std::collections::BTreeMap;

use alloy::consensus::TxEip1559;
use alloy::eips::eip2718::Encodable2718 as _;
use alloy::primitives::{Address, B256, Bytes, TxKind, hex, keccak256};
use alloy::sol;
use alloy::sol_types::{SolCall, SolValue as _};
use lifeboat::devnet::execution::{PRACTICE_ACCOUNTS, sign};
use lifeboat::devnet::{PRACTICE_CHAIN_ID, PracticeNetwork};

/// The account that deploys; its traffic is only the tests'.
const DEPLOYER: usize = 1;

sol! {
    interface EnsRegistry {
        function setSubnodeOwner(bytes32 node, bytes32 label, address owner) external returns (bytes32);
        function setResolver(bytes32 node, address resolver) external;
    }
    interface EnsResolver {
        function setAddr(bytes32 node, address a) external;
        function setName(bytes32 node, string name) external;
    }
}

/// Sends transactions one after another; the blocks that hold the last of them are the test's to make.
pub(crate) struct Deployer<'a> {
    network: &'a PracticeNetwork,
    codes: BTreeMap<String, String>,
    nonce: u64,
}

impl<'a> Deployer<'a> {
    pub(crate) fn new(network: &'a PracticeNetwork) -> Self {
        let codes = serde_json::from_str(include_str!("../contracts/bytecode/Lab.json")).unwrap();
        Self { network, codes, nonce: 0 }
    }

    pub(crate) fn owner() -> Address {
        PRACTICE_ACCOUNTS[DEPLOYER].address
    }

    /// Creates a contract of `Lab.json` with its encoded arguments.
    pub(crate) fn create(&mut self, name: &str, arguments: &[u8]) -> Address {
        let code = hex::decode(&self.codes[name]).unwrap();
        let address = Self::owner().create(self.nonce);
        self.transact(TxKind::Create, [code.as_slice(), arguments].concat().into());
        address
    }

    pub(crate) fn send(&mut self, to: Address, call: &impl SolCall) -> B256 {
        self.transact(TxKind::Call(to), call.abi_encode().into())
    }

    fn transact(&mut self, to: TxKind, input: Bytes) -> B256 {
        let unsigned = TxEip1559 {
            chain_id: PRACTICE_CHAIN_ID,
            nonce: self.nonce,
            gas_limit: if to.is_create() { 8_000_000 } else { 500_000 },
            max_fee_per_gas: 100_000_000_000,
            max_priority_fee_per_gas: 1_000_000_000,
            to,
            input,
            ..TxEip1559::default()
        };
        self.nonce += 1;
        let signed = sign(DEPLOYER, unsigned).unwrap();
        let raw = signed.inner().encoded_2718();
        // The pool holds so many and no more; a block takes what it holds.
        self.network.submit(&raw).unwrap_or_else(|_full| {
            self.network.advance(1).unwrap();
            self.network.submit(&raw).unwrap()
        })
    }
}

/// Node of a name that is already normal.
pub(crate) fn node(name: &str) -> B256 {
    name.rsplit('.')
        .filter(|label| !label.is_empty())
        .fold(B256::ZERO, |node, label| keccak256([node, keccak256(label)].map(|word| word.0).concat()))
}

/// ENS on the practice network.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ens {
    pub(crate) registry: Address,
    pub(crate) resolver: Address,
    pub(crate) wildcard: Address,
    pub(crate) offchain: Address,
}

impl Ens {
    /// `alice.eth` is account 2 and account 2 says so; account 3 says so too, account 4 says `Alice.ETH`. `bare.eth` has a
    /// resolver and no address, all names under `wild.eth` lead to account 2, `off.eth` leads to a web server.
    pub(crate) fn deploy(deployer: &mut Deployer<'_>) -> Self {
        let owner = Deployer::owner();
        let alice = PRACTICE_ACCOUNTS[2].address;
        let ens = Self {
            registry: deployer.create("ENSRegistry", &[]),
            resolver: deployer.create("OwnedResolver", &[]),
            wildcard: deployer.create("Wildcard", &alice.abi_encode()),
            offchain: deployer.create("Offchain", &[]),
        };
        for (parent, label) in [("", "eth"), ("", "reverse"), ("reverse", "addr")] {
            let (node, label) = (node(parent), keccak256(label));
            deployer.send(ens.registry, &EnsRegistry::setSubnodeOwnerCall { node, label, owner });
        }
        for (label, resolver) in
            [("alice", ens.resolver), ("bare", ens.resolver), ("wild", ens.wildcard), ("off", ens.offchain)]
        {
            ens.name(deployer, "eth", label, resolver);
        }
        deployer.send(ens.resolver, &EnsResolver::setAddrCall { node: node("alice.eth"), a: alice });
        for (account, name) in [(2, "alice.eth"), (3, "alice.eth"), (4, "Alice.ETH")] {
            let label = hex::encode(PRACTICE_ACCOUNTS[account].address);
            ens.name(deployer, "addr.reverse", &label, ens.resolver);
            let node = node(&format!("{label}.addr.reverse"));
            deployer.send(ens.resolver, &EnsResolver::setNameCall { node, name: name.to_owned() });
        }
        ens
    }

    /// Gives `label` below `parent` its resolver.
    pub(crate) fn name(self, deployer: &mut Deployer<'_>, parent: &str, label: &str, resolver: Address) {
        let owner = Deployer::owner();
        let (above, own) = (node(parent), node(&format!("{label}.{parent}")));
        let label = keccak256(label);
        deployer.send(self.registry, &EnsRegistry::setSubnodeOwnerCall { node: above, label, owner });
        deployer.send(self.registry, &EnsRegistry::setResolverCall { node: own, resolver });
    }
}
