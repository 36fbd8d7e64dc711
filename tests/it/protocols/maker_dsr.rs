//! Maker's savings by each way in: our numbers against the contracts' own, and the way out.

use std::sync::Arc;

use alloy::primitives::{Address, Bytes, U256};
use alloy::sol;
use alloy::sol_types::{SolCall as _, SolValue as _};
use lifeboat::contracts::Erc20;
use lifeboat::protocols::exit_plan::plan_exit;
use lifeboat::protocols::maker_dsr::Savings;
use lifeboat::protocols::{Amount, Ask, Registry, WAD};

use super::artifacts::Artifacts;
use super::changed::refuses_changed_code;
use super::exits::{action, leave, positions};
use super::lab::{GOVERNOR, Lab, USER, address, units};
use super::maker::{Approve, Proxies, ProxyIn, Wards, deploy, name, ray};

sol! {
    interface PotIn {
        function file(bytes32 what, uint256 data) external;
        function drip() external returns (uint256);
        function pie(address usr) external view returns (uint256);
    }
    interface ManagerIn {
        function join(address dst, uint256 wad) external;
        function daiBalance(address usr) external returns (uint256);
    }
    interface ActionsIn { function join(address daiJoin, address pot, uint256 wad) external; }
}

/// Savings of the user through the manager and through a proxy, with what was paid in.
async fn saved(lab: &mut Lab) -> (Savings, Address) {
    let maker = deploy(lab).await;
    maker.open(lab, USER, 1, (units(50, 18), units(20_000, 18))).await;
    let contracts = maker.contracts;
    let (dai, dai_join, proxies) = (contracts.dai, contracts.dai_join, contracts.proxies);
    lab.mine();
    // The rate is set in the block that starts it: a ten-millionth a second, to be seen within a few blocks.
    let pot = lab.deploy("maker_Pot", &contracts.vat.abi_encode());
    let data = ray() + ray() / U256::from(10_000_000);
    lab.send(GOVERNOR, pot, &PotIn::fileCall { what: name("dsr"), data });
    lab.mine();
    lab.send(GOVERNOR, contracts.vat, &Wards::relyCall { usr: pot });
    let manager = lab.deploy("maker_DsrManager", &(pot, dai_join).abi_encode_params());
    let actions = lab.deploy("maker_DssProxyActionsDsr", &[]);
    lab.send(USER, proxies, &Proxies::buildCall {});
    lab.mine();
    let proxy = lab.view(proxies, &Proxies::proxiesCall { owner: address(USER) }).await;
    let amount = units(3_000, 18);
    lab.send(USER, dai, &Approve::approveCall { spender: manager, amount });
    lab.send(USER, manager, &ManagerIn::joinCall { dst: address(USER), wad: amount });
    lab.send(USER, dai, &Approve::approveCall { spender: proxy, amount });
    let join = ActionsIn::joinCall { daiJoin: dai_join, pot, wad: amount };
    lab.send(USER, proxy, &ProxyIn::executeCall { target: actions, data: Bytes::from(join.abi_encode()) });
    lab.mine();
    (Savings { pot, dai, dai_join, manager, proxies, actions }, proxy)
}

#[tokio::test(flavor = "multi_thread")]
async fn savings_are_told_with_their_earnings_and_taken_out_of_the_manager_and_of_a_proxy() {
    let wanted = ["maker_Pot", "maker_DsrManager", "maker_DssProxyActionsDsr", "WETH9"];
    let Some(artifacts) = Artifacts::with(&wanted) else { return };
    let mut lab = Lab::start(artifacts).await;
    let (savings, proxy) = saved(&mut lab).await;
    let registry = Registry::new(vec![Arc::new(savings)]);
    lab.bench.advance(3);
    let state = lab.state().await;
    let reports = registry.read(address(USER), &state).await.unwrap();
    let found = positions(&reports);
    // What the contracts would pay at this block, by their own code.
    let mut ask = Ask::new();
    let chi = ask.view(savings.pot, &PotIn::dripCall {});
    let managed = ask.view(savings.manager, &ManagerIn::daiBalanceCall { usr: address(USER) });
    let pie = ask.view(savings.pot, &PotIn::pieCall { usr: proxy });
    let answers = ask.run_in_turn(&state).await.unwrap();
    let through = answers.get(chi).unwrap() * answers.get(pie).unwrap() / ray();
    let amounts: Vec<U256> = found.iter().map(|one| one.rows[0].amount).collect();
    assert_eq!(amounts, [answers.get(managed).unwrap(), through]);
    assert!(amounts.iter().all(|one| *one > units(3_000, 18)), "they have earned: {amounts:?}");
    assert_eq!(found[0].market, "through the DSR manager");
    assert!(found[1].market.contains(&proxy.to_string()), "{}", found[1].market);
    // A part of each, to the last unit or one that Maker's rounding keeps.
    let before = lab.view(savings.dai, &Erc20::balanceOfCall { owner: address(USER) }).await;
    for position in found {
        let part = action(position, "withdraw").with_amount(Amount::Exactly(units(1_000, 18)));
        lab.act(USER, part.intents().unwrap()).await;
    }
    let after = lab.view(savings.dai, &Erc20::balanceOfCall { owner: address(USER) }).await;
    assert!((after - before).abs_diff(units(2_000, 18)) <= U256::from(2), "{}", after - before);
    refuses_changed_code(&mut lab, &registry, "maker-dsr").await;
    let state = lab.state().await;
    let plan = plan_exit(&registry, &state, address(USER), WAD).await.unwrap();
    assert_eq!(plan.steps.len(), 2, "{:#?}", plan.steps);
    leave(&mut lab, &registry, &plan).await;
    let all = lab.view(savings.dai, &Erc20::balanceOfCall { owner: address(USER) }).await;
    assert!(all > units(20_000, 18), "all of it came back, with earnings: {all}");
}
