//! A connection that can be cut, cut short, or made to say its reply twice.

use std::io::{Error, ErrorKind};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// What happens to the bytes of the next reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    /// They are sent.
    Send,
    /// None is sent and the connection ends.
    Cut,
    /// As [`Self::Cut`], with a reset.
    Reset,
    /// So many bytes of the body are sent, then the connection ends.
    Shorten {
        /// Bytes of the body.
        body: usize,
    },
    /// They are sent twice.
    Repeat,
}

/// Gives orders to a [`Line`].
#[derive(Debug, Clone)]
pub(super) struct LineControl(Arc<Mutex<Order>>);

impl LineControl {
    pub(super) fn order(&self, order: Order) {
        *self.lock() = order;
    }

    fn current(&self) -> Order {
        *self.lock()
    }

    fn lock(&self) -> MutexGuard<'_, Order> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One connection.
pub(super) struct Line {
    stream: TcpStream,
    control: LineControl,
    /// Bytes that may still be written under [`Order::Shorten`].
    left: Option<usize>,
    /// What was written under [`Order::Repeat`], and how much of it was written again.
    echo: (Vec<u8>, usize),
}

impl Line {
    fn new(stream: TcpStream) -> Self {
        let control = LineControl(Arc::new(Mutex::new(Order::Send)));
        Self { stream, control, left: None, echo: (Vec::new(), 0) }
    }

    pub(super) fn control(&self) -> LineControl {
        self.control.clone()
    }
}

impl AsyncRead for Line {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<Result<(), Error>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Line {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<Result<usize, Error>> {
        let gone = || Poll::Ready(Err(Error::from(ErrorKind::BrokenPipe)));
        match self.control.current() {
            Order::Send => Pin::new(&mut self.stream).poll_write(context, bytes),
            Order::Cut => gone(),
            Order::Reset => {
                // Without it the connection ends in the ordinary way, which is a fault as well.
                let _ = self.stream.set_zero_linger();
                gone()
            }
            Order::Shorten { body } => {
                let left = self.left.unwrap_or_else(|| match bytes.windows(4).position(|w| w == b"\r\n\r\n") {
                    Some(head) if body > 0 => head + 4 + body,
                    Some(head) => head / 2,
                    None => bytes.len() / 2,
                });
                if left == 0 {
                    return gone();
                }
                let written = ready!(Pin::new(&mut self.stream).poll_write(context, &bytes[..bytes.len().min(left)]))?;
                self.left = Some(left - written);
                Poll::Ready(Ok(written))
            }
            Order::Repeat => {
                let written = ready!(Pin::new(&mut self.stream).poll_write(context, bytes))?;
                self.echo.0.extend_from_slice(&bytes[..written]);
                Poll::Ready(Ok(written))
            }
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let line = &mut *self;
        while line.echo.1 < line.echo.0.len() {
            let written = ready!(Pin::new(&mut line.stream).poll_write(context, &line.echo.0[line.echo.1..]))?;
            line.echo.1 += written;
            if line.echo.1 == line.echo.0.len() {
                line.echo = (Vec::new(), 0);
                line.control.order(Order::Send);
            }
        }
        Pin::new(&mut line.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// Takes connections and makes lines of them.
pub(super) struct Door(pub(super) TcpListener);

impl axum::serve::Listener for Door {
    type Io = Line;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Line, SocketAddr) {
        let (stream, address) = axum::serve::Listener::accept(&mut self.0).await;
        // A small reply waits for nothing.
        let _ = stream.set_nodelay(true);
        (Line::new(stream), address)
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

impl axum::extract::connect_info::Connected<axum::serve::IncomingStream<'_, Door>> for LineControl {
    fn connect_info(stream: axum::serve::IncomingStream<'_, Door>) -> Self {
        stream.io().control()
    }
}
