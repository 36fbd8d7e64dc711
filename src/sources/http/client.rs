//! One HTTP client for all endpoints: deadlines, size caps, a minimum rate, counters.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use alloy::primitives::Bytes;
use futures::StreamExt as _;
use reqwest::header::{ACCEPT, CONTENT_TYPE, DATE, HeaderMap, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, ClientBuilder, RequestBuilder, Response};
use tokio::time::{Instant, timeout_at};

use super::Carrier;
use crate::sources::SourceError;

/// Some public endpoints answer 403 to an unusual agent, and a usual one tells less about the user.
const USER_AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
/// After the first second a body must keep at least this rate, in bytes a second.
const MINIMUM_RATE: u64 = 4 * 1024;
/// Redirects within one host.
const MAX_REDIRECTS: usize = 3;

/// Deadlines and the way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpOptions {
    /// Deadline of one small read, in milliseconds.
    pub read_ms: u64,
    /// Deadline of one large read (blocks, receipts, update ranges), in milliseconds.
    pub large_read_ms: u64,
    /// Proxy URL (`socks5h://…`, `http://…`); `None` uses the system's.
    pub proxy: Option<String>,
    /// Ask a second endpoint when the first takes unusually long.
    pub hedge: bool,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self { read_ms: 2_000, large_read_ms: 8_000, proxy: None, hedge: true }
    }
}

impl HttpOptions {
    /// The usual deadlines (THREATS T23); through a proxy three times as long, since each hop of it takes its time.
    pub fn through(proxy: Option<String>) -> Self {
        let usual = Self::default();
        let times = if proxy.is_some() { 3 } else { 1 };
        Self { read_ms: usual.read_ms * times, large_read_ms: usual.large_read_ms * times, proxy, ..usual }
    }
}

/// What was sent and received since the start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// HTTP requests.
    pub requests: u64,
    /// Body bytes sent.
    pub bytes_up: u64,
    /// Body bytes received, after decompression.
    pub bytes_down: u64,
}

#[derive(Debug, Default)]
struct Counters {
    requests: AtomicU64,
    bytes_up: AtomicU64,
    bytes_down: AtomicU64,
}

/// A reply whose status was 200.
#[derive(Debug)]
pub(in crate::sources) struct Reply {
    pub(in crate::sources) body: Bytes,
    pub(in crate::sources) is_ssz: bool,
    pub(in crate::sources) version: Option<String>,
    pub(in crate::sources) carrier: Option<Carrier>,
}

/// The shared client. Cheap to clone.
#[derive(Debug, Clone)]
pub(in crate::sources) struct HttpClient {
    inner: Client,
    counters: Arc<Counters>,
    /// By host: what its last `Date` said, and when that came.
    dates: Arc<Mutex<BTreeMap<String, (u64, Instant)>>>,
    pub(in crate::sources) options: HttpOptions,
}

impl HttpClient {
    pub(in crate::sources) fn new(options: HttpOptions) -> Result<Self, SourceError> {
        let inner = build(&options)?;
        Ok(Self { inner, counters: Arc::default(), dates: Arc::default(), options })
    }

    pub(in crate::sources) fn traffic(&self) -> Traffic {
        let load = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Traffic {
            requests: load(&self.counters.requests),
            bytes_up: load(&self.counters.bytes_up),
            bytes_down: load(&self.counters.bytes_down),
        }
    }

    /// The present time, Unix milliseconds, as each host that answered counts it.
    pub(in crate::sources) fn claimed_times_ms(&self) -> Vec<u64> {
        let since = |at: Instant| u64::try_from(at.elapsed().as_millis()).unwrap_or(u64::MAX);
        let dates = self.dates.lock().unwrap_or_else(PoisonError::into_inner);
        dates.values().map(|(date_ms, at)| date_ms.saturating_add(since(*at))).collect()
    }

    fn note_date(&self, host: Option<String>, headers: &HeaderMap) {
        let date = header(headers, DATE.as_str()).and_then(|text| jiff::fmt::rfc2822::parse(text).ok());
        let millis = date.and_then(|date| u64::try_from(date.timestamp().as_millisecond()).ok());
        if let (Some(host), Some(millis)) = (host, millis) {
            self.dates.lock().unwrap_or_else(PoisonError::into_inner).insert(host, (millis, Instant::now()));
        }
    }

    /// GET that prefers SSZ.
    pub(in crate::sources) async fn get(
        &self,
        url: url::Url,
        cap: usize,
        large: bool,
    ) -> Result<Reply, SourceError> {
        let accept = "application/octet-stream;q=1.0,application/json;q=0.9";
        self.send(self.inner.get(url).header(ACCEPT, accept), 0, cap, large).await
    }

    /// GET of JSON: for routes whose SSZ form nobody here reads.
    pub(in crate::sources) async fn get_json(
        &self,
        url: url::Url,
        cap: usize,
        large: bool,
    ) -> Result<Reply, SourceError> {
        self.send(self.inner.get(url).header(ACCEPT, "application/json"), 0, cap, large).await
    }

    /// The same client for servers that are no endpoints: what they say of the time is not listened to.
    pub(in crate::sources) fn apart(&self) -> Self {
        Self { dates: Arc::default(), ..self.clone() }
    }

    /// POST of a JSON body.
    pub(in crate::sources) async fn post(
        &self,
        url: url::Url,
        body: Vec<u8>,
        cap: usize,
        large: bool,
    ) -> Result<Reply, SourceError> {
        let sent = body.len();
        let request = self.inner.post(url).header(CONTENT_TYPE, "application/json").body(body);
        self.send(request, sent, cap, large).await
    }

    async fn send(
        &self,
        request: RequestBuilder,
        sent: usize,
        cap: usize,
        large: bool,
    ) -> Result<Reply, SourceError> {
        let millis = if large { self.options.large_read_ms } else { self.options.read_ms };
        let start = Instant::now();
        let deadline = start + Duration::from_millis(millis);
        self.counters.requests.fetch_add(1, Ordering::Relaxed);
        self.counters.bytes_up.fetch_add(sent as u64, Ordering::Relaxed);
        let response = timeout_at(deadline, request.send())
            .await
            .map_err(|_elapsed| SourceError::Timeout { millis })?
            .map_err(|error| transport(&error, millis))?;
        let (status, headers) = (response.status(), response.headers().clone());
        self.note_date(
            response.url().host_str().map(|host| format!("{host}:{:?}", response.url().port())),
            &headers,
        );
        let body = self.body(response, cap, start, millis).await;
        if status.as_u16() == 200 {
            return Ok(Reply {
                body: body?,
                is_ssz: header(&headers, CONTENT_TYPE.as_str())
                    .is_some_and(|kind| kind.contains("octet-stream")),
                version: header(&headers, "eth-consensus-version").map(str::to_owned),
                carrier: Carrier::of(&headers),
            });
        }
        Err(match status.as_u16() {
            404 => SourceError::NotFound,
            429 => SourceError::RateLimited { retry_after_ms: retry_after_ms(&headers) },
            status => SourceError::Status { status },
        })
    }

    /// The body, capped after decompression and kept to a minimum rate.
    async fn body(
        &self,
        response: Response,
        cap: usize,
        start: Instant,
        millis: u64,
    ) -> Result<Bytes, SourceError> {
        let mut stream = response.bytes_stream();
        let mut body = Vec::new();
        loop {
            let rate_deadline =
                start + Duration::from_millis(1_000 + (body.len() as u64) * 1_000 / MINIMUM_RATE);
            let deadline = (start + Duration::from_millis(millis))
                .min(rate_deadline.max(Instant::now() + Duration::from_millis(50)));
            let chunk = timeout_at(deadline, stream.next())
                .await
                .map_err(|_elapsed| SourceError::Timeout { millis })?;
            let Some(chunk) = chunk else { return Ok(body.into()) };
            let chunk = chunk.map_err(|error| transport(&error, millis))?;
            self.counters.bytes_down.fetch_add(chunk.len() as u64, Ordering::Relaxed);
            if body.len().saturating_add(chunk.len()) > cap {
                return Err(SourceError::TooLarge { limit: cap });
            }
            body.extend_from_slice(&chunk);
        }
    }
}

fn build(options: &HttpOptions) -> Result<Client, SourceError> {
    let builder = || -> Result<ClientBuilder, SourceError> {
        let builder = Client::builder()
            .user_agent(USER_AGENT)
            .redirect(Policy::custom(|attempt| {
                let first = attempt.previous().first();
                let same = first.is_some_and(|first| first.origin() == attempt.url().origin());
                if same && attempt.previous().len() <= MAX_REDIRECTS {
                    attempt.follow()
                } else {
                    attempt.stop()
                }
            }))
            .connect_timeout(Duration::from_millis(options.read_ms));
        let Some(proxy) = &options.proxy else { return Ok(builder) };
        let proxy =
            reqwest::Proxy::all(proxy).map_err(|error| SourceError::Connect { detail: words(&error) })?;
        Ok(builder.proxy(proxy))
    };
    // Without a trust store of the machine's own, reqwest refuses to build: Mozilla's roots stand in.
    if let Ok(client) = builder()?.build() {
        return Ok(client);
    }
    let roots =
        webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().filter_map(|der| Certificate::from_der(der).ok());
    builder()?.tls_certs_only(roots).build().map_err(|error| SourceError::Connect { detail: words(&error) })
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// `Retry-After` in seconds, a minute at most; 2 seconds where it is absent or a date.
fn retry_after_ms(headers: &HeaderMap) -> u64 {
    header(headers, RETRY_AFTER.as_str()).and_then(|value| value.parse::<u64>().ok()).unwrap_or(2).min(60)
        * 1_000
}

fn transport(error: &reqwest::Error, millis: u64) -> SourceError {
    if error.is_timeout() {
        SourceError::Timeout { millis }
    } else {
        SourceError::Connect { detail: words(error) }
    }
}

/// The innermost cause, without the URL (which may hold a key).
fn words(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string().chars().filter(|c| !c.is_control()).take(120).collect()
}
