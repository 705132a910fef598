//! Serves one service over HTTP, with its faults.

use super::TwinOptions;
use super::exchange::{Call, Reply};
use super::faults::{DrawnError, Fault, FaultPlan, FaultRates};
use super::forms;
use super::ledger::Ledger;
use super::line::{Door, LineControl, Order};
use super::operation::{Hosted, Posting};
use crate::ports::services::ServiceKind;
use crate::units::UtcTime;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{ConnectInfo, Path, Query, RawPathParams, State};
use axum::http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use axum::routing::{any, get, post, put};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;

/// Longer bodies are refused unread.
const MAX_BODY: usize = 64 * 1024 * 1024;
/// Threads that serve calls.
const WORKERS: usize = 2;
/// How long open calls get when the twin stops.
const STOPPING: Duration = Duration::from_millis(200);
/// Messages to receivers waiting at most; more are dropped.
const MESSAGES: usize = 1000;
/// How long a receiver may take.
const MESSAGE_TIMEOUT: Duration = Duration::from_secs(5);
/// Waits before a receiver that failed is tried again.
const MESSAGE_RETRIES: [Duration; 3] = [Duration::from_millis(50), Duration::from_millis(200), Duration::from_millis(800)];

/// What every call shares.
pub(super) struct Shared {
    service: ServiceKind,
    address: SocketAddr,
    host: Mutex<Box<dyn Hosted>>,
    faults: Mutex<FaultPlan>,
    calls: Mutex<BTreeMap<u16, u64>>,
    now: super::Now,
    stopping: AtomicBool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    pub(super) fn new(host: Box<dyn Hosted>, service: ServiceKind, options: &TwinOptions, address: SocketAddr) -> Self {
        Self {
            service,
            address,
            host: Mutex::new(host),
            faults: Mutex::new(FaultPlan::new(options.faults, options.seed)),
            calls: Mutex::new(BTreeMap::new()),
            now: Arc::clone(&options.now),
            stopping: AtomicBool::new(false),
        }
    }

    pub(super) fn faults(&self) -> MutexGuard<'_, FaultPlan> {
        lock(&self.faults)
    }

    pub(super) fn ledger(&self) -> Ledger {
        let holdings = lock(&self.host).holdings();
        let faults = self.faults().caused().clone();
        Ledger { service: self.service.name(), calls: lock(&self.calls).clone(), faults, holdings }
    }

    fn perform(&self, operation: usize, call: &Call) -> (Reply, Vec<Posting>) {
        let mut host = lock(&self.host);
        *lock(&self.calls).entry(host.number(operation)).or_default() += 1;
        let reply = host.perform(operation, call);
        (reply, host.postings())
    }
}

/// Serves until told to stop; runs on the twin's own thread.
pub(super) fn run(listener: std::net::TcpListener, shared: Arc<Shared>, stopped: oneshot::Receiver<()>) {
    let built = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(WORKERS)
        .thread_name(format!("twin-{}-serve", shared.service.name()))
        .enable_io()
        .enable_time()
        .build();
    let runtime = match built {
        Ok(runtime) => runtime,
        Err(error) => return tracing::error!(%error, "the twin cannot serve"),
    };
    let (messages, waiting) = sync_channel(MESSAGES);
    let told = Arc::clone(&shared);
    let messenger = std::thread::Builder::new().name("twin-messages".to_owned()).spawn(move || send_messages(&waiting, &told.stopping));
    if let Err(error) = &messenger {
        tracing::warn!(%error, "the twin sends no messages");
    }
    let routes = router(&shared, &messages);
    drop(messages);
    let address = shared.address;
    runtime.spawn(async move {
        match tokio::net::TcpListener::from_std(listener) {
            Ok(listener) => {
                let service = routes.into_make_service_with_connect_info::<LineControl>();
                // It ends with the runtime.
                let _ = axum::serve(Door(listener), service).await;
            }
            Err(error) => tracing::error!(%error, %address, "the twin cannot listen"),
        }
    });
    // An error means that the twin was dropped, which stops it as well.
    let _ = stopped.blocking_recv();
    shared.stopping.store(true, Ordering::Relaxed);
    runtime.shutdown_timeout(STOPPING);
}

#[derive(Clone)]
struct Serving {
    shared: Arc<Shared>,
    messages: SyncSender<Posting>,
}

fn router(shared: &Arc<Shared>, messages: &SyncSender<Posting>) -> Router {
    let mut by_path: BTreeMap<String, Vec<(&'static str, usize)>> = BTreeMap::new();
    for route in lock(&shared.host).routes() {
        by_path.entry(route.path).or_default().push((route.method, route.operation));
    }
    let mut router = Router::new();
    for (path, operations) in by_path {
        let operations: Arc<[(&'static str, usize)]> = operations.into();
        let handler = move |State(serving): State<Serving>,
                            ConnectInfo(line): ConnectInfo<LineControl>,
                            parameters: RawPathParams,
                            request: Request<Body>| {
            let parameters = parameters.iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
            serve(serving, line, Arc::clone(&operations), parameters, request)
        };
        router = router.route(&path, any(handler));
    }
    let unknown = |State(serving): State<Serving>| async move {
        let reply = lock(&serving.shared.host).unknown_path();
        response(reply, (serving.shared.now)())
    };
    let ledger = |State(serving): State<Serving>| async move {
        let reply = match serde_json::to_value(serving.shared.ledger()) {
            Ok(ledger) => Reply::ok(&ledger),
            Err(error) => Reply::text(500, error.to_string()),
        };
        response(reply, (serving.shared.now)())
    };
    let next = |State(serving): State<Serving>, Path(word): Path<String>, Query(aim): Query<BTreeMap<String, u16>>| async move {
        serving.shared.faults().queue(aim.get("operation").copied(), Fault::from_word(&word));
        StatusCode::NO_CONTENT
    };
    let rates = |State(serving): State<Serving>, plan: String| async move {
        match FaultRates::parse(&plan) {
            Ok(rates) => {
                serving.shared.faults().set_rates(rates);
                response(Reply::empty(204), (serving.shared.now)())
            }
            Err(error) => response(Reply::text(400, error.to_string()), (serving.shared.now)()),
        }
    };
    router
        .route("/_twin/ledger", get(ledger))
        .route("/_twin/next/{fault}", post(next))
        .route("/_twin/rates", put(rates))
        .fallback(unknown)
        .with_state(Serving { shared: Arc::clone(shared), messages: messages.clone() })
}

async fn serve(
    serving: Serving,
    line: LineControl,
    operations: Arc<[(&'static str, usize)]>,
    parameters: BTreeMap<String, String>,
    request: Request<Body>,
) -> Response<Body> {
    let Serving { shared, messages } = serving;
    let now = (shared.now)();
    let candidates: Vec<usize> = operations.iter().filter(|(m, _)| *m == request.method().as_str()).map(|(_, o)| *o).collect();
    if candidates.is_empty() {
        let reply = lock(&shared.host).wrong_method();
        return response(reply, now);
    }
    let first = lock(&shared.host).number(candidates[0]);
    let several = candidates.len() > 1;
    // Which of several operations is meant shows in the body; faults before reading it then count for the first.
    let (head, body) = request.into_parts();
    let mut drawn = if several { None } else { Some(shared.faults().draw(first)) };
    if drawn.as_ref().is_some_and(|(faults, _)| faults.contains(&Fault::Reset)) {
        line.order(Order::Reset);
        return response(Reply::empty(500), now);
    }
    let Ok(body) = to_bytes(body, MAX_BODY).await else {
        return response(lock(&shared.host).trouble(413), now);
    };
    let headers = head.headers.iter().filter_map(|(n, v)| Some((n.as_str().to_owned(), v.to_str().ok()?.to_owned()))).collect();
    let query = head.uri.query().and_then(forms::pairs).unwrap_or_default();
    let mut call = Call { parameters, query, headers, body: body.into(), now, shape: 0 };
    let operation = if several { lock(&shared.host).choose(&candidates, &call) } else { candidates[0] };
    let number = lock(&shared.host).number(operation);
    let (faults, error) = drawn.take().unwrap_or_else(|| shared.faults().draw(number));
    let (reply, postings) = answer(&shared, operation, &mut call, &faults, error);
    for posting in postings {
        // A full queue drops messages, as a service that gives up does.
        let _ = messages.try_send(posting);
    }
    let mut date = now;
    for fault in &faults {
        match fault {
            Fault::Slow(wait) => tokio::time::sleep(*wait).await,
            Fault::Reset => line.order(Order::Reset),
            Fault::LoseReply => line.order(Order::Cut),
            Fault::Truncate => line.order(Order::Shorten { body: reply.body.len() / 2 }),
            Fault::RepeatReply => line.order(Order::Repeat),
            Fault::SkewClock(seconds) => date = UtcTime(now.0.saturating_add(seconds.saturating_mul(1000))),
            _ => {}
        }
    }
    response(reply, date)
}

/// What the service answers under these faults, and the messages it sends on the way.
fn answer(shared: &Shared, operation: usize, call: &mut Call, faults: &[Fault], error: Option<DrawnError>) -> (Reply, Vec<Posting>) {
    for fault in faults {
        match fault {
            Fault::Shape(shape) => call.shape = *shape,
            Fault::ExpireTokens => lock(&shared.host).expire_tokens(),
            _ => {}
        }
    }
    let refusal = faults.iter().find(|f| !f.processes()).map(|fault| match fault {
        Fault::Busy(wait) => Reply { retry_after: Some(wait.as_secs()), ..lock(&shared.host).trouble(429) },
        Fault::Unavailable(wait) => Reply { retry_after: Some(wait.as_secs()), ..lock(&shared.host).trouble(503) },
        Fault::Documented(name) => {
            let host = lock(&shared.host);
            host.documented(name, call).unwrap_or_else(|| Reply::text(400, format!("the twin knows no error named {name}")))
        }
        _ => Reply::empty(500),
    });
    if let Some(reply) = refusal {
        return (reply, Vec::new());
    }
    if let Some(DrawnError(fraction)) = error {
        return (lock(&shared.host).drawn_error(fraction, call), Vec::new());
    }
    let (mut reply, mut postings) = shared.perform(operation, call);
    if faults.contains(&Fault::ProcessTwice) {
        let (again, more) = shared.perform(operation, call);
        reply = again;
        postings.extend(more);
    }
    if faults.contains(&Fault::FailAfterApplying) {
        reply = lock(&shared.host).trouble(500);
    }
    (reply, postings)
}

fn response(reply: Reply, date: UtcTime) -> Response<Body> {
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut set = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    };
    set("date", &http_date(date));
    if let Some(content_type) = reply.content_type {
        set("content-type", content_type);
    }
    if let Some(seconds) = reply.retry_after {
        set("retry-after", &seconds.to_string());
    }
    response
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`.
fn http_date(at: UtcTime) -> String {
    use time::macros::format_description;
    let seconds = at.0.div_euclid(1000).clamp(0, 253_402_300_799);
    let moment = time::OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(time::OffsetDateTime::UNIX_EPOCH);
    let format = format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");
    moment.format(format).unwrap_or_default()
}

/// Sends messages in their order until the twin stops.
fn send_messages(waiting: &Receiver<Posting>, stopping: &AtomicBool) {
    let client = match reqwest::blocking::Client::builder().no_proxy().timeout(MESSAGE_TIMEOUT).build() {
        Ok(client) => client,
        Err(error) => return tracing::warn!(%error, "the twin sends no messages"),
    };
    while let Ok(posting) = waiting.recv() {
        if !on_loopback(&posting.url) {
            tracing::warn!("the twin sends messages to this machine only");
            continue;
        }
        let waits = std::iter::once(Duration::ZERO).chain(MESSAGE_RETRIES);
        let taken = waits.take_while(|_| !stopping.load(Ordering::Relaxed)).any(|wait| {
            std::thread::sleep(wait);
            delivered(&client, &posting)
        });
        if !taken {
            tracing::warn!("a receiver did not take a message of the twin");
        }
    }
}

fn delivered(client: &reqwest::blocking::Client, posting: &Posting) -> bool {
    let request = client.post(&posting.url).header("content-type", "application/json").body(posting.body.clone());
    let request = posting.headers.iter().fold(request, |request, (name, value)| request.header(name, value));
    request.send().is_ok_and(|reply| reply.status().is_success())
}

fn on_loopback(url: &str) -> bool {
    let Ok(url) = reqwest::Url::parse(url) else { return false };
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_http_does() {
        assert_eq!(http_date(UtcTime(784_111_777_000)), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(http_date(UtcTime(-5)), "Thu, 01 Jan 1970 00:00:00 GMT");
    }

    #[test]
    fn messages_stay_on_this_machine() {
        assert!(on_loopback("http://127.0.0.1:80/x") && on_loopback("http://localhost:1/") && on_loopback("http://[::1]:9/"));
        assert!(!on_loopback("http://192.0.2.1/") && !on_loopback("http://localhost.example/") && !on_loopback("nonsense"));
    }
}
