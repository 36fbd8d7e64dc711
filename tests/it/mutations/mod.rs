//! The mutation engine: every bent input is a named error or gives exactly the same value.
//!
//! Deterministic. Inputs are the captured mainnet replays, so a value that changed would be a lie taken for truth.

mod bend;
mod consensus;
mod execution;

use std::sync::atomic::{AtomicUsize, Ordering};

/// Mutants tried, and refused.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    tried: AtomicUsize,
    refused: AtomicUsize,
}

impl Tally {
    /// Counts a verdict. The same value is fine; any other is the end.
    pub(crate) fn judge<T: PartialEq + std::fmt::Debug, E: std::fmt::Display>(
        &self,
        what: &str,
        verdict: Result<T, E>,
        honest: &T,
    ) {
        self.tried.fetch_add(1, Ordering::Relaxed);
        match verdict {
            Ok(value) => assert_eq!(&value, honest, "{what}: a mutant changed the value"),
            Err(error) => {
                assert!(!error.to_string().is_empty());
                self.refused.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

#[test]
fn no_mutant_changes_a_value() {
    let Some(fixtures) = crate::proofs::fixtures() else { return };
    let tally = Tally::default();
    std::thread::scope(|scope| {
        scope.spawn(|| consensus::run(&fixtures, &tally));
        scope.spawn(|| execution::run(&fixtures, &tally));
    });
    let (tried, refused) = (tally.tried.into_inner(), tally.refused.into_inner());
    println!("{tried} mutants: {refused} refused by name, {} without effect, 0 changed", tried - refused);
    assert!(tried >= 300_000 || std::env::var_os("LIFEBOAT_FIXTURES").is_some(), "{tried} mutants");
    assert!(refused * 100 >= tried * 95, "only {refused} of {tried} were refused");
}
