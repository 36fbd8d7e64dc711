//! JSON-RPC over the chain: what a light client asks, and what a liar answers.
//!
//! *Invariant*: an honest endpoint answers from the chain alone; every lie is told in `bend` or `doctor`.

mod bend;
mod blocks;
mod calls;
mod doctor;
mod error;
mod fees;
mod logs;
mod methods;
mod params;
mod receipts;
mod server;
mod state;
mod transactions;
mod view;

pub use server::serve;
