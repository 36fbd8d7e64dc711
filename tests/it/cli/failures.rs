//! Endpoints that fail without lying, and starts that cannot be made: a sentence, exit code 3, the disk as it was.

use lifeboat::devnet::beacon::BeaconLie;
use lifeboat::devnet::execution::{ExecutionLie, PRACTICE_ACCOUNTS};
use lifeboat::devnet::http::Fault;
use serde_json::{Value, json};

use super::lab::{Lab, Run, lifeboat};

/// No number, exit code 3, three parts of advice; the same in JSON.
fn check(lab: &Lab, args: &[&str], words: &[&str]) -> Run {
    let before = lab.files();
    let run = lab.resume(args);
    assert_eq!((run.code, run.out.as_str()), (3, ""), "{run:?}");
    for words in words.iter().chain(&["\n  It means: ", "\n  To do:    "]) {
        assert!(run.err.contains(words), "{words:?}: {}", run.err);
    }
    let json = lab.resume(&[&["--json"], args].concat());
    // The system's own words for a broken connection may differ from one run to the next; ours may not.
    let ours = |text: &str| {
        text.lines().filter(|line| !line.starts_with("    ")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!((json.code, ours(&json.err)), (3, ours(&run.err)));
    let error = &json.json()["error"];
    assert_eq!(error["proven_no"], false);
    assert!(error["what"].as_str().is_some_and(|what| run.err.starts_with(what)), "{error}");
    assert_eq!(json.json().as_object().unwrap().len(), 1, "nothing but the error");
    assert_eq!(lab.files(), before, "nothing on disk is harmed");
    run
}

#[test]
fn every_way_an_endpoint_can_fail() {
    let lab = Lab::start(1);
    lab.run(&["status"]).done();
    let who = PRACTICE_ACCOUNTS[0].address.to_string();
    lab.set_beacons(Fault::Dead);
    lab.set_executions(Fault::Dead);
    let words = ["No endpoint gave an answer.\n", "cannot connect", "Check your connection"];
    check(&lab, &["balance", &who], &words);
    let both: [(Fault<BeaconLie>, Fault<ExecutionLie>, &[&str]); 5] = [
        (
            Fault::Portal,
            Fault::Portal,
            &["What answered does not speak the protocol.\n", "beacon ones go to --beacon"],
        ),
        (Fault::Endless, Fault::Endless, &["What answered does not speak the protocol.\n", "larger than"]),
        (Fault::ServerError { status: 503 }, Fault::ServerError { status: 503 }, &["HTTP status 503"]),
        (
            Fault::RateLimited { retry_after_secs: 30 },
            Fault::RateLimited { retry_after_secs: 30 },
            &["Every endpoint asks us to wait.\n", "asked to wait 30000 ms"],
        ),
        (
            Fault::WrongChain,
            Fault::WrongChain,
            &["No endpoint of this network answered.\n", "serves another network"],
        ),
    ];
    for (beacon, execution, words) in both {
        // The beacon side alone, the execution side alone: each failure is told as what it is.
        lab.set_beacons(beacon);
        lab.set_executions(Fault::Healthy);
        check(&lab, &["balance", &who], words);
        lab.set_beacons(Fault::Healthy);
        lab.set_executions(execution);
        check(&lab, &["balance", &who], words);
    }
    lab.set_executions(Fault::NoProofs);
    check(&lab, &["balance", &who], &["No endpoint offers what is needed.\n"]);
}

#[test]
fn silence_ends_in_time() {
    let lab = Lab::start(1);
    lab.run(&["status"]).done();
    lab.set_beacons(Fault::Silent);
    let run = lab.resume(&["--timeout", "1", "status"]);
    assert_eq!((run.code, run.out.as_str()), (3, ""), "{run:?}");
    assert!(run.err.starts_with("No proven answer within 1 s"), "{}", run.err);
    lab.set_beacons(Fault::Drip);
    let run = lab.resume(&["status"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.err.contains("no answer within 2000 ms"), "{}", run.err);
}

#[test]
fn status_says_what_it_knows_when_half_of_it_fails() {
    let lab = Lab::start(1);
    lab.run(&["status"]).done();
    lab.network.execution_endpoints()[0].faults().set(Fault::Dead);
    let run = lab.resume(&["status"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.out.contains("the head is verified, but nothing can be read at it"), "{}", run.out);
    assert!(run.out.contains("failing: cannot connect"), "{}", run.out);
    assert!(run.err.contains("cannot connect"), "{}", run.err);
    let json = lab.resume(&["--json", "status"]).json();
    assert_eq!((&json["state"], &json["head"]["block_number"]), (&json!("following"), &Value::Null));
    assert!(json["head"]["slot"].as_u64().is_some() && json["error"]["what"].is_string(), "{json}");
    lab.network.beacon_endpoints()[0].faults().set(Fault::Dead);
    let run = lab.resume(&["status"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.out.contains("State        NOT VERIFIED\n"), "{}", run.out);
}

#[test]
fn one_healthy_pair_is_enough() {
    let lab = Lab::start(3);
    for index in [0, 1] {
        lab.network.beacon_endpoints()[index].faults().set(if index == 0 {
            Fault::Dead
        } else {
            Fault::Portal
        });
        lab.network.execution_endpoints()[index].faults().set(if index == 0 {
            Fault::Portal
        } else {
            Fault::Dead
        });
    }
    let who = PRACTICE_ACCOUNTS[0].address.to_string();
    lab.run(&["balance", &who]).done();
    let run = lab.run(&["endpoints"]).done();
    assert!(run.out.contains("1 beacon and 1 execution endpoints work."), "{}", run.out);
    assert_eq!(run.out.matches("DOES NOT SERVE US").count(), 4, "{}", run.out);
}

#[test]
fn endpoints_of_which_none_works() {
    let lab = Lab::start(1);
    lab.set_executions(Fault::Dead);
    let run = lab.resume(&["endpoints"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.out.contains("1 beacon and 0 execution endpoints work."), "{}", run.out);
    lab.set_beacons(Fault::Dead);
    let run = lab.resume(&["checkpoint", "compare"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.out.contains("no answer: cannot connect"), "{}", run.out);
}

#[test]
fn a_start_that_cannot_be_made() {
    let lab = Lab::start(1);
    let who = PRACTICE_ACCOUNTS[0].address.to_string();
    check(&lab, &["balance", &who], &["No checkpoint is known for custom.\n", "--checkpoint"]);
    lab.run(&["status"]).done();
    let wrong = format!("0x{}", "11".repeat(32));
    let words = format!("No endpoint has the checkpoint {wrong}.\n");
    check(&lab, &["--checkpoint", &wrong, "balance", &who], &[&words, "the endpoint does not have it"]);
    lab.resume(&["status"]).done();
    // A proxy that is not there.
    lab.write("settings.toml", &format!("proxy = \"socks5h://127.0.0.1:1\"\n{}", lab.settings()));
    check(&lab, &["balance", &who], &["No endpoint gave an answer.\n"]);
}

#[test]
fn another_genesis_is_another_network() {
    let lab = Lab::start(1);
    let genesis = lab.network.spec().genesis_validators_root.to_string();
    lab.write("settings.toml", &lab.settings().replace(&genesis, &format!("0x{}", "33".repeat(32))));
    let checkpoint = lab.checkpoint();
    let who = PRACTICE_ACCOUNTS[0].address.to_string();
    let run = check(
        &lab,
        &["--checkpoint", &checkpoint, "balance", &who],
        &["No endpoint of this network answered.\n"],
    );
    assert!(run.err.contains(&genesis), "it says what the endpoint claims: {}", run.err);
}

#[test]
fn a_checkpoint_too_old_names_the_three_ways_out() {
    // The same chain, read by a clock that is past the bound: 3 533 epochs of 32 slots of 12 s after the checkpoint.
    let lab = Lab::start(1);
    let spec = lab.network.spec();
    let early = spec.genesis_time_secs - 3_600 * 32 * 12;
    let settings = lab.settings().replace(&spec.genesis_time_secs.to_string(), &early.to_string());
    lab.write("settings.toml", &settings);
    let checkpoint = lab.checkpoint();
    let words = [
        " is 16.0 days old, more than the 15.6 days",
        "checkpoint compare",
        "--checkpoint ROOT",
        "--accept-old-checkpoint",
    ];
    check(&lab, &["--checkpoint", &checkpoint, "block"], &words);
    let status = lab.resume(&["--checkpoint", &checkpoint, "status"]);
    assert_eq!(status.code, 3);
    assert!(status.out.contains("NOT VERIFIED: it needs a checkpoint that you trust"), "{}", status.out);
}

/// A client that is not there is no fault of this computer.
#[test]
fn a_practice_chain_above_a_client_that_is_not_there_says_so() {
    let run = lifeboat(&["practice", "--execution", "http://127.0.0.1:1"]);
    assert_eq!((run.code, run.out.as_str()), (3, ""), "{run:?}");
    assert!(run.err.starts_with("The execution client at http://127.0.0.1:1/ did not answer"), "{}", run.err);
    assert!(run.err.contains("Start the client, or correct its address"), "{}", run.err);
    assert!(!run.err.contains("loopback port"), "{}", run.err);
}
