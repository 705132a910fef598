-- Who is told of what happens here, what happened, and what each still has to be told.

CREATE TABLE webhooks (
    number     INTEGER PRIMARY KEY,
    id         BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    -- Names of events, as JSON.
    events     TEXT NOT NULL,
    encrypt    INTEGER NOT NULL,
    sign       INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    -- Until when the secret before the current one is valid as well; 0 for never.
    overlap_until INTEGER NOT NULL,
    -- Address, header and secrets, under the gallery's lasting key.
    sealed     BLOB NOT NULL
) STRICT;

CREATE TABLE events (
    number     INTEGER PRIMARY KEY,
    id         BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    kind       TEXT NOT NULL,
    -- The flow it belongs to.
    session    BLOB NOT NULL CHECK (length(session) = 16),
    -- Gone with the person.
    subject    INTEGER REFERENCES subjects (number),
    created_at INTEGER NOT NULL,
    -- Who and what, under the person's key; under the gallery's lasting key where `subject` is NULL.
    sealed     BLOB NOT NULL
) STRICT;
CREATE INDEX events_by_session ON events (session);
CREATE INDEX events_by_subject ON events (subject) WHERE subject IS NOT NULL;

CREATE TABLE posts (
    number     INTEGER PRIMARY KEY,
    event      INTEGER NOT NULL REFERENCES events (number) ON DELETE CASCADE,
    webhook    INTEGER NOT NULL REFERENCES webhooks (number) ON DELETE CASCADE,
    -- queued, delivered or set_aside.
    state      TEXT NOT NULL,
    tries      INTEGER NOT NULL,
    due_at     INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    -- What came of the last try; nothing about the person.
    last       TEXT NOT NULL
) STRICT;
CREATE INDEX posts_by_state ON posts (state, due_at, number);
CREATE INDEX posts_by_event ON posts (event);
CREATE INDEX posts_by_webhook ON posts (webhook, number);
