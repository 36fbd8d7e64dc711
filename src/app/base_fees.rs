//! The base fees of the last blocks, each read from its proven header.

use super::BaseFeesAnswer;
use crate::chain::{Heads, ReadError, Reader};

/// Base fees of the newest proven block and those before it, `count` in all, or fewer where the chain begins.
///
/// # Errors
/// [`ReadError`] where no answer continues the parent links.
pub(super) async fn base_fees(
    reader: &Reader,
    heads: &Heads,
    count: u64,
) -> Result<BaseFeesAnswer, ReadError> {
    let newest = &heads.optimistic;
    let run = reader.back_from(newest, count).await?;
    let mut fees: Vec<(u64, u64)> =
        run.iter().filter_map(|header| Some((header.number(), header.fields().base_fee_per_gas?))).collect();
    fees.reverse();
    Ok(BaseFeesAnswer { at: newest.block_ref(), fees })
}
