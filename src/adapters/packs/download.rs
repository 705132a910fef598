//! Downloads one file of known length and hash: resumes, never trusts, never leaves a wrong file behind.

use super::install::{InstallError, Progress};
use super::open::PublishedModel;
use super::store::hex;
use reqwest::blocking::{Client, Response};
use reqwest::{StatusCode, Url, header, redirect};
use sha2::{Digest as _, Sha256};
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::time::Duration;

/// Tries before a broken connection is reported; each goes on where the last one ended.
const ATTEMPTS: usize = 3;
/// Longest one attempt may take; what arrived by then is kept for the next.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(15 * 60);
/// Longest wait for a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);
/// Most redirections followed.
const MAX_REDIRECTS: usize = 5;
/// Bytes read at once.
const CHUNK: usize = 64 * 1024;

/// A client that speaks HTTPS only, redirections included.
pub(super) struct Downloader {
    client: Client,
    plain_loopback: bool,
}

impl Downloader {
    /// - `plain_loopback`: accept `http` to this machine itself; for tests, whose server has no certificate.
    ///
    /// # Errors
    /// [`InstallError::Network`] if the system's certificates cannot be read.
    pub(super) fn new(plain_loopback: bool) -> Result<Self, InstallError> {
        let policy = redirect::Policy::custom(move |attempt| {
            if attempt.previous().len() > MAX_REDIRECTS {
                return attempt.error("too many redirections");
            }
            if acceptable(attempt.url(), plain_loopback) { attempt.follow() } else { attempt.error(NOT_HTTPS) }
        });
        let client = Client::builder()
            .redirect(policy)
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(ATTEMPT_TIMEOUT)
            .user_agent(concat!("visavis/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|e| InstallError::Network { address: "(none)".to_owned(), reason: words(&e) })?;
        Ok(Self { client, plain_loopback })
    }

    /// Fetches `model` into `partial`, going on where an earlier attempt ended, and verifies it.
    ///
    /// # Errors
    /// [`InstallError`]; a file of the wrong content is removed, an incomplete one is kept for the next attempt.
    pub(super) fn fetch(&self, model: &PublishedModel, partial: &Path, progress: &mut dyn FnMut(Progress)) -> Result<(), InstallError> {
        let url = Url::parse(&model.address).ok().filter(|u| acceptable(u, self.plain_loopback));
        let url = url.ok_or_else(|| InstallError::RefusedAddress { address: model.address.clone() })?;
        let mut last = None;
        for _ in 0..ATTEMPTS {
            match self.attempt(&url, model, partial, progress) {
                Ok(()) => return verify(model, partial),
                Err(error @ (InstallError::Network { .. } | InstallError::Truncated { .. })) => last = Some(error),
                Err(error) => return Err(error),
            }
        }
        Err(last.expect("at least one attempt was made"))
    }

    fn attempt(&self, url: &Url, model: &PublishedModel, partial: &Path, progress: &mut dyn FnMut(Progress)) -> Result<(), InstallError> {
        let mut file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(partial)
            .map_err(InstallError::io("written", partial))?;
        let mut have = file.metadata().map_err(InstallError::io("read", partial))?.len();
        if have > model.bytes {
            have = restart(&mut file, partial)?;
        }
        if have == model.bytes {
            return Ok(());
        }
        let mut request = self.client.get(url.clone());
        if have > 0 {
            request = request.header(header::RANGE, format!("bytes={have}-"));
        }
        let mut response = request.send().map_err(|e| refused_or_broken(&e, url))?;
        match response.status() {
            StatusCode::PARTIAL_CONTENT if range_start(&response) == Some(have) => {
                file.seek(SeekFrom::Start(have)).map_err(InstallError::io("written", partial))?;
            }
            // The server does not know ranges, or answered another one: from the start.
            StatusCode::OK => have = restart(&mut file, partial)?,
            StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE => {
                restart(&mut file, partial)?;
                return Err(InstallError::Network { address: url.to_string(), reason: "the server answered another range".to_owned() });
            }
            status => return Err(InstallError::Status { address: url.to_string(), status: status.as_u16() }),
        }
        let resumed_from = have;
        let mut chunk = vec![0; CHUNK];
        // One byte more than expected is read, so that a longer file is noticed without filling the disk.
        while have <= model.bytes {
            let wanted = CHUNK.min(usize::try_from(model.bytes + 1 - have).unwrap_or(CHUNK));
            let read = response
                .read(&mut chunk[..wanted])
                .map_err(|e| InstallError::Network { address: url.to_string(), reason: e.to_string() })?;
            if read == 0 {
                break;
            }
            file.write_all(&chunk[..read]).map_err(InstallError::io("written", partial))?;
            have += read as u64;
            progress(Progress { model: model.id.clone(), received: have.min(model.bytes), total: model.bytes, resumed_from });
        }
        file.sync_all().map_err(InstallError::io("written", partial))?;
        if have < model.bytes {
            return Err(InstallError::Truncated { model: model.id.clone(), expected: model.bytes, found: have });
        }
        Ok(())
    }
}

/// Checks length and SHA-256 of a complete file and removes it if they are wrong.
pub(super) fn verify(model: &PublishedModel, path: &Path) -> Result<(), InstallError> {
    let mut file = File::open(path).map_err(InstallError::io("read", path))?;
    let mut hash = Sha256::new();
    let mut chunk = vec![0; CHUNK];
    let mut length = 0u64;
    loop {
        let read = file.read(&mut chunk).map_err(InstallError::io("read", path))?;
        if read == 0 {
            break;
        }
        length += read as u64;
        hash.update(&chunk[..read]);
    }
    let found = hex(&hash.finalize());
    if length == model.bytes && found == model.sha256 {
        return Ok(());
    }
    drop(file);
    std::fs::remove_file(path).map_err(InstallError::io("removed", path))?;
    Err(InstallError::Altered { model: model.id.clone(), expected: model.sha256.clone(), found, bytes: length })
}

fn restart(file: &mut File, path: &Path) -> Result<u64, InstallError> {
    file.set_len(0).map_err(InstallError::io("written", path))?;
    file.seek(SeekFrom::Start(0)).map_err(InstallError::io("written", path))?;
    Ok(0)
}

/// First byte of the range a partial answer holds: `bytes 100-199/200`.
fn range_start(response: &Response) -> Option<u64> {
    let value = response.headers().get(header::CONTENT_RANGE)?.to_str().ok()?;
    value.strip_prefix("bytes ")?.split('-').next()?.parse().ok()
}

const NOT_HTTPS: &str = "redirected to an address without encryption";

fn acceptable(url: &Url, plain_loopback: bool) -> bool {
    let loopback = matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"));
    url.scheme() == "https" || (plain_loopback && url.scheme() == "http" && loopback)
}

fn refused_or_broken(error: &reqwest::Error, url: &Url) -> InstallError {
    let reason = words(error);
    if error.is_redirect() {
        return InstallError::RefusedAddress { address: format!("{url} ({reason})") };
    }
    InstallError::Network { address: url.to_string(), reason }
}

/// The innermost reason: the outer ones repeat the address.
fn words(error: &reqwest::Error) -> String {
    let mut source: &dyn std::error::Error = error;
    while let Some(inner) = source.source() {
        source = inner;
    }
    source.to_string()
}
