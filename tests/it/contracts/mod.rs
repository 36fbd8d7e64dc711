//! What is made with calls on proven state: any function, tokens, prices, names, logs, fees; and those who lie about it.

mod calls;
mod gateways;
mod hostile;
mod names;
mod plans;
mod prices;
mod tokens;
mod window;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use alloy::primitives::Address;
use async_trait::async_trait;
use lifeboat::app::{
    Answer, Clock, Command, ContractAnswer, ContractQuestion, Handle, Loadable, NetworkName, Question,
    Reason, Request, Snapshot, open,
};
use lifeboat::devnet::PracticeNetwork;

use crate::support::deploy::Deployer;
use crate::support::practice::{endpoints, options};

/// Nobody waits longer for an answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// A clock whose time the test sets, and whose waits are short.
#[derive(Debug, Default)]
struct HandClock(AtomicU64);

#[async_trait]
impl Clock for HandClock {
    fn unix_ms(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
    async fn sleep(&self, _duration: Duration) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The core over a practice network with contracts of the test's own.
struct Stage<T> {
    network: PracticeNetwork,
    handle: Handle,
    placed: T,
    registry: Option<Address>,
    folder: tempfile::TempDir,
}

/// A core on a network, with the clock at its head.
fn core(network: &PracticeNetwork, folder: &Path, registry: Option<Address>) -> Handle {
    let mut spec = network.spec().clone();
    spec.ens_registry = registry;
    let clock = Arc::new(HandClock::default());
    let now = spec.slot_start_ms(network.head_slot()) + spec.slot_duration_ms / 2;
    clock.0.store(now, Ordering::Relaxed);
    let request = Request {
        practice: Some((spec, endpoints(network))),
        data_dir: Some(PathBuf::from(folder)),
        ..Request::of(NetworkName::Practice)
    };
    let (handle, _core) = open(request, clock).unwrap().start(Arc::new(|| {})).unwrap();
    handle
}

impl<T> Stage<T> {
    /// `place` deploys; `registry` says where ENS is, if it is.
    async fn start(
        place: impl FnOnce(&mut Deployer<'_>) -> T,
        registry: impl FnOnce(&T) -> Option<Address>,
    ) -> Self {
        let network = PracticeNetwork::start(&options()).await.unwrap();
        let placed = place(&mut Deployer::new(&network));
        network.advance(8).unwrap();
        let registry = registry(&placed);
        let folder = tempfile::tempdir().unwrap();
        let handle = core(&network, folder.path(), registry);
        Self { network, handle, placed, registry, folder }
    }

    /// A core that knows nothing yet, on the same network.
    fn forget(&mut self) {
        self.folder = tempfile::tempdir().unwrap();
        self.handle = core(&self.network, self.folder.path(), self.registry);
    }

    async fn ask(&mut self, question: ContractQuestion) -> Result<Arc<ContractAnswer>, Reason> {
        let question = Question::Contract(question);
        self.handle.send(Command::Ask(question.clone())).unwrap();
        let settled = |snapshot: &Snapshot| {
            matches!(snapshot.answers.get(&question), Some(Loadable::Ready(_) | Loadable::Failed { .. }))
        };
        let waited = tokio::time::timeout(PATIENCE, self.handle.wait_until(settled)).await;
        let Ok(Some(snapshot)) = waited else { panic!("no answer to {question:?}") };
        match &snapshot.answers[&question] {
            Loadable::Ready(Answer::Contract(answer)) => Ok(Arc::clone(answer)),
            Loadable::Failed { reason, .. } => Err(reason.clone()),
            other => panic!("{other:?}"),
        }
    }
}
