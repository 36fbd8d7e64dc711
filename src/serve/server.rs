//! The port: guarded, bounded, on loopback.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{FromRequestParts as _, Request, State, WebSocketUpgrade};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::answers::Service;
use super::guard::{Admitted, Guard, Origin};
use super::limits::{BODY_TIME, MAX_BODY};
use super::listener::BoundedListener;
use super::{Token, websocket};
use crate::app::Reads;

/// How to serve.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Port; 0 takes a free one.
    pub port: u16,
    /// The secret in the path; `None` lets every local program in.
    pub token: Option<Token>,
    /// Web pages that are let in.
    pub origins: Vec<Origin>,
}

/// Why the port could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The port is taken or forbidden.
    #[error("cannot listen on 127.0.0.1:{port}: {source}")]
    Listen {
        /// Which port.
        port: u16,
        /// What the system says.
        source: std::io::Error,
    },
    /// No token can be made.
    #[error("the system gives no random numbers: {0}")]
    NoRandomness(String),
}

/// A running server. Dropped, it takes no more requests, finishes those under way and closes every WebSocket.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    path: String,
    /// Its end is the sign to stop.
    _stop: watch::Sender<()>,
}

/// What each request is handled with.
#[derive(Debug)]
struct Door {
    guard: Guard,
    service: Arc<Service>,
    stop: watch::Receiver<()>,
}

impl Server {
    /// Opens the port and serves `reads` on it. Call within a tokio runtime.
    ///
    /// # Errors
    /// [`ServeError::Listen`].
    pub async fn start(reads: Reads, options: Options) -> Result<Self, ServeError> {
        let failed = |source| ServeError::Listen { port: options.port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let path = options.token.as_ref().map(Token::to_hex).unwrap_or_default();
        let guard = Guard::new(address.port(), options.origins, options.token);
        let (stop, stopped) = watch::channel(());
        let door = Arc::new(Door { guard, service: Arc::new(Service::new(reads)), stop: stopped.clone() });
        let router = Router::new().fallback(handle).with_state(door);
        let serving = axum::serve(BoundedListener::new(listener), router)
            .with_graceful_shutdown(websocket::until_stopped(stopped));
        tokio::spawn(async move {
            if let Err(error) = serving.await {
                tracing::warn!(%error, "the JSON-RPC server stopped");
            }
        });
        Ok(Self { address, path, _stop: stop })
    }

    /// Where to send requests.
    pub fn url(&self) -> String {
        format!("http://{}/{}", self.address, self.path)
    }

    /// Where to open a WebSocket.
    pub fn websocket_url(&self) -> String {
        format!("ws://{}/{}", self.address, self.path)
    }
}

async fn handle(State(door): State<Arc<Door>>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let mut response = match door.guard.admit(&parts) {
        // Who is not let in keeps no place among the connections.
        Err(refusal) => {
            (refusal.status, [(header::CONNECTION, "close")], format!("{}\n", refusal.words)).into_response()
        }
        Ok(Admitted::Preflight(headers)) => (StatusCode::NO_CONTENT, headers).into_response(),
        Ok(Admitted::Post(headers)) => post(&door.service, headers, body).await,
        Ok(Admitted::WebSocket) => match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
            Ok(upgrade) => websocket::open(upgrade, Arc::clone(&door.service), door.stop.clone()),
            Err(rejection) => rejection.into_response(),
        },
    };
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn post(service: &Service, headers: HeaderMap, body: Body) -> Response {
    let body = match tokio::time::timeout(BODY_TIME, axum::body::to_bytes(body, MAX_BODY)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_too_large_or_broken)) => {
            let words = format!("a request may have {MAX_BODY} bytes at most\n");
            return (StatusCode::PAYLOAD_TOO_LARGE, words).into_response();
        }
        Err(_elapsed) => {
            return (StatusCode::REQUEST_TIMEOUT, "the request did not arrive in time\n").into_response();
        }
    };
    (headers, axum::Json(service.answer(&body).await)).into_response()
}
