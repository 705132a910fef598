//! A small HTTP server that answers as a test tells it to, one connection a request.

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};

/// What a client sent.
#[derive(Debug, Clone)]
pub struct Request {
    pub method: String,
    /// Path and query.
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// What it gets back.
#[derive(Debug, Clone)]
pub enum Reply {
    /// Status, further headers, body.
    Full(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// A length that promises more than is sent.
    Truncated(u16, Vec<u8>),
    /// The connection is closed without a word.
    Nothing,
}

impl Reply {
    pub fn json(status: u16, text: &str) -> Self {
        Self::Full(status, vec![("Content-Type", "application/json".to_owned())], text.as_bytes().to_vec())
    }
}

/// A running server; it ends with the test process.
pub struct Server {
    pub port: u16,
    seen: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    pub fn start(handler: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&seen);
        std::thread::Builder::new()
            .name("test-server".into())
            .spawn(move || {
                for stream in listener.incoming().flatten() {
                    serve(stream, &handler, &kept);
                }
            })
            .expect("a thread");
        Self { port, seen }
    }

    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Every request so far.
    pub fn seen(&self) -> Vec<Request> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn serve(mut stream: TcpStream, handler: &(impl Fn(&Request) -> Reply + Send + Sync), seen: &Mutex<Vec<Request>>) {
    let Some(request) = read_request(&mut stream) else { return };
    seen.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
    write_reply(&mut stream, &handler(&request));
    let _ = stream.shutdown(Shutdown::Write);
}

/// Reads one request from any stream.
pub fn read_request(stream: &mut impl Read) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let mut request = Request { method, target, headers, body: Vec::new() };
    let length = request.header("content-length").and_then(|v| v.parse().ok()).unwrap_or(0);
    request.body = vec![0; length];
    reader.read_exact(&mut request.body).ok()?;
    Some(request)
}

/// Writes one reply to any stream.
pub fn write_reply(stream: &mut impl Write, reply: &Reply) {
    let (status, headers, body, length) = match reply {
        Reply::Full(status, headers, body) => (*status, headers.clone(), body, body.len()),
        Reply::Truncated(status, body) => (*status, Vec::new(), body, body.len() + 100),
        Reply::Nothing => return,
    };
    let mut head = format!("HTTP/1.1 {status} Test\r\nContent-Length: {length}\r\nConnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).and_then(|()| stream.flush());
}
