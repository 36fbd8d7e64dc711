//! Rocket Pool, other staked tokens and Ethena: our numbers against the contracts' own, and the way out.

use std::sync::Arc;

use alloy::primitives::{Address, B256, U256, keccak256};
use alloy::sol;
use alloy::sol_types::SolValue as _;
use lifeboat::contracts::Erc20;
use lifeboat::devnet::PracticeOptions;
use lifeboat::protocols::ethena::Ethena;
use lifeboat::protocols::exit_plan::plan_exit;
use lifeboat::protocols::rocket_pool::RocketPool;
use lifeboat::protocols::staked_tokens::StakedToken;
use lifeboat::protocols::{Amount, Registry, RowKind, Stage, WAD};

use super::artifacts::Artifacts;
use super::changed::refuses_changed_code;
use super::exits::{action, all_work, carry_out, positions};
use super::lab::{GOVERNOR, Lab, USER, address, units};

sol! {
    interface RocketStorageIn { function setAddress(bytes32 key, address value) external; }
    interface StandIn {
        function set(uint256 eth, uint256 reth) external;
        function mint(address reth, uint256 amount, address to) external;
    }
    interface RethViews {
        function getEthValue(uint256 amount) external view returns (uint256);
        function getTotalCollateral() external view returns (uint256);
    }
    interface UsdeIn {
        function setMinter(address minter) external;
        function mint(address to, uint256 amount) external;
        function approve(address spender, uint256 amount) external returns (bool);
    }
    interface StakedIn {
        function deposit(uint256 assets, address receiver) external returns (uint256);
        function transferInRewards(uint256 amount) external;
        function setCooldownDuration(uint24 duration) external;
        function convertToAssets(uint256 shares) external view returns (uint256);
        function cooldowns(address account) external view returns (uint104 cooldownEnd, uint152 underlyingAmount);
    }
}

fn key(name: &str) -> B256 {
    keccak256(format!("contract.address{name}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn reth_is_burnt_as_far_as_there_is_ether_for_it() {
    let Some(artifacts) = Artifacts::with(&["rocket_RocketTokenRETH", "rocket_StandIn"]) else { return };
    let mut lab = Lab::start(artifacts).await;
    let storage = lab.deploy("rocket_RocketStorage", &[]);
    let reth = lab.deploy("rocket_RocketTokenRETH", &storage.abi_encode());
    let stand_in = lab.deploy("rocket_StandIn", &[]);
    for name in ["rocketNetworkBalances", "rocketDepositPool"] {
        let set = RocketStorageIn::setAddressCall { key: key(name), value: stand_in };
        lab.send(GOVERNOR, storage, &set);
    }
    lab.mine();
    let mint = StandIn::mintCall { reth, amount: units(20, 18), to: address(USER) };
    lab.send(GOVERNOR, stand_in, &mint);
    // One rETH is worth 1.137 ETH, and there are 5 of it: 2 with the token, 3 in the pool.
    let set = StandIn::setCall { eth: units(1_137, 18), reth: units(1_000, 18) };
    lab.send(GOVERNOR, stand_in, &set);
    lab.pay_plain(GOVERNOR, reth, units(2, 18));
    lab.pay_plain(GOVERNOR, stand_in, units(3, 18));
    lab.mine();
    let registry = Registry::new(vec![Arc::new(RocketPool { token: reth })]);
    let reports = lab.read(&registry, USER).await;
    let found = positions(&reports)[0];
    let worth = lab.view(reth, &RethViews::getEthValueCall { amount: units(20, 18) }).await;
    assert_eq!(found.rows[0].worth.as_ref().unwrap().amount, worth);
    let burn = action(found, "burn");
    let Amount::Exactly(most) = burn.amount else { panic!("{burn:?}") };
    let paid = lab.view(reth, &RethViews::getEthValueCall { amount: most }).await;
    assert!(paid <= units(5, 18) && units(5, 18) - paid < U256::from(1_000), "{paid}");
    assert!(burn.with_amount(Amount::All).intents().is_err(), "more than there is ether for");
    lab.act(USER, burn.intents().unwrap()).await;
    let reports = lab.read(&registry, USER).await;
    let dry = action(positions(&reports)[0], "burn");
    assert!(dry.blocked.as_ref().is_some_and(|why| why.contains("no ether")), "{dry:?}");
    lab.pay_plain(GOVERNOR, reth, units(40, 18));
    lab.mine();
    refuses_changed_code(&mut lab, &registry, "rocket-pool").await;
    let state = lab.state().await;
    let plan = plan_exit(&registry, &state, address(USER), WAD).await.unwrap();
    all_work(&plan);
    carry_out(&mut lab, &plan).await;
    assert!(positions(&lab.read(&registry, USER).await).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_tells_its_rate_or_it_is_said_that_it_does_not() {
    let Some(artifacts) = Artifacts::with(&["ethena_USDe", "aave_MintableERC20"]) else { return };
    let mut lab = Lab::start(artifacts).await;
    let token = lab.deploy("ethena_USDe", &address(GOVERNOR).abi_encode());
    lab.send(GOVERNOR, token, &UsdeIn::setMinterCall { minter: address(GOVERNOR) });
    lab.send(GOVERNOR, token, &UsdeIn::mintCall { to: address(USER), amount: units(2, 18) });
    lab.mine();
    let staked = |rate: Option<&str>, feed| StakedToken {
        symbol: "xETH".to_owned(),
        token,
        rate: rate.map(str::to_owned),
        feed,
    };
    let nobody = Address::repeat_byte(0x77);
    for (kind, said) in [
        (staked(None, None), "no contract known here"),
        // `totalSupply()` stands for a function that tells a number, `exchangeRate()` is not there.
        (staked(Some("totalSupply()"), None), "by its own rate"),
        (staked(Some("exchangeRate()"), None), "worth not known"),
        (staked(None, Some(nobody)), "worth not known"),
    ] {
        let reports = lab.read(&Registry::new(vec![Arc::new(kind.clone())]), USER).await;
        let row = &positions(&reports)[0].rows[0];
        assert_eq!(row.amount, units(2, 18));
        assert!(row.note.as_ref().unwrap().contains(said), "{kind:?}: {row:?}");
        let worth = row.worth.as_ref().map(|worth| worth.amount);
        assert_eq!(worth, said.starts_with("by").then(|| units(4, 18)));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn staked_usde_cools_down_and_is_taken_when_its_time_has_come() {
    let Some(artifacts) = Artifacts::with(&["ethena_USDe", "ethena_StakedUSDeV2"]) else { return };
    let options = PracticeOptions { endpoints: 1, ..crate::support::practice::options() };
    let mut lab = Lab::start_on(artifacts, &options).await;
    let governor = address(GOVERNOR);
    let usde = lab.deploy("ethena_USDe", &governor.abi_encode());
    let staked = lab.deploy("ethena_StakedUSDeV2", &(usde, governor, governor).abi_encode_params());
    lab.send(GOVERNOR, usde, &UsdeIn::setMinterCall { minter: governor });
    for to in [GOVERNOR, USER] {
        lab.send(GOVERNOR, usde, &UsdeIn::mintCall { to: address(to), amount: units(10_000, 18) });
        lab.send(to, usde, &UsdeIn::approveCall { spender: staked, amount: units(10_000, 18) });
    }
    lab.mine();
    for (who, assets) in [(GOVERNOR, units(100, 18)), (USER, units(7_000, 18))] {
        lab.send(who, staked, &StakedIn::depositCall { assets, receiver: address(who) });
    }
    lab.send(GOVERNOR, staked, &StakedIn::transferInRewardsCall { amount: units(50, 18) });
    lab.send(GOVERNOR, staked, &StakedIn::setCooldownDurationCall { duration: "240".parse().unwrap() });
    lab.mine();
    let registry = Registry::new(vec![Arc::new(Ethena { usde, staked })]);
    let state = lab.state().await;
    let reports = registry.read(address(USER), &state).await.unwrap();
    let found = positions(&reports)[0];
    let shares = found.rows[0].amount;
    let worth = super::lab::view(&state, staked, &StakedIn::convertToAssetsCall { shares }).await;
    assert_eq!(found.rows[0].worth.as_ref().unwrap().amount, worth);
    let cool = action(found, "cooldown");
    assert_eq!(cool.stage, Some(Stage::Queue));
    lab.act(USER, cool.with_amount(Amount::Exactly(shares / U256::from(2))).intents().unwrap()).await;
    let reports = lab.read(&registry, USER).await;
    let waiting = positions(&reports)[0];
    let cooling = lab.view(staked, &StakedIn::cooldownsCall { account: address(USER) }).await;
    let row = waiting.rows.iter().find(|row| row.kind == RowKind::Waiting).unwrap();
    assert_eq!(row.amount, cooling.underlyingAmount.to::<U256>());
    assert!(action(waiting, "unstake").blocked.is_some(), "not yet");
    let note = action(waiting, "cooldown").note.clone().unwrap();
    assert!(note.contains("start anew"), "{note}");
    lab.bench.advance(20);
    let reports = lab.read(&registry, USER).await;
    let due = positions(&reports)[0];
    assert!(due.rows.iter().any(|row| row.kind == RowKind::Claimable));
    assert!(due.actions.iter().all(|one| one.kind != "cooldown"), "first what has cooled down: {due:#?}");
    let before = lab.view(usde, &Erc20::balanceOfCall { owner: address(USER) }).await;
    refuses_changed_code(&mut lab, &registry, "ethena").await;
    let state = lab.state().await;
    let plan = plan_exit(&registry, &state, address(USER), WAD).await.unwrap();
    all_work(&plan);
    assert_eq!(plan.steps.len(), 2, "take, then cool the rest down: {:#?}", plan.steps);
    carry_out(&mut lab, &plan).await;
    let after = lab.view(usde, &Erc20::balanceOfCall { owner: address(USER) }).await;
    assert_eq!(after - before, row.amount);
    // With the cool-down off the vault pays at once.
    lab.send(GOVERNOR, staked, &StakedIn::setCooldownDurationCall { duration: "0".parse().unwrap() });
    lab.mine();
    let state = lab.state().await;
    let plan = plan_exit(&registry, &state, address(USER), WAD).await.unwrap();
    all_work(&plan);
    carry_out(&mut lab, &plan).await;
    assert!(positions(&lab.read(&registry, USER).await).is_empty());
}
