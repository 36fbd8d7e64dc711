//! One block's state for many protocols: what they ask at the same moment runs as one batch.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use futures::stream::{FuturesUnordered, StreamExt as _};
use tokio::sync::oneshot;

use super::ProtocolError;
use crate::chain::{ReadError, StateAt};
use crate::execution::{BlockRef, Call, CallBatch, CallOutcome, Proven};

type Outcomes = Vec<Proven<CallOutcome>>;
type Waiting = (Vec<Call>, oneshot::Sender<Result<Outcomes, ReadError>>);

/// State at one proven block. Calls asked while [`JointState::drive`] runs are joined; otherwise they run by themselves.
#[derive(Debug, Clone)]
pub struct JointState {
    state: StateAt,
    /// Calls whose changes everything is read on.
    after: Arc<[Call]>,
    queue: Option<Arc<Mutex<VecDeque<Waiting>>>>,
}

impl JointState {
    /// Reads that are not joined with any other.
    pub fn alone(state: StateAt) -> Self {
        Self { state, after: Arc::default(), queue: None }
    }

    /// Reads on the state that `first` would leave, run in turn: nothing of it is so yet.
    pub fn after(state: StateAt, first: Vec<Call>) -> Self {
        Self { state, after: first.into(), queue: None }
    }

    /// The state itself: for slots and code.
    pub fn state(&self) -> &StateAt {
        &self.state
    }

    /// The block.
    pub fn block_ref(&self) -> BlockRef {
        self.state.block_ref()
    }

    /// Runs calls that do not see each other's effects.
    ///
    /// # Errors
    /// Where their state could not be proven. What others ask at the same time cannot make these fail.
    pub async fn calls(&self, calls: Vec<Call>) -> Result<Outcomes, ProtocolError> {
        let Some(queue) = &self.queue else { return Ok(run(&self.state, &self.after, calls).await?) };
        let (sender, answer) = oneshot::channel();
        lock(queue).push_back((calls, sender));
        match answer.await {
            Ok(outcomes) => Ok(outcomes?),
            Err(_stopped) => Err(ProtocolError::Inconsistent { detail: "the reads were stopped".to_owned() }),
        }
    }

    /// Runs calls one after the other, each on the state that the former leaves. Not joined with any other.
    ///
    /// # Errors
    /// Where their state could not be proven, or the EVM takes one of them for no transaction at all.
    pub async fn in_turn(&self, calls: Vec<Call>) -> Result<Outcomes, ProtocolError> {
        let batch = CallBatch::reads(self.state.evm_env()?, calls).in_turn().after(self.after.to_vec());
        let mut outcomes = self.state.run(batch).await?;
        Ok(outcomes.split_off(self.after.len().min(outcomes.len())))
    }

    /// Runs `work` on joined reads: whenever none of it can go on, all that was asked is asked as one batch.
    pub async fn drive<T, F>(&self, work: impl FnOnce(&Self) -> Vec<F>) -> Vec<T>
    where
        F: Future<Output = T> + Send,
    {
        let queue: Arc<Mutex<VecDeque<Waiting>>> = Arc::default();
        let joint = Self { queue: Some(Arc::clone(&queue)), ..self.clone() };
        let numbered = work(&joint).into_iter().enumerate();
        let mut running: FuturesUnordered<_> =
            numbered.map(|(number, future)| async move { (number, future.await) }).collect();
        let mut done = Vec::new();
        loop {
            let event = std::future::poll_fn(|cx| next_event(Pin::new(&mut running), &queue, cx)).await;
            match event {
                Event::Done(one) => done.push(one),
                Event::Asked => {
                    let asked = lock(&queue).drain(..).collect();
                    self.run_all(asked).await;
                }
                Event::End => break,
            }
        }
        done.sort_by_key(|(number, _)| *number);
        done.into_iter().map(|(_, one)| one).collect()
    }

    /// One batch for all; where that cannot be proven each runs by itself, so that only what is at fault fails.
    async fn run_all(&self, waiting: Vec<Waiting>) {
        let (state, after) = (&self.state, &self.after);
        let all: Vec<Call> = waiting.iter().flat_map(|(calls, _)| calls.clone()).collect();
        let joined = if waiting.len() > 1 { run(state, after, all).await.ok() } else { None };
        if let Some(outcomes) = joined {
            let mut outcomes = outcomes.into_iter();
            for (calls, sender) in waiting {
                let own: Outcomes = outcomes.by_ref().take(calls.len()).collect();
                drop(sender.send(Ok(own))); // whoever asked may have given up
            }
            return;
        }
        let alone = waiting.into_iter().map(|(calls, sender)| async move {
            drop(sender.send(run(state, after, calls).await));
        });
        futures::future::join_all(alone).await;
    }
}

enum Event<T> {
    Done(T),
    Asked,
    End,
}

fn next_event<S: futures::Stream + Unpin>(
    mut running: Pin<&mut S>,
    queue: &Mutex<VecDeque<Waiting>>,
    cx: &mut Context<'_>,
) -> Poll<Event<S::Item>> {
    match running.poll_next_unpin(cx) {
        Poll::Ready(Some(one)) => Poll::Ready(Event::Done(one)),
        Poll::Ready(None) => Poll::Ready(Event::End),
        Poll::Pending if lock(queue).is_empty() => Poll::Pending,
        Poll::Pending => Poll::Ready(Event::Asked),
    }
}

/// Runs calls on the changes of others; only their own outcomes come back.
async fn run(state: &StateAt, after: &[Call], calls: Vec<Call>) -> Result<Outcomes, ReadError> {
    if after.is_empty() {
        return state.calls(calls).await;
    }
    let batch = CallBatch::reads(state.evm_env()?, calls).after(after.to_vec());
    let mut outcomes = state.run(batch).await?;
    Ok(outcomes.split_off(after.len().min(outcomes.len())))
}

fn lock(queue: &Mutex<VecDeque<Waiting>>) -> MutexGuard<'_, VecDeque<Waiting>> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}
