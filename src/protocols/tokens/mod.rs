//! Tokens: what they say of themselves, and who holds how much. Everything is proven at one block.

mod balances;
mod collectibles;
mod facts;

pub use balances::{OwnerBalances, TokenBalances, balances};
pub use collectibles::{CollectibleFacts, collectible};
pub(super) use facts::unlisted;
pub use facts::{TokenFacts, TokenKind, facts};
