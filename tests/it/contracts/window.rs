//! Logs of a range of blocks, fees, and the gas of a transaction.

use alloy::primitives::{Address, U256, keccak256};
use alloy::sol_types::SolCall as _;
use lifeboat::app::{
    BlockQuery, CallResult, ContractAnswer, ContractQuestion, FeesAnswer, GasAnswer, GasEstimate,
    GasQuestion, LogsAnswer, LogsQuestion, Reason, Speed,
};
use lifeboat::contracts::Erc20;
use lifeboat::devnet::execution::{PRACTICE_ACCOUNTS, PRACTICE_DOLLAR, PRACTICE_GOLD};

use super::Stage;
use crate::support::deploy::Deployer;

async fn stage() -> Stage<()> {
    let place = |deployer: &mut Deployer<'_>| {
        let transfer = Erc20::transferCall { to: PRACTICE_ACCOUNTS[3].address, value: U256::from(77) };
        deployer.send(PRACTICE_DOLLAR, &transfer);
    };
    Stage::start(place, |()| None).await
}

fn question() -> LogsQuestion {
    LogsQuestion { addresses: Vec::new(), topics: Default::default(), from: None, to: BlockQuery::Latest }
}

impl Stage<()> {
    async fn logs(&mut self, question: LogsQuestion) -> Result<LogsAnswer, Reason> {
        match &*self.ask(ContractQuestion::Logs(question)).await? {
            ContractAnswer::Logs(answer) => Ok(answer.clone()),
            other => panic!("{other:?}"),
        }
    }

    async fn gas(&mut self, question: GasQuestion) -> Result<GasAnswer, Reason> {
        match &*self.ask(ContractQuestion::Gas(question)).await? {
            ContractAnswer::Gas(answer) => Ok(answer.clone()),
            other => panic!("{other:?}"),
        }
    }

    async fn fees(&mut self) -> FeesAnswer {
        match &*self.ask(ContractQuestion::Fees).await.unwrap() {
            ContractAnswer::Fees(answer) => answer.clone(),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_are_those_of_the_blocks_and_no_others() {
    let mut stage = stage().await;
    let transfer = keccak256("Transfer(address,address,uint256)");
    let to_three = PRACTICE_ACCOUNTS[3].address.into_word();
    let mut asked = LogsQuestion { addresses: vec![PRACTICE_DOLLAR], ..question() };
    asked.topics[0] = vec![transfer];
    asked.topics[1] = vec![Deployer::owner().into_word()];
    asked.topics[2] = vec![to_three];
    let mine = stage.logs(asked.clone()).await.unwrap();
    assert_eq!(mine.logs.len(), 1, "{mine:?}");
    let log = &mine.logs[0];
    assert!(log.decoded.title().ends_with("value: 77)"), "{}", log.decoded.title());
    assert_eq!(log.topics[2], to_three);
    assert_eq!(mine.last.number - mine.first + 1, LogsQuestion::USUAL_BLOCKS);
    // The same through its block alone; and not in the block before.
    let number = log.block.number;
    let (at, before) = (BlockQuery::Number(number), BlockQuery::Number(number - 1));
    let one = LogsQuestion { from: Some(at), to: BlockQuery::Hash(log.block.hash), ..asked.clone() };
    assert_eq!(stage.logs(one).await.unwrap().logs[0].log_index, log.log_index);
    let none = LogsQuestion { from: Some(before), to: before, ..asked };
    assert!(stage.logs(none).await.unwrap().logs.is_empty());
    // All of them: two contracts, in order.
    let all = stage.logs(question()).await.unwrap();
    assert!(all.logs.is_sorted_by_key(|log| (log.block.number, log.log_index)));
    let by = |contract: Address| all.logs.iter().filter(|log| log.decoded.address == contract).count();
    assert!(by(PRACTICE_DOLLAR) > 50 && by(PRACTICE_GOLD) > 50);
    assert_eq!(by(PRACTICE_DOLLAR) + by(PRACTICE_GOLD), all.logs.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn ranges_that_cannot_be_searched_are_refused() {
    let mut stage = stage().await;
    let range = |from, to| LogsQuestion {
        from: Some(BlockQuery::Number(from)),
        to: BlockQuery::Number(to),
        ..question()
    };
    let turned = stage.logs(range(20, 10)).await.unwrap_err();
    assert!(turned.misuse && turned.what.contains("behind the last"), "{turned}");
    let long = stage.logs(range(1, 1_000_000)).await.unwrap_err();
    assert!(long.misuse && long.what.contains("more than the 1000"), "{long}");
    let beyond = stage.logs(range(1_000_000, 1_000_010)).await.unwrap_err();
    assert!(beyond.proven_no && beyond.what.contains("beyond the verified head"), "{beyond}");
}

#[tokio::test(flavor = "multi_thread")]
async fn fees_follow_from_the_head_and_gas_from_a_run() {
    let mut stage = stage().await;
    let fees = stage.fees().await;
    assert!(fees.seen > 0 && fees.fullness.len() == 5);
    let [slow, usual, fast] = fees.speeds;
    assert!(slow.tip <= usual.tip && usual.tip <= fast.tip && slow.max_fee <= fast.max_fee);
    assert!(u128::from(fees.next_base_fee) < slow.max_fee);
    let (least, most) = fees.in_five_blocks;
    assert!(least <= fees.next_base_fee && fees.next_base_fee <= most);
    let next_of = |lifeboat: &Stage<()>| {
        let chain = lifeboat.network.execution().read().unwrap();
        chain.block_by_number(fees.at.number + 1).map(|block| block.header.base_fee_per_gas.unwrap())
    };
    assert_eq!(next_of(&stage), Some(fees.next_base_fee), "the block that came is the one foretold");
    let from = Some(PRACTICE_ACCOUNTS[2].address);
    let to = Some(PRACTICE_ACCOUNTS[3].address);
    let plain = GasQuestion { from, to, data: Vec::new().into(), value: U256::from(1) };
    let plain = stage.gas(plain).await.unwrap();
    assert_eq!(plain.estimate.value(), &GasEstimate::Needs(21_000));
    assert_eq!(plain.most(Speed::Fast), Some(U256::from(21_000 * plain.fees.of(Speed::Fast).max_fee)));
    let too_much = Erc20::transferCall { to: PRACTICE_ACCOUNTS[3].address, value: U256::MAX }.abi_encode();
    let fails = GasQuestion { from, to: Some(PRACTICE_DOLLAR), data: too_much.into(), value: U256::ZERO };
    let fails = stage.gas(fails).await.unwrap();
    assert!(
        matches!(&fails.failure, Some(CallResult::Reverted(why)) if why.to_string().contains("exceeds balance")),
        "{fails:?}"
    );
    assert_eq!(fails.most(Speed::Slow), None);
}
