//! Maker vaults and Sky's exchanges: our numbers against the contracts' own, and the way out.

use std::sync::Arc;

use alloy::primitives::{Address, B256, Bytes, I256, U256};
use alloy::sol;
use alloy::sol_types::{SolCall as _, SolValue as _};
use lifeboat::contracts::Erc20;
use lifeboat::protocols::exit_plan::plan_exit;
use lifeboat::protocols::maker_vaults::Vaults;
use lifeboat::protocols::sky::Sky;
use lifeboat::protocols::weth::Weth;
use lifeboat::protocols::{Ask, JointState, Registry, RowKind, WAD};

use super::artifacts::Artifacts;
use super::changed::refuses_changed_code;
use super::exits::{all_work, carry_out, positions};
use super::lab::{GOVERNOR, LENDER, Lab, USER, address, units};

sol! {
    interface Wards { function rely(address usr) external; }
    interface VatIn {
        function init(bytes32 ilk) external;
        function file(bytes32 what, uint256 data) external;
        function hope(address usr) external;
        function ilks(bytes32 ilk) external view returns (uint256 Art, uint256 rate, uint256 spot, uint256 line, uint256 dust);
        function urns(bytes32 ilk, address urn) external view returns (uint256 ink, uint256 art);
    }
    interface FileIlk { function file(bytes32 ilk, bytes32 what, uint256 data) external; }
    interface JugIn {
        function init(bytes32 ilk) external;
        function drip(bytes32 ilk) external returns (uint256);
    }
    interface Registrar {
        function put(bytes32 ilk, address join, address gem, uint256 dec, uint256 class, address pip, address xlip, string name, string symbol) external;
    }
    interface ManagerIn {
        function open(bytes32 ilk, address usr) external returns (uint256);
        function urns(uint256 cdp) external view returns (address);
        function frob(uint256 cdp, int256 dink, int256 dart) external;
        function move(uint256 cdp, address dst, uint256 rad) external;
    }
    interface JoinIn {
        function join(address usr, uint256 wad) external;
        function exit(address usr, uint256 wad) external;
    }
    interface WethIn { function deposit() external payable; }
    interface Proxies { function build() external returns (address); function proxies(address owner) external view returns (address); }
    interface ProxyIn { function execute(address target, bytes data) external payable returns (bytes32); }
    interface ActionsIn {
        function openLockETHAndDraw(address manager, address jug, address ethJoin, address daiJoin, bytes32 ilk, uint256 wadD) external payable returns (uint256);
    }
    interface Converter { function daiToUsds(address usr, uint256 wad) external; }
    interface UsdsInit { function initialize() external; }
    interface PsmIn { function fill() external returns (uint256); function file(bytes32 what, uint256 data) external; }
    interface Mint { function mint(address to, uint256 amount) external returns (bool); }
    interface Approve { function approve(address spender, uint256 amount) external returns (bool); }
}

pub(super) fn name(text: &str) -> B256 {
    let mut word = [0_u8; 32];
    word[..text.len()].copy_from_slice(text.as_bytes());
    B256::from(word)
}

pub(super) fn ray() -> U256 {
    U256::from(10).pow(U256::from(27))
}

pub(super) struct Maker {
    pub(super) contracts: Vaults,
    gem_join: Address,
    pub(super) ilk: B256,
}

pub(super) async fn deploy(lab: &mut Lab) -> Maker {
    let chain_id = U256::from(lab.bench.network.spec().chain_id);
    let ilk = name("ETH-A");
    let vat = lab.deploy("maker_Vat", &[]);
    let one = vat.abi_encode();
    let dai = lab.deploy("maker_Dai", &chain_id.abi_encode());
    let dai_join = lab.deploy("maker_DaiJoin", &(vat, dai).abi_encode_params());
    let [jug, spot, dog, cat] =
        ["maker_Jug", "maker_Spotter", "maker_Dog", "maker_Cat"].map(|name| lab.deploy(name, &one));
    let weth = lab.deploy("WETH9", &[]);
    let gem_join = lab.deploy("maker_GemJoin", &(vat, ilk, weth).abi_encode_params());
    let manager = lab.deploy("maker_DssCdpManager", &one);
    let getter = lab.deploy("maker_GetCdps", &[]);
    let factory = lab.deploy("maker_DSProxyFactory", &[]);
    let proxies = lab.deploy("maker_ProxyRegistry", &factory.abi_encode());
    let actions = lab.deploy("maker_DssProxyActions", &[]);
    lab.send(GOVERNOR, dai, &Wards::relyCall { usr: dai_join });
    for usr in [gem_join, jug, spot, cat] {
        lab.send(GOVERNOR, vat, &Wards::relyCall { usr });
    }
    let rad = U256::from(10).pow(U256::from(45));
    lab.send(GOVERNOR, vat, &VatIn::initCall { ilk });
    lab.send(GOVERNOR, vat, &VatIn::fileCall { what: name("Line"), data: rad * U256::from(1_000_000_000) });
    for (what, data) in [
        ("line", rad * U256::from(1_000_000_000)),
        ("spot", ray() * U256::from(2_000)),
        ("dust", rad * U256::from(2_000)),
    ] {
        lab.send(GOVERNOR, vat, &FileIlk::fileCall { ilk, what: name(what), data });
    }
    let (what, data) = (name("mat"), ray() * U256::from(150) / U256::from(100));
    lab.send(GOVERNOR, spot, &FileIlk::fileCall { ilk, what, data });
    let ilks = lab.deploy("maker_IlkRegistry", &(vat, dog, cat, spot).abi_encode_params());
    let put = Registrar::putCall {
        ilk,
        join: gem_join,
        gem: weth,
        dec: U256::from(18),
        class: U256::from(1),
        pip: Address::ZERO,
        xlip: Address::ZERO,
        name: "Wrapped Ether".to_owned(),
        symbol: "WETH".to_owned(),
    };
    lab.send(GOVERNOR, ilks, &put);
    lab.mine();
    // The fee is set in the block that starts it: 0.01 % a second, to be seen within a few blocks.
    lab.send(GOVERNOR, jug, &JugIn::initCall { ilk });
    let duty = ray() + ray() / U256::from(10_000_000);
    lab.send(GOVERNOR, jug, &FileIlk::fileCall { ilk, what: name("duty"), data: duty });
    lab.mine();
    let contracts = Vaults { manager, getter, vat, jug, spot, dai, dai_join, ilks, proxies, actions, weth };
    Maker { contracts, gem_join, ilk }
}

impl Maker {
    /// A vault of `who` in their own name, its DAI in their wallet.
    pub(super) async fn open(
        &self,
        lab: &mut Lab,
        who: usize,
        id: u64,
        (ether, dai): (U256, U256),
    ) -> Address {
        let Vaults { manager, vat, dai_join, weth, .. } = self.contracts;
        let cdp = U256::from(id);
        lab.send(who, manager, &ManagerIn::openCall { ilk: self.ilk, usr: address(who) });
        lab.pay(who, weth, &WethIn::depositCall {}, ether);
        lab.send(who, weth, &Approve::approveCall { spender: self.gem_join, amount: ether });
        lab.mine();
        let urn = lab.view(manager, &ManagerIn::urnsCall { cdp }).await;
        lab.send(who, self.gem_join, &JoinIn::joinCall { usr: urn, wad: ether });
        let rate = lab.view(vat, &VatIn::ilksCall { ilk: self.ilk }).await.rate;
        let art = dai * ray() / rate + U256::from(1);
        let (dink, dart) = (I256::try_from(ether).unwrap(), I256::try_from(art).unwrap());
        lab.send(who, manager, &ManagerIn::frobCall { cdp, dink, dart });
        lab.send(who, manager, &ManagerIn::moveCall { cdp, dst: address(who), rad: dai * ray() });
        lab.send(who, vat, &VatIn::hopeCall { usr: dai_join });
        lab.send(who, dai_join, &JoinIn::exitCall { usr: address(who), wad: dai });
        lab.mine();
        urn
    }

    pub(super) fn registry(&self) -> Registry {
        Registry::new(vec![
            Arc::new(self.contracts),
            Arc::new(Weth { token: self.contracts.weth, code_hash: None }),
        ])
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_in_ones_own_name_is_told_as_maker_books_it_and_left_empty() {
    let Some(artifacts) = Artifacts::with(&["maker_Vat", "maker_DssCdpManager", "WETH9"]) else { return };
    let mut lab = Lab::start(artifacts).await;
    let maker = deploy(&mut lab).await;
    maker.open(&mut lab, LENDER, 1, (units(50, 18), units(20_000, 18))).await;
    let urn = maker.open(&mut lab, USER, 2, (units(10, 18), units(9_000, 18))).await;
    let registry = maker.registry();
    let state = lab.state().await;
    let reports = registry.read(address(USER), &state).await.unwrap();
    let found = positions(&reports);
    assert_eq!((found.len(), found[0].market.as_str()), (1, "ETH-A vault 2"));
    // What Maker would book for this block, by its own code.
    let (vat, ilk) = (maker.contracts.vat, maker.ilk);
    let mut ask = Ask::new();
    let _drip = ask.view(maker.contracts.jug, &JugIn::dripCall { ilk });
    let booked = ask.view(vat, &VatIn::ilksCall { ilk });
    let of = ask.view(vat, &VatIn::urnsCall { ilk, urn });
    let answers = ask.run_in_turn(&state).await.unwrap();
    let (booked, of) = (answers.get(booked).unwrap(), answers.get(of).unwrap());
    let owed = of.art * booked.rate;
    let borrowed = found[0].rows.iter().find(|row| row.kind == RowKind::Borrowed).unwrap();
    assert_eq!(borrowed.amount, (owed + ray() - U256::from(1)) / ray());
    assert!(borrowed.amount > units(9_000, 18), "a fee has grown");
    let health = found[0].health.as_ref().unwrap();
    assert_eq!(health.factor, Some(of.ink * booked.spot / (owed / WAD)));
    assert_eq!(health.liquidation[0].now, units(3_000, 18));
    // The wallet lacks the fee.
    let plan = plan_exit(&registry, &state, address(USER), WAD).await.unwrap();
    assert!(plan.shortfalls.len() == 1 && !plan.shortfalls[0].missing().is_zero(), "{plan:#?}");
    let refused = plan.left_out.iter().any(|one| one.why.contains("Maker refuses"));
    assert!(refused, "only the fee would be left, which is less than the least debt: {plan:#?}");
    let gift = Erc20::transferCall { to: address(USER), value: units(500, 18) };
    lab.send(LENDER, maker.contracts.dai, &gift);
    lab.mine();
    refuses_changed_code(&mut lab, &registry, "maker-vaults").await;
    let state = lab.state().await;
    let plan = plan_exit(&registry, &state, address(USER), WAD).await.unwrap();
    all_work(&plan);
    carry_out(&mut lab, &plan).await;
    assert!(positions(&lab.read(&registry, USER).await).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vault_of_a_proxy_is_found_and_left_in_one_transaction_each() {
    let Some(artifacts) = Artifacts::with(&["maker_Vat", "maker_DSProxyFactory", "WETH9"]) else { return };
    let mut lab = Lab::start(artifacts).await;
    let maker = deploy(&mut lab).await;
    maker.open(&mut lab, LENDER, 1, (units(50, 18), units(20_000, 18))).await;
    let Vaults { manager, jug, dai_join, proxies, actions, dai, .. } = maker.contracts;
    lab.send(USER, proxies, &Proxies::buildCall {});
    lab.mine();
    let proxy = lab.view(proxies, &Proxies::proxiesCall { owner: address(USER) }).await;
    let open = ActionsIn::openLockETHAndDrawCall {
        manager,
        jug,
        ethJoin: maker.gem_join,
        daiJoin: dai_join,
        ilk: maker.ilk,
        wadD: units(5_000, 18),
    };
    let data = Bytes::from(open.abi_encode());
    lab.pay(USER, proxy, &ProxyIn::executeCall { target: actions, data }, units(7, 18));
    lab.send(LENDER, dai, &Erc20::transferCall { to: address(USER), value: units(500, 18) });
    lab.mine();
    let registry = maker.registry();
    refuses_changed_code(&mut lab, &registry, "maker-vaults").await;
    let state = lab.state().await;
    let reports = registry.read(address(USER), &state).await.unwrap();
    assert_eq!(positions(&reports).len(), 1);
    let floor = WAD * U256::from(15) / U256::from(10);
    let plan = plan_exit(&registry, &state, address(USER), floor).await.unwrap();
    all_work(&plan);
    assert_eq!(plan.steps.len(), 3, "approve, repay, withdraw: {:#?}", plan.steps);
    let [now] = plan.take_now.as_slice() else { panic!("{:#?}", plan.take_now) };
    assert!(now.ends_at >= floor && now.units > units(3, 18), "{now:?}");
    carry_out(&mut lab, &plan).await;
    assert!(positions(&lab.read(&registry, USER).await).is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn sky_changes_one_stable_token_for_another_at_its_own_rate() {
    let Some(artifacts) = Artifacts::with(&["maker_Vat", "sky_DssLitePsm", "sky_Usds"]) else { return };
    let mut lab = Lab::start(artifacts).await;
    let maker = deploy(&mut lab).await;
    maker.open(&mut lab, USER, 1, (units(50, 18), units(20_000, 18))).await;
    let Vaults { vat, dai, dai_join, .. } = maker.contracts;
    let implementation = lab.deploy("sky_Usds", &[]);
    let start = Bytes::from(UsdsInit::initializeCall {}.abi_encode());
    let usds = lab.deploy("oz_ERC1967Proxy", &(implementation, start).abi_encode_params());
    let usds_join = lab.deploy("sky_UsdsJoin", &(vat, usds).abi_encode_params());
    let converter = lab.deploy("sky_DaiUsds", &(dai_join, usds_join).abi_encode_params());
    let usdc = lab.deploy("aave_MintableERC20", &("USDC", "USDC", U256::from(6)).abi_encode_params());
    let ilk = name("LITE-PSM-USDC-A");
    // Another account stands for the pocket, which lets the module take what it pays out.
    let pocket = address(LENDER);
    let dai_psm = lab.deploy("sky_DssLitePsm", &(ilk, usdc, dai_join, pocket).abi_encode_params());
    let usds_psm = lab.deploy("sky_UsdsPsmWrapper", &(dai_psm, usds_join).abi_encode_params());
    lab.send(GOVERNOR, usds, &Wards::relyCall { usr: usds_join });
    let fee = WAD / U256::from(1_000);
    lab.send(GOVERNOR, dai_psm, &PsmIn::fileCall { what: name("tout"), data: fee });
    lab.send(GOVERNOR, usdc, &Mint::mintCall { to: pocket, amount: units(7_000, 6) });
    lab.send(LENDER, usdc, &Approve::approveCall { spender: dai_psm, amount: U256::MAX });
    lab.send(USER, dai, &Approve::approveCall { spender: converter, amount: units(4_000, 18) });
    lab.send(USER, converter, &Converter::daiToUsdsCall { usr: address(USER), wad: units(4_000, 18) });
    lab.mine();
    let sky = Sky { dai, usds, dollar: usdc, converter, dai_psm, usds_psm, governance: None };
    let registry = Registry::new(vec![Arc::new(sky)]);
    refuses_changed_code(&mut lab, &registry, "sky").await;
    for (kind, gets) in [("usds-to-dollar", 3_996), ("dai-to-dollar", 3_003)] {
        let reports = lab.read(&registry, USER).await;
        let found = positions(&reports);
        let action = found[0].actions.iter().find(|one| one.kind == kind).unwrap();
        assert!(action.blocked.is_none() && action.stage.is_none(), "{action:?}");
        let before = lab.view(usdc, &Erc20::balanceOfCall { owner: address(USER) }).await;
        lab.act(USER, action.intents().unwrap()).await;
        let after = lab.view(usdc, &Erc20::balanceOfCall { owner: address(USER) }).await;
        // 4000 / 1.001; then all that is left in the pocket.
        assert_eq!((after - before) / units(1, 6), U256::from(gets), "{kind}");
    }
    let reports = lab.read(&registry, USER).await;
    let left = positions(&reports)[0];
    let empty = left.actions.iter().find(|one| one.kind == "dai-to-dollar").unwrap();
    assert!(empty.blocked.as_ref().unwrap().contains("nothing to pay out"), "{empty:?}");
    let back = left.actions.iter().find(|one| one.kind == "dai-to-usds").unwrap();
    let dai_left = lab.view(dai, &Erc20::balanceOfCall { owner: address(USER) }).await;
    lab.act(USER, back.intents().unwrap()).await;
    let held = lab.view(usds, &Erc20::balanceOfCall { owner: address(USER) }).await;
    assert!(held >= dai_left && dai_left > units(10_000, 18));
    // A module that is halted says so.
    lab.send(GOVERNOR, dai_psm, &PsmIn::fileCall { what: name("tout"), data: U256::MAX });
    lab.mine();
    let state = lab.state().await;
    let reports = registry.read_on(address(USER), &JointState::alone(state)).await.unwrap();
    let halted = positions(&reports)[0].actions.iter().find(|one| one.kind == "usds-to-dollar").unwrap();
    assert_eq!(halted.blocked.as_deref(), Some("Sky's exchange to USDC is halted."));
}
