//! What a review says of a loan (R20), over a real Aave market: where it ends, and what Aave would refuse.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use alloy::primitives::U256;
use lifeboat::app::signing::Intent as Wanted;
use lifeboat::app::signing::review::{CheckId, Gesture, Level};
use lifeboat::app::{Handle, NetworkName, Noted, Request, SendRequest, open};
use lifeboat::protocols::{Deployments, Registry};

use super::aave_market::{Market, deploy};
use super::artifacts::Artifacts;
use super::lab::{LENDER, Lab, USER, address, units};
use super::morpho;
use crate::support::practice::endpoints;

alloy::sol! {
    function withdraw(address asset, uint256 amount, address to);
}

async fn handle(lab: &Lab, folder: &std::path::Path) -> Handle {
    let network = &lab.bench.network;
    let clock = Arc::new(crate::serve::lab::HandClock::default());
    let spec = network.spec();
    clock.0.store(spec.slot_start_ms(network.head_slot()) + spec.slot_duration_ms / 2, Ordering::Relaxed);
    let request = Request {
        practice: Some((spec.clone(), endpoints(network))),
        data_dir: Some(folder.to_owned()),
        ..Request::of(NetworkName::Practice)
    };
    let (handle, _core) = open(request, clock).unwrap().start(Arc::new(|| {})).unwrap();
    handle.reads().follow().wait_for(Option::is_some).await.unwrap();
    handle
}

fn own(market: &Market) -> Deployments {
    let at = &market.deployment;
    let text = format!(
        r#"{{"aave-v3": [{{"name": "Aave v3 Practice", "market": "Practice", "pool": "{}", "weth": "{}"}}]}}"#,
        at.pool, market.weth
    );
    Deployments::parse(&text).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn r20_says_where_a_loan_ends() {
    use alloy::sol_types::SolCall as _;
    let Some(artifacts) = Artifacts::with(&["aave_Pool"]) else { return };
    let mut lab = Lab::start(artifacts).await;
    let market = deploy(&mut lab).await;
    market.supply(&mut lab, LENDER, market.usdc, units(1_000_000, 6));
    market.supply(&mut lab, USER, market.weth, units(10, 18));
    market.borrow(&mut lab, USER, market.usdc, units(14_000, 6));
    let folder = tempfile::tempdir().unwrap();
    let wallet = handle(&lab, folder.path()).await.wallet();
    let deployments = own(&market);
    assert_eq!(Registry::default().with(&deployments).protocols().len(), 1);
    let review = async |whole: u64| {
        let call = withdrawCall { asset: market.weth, amount: units(whole, 18), to: address(USER) };
        let data = call.abi_encode().into();
        let to = Some(market.deployment.pool);
        let noted = Noted { own: Some(deployments.clone()), ..Noted::default() };
        let request = SendRequest::new(address(USER), Wanted::Call { to, value: U256::ZERO, data });
        wallet.prepare(&SendRequest { noted, ..request }).await.unwrap().review
    };
    // 10 WETH at 3412.24 with 82.5 % against 14 000 USDC at 1.0001: 2.01. One less ends at 1.80, four less at 1.20.
    let said = |review: &lifeboat::app::signing::review::Review| {
        let found = review.findings.iter().find(|one| one.check == CheckId(20)).cloned().unwrap();
        (found.level, found.text)
    };
    let safe = review(1).await;
    assert_eq!(said(&safe), (Level::Passed, "Health factor ends at 1.80.".to_owned()));
    let (level, text) = said(&review(3).await);
    assert_eq!((level, text.as_str()), (Level::Caution, "Health factor ends at 1.40."));
    let danger = review(5).await;
    let (level, text) = said(&danger);
    assert_eq!((level, text.as_str()), (Level::Danger, "Health factor ends at 1.00."));
    let refused = review(6).await;
    let (level, text) = said(&refused);
    assert_eq!((level, refused.gesture()), (Level::Block, Gesture::Blocked));
    assert!(
        text.starts_with("Aave Practice will refuse: it would end at 0.80. Most you can take: 5.0")
            && text.ends_with(" WETH."),
        "{text}"
    );
}

/// A market that was kept by its id: the window handed the name to each review, the command line did not, and no loan was
/// seen.
#[tokio::test(flavor = "multi_thread")]
async fn r20_knows_a_loan_in_a_market_that_is_kept_by_name() {
    use alloy::sol_types::SolCall as _;
    let Some(artifacts) = Artifacts::with(&["morpho_Morpho", "oz_ERC4626", "aave_MintableERC20"]) else {
        return;
    };
    let mut lab = Lab::start(artifacts).await;
    let blue = morpho::deploy(&mut lab).await;
    blue.borrowed(&mut lab, (units(10, 18), units(20_000, 6))).await;
    let folder = tempfile::tempdir().unwrap();
    let handle = handle(&lab, folder.path()).await;
    handle.named().keep(&[format!("morpho-blue={}", blue.id).parse().unwrap()]).unwrap();
    let text = format!(r#"{{"morpho-blue": [{{"morpho": "{}", "markets": []}}]}}"#, blue.morpho);
    let (owner, params) = (address(USER), blue.params.clone());
    let call = morpho::Core::withdrawCollateralCall {
        params,
        assets: units(3, 18),
        onBehalf: owner,
        receiver: owner,
    };
    let (to, data) = (Some(blue.morpho), call.abi_encode().into());
    let noted = Noted { own: Some(Deployments::parse(&text).unwrap()), ..Noted::default() };
    let request = SendRequest::new(owner, Wanted::Call { to, value: U256::ZERO, data });
    let review = handle.wallet().prepare(&SendRequest { noted, ..request }).await.unwrap().review;
    // 7 gold at 3 412.24 with 86 % against 20 000.
    let found = review.findings.iter().find(|one| one.check == CheckId(20)).unwrap();
    assert_eq!((found.level, found.text.as_str()), (Level::Danger, "Health factor ends at 1.02."));
}
