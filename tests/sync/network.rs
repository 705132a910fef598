//! Services behind sockets, so that the process that delivers can be killed and they cannot: a server that loses, cuts, repeats and delays
//! replies by a seed, and the client that speaks to it.
//!
//! A call is a JSON line with the picture's bytes behind it; a reply is a JSON line. Both carry the call's number, so a reply that comes
//! twice is told from the next one.

use crate::book::{Book, capabilities, failure};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use uuid::Uuid;
use visavis::ports::gallery::SubjectId;
use visavis::ports::services::{
    Capabilities, Delivery, Effect, Guarantee, IdentityService, Known, Opinion, Receipt, ServiceError, ServiceFault, ServiceKind,
};
use visavis::units::{SensitiveBytes, UtcTime};

/// Faults the server has caused, by kind.
#[derive(Debug, Default)]
pub struct Mischief {
    pub dropped: AtomicU64,
    pub reply_lost: AtomicU64,
    pub cut: AtomicU64,
    pub repeated: AtomicU64,
    pub busy: AtomicU64,
    pub failed: AtomicU64,
}

/// Serves one service until the process ends.
pub fn serve(guarantee: Guarantee, seed: u64, book: Arc<Mutex<Book>>, mischief: Arc<Mischief>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let chance = Arc::new(Mutex::new(crate::stage::chance(seed)));
    let accept = move || {
        for stream in listener.incoming().map_while(Result::ok) {
            stream.set_nodelay(true).unwrap();
            let (book, mischief, chance) = (Arc::clone(&book), Arc::clone(&mischief), Arc::clone(&chance));
            let talk = move || {
                // A client that was killed ends the conversation anywhere.
                let _ = converse(&stream, guarantee, &book, &mischief, &chance);
            };
            std::thread::Builder::new().name("conversation".into()).spawn(talk).unwrap();
        }
    };
    std::thread::Builder::new().name("service".into()).spawn(accept).unwrap();
    address
}

type Chance = Mutex<Box<dyn FnMut() -> u64 + Send>>;

fn converse(stream: &TcpStream, guarantee: Guarantee, book: &Mutex<Book>, mischief: &Mischief, chance: &Chance) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut writer = stream.try_clone()?;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let call: Value = serde_json::from_str(&line)?;
        let mut picture = vec![0; call["bytes"].as_u64().unwrap_or(0) as usize];
        reader.read_exact(&mut picture)?;
        let draw = (chance.lock().unwrap())() % 100;
        let count = |counter: &AtomicU64| counter.fetch_add(1, Ordering::Relaxed);
        let error = |fault: &str, pause: Option<u64>| json!({ "id": call["id"], "fault": fault, "retry_after": pause });
        match draw {
            0..5 => {
                count(&mischief.dropped);
                return Ok(());
            }
            5..9 => {
                count(&mischief.busy);
                writeln!(writer, "{}", error("busy", Some(5)))?;
                continue;
            }
            9..12 => {
                count(&mischief.failed);
                writeln!(writer, "{}", error("service_failed", None))?;
                continue;
            }
            _ => {}
        }
        let reply = act(&call, picture, guarantee, &mut book.lock().unwrap()).to_string();
        match draw {
            12..18 => {
                count(&mischief.reply_lost);
                return Ok(());
            }
            18..22 => {
                count(&mischief.cut);
                writer.write_all(&reply.as_bytes()[..reply.len() / 2])?;
                return Ok(());
            }
            22..26 => {
                count(&mischief.repeated);
                writeln!(writer, "{reply}\n{reply}")?;
                continue;
            }
            26..32 => std::thread::sleep(Duration::from_millis(20)),
            _ => {}
        }
        writeln!(writer, "{reply}")?;
    }
}

fn act(call: &Value, picture: Vec<u8>, guarantee: Guarantee, book: &mut Book) -> Value {
    let text = |name: &str| call[name].as_str().map(str::to_owned);
    let delivery = Delivery {
        key: text("key").unwrap().parse().unwrap(),
        subject: SubjectId(Uuid::nil()),
        registration_code: text("code").unwrap(),
        remote_reference: text("reference"),
        details: Vec::new(),
        faces: vec![SensitiveBytes(picture)],
        document: Vec::new(),
        evidence: Vec::new(),
    };
    match call["do"].as_str().unwrap() {
        "enrol" => {
            let receipt = book.enrol(&delivery, guarantee);
            json!({ "id": call["id"], "reference": receipt.remote_reference, "repeated": receipt.repeated })
        }
        "delete" if book.delete(&delivery) => json!({ "id": call["id"], "repeated": false }),
        "delete" => json!({ "id": call["id"], "fault": "not_found" }),
        _ => match book.status(delivery.key) {
            Known::Arrived(receipt) => json!({ "id": call["id"], "known": true, "reference": receipt.remote_reference }),
            _ => json!({ "id": call["id"], "known": false }),
        },
    }
}

/// The client.
pub struct Remote {
    kind: ServiceKind,
    capabilities: Capabilities,
    address: SocketAddr,
    connection: Option<BufReader<TcpStream>>,
    calls: u64,
}

impl Remote {
    pub fn new(kind: ServiceKind, guarantee: Guarantee, address: SocketAddr) -> Self {
        Self { kind, capabilities: capabilities(guarantee), address, connection: None, calls: 0 }
    }

    fn call(&mut self, what: &str, delivery: &Delivery, picture: &[u8]) -> Result<Value, ServiceError> {
        self.calls += 1;
        let fail = |fault, effect| ServiceError { effect, ..failure(self.kind, fault) };
        if self.connection.is_none() {
            let stream = TcpStream::connect(self.address).map_err(|_| fail(ServiceFault::Unreachable, Effect::None))?;
            stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
            stream.set_nodelay(true).unwrap();
            self.connection = Some(BufReader::new(stream));
        }
        let mut connection = self.connection.take().unwrap();
        let call = json!({
            "id": self.calls, "do": what, "key": delivery.key.to_string(), "code": delivery.registration_code,
            "reference": delivery.remote_reference, "bytes": picture.len(),
        });
        let mut bytes = format!("{call}\n").into_bytes();
        bytes.extend_from_slice(picture);
        connection.get_mut().write_all(&bytes).map_err(|_| fail(ServiceFault::Interrupted, Effect::Unknown))?;
        loop {
            let mut line = String::new();
            match connection.read_line(&mut line) {
                Ok(0) | Err(_) => return Err(fail(ServiceFault::Interrupted, Effect::Unknown)),
                Ok(_) => {}
            }
            let Ok(reply) = serde_json::from_str::<Value>(&line) else { return Err(fail(ServiceFault::Garbled, Effect::Unknown)) };
            if reply["id"].as_u64() != Some(self.calls) {
                // The reply to an earlier call, once more.
                continue;
            }
            self.connection = Some(connection);
            return match reply["fault"].as_str() {
                None => Ok(reply),
                Some(fault) => Err(ServiceError {
                    fault: serde_json::from_value(fault.into()).unwrap(),
                    retry_after: reply["retry_after"].as_u64().map(Duration::from_millis),
                    ..fail(ServiceFault::Busy, Effect::None)
                }),
            };
        }
    }
}

fn receipt(reply: &Value) -> Receipt {
    Receipt {
        remote_reference: reply["reference"].as_str().map(str::to_owned),
        identifiers: Vec::new(),
        repeated: reply["repeated"].as_bool().unwrap_or(false),
    }
}

impl IdentityService for Remote {
    fn kind(&self) -> ServiceKind {
        self.kind
    }
    fn capabilities(&self) -> Capabilities {
        self.capabilities
    }
    fn check(&mut self) -> Result<(), ServiceError> {
        Ok(())
    }
    fn enrol(&mut self, delivery: &Delivery) -> Result<Receipt, ServiceError> {
        self.call("enrol", delivery, &delivery.faces[0].0).map(|reply| receipt(&reply))
    }
    fn authenticate(&mut self, _: &str, _: &[SensitiveBytes]) -> Result<Opinion, ServiceError> {
        Err(failure(self.kind, ServiceFault::NotOffered))
    }
    fn verify(&mut self, _: &SensitiveBytes, _: &SensitiveBytes) -> Result<Opinion, ServiceError> {
        Err(failure(self.kind, ServiceFault::NotOffered))
    }
    fn search(&mut self, _: &SensitiveBytes) -> Result<Opinion, ServiceError> {
        Err(failure(self.kind, ServiceFault::NotOffered))
    }
    fn insert(&mut self, _: &Delivery) -> Result<Receipt, ServiceError> {
        Err(failure(self.kind, ServiceFault::NotOffered))
    }
    fn delete(&mut self, delivery: &Delivery) -> Result<Receipt, ServiceError> {
        self.call("delete", delivery, &[]).map(|reply| receipt(&reply))
    }
    fn status(&mut self, delivery: &Delivery) -> Result<Known, ServiceError> {
        let reply = self.call("status", delivery, &[])?;
        Ok(if reply["known"] == true { Known::Arrived(receipt(&reply)) } else { Known::Absent })
    }
    fn clock_offset(&self) -> Option<i64> {
        None
    }
    fn now_is(&mut self, _: UtcTime) {}
}
