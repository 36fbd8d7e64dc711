//! Work in the background: each piece names its subject, and a late result of a superseded one is dropped.

use std::collections::HashMap;
use std::future::Future;

use tokio::task::{AbortHandle, Id, JoinSet};

use super::{Answer, Comparison, Question, Reason};
use crate::sources::{EndpointConfig, Probe};

/// What a finished job brings.
pub(super) enum Done {
    Answer(Question, Box<Result<Answer, Reason>>),
    Probes(Vec<Probe>),
    Comparison(Comparison),
    /// An endpoint that was tried out, and whether it is added in any case.
    Tried(EndpointConfig, bool, Probe),
    /// A job without a subject died.
    Failed(String),
    /// The result of a superseded question: nobody wants it.
    Late,
}

enum Output {
    Answer(Box<Result<Answer, Reason>>),
    Probes(Vec<Probe>),
    Comparison(Comparison),
    Tried(EndpointConfig, bool, Probe),
    /// Only the pool learnt something.
    Checked,
}

/// The running jobs. Dropping them cancels them.
#[derive(Default)]
pub(super) struct Jobs {
    running: JoinSet<Output>,
    newest: HashMap<Question, AbortHandle>,
    subjects: HashMap<Id, Question>,
}

impl Jobs {
    /// Reads the answer to `question`; an earlier read of the same question is cancelled.
    pub(super) fn answer(
        &mut self,
        question: Question,
        read: impl Future<Output = Result<Answer, Reason>> + Send + 'static,
    ) {
        let handle = self.running.spawn(async move { Output::Answer(Box::new(read.await)) });
        self.subjects.insert(handle.id(), question.clone());
        if let Some(superseded) = self.newest.insert(question, handle) {
            superseded.abort();
        }
    }

    pub(super) fn probe(&mut self, probe: impl Future<Output = Vec<Probe>> + Send + 'static) {
        self.running.spawn(async move { Output::Probes(probe.await) });
    }

    pub(super) fn compare(&mut self, compare: impl Future<Output = Comparison> + Send + 'static) {
        self.running.spawn(async move { Output::Comparison(compare.await) });
    }

    /// Asks something of endpoints so that the pool learns how they stand.
    pub(super) fn check(&mut self, check: impl Future<Output = ()> + Send + 'static) {
        self.running.spawn(async move {
            check.await;
            Output::Checked
        });
    }

    pub(super) fn try_out(
        &mut self,
        trial: impl Future<Output = (EndpointConfig, bool, Probe)> + Send + 'static,
    ) {
        self.running.spawn(async move {
            let (config, anyway, probe) = trial.await;
            Output::Tried(config, anyway, probe)
        });
    }

    /// The next job that ends; `None` while none runs. Safe to cancel.
    pub(super) async fn next(&mut self) -> Option<Done> {
        let (id, output) = match self.running.join_next_with_id().await? {
            Ok((id, output)) => (id, Ok(output)),
            Err(error) => (error.id(), Err(error)),
        };
        let Some(question) = self.subjects.remove(&id) else {
            return Some(match output {
                Ok(Output::Probes(probes)) => Done::Probes(probes),
                Ok(Output::Comparison(comparison)) => Done::Comparison(comparison),
                Ok(Output::Tried(config, anyway, probe)) => Done::Tried(config, anyway, probe),
                Ok(Output::Answer(_) | Output::Checked) => Done::Late,
                Err(error) => Done::Failed(format!("A task failed: {error}")),
            });
        };
        if self.newest.get(&question).is_none_or(|newest| newest.id() != id) {
            return Some(Done::Late);
        }
        self.newest.remove(&question);
        let outcome = match output {
            Ok(Output::Answer(outcome)) => *outcome,
            Ok(_) => return Some(Done::Late),
            Err(error) => Err(died(&error.to_string())),
        };
        Some(Done::Answer(question, Box::new(outcome)))
    }
}

/// A task that panicked: its question still gets an end.
pub(super) fn died(error: &str) -> Reason {
    Reason::new(
        &format!("A task of this program failed ({error})"),
        "this is a fault of the program; nothing unproven was shown",
        "report it with the command you ran",
    )
}

#[cfg(test)]
mod tests {
    use alloy::primitives::B256;
    use tokio::sync::oneshot;

    use super::*;
    use crate::chain::ReadError;

    fn question() -> Question {
        Question::Transaction(B256::ZERO)
    }

    fn refusal(number: u64) -> Result<Answer, Reason> {
        Err(ReadError::BeyondHead { number, head: 0 }.into())
    }

    #[tokio::test]
    async fn the_newest_ask_wins_and_the_late_answer_is_dropped() {
        let mut jobs = Jobs::default();
        jobs.answer(question(), async { refusal(1) });
        tokio::task::yield_now().await; // the first is already done when it is superseded
        let (release, released) = oneshot::channel::<()>();
        jobs.answer(question(), async move {
            drop(released.await);
            refusal(2)
        });
        assert!(matches!(jobs.next().await, Some(Done::Late)));
        drop(release);
        let Some(Done::Answer(_, outcome)) = jobs.next().await else { panic!("no answer") };
        assert!(outcome.unwrap_err().what.starts_with("Block 2 "));
        assert!(jobs.next().await.is_none());
    }

    #[tokio::test]
    async fn a_task_that_dies_ends_its_question() {
        let mut jobs = Jobs::default();
        jobs.answer(question(), async { panic!("a test's own panic") });
        let Some(Done::Answer(_, outcome)) = jobs.next().await else { panic!("no answer") };
        assert!(outcome.unwrap_err().means.contains("fault of the program"));
        jobs.probe(async { panic!("another") });
        assert!(matches!(jobs.next().await, Some(Done::Failed(_))));
    }
}
