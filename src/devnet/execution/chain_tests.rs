//! Behaviour of the practice execution chain.

use alloy::consensus::proofs::{calculate_receipt_root, calculate_transaction_root};
use alloy::consensus::{TxEip1559, TxEip7702, TxReceipt};
use alloy::eips::eip2718::Encodable2718;
use alloy::eips::eip4895::Withdrawal;
use alloy::eips::eip7702::Authorization;
use alloy::eips::{eip2935, eip4788};
use alloy::primitives::{Address, Bytes, TxKind, U256, address, keccak256};
use alloy::signers::SignerSync;
use alloy::sol_types::{SolCall, SolEvent};
use alloy_trie::{Nibbles, TrieAccount, proof::verify_proof};

use super::*;
use crate::contracts::Erc20;
use crate::devnet::execution::accounts::PRACTICE_ACCOUNTS;
use crate::devnet::execution::evm::{Checks, call_env};
use crate::devnet::execution::genesis::{PRACTICE_DOLLAR, PRACTICE_GOLD, ether};
use crate::devnet::execution::state::StateView;
use crate::devnet::execution::{PRACTICE_MARKET, PRACTICE_WETH, Traffic, ether_price, sign};

const CHAIN_ID: u64 = 7_357;

fn config() -> ChainConfig {
    ChainConfig { traffic: None, ..ChainConfig::practice(CHAIN_ID, 1_000) }
}

fn attributes(number: u64) -> PayloadAttributes {
    PayloadAttributes {
        timestamp_secs: 1_000 + 12 * number,
        parent_beacon_block_root: keccak256(number.to_be_bytes()),
        prev_randao: keccak256((number + 1_000).to_be_bytes()),
        fee_recipient: Address::repeat_byte(0xfe),
        withdrawals: Vec::new(),
        slot_number: number,
    }
}

fn advance(chain: &mut ExecutionChain) -> Arc<ExecutionBlock> {
    let head = chain.head();
    let hash = chain.build_block(&attributes(head.number() + 1), head.hash()).unwrap();
    chain.set_head(hash).unwrap();
    chain.head()
}

fn transfer(nonce: u64, fee: u128, tip: u128) -> TxEip1559 {
    TxEip1559 {
        chain_id: CHAIN_ID,
        nonce,
        gas_limit: 100_000,
        max_fee_per_gas: fee,
        max_priority_fee_per_gas: tip,
        to: TxKind::Call(address!("0x00000000000000000000000000000000000a11ce")),
        value: U256::from(5),
        ..TxEip1559::default()
    }
}

fn raw(index: usize, tx: TxEip1559) -> Bytes {
    sign(index, tx).unwrap().encoded_2718().into()
}

/// What a call returns on the head's state.
fn view<C: SolCall>(chain: &ExecutionChain, to: Address, call: &C) -> C::Return {
    let head = chain.head();
    let state = chain.state(head.hash()).unwrap();
    let view = StateView { state, block_hash: &|_| None };
    let call = call_env(Address::ZERO, TxKind::Call(to), call.abi_encode().into(), 1_000_000);
    let run = chain.env_of(&head).transact(&view, call, Checks::Call).unwrap();
    C::abi_decode_returns(&run.result.into_output().unwrap()).unwrap()
}

fn token_balance(chain: &ExecutionChain, token: Address, owner: Address) -> U256 {
    view(chain, token, &Erc20::balanceOfCall { owner })
}

#[test]
fn block_one_creates_the_tokens_at_their_known_addresses() {
    for spec_times in [(None, None), (Some(0), None), (Some(0), Some(0))] {
        let (osaka_time_secs, amsterdam_time_secs) = spec_times;
        let config = ChainConfig { osaka_time_secs, amsterdam_time_secs, ..config() };
        let mut chain = ExecutionChain::new(config).unwrap();
        let block = advance(&mut chain);
        assert_eq!(block.transactions.len(), 30, "{spec_times:?}");
        assert!(block.receipts.iter().all(TxReceipt::status), "{spec_times:?}: {:?}", block.receipts);
        let second = PRACTICE_ACCOUNTS[2].address;
        assert_eq!(token_balance(&chain, PRACTICE_DOLLAR, second), ether(2_000));
        assert_eq!(token_balance(&chain, PRACTICE_GOLD, second), ether(2));
        let head = chain.head();
        for (token, runtime) in [
            (PRACTICE_DOLLAR, include_str!("../../../abis/ERC20PresetFixedSupply/runtime.hex")),
            (PRACTICE_GOLD, include_str!("../../../abis/ERC20PresetMinterPauser/runtime.hex")),
        ] {
            let code = chain.state(head.hash()).unwrap().code(token);
            assert_eq!(alloy::hex::encode(code), runtime.trim());
        }
        assert_eq!(head.header.block_access_list_hash.is_some(), amsterdam_time_secs.is_some());
        assert_eq!(head.header.slot_number, amsterdam_time_secs.map(|_| 1));
    }
}

alloy::sol! {
    interface MarketViews {
        function getAssetPrice(address asset) external view returns (uint256);
        function getUserAccountData(address user) external view returns (uint256 collateral, uint256 debt, uint256 available, uint256 threshold, uint256 ltv, uint256 factor);
    }
}

#[test]
fn a_drill_moves_the_price_of_ether_and_the_loan_and_puts_it_back() {
    // With traffic, and twice before a block: neither may cost the order its nonce.
    let mut chain = ExecutionChain::new(ChainConfig::practice(CHAIN_ID, 1_000)).unwrap();
    let health = |chain: &ExecutionChain| {
        let user = PRACTICE_ACCOUNTS[0].address;
        let price = view(chain, PRACTICE_MARKET, &MarketViews::getAssetPriceCall { asset: PRACTICE_WETH });
        let told = view(chain, PRACTICE_MARKET, &MarketViews::getUserAccountDataCall { user });
        (price, told.factor / U256::from(10_000_000_000_000_000_u64))
    };
    advance(&mut chain);
    let start = health(&chain);
    assert_eq!(start, (ether_price(0), U256::from(114)));
    for (percent, factor) in [(10, 102), (15, 97), (0, 114)] {
        chain.move_ether(50).unwrap();
        chain.move_ether(percent).unwrap();
        assert_eq!(chain.waiting_transactions().count(), 2);
        let block = advance(&mut chain);
        assert_eq!(health(&chain), (ether_price(percent), U256::from(factor)), "{percent} %");
        assert!(block.receipts.iter().all(TxReceipt::status));
    }
}

#[test]
fn roots_and_bloom_are_those_of_the_content() {
    let traffic = Some(Traffic { seed: 3, per_block: 8 });
    let mut chain = ExecutionChain::new(ChainConfig { traffic, ..config() }).unwrap();
    let mut kinds = std::collections::BTreeSet::new();
    for number in 1..6 {
        let parent = chain.head();
        let block = advance(&mut chain);
        assert_eq!(block.number(), number);
        assert_eq!(block.header.parent_hash, parent.hash());
        assert_eq!(block.header.hash_slow(), block.hash());
        assert_eq!(block.header.transactions_root, calculate_transaction_root(&block.transactions));
        assert_eq!(block.header.receipts_root, calculate_receipt_root(&block.receipts));
        assert!(block.receipts.iter().all(TxReceipt::status));
        let last = block.receipts.last().unwrap();
        assert_eq!(block.header.gas_used, last.cumulative_gas_used());
        for log in block.receipts.iter().flat_map(|receipt| receipt.logs()) {
            assert!(block.header.logs_bloom.contains_raw_log(log.address, log.topics()));
        }
        kinds.extend(block.transactions.iter().map(|tx| tx.tx_type() as u8));
    }
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), [0, 1, 2]);
    let head = chain.head();
    let (block, index) = chain.locate(*head.transactions[1].tx_hash()).unwrap();
    assert_eq!((block.hash(), index), (head.hash(), 1));
    let transfer = &head.receipts[1].logs()[0];
    assert_eq!(transfer.address, PRACTICE_DOLLAR);
    assert_eq!(transfer.topics()[0], Erc20::Transfer::SIGNATURE_HASH);
}

#[test]
fn the_same_orders_give_the_same_chain() {
    let run = || {
        let mut chain = ExecutionChain::new(ChainConfig::practice(CHAIN_ID, 1_000)).unwrap();
        (0..4).map(|_| advance(&mut chain).hash()).collect::<Vec<_>>()
    };
    assert_eq!(run(), run());
}

#[test]
fn system_contracts_hold_the_parent_hash_and_the_beacon_root() {
    let mut chain = ExecutionChain::new(config()).unwrap();
    let first = advance(&mut chain);
    let second = advance(&mut chain);
    let state = chain.state(second.hash()).unwrap();
    let held = state.slot(eip2935::HISTORY_STORAGE_ADDRESS, U256::from(first.number() % 8_191));
    assert_eq!(B256::from(held), first.hash());
    let place = second.header.timestamp % 8_191;
    assert_eq!(
        state.slot(eip4788::BEACON_ROOTS_ADDRESS, U256::from(place)),
        U256::from(second.header.timestamp)
    );
    let root = state.slot(eip4788::BEACON_ROOTS_ADDRESS, U256::from(place + 8_191));
    assert_eq!(B256::from(root), second.header.parent_beacon_block_root.unwrap());
}

#[test]
fn accounts_and_slots_are_proven_under_the_state_root() {
    let mut chain = ExecutionChain::new(config()).unwrap();
    advance(&mut chain);
    let head = advance(&mut chain);
    let state = chain.state(head.hash()).unwrap();
    let absent = Address::repeat_byte(0x77);
    for address in [PRACTICE_ACCOUNTS[0].address, PRACTICE_DOLLAR, eip2935::HISTORY_STORAGE_ADDRESS, absent] {
        let expected = state.account(address).map(|account| {
            let storage_root = account.storage.root();
            let (nonce, balance, code_hash) = (account.nonce, account.balance, account.code_hash);
            alloy::rlp::encode(TrieAccount { nonce, balance, storage_root, code_hash })
        });
        assert_eq!(expected.is_none(), address == absent);
        let key = Nibbles::unpack(keccak256(address));
        verify_proof(head.header.state_root, key, expected, &state.prove_account(address)).unwrap();
    }
    let token = state.account(PRACTICE_DOLLAR).unwrap();
    for slot in [U256::from(2), U256::from(3), U256::from(99)] {
        let value = state.slot(PRACTICE_DOLLAR, slot);
        let expected = (!value.is_zero()).then(|| alloy::rlp::encode(value));
        let key = Nibbles::unpack(keccak256(B256::from(slot)));
        verify_proof(token.storage.root(), key, expected, &state.prove_slot(PRACTICE_DOLLAR, slot)).unwrap();
    }
}

#[test]
fn a_reorg_moves_balances_back_and_returns_the_transaction_to_the_pool() {
    let mut chain = ExecutionChain::new(config()).unwrap();
    let first = advance(&mut chain);
    let hash = chain.submit(&raw(1, transfer(0, 3_000_000_000, 1))).unwrap();
    let second = advance(&mut chain);
    assert_eq!(chain.locate(hash).unwrap().0.hash(), second.hash());
    let alice = address!("0x00000000000000000000000000000000000a11ce");
    assert_eq!(chain.state(second.hash()).unwrap().balance(alice), U256::from(5));

    let other = PayloadAttributes { timestamp_secs: 1_030, ..attributes(2) };
    let other = chain.build_block(&other, first.hash()).unwrap();
    assert_eq!(chain.head().hash(), second.hash(), "building alone moves nothing");
    chain.set_head(other).unwrap();
    assert!(chain.locate(hash).is_none());
    assert!(chain.waiting(hash).is_some());
    assert!(!chain.is_canonical(second.hash()));
    assert_eq!(chain.state(other).unwrap().balance(alice), U256::ZERO);
    assert_eq!(chain.block_by_number(2).unwrap().hash(), other);

    let third = advance(&mut chain);
    assert_eq!(chain.locate(hash).unwrap().0.hash(), third.hash());
    assert!(chain.waiting(hash).is_none());
    chain.set_head(second.hash()).unwrap();
    assert_eq!(chain.head().number(), 2);
    assert_eq!(chain.block_by_number(3).map(|block| block.number()), None);
}

#[test]
fn the_base_fee_follows_use() {
    let mut chain = ExecutionChain::new(config()).unwrap();
    let fees: Vec<u64> = (0..4).map(|_| advance(&mut chain).header.base_fee_per_gas.unwrap()).collect();
    // Block 0 is empty: an eighth less. Blocks after block 1 carry nothing: an eighth less each.
    assert_eq!(fees[0], 875_000_000);
    assert_eq!(fees[3], fees[2] - fees[2] / 8);
    let one = chain.block_by_number(1).unwrap();
    assert_eq!(
        fees[1],
        one.header.next_block_base_fee(alloy::eips::eip1559::BaseFeeParams::ethereum()).unwrap()
    );
}

#[test]
fn the_pool_orders_by_nonce_and_wants_ten_percent_more_for_a_replacement() {
    let mut chain = ExecutionChain::new(config()).unwrap();
    advance(&mut chain);
    let sender = PRACTICE_ACCOUNTS[1].address;
    let later = chain.submit(&raw(1, transfer(1, 2_000_000_000, 9))).unwrap();
    assert_eq!(chain.pool().pending_nonce(sender, 0), 0, "a gap stops it");
    let old = chain.submit(&raw(1, transfer(0, 2_000_000_000, 100))).unwrap();
    assert_eq!(chain.pool().pending_nonce(sender, 0), 2);
    let underpriced = raw(1, transfer(0, 2_199_999_999, 200));
    assert_eq!(chain.submit(&underpriced), Err(SubmitError::ReplacementUnderpriced));
    let low_tip = raw(1, transfer(0, 2_200_000_000, 109));
    assert_eq!(chain.submit(&low_tip), Err(SubmitError::ReplacementUnderpriced));
    let new = chain.submit(&raw(1, transfer(0, 2_200_000_000, 110))).unwrap();
    assert!(chain.waiting(old).is_none());
    let head = advance(&mut chain);
    let included: Vec<B256> = head.transactions.iter().map(|tx| *tx.tx_hash()).collect();
    assert_eq!(included, [new, later]);
    assert_eq!(
        chain.submit(&raw(1, transfer(1, 9_000_000_000, 9))),
        Err(SubmitError::NonceTooLow { next: 2, nonce: 1 })
    );
}

#[test]
fn what_the_pool_refuses_it_names() {
    let mut chain = ExecutionChain::new(config()).unwrap();
    advance(&mut chain);
    assert!(matches!(chain.submit(&[]), Err(SubmitError::Undecodable(_))));
    let mut trailing = raw(1, transfer(0, 2_000_000_000, 1)).to_vec();
    trailing.push(0);
    assert!(matches!(chain.submit(&trailing), Err(SubmitError::Undecodable(_))));
    let foreign = TxEip1559 { chain_id: 1, ..transfer(0, 2_000_000_000, 1) };
    assert_eq!(chain.submit(&raw(1, foreign)), Err(SubmitError::ChainId { have: Some(1), want: CHAIN_ID }));
    let rich = TxEip1559 { value: ether(10_001), ..transfer(0, 2_000_000_000, 1) };
    assert!(matches!(chain.submit(&raw(1, rich)), Err(SubmitError::InsufficientFunds { .. })));
    let short = TxEip1559 { gas_limit: 20_999, ..transfer(0, 2_000_000_000, 1) };
    assert!(matches!(chain.submit(&raw(1, short)), Err(SubmitError::Invalid(_))));
    let huge = TxEip1559 { gas_limit: 60_000_001, ..transfer(0, 1, 1) };
    assert_eq!(chain.submit(&raw(1, huge)), Err(SubmitError::ExceedsBlockGasLimit));
    let capped = TxEip1559 { gas_limit: 16_777_217, ..transfer(0, 2_000_000_000, 1) };
    assert!(matches!(chain.submit(&raw(1, capped)), Err(SubmitError::Invalid(_))), "EIP-7825");
    let good = raw(1, transfer(0, 2_000_000_000, 1));
    chain.submit(&good).unwrap();
    assert_eq!(chain.submit(&good), Err(SubmitError::AlreadyKnown));
}

#[test]
fn a_set_code_transaction_delegates_the_account() {
    let mut chain = ExecutionChain::new(config()).unwrap();
    advance(&mut chain);
    let authority = PRACTICE_ACCOUNTS[2].address;
    let authorization = Authorization { chain_id: U256::from(CHAIN_ID), address: PRACTICE_DOLLAR, nonce: 0 };
    let signature =
        PRACTICE_ACCOUNTS[2].signer().unwrap().sign_hash_sync(&authorization.signature_hash()).unwrap();
    let tx = TxEip7702 {
        chain_id: CHAIN_ID,
        nonce: 0,
        gas_limit: 1_000_000,
        max_fee_per_gas: 3_000_000_000,
        max_priority_fee_per_gas: 1,
        to: authority,
        authorization_list: vec![authorization.into_signed(signature)],
        input: Erc20::symbolCall {}.abi_encode().into(),
        ..TxEip7702::default()
    };
    let hash = chain.submit(&sign(1, tx).unwrap().encoded_2718()).unwrap();
    let head = advance(&mut chain);
    let (block, index) = chain.locate(hash).unwrap();
    assert!(block.receipts[index].status());
    assert_eq!(block.receipts[index].tx_type() as u8, 4);
    let state = chain.state(head.hash()).unwrap();
    let expected = [&[0xef, 0x01, 0x00][..], PRACTICE_DOLLAR.as_slice()].concat();
    assert_eq!(state.code(authority), Bytes::from(expected.clone()));
    assert_eq!(state.account(authority).unwrap().code_hash, keccak256(expected));
    assert_eq!(state.nonce(authority), 1);
}

#[test]
fn withdrawals_are_credited_in_gwei() {
    let mut chain = ExecutionChain::new(config()).unwrap();
    let lucky = Address::repeat_byte(0x11);
    let withdrawal = Withdrawal { index: 0, validator_index: 3, address: lucky, amount: 7 };
    let order = PayloadAttributes { withdrawals: vec![withdrawal], ..attributes(1) };
    let hash = chain.build_block(&order, chain.genesis_hash()).unwrap();
    assert_eq!(chain.state(hash).unwrap().balance(lucky), U256::from(7_000_000_000u64));
    let block = chain.block(hash).unwrap();
    let root = alloy::consensus::proofs::calculate_withdrawals_root(&[withdrawal]);
    assert_eq!(block.header.withdrawals_root, Some(root));
}

#[test]
fn forks_start_at_their_time_and_orders_that_cannot_be_met_are_named() {
    let times = ChainConfig {
        osaka_time_secs: Some(1_012),
        amsterdam_time_secs: Some(1_036),
        state_window: 2,
        traffic: Some(Traffic { seed: 2, per_block: 4 }),
        ..config()
    };
    let mut chain = ExecutionChain::new(times).unwrap();
    for _ in 0..6 {
        advance(&mut chain);
    }
    let amsterdam: Vec<bool> = (0..=6)
        .map(|number| chain.block_by_number(number).unwrap().header.block_access_list_hash.is_some())
        .collect();
    assert_eq!(amsterdam, [false, false, false, true, true, true, true]);
    assert!(chain.head().receipts.iter().all(TxReceipt::status));
    assert_eq!(chain.head().transactions.len(), 4);
    let genesis = chain.genesis_hash();
    assert_eq!(chain.build_block(&attributes(9), genesis), Err(ChainError::StatePruned(genesis)));
    assert_eq!(chain.set_head(B256::ZERO), Err(ChainError::UnknownBlock(B256::ZERO)));
    let head = chain.head().hash();
    assert!(matches!(
        chain.build_block(&attributes(6), head),
        Err(ChainError::TimestampNotAfterParent { .. })
    ));
}
