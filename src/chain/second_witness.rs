//! A second witness for what the sync committee signed (THREATS T07).
//!
//! A light client takes the word of two thirds of 512 validators, who are not punished for a lie. Other sources follow the
//! chain by all of its validators: before a dangerous signature they are asked which blocks they have at the proven
//! numbers. What they say is no proof and can only hold us back: a liar among them costs a delay, never money.

use alloy::primitives::B256;

use crate::consensus::{ProvenBlock, TwoHeads};
use crate::sources::{EndpointId, SourceError};

use super::{Heads, Reader};

/// So many execution endpoints must have the proven head: one alone may belong to whoever forged it.
const NEEDED: usize = 2;

/// What an endpoint was asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// The execution block at the head's number.
    Head,
    /// The execution block at the final block's number.
    FinalBlock,
    /// The beacon block at the final slot.
    FinalSlot,
}

/// What it said.
#[derive(Debug, Clone)]
pub enum Said {
    /// It has the very block that was signed.
    Same,
    /// It has another one there.
    Other(B256),
    /// It has none there yet, or gave no answer.
    Nothing(SourceError),
}

/// One endpoint's word. Unverified.
#[derive(Debug, Clone)]
pub struct Statement {
    /// Who.
    pub from: EndpointId,
    /// About what.
    pub about: About,
    /// What.
    pub said: Said,
}

/// What the statements come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Weight {
    /// Enough others have the signed head, and nobody has another block.
    Agreed {
        /// Who has it.
        by: Vec<EndpointId>,
    },
    /// Nobody has another block, but fewer than two others have the head.
    TooFew {
        /// Who has it.
        by: Vec<EndpointId>,
    },
    /// Somebody has another block at the head's number: an ordinary reorganisation ends within a few slots. Sign nothing
    /// dangerous until it has.
    Unsettled {
        /// Who has another one.
        by: Vec<EndpointId>,
    },
    /// Somebody has another block where the committee signed finality, which is never replaced: the committee lies, or
    /// this endpoint does. Sign nothing.
    Conflict {
        /// Who has another one.
        by: Vec<EndpointId>,
    },
}

/// A committee that signed two blocks of one slot, with the replies that show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The slot and both roots.
    pub heads: TwoHeads,
    /// The reply with the first of them (empty where it came too long ago), and the one with the other.
    pub evidence: [alloy::primitives::Bytes; 2],
}

/// Weighs what others say. Dissent weighs more than any number of witnesses.
pub fn second_witness(statements: &[Statement]) -> Weight {
    let who = |is: &dyn Fn(&Statement) -> bool| {
        let mut found: Vec<EndpointId> =
            statements.iter().filter(|one| is(one)).map(|one| one.from.clone()).collect();
        found.sort();
        found.dedup();
        found
    };
    let dissents = |one: &Statement| matches!(one.said, Said::Other(_));
    let conflict = who(&|one| one.about != About::Head && dissents(one));
    if !conflict.is_empty() {
        return Weight::Conflict { by: conflict };
    }
    let unsettled = who(&|one| one.about == About::Head && dissents(one));
    if !unsettled.is_empty() {
        return Weight::Unsettled { by: unsettled };
    }
    let by = who(&|one| one.about == About::Head && matches!(one.said, Said::Same));
    if by.len() >= NEEDED { Weight::Agreed { by } } else { Weight::TooFew { by } }
}

impl Reader {
    /// Asks every endpoint which blocks it has where the committee signed `heads`; `finalized` is the beacon block that
    /// it signed as final. [`second_witness`] weighs the answers.
    pub async fn statements(&self, heads: &Heads, finalized: &ProvenBlock) -> Vec<Statement> {
        let (execution, beacon) = (&self.edges.execution, &self.edges.beacon);
        let (head, last) = (&heads.optimistic, &heads.finalized);
        let (at_head, at_final, at_slot) = futures::join!(
            execution.canonical_all(head.number()),
            execution.canonical_all(last.number()),
            beacon.canonical_roots(finalized.slot()),
        );
        let told = |about, signed: B256, answers: Vec<(EndpointId, Result<B256, SourceError>)>| {
            answers.into_iter().map(move |(from, answer)| Statement {
                from,
                about,
                said: said(answer, signed),
            })
        };
        told(About::Head, head.hash(), at_head)
            .chain(told(About::FinalBlock, last.hash(), at_final))
            .chain(told(About::FinalSlot, finalized.beacon_root(), at_slot))
            .collect()
    }
}

fn said(answer: Result<B256, SourceError>, signed: B256) -> Said {
    match answer {
        Ok(hash) if hash == signed => Said::Same,
        Ok(other) => Said::Other(other),
        Err(error) => Said::Nothing(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(list: &[(&str, About, Said)]) -> Weight {
        let one = |(from, about, said): &(&str, About, Said)| Statement {
            from: EndpointId((*from).into()),
            about: *about,
            said: said.clone(),
        };
        second_witness(&list.iter().map(one).collect::<Vec<_>>())
    }

    fn names(list: &[&str]) -> Vec<EndpointId> {
        list.iter().map(|name| EndpointId((*name).into())).collect()
    }

    #[test]
    fn two_others_must_have_the_head_and_nobody_another_one() {
        use About::{FinalBlock, FinalSlot, Head};
        use Said::{Nothing, Other, Same};
        let silent = || Nothing(SourceError::NotFound);
        let other = || Other(B256::repeat_byte(1));
        assert_eq!(of(&[]), Weight::TooFew { by: vec![] });
        assert_eq!(of(&[("a", Head, Same), ("b", Head, Same)]), Weight::Agreed { by: names(&["a", "b"]) });
        // Neither the same endpoint twice nor beacon endpoints, one of which told us, make two.
        let once = [("a", Head, Same), ("a", Head, Same), ("a", FinalBlock, Same), ("c", FinalSlot, Same)];
        assert_eq!(of(&once), Weight::TooFew { by: names(&["a"]) });
        assert_eq!(of(&[("a", Head, Same), ("b", Head, silent())]), Weight::TooFew { by: names(&["a"]) });
        let split = [("a", Head, Same), ("b", Head, Same), ("c", Head, other())];
        assert_eq!(of(&split), Weight::Unsettled { by: names(&["c"]) });
        for about in [FinalBlock, FinalSlot] {
            let mut list = split.to_vec();
            list.push(("d", about, other()));
            assert_eq!(of(&list), Weight::Conflict { by: names(&["d"]) });
        }
    }
}
