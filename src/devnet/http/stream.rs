//! Connections that break when their endpoint is ordered dead.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

use super::{Fault, Faults};

/// Accepts connections, and closes them at once while the endpoint is dead.
#[derive(Debug)]
pub(super) struct FaultyListener<L> {
    pub(super) inner: TcpListener,
    pub(super) faults: Faults<L>,
}

impl<L: Copy + Send + Sync + 'static> Listener for FaultyListener<L> {
    type Io = FaultyStream<L>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, address) = Listener::accept(&mut self.inner).await;
            if !is_dead(&self.faults) {
                return (FaultyStream { inner: stream, faults: self.faults.clone() }, address);
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.inner.local_addr()
    }
}

/// A connection whose reads and writes fail once the endpoint is dead.
#[derive(Debug)]
pub(super) struct FaultyStream<L> {
    inner: TcpStream,
    faults: Faults<L>,
}

fn is_dead<L: Copy>(faults: &Faults<L>) -> bool {
    matches!(faults.get(), Fault::Dead)
}

impl<L: Copy> FaultyStream<L> {
    fn alive(&self) -> io::Result<()> {
        if is_dead(&self.faults) { Err(io::ErrorKind::ConnectionReset.into()) } else { Ok(()) }
    }
}

impl<L: Copy> AsyncRead for FaultyStream<L> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.inner).poll_read(cx, buf);
        // Checked after the read, so that a request that came in on an idle connection is dropped too.
        if polled.is_ready() && buf.filled().len() > before {
            self.alive()?;
        }
        polled
    }
}

impl<L: Copy> AsyncWrite for FaultyStream<L> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.alive()?;
        Pin::new(&mut self.inner).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}
