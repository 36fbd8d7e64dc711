//! Steps of an exit through the wallet itself, as the window orders them: each reviewed, approved, signed, kept in the
//! journal, sent, and followed into a proven block.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use alloy::primitives::B256;
use lifeboat::app::signing::review::{Answers, Finding, Level, Review};
use lifeboat::app::signing::{Intent as Wish, State};
use lifeboat::app::{
    Command, Deployments, Handle, NetworkName, Outcome, PracticeKeys, Reason, Request, SendRequest, Snapshot,
    Then, WalletCommand, open,
};
use lifeboat::devnet::PRACTICE_CHAIN_ID;
use lifeboat::devnet::execution::PRACTICE_ACCOUNTS;
use lifeboat::protocols::Intent;
use tempfile::TempDir;

use super::practice::{PatientClock, endpoints};
use crate::protocols::lab::{Lab, address};

/// A machine may be slow; no step may take longer.
const PATIENCE: Duration = Duration::from_secs(60);

/// A wallet over a lab's network.
pub(crate) struct Journey {
    handle: Handle,
    core: JoinHandle<()>,
    own: Option<Deployments>,
    /// Orders that have ended.
    ended: u64,
    _folder: TempDir,
}

impl Journey {
    pub(crate) async fn start(lab: &Lab, own: Option<Deployments>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let network = &lab.bench.network;
        let request = Request {
            practice: Some((network.spec().clone(), endpoints(network))),
            data_dir: Some(folder.path().to_owned()),
            ..Request::of(NetworkName::Practice)
        };
        let keys = PRACTICE_ACCOUNTS.iter().take(5).enumerate();
        let keys = keys.map(|(at, one)| (format!("practice-{at}"), one.key)).collect();
        let keys = PracticeKeys { chain_id: PRACTICE_CHAIN_ID, keys };
        let opened = open(request, Arc::new(PatientClock(lab.bench.clock.clone()))).unwrap();
        let (handle, core) = opened.with_practice_keys(keys).start(Arc::new(|| {})).unwrap();
        let mut journey = Self { handle, core, own, ended: 0, _folder: folder };
        journey.seen(lab).await;
        journey
    }

    async fn until(&mut self, what: &str, done: impl FnMut(&Snapshot) -> bool) -> Arc<Snapshot> {
        let found = tokio::time::timeout(PATIENCE, self.handle.wait_until(done)).await;
        match found {
            Ok(Some(found)) => found,
            other => panic!("{what}: {:?} {:?}", other.is_ok(), self.handle.snapshot().wallet.ended),
        }
    }

    /// Waits until the newest signed block is the verified head.
    async fn seen(&mut self, lab: &Lab) {
        let wanted = lab.bench.network.head_slot() - 1;
        let seen = |now: &Snapshot| {
            now.head.is_some_and(|head| head.block.is_some() && head.proven.slot() == wanted)
                && now.no_reads.is_none()
        };
        self.until("no head", seen).await;
    }

    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        self.handle.snapshot()
    }

    /// Orders something of the wallet and waits for its end.
    pub(crate) async fn order(&mut self, order: WalletCommand) -> Outcome {
        let words = format!("{order:?}");
        self.tried(order).await.unwrap_or_else(|reason| panic!("{words}: {reason}"))
    }

    /// The same of something that may be refused.
    async fn tried(&mut self, order: WalletCommand) -> Result<Outcome, Reason> {
        let (before, words) = (self.ended, format!("{order:?}"));
        self.handle.send(Command::Wallet(order)).unwrap();
        let ended = |now: &Snapshot| now.wallet.ended.as_ref().is_some_and(|one| one.number > before);
        let ended = self.until(&words, ended).await.wallet.ended.clone().unwrap();
        self.ended = ended.number;
        ended.outcome
    }

    /// What the review of a call finds; it stays open.
    pub(crate) async fn reviewed(&mut self, from: usize, intent: &Intent) -> Vec<Finding> {
        self.review(from, intent).await.findings
    }

    /// Whether the open review is signed with these words typed.
    pub(crate) async fn signs(&mut self, facts: &[&str]) -> bool {
        let review = self.handle.snapshot().wallet.review.clone().expect("it is open").prepared.review.id();
        let answers = Answers { held: true, facts: facts.iter().map(|one| (*one).to_owned()).collect() };
        self.tried(WalletCommand::Sign { review, answers, then: Then::Keep }).await.is_ok()
    }

    async fn review(&mut self, from: usize, intent: &Intent) -> Review {
        let (to, value, data) = (Some(intent.to), intent.value, intent.calldata.clone());
        let mut request = SendRequest::new(address(from), Wish::Call { to, value, data });
        request.noted.words = Some(intent.sentence.trim_end_matches('.').to_owned());
        request.noted.own.clone_from(&self.own);
        request.noted.changed.clone_from(&intent.changed);
        let opened = self.order(WalletCommand::Review(Box::new(request))).await;
        assert_eq!(opened, Outcome::Reviewed);
        self.handle.snapshot().wallet.review.clone().expect("it is open").prepared.review.clone()
    }

    /// One call of an account on its whole way.
    pub(crate) async fn carry(&mut self, lab: &Lab, from: usize, intent: &Intent) {
        let review = self.review(from, intent).await;
        foreseen(&review, intent);
        let facts = review.findings.iter().filter(|one| one.level == Level::Danger).map(fact).collect();
        let answers = Answers { held: true, facts };
        let order = WalletCommand::Sign { review: review.id(), answers, then: Then::Keep };
        let Outcome::Signed(hash) = self.order(order).await else {
            panic!("{}: not signed", intent.sentence)
        };
        self.kept(lab, hash);
        assert_eq!(self.order(WalletCommand::Send(hash)).await, Outcome::Sent(hash));
        assert!(matches!(self.state(hash), State::Sent), "{:?}", self.state(hash));
        lab.bench.advance(2);
        let landed = |now: &Snapshot| {
            let found = now.wallet.transaction(hash).map(|one| one.state.clone());
            matches!(found, Some(State::Included { .. }))
        };
        self.until(&intent.sentence, landed).await;
        let included = self.state(hash);
        assert!(
            matches!(included, State::Included { success: true, .. }),
            "{}: {included:?}",
            intent.sentence
        );
        self.seen(lab).await;
    }

    fn state(&self, hash: B256) -> State {
        self.handle.snapshot().wallet.transaction(hash).expect("the journal has it").state.clone()
    }

    /// In the journal, and with nobody else yet.
    fn kept(&self, lab: &Lab, hash: B256) {
        assert!(matches!(self.state(hash), State::Saved), "{:?}", self.state(hash));
        let chain = lab.bench.network.execution().read().unwrap();
        assert!(
            chain.waiting(hash).is_none() && chain.locate(hash).is_none(),
            "it was sent before it was ordered"
        );
    }

    /// The wallet closes; the lab knows of the transactions that it sent.
    pub(crate) async fn end(self, lab: &mut Lab) {
        let Self { handle, core, .. } = self;
        drop(handle);
        tokio::task::spawn_blocking(move || core.join().unwrap()).await.unwrap();
        lab.recount().await;
    }
}

/// The review is of that very call, which works and is not forbidden.
fn foreseen(review: &Review, intent: &Intent) {
    assert_eq!((review.tx.to(), review.tx.input()), (Some(intent.to), &intent.calldata));
    assert_eq!(review.tx.value(), intent.value);
    let effects = review.effects.as_ref().unwrap_or_else(|| panic!("{}: not run", intent.sentence));
    assert!(effects.failure.is_none(), "{}: {:?}", intent.sentence, effects.failure);
    let blocks: Vec<&Finding> = review.findings.iter().filter(|one| one.level == Level::Block).collect();
    assert!(blocks.is_empty(), "{}: {blocks:?}", intent.sentence);
}

/// What a person types for a danger: what it asks for, or the number that it names.
fn fact(finding: &Finding) -> String {
    let fact = finding.fact.as_ref().expect("every danger has a fact");
    let words = finding.text.split(' ').map(|word| word.trim_matches(['.', ',', ':']));
    let mut words = [fact.prompt.as_str()].into_iter().chain(words);
    let typed = words.find(|word| fact.accepts(word));
    typed.unwrap_or_else(|| panic!("nothing to type for {finding:?}")).to_owned()
}
