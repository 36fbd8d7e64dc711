//! THREATS T39: whatever is sent, and at whatever fee, it costs no more than its review said.

use alloy::primitives::U256;
use lifeboat::app::signing::review::Gesture;
use lifeboat::app::signing::{Amount, Intent, StatusWord, TxType};
use lifeboat::app::{FeeChoice, SendRequest, Speed};
use lifeboat::devnet::execution::{PRACTICE_DOLLAR, PRACTICE_WETH};

use super::{Lab, who};

const GWEI: u128 = 1_000_000_000;

async fn ether_of(lab: &Lab, index: usize) -> U256 {
    let reads = lab.handle.reads();
    let state = reads.state_at(reads.heads().unwrap().optimistic);
    state.account(who(index)).await.unwrap().value().balance
}

fn any_intent(chance: &mut fastrand::Rng) -> Intent {
    let amount = Amount::Exactly(U256::from(chance.u64(1..10_u64.pow(18))));
    match chance.u8(0..4) {
        0 => Intent::SendEther { to: who(1), amount },
        1 => Intent::SendToken { token: PRACTICE_DOLLAR, to: who(1), amount: Amount::Exactly(U256::from(7)) },
        2 => Intent::Wrap { weth: PRACTICE_WETH, amount },
        _ => Intent::Approve { token: PRACTICE_DOLLAR, spender: PRACTICE_WETH, amount: U256::from(9) },
    }
}

fn any_fees(chance: &mut fastrand::Rng) -> FeeChoice {
    let max_fee = u128::from(chance.u64(1..60)) * GWEI / 10;
    match chance.u8(0..4) {
        0 => FeeChoice::Speed(Speed::Slow),
        1 => FeeChoice::Speed(Speed::Fast),
        2 => FeeChoice::Custom { max_fee, tip: max_fee },
        _ => FeeChoice::Custom { max_fee, tip: max_fee / 3 },
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_costs_more_than_its_review_said() {
    let mut lab = Lab::start().await;
    let mut chance = fastrand::Rng::with_seed(39);
    let mut paid = 0;
    for round in 0..40 {
        let intent = any_intent(&mut chance);
        let kind = [TxType::Eip1559, TxType::Legacy, TxType::Eip2930][round % 3];
        let request = SendRequest { kind, fees: any_fees(&mut chance), ..SendRequest::new(who(0), intent) };
        let Ok(prepared) = lab.wallet().prepare(&request).await else { continue };
        if matches!(prepared.review.gesture(), Gesture::Blocked | Gesture::TypeThenHold) {
            continue;
        }
        let tx = &prepared.review.tx;
        // The parts that are shown add up to the whole that is shown.
        assert_eq!(tx.max_cost(), tx.max_fee() + tx.value());
        assert_eq!(tx.max_fee(), U256::from(tx.gas_limit()) * U256::from(tx.max_fee_per_gas()));
        assert!(tx.tip_per_gas() <= tx.max_fee_per_gas());
        let (most, before) = (tx.max_cost(), ether_of(&lab, 0).await);
        let hash = lab.sign(&prepared, &[]).await.hash;
        lab.wallet().deliver(hash).await.unwrap();
        lab.advance(2).await;
        assert_eq!(lab.status(hash).await.word, StatusWord::Included);
        paid += 1;
        let cost = before - ether_of(&lab, 0).await;
        assert!(cost > U256::ZERO && cost <= most, "round {round}: it cost {cost} of {most}");
    }
    assert!(paid >= 15, "{paid}");
    // All there is: what the fee leaves of its part stays.
    let all = Intent::SendEther { to: who(1), amount: Amount::Max };
    let all = lab.prepared(all).await.review.tx;
    assert!(all.max_cost() <= ether_of(&lab, 0).await);
}
