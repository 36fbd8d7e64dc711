//! Code that was exchanged: no action that calls a function it does not have is offered, whichever protocol it is of, and
//! why is said. Where only its hash is another one, the position can be left, and every review on the way is a danger.

use std::sync::Arc;

use alloy::primitives::{Address, B256, Bytes, Selector};
use lifeboat::app::signing::review::{CheckId, Finding, Level};
use lifeboat::protocols::exit_plan::plan_exit;
use lifeboat::protocols::weth::Weth;
use lifeboat::protocols::{Action, Found, Intent, Registry, Report, Verdict, WAD, check_code};

use super::aave_market::Ether;
use super::artifacts::Artifacts;
use super::exits::positions;
use super::lab::{Lab, USER, address, units};
use crate::support::exit_journey::Journey;

/// Every family whose positions can be acted on, and the test in which its code is exchanged.
const SHOWN_IN: [(&str, &str); 23] = [
    ("weth", include_str!("changed.rs")),
    ("lido", include_str!("lido.rs")),
    ("aave-v3", include_str!("aave.rs")),
    ("compound-v3", include_str!("comet.rs")),
    ("morpho-blue", include_str!("morpho.rs")),
    ("erc4626", include_str!("morpho.rs")),
    ("uniswap-v2", include_str!("uniswap.rs")),
    ("uniswap-v3", include_str!("uniswap.rs")),
    ("uniswap-v4", include_str!("uniswap_v4.rs")),
    ("sky", include_str!("maker.rs")),
    ("maker-dsr", include_str!("maker_dsr.rs")),
    ("maker-vaults", include_str!("maker.rs")),
    ("rocket-pool", include_str!("staking.rs")),
    ("ethena", include_str!("staking.rs")),
    ("etherfi", include_str!("stand_ins.rs")),
    ("liquity-v1", include_str!("liquity.rs")),
    ("liquity-v2", include_str!("stand_ins.rs")),
    ("curve", include_str!("curve.rs")),
    ("convex", include_str!("curve.rs")),
    ("eigenlayer", include_str!("stand_ins.rs")),
    ("balancer", include_str!("stand_ins.rs")),
    // A diamond, whose functions are elsewhere: pendle.rs begins without the one that is called.
    ("pendle", ""),
    // Balances with a rate: there is nothing to do with them here.
    ("staked-tokens", ""),
];

#[test]
fn no_registered_protocol_is_left_out() {
    let mainnet = Registry::of_chain(1);
    for protocol in mainnet.protocols() {
        let id = protocol.id();
        let (_, text) = SHOWN_IN.iter().find(|(known, _)| *known == id).unwrap_or_else(|| panic!("{id}"));
        let shown =
            text.contains("refuses_changed_code(&mut lab, ") && text.contains(&format!("\"{id}\").await;"));
        assert!(text.is_empty() || shown, "no test exchanges the code of {id}");
    }
}

/// An offered action by what does not change from block to block, and what it calls.
#[derive(Debug)]
struct Offered {
    report: String,
    market: String,
    kind: &'static str,
    asset: Address,
    to: Address,
    selector: Selector,
}

fn offered(reports: &[Report], id: &str) -> Vec<Offered> {
    let mut all = Vec::new();
    for report in reports.iter().filter(|one| one.protocol == id) {
        let Found::Positions(found) = &report.found else { panic!("{report:?}") };
        let each = found.iter().flat_map(|position| position.actions.iter().map(move |one| (position, one)));
        for (position, action) in each {
            for intent in action.intents().unwrap_or_default() {
                let selector = intent.selector().unwrap();
                let (kind, asset) = (action.kind, action.asset.address);
                let (report, market) = (report.name.clone(), position.market.clone());
                all.push(Offered { report, market, kind, asset, to: intent.to, selector });
            }
        }
    }
    all
}

/// The same code without that function: what asks for it is refused, and all else is answered as before.
fn without(code: &Bytes, selector: Selector) -> Bytes {
    // A compiler pushes no leading zeros.
    let bytes: Vec<u8> = selector.iter().copied().skip_while(|byte| *byte == 0).collect();
    let push = [vec![0x5f + u8::try_from(bytes.len()).unwrap()], bytes.clone()].concat();
    let mut code = code.to_vec();
    let found = code.windows(push.len()).enumerate().filter(|(_, one)| *one == push);
    let places: Vec<usize> = found.map(|(at, _)| at + 1).collect();
    assert!(!places.is_empty(), "{selector} is not in the code");
    for at in places {
        code[at..at + bytes.len()].fill(0xfe);
    }
    code.into()
}

fn same<'a>(reports: &'a [Report], wanted: &Offered) -> Vec<&'a Action> {
    let found = reports.iter().filter(|one| one.name == wanted.report).flat_map(|one| match &one.found {
        Found::Positions(found) => found.as_slice(),
        // It says itself that it cannot be read.
        Found::Failed(_) | Found::NotThere => &[],
    });
    let actions = found.filter(|one| one.market == wanted.market).flat_map(|position| &position.actions);
    actions.filter(|one| one.kind == wanted.kind && one.asset.address == wanted.asset).collect()
}

async fn exchange(lab: &mut Lab, contract: Address, code: Bytes) {
    lab.bench.network.execution().write().unwrap().exchange_code(contract, code);
    lab.bench.advance(2);
}

/// Takes each function that an offered action of `id` calls out of the code that runs, and looks what is offered then.
/// Everything is as before at the end.
pub(super) async fn refuses_changed_code(lab: &mut Lab, registry: &Registry, id: &str) {
    let all = offered(&lab.read(registry, USER).await, id);
    assert!(!all.is_empty(), "nothing is offered in {id}");
    for one in all {
        let state = lab.state().await;
        let check = check_code(&state, one.to, None).await.unwrap();
        let runs = check.implementation.map_or(one.to, |(runs, _)| runs);
        let code = state.code(runs).await.unwrap().into_value();
        exchange(lab, runs, without(&code, one.selector)).await;
        let reports = lab.read(registry, USER).await;
        for action in same(&reports, &one) {
            let why =
                action.blocked.as_ref().unwrap_or_else(|| panic!("{one:?} is still offered: {action:?}"));
            assert!(why.contains("it was changed"), "{one:?}: {why}");
            assert!(action.intents().is_err());
        }
        exchange(lab, runs, code).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn code_that_is_not_the_bound_one_can_be_left_and_every_review_on_the_way_is_a_danger() {
    let Some(artifacts) = Artifacts::with(&["WETH9"]) else { return };
    let mut lab = Lab::start(artifacts).await;
    let token = lab.deploy("WETH9", &[]);
    lab.pay(USER, token, &Ether::depositCall {}, units(2, 18));
    lab.mine();
    let hash = check_code(&lab.state().await, token, None).await.unwrap().code_hash;
    let bound = |code_hash| Registry::new(vec![Arc::new(Weth { token, code_hash })]);
    let registry = bound(Some(hash));
    let reports = lab.read(&registry, USER).await;
    let held = positions(&reports)[0];
    assert!(held.code.verdict == Verdict::Matches && held.actions[0].blocked.is_none());
    assert_eq!(held.actions[0].intents().unwrap()[0].changed, None);
    refuses_changed_code(&mut lab, &registry, "weth").await;
    // It has every function, and is another one.
    let other = bound(Some(B256::repeat_byte(7)));
    let reports = lab.read(&other, USER).await;
    let changed = positions(&reports)[0];
    assert_eq!(changed.code.verdict, Verdict::Changed);
    assert!(changed.rows[0].amount == units(2, 18), "what is there is still told");
    let [unwrap] = changed.actions.as_slice() else { panic!("{:?}", changed.actions) };
    assert!(unwrap.blocked.is_none(), "an upgrade must not keep anybody in: {unwrap:?}");
    let [call] = &unwrap.intents().unwrap()[..] else { panic!("{unwrap:?}") };
    assert_eq!(call.changed.as_deref(), Some("Wrapped ether"));
    // Nothing is called safe by such code, and a missing function is a missing function there too.
    assert!(other.take_now(changed, WAD).is_empty());
    refuses_changed_code(&mut lab, &other, "weth").await;
    let plan = plan_exit(&other, &lab.state().await, address(USER), WAD).await.unwrap();
    assert_eq!(plan.changed().map(|(name, _)| name).collect::<Vec<_>>(), ["Wrapped ether"]);
    // The same call, once by the position whose code is another one, once by hand: only the first is a danger.
    let mut journey = Journey::start(&lab, None).await;
    let found = journey.reviewed(USER, &Intent { changed: None, ..call.clone() }).await;
    assert!(danger(&found).is_none(), "{found:#?}");
    let found = journey.reviewed(USER, call).await;
    let danger = danger(&found).unwrap_or_else(|| panic!("{found:#?}"));
    assert!(
        danger.text.contains("not the one shipped for Wrapped ether: an upgrade, or an attack"),
        "{danger:?}"
    );
    let fact = danger.fact.as_ref().unwrap();
    assert!(fact.accepts("CHANGED") && !fact.accepts("") && !fact.accepts("yes"), "{fact:?}");
    // Without the word it is not signed, however long it is held; with it, it is, and the ether is there.
    assert!(!journey.signs(&[]).await);
    journey.carry(&lab, USER, call).await;
    journey.end(&mut lab).await;
    assert!(positions(&lab.read(&other, USER).await).is_empty());
}

/// R09 as a danger.
fn danger(found: &[Finding]) -> Option<&Finding> {
    found.iter().find(|one| one.check == CheckId(9) && one.level == Level::Danger)
}
