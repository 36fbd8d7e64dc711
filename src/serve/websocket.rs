//! The same answers over a WebSocket, and news of the head to whoever subscribes.

use std::collections::BTreeMap;
use std::sync::Arc;

use alloy::rpc::types::Filter;
use axum::body::Bytes;
use axum::extract::WebSocketUpgrade;
use axum::extract::ws::{Message, WebSocket};
use axum::response::Response;
use serde_json::{Value, json};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::answers::{Service, envelope};
use super::error::RpcError;
use super::limits::{AT_ONCE, MAX_BODY, PING_EVERY, SEND_TIME};
use super::params::{Answer, Params, to_json};
use super::requests::{self, Asked, Request};
use super::token::random_id;
use super::{logs, news, shapes};
use crate::app::ProvenHeader;

/// Subscriptions of one connection.
const MAX_SUBSCRIPTIONS: usize = 32;

/// Takes the handshake.
pub(super) fn open(upgrade: WebSocketUpgrade, service: Arc<Service>, stop: watch::Receiver<()>) -> Response {
    upgrade.max_message_size(MAX_BODY).max_frame_size(MAX_BODY).on_upgrade(move |socket| async move {
        tokio::select! {
            () = Connection::new(socket, service).run() => {}
            () = until_stopped(stop) => {}
        }
    })
}

/// Until the server is dropped.
pub(super) async fn until_stopped(mut stop: watch::Receiver<()>) {
    while stop.changed().await.is_ok() {}
}

enum Kind {
    NewHeads,
    Logs(Box<Filter>),
}

struct Connection {
    socket: WebSocket,
    service: Arc<Service>,
    subscriptions: BTreeMap<String, Kind>,
    running: JoinSet<Value>,
    /// The newest block that subscribers were told of.
    seen: Option<Arc<ProvenHeader>>,
}

impl Connection {
    fn new(socket: WebSocket, service: Arc<Service>) -> Self {
        Self { socket, service, subscriptions: BTreeMap::new(), running: JoinSet::new(), seen: None }
    }

    /// Until the other side goes, or the core stops.
    async fn run(mut self) {
        let mut heads = self.service.reads().follow();
        let mut pings = tokio::time::interval_at(Instant::now() + PING_EVERY, PING_EVERY);
        loop {
            let room = self.running.len() < AT_ONCE;
            let go_on = tokio::select! {
                message = self.socket.recv(), if room => match message {
                    Some(Ok(message)) => self.take(message).await,
                    Some(Err(_)) | None => return,
                },
                Some(done) = self.running.join_next() => match done {
                    Ok(answer) => self.say(&answer).await,
                    Err(_panicked) => return,
                },
                // Who still lives answers, and what arrives keeps the connection open.
                _ = pings.tick() => self.send(Message::Ping(Bytes::new())).await,
                moved = heads.changed() => match moved {
                    Ok(()) => self.tell().await,
                    Err(_core_stopped) => return,
                },
            };
            if !go_on {
                return;
            }
        }
    }

    async fn take(&mut self, message: Message) -> bool {
        let bytes = match message {
            Message::Text(text) => text.as_bytes().to_vec(),
            Message::Binary(bytes) => bytes.to_vec(),
            Message::Ping(_) | Message::Pong(_) => return true,
            Message::Close(_) => return false,
        };
        // Subscriptions belong to this connection; they are asked for alone.
        if let Ok(requests::Message::One(Request { id, asked: Ok(asked) })) = requests::read(&bytes)
            && let Some(outcome) = self.subscription(&asked).await
        {
            return self.say(&envelope(&id, outcome)).await;
        }
        let service = Arc::clone(&self.service);
        self.running.spawn(async move { service.answer(&bytes).await });
        true
    }

    async fn subscription(&mut self, asked: &Asked) -> Option<Answer> {
        match asked.method.as_str() {
            "eth_subscribe" => Some(self.subscribe(&asked.params).await),
            "eth_unsubscribe" => Some(
                asked
                    .params
                    .required::<String>(0)
                    .map(|id| Value::Bool(self.subscriptions.remove(&id).is_some())),
            ),
            _ => None,
        }
    }

    async fn subscribe(&mut self, params: &Params) -> Answer {
        if self.subscriptions.len() >= MAX_SUBSCRIPTIONS {
            return Err(RpcError::limit(format!("{MAX_SUBSCRIPTIONS} subscriptions a connection at most")));
        }
        let kind = match params.required::<String>(0)?.as_str() {
            "newHeads" => Kind::NewHeads,
            "logs" => Kind::Logs(Box::new(params.optional(1)?.unwrap_or_default())),
            "newPendingTransactions" => {
                return Err(RpcError::unprovable("a mempool cannot be proven: only what is in a block can"));
            }
            _ => return Err(RpcError::invalid_params("subscribe to newHeads or logs")),
        };
        if self.seen.is_none() {
            self.seen = Some(Arc::clone(self.service.pin().head().await?));
        }
        let id = random_id()?;
        self.subscriptions.insert(id.clone(), kind);
        to_json(&id)
    }

    /// Tells what came since the last time. Blocks that cannot be read now are told with the next head.
    async fn tell(&mut self) -> bool {
        let at = self.service.pin();
        let Some(seen) = self.seen.clone().filter(|_| self.service.reads().heads().is_some()) else {
            return true;
        };
        let Ok(blocks) = news::since(&at, &seen).await else { return true };
        let mut all = Vec::new();
        for (id, kind) in &self.subscriptions {
            let results: Result<Vec<Value>, RpcError> = match kind {
                Kind::NewHeads => blocks.iter().map(|block| shapes::header_alone(block)).collect(),
                Kind::Logs(filter) => match logs::in_blocks(&at, filter, &blocks).await {
                    Ok(found) => found.iter().map(to_json).collect(),
                    Err(error) => Err(error),
                },
            };
            match results {
                Ok(results) => all.extend(results.into_iter().map(|result| notification(id, &result))),
                Err(_told_with_the_next) => return true,
            }
        }
        if let Some(newest) = blocks.last() {
            self.seen = Some(Arc::clone(newest));
        }
        for one in all {
            if !self.say(&one).await {
                return false;
            }
        }
        true
    }

    /// False where the other side is gone, or takes nothing any more.
    async fn send(&mut self, message: Message) -> bool {
        tokio::time::timeout(SEND_TIME, self.socket.send(message)).await.is_ok_and(|sent| sent.is_ok())
    }

    async fn say(&mut self, value: &Value) -> bool {
        self.send(Message::text(value.to_string())).await
    }
}

fn notification(id: &str, result: &Value) -> Value {
    json!({
        "jsonrpc": "2.0",
        "method": "eth_subscription",
        "params": { "subscription": id, "result": result },
    })
}
