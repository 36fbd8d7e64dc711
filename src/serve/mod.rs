//! A JSON-RPC on loopback for other programs: every answer is proven first.
//!
//! *Invariant*: imports `app` only. Binds 127.0.0.1 and nothing else; what a web page could send is refused before it is
//! read (THREATS T55). No key is held. What cannot be proven is refused with a sentence, never passed through.

mod access_list;
mod answers;
mod blocks;
mod calls;
mod context;
mod dispatch;
mod error;
mod fees;
mod filters;
mod guard;
mod limits;
mod listener;
mod logs;
mod news;
mod node;
mod overrides;
mod params;
mod raw;
mod requests;
mod send;
mod server;
mod shapes;
mod simulate;
mod simulated_block;
mod state;
mod storage_key;
mod token;
mod transactions;
mod websocket;

pub use guard::{Origin, OriginError};
pub use server::{Options, ServeError, Server};
pub use token::Token;
