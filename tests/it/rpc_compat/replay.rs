//! Runs the chain file from its genesis, block by block, under the rules of each: every root must come out as its header
//! has it, or the test stops.

use std::path::Path;

use alloy::consensus::proofs::calculate_receipt_root;
use alloy::consensus::{
    Block, Eip658Value, Header, Receipt, ReceiptEnvelope, Transaction as _, TxEnvelope, Typed2718 as _,
    transaction::{Recovered, SignerRecoverable as _},
};
use alloy::eips::{eip2935, eip4788, eip7002, eip7251};
use alloy::primitives::{Address, B256, Bytes, U256};
use alloy::rlp::Decodable as _;
use revm::context::{BlockEnv, TxEnv};
use revm::context_interface::block::BlobExcessGasAndPrice;
use revm::context_interface::either::Either;
use revm::database_interface::WrapDatabaseRef;
use revm::primitives::hardfork::SpecId;
use revm::{Context, ExecuteEvm as _, MainBuilder as _, MainContext as _, SystemCallEvm as _};
use serde_json::Value;

use super::world::{Holder, View, World};

/// A block of the file, run.
pub(super) struct Ran {
    pub(super) hash: B256,
    pub(super) block: Block<TxEnvelope>,
    pub(super) senders: Vec<Address>,
    pub(super) receipts: Vec<ReceiptEnvelope>,
    pub(super) world: World,
}

pub(super) struct Chain {
    pub(super) chain_id: u64,
    pub(super) blocks: Vec<Ran>,
    config: Value,
}

impl Chain {
    pub(super) fn load(tests: &Path) -> Self {
        let genesis: Value =
            serde_json::from_slice(&std::fs::read(tests.join("genesis.json")).unwrap()).unwrap();
        let file = std::fs::read(tests.join("chain.rlp")).unwrap();
        let config = genesis["config"].clone();
        let mut chain = Self { chain_id: config["chainId"].as_u64().unwrap(), blocks: Vec::new(), config };
        chain.blocks.push(genesis_block(&genesis));
        let mut rest = file.as_slice();
        while !rest.is_empty() {
            let block = Block::<TxEnvelope>::decode(&mut rest).unwrap();
            chain.run(block);
        }
        chain
    }

    pub(super) fn head(&self) -> &Ran {
        self.blocks.last().unwrap()
    }

    fn run(&mut self, block: Block<TxEnvelope>) {
        let header = &block.header;
        let parent = self.head();
        assert_eq!(header.parent_hash, parent.hash, "block {}", header.number);
        let hashes: Vec<B256> = self.blocks.iter().map(|ran| ran.hash).collect();
        let senders: Vec<Address> =
            block.body.transactions.iter().map(|tx| tx.recover_signer().unwrap()).collect();
        let mut run = Run {
            rules: self.rules(header),
            chain_id: self.chain_id,
            env: self.env(header),
            world: parent.world.clone(),
            hashes,
        };
        run.system(
            eip4788::BEACON_ROOTS_ADDRESS,
            header.parent_beacon_block_root.unwrap_or_default().0.into(),
            SpecId::CANCUN,
        );
        run.system(eip2935::HISTORY_STORAGE_ADDRESS, header.parent_hash.0.into(), SpecId::PRAGUE);
        let mut receipts = Vec::new();
        let mut gas = 0;
        for (tx, sender) in block.body.transactions.iter().zip(&senders) {
            receipts.push(run.transaction(&Recovered::new_unchecked(tx.clone(), *sender), &mut gas));
        }
        run.close(&block);
        assert_eq!(gas, header.gas_used, "gas of block {}", header.number);
        assert_eq!(calculate_receipt_root(&receipts), header.receipts_root, "receipts of {}", header.number);
        assert_eq!(run.world.root(), header.state_root, "state of block {}", header.number);
        let (hash, world) = (header.hash_slow(), run.world);
        self.blocks.push(Ran { hash, block, senders, receipts, world });
    }

    fn rules(&self, header: &Header) -> SpecId {
        let by_time = |name: &str| self.config[name].as_u64().is_some_and(|time| header.timestamp >= time);
        let by_number = |name: &str| self.config[name].as_u64().is_some_and(|number| header.number >= number);
        let times = [
            ("osakaTime", SpecId::OSAKA),
            ("pragueTime", SpecId::PRAGUE),
            ("cancunTime", SpecId::CANCUN),
            ("shanghaiTime", SpecId::SHANGHAI),
        ];
        if let Some((_, rules)) = times.iter().find(|(name, _)| by_time(name)) {
            return *rules;
        }
        if header.difficulty.is_zero() {
            return SpecId::MERGE;
        }
        let numbers = [
            ("londonBlock", SpecId::LONDON),
            ("berlinBlock", SpecId::BERLIN),
            ("istanbulBlock", SpecId::ISTANBUL),
            ("petersburgBlock", SpecId::PETERSBURG),
            ("byzantiumBlock", SpecId::BYZANTIUM),
            ("eip158Block", SpecId::SPURIOUS_DRAGON),
            ("eip150Block", SpecId::TANGERINE),
            ("homesteadBlock", SpecId::HOMESTEAD),
        ];
        numbers.iter().find(|(name, _)| by_number(name)).map_or(SpecId::FRONTIER, |(_, rules)| *rules)
    }

    fn env(&self, header: &Header) -> BlockEnv {
        let schedule = &self.config["blobSchedule"];
        let forks =
            [("bpo2", "bpo2Time"), ("bpo1", "bpo1Time"), ("osaka", "osakaTime"), ("prague", "pragueTime")];
        let active = forks
            .iter()
            .find(|(_, time)| self.config[time].as_u64().is_some_and(|time| header.timestamp >= time));
        let fork = active.map_or("cancun", |(name, _)| name);
        let fraction = schedule[fork]["baseFeeUpdateFraction"].as_u64().unwrap();
        BlockEnv {
            number: U256::from(header.number),
            beneficiary: header.beneficiary,
            timestamp: U256::from(header.timestamp),
            gas_limit: header.gas_limit,
            basefee: header.base_fee_per_gas.unwrap_or_default(),
            difficulty: header.difficulty,
            prevrandao: Some(header.mix_hash),
            blob_excess_gas_and_price: header
                .excess_blob_gas
                .map(|excess| BlobExcessGasAndPrice::new(excess, fraction)),
            slot_num: 0,
        }
    }
}

/// A block in the making.
struct Run {
    rules: SpecId,
    chain_id: u64,
    env: BlockEnv,
    world: World,
    hashes: Vec<B256>,
}

impl Run {
    fn system(&mut self, contract: Address, input: Bytes, since: SpecId) {
        let there = self.world.0.get(&contract).is_some_and(|holder| !holder.code.is_empty());
        if self.rules < since || !there {
            return;
        }
        let view = View { world: &self.world, hashes: &self.hashes };
        let mut evm = Context::mainnet()
            .with_db(WrapDatabaseRef(view))
            .with_block(self.env.clone())
            .modify_cfg_chained(|cfg| {
                cfg.set_spec_and_mainnet_gas_params(self.rules);
                cfg.chain_id = self.chain_id;
            })
            .build_mainnet();
        let run = evm.system_call(contract, input).unwrap();
        assert!(run.result.is_success(), "{contract}: {:?}", run.result);
        self.world.commit(run.state, self.rules);
    }

    fn transaction(&mut self, tx: &Recovered<TxEnvelope>, gas: &mut u64) -> ReceiptEnvelope {
        let view = View { world: &self.world, hashes: &self.hashes };
        let mut evm = Context::mainnet()
            .with_db(WrapDatabaseRef(view))
            .with_block(self.env.clone())
            .modify_cfg_chained(|cfg| {
                cfg.set_spec_and_mainnet_gas_params(self.rules);
                cfg.chain_id = self.chain_id;
            })
            .build_mainnet();
        let ran = evm.transact(tx_env(tx)).unwrap();
        *gas += ran.result.gas().tx_gas_used();
        self.world.commit(ran.state, self.rules);
        let status = if self.rules < SpecId::BYZANTIUM {
            Eip658Value::PostState(self.world.root())
        } else {
            Eip658Value::Eip658(ran.result.is_success())
        };
        let receipt = Receipt { status, cumulative_gas_used: *gas, logs: ran.result.into_logs() };
        ReceiptEnvelope::from_typed(tx.tx_type(), receipt)
    }

    fn close(&mut self, block: &Block<TxEnvelope>) {
        if !block.header.difficulty.is_zero() {
            let ether = match self.rules {
                rules if rules >= SpecId::PETERSBURG || block.header.number >= 12 => 2u64,
                rules if rules >= SpecId::BYZANTIUM => 3,
                _ => 5,
            };
            let reward = U256::from(ether) * U256::from(10u64.pow(18));
            // Yellow paper, section 11.3: an ommer's miner gets less the older it is, and whoever names it 1/32.
            for ommer in &block.body.ommers {
                let age = block.header.number - ommer.number;
                self.world.credit(ommer.beneficiary, reward * U256::from(8 - age) / U256::from(8));
            }
            let named = U256::from(block.body.ommers.len());
            self.world.credit(block.header.beneficiary, reward + reward / U256::from(32) * named);
        }
        for one in block.body.withdrawals.iter().flat_map(|all| all.iter()) {
            self.world.credit(one.address, U256::from(one.amount) * U256::from(1_000_000_000u64));
        }
        self.system(eip7002::WITHDRAWAL_REQUEST_PREDEPLOY_ADDRESS, Bytes::new(), SpecId::PRAGUE);
        self.system(eip7251::CONSOLIDATION_REQUEST_PREDEPLOY_ADDRESS, Bytes::new(), SpecId::PRAGUE);
    }
}

fn tx_env(tx: &Recovered<TxEnvelope>) -> TxEnv {
    TxEnv {
        tx_type: tx.ty(),
        caller: tx.signer(),
        gas_limit: tx.gas_limit(),
        gas_price: tx.max_fee_per_gas(),
        kind: tx.kind(),
        value: tx.value(),
        data: tx.input().clone(),
        nonce: tx.nonce(),
        chain_id: tx.chain_id(),
        access_list: tx.access_list().cloned().unwrap_or_default(),
        gas_priority_fee: tx.max_priority_fee_per_gas(),
        blob_hashes: tx.blob_versioned_hashes().unwrap_or_default().to_vec(),
        max_fee_per_blob_gas: tx.max_fee_per_blob_gas().unwrap_or_default(),
        authorization_list: tx
            .authorization_list()
            .map(|list| list.iter().cloned().map(Either::Left).collect())
            .unwrap_or_default(),
    }
}

fn genesis_block(genesis: &Value) -> Ran {
    let quantity = |value: &Value| value.as_str().unwrap().parse::<U256>().unwrap();
    let mut world = World::default();
    for (who, account) in genesis["alloc"].as_object().unwrap() {
        let holder = Holder {
            nonce: account.get("nonce").map_or(0, |nonce| quantity(nonce).to()),
            balance: quantity(&account["balance"]),
            code: account.get("code").map(|code| code.as_str().unwrap().parse().unwrap()).unwrap_or_default(),
            storage: account
                .get("storage")
                .and_then(Value::as_object)
                .map(|all| all.iter().map(|(key, value)| (key.parse().unwrap(), quantity(value))).collect())
                .unwrap_or_default(),
        };
        world.0.insert(who.parse().unwrap(), holder);
    }
    let header = Header {
        extra_data: genesis["extraData"].as_str().unwrap().parse().unwrap(),
        gas_limit: quantity(&genesis["gasLimit"]).to(),
        difficulty: quantity(&genesis["difficulty"]),
        state_root: world.root(),
        ..Header::default()
    };
    let hash = header.hash_slow();
    let block = Block { header, body: Default::default() };
    Ran { hash, block, senders: Vec::new(), receipts: Vec::new(), world }
}
