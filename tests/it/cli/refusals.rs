//! Endpoints that lie, heads that are old, and a disk that was tampered with.

use lifeboat::devnet::beacon::BeaconLie;
use lifeboat::devnet::execution::{ExecutionLie, PRACTICE_ACCOUNTS};
use lifeboat::devnet::http::Fault;

use super::lab::{Lab, content_hash};

#[test]
fn a_liar_is_named_and_another_endpoint_answers() {
    let lab = Lab::start(3);
    let who = PRACTICE_ACCOUNTS[6].address.to_string();
    let honest = lab.run(&["balance", &who]).done();
    lab.network.beacon_endpoints()[0].faults().set(Fault::Lying { lie: BeaconLie::SignatureBit });
    lab.network.execution_endpoints()[0].faults().set(Fault::Lying { lie: ExecutionLie::OtherAccountsProof });
    let run = lab.run(&["balance", &who]);
    assert_eq!((run.code, lab.masked(&run.out)), (0, lab.masked(&honest.out)), "{run:?}");
    let told = lab.masked(&run.err);
    for liar in ["BEACON1", "EXECUTION1"] {
        assert!(
            told.contains(&format!("{liar} gave an answer that broke a rule and is not asked again: ")),
            "{told}"
        );
    }
    assert_eq!(told.lines().count(), 2, "{told}");
    assert_eq!(lab.evidence(), 2, "the lies are kept");
}

#[test]
fn with_liars_only_there_is_no_number() {
    let lab = Lab::start(3);
    lab.run(&["status"]).done();
    let before = lab.files();
    let who = PRACTICE_ACCOUNTS[6].address.to_string();
    for lie in [
        ExecutionLie::BalancePlusOne,
        ExecutionLie::AbsentAccount,
        ExecutionLie::EmptyProof,
        ExecutionLie::OlderRootProof,
        ExecutionLie::ChangedHeaderField,
    ] {
        lab.set_executions(Fault::Lying { lie });
        let run = lab.resume(&["balance", &who]);
        assert_eq!((run.code, run.out.as_str()), (3, ""), "{lie:?}: {run:?}");
        assert!(run.err.contains("Every answer was refused.\n"), "{lie:?}: {}", run.err);
        for liar in ["EXECUTION1", "EXECUTION2", "EXECUTION3"] {
            assert!(
                lab.masked(&run.err).contains(&format!("    {liar} broke a rule: ")),
                "{lie:?}: {}",
                run.err
            );
        }
    }
    assert_eq!(lab.files(), before);
    lab.set_executions(Fault::Healthy);
    lab.set_beacons(Fault::Lying { lie: BeaconLie::CommitteeKey });
    // A stored committee needs no bootstrap, so the lie is met only by a run that starts from the checkpoint.
    let run = lab.run(&["balance", &who]);
    assert_eq!((run.code, run.out.as_str()), (3, ""), "{run:?}");
    assert!(run.err.contains("Every answer was refused.\n") && run.err.contains("--beacon"), "{}", run.err);
    assert_eq!(lab.files(), before);
}

#[test]
fn a_head_older_than_one_already_seen_is_not_shown() {
    let lab = Lab::start(1);
    let seen = lab.run(&["--json", "status"]).done().json()["head"]["slot"].as_u64().unwrap();
    let before = lab.files();
    lab.set_beacons(Fault::Frozen { at: seen - 8 });
    // Even from the checkpoint, whose store knows nothing of the newer head.
    let run = lab.run(&["block"]);
    assert_eq!((run.code, run.out.as_str()), (3, ""), "{run:?}");
    assert!(
        run.err.contains(&format!("older than slot {seen}, which was verified here before")),
        "{}",
        run.err
    );
    assert_eq!(lab.files(), before);
}

#[test]
fn a_damaged_store_is_set_aside_and_the_run_goes_on() {
    let lab = Lab::start(1);
    lab.run(&["status"]).done();
    let path = lab.path().join("custom/checkpoint.json");
    let good = std::fs::read(&path).unwrap();
    let mut bent = good.clone();
    let middle = bent.len() / 2;
    bent[middle] = if bent[middle] == b'0' { b'1' } else { b'0' };
    let newer =
        String::from_utf8(good.clone()).unwrap().replace("\"version\":1", "\"version\":9").into_bytes();
    for (content, is_kept) in [(b"{".to_vec(), true), (newer, true), (bent, false)] {
        std::fs::write(&path, &content).unwrap();
        let run = lab.run(&["status"]);
        assert_eq!(run.code, 0, "{run:?}");
        assert!(run.out.contains("verified, following the head"), "{}", run.out);
        if is_kept {
            assert!(run.err.contains("was set aside"), "{}", run.err);
            assert!(
                lab.files().values().any(|hash| *hash == content_hash(&content)),
                "the file itself is kept"
            );
        }
    }
    lab.resume(&["status"]).done();
}
