//! How much may be asked, and how fast.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

use super::error::RpcError;

/// Bytes of one request.
pub(super) const MAX_BODY: usize = 1_000_000;
/// Requests in one batch.
pub(super) const MAX_BATCH: usize = 100;
/// Requests of one batch, or of one WebSocket, that are worked on at once.
pub(super) const AT_ONCE: usize = 16;
/// A body must be here after this long.
pub(super) const BODY_TIME: Duration = Duration::from_secs(10);
/// A request has its answer, or a failure, after this long.
pub(super) const ANSWER_TIME: Duration = Duration::from_secs(60);
/// A connection on which nothing arrives for this long is closed: longer than a request and its answer may take.
pub(super) const IDLE_TIME: Duration = Duration::from_secs(120);
/// A WebSocket is asked for a sign of life this often.
pub(super) const PING_EVERY: Duration = Duration::from_secs(30);
/// A WebSocket whose other side takes nothing for this long is closed.
pub(super) const SEND_TIME: Duration = Duration::from_secs(30);
/// Connections at once.
pub(super) const MAX_CONNECTIONS: usize = 128;

/// Requests worked on at once, over all connections.
const MAX_RUNNING: usize = 32;
/// Requests that may come at once after a rest, and how many more a second: each may cost endpoints several.
const BURST: f64 = 1_000.0;
const PER_SECOND: f64 = 200.0;

/// What is left of both.
#[derive(Debug)]
pub(super) struct Limits {
    running: Semaphore,
    bucket: Mutex<Bucket>,
}

#[derive(Debug)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Limits {
    pub(super) fn new() -> Self {
        Self {
            running: Semaphore::new(MAX_RUNNING),
            bucket: Mutex::new(Bucket { left: BURST, at: Instant::now() }),
        }
    }

    /// Takes one request off the rate, and waits for its turn.
    pub(super) async fn enter(&self) -> Result<SemaphorePermit<'_>, RpcError> {
        if !self.take(Instant::now()) {
            let words = format!("more than {PER_SECOND} requests a second: wait a little");
            return Err(RpcError::limit(words));
        }
        self.running.acquire().await.map_err(|_closed| RpcError::unavailable("the server is stopping"))
    }

    fn take(&self, now: Instant) -> bool {
        let mut bucket = self.bucket.lock().unwrap_or_else(PoisonError::into_inner);
        let rested = now.saturating_duration_since(bucket.at).as_secs_f64();
        bucket.left = (bucket.left + rested * PER_SECOND).min(BURST);
        bucket.at = now;
        let enough = bucket.left >= 1.0;
        if enough {
            bucket.left -= 1.0;
        }
        enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_burst_then_a_rate() {
        let limits = Limits::new();
        let start = Instant::now();
        assert_eq!((0..2_000).filter(|_| limits.take(start)).count(), 1_000);
        let later = start + Duration::from_secs(1);
        assert_eq!((0..2_000).filter(|_| limits.take(later)).count(), 200);
        let much_later = start + Duration::from_secs(1_000);
        assert_eq!((0..2_000).filter(|_| limits.take(much_later)).count(), 1_000);
    }
}
