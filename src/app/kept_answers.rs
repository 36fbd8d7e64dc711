//! Answers under their questions, the last one kept while a newer is on its way. What answers several questions at once
//! stands under each of them.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Answer, Loadable, ProtocolAnswer, ProtocolQuestion, Question, Reason};

/// All answers of a run.
#[derive(Debug, Default)]
pub(super) struct KeptAnswers(HashMap<Question, Loadable<Answer>>);

impl KeptAnswers {
    /// By question.
    pub(super) fn all(&self) -> &HashMap<Question, Loadable<Answer>> {
        &self.0
    }

    /// `question` was asked.
    pub(super) fn asked(&mut self, question: &Question) {
        for one in parts(question).into_iter().chain([question.clone()]) {
            let previous = self.previous(&one);
            self.0.insert(one, Loadable::Loading { previous });
        }
    }

    /// `question` has its answer, or the reason why there is none.
    pub(super) fn settle(&mut self, question: Question, outcome: Result<Answer, Reason>) {
        for (at, part) in parts(&question).into_iter().enumerate() {
            let own = outcome.as_ref().map(|answer| part_of(answer, at)).map_err(Clone::clone);
            match own {
                Ok(Some(own)) => self.put(part, Ok(own)),
                Ok(None) => {} // an answer to another question: it has no such part
                Err(reason) => self.put(part, Err(reason)),
            }
        }
        self.put(question, outcome);
    }

    fn put(&mut self, question: Question, outcome: Result<Answer, Reason>) {
        let settled = match outcome {
            Ok(answer) => Loadable::Ready(answer),
            Err(reason) => Loadable::Failed { reason, previous: self.previous(&question) },
        };
        self.0.insert(question, settled);
    }

    /// The newest answer that there was.
    fn previous(&mut self, question: &Question) -> Option<Answer> {
        match self.0.remove(question)? {
            Loadable::Ready(answer) => Some(answer),
            Loadable::Loading { previous } | Loadable::Failed { previous, .. } => previous,
        }
    }
}

/// The questions that `question` asks at once.
fn parts(question: &Question) -> Vec<Question> {
    match question {
        Question::Protocol(ProtocolQuestion::PositionsOfMany(joint)) => joint.parts(),
        _ => Vec::new(),
    }
}

/// The answer to part `at` of what `answer` answers.
fn part_of(answer: &Answer, at: usize) -> Option<Answer> {
    let Answer::Protocol(answer) = answer else { return None };
    let ProtocolAnswer::PositionsOfMany(all) = &**answer else { return None };
    let own = all.get(at)?.clone();
    Some(Answer::Protocol(Arc::new(ProtocolAnswer::Positions(own))))
}

#[cfg(test)]
mod tests {
    use alloy::primitives::{Address, B256};

    use super::*;
    use crate::app::{JointPositions, PositionsAnswer, PositionsQuestion, Tag};
    use crate::consensus::Finality;
    use crate::execution::BlockRef;

    fn owner(number: u8) -> Address {
        Address::repeat_byte(number)
    }

    fn single(number: u8) -> Question {
        Question::Protocol(ProtocolQuestion::Positions(PositionsQuestion::all_of(owner(number))))
    }

    fn joint() -> Question {
        JointPositions::of(&[single(1), single(2)]).unwrap().question()
    }

    fn answer(of: &[u8]) -> Answer {
        let at = BlockRef { number: 7, hash: B256::ZERO, timestamp: 0, finality: Finality::Optimistic };
        let own = |number: &u8| PositionsAnswer { owner: owner(*number), at, reports: Vec::new() };
        Answer::Protocol(Arc::new(ProtocolAnswer::PositionsOfMany(of.iter().map(own).collect())))
    }

    fn owner_of(held: Option<&Loadable<Answer>>) -> Address {
        let Some(Loadable::Ready(Answer::Protocol(answer))) = held else { panic!("{held:?}") };
        let ProtocolAnswer::Positions(found) = &**answer else { panic!("{answer:?}") };
        found.owner
    }

    #[test]
    fn a_joint_answer_stands_under_each_accounts_own_question() {
        let mut kept = KeptAnswers::default();
        kept.asked(&joint());
        let loading =
            |kept: &KeptAnswers, one| matches!(kept.all().get(&one), Some(Loadable::Loading { .. }));
        assert!(loading(&kept, single(1)) && loading(&kept, single(2)) && loading(&kept, joint()));
        kept.settle(joint(), Ok(answer(&[1, 2])));
        assert_eq!(owner_of(kept.all().get(&single(1))), owner(1));
        assert_eq!(owner_of(kept.all().get(&single(2))), owner(2));
        assert!(!kept.all().contains_key(&single(3)));
    }

    #[test]
    fn a_joint_failure_is_each_ones_and_keeps_what_was_there() {
        let mut kept = KeptAnswers::default();
        kept.asked(&joint());
        kept.settle(joint(), Ok(answer(&[1, 2])));
        kept.asked(&joint());
        kept.settle(joint(), Err(Reason::new("No", "nothing", "wait")));
        for one in [single(1), single(2), joint()] {
            let held = kept.all().get(&one);
            assert!(matches!(held, Some(Loadable::Failed { previous: Some(_), .. })), "{held:?}");
        }
    }

    #[test]
    fn only_what_is_asked_alike_is_joined() {
        let finalized = PositionsQuestion { tag: Tag::Finalized, ..PositionsQuestion::all_of(owner(3)) };
        let finalized = Question::Protocol(ProtocolQuestion::Positions(finalized));
        let other = Question::Accounts(vec![owner(4)], Tag::Latest);
        let all = [single(1), finalized.clone(), other.clone(), single(2), single(1)];
        assert_eq!(JointPositions::of(&all).unwrap().owners, [owner(1), owner(2)]);
        assert!(JointPositions::of(&[single(1), finalized]).is_none(), "one alone is not joined");
        assert!(JointPositions::of(&[other, single(1), single(2)]).is_none(), "the first is of another kind");
        assert!(JointPositions::of(&[]).is_none());
    }
}
