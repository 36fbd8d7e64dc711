//! The execution API's own conformance files, answered by `serve`: an endpoint that runs the chain file stands behind, a
//! light client with its synthetic beacon data between.
//!
//! `LIFEBOAT_RPC_COMPAT` names another folder of the same layout.

mod beacon;
mod cases;
mod node;
mod replay;
mod run;
mod world;
