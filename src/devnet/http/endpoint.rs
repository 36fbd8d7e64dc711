//! One running endpoint.

use std::net::Ipv4Addr;

use axum::Router;
use axum::http::HeaderValue;
use axum::middleware::{from_fn, from_fn_with_state};
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

use super::guard::guard;
use super::misbehave::{Edge, misbehave};
use super::stream::FaultyListener;
use super::{Fault, Faults};

/// Why an endpoint could not be opened.
#[derive(Debug, Error)]
pub enum HttpError {
    /// No loopback port could be bound.
    #[error("cannot listen on 127.0.0.1: {0}")]
    Listen(#[from] std::io::Error),
    /// The carrier's name cannot stand in an HTTP header.
    #[error("carrier name {0:?} cannot stand in a header")]
    Carrier(String),
    /// The address does not make a URL.
    #[error("endpoint address is no URL: {0}")]
    Url(#[from] url::ParseError),
}

/// A loopback endpoint that serves until it is dropped.
#[derive(Debug)]
pub struct Endpoint<L> {
    url: Url,
    carrier: String,
    faults: Faults<L>,
    server: JoinHandle<()>,
}

impl<L> Endpoint<L> {
    /// Its address: `http://127.0.0.1:PORT/`.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The name it gives in its `server` header, as a CDN would.
    pub fn carrier(&self) -> &str {
        &self.carrier
    }

    /// The handle to order faults with.
    pub fn faults(&self) -> &Faults<L> {
        &self.faults
    }
}

impl<L> Drop for Endpoint<L> {
    fn drop(&mut self) {
        // Aborting ends the accept loop; connections that are open break at their next byte.
        self.server.abort();
        self.faults.set(Fault::Dead);
    }
}

/// Serves `router` on a free loopback port behind the fault layer. Call within a tokio runtime.
///
/// # Errors
/// [`HttpError`] where no port is free or the carrier's name is unfit for a header.
pub async fn serve<L>(router: Router, faults: Faults<L>, carrier: &str) -> Result<Endpoint<L>, HttpError>
where
    L: Copy + Send + Sync + 'static,
{
    let Ok(name) = HeaderValue::from_str(carrier) else {
        return Err(HttpError::Carrier(carrier.to_owned()));
    };
    let inner = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let url = Url::parse(&format!("http://{}/", inner.local_addr()?))?;
    let edge = Edge { faults: faults.clone(), carrier: name };
    let app = router.layer(from_fn_with_state(edge, misbehave::<L>)).layer(from_fn(guard));
    let listener = FaultyListener { inner, faults: faults.clone() };
    let server = tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, app).await {
            tracing::warn!(%error, "a practice endpoint stopped");
        }
    });
    Ok(Endpoint { url, carrier: carrier.to_owned(), faults, server })
}
