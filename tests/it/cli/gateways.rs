//! Names and calls that web servers answer, as a user types them: asked on request, UNVERIFIED, and good for nothing else.

use lifeboat::devnet::execution::PRACTICE_ACCOUNTS;

use super::lab::{Lab, Run};
use crate::support::deploy::{Deployer, Ens};
use crate::support::gateway::{GatewayServer, kept};

fn lab() -> (Lab, GatewayServer, String) {
    let server = GatewayServer::start();
    let mut placed = None;
    let lab = Lab::start_with(1, |network| {
        let mut deployer = Deployer::new(network);
        let ens = Ens::deploy(&mut deployer);
        placed = Some((ens.registry, server.deploy(&mut deployer, ens)));
    });
    let (registry, resolver) = placed.unwrap();
    let own = format!("[custom]\nens_registry = \"{registry}\"\n");
    lab.write("settings.toml", &lab.settings().replace("[custom]\n", &own));
    (lab, server, resolver.to_checksum(None))
}

/// Exit code 3: nothing here is proven.
fn unverified(run: &Run) -> &str {
    assert_eq!((run.code, run.err.as_str()), (3, ""), "{run:?}");
    &run.out
}

#[test]
fn a_name_is_followed_on_request_and_stands_for_no_address() {
    let (lab, server, _) = lab();
    let follow = format!("--follow-offchain={}", server.host);
    let (address, host) = (kept().to_checksum(None), server.host.as_str());
    let alone = lab.run(&["resolve", "honest.eth"]);
    assert!(unverified(&alone).contains("which was not asked") && alone.out.contains(host), "{}", alone.out);
    assert!(!alone.out.contains(&address));
    // Leave for any public host is none for this computer's own.
    let open = lab.run(&["resolve", "honest.eth", "--follow-offchain"]);
    assert!(unverified(&open).contains(&format!("(--follow-offchain={host} does)")), "{}", open.out);
    assert_eq!(server.asked(), 0);
    let told = lab.run(&["resolve", "Honest.eth", &follow]);
    assert!(unverified(&told).contains(&format!("UNVERIFIED: {host} says {address}")), "{}", told.out);
    assert!(
        told.out.contains("compare") && told.out.contains("What is proven is the resolver"),
        "{}",
        told.out
    );
    let json = lab.run(&["resolve", "honest.eth", &follow, "--json"]).json();
    let part = &json["address"];
    assert_eq!((&part["value"], &part["proof"]), (&address.clone().into(), &"unverified".into()));
    assert_eq!(part["said_by"], serde_json::json!([host]));
    let lying = lab.run(&["resolve", "lying.eth", &follow]);
    assert!(unverified(&lying).contains("the resolver did not take what"), "{}", lying.out);
    assert!(!lying.out.contains(&address));
    let json = lab.run(&["resolve", "unknown.eth", &follow, "--json"]).json();
    assert!(json["address"]["not_followed"].as_str().unwrap().contains("refused the question"), "{json}");
    server.asked();
    // Where an address is wanted the web is never asked, and nobody can be paid by such a name.
    for words in
        [&["balance", "honest.eth"][..], &["send", "honest.eth", "1", "--from", "practice-0", "--dry-run"]]
    {
        let run = lab.run(words);
        assert!(run.code != 0 && run.out.is_empty(), "{run:?}");
        assert!(!run.err.contains(&address), "{run:?}");
    }
    assert_eq!(server.asked(), 0);
    // An address that keeps its own name there.
    let owner = PRACTICE_ACCOUNTS[5].address.to_checksum(None);
    let alone = lab.run(&["resolve", &owner]);
    assert!(unverified(&alone).contains("--follow-offchain asks"), "{}", alone.out);
    let told = lab.run(&["resolve", &owner, &follow]);
    let said = format!("UNVERIFIED: {host} says alice.eth, whose address is {address}");
    assert!(unverified(&told).contains(&said), "{}", told.out);
    let json = lab.run(&["resolve", &owner, &follow, "--json"]).json();
    assert_eq!((&json["name"]["value"], &json["name"]["proof"]), (&"alice.eth".into(), &"unverified".into()));
}

#[test]
fn a_call_is_followed_beside_its_proven_revert() {
    let (lab, server, resolver) = lab();
    let call = ["call", resolver.as_str(), "owner(bytes)(address)", "0x0161"];
    let alone = lab.run(&call);
    assert!(unverified(&alone).contains("not on the chain, but with"), "{}", alone.out);
    let follow = format!("--follow-offchain={}", server.host);
    let told = lab.run(&[&call[..], &[follow.as_str()]].concat());
    assert!(
        unverified(&told).contains(&format!("what follows is what {} says", server.host)),
        "{}",
        told.out
    );
    let line = told.out.lines().find(|line| line.trim_start().starts_with("Told")).unwrap();
    assert!(line.contains(&kept().to_checksum(None)), "{line}");
    let json = lab.run(&[&call[..], &[follow.as_str(), "--json"]].concat()).json();
    assert_eq!(json["result"]["value"]["status"], "reverted");
    let part = &json["offchain"];
    assert_eq!((&part["proof"], &part["value"]["status"]), (&"unverified".into(), &"success".into()));
}
