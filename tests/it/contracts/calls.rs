//! Any function of any contract: what it answers, how it fails, and questions that cannot be asked.

use std::sync::Arc;

use alloy::primitives::{Address, U256};
use alloy::sol_types::SolValue as _;
use lifeboat::app::{
    AbiSource, AbiValue, BlockQuery, CallAnswer, CallQuestion, CallResult, ContractAnswer, ContractQuestion,
    Provenance, ProxyKind, Reason, Revert, Tag,
};
use lifeboat::devnet::execution::{PRACTICE_ACCOUNTS, PRACTICE_DOLLAR};

use super::Stage;
use crate::support::deploy::Deployer;

struct Placed {
    refusing: Address,
    vault: Address,
    proxy: Address,
    beacon_proxy: Address,
}

async fn stage() -> Stage<Placed> {
    let place = |deployer: &mut Deployer<'_>| {
        let vault = deployer.create("Vault", &PRACTICE_DOLLAR.abi_encode());
        let beacon = deployer.create("UpgradeableBeacon", &(vault, Deployer::owner()).abi_encode_params());
        Placed {
            refusing: deployer.create("Refusing", &[]),
            vault,
            proxy: deployer.create("ERC1967Proxy", &(PRACTICE_DOLLAR, Vec::<u8>::new()).abi_encode_params()),
            beacon_proxy: deployer.create("BeaconProxy", &(beacon, Vec::<u8>::new()).abi_encode_params()),
        }
    };
    Stage::start(place, |_| None).await
}

impl Stage<Placed> {
    async fn call(&mut self, question: CallQuestion) -> Result<CallAnswer, Reason> {
        match &*self.ask(ContractQuestion::Call(question)).await? {
            ContractAnswer::Call(answer) => Ok(answer.clone()),
            other => panic!("{other:?}"),
        }
    }

    async fn read(&mut self, to: Address, function: &str, args: &[&str]) -> Result<CallAnswer, Reason> {
        let args: Vec<String> = args.iter().map(|one| (*one).to_owned()).collect();
        self.call(CallQuestion::read(to, function, &args)).await
    }
}

fn number(answer: &CallAnswer) -> U256 {
    match &answer.result {
        CallResult::Values(values) => values[0].value.as_uint().unwrap(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_function_is_known_by_signature_interface_or_guess() {
    let mut stage = stage().await;
    let owner = PRACTICE_ACCOUNTS[2].address.to_checksum(None);
    let by_signature =
        stage.read(PRACTICE_DOLLAR, "balanceOf(address)(uint256 held)", &[&owner]).await.unwrap();
    let expected = U256::from(2_000) * U256::from(10).pow(U256::from(18));
    assert_eq!((number(&by_signature), by_signature.abi.clone()), (expected, AbiSource::Signature));
    let CallResult::Values(values) = &by_signature.result else { panic!("{by_signature:?}") };
    assert_eq!(values[0].name, "held");
    // The same by name, through the bundled interface; and without its outputs.
    for function in ["balanceOf", "balanceOf(address)"] {
        let by_name = stage.read(PRACTICE_DOLLAR, function, &[&owner]).await.unwrap();
        assert_eq!(number(&by_name), expected);
        assert!(matches!(by_name.abi, AbiSource::Interface(Provenance::Bundled { .. })), "{by_name:?}");
        assert_eq!(by_name.outcome.at(), by_signature.outcome.at());
    }
    // An unknown vault: its functions are guessed among the usual ones, and only where its code answers to them.
    let vault = stage.placed.vault;
    let guessed = stage.read(vault, "convertToAssets", &["5"]).await.unwrap();
    assert_eq!((number(&guessed), guessed.abi), (U256::from(5), AbiSource::Interface(Provenance::Guess)));
    // A proxy of a known token: by the interface of the contract whose code it runs.
    let proxy = stage.placed.proxy;
    let through = stage.read(proxy, "decimals", &[]).await.unwrap();
    assert!(matches!(through.abi, AbiSource::Implementation(PRACTICE_DOLLAR, _)), "{through:?}");
    assert_eq!(number(&through), U256::from(18));
    // The user's own interface goes before all others.
    let abi =
        r#"["function balanceOf(address whose) view returns (uint256 much)", "error Paused(uint256 until)"]"#;
    let asked = CallQuestion {
        abi: Some(Arc::from(abi)),
        ..CallQuestion::read(PRACTICE_DOLLAR, "balanceOf", std::slice::from_ref(&owner))
    };
    let own = stage.call(asked).await.unwrap();
    assert_eq!((number(&own), own.abi), (expected, AbiSource::Interface(Provenance::User)));
    assert_eq!(own.arguments[0].name, "whose");
    // At an older block, by number.
    let head = own.outcome.at().number;
    let old = CallQuestion {
        at: BlockQuery::Number(head - 3),
        ..CallQuestion::read(PRACTICE_DOLLAR, "totalSupply", &[])
    };
    assert_eq!(stage.call(old).await.unwrap().outcome.at().number, head - 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_are_told_in_words_and_are_proven() {
    let mut stage = stage().await;
    let refusing = stage.placed.refusing;
    let said = stage.read(refusing, "balanceOf(address)(uint256)", &[&refusing.to_string()]).await.unwrap();
    assert_eq!(said.result, CallResult::Reverted(Revert::Message("paused by the owner".to_owned())));
    let panicked = stage.read(refusing, "panic(uint256)(uint256)", &["0"]).await.unwrap();
    assert!(
        matches!(&panicked.result, CallResult::Reverted(revert) if revert.to_string().contains("division")),
        "{panicked:?}"
    );
    let abi = r#"["function fail(uint256)", "error Paused(uint256 until)"]"#;
    let asked =
        CallQuestion { abi: Some(Arc::from(abi)), ..CallQuestion::read(refusing, "fail", &["9".to_owned()]) };
    let custom = stage.call(asked).await.unwrap();
    let CallResult::Reverted(Revert::Custom { name, args, provenance, .. }) = &custom.result else {
        panic!("{custom:?}")
    };
    assert_eq!(
        (name.as_str(), &args[0].value, provenance),
        ("Paused", &AbiValue::Uint(U256::from(9)), &Provenance::User)
    );
    // Wrong types for what comes back, and a contract that has no such function.
    let unread = stage.read(PRACTICE_DOLLAR, "decimals()(address,address)", &[]).await.unwrap();
    assert!(matches!(unread.result, CallResult::Unread(_)), "{unread:?}");
    let missing = stage.read(PRACTICE_DOLLAR, "noSuchThing()(uint256)", &[]).await.unwrap();
    assert_eq!(missing.result, CallResult::Reverted(Revert::Empty));
    // Somebody's account: proven to be no contract.
    let nobody = stage.read(PRACTICE_ACCOUNTS[3].address, "decimals()(uint8)", &[]).await.unwrap_err();
    assert!(nobody.proven_no && nobody.what.starts_with("There is no contract at"), "{nobody}");
    // A precompile has no code and answers all the same.
    let identity = Address::with_last_byte(4);
    let echoed = stage.read(identity, "f(uint256)(bytes4 selector)", &["7"]).await.unwrap();
    assert!(!matches!(echoed.result, CallResult::Reverted(_)), "{echoed:?}");
    // More ether than the caller has.
    let rich = CallQuestion { value: U256::MAX, ..CallQuestion::read(PRACTICE_DOLLAR, "totalSupply", &[]) };
    let poor = stage.call(rich).await.unwrap().result;
    assert!(matches!(&poor, CallResult::Halted(why) if why.contains("does not have the ether")), "{poor:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_asked_is_said_in_one_sentence() {
    let mut stage = stage().await;
    for (function, args, words) in [
        ("balanceOf", &[][..], "takes 1 argument(s), 0 given"),
        ("balanceOf(address)(uint256)", &["0x12"], "is not an address"),
        ("nothingLikeThis", &[], "has no function `nothingLikeThis`"),
        ("balanceOf(adress)", &["1"], "not a type"),
        ("balance Of(", &[], "not a function signature"),
    ] {
        let why = stage.read(PRACTICE_DOLLAR, function, args).await.unwrap_err();
        assert!(why.misuse && why.what.contains(words), "{function}: {why}");
        assert_eq!(why.what.matches(". ").count(), 0, "{why}");
    }
    let unknown = stage.placed.refusing;
    let why = stage.read(unknown, "somethingElse", &[]).await.unwrap_err();
    assert!(why.misuse && why.what.contains("No interface of"), "{why}");
    for (abi, words) in [("{", "not JSON"), ("{\"a\": 1}", "no ABI in this JSON"), ("[]", "empty")] {
        let asked = CallQuestion { abi: Some(Arc::from(abi)), ..CallQuestion::read(unknown, "f", &[]) };
        let why = stage.call(asked).await.unwrap_err();
        assert!(why.misuse && why.what.contains(words), "{why}");
    }
    let beyond = CallQuestion {
        at: BlockQuery::Number(9_999_999),
        ..CallQuestion::read(PRACTICE_DOLLAR, "totalSupply", &[])
    };
    assert!(stage.call(beyond).await.unwrap_err().proven_no);
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_code_runs_is_proven() {
    let mut stage = stage().await;
    let known = |stage: &Stage<Placed>| [stage.placed.proxy, stage.placed.beacon_proxy, stage.placed.vault];
    let [proxy, beacon_proxy, vault] = known(&stage);
    let mut about = async |address| match &*stage
        .ask(ContractQuestion::Interface(address, Tag::Latest, None))
        .await
        .unwrap()
    {
        ContractAnswer::Interface(answer) => answer.clone(),
        other => panic!("{other:?}"),
    };
    let found = about(proxy).await;
    assert!(
        matches!(found.proxy, ProxyKind::Eip1967 { implementation: PRACTICE_DOLLAR, .. }),
        "{:?}",
        found.proxy
    );
    assert_eq!(found.implementation_label.as_deref(), Some("PUSD"));
    assert!(matches!(found.abi, Some(AbiSource::Implementation(PRACTICE_DOLLAR, _))));
    let transfer = found.writes.iter().find(|one| one.signature == "transfer(address,uint256)").unwrap();
    assert!(transfer.in_code && transfer.provenance != Provenance::Guess);
    assert!(found.reads.iter().any(|one| one.signature == "nonces(address)" && !one.in_code));
    let behind = about(beacon_proxy).await;
    assert!(matches!(behind.proxy, ProxyKind::Beacon { .. }), "{:?}", behind.proxy);
    assert_eq!(behind.implementation, Some(vault));
    let plain = about(vault).await;
    assert_eq!((plain.proxy, plain.abi.is_none()), (ProxyKind::NotAProxy, true));
    assert!(plain.reads.iter().any(|one| one.signature == "convertToAssets(uint256)"));
    assert!(plain.reads.iter().all(|one| one.provenance == Provenance::Guess && one.in_code));
    let nobody = about(Address::repeat_byte(0x77)).await;
    assert_eq!((nobody.code_size, nobody.proxy), (0, ProxyKind::NoCode));
}
