//! `lifeboat serve`: opens the port, says where it is, and serves until it is stopped.

use serde_json::json;

use super::Exit;
use super::args::Args;
use super::output::{answer, fail, say};
use super::run::{stopped, wait};
use crate::app::{Handle, Reason, Snapshot, SyncView};
use crate::serve::{Options, Origin, ServeError, Server, Token};

/// Serves until Ctrl+C, or until the core stops. `asked` is the port, whether there is no token, and who is let in.
pub(super) async fn serve(args: &Args, handle: &mut Handle, asked: (u16, bool, Vec<Origin>)) -> Exit {
    let (port, no_token, origins) = asked;
    let token = if no_token { Ok(None) } else { Token::random().map(Some) };
    let started = match token {
        Ok(token) => Server::start(handle.reads(), Options { port, token, origins }).await,
        Err(error) => Err(error),
    };
    let server = match started {
        Ok(server) => server,
        Err(error) => return fail(args, &not_open(&error)),
    };
    let (http, websocket) = (server.url(), server.websocket_url());
    answer(
        args,
        || json!({ "http": http, "websocket": websocket, "chain_id": handle.snapshot().network.chain_id }),
        || format!("HTTP       {http}\nWebSocket  {websocket}\n"),
    );
    say("Every answer is proven first. Stop with Ctrl+C.");
    tokio::select! {
        () = interrupted() => Exit::Done,
        () = tell(args, handle) => stopped(args),
    }
}

/// Says how the light client fares; ends when the core does.
async fn tell(args: &Args, handle: &mut Handle) {
    let (mut ready, mut last) = (false, None);
    let watch = |snapshot: &Snapshot| {
        if !ready && snapshot.head.is_some_and(|head| head.block.is_some()) {
            ready = true;
            say("The head is verified; requests are answered.");
        }
        let trouble = match &snapshot.sync {
            SyncView::NeedsCheckpoint(reason) | SyncView::Failed(reason) => Some(reason.clone()),
            _ => snapshot.no_reads.clone(),
        };
        if trouble != last {
            if let Some(reason) = &trouble {
                say(&reason.to_string());
            }
            last = trouble;
        }
        false
    };
    drop(wait(args, handle, watch).await);
}

/// Where the system cannot tell of Ctrl+C, it stops the program itself.
async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

fn not_open(error: &ServeError) -> Reason {
    match error {
        ServeError::Listen { .. } => Reason::new(
            &error.to_string(),
            "another program has the port, or the system forbids it",
            "name another one with --port, or --port 0 for any that is free",
        ),
        ServeError::NoRandomness(_) => Reason::new(
            &error.to_string(),
            "no secret word could be made for the URL",
            "try again; --no-token goes without one",
        ),
    }
}
