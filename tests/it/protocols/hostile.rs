//! Positions through endpoints that lie: the same position, or a named failure, never another one.

use std::sync::Arc;

use alloy::primitives::Address;
use lifeboat::chain::Reader;
use lifeboat::devnet::execution::ExecutionLie;
use lifeboat::devnet::http::Fault;
use lifeboat::protocols::aave_v3::AaveMarket;
use lifeboat::protocols::{Found, Registry, Report};

use super::aave_market::deploy;
use super::artifacts::Artifacts;
use super::lab::{LENDER, Lab, USER, address, units};
use crate::support::practice::{edges, endpoints, patient_pool};

fn told(reports: &[Report]) -> Vec<Result<Vec<String>, ()>> {
    let each = reports.iter().map(|report| match &report.found {
        Found::Positions(all) => Ok(all
            .iter()
            .map(|one| {
                let rows: Vec<_> = one.rows.iter().map(|row| (row.kind, row.amount)).collect();
                format!("{rows:?} {:?} {:?}", one.health, one.code)
            })
            .collect()),
        Found::NotThere => Ok(vec!["not there".to_owned()]),
        Found::Failed(_) => Err(()),
    });
    each.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_lie_makes_a_position_appear_disappear_or_change() {
    let Some(artifacts) = Artifacts::with(&["aave_Pool"]) else { return };
    let mut lab = Lab::start(artifacts).await;
    let market = deploy(&mut lab).await;
    market.supply(&mut lab, LENDER, market.usdc, units(50_000, 6));
    market.supply(&mut lab, USER, market.weth, units(7, 18));
    market.borrow(&mut lab, USER, market.usdc, units(9_000, 6));
    let weth = lifeboat::protocols::weth::Weth { token: market.weth, code_hash: None };
    let registry = Registry::new(vec![Arc::new(weth), Arc::new(market.deployment.clone())]);
    let state = lab.state().await;
    let honest = told(&registry.read(address(USER), &state).await.unwrap());
    assert!(honest[1].as_ref().is_ok_and(|all| all.len() == 1), "{honest:?}");
    let (mut refused, mut survived) = (0, 0);
    for lie in ExecutionLie::ALL {
        lab.bench.network.execution_endpoints()[0].faults().set(Fault::Lying { lie: *lie });
        let pool = patient_pool(&lab.bench.edges.spec, endpoints(&lab.bench.network));
        let reader = Reader::new(edges(lab.bench.edges.spec.clone(), &pool, &lab.bench.clock));
        let state = reader.state_at(Arc::clone(state.header()));
        match registry.read(address(USER), &state).await {
            Err(_) => refused += 1,
            Ok(reports) => {
                for (now, then) in told(&reports).iter().zip(&honest) {
                    assert!(now.is_err() || now == then, "{}: {now:?} and not {then:?}", lie.name());
                }
                let failed = reports.iter().any(|one| matches!(one.found, Found::Failed(_)));
                if failed { refused += 1 } else { survived += 1 }
            }
        }
    }
    assert!(refused >= 12 && survived > 0, "{refused} refused, {survived} survived");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_says_so_beside_the_rest() {
    let Some(artifacts) = Artifacts::with(&["aave_Pool"]) else { return };
    let mut lab = Lab::start(artifacts).await;
    let market = deploy(&mut lab).await;
    market.supply(&mut lab, USER, market.weth, units(7, 18));
    // A market whose pool is another contract, and one that is not on the chain.
    let wrong = AaveMarket { name: "Another".to_owned(), pool: market.usdc, ..market.deployment.clone() };
    let nowhere = Address::repeat_byte(0x99);
    let gone = AaveMarket { name: "Gone".to_owned(), pool: nowhere, ..market.deployment.clone() };
    let registry = Registry::new(vec![Arc::new(wrong), Arc::new(market.deployment.clone()), Arc::new(gone)]);
    let reports = lab.read(&registry, USER).await;
    let [wrong, right, gone] = reports.as_slice() else { panic!("{reports:?}") };
    let Found::Failed(why) = &wrong.found else { panic!("{wrong:?}") };
    assert!(why.to_string().contains("getUserConfiguration"), "{why}");
    assert!(matches!(&right.found, Found::Positions(all) if all.len() == 1), "{right:?}");
    assert!(matches!(gone.found, Found::NotThere), "{gone:?}");
}
