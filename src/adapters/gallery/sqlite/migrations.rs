//! Schema changes as numbered SQL files, each applied once, whole, and never edited afterwards.
//!
//! All that is due is applied in one transaction together with its entry in `schema_migrations`, so an interrupted upgrade leaves the
//! schema it found. A file that knows more than this program is left untouched.

use super::connection::translate;
use crate::ports::gallery::GalleryError;
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior};
use sha2::{Digest as _, Sha256};

/// One schema change.
#[derive(Debug, Clone, Copy)]
pub(super) struct Migration {
    /// Counts up by one, from 1.
    pub number: u32,
    pub name: &'static str,
    pub sql: &'static str,
}

impl Migration {
    fn checksum(&self) -> [u8; 32] {
        Sha256::digest(self.sql.as_bytes()).into()
    }
}

/// Every schema change there is, in order.
pub(super) const MIGRATIONS: &[Migration] = &[
    Migration { number: 1, name: "people", sql: include_str!("migrations/0001_people.sql") },
    Migration { number: 2, name: "outbox", sql: include_str!("migrations/0002_outbox.sql") },
    Migration { number: 3, name: "opinions", sql: include_str!("migrations/0003_opinions.sql") },
    Migration { number: 4, name: "events", sql: include_str!("migrations/0004_events.sql") },
];

/// Brings the schema up to the last of `known`; `first` runs in the same transaction when the file was empty.
///
/// # Errors
/// [`GalleryError::TooNew`] when a newer program wrote the file; [`GalleryError::Unopenable`] when a change is missing from either side
/// or was edited after use. The file is not changed then.
pub(super) fn migrate(
    connection: &mut Connection,
    known: &[Migration],
    first: impl FnOnce(&Connection) -> rusqlite::Result<()>,
) -> Result<(), GalleryError> {
    for (migration, number) in known.iter().zip(1..) {
        if migration.number != number {
            return Err(fault(format!("schema change {number} is missing from this program")));
        }
    }
    if check(&applied(connection)?, known)? == known.len() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(translate)?;
    // Another process may have done the work while this one waited.
    let already = check(&applied(&transaction)?, known)?;
    if already == 0 {
        let table = "CREATE TABLE IF NOT EXISTS schema_migrations (
            number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum BLOB NOT NULL) STRICT";
        transaction.execute_batch(table).map_err(translate)?;
    }
    for migration in &known[already..] {
        transaction.execute_batch(migration.sql).map_err(translate)?;
        transaction
            .execute(
                "INSERT INTO schema_migrations (number, name, checksum) VALUES (?1, ?2, ?3)",
                (migration.number, migration.name, &migration.checksum()[..]),
            )
            .map_err(translate)?;
    }
    if already == 0 {
        first(&transaction).map_err(translate)?;
    }
    transaction.commit().map_err(translate)
}

struct Applied {
    number: u32,
    checksum: Vec<u8>,
}

fn applied(connection: &Connection) -> Result<Vec<Applied>, GalleryError> {
    let table: Option<i64> = connection
        .query_row("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'", [], |row| row.get(0))
        .optional()
        .map_err(translate)?;
    if table.is_none() {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare("SELECT number, checksum FROM schema_migrations ORDER BY number").map_err(translate)?;
    let rows = statement.query_map([], |row| Ok(Applied { number: row.get(0)?, checksum: row.get(1)? })).map_err(translate)?;
    rows.collect::<rusqlite::Result<_>>().map_err(translate)
}

/// How many of `known` are applied; an error when what is applied is not a beginning of it.
fn check(applied: &[Applied], known: &[Migration]) -> Result<usize, GalleryError> {
    let newest = known.last().map_or(0, |m| m.number);
    if let Some(newer) = applied.iter().map(|a| a.number).max().filter(|found| *found > newest) {
        return Err(GalleryError::TooNew { found: newer, known: newest });
    }
    for (entry, migration) in applied.iter().zip(known) {
        if entry.number != migration.number {
            return Err(fault(format!("schema change {} is missing from the file", migration.number)));
        }
        if entry.checksum != migration.checksum() {
            return Err(fault(format!("schema change {} ({}) was edited after it was used", migration.number, migration.name)));
        }
    }
    Ok(applied.len())
}

const fn fault(reason: String) -> GalleryError {
    GalleryError::Unopenable { reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Migration = Migration { number: 1, name: "one", sql: "CREATE TABLE one (x INTEGER) STRICT;" };
    const TWO: Migration = Migration { number: 2, name: "two", sql: "CREATE TABLE two (x INTEGER) STRICT;" };

    fn tables(connection: &Connection) -> Vec<String> {
        let mut statement = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn changes_are_applied_once_and_in_order() {
        let mut connection = Connection::open_in_memory().unwrap();
        let mut firsts = 0;
        for known in [&[ONE][..], &[ONE, TWO], &[ONE, TWO]] {
            migrate(&mut connection, known, |_| {
                firsts += 1;
                Ok(())
            })
            .unwrap();
        }
        assert_eq!(tables(&connection), ["one", "schema_migrations", "two"]);
        assert_eq!(firsts, 1);
    }

    #[test]
    fn a_change_edited_missing_or_unknown_is_refused() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &[ONE, TWO], |_| Ok(())).unwrap();
        let edited = Migration { sql: "CREATE TABLE two (y INTEGER) STRICT;", ..TWO };
        let unopenable = |result: Result<(), GalleryError>| matches!(result, Err(GalleryError::Unopenable { .. }));
        assert!(unopenable(migrate(&mut connection, &[ONE, edited], |_| Ok(()))), "edited after use");
        assert!(unopenable(migrate(&mut connection, &[TWO], |_| Ok(()))), "missing from the program");
        assert_eq!(migrate(&mut connection, &[ONE], |_| Ok(())), Err(GalleryError::TooNew { found: 2, known: 1 }));
        connection.execute("DELETE FROM schema_migrations WHERE number = 1", []).unwrap();
        assert!(unopenable(migrate(&mut connection, &[ONE, TWO], |_| Ok(()))), "missing from the file");
    }

    #[test]
    fn a_change_that_fails_half_way_leaves_nothing() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &[ONE], |_| Ok(())).unwrap();
        let broken = Migration { sql: "CREATE TABLE two (x INTEGER) STRICT; CREATE TABLE one (x INTEGER) STRICT;", ..TWO };
        assert!(migrate(&mut connection, &[ONE, broken], |_| Ok(())).is_err());
        assert_eq!(tables(&connection), ["one", "schema_migrations"]);
        migrate(&mut connection, &[ONE, TWO], |_| Ok(())).unwrap();
        assert_eq!(tables(&connection), ["one", "schema_migrations", "two"]);
    }
}
