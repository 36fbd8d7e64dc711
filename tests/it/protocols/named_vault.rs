//! A vault that is in no list, named by its address: what it holds, what it really pays, and the way out; and what is
//! said of an address that is none.

use std::sync::Arc;

use alloy::primitives::{Address, U256};
use alloy::sol;
use alloy::sol_types::SolValue as _;
use lifeboat::contracts::Erc20;
use lifeboat::protocols::exit_plan::{ExitPlan, plan_exit};
use lifeboat::protocols::{Amount, Deployments, Found, Position, ProtocolError, Registry, Verdict, WAD};

use super::aave_market::Mintable;
use super::artifacts::Artifacts;
use super::changed::refuses_changed_code;
use super::exits::{action, carry_out, leave, positions};
use super::lab::{GOVERNOR, Lab, USER, address, units, view};
use super::stand_ins::stand_in;

sol! {
    interface VaultIn {
        function deposit(uint256 assets, address receiver) external returns (uint256);
        function previewRedeem(uint256 shares) external view returns (uint256);
        function maxWithdraw(address owner) external view returns (uint256);
    }
    interface LiarIn { function setMode(uint256 one) external; }
}

/// A registry in which only this is looked at.
fn naming(vault: Address) -> Registry {
    let named = format!("erc4626={vault}").parse().unwrap();
    Registry::new(Vec::new()).with(&Deployments::naming(None, vec![named]).unwrap())
}

/// The user gives so much of a token to a vault of it.
fn deposit(lab: &mut Lab, (vault, token): (Address, Address), amount: U256) {
    lab.send(GOVERNOR, token, &Mintable::mintCall { to: address(USER), amount });
    lab.send(USER, token, &Mintable::approveCall { spender: vault, amount });
    lab.mine();
    lab.send(USER, vault, &VaultIn::depositCall { assets: amount, receiver: address(USER) });
    lab.mine();
}

async fn found(lab: &mut Lab, vault: Address) -> Position {
    let reports = lab.read(&naming(vault), USER).await;
    positions(&reports)[0].clone()
}

async fn plan(lab: &mut Lab, registry: &Registry) -> ExitPlan {
    let state = lab.state().await;
    plan_exit(registry, &state, address(USER), WAD).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_vault_is_read_by_its_address_and_left() {
    let Some(artifacts) = Artifacts::with(&["oz_ERC4626", "aave_MintableERC20"]) else { return };
    let mut lab = Lab::start(artifacts).await;
    let usdc = lab.deploy("aave_MintableERC20", &("USDC", "USDC", U256::from(6)).abi_encode_params());
    let vault = lab.deploy("oz_ERC4626", &usdc.abi_encode());
    lab.mine();
    // Nothing in it is a proven nothing.
    assert!(positions(&lab.read(&naming(vault), USER).await).is_empty());
    deposit(&mut lab, (vault, usdc), units(1_500, 6));
    lab.send(GOVERNOR, usdc, &Mintable::mintCall { to: vault, amount: units(77, 6) });
    lab.mine();
    let position = found(&mut lab, vault).await;
    let state = lab.state().await;
    let shares = view(&state, vault, &Erc20::balanceOfCall { owner: address(USER) }).await;
    let pays = view(&state, vault, &VaultIn::previewRedeemCall { shares }).await;
    let row = &position.rows[0];
    assert_eq!((row.amount, row.worth.as_ref().unwrap().amount), (shares, pays));
    assert_eq!(row.worth.as_ref().unwrap().decimals, 6);
    assert!(row.note.as_ref().unwrap().contains("simulation"), "{row:?}");
    // Nobody vouches for it, and that is all there is to say of an honest one.
    assert_eq!(position.code.verdict, Verdict::NotBundled);
    let [unknown] = position.caveats.as_slice() else { panic!("{:?}", position.caveats) };
    assert!(unknown.contains("its code is unknown"), "{unknown}");
    let name = naming(vault).protocols()[0].name();
    assert!(name.contains("named by hand, unknown code"), "{name}");
    refuses_changed_code(&mut lab, &naming(vault), "erc4626").await;
    // By amount: no more than it says that can be withdrawn, all of it or a part.
    let most = view(&state, vault, &VaultIn::maxWithdrawCall { owner: address(USER) }).await;
    let withdraw = action(&position, "withdraw").clone();
    assert!(withdraw.all == most && withdraw.stage.is_none(), "{withdraw:?}");
    assert!(withdraw.with_amount(Amount::Exactly(most + U256::from(1))).intents().is_err());
    let held = Erc20::balanceOfCall { owner: address(USER) };
    let before = lab.view(usdc, &held).await;
    lab.act(USER, withdraw.with_amount(Amount::Exactly(units(500, 6))).intents().unwrap()).await;
    assert_eq!(lab.view(usdc, &held).await - before, units(500, 6));
    let plan = plan(&mut lab, &naming(vault)).await;
    assert_eq!(plan.steps.len(), 1, "{plan:#?}");
    leave(&mut lab, &naming(vault), &plan).await;
    assert!(lab.view(usdc, &held).await >= before + units(1_576, 6));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_vault_says_is_measured_by_what_it_pays() {
    let mut lab = Lab::start(Artifacts::none()).await;
    let token = stand_in(&mut lab, "Token", &"GOLD".to_owned().abi_encode());
    let vault = stand_in(&mut lab, "LiarVault", &token.abi_encode());
    lab.mine();
    deposit(&mut lab, (vault, token), units(100, 18));
    let position = found(&mut lab, vault).await;
    let worth = position.rows[0].worth.clone().unwrap();
    assert_eq!(worth.amount, units(50, 18), "what redeeming brings, whatever it claims");
    let says = |position: &Position, words: &str| position.caveats.iter().any(|one| one.contains(words));
    assert!(
        says(&position, "By its convertToAssets the shares are 900 GOLD (unlisted)"),
        "{:?}",
        position.caveats
    );
    assert!(
        says(&position, "By its previewRedeem the shares are 1800 GOLD (unlisted)"),
        "{:?}",
        position.caveats
    );
    assert!(says(&position, "redeeming them brings 50 GOLD (unlisted) now"), "{:?}", position.caveats);
    assert!(position.rows[0].asset.symbol.ends_with("(unlisted)"), "it wears a listed token's symbol");
    // It pays nothing out any more, and says otherwise.
    lab.send(GOVERNOR, vault, &LiarIn::setModeCall { one: U256::from(1) });
    lab.mine();
    let closed = found(&mut lab, vault).await;
    let why = action(&closed, "redeem").blocked.clone().unwrap();
    assert!(why.contains("It would fail now") && why.contains("payouts are closed"), "{why}");
    let row = &closed.rows[0];
    assert!(row.note.as_ref().unwrap().contains("the vault's own word"), "{row:?}");
    // It answers nothing: what is held still shows.
    lab.send(GOVERNOR, vault, &LiarIn::setModeCall { one: U256::from(2) });
    lab.mine();
    let mute = found(&mut lab, vault).await;
    assert!(mute.rows[0].amount == units(100, 18) && mute.rows[0].worth.is_none(), "{mute:?}");
    for words in ["refuses convertToAssets", "refuses previewRedeem", "does not say how much can be redeemed"]
    {
        assert!(says(&mute, words), "{words}: {:?}", mute.caveats);
    }
    assert!(action(&mute, "redeem").blocked.is_some());
    // Open again, it is left with what it pays.
    lab.send(GOVERNOR, vault, &LiarIn::setModeCall { one: U256::ZERO });
    lab.mine();
    let plan = plan(&mut lab, &naming(vault)).await;
    carry_out(&mut lab, &plan).await;
    assert_eq!(lab.view(token, &Erc20::balanceOfCall { owner: address(USER) }).await, units(50, 18));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_no_vault_is_said_to_be_none() {
    let mut lab = Lab::start(Artifacts::none()).await;
    let token = stand_in(&mut lab, "Token", &"GOLD".to_owned().abi_encode());
    let mute = lab.create("it reverts on everything", alloy::hex!("625f5ffd5f526003601df3").to_vec());
    let of_nothing = stand_in(&mut lab, "LiarVault", &Address::repeat_byte(0x99).abi_encode());
    let of_mute = stand_in(&mut lab, "LiarVault", &mute.abi_encode());
    lab.mine();
    for (what, words) in [
        (Address::repeat_byte(0x77), "there is no contract at that address on this network"),
        (address(USER), "there is no contract at that address on this network"),
        (token, "it does not answer as a vault of the standard form (ERC-4626) does"),
        (mute, "it does not answer as a vault of the standard form (ERC-4626) does"),
        (of_nothing, "is no token"),
        (of_mute, "tells no decimals"),
    ] {
        let reports = lab.read(&naming(what), USER).await;
        let Found::Failed(error) = &reports[0].found else { panic!("{reports:?}") };
        assert!(matches!(**error, ProtocolError::NotAsNamed { .. }), "{error:?}");
        let said = error.to_string();
        assert!(said.starts_with(&format!("you named a vault at {what}, and ")), "{said}");
        assert!(said.contains(words), "{said}");
    }
    // Whatever was named wrongly, the rest is read.
    let own = naming(mute);
    let both = Registry::new(
        own.protocols()
            .iter()
            .cloned()
            .chain([Arc::new(lifeboat::protocols::weth::Weth { token, code_hash: None }) as Arc<_>])
            .collect(),
    );
    let reports = lab.read(&both, USER).await;
    assert!(matches!(reports[1].found, Found::Positions(_)), "{reports:?}");
}
