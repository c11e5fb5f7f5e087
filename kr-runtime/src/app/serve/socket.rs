//! The socket of a connection, which writes down what happens on it.

use super::activity::{Activity, add};
use super::open_connections::OpenConnection;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};
use tokio_util::task::task_tracker::TaskTrackerToken;

/// For how long a client may read the response to a request whose body was not read. If the connection was closed while more
/// of the body arrives, the client would be told of an error and never see the response.
const LINGER: Duration = Duration::from_secs(2);

/// The socket of a connection.
pub(super) struct Socket {
    stream: TcpStream,
    activity: Arc<Activity>,
    linger: Option<Pin<Box<Sleep>>>,
    _open: OpenConnection,
    _token: TaskTrackerToken,
}

impl Socket {
    /// The token says how long there is the socket, which another protocol may take over from the connection.
    pub(super) fn new(
        stream: TcpStream,
        activity: Arc<Activity>,
        open: OpenConnection,
        token: TaskTrackerToken,
    ) -> Self {
        Self {
            stream,
            activity,
            linger: None,
            _open: open,
            _token: token,
        }
    }

    fn note_write(&self, written: &Poll<io::Result<usize>>) {
        if let Poll::Ready(Ok(bytes)) = written {
            add(&self.activity.written, *bytes as u64);
        }
        self.activity
            .is_write_blocked
            .store(written.is_pending(), Relaxed);
    }

    /// Reads and drops the rest of what the client sends, for a while.
    fn poll_linger(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let linger = self.linger.get_or_insert_with(|| Box::pin(sleep(LINGER)));
        if linger.as_mut().poll(context).is_ready() {
            return Poll::Ready(());
        }
        let mut buffer = [0; 16 * 1024];
        // Not without end: other connections wait.
        for _ in 0..16 {
            let mut buffer = ReadBuf::new(&mut buffer);
            match ready!(Pin::new(&mut self.stream).poll_read(context, &mut buffer)) {
                Ok(()) if !buffer.filled().is_empty() => {}
                _ => return Poll::Ready(()),
            }
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let socket = self.get_mut();
        let before = buffer.filled().len();
        let read = Pin::new(&mut socket.stream).poll_read(context, buffer);
        add(
            &socket.activity.read,
            (buffer.filled().len() - before) as u64,
        );
        read
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let socket = self.get_mut();
        let written = Pin::new(&mut socket.stream).poll_write(context, bytes);
        socket.note_write(&written);
        written
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let socket = self.get_mut();
        let written = Pin::new(&mut socket.stream).poll_write_vectored(context, slices);
        socket.note_write(&written);
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let socket = self.get_mut();
        if socket.linger.is_none() {
            ready!(Pin::new(&mut socket.stream).poll_shutdown(context))?;
        }
        if socket.activity.has_unread_body.load(Relaxed) {
            ready!(socket.poll_linger(context));
        }
        Poll::Ready(Ok(()))
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.activity.is_closed.store(true, Relaxed);
    }
}
