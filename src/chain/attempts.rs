//! Ask, verify, blame, ask another.

use crate::execution::ProofError;
use crate::sources::{Claim, ExecutionSource, SourceError};

use super::error::rule_of;
use super::{ReadError, Refused};

/// A read is given up after this many refused answers: each one quarantined an endpoint, so a longer run means that
/// the endpoint list itself is hostile.
const MAX_REFUSED: usize = 16;

/// Asks until an answer passes `verify`. A refused answer is blamed on its endpoint, which the source then avoids.
/// Fail-over never lowers verification: the same `verify` judges every answer.
pub(super) async fn ask_until_verified<C, T, Ask, Reply>(
    source: &dyn ExecutionSource,
    ask: Ask,
    verify: impl Fn(&C) -> Result<T, ProofError>,
) -> Result<T, ReadError>
where
    Ask: Fn() -> Reply,
    Reply: Future<Output = Result<Claim<C>, SourceError>>,
{
    let mut refused = Vec::new();
    while refused.len() < MAX_REFUSED {
        let claim = match ask().await {
            Ok(claim) => claim,
            Err(source) if refused.is_empty() || !matches!(source, SourceError::NoneLeft { .. }) => {
                return Err(ReadError::Source { source, refused });
            }
            Err(_none_left) => break, // every usable endpoint lied: the lies are the cause, not the lack of endpoints
        };
        match verify(&claim.body) {
            Ok(value) => return Ok(value),
            Err(error) => {
                let rule = rule_of(&error);
                source.blame(&claim.from, &rule, &claim.evidence);
                refused.push(Refused { endpoint: claim.from, rule });
            }
        }
    }
    Err(ReadError::AllRefused { refused })
}
