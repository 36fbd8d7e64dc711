//! A practice network with a real lending market and loans in every kind of danger, to look at the window by.
//!
//! `LIFEBOAT_STAGE` names a folder: the network then stays for another program to look at, with its settings and
//! deployments in there, until a file `stop` appears in it. Without it only the loans are checked.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use alloy::primitives::U256;
use lifeboat::contracts::Erc20;
use lifeboat::devnet::PracticeOptions;
use lifeboat::devnet::settings;
use lifeboat::protocols::{Danger, Deployments, Found, Registry};

use crate::protocols::aave_market::{Market, Mintable, Prices, deploy};
use crate::protocols::artifacts::Artifacts;
use crate::protocols::lab::{GOVERNOR, LENDER, Lab, USER, address, units};

/// Blocks made beforehand stand this long before now; the clock catches up with them.
const HEAD_START_SECS: u64 = 900;
/// An account whose loan can be liquidated.
const UNDER: usize = 3;
/// An account whose loan is critical.
const NEAR: usize = 4;

fn now_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as u64
}

/// The market as a file of own deployments.
fn deployments(market: &Market) -> String {
    let one = &market.deployment;
    serde_json::json!({
        "aave-v3": [{
            "name": one.name, "market": one.market, "pool": one.pool, "gateway": one.gateway,
            "rate_mode": one.rate_mode, "weth": one.weth,
        }],
        "weth": [{"token": market.weth}],
    })
    .to_string()
}

async fn set(options: &PracticeOptions) -> Option<(Lab, Market)> {
    let mut lab = Lab::start_on(Artifacts::with(&["aave_Pool"])?, options).await;
    let market = deploy(&mut lab).await;
    market.supply(&mut lab, LENDER, market.usdc, units(5_000_000, 6));
    market.supply(&mut lab, LENDER, market.weth, units(100, 18));
    // The borrower of the design: 7 ether against 13 970 dollars, with 12 400 of them still there.
    market.supply(&mut lab, USER, market.weth, units(7, 18));
    market.borrow(&mut lab, USER, market.usdc, units(13_970, 6));
    lab.send(USER, market.usdc, &Erc20::transferCall { to: address(GOVERNOR), value: units(1_570, 6) });
    let everything = Mintable::approveCall { spender: market.deployment.pool, amount: U256::MAX };
    lab.send(USER, market.usdc, &everything);
    let some = Mintable::approveCall { spender: address(LENDER), amount: units(500, 6) };
    lab.send(USER, market.weth, &some);
    market.supply(&mut lab, UNDER, market.wbtc, units(1, 8));
    market.borrow(&mut lab, UNDER, market.usdc, units(60_000, 6));
    market.supply(&mut lab, NEAR, market.weth, units(5, 18));
    market.borrow(&mut lab, NEAR, market.usdc, units(13_000, 6));
    let fallen = Prices::setAssetPriceCall { asset: market.wbtc, price: units(80_000, 8) };
    lab.send(GOVERNOR, market.oracle, &fallen);
    lab.mine();
    Some((lab, market))
}

#[tokio::test(flavor = "multi_thread")]
async fn loans_in_every_kind_of_danger_are_read_from_a_file_of_deployments() {
    let start = now_ms() - HEAD_START_SECS * 1_000;
    let options = PracticeOptions { slot_ms: 2_000, ..PracticeOptions::at(start) };
    let Some((mut lab, market)) = set(&options).await else { return };
    let own = deployments(&market);
    let registry = Registry::new(Vec::new()).with(&Deployments::parse(&own).unwrap());
    for (who, danger) in [
        (USER, Danger::Watch),
        (LENDER, Danger::None),
        (UNDER, Danger::Liquidatable),
        (NEAR, Danger::Critical),
    ] {
        let reports = lab.read(&registry, who).await;
        let loans = reports.iter().filter(|report| report.protocol == "aave-v3");
        let found: Vec<Danger> = loans
            .flat_map(|report| match &report.found {
                Found::Positions(all) => all.iter().map(|one| one.danger()).collect::<Vec<_>>(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(found, [danger], "account {who}");
    }
    if let Some(folder) = std::env::var_os("LIFEBOAT_STAGE") {
        stay(&mut lab, &PathBuf::from(folder), &own, &market).await;
    }
}

/// Runs with the machine's clock until it is told to stop.
async fn stay(lab: &mut Lab, folder: &Path, own: &str, market: &Market) {
    lab.bench.network.run(now_ms);
    std::fs::write(folder.join("settings.toml"), settings(&lab.bench.network)).unwrap();
    std::fs::write(folder.join("deployments.json"), own).unwrap();
    let root = lab.bench.network.spec().checkpoint.unwrap().root;
    let accounts: Vec<_> = [USER, UNDER, NEAR, LENDER].map(|who| address(who).to_checksum(None)).to_vec();
    let facts = serde_json::json!({
        "checkpoint": root, "accounts": accounts, "pool": market.deployment.pool,
        "usdc": market.usdc, "weth": market.weth, "wbtc": market.wbtc, "wallet": address(LENDER),
    });
    std::fs::write(folder.join("stage.json"), facts.to_string()).unwrap();
    while !folder.join("stop").exists() {
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}
