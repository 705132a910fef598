//! `visavis events`: who is told of what happens here, what they still have to be told, and what happened.

use super::parts::Parts;
use super::{Answer, Failure, Global, Printer, usage};
use crate::adapters::services::post::{self, Poster};
use crate::adapters::services::secrets::resolve;
use crate::advice::Advice;
use crate::config::SignatureEncoding;
use crate::ports::events::{EVENT_KINDS, EventStore, Post, PostState, Registration, Webhook};
use crate::ports::services::ServiceKind;
use crate::runtime::clock::Clock as _;
use crate::runtime::events::{Teller, turn};
use crate::runtime::sync::Turn;
use crate::units::{SensitiveBytes, UtcTime};
use base64::Engine as _;
use clap::{Args, Subcommand};
use serde::Serialize;
use std::path::PathBuf;
use std::time::Duration;
use uuid::Uuid;

/// `visavis events`.
#[derive(Debug, Args)]
pub struct EventsCommand {
    /// Use the practice gallery's receivers.
    #[arg(long, global = true)]
    practice: bool,
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Names of events.
    Types,
    /// Registers a receiver and prints its secret, which is not shown again.
    Register(RegisterCommand),
    /// Every receiver.
    List,
    /// One receiver.
    Show {
        /// Its identifier.
        webhook: Uuid,
    },
    /// Changes what a receiver was registered with; what is not named stays.
    Update(UpdateCommand),
    /// Gives a receiver a new secret and prints it; the one before stays valid for a while.
    Rotate {
        /// Its identifier.
        webhook: Uuid,
        /// Hours for which the secret before stays valid [default: `events.overlap_hours`].
        #[arg(long, value_parser = clap::value_parser!(u32).range(0..=720))]
        overlap_hours: Option<u32>,
    },
    /// Removes a receiver and what it had to be told.
    Remove {
        /// Its identifier.
        webhook: Uuid,
    },
    /// Events a receiver was to be told, by number, identifier or operation token.
    Query {
        /// Identifier of the receiver.
        webhook: Uuid,
        /// Numbers, identifiers or operation tokens.
        #[arg(required = true)]
        transactions: Vec<String>,
    },
    /// Messages and what became of them, newest first.
    Posts(PostsCommand),
    /// Tells what is due now: exit code 0 when nothing is left, 1 when something waits or was set aside.
    Run {
        /// Longest wait for a receiver that is busy or does not answer, seconds.
        #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(0..=86_400))]
        wait: u64,
    },
    /// Has messages that were set aside wait again.
    Retry {
        /// Of this receiver only.
        webhook: Option<Uuid>,
    },
    /// Whether a message comes from here, as a receiver would check it: exit code 1 when it does not.
    Verify(VerifyCommand),
}

#[derive(Debug, Args)]
struct RegisterCommand {
    /// Where events are posted; https, or this machine itself.
    url: String,
    /// An event wanted, as `visavis events types` names it; may be repeated.
    #[arg(long = "event", value_name = "NAME", required = true, value_parser = kind)]
    events: Vec<String>,
    #[command(flatten)]
    options: Options,
}

#[derive(Debug, Args)]
struct UpdateCommand {
    /// Its identifier.
    webhook: Uuid,
    /// Where events are posted.
    #[arg(long)]
    url: Option<String>,
    /// An event wanted; those named replace all that were.
    #[arg(long = "event", value_name = "NAME", value_parser = kind)]
    events: Vec<String>,
    #[command(flatten)]
    options: Options,
}

#[derive(Debug, Args)]
struct Options {
    /// Header sent along, for the receiver to check, and its value by reference: `NAME=env:…`, `NAME=file:…` or `NAME=keyring:…`.
    #[arg(long, value_name = "NAME=REFERENCE")]
    auth_header: Option<String>,
    /// Whether bodies are encrypted.
    #[arg(long, value_name = "true|false")]
    encrypt: Option<bool>,
    /// Whether bodies are signed.
    #[arg(long, value_name = "true|false")]
    sign: Option<bool>,
}

#[derive(Debug, Args)]
struct PostsCommand {
    /// Of this receiver only.
    webhook: Option<Uuid>,
    /// In this state only (queued, delivered, set_aside).
    #[arg(long, value_parser = state)]
    state: Option<PostState>,
    /// Messages to skip.
    #[arg(long, default_value_t = 0)]
    offset: u64,
    /// Messages wanted, at most 1000.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
}

#[derive(Debug, Args)]
struct VerifyCommand {
    /// The body as received.
    body: PathBuf,
    /// The signature header's value.
    #[arg(long)]
    signature: String,
    /// A secret by reference, in base 64 as it was handed out; may be repeated.
    #[arg(long = "secret", value_name = "REFERENCE", required = true)]
    secrets: Vec<String>,
}

fn kind(text: &str) -> Result<String, String> {
    if EVENT_KINDS.contains(&text) { Ok(text.to_owned()) } else { Err("no such event; see `visavis events types`".to_owned()) }
}

fn state(text: &str) -> Result<PostState, String> {
    PostState::from_name(text).ok_or_else(|| format!("there are {}", PostState::ALL.map(PostState::name).join(", ")))
}

#[derive(Serialize)]
struct WebhookRow {
    webhook_id: String,
    url: String,
    events: Vec<String>,
    encrypt_message_body: bool,
    add_signature_header: bool,
    auth_header_key: Option<String>,
    created_at: String,
    previous_secret_valid_until: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

impl WebhookRow {
    fn new(webhook: &Webhook, secret: Option<&SensitiveBytes>) -> Self {
        let Registration { url, auth, encrypt, sign, events } = webhook.registration.clone();
        Self {
            webhook_id: webhook.id.simple().to_string(),
            url,
            events,
            encrypt_message_body: encrypt,
            add_signature_header: sign,
            auth_header_key: auth.map(|(name, _)| name),
            created_at: webhook.created_at.to_rfc3339(),
            previous_secret_valid_until: webhook.overlap_until.map(UtcTime::to_rfc3339),
            secret: secret.map(|secret| base64::engine::general_purpose::STANDARD.encode(&secret.0)),
        }
    }

    fn text(&self) -> String {
        let secret = self.secret.as_ref().map(|secret| format!("\nsecret, not shown again: {secret}")).unwrap_or_default();
        format!("{} {} {}{secret}\n", self.webhook_id, self.url, self.events.join(" "))
    }
}

#[derive(Serialize)]
struct PostRow {
    number: u64,
    webhook_id: String,
    event: Uuid,
    transaction_num: u64,
    r#type: String,
    state: PostState,
    tries: u32,
    changed_at: String,
    last: String,
}

impl From<&Post> for PostRow {
    fn from(post: &Post) -> Self {
        Self {
            number: post.number,
            webhook_id: post.webhook.simple().to_string(),
            event: post.event.id,
            transaction_num: post.event.number,
            r#type: post.event.event.kind.clone(),
            state: post.state,
            tries: post.tries,
            changed_at: post.changed_at.to_rfc3339(),
            last: post.last.clone(),
        }
    }
}

pub(super) fn run(global: &Global, command: &EventsCommand, printer: &Printer) -> Result<Answer, Failure> {
    if let Action::Types = command.action {
        printer.document("event_types", &serde_json::json!({ "types": EVENT_KINDS }), || EVENT_KINDS.join("\n"))?;
        return Ok(Answer::Yes);
    }
    let parts = Parts::new(global)?;
    if let Action::Verify(verify) = &command.action {
        return check(&parts, verify, printer);
    }
    let mut store = parts.events(command.practice)?;
    let now = parts.clock.utc();
    match &command.action {
        Action::Register(register) => {
            let Options { auth_header, encrypt, sign } = &register.options;
            let auth = auth_header.as_deref().map(header).transpose()?;
            let registration = Registration {
                url: register.url.clone(),
                auth,
                encrypt: encrypt.unwrap_or(true),
                sign: sign.unwrap_or(true),
                events: register.events.clone(),
            };
            poster(&parts)?.check(&registration.url)?;
            let secret = new_secret();
            let webhook = store.register(&registration, &secret, now)?;
            one(&webhook, Some(&secret), printer)
        }
        Action::List => {
            let rows: Vec<WebhookRow> = store.webhooks()?.iter().map(|webhook| WebhookRow::new(webhook, None)).collect();
            printer.document("webhooks", &serde_json::json!({ "webhooks": rows }), || rows.iter().map(WebhookRow::text).collect())?;
            Ok(Answer::Yes)
        }
        Action::Show { webhook } => one(&store.webhook(*webhook, now)?.0, None, printer),
        Action::Update(update) => {
            let (mut webhook, _) = store.webhook(update.webhook, now)?;
            change(&mut webhook.registration, update)?;
            poster(&parts)?.check(&webhook.registration.url)?;
            store.update(update.webhook, &webhook.registration)?;
            one(&webhook, None, printer)
        }
        Action::Rotate { webhook, overlap_hours } => {
            let hours = overlap_hours.unwrap_or(parts.config.events.overlap_hours);
            let secret = new_secret();
            store.rotate(*webhook, &secret, UtcTime(now.0 + i64::from(hours) * 3_600_000), now)?;
            one(&store.webhook(*webhook, now)?.0, Some(&secret), printer)
        }
        Action::Remove { webhook } => {
            store.remove(*webhook)?;
            printer.document("webhook_removed", &serde_json::json!({ "webhook_id": webhook.simple() }), || "removed".to_owned())?;
            Ok(Answer::Yes)
        }
        Action::Query { webhook, transactions } => {
            let found = store.events(*webhook, transactions)?;
            let list: Vec<_> = found.iter().map(crate::ports::events::KeptEvent::message).collect();
            printer.document("events", &serde_json::json!({ "list": list }), || list.iter().map(|event| format!("{event}\n")).collect())?;
            Ok(if list.is_empty() { Answer::No } else { Answer::Yes })
        }
        Action::Posts(posts) => {
            let page = store.posts(posts.webhook, posts.state, posts.offset, posts.limit)?;
            let rows: Vec<PostRow> = page.entries.iter().map(PostRow::from).collect();
            let line = |row: &PostRow| format!("{} {} {} {} {}\n", row.changed_at, row.r#type, row.state.name(), row.tries, row.last);
            printer.document("event_posts", &serde_json::json!({ "total": page.total, "offset": posts.offset, "posts": rows }), || {
                let heading = format!("{:24} {} {} {} {}\n", "changed", "event", "state", "tries", "last");
                match page.total {
                    0 => String::new(),
                    total => heading + &rows.iter().map(line).collect::<String>() + &format!("{} of {total}", rows.len()),
                }
            })?;
            Ok(Answer::Yes)
        }
        Action::Run { wait } => tell(&parts, command.practice, store, Duration::from_secs(*wait), printer),
        Action::Retry { webhook } => {
            let count = store.retry(*webhook, now)?;
            printer.document("events_retry", &serde_json::json!({ "retried": count }), || format!("{count} messages wait again"))?;
            Ok(Answer::Yes)
        }
        Action::Types | Action::Verify(_) => Ok(Answer::Yes),
    }
}

fn one(webhook: &Webhook, secret: Option<&SensitiveBytes>, printer: &Printer) -> Result<Answer, Failure> {
    let row = WebhookRow::new(webhook, secret);
    printer.document("webhook", &row, || row.text())?;
    Ok(Answer::Yes)
}

fn change(registration: &mut Registration, update: &UpdateCommand) -> Result<(), Failure> {
    if let Some(url) = &update.url {
        registration.url.clone_from(url);
    }
    if !update.events.is_empty() {
        registration.events.clone_from(&update.events);
    }
    if let Some(auth) = &update.options.auth_header {
        registration.auth = Some(header(auth)?);
    }
    registration.encrypt = update.options.encrypt.unwrap_or(registration.encrypt);
    registration.sign = update.options.sign.unwrap_or(registration.sign);
    Ok(())
}

fn header(text: &str) -> Result<(String, String), Failure> {
    let refused = || usage("a header is written NAME=env:…, NAME=file:… or NAME=keyring:…");
    let (name, reference) = text.split_once('=').ok_or_else(refused)?;
    let known = ["env:", "file:", "keyring:"].iter().any(|place| reference.starts_with(place));
    if name.is_empty() || !known { Err(refused()) } else { Ok((name.to_owned(), reference.to_owned())) }
}

fn new_secret() -> SensitiveBytes {
    SensitiveBytes(rand::random::<[u8; 32]>().to_vec())
}

fn poster(parts: &Parts) -> Result<Poster, Failure> {
    let secrets = Some(parts.secrets()?);
    let surroundings = crate::adapters::services::Surroundings { secrets, ..parts.service_surroundings()? };
    Ok(Poster::new(&parts.config.events, &parts.config.services.http, surroundings)?)
}

fn tell(parts: &Parts, practice: bool, store: Box<dyn EventStore>, patience: Duration, printer: &Printer) -> Result<Answer, Failure> {
    let _turn = Turn::take(&turn(&parts.places()?, practice))?;
    let mut teller = Teller::new(store, poster(parts)?, &parts.config.events);
    let tally = teller.run_until_rest(&parts.clock, patience)?;
    let waiting = teller.store.posts(None, Some(PostState::Queued), 0, 1)?.total;
    let document = serde_json::json!({ "done": tally, "waiting": waiting });
    printer.document("events_run", &document, || {
        format!("{} told, {} put off, {} set aside, {waiting} waiting", tally.delivered, tally.failed_tries, tally.set_aside)
    })?;
    Ok(if waiting == 0 && tally.set_aside == 0 { Answer::Yes } else { Answer::No })
}

fn check(parts: &Parts, command: &VerifyCommand, printer: &Printer) -> Result<Answer, Failure> {
    let body = std::fs::read(&command.body).map_err(|e| usage(format!("{} cannot be read: {e}", command.body.display())))?;
    let boxed = parts.secrets()?;
    let mut secrets = Vec::new();
    for reference in &command.secrets {
        let text = resolve(ServiceKind::AwareId, reference, Some(&boxed))?;
        let bytes = base64::engine::general_purpose::STANDARD.decode(text.0.as_bytes()).ok().filter(|bytes| bytes.len() == 32);
        let advice = Advice::input("EVT-01", "Give the secret as `visavis events register` or `rotate` printed it.");
        secrets.push(SensitiveBytes(bytes.ok_or_else(|| Failure::new(format!("{reference} holds no receiver's secret"), advice))?));
    }
    let encoding: SignatureEncoding = parts.config.events.signature_encoding;
    let signed = post::is_signed(&secrets, &command.signature, &body, encoding);
    let opened = if signed { post::decrypt(&secrets, &body).or_else(|| Some(body.clone())) } else { None };
    let message = opened.and_then(|bytes| serde_json::from_slice::<serde_json::Value>(&bytes).ok());
    let document = serde_json::json!({ "signed": signed, "message": message });
    printer
        .document("event_verified", &document, || if signed { "it comes from here" } else { "it does not come from here" }.to_owned())?;
    Ok(if signed { Answer::Yes } else { Answer::No })
}
