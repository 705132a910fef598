//! Opening the database file: key, settings, who may use it at once, and what SQLite's errors mean.
//!
//! # Several processes
//!
//! The window and a command may use one gallery at once: SQLite's write-ahead log lets everybody read while one writes, and no process
//! lock is held between calls. A write waits at most [`BUSY_LIMIT`] for another process's write, then it is [`GalleryError::Locked`]
//! (`GAL-03`) and nothing was changed. Only creating the file is exclusive, because two first starts would each make a key: whoever comes
//! meanwhile waits for it, at most [`CREATION_LIMIT`]. A first start opens the file on several threads at once.
//!
//! Within a process, SQLite counts itself initialised an instant before SQLCipher is: a thread that opens a file in between is told that no key
//! can be set. So the first opening initialises both and every other one waits for it ([`initialised`]). No test holds this: it takes a
//! debugger that stops one thread there (at `sqlcipher_extra_init`) while another goes on; then every key is refused.

use super::migrations::{MIGRATIONS, migrate};
use super::seal::GalleryKeys;
use crate::ports::gallery::GalleryError;
use crate::ports::keys::KeyStore;
use rusqlite::{Connection, ErrorCode, OpenFlags, ffi};
use std::fs::{File, OpenOptions};
use std::path::Path;
use std::sync::Once;
use std::time::Duration;

/// How long a call waits for another process's write. A commit takes some tens of milliseconds, so this is many of them.
pub const BUSY_LIMIT: Duration = Duration::from_millis(750);

/// How long an opening waits for a first start that is creating the file.
pub const CREATION_LIMIT: Duration = Duration::from_secs(5);

/// Name of the gallery's key in the key store.
#[must_use]
pub const fn key_name(practice: bool) -> &'static str {
    if practice { "practice-gallery" } else { "gallery" }
}

/// Opens or creates the file, with its keys.
pub(super) fn open(path: &Path, keys: &dyn KeyStore, practice: bool) -> Result<(Connection, GalleryKeys), GalleryError> {
    let unopenable = |error: std::io::Error| GalleryError::Unopenable { reason: error.to_string() };
    let length = match std::fs::metadata(path) {
        Ok(metadata) => metadata.len(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => 0,
        Err(error) => return Err(unopenable(error)),
    };
    let creating = path.with_extension("creating");
    if length > 0 {
        if creating.exists() {
            drop(turn_to_create(&creating)?);
        }
        let master = keys.get(key_name(practice))?.ok_or(GalleryError::WrongKey)?;
        let derived = GalleryKeys::derive(&master);
        return Ok((connect(path, &derived, practice)?, derived));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(unopenable)?;
    // Kept to the end of the creation. Whoever had it before may have created the file: then everything below finds it done.
    let _turn = turn_to_create(&creating)?;
    let name = key_name(practice);
    let master = match keys.get(name)? {
        Some(master) => master,
        None => {
            keys.put(name, &new_key()?)?;
            // What the store gives back is what will be there tomorrow.
            keys.get(name)?.ok_or(GalleryError::WrongKey)?
        }
    };
    create_private(path).map_err(unopenable)?;
    let derived = GalleryKeys::derive(&master);
    let connection = connect(path, &derived, practice)?;
    if cfg!(unix) {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(unopenable)?;
    }
    let _ = std::fs::remove_file(creating);
    Ok((connection, derived))
}

/// The lock under which a file is created, once it is free.
fn turn_to_create(creating: &Path) -> Result<File, GalleryError> {
    const STEP: Duration = Duration::from_millis(20);
    let turn = create_private(creating).map_err(|error| GalleryError::Unopenable { reason: error.to_string() })?;
    let mut waited = Duration::ZERO;
    while turn.try_lock().is_err() {
        if waited >= CREATION_LIMIT {
            return Err(GalleryError::Locked);
        }
        std::thread::sleep(STEP);
        waited += STEP;
    }
    Ok(turn)
}

/// Initialises SQLite and SQLCipher, once in a process; returns when that is done. Where it fails, the opening that follows says so.
fn initialised() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| drop(Connection::open_in_memory()));
}

fn connect(path: &Path, keys: &GalleryKeys, practice: bool) -> Result<Connection, GalleryError> {
    initialised();
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_EXRESCODE;
    let mut connection = Connection::open_with_flags(path, flags).map_err(translate)?;
    connection.busy_timeout(BUSY_LIMIT).map_err(translate)?;
    // The library must stay silent: its log would go to the terminal of a kiosk.
    connection.execute_batch("PRAGMA cipher_log_level = NONE").map_err(translate)?;
    connection.execute_batch(&keys.unlock_statement()).map_err(translate)?;
    let first_read = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0));
    first_read.map_err(|error| match translate(error) {
        // With another key the first page does not pass its check; so it is when that page is damaged.
        GalleryError::Damaged { .. } => GalleryError::WrongKey,
        other => other,
    })?;
    connection
        .execute_batch(
            "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY;
             PRAGMA cache_size = -16000; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;",
        )
        .map_err(translate)?;
    pragma_becomes(&connection, "secure_delete", "ON", "1")?;
    migrate_in_wal(&mut connection, practice)?;
    Ok(connection)
}

/// Refuses a file that is too new before anything in it is changed; then switches the log on and migrates.
fn migrate_in_wal(connection: &mut Connection, practice: bool) -> Result<(), GalleryError> {
    let first = move |fresh: &Connection| {
        fresh.execute_batch("INSERT INTO settings (name, value) VALUES ('revision', 0), ('scrub_pending', 0)")?;
        fresh.execute("INSERT INTO settings (name, value) VALUES ('practice', ?1)", [practice]).map(drop)
    };
    migrate(connection, MIGRATIONS, first)?;
    pragma_becomes(connection, "journal_mode", "WAL", "wal")
}

fn pragma_becomes(connection: &Connection, name: &str, wanted: &str, answer: &str) -> Result<(), GalleryError> {
    let got = connection
        .query_row(&format!("PRAGMA {name} = {wanted}"), [], |row| {
            row.get_ref(0)?.as_str().map(str::to_owned).or_else(|_| row.get::<_, i64>(0).map(|n| n.to_string()))
        })
        .map_err(translate)?;
    if got == answer { Ok(()) } else { Err(GalleryError::Unopenable { reason: format!("{name} stayed {got}") }) }
}

/// A file for this account only; an existing one is kept.
fn create_private(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    options.open(path)
}

fn new_key() -> Result<crate::units::SensitiveBytes, GalleryError> {
    use rand::TryRng as _;
    let mut key = crate::units::SensitiveBytes(vec![0; 32]);
    rand::rngs::SysRng
        .try_fill_bytes(&mut key.0)
        .map_err(|error| GalleryError::Unopenable { reason: format!("the system gives no random bytes: {error}") })?;
    Ok(key)
}

/// What an error of SQLite means for the gallery. Its messages name tables and columns, never values.
pub(super) fn translate(error: rusqlite::Error) -> GalleryError {
    let rusqlite::Error::SqliteFailure(code, message) = &error else {
        return match error {
            // The words of the other variants may quote values.
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::Utf8Error(..) => GalleryError::Damaged { what: "a stored value".into() },
            rusqlite::Error::QueryReturnedNoRows => GalleryError::Damaged { what: "a row that must be there".into() },
            _ => GalleryError::Database { reason: "an unexpected answer".into() },
        };
    };
    match (code.code, code.extended_code) {
        (ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked, _) => GalleryError::Locked,
        // The log's index grows by whole blocks; where that fails, there was no room.
        (ErrorCode::DiskFull, _) | (_, ffi::SQLITE_IOERR_SHMSIZE) => GalleryError::DiskFull,
        (ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt, _) | (_, ffi::SQLITE_IOERR_SHORT_READ) => {
            GalleryError::Damaged { what: "the database file".into() }
        }
        (ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::ReadOnly, _) => {
            GalleryError::Unopenable { reason: message.clone().unwrap_or_else(|| code.to_string()) }
        }
        _ => GalleryError::Database { reason: message.clone().unwrap_or_else(|| code.to_string()) },
    }
}
