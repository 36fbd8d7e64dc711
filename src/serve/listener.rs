//! A listener that holds a bounded number of connections; the next one waits until another ends, and one that nobody
//! uses ends by itself.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep};

use super::limits::{IDLE_TIME, MAX_CONNECTIONS};

/// After a failed accept (no file handles left), this long.
const PAUSE: Duration = Duration::from_millis(100);

#[derive(Debug)]
pub(super) struct BoundedListener {
    inner: TcpListener,
    free: Arc<Semaphore>,
}

impl BoundedListener {
    pub(super) fn new(inner: TcpListener) -> Self {
        Self { inner, free: Arc::new(Semaphore::new(MAX_CONNECTIONS)) }
    }
}

impl Listener for BoundedListener {
    type Io = Counted;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Counted, SocketAddr) {
        loop {
            let place = Arc::clone(&self.free).acquire_owned().await.ok();
            match self.inner.accept().await {
                Ok((stream, from)) => return (Counted::new(stream, IDLE_TIME, place), from),
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be taken");
                    sleep(PAUSE).await;
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.inner.local_addr()
    }
}

/// A connection, the place it takes, and when it counts as left.
#[derive(Debug)]
pub(super) struct Counted<S = TcpStream> {
    stream: S,
    idle_time: Duration,
    idle: Pin<Box<Sleep>>,
    _place: Option<OwnedSemaphorePermit>,
}

impl<S> Counted<S> {
    fn new(stream: S, idle_time: Duration, place: Option<OwnedSemaphorePermit>) -> Self {
        Self { stream, idle_time, idle: Box::pin(sleep(idle_time)), _place: place }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Counted<S> {
    /// As of the stream; where nothing arrives for too long it is at its end.
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let arrived = Pin::new(&mut self.stream).poll_read(cx, buf);
        if arrived.is_ready() {
            let until = Instant::now() + self.idle_time;
            self.idle.as_mut().reset(until);
            return arrived;
        }
        self.idle.as_mut().poll(cx).map(Ok)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Counted<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    #[tokio::test]
    async fn what_speaks_now_and_then_stays_and_what_is_silent_ends() {
        let idle_time = Duration::from_millis(400);
        let (mut far, near) = tokio::io::duplex(64);
        let mut near = Counted::new(near, idle_time, None);
        let start = Instant::now();
        for _ in 0..5 {
            sleep(idle_time / 4).await;
            far.write_all(b"x").await.unwrap();
            assert_eq!(near.read(&mut [0; 8]).await.unwrap(), 1);
        }
        let spoke = Instant::now();
        assert!(spoke - start > idle_time);
        assert_eq!(near.read(&mut [0; 8]).await.unwrap(), 0, "the end");
        assert!(spoke.elapsed() >= idle_time);
    }
}
