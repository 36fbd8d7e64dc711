//! The faults that need no knowledge of the layer: late, refused, broken and endless answers.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::stream::{self, StreamExt};

use super::{Fault, Faults};

/// Largest honest answer that is dripped, bytes.
const DRIP_LIMIT: usize = 1 << 20;
/// One piece of an endless body.
const CHUNK: &[u8] = &[b'['; 16 * 1024];
const PORTAL: &str = "<!doctype html><html><head><title>Welcome</title></head><body><h1>Sign in to the network</h1>\
    <form method=post action=/login><input name=room><button>Connect</button></form></body></html>";

/// What every request of one endpoint passes through.
#[derive(Debug)]
pub(super) struct Edge<L> {
    pub(super) faults: Faults<L>,
    /// Value of the `server` header, by which clients learn what carries an endpoint.
    pub(super) carrier: HeaderValue,
}

impl<L> Clone for Edge<L> {
    fn clone(&self) -> Self {
        Self { faults: self.faults.clone(), carrier: self.carrier.clone() }
    }
}

/// Middleware: meets the fault in force, else passes the request on; names the carrier on every answer.
pub(super) async fn misbehave<L>(State(edge): State<Edge<L>>, request: Request, next: Next) -> Response
where
    L: Copy + Send + Sync + 'static,
{
    let mut response = match edge.faults.get() {
        Fault::Slow { millis } => {
            tokio::time::sleep(Duration::from_millis(millis)).await;
            next.run(request).await
        }
        Fault::RateLimited { retry_after_secs } => rate_limited(retry_after_secs),
        Fault::ServerError { status } => {
            StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR).into_response()
        }
        Fault::Portal => ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], PORTAL).into_response(),
        Fault::Silent => std::future::pending().await,
        Fault::Drip => drip(next.run(request).await).await,
        Fault::Endless => {
            json(Body::from_stream(stream::repeat(Ok::<_, Infallible>(Bytes::from_static(CHUNK)))))
        }
        Fault::Healthy
        | Fault::Dead
        | Fault::Frozen { .. }
        | Fault::NoProofs
        | Fault::WrongChain
        | Fault::Lying { .. } => next.run(request).await,
    };
    response.headers_mut().insert(header::SERVER, edge.carrier);
    response
}

fn json(body: Body) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

fn rate_limited(retry_after_secs: u64) -> Response {
    let body = r#"{"code":429,"message":"Too Many Requests: practice rate limit"}"#;
    let mut response = json(Body::from(body));
    *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after_secs));
    response
}

async fn drip(honest: Response) -> Response {
    let (mut parts, body) = honest.into_parts();
    let bytes = to_bytes(body, DRIP_LIMIT).await.unwrap_or_default();
    parts.headers.remove(header::CONTENT_LENGTH);
    let drops = stream::iter(bytes).then(|byte| async move {
        tokio::time::sleep(Duration::from_secs(1)).await;
        Ok::<_, Infallible>(Bytes::copy_from_slice(&[byte]))
    });
    Response::from_parts(parts, Body::from_stream(drops))
}
