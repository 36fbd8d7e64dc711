//! THREATS T38: two processes on one folder never sign one nonce twice.

use std::collections::BTreeSet;

use super::lab::{Lab, Run};

/// Several sendings are started at the same moment. One at a time holds the journal; the others say so and sign nothing.
#[test]
fn of_sendings_at_the_same_moment_no_two_sign_one_nonce() {
    let lab = Lab::start(1);
    lab.run(&["status"]).done();
    let send = || lab.run(&["--json", "send", "practice-1", "0.01", "--from", "practice-0", "--yes"]);
    let mut runs: Vec<Run> = Vec::new();
    for _ in 0..3 {
        let together = std::thread::scope(|scope| {
            let all: Vec<_> = (0..4).map(|_| scope.spawn(send)).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect::<Vec<Run>>()
        });
        runs.extend(together);
    }
    let (sent, refused): (Vec<&Run>, Vec<&Run>) = runs.iter().partition(|run| run.code == 0);
    assert!(sent.len() >= 3, "of each three at least one goes through: {runs:?}");
    assert!(!refused.is_empty(), "nothing ran at the same moment: {runs:?}");
    for run in &refused {
        // The journal is held; or it was let go, and holds that nonce by now: then the review says what it would replace.
        let said = format!("{}{}", run.out, run.err).to_lowercase();
        assert!(said.contains("another lifeboat") || said.contains("replaces your pending"), "{run:?}");
    }
    let activity = lab.run(&["--json", "activity"]).done().json();
    let kept = activity["transactions"].as_array().unwrap();
    let nonces: BTreeSet<u64> = kept.iter().map(|one| one["nonce"].as_u64().unwrap()).collect();
    assert_eq!((nonces.len(), kept.len()), (sent.len(), sent.len()), "{kept:?}");
    let first = *nonces.first().unwrap();
    assert!(nonces.iter().copied().eq(first..first + sent.len() as u64), "a gap: {nonces:?}");
}
