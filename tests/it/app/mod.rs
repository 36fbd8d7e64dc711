//! The core as a face sees it: commands in, snapshots out, on the practice network.

mod access;
mod joint;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use alloy::primitives::B256;
use async_trait::async_trait;
use lifeboat::app::{
    Answer, BlockQuery, Clock, Command, Handle, Loadable, NetworkName, Origin, Question, Request, Snapshot,
    Standing, SyncView, Tag, open,
};
use lifeboat::devnet::beacon::BeaconLie;
use lifeboat::devnet::execution::PRACTICE_ACCOUNTS;
use lifeboat::devnet::http::Fault;
use lifeboat::devnet::{PracticeNetwork, PracticeOptions};

use crate::support::practice::{endpoints, options};

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

struct Face {
    network: PracticeNetwork,
    clock: Arc<HandClock>,
    handle: Handle,
    core: JoinHandle<()>,
    woken: Arc<AtomicUsize>,
    _folder: tempfile::TempDir,
}

impl Face {
    async fn start(options: &PracticeOptions, edit: impl FnOnce(&mut Request, &PracticeNetwork)) -> Self {
        let network = PracticeNetwork::start(options).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(HandClock::default());
        let mut request = Request {
            practice: Some((network.spec().clone(), endpoints(&network))),
            data_dir: Some(PathBuf::from(folder.path())),
            ..Request::of(NetworkName::Practice)
        };
        edit(&mut request, &network);
        tick(&network, &clock, 0);
        let woken = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&woken);
        let wake = Arc::new(move || {
            count.fetch_add(1, Ordering::Relaxed);
        });
        let (handle, core) = open(request, clock.clone()).unwrap().start(wake).unwrap();
        Self { network, clock, handle, core, woken, _folder: folder }
    }

    async fn wait(&mut self, what: &str, done: impl FnMut(&Snapshot) -> bool) -> Arc<Snapshot> {
        match tokio::time::timeout(Duration::from_secs(60), self.handle.wait_until(done)).await {
            Ok(Some(snapshot)) => snapshot,
            _ => panic!("{what} did not come: {:?}", self.handle.snapshot()),
        }
    }

    async fn following(&mut self) -> Arc<Snapshot> {
        self.wait("the head", |snapshot| snapshot.sync == SyncView::Following && snapshot.no_reads.is_none())
            .await
    }

    async fn ask(&mut self, question: Question) -> Loadable<Answer> {
        self.handle.send(Command::Ask(question.clone())).unwrap();
        let settled = |snapshot: &Snapshot| {
            matches!(snapshot.answers.get(&question), Some(Loadable::Ready(_) | Loadable::Failed { .. }))
        };
        self.wait("an answer", settled).await.answers[&question].clone()
    }

    fn advance(&self, slots: u64) {
        self.network.advance(slots).unwrap();
        tick(&self.network, &self.clock, 0);
    }
}

fn tick(network: &PracticeNetwork, clock: &HandClock, more_slots: u64) {
    let spec = network.spec();
    let now = spec.slot_start_ms(network.head_slot() + more_slots) + spec.slot_duration_ms / 2;
    clock.0.store(now, Ordering::Relaxed);
}

fn block_number(answer: &Loadable<Answer>) -> u64 {
    match answer {
        Loadable::Ready(Answer::Block(view)) => view.header.number(),
        other => panic!("{other:?}"),
    }
}

fn is_block_above(now: &Snapshot, number: u64) -> bool {
    matches!(
        now.answers.get(&Question::Block(BlockQuery::Latest)),
        Some(Loadable::Ready(Answer::Block(view))) if view.header.number() > number
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn the_head_moves_and_answers_land_under_their_questions() {
    let mut face = Face::start(&options(), |_, _| {}).await;
    // Asked before there is a head: answered as soon as there is one.
    let who = Question::Accounts(vec![PRACTICE_ACCOUNTS[0].address], Tag::Latest);
    assert!(matches!(face.ask(who.clone()).await, Loadable::Ready(Answer::Accounts(all)) if all.len() == 1));
    let first = face.following().await.head.unwrap();
    assert_eq!(first.proven.slot(), face.network.head_slot() - 1);
    let block = block_number(&face.ask(Question::Block(BlockQuery::Latest)).await);
    face.advance(3);
    let moved = face.wait("the next head", |now| {
        now.head.is_some_and(|head| head.proven.slot() == first.proven.slot() + 3)
    });
    let moved = moved.await;
    // The old answer stays what it was, at the block it was proven at, until it is asked for again.
    assert_eq!(block_number(&moved.answers[&Question::Block(BlockQuery::Latest)]), block);
    face.handle.send(Command::Ask(Question::Block(BlockQuery::Latest))).unwrap();
    let newer = |now: &Snapshot| is_block_above(now, block);
    let newer = face.wait("the newer answer", newer).await;
    assert_eq!(block_number(&newer.answers[&Question::Block(BlockQuery::Latest)]), block + 3);
    assert!(face.woken.load(Ordering::Relaxed) > 3, "the face was woken");
    assert!(matches!(&face.handle.snapshot().answers[&who], Loadable::Ready(_)));
    // Letting go of the handle ends the core.
    let Face { handle, core, .. } = face;
    drop(handle);
    tokio::task::spawn_blocking(move || core.join().unwrap()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_liar_stays_out_until_it_is_forgiven() {
    let mut face = Face::start(&options(), |_, _| {}).await;
    face.following().await;
    let liar = face.network.beacon_endpoints()[0].faults().clone();
    liar.set(Fault::Lying { lie: BeaconLie::SignatureBit });
    let mut quarantined = None;
    for _ in 0..40 {
        face.advance(1);
        let slot = face.network.head_slot() - 1;
        let now = face.wait("the head", |now| now.head.is_some_and(|head| head.proven.slot() == slot)).await;
        let is_out =
            |one: &&lifeboat::app::EndpointReport| matches!(one.standing, Standing::Quarantined { .. });
        quarantined = now.endpoints.iter().find(is_out).map(|one| one.id.clone());
        if quarantined.is_some() {
            assert!(
                now.notices.iter().any(|notice| notice.text.contains("broke a rule")),
                "{:?}",
                now.notices
            );
            break;
        }
    }
    let endpoint = quarantined.expect("the liar was asked and caught");
    liar.set(Fault::Healthy);
    face.handle.send(Command::Forgive(endpoint.clone())).unwrap();
    let free = |now: &Snapshot| {
        now.endpoints
            .iter()
            .any(|one| one.id == endpoint && !matches!(one.standing, Standing::Quarantined { .. }))
    };
    face.wait("forgiveness", free).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn too_old_parks_and_the_user_decides() {
    // Seven weeks of slots pass on the clock while the chain stands still: the checkpoint is beyond the bound.
    let mut face = Face::start(&options(), |_, _| {}).await;
    face.following().await;
    tick(&face.network, &face.clock, 32 * 3_533 + 200);
    let parked = |now: &Snapshot| matches!(now.sync, SyncView::NeedsCheckpoint(_));
    let SyncView::NeedsCheckpoint(reason) = face.wait("parking", parked).await.sync.clone() else { panic!() };
    assert!(reason.details.iter().any(|line| line.contains("--accept-old-checkpoint")), "{reason}");
    // Reads stop at once, although there was a head before.
    let refused = face.ask(Question::Block(BlockQuery::Latest)).await;
    assert!(matches!(refused, Loadable::Failed { .. }), "{refused:?}");
    // Going on is possible, and is shown where trust starts.
    face.handle.send(Command::AcceptOldCheckpoint).unwrap();
    face.wait("going on", |now| !matches!(now.sync, SyncView::NeedsCheckpoint(_))).await;
    // A root of the user's own is the other way.
    tick(&face.network, &face.clock, 0);
    let (root, _) = face.network.finalized();
    face.handle.send(Command::UseCheckpoint(root)).unwrap();
    let started =
        |now: &Snapshot| now.checkpoint.is_some_and(|one| one.root == root && one.origin == Origin::User);
    face.wait("the user's own start", started).await;
    face.handle.send(Command::Ask(Question::Block(BlockQuery::Latest))).unwrap();
    face.wait("reads again", |now| is_block_above(now, 0)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_root_there_is_no_start_and_a_wrong_one_can_be_replaced() {
    let forget = |request: &mut Request, _: &PracticeNetwork| {
        if let Some((spec, _)) = &mut request.practice {
            spec.checkpoint = None;
        }
    };
    let mut face = Face::start(&options(), forget).await;
    let refused = face.ask(Question::Block(BlockQuery::Finalized)).await;
    let Loadable::Failed { reason, .. } = refused else { panic!("{refused:?}") };
    assert_eq!(reason.what, "No checkpoint is known for practice.");
    // Comparing sources needs no start.
    face.handle.send(Command::CompareCheckpoints).unwrap();
    let compared =
        face.wait("a comparison", |now| now.comparison.is_some()).await.comparison.clone().unwrap();
    assert_eq!(compared.sources.len(), 3);
    // Accepting what is not there changes nothing; a root that nobody has is refused; the right one starts.
    face.handle.send(Command::AcceptOldCheckpoint).unwrap();
    face.handle.send(Command::UseCheckpoint(B256::repeat_byte(0x11))).unwrap();
    let unknown =
        |now: &Snapshot| matches!(&now.sync, SyncView::NeedsCheckpoint(why) if why.what.contains("0x1111"));
    face.wait("the refusal of a wrong root", unknown).await;
    face.handle.send(Command::UseCheckpoint(face.network.finalized().0)).unwrap();
    assert!(face.following().await.head.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_keeps_the_last_head_and_recovers_from_it() {
    let mut face = Face::start(&options(), |_, _| {}).await;
    let head = face.following().await.head;
    for one in face.network.beacon_endpoints() {
        one.faults().set(Fault::ServerError { status: 503 });
    }
    face.advance(2);
    let failed = face.wait("the failure", |now| matches!(now.sync, SyncView::Failed(_))).await;
    assert_eq!(failed.head, head, "the last verified head stays, with its age");
    for one in face.network.beacon_endpoints() {
        one.faults().set(Fault::Healthy);
    }
    let slot = face.network.head_slot() - 1;
    let back =
        face.wait("the head again", |now| now.head.is_some_and(|head| head.proven.slot() == slot)).await;
    assert_eq!(back.sync, SyncView::Following);
}

/// The endpoints that nobody needed so far are asked once whether they answer.
#[tokio::test(flavor = "multi_thread")]
async fn endpoints_are_met_before_they_are_needed() {
    let mut face = Face::start(&options(), |_, _| {}).await;
    let dead = face.network.execution_endpoints()[2].faults().clone();
    dead.set(Fault::ServerError { status: 503 });
    let first = face.following().await;
    assert!(first.endpoints.iter().any(|one| one.standing == Standing::Untried), "some were not needed");
    face.handle.send(Command::MeetEndpoints).unwrap();
    let met =
        face.wait("all met", |now| !now.endpoints.iter().any(|one| one.standing == Standing::Untried)).await;
    let healthy = met.endpoints.iter().filter(|one| one.standing == Standing::Healthy).count();
    let failing = met.endpoints.iter().filter(|one| matches!(one.standing, Standing::Failing { .. })).count();
    assert_eq!((healthy, failing), (5, 1));
}
