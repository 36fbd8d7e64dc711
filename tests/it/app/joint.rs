//! Positions of several accounts as one question: each account's answer, and fewer requests.

use lifeboat::app::{
    Answer, Command, Found, JointPositions, Loadable, PositionsAnswer, PositionsQuestion, ProtocolAnswer,
    ProtocolQuestion, Question, RowKind, Snapshot,
};
use lifeboat::devnet::PracticeOptions;
use lifeboat::devnet::execution::PRACTICE_ACCOUNTS;

use super::Face;
use crate::support::practice::options;

fn single(index: usize) -> Question {
    let owner = PRACTICE_ACCOUNTS[index].address;
    Question::Protocol(ProtocolQuestion::Positions(PositionsQuestion::all_of(owner)))
}

fn found(now: &Snapshot, index: usize) -> PositionsAnswer {
    let Some(Loadable::Ready(Answer::Protocol(answer))) = now.answers.get(&single(index)) else {
        panic!("{:?}", now.answers.get(&single(index)))
    };
    let ProtocolAnswer::Positions(found) = &**answer else { panic!("{answer:?}") };
    found.clone()
}

/// The block of an account's answer, where it is there.
fn read_at(now: &Snapshot, index: usize) -> Option<u64> {
    matches!(now.answers.get(&single(index)), Some(Loadable::Ready(_))).then(|| found(now, index).at.number)
}

/// Owner, block and rows.
fn told(one: &PositionsAnswer) -> String {
    let rows = one.reports.iter().map(|report| match &report.found {
        Found::Positions(all) => {
            let rows = all.iter().flat_map(|position| &position.rows);
            format!("{}: {:?}", report.name, rows.map(|row| (row.kind, row.amount)).collect::<Vec<_>>())
        }
        other => panic!("{}: {other:?}", report.name),
    });
    format!("{} {} {:?}", one.owner, one.at.number, rows.collect::<Vec<_>>())
}

/// Requests of `questions` asked one after the other by a core that knows nothing yet, and again at the next block; and
/// what was found of 5 accounts.
async fn cost(questions: Vec<Question>) -> (u64, Vec<String>) {
    let options = PracticeOptions { endpoints: 1, ..options() };
    let mut face = Face::start(&options, |_, _| {}).await;
    let before = face.following().await.traffic.requests;
    for question in &questions {
        assert!(matches!(face.ask(question.clone()).await, Loadable::Ready(_)));
    }
    let first = face.handle.snapshot();
    let (slot, block) = (first.head.unwrap().proven.slot(), found(&first, 0).at.number);
    face.advance(1);
    face.wait("the next head", |now| now.head.is_some_and(|head| head.proven.slot() > slot)).await;
    for question in questions {
        face.ask(question).await;
    }
    // What was found before stands until the new answer is there.
    let is_new = |now: &Snapshot| (0..5).all(|index| read_at(now, index).is_some_and(|at| at > block));
    let now = face.wait("the answers of the next block", is_new).await;
    (now.traffic.requests - before, (0..5).map(|index| told(&found(&now, index))).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn five_accounts_as_one_question_cost_less_and_say_the_same() {
    let singles: Vec<Question> = (0..5).map(single).collect();
    let joint = JointPositions::of(&singles).unwrap().question();
    let (one_by_one, each) = cost(singles).await;
    let (together, joined) = cost(vec![joint]).await;
    println!("5 accounts: {together} requests as one question, {one_by_one} one after the other");
    assert_eq!(joined, each);
    assert!(joined[0].contains(&format!("{:?}", RowKind::Borrowed)), "{}", joined[0]);
    assert!(together < one_by_one, "{together} and {one_by_one}");
}

#[tokio::test(flavor = "multi_thread")]
async fn asked_before_there_is_a_head_each_account_is_answered_as_soon_as_there_is_one() {
    let mut face = Face::start(&options(), |_, _| {}).await;
    let joint = JointPositions::of(&[single(0), single(1)]).unwrap();
    face.handle.send(Command::Ask(joint.clone().question())).unwrap();
    let ready = |now: &Snapshot| {
        [0, 1].iter().all(|index| matches!(now.answers.get(&single(*index)), Some(Loadable::Ready(_))))
    };
    let now = face.wait("both answers", ready).await;
    assert_eq!(found(&now, 1).owner, PRACTICE_ACCOUNTS[1].address);
    assert!(matches!(now.answers.get(&joint.question()), Some(Loadable::Ready(_))));
}
