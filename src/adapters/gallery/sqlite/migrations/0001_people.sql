-- People, their completed enrolments, templates, pictures and galleries.
--
-- Every column called `sealed` holds nonce, AES-256-GCM ciphertext and tag under the person's own key, bound to table, person and row.
-- What stays readable to whoever has the database key: identifiers, times, counts, origin, held, the recogniser's name, gallery names.

-- Settings of this file: `practice`, `revision`, `scrub_pending`.
CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

-- One wrapped key per person. Rows are only ever appended and, on erasure, overwritten in place with zeros of the same length:
-- no page of this table is split or merged, so no second copy of a key can be left behind in unused page space.
CREATE TABLE subject_keys (
    number  INTEGER PRIMARY KEY,
    wrapped BLOB NOT NULL CHECK (length(wrapped) = 60)
) STRICT;

CREATE TABLE subjects (
    number      INTEGER PRIMARY KEY REFERENCES subject_keys (number),
    id          BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    enrolled_at INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    origin      TEXT NOT NULL,
    held        INTEGER NOT NULL,
    revision    INTEGER NOT NULL,
    sealed      BLOB NOT NULL
) STRICT;
CREATE INDEX subjects_by_change ON subjects (updated_at, number);
CREATE INDEX subjects_by_revision ON subjects (revision);

CREATE TABLE records (
    number      INTEGER PRIMARY KEY,
    id          BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    subject     INTEGER NOT NULL REFERENCES subjects (number),
    enrolled_at INTEGER NOT NULL,
    origin      TEXT NOT NULL,
    active      INTEGER NOT NULL,
    -- HMAC-SHA-256 of the registration code, first 16 bytes.
    code_digest BLOB NOT NULL CHECK (length(code_digest) = 16),
    sealed      BLOB NOT NULL
) STRICT;
CREATE INDEX records_by_subject ON records (subject);
CREATE INDEX records_by_time ON records (enrolled_at, number);
CREATE INDEX records_by_code ON records (code_digest);

CREATE TABLE formats (
    number     INTEGER PRIMARY KEY,
    recogniser TEXT NOT NULL,
    dimensions INTEGER NOT NULL,
    UNIQUE (recogniser, dimensions)
) STRICT;

CREATE TABLE templates (
    number     INTEGER PRIMARY KEY,
    subject    INTEGER NOT NULL REFERENCES subjects (number),
    record     INTEGER NOT NULL REFERENCES records (number),
    format     INTEGER NOT NULL REFERENCES formats (number),
    created_at INTEGER NOT NULL,
    retired_at INTEGER,
    sealed     BLOB NOT NULL
) STRICT;
CREATE INDEX templates_by_subject ON templates (subject);
CREATE INDEX templates_by_record ON templates (record);

CREATE TABLE pictures (
    number  INTEGER PRIMARY KEY,
    subject INTEGER NOT NULL REFERENCES subjects (number),
    record  INTEGER NOT NULL REFERENCES records (number),
    kind    TEXT NOT NULL,
    sealed  BLOB NOT NULL
) STRICT;
CREATE INDEX pictures_by_subject ON pictures (subject, kind);
CREATE INDEX pictures_by_record ON pictures (record);

CREATE TABLE galleries (
    number     INTEGER PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE COLLATE NOCASE,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE members (
    gallery INTEGER NOT NULL REFERENCES galleries (number),
    subject INTEGER NOT NULL REFERENCES subjects (number),
    since   INTEGER NOT NULL,
    PRIMARY KEY (gallery, subject)
) WITHOUT ROWID, STRICT;
CREATE INDEX members_by_subject ON members (subject);

-- That somebody was erased, without who: a keyed digest of the identifier keeps an older export from bringing the person back.
-- The officer's reason is sealed under the gallery's own key, since the person's is gone.
CREATE TABLE erasures (
    number         INTEGER PRIMARY KEY,
    subject_digest BLOB NOT NULL UNIQUE CHECK (length(subject_digest) = 16),
    erased_at      INTEGER NOT NULL,
    templates      INTEGER NOT NULL,
    pictures       INTEGER NOT NULL,
    records        INTEGER NOT NULL,
    sealed_reason  BLOB NOT NULL
) STRICT;
