//! Reads the database file behind SQLite's back: every page of the file and every frame of its log, free and stale ones included, decrypted
//! with the gallery's key as SQLCipher 4 documents its format, and searched byte by byte.
//!
//! Written from the descriptions alone and sharing no code with the product, so that it finds what the product would not.

use aes_gcm::aead::{Aead as _, KeyInit as _, Payload};
use aes_gcm::aes::Aes256;
use aes_gcm::aes::cipher::BlockCipherDecrypt as _;
use hmac::Mac as _;
use rusqlite::Connection;
use std::collections::HashMap;
use std::path::Path;

/// SQLCipher 4: pages of 4096 bytes, the last 80 of which hold IV and authentication code.
const PAGE: usize = 4096;
const RESERVE: usize = 80;
const SALT: usize = 16;
/// Shortest piece of a value that counts as a remnant.
pub const PIECE: usize = 16;

/// The 32 bytes of the gallery's key file.
pub fn master_key(folder: &Path) -> Vec<u8> {
    let text = std::fs::read_to_string(folder.join("keys/gallery.key")).unwrap();
    let digits = text.split_whitespace().nth(1).unwrap();
    (0..32).map(|i| u8::from_str_radix(&digits[2 * i..2 * i + 2], 16).unwrap()).collect()
}

fn derive(master: &[u8], info: &str) -> [u8; 32] {
    let mut key = [0; 32];
    hkdf::Hkdf::<sha2::Sha256>::new(None, master).expand(info.as_bytes(), &mut key).unwrap();
    key
}

fn page_key(master: &[u8]) -> [u8; 32] {
    derive(master, "visavis/gallery/1 database pages")
}

/// A connection beside the product's, for reading rows and holding locks.
pub fn connect(folder: &Path) -> Connection {
    let connection = Connection::open(folder.join("gallery.db")).unwrap();
    let digits: String = page_key(&master_key(folder)).iter().map(|byte| format!("{byte:02x}")).collect();
    connection.execute_batch(&format!("PRAGMA key = \"x'{digits}'\"")).unwrap();
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(())).unwrap();
    connection
}

/// Every page, decrypted: those of the file, then those of the log. Fails on any page whose authentication code is wrong.
pub fn decrypted_pages(folder: &Path) -> Vec<Vec<u8>> {
    let file = std::fs::read(folder.join("gallery.db")).unwrap();
    let key = page_key(&master_key(folder));
    let salt: Vec<u8> = file[..SALT].iter().map(|byte| byte ^ 0x3a).collect();
    let code_key = pbkdf2_twice(&key, &salt);
    assert_eq!(file.len() % PAGE, 0);
    let mut pages: Vec<Vec<u8>> = file.chunks(PAGE).zip(1..).map(|(page, number)| decrypt(page, number, &key, &code_key)).collect();
    let log = std::fs::read(folder.join("gallery.db-wal")).unwrap_or_default();
    for frame in log.get(32..).unwrap_or_default().chunks_exact(24 + PAGE) {
        let number = u32::from_be_bytes(frame[..4].try_into().unwrap());
        pages.push(decrypt(&frame[24..], number, &key, &code_key));
    }
    pages
}

/// PBKDF2-HMAC-SHA-512, two iterations, one block, first 32 bytes.
fn pbkdf2_twice(key: &[u8], salt: &[u8]) -> [u8; 32] {
    let mac = |data: &[u8]| -> [u8; 64] {
        let mut mac = hmac::Hmac::<sha2::Sha512>::new_from_slice(key).unwrap();
        mac.update(data);
        mac.finalize().into_bytes().into()
    };
    let first = mac(&[salt, &1u32.to_be_bytes()].concat());
    let second = mac(&first);
    std::array::from_fn(|i| first[i] ^ second[i])
}

fn decrypt(page: &[u8], number: u32, key: &[u8; 32], code_key: &[u8; 32]) -> Vec<u8> {
    if page.iter().all(|byte| *byte == 0) {
        // Not written yet: a later page was copied back from the log first.
        return page.to_vec();
    }
    let start = if number == 1 { SALT } else { 0 };
    let (body, trailer) = page.split_at(PAGE - RESERVE);
    let (iv, code) = (&trailer[..16], &trailer[16..80]);
    let mut mac = hmac::Hmac::<sha2::Sha512>::new_from_slice(code_key).unwrap();
    mac.update(&body[start..]);
    mac.update(iv);
    mac.update(&number.to_le_bytes());
    assert!(mac.verify_slice(code).is_ok(), "page {number} cannot be read");
    let cipher = Aes256::new(key.into());
    let mut plain = Vec::with_capacity(body.len());
    let mut previous = iv;
    for block in body[start..].chunks_exact(16) {
        let mut out = aes_gcm::aes::Block::try_from(block).unwrap();
        cipher.decrypt_block(&mut out);
        plain.extend(out.iter().zip(previous).map(|(a, b)| a ^ b));
        previous = block;
    }
    plain
}

/// For each of `values`, how many positions of `pages` hold [`PIECE`] bytes of it; shorter values are searched whole. A value may be cut over
/// pages.
pub fn pieces_found(pages: &[Vec<u8>], values: &[Vec<u8>]) -> Vec<usize> {
    let mut found = vec![0; values.len()];
    let mut pieces: HashMap<u128, usize> = HashMap::new();
    for (index, value) in values.iter().enumerate() {
        if value.len() < PIECE {
            found[index] = pages.iter().map(|page| page.windows(value.len()).filter(|window| window == value).count()).sum();
        }
        pieces.extend(value.windows(PIECE).map(|piece| (as_number(piece), index)));
    }
    for window in pages.iter().flat_map(|page| page.windows(PIECE)) {
        if let Some(index) = pieces.get(&as_number(window)) {
            found[*index] += 1;
        }
    }
    found
}

fn as_number(piece: &[u8]) -> u128 {
    u128::from_le_bytes(piece.try_into().unwrap())
}

/// As [`pieces_found`], of all values together.
pub fn remnants(pages: &[Vec<u8>], values: &[Vec<u8>]) -> usize {
    pieces_found(pages, values).iter().sum()
}

/// Everything the file holds about one person, as stored: identifiers, wrapped key, sealed values, digests.
pub struct Stored {
    pub number: i64,
    pub id: Vec<u8>,
    pub wrapped: Vec<u8>,
    /// Kind of value as the product numbers it, row, sealed bytes.
    pub sealed: Vec<(u8, i64, Vec<u8>)>,
    /// Record identifiers and code digests.
    pub others: Vec<Vec<u8>>,
}

impl Stored {
    pub fn read(connection: &Connection, id: &[u8]) -> Self {
        let number: i64 = connection.query_row("SELECT number FROM subjects WHERE id = ?1", [id], |row| row.get(0)).unwrap();
        let wrapped = connection.query_row("SELECT wrapped FROM subject_keys WHERE number = ?1", [number], |row| row.get(0)).unwrap();
        let mut sealed = Vec::new();
        for (kind, sql) in [
            (2, "SELECT number, sealed FROM subjects WHERE number = ?1"),
            (3, "SELECT number, sealed FROM records WHERE subject = ?1"),
            (4, "SELECT number, sealed FROM templates WHERE subject = ?1"),
            (5, "SELECT number, sealed FROM pictures WHERE subject = ?1"),
        ] {
            let mut statement = connection.prepare(sql).unwrap();
            let rows = statement.query_map([number], |row| Ok((kind, row.get(0)?, row.get(1)?))).unwrap();
            sealed.extend(rows.map(Result::unwrap));
        }
        let mut others = Vec::new();
        for sql in ["SELECT id FROM records WHERE subject = ?1", "SELECT code_digest FROM records WHERE subject = ?1"] {
            let mut statement = connection.prepare(sql).unwrap();
            let found: Vec<Vec<u8>> = statement.query_map([number], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
            others.extend(found);
        }
        Self { number, id: id.to_vec(), wrapped, sealed, others }
    }

    /// All of it as byte strings to search for.
    pub fn values(&self) -> Vec<Vec<u8>> {
        let own = [self.id.clone(), self.wrapped.clone()];
        own.into_iter().chain(self.others.iter().cloned()).chain(self.sealed.iter().map(|(.., bytes)| bytes.clone())).collect()
    }

    /// Opens the person's key and every sealed value, whole, from what was stored.
    pub fn open(&self, master: &[u8]) -> Vec<Vec<u8>> {
        let wrapping = derive(master, "visavis/gallery/1 subject keys");
        let key = unseal(&wrapping, 1, &self.id, self.number, &self.wrapped);
        self.sealed.iter().map(|(kind, row, bytes)| unseal(&key, *kind, &self.id, *row, bytes)).collect()
    }
}

fn unseal(key: &[u8], kind: u8, subject: &[u8], row: i64, sealed: &[u8]) -> Vec<u8> {
    let place = [b"visavis/gallery", &[kind][..], subject, &row.to_be_bytes()].concat();
    let cipher = aes_gcm::Aes256Gcm::new_from_slice(key).unwrap();
    let nonce = aes_gcm::Nonce::try_from(&sealed[..12]).unwrap();
    cipher.decrypt(&nonce, Payload { msg: &sealed[12..], aad: &place }).expect("the saved key opens the saved value")
}
