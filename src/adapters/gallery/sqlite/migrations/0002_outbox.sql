-- What is owed to identity services. Saved in the same write as the record; nothing of a person is copied into it.

CREATE TABLE outbox (
    number      INTEGER PRIMARY KEY,
    -- Identifies the delivery over all its tries.
    key         BLOB NOT NULL UNIQUE CHECK (length(key) = 16),
    service     TEXT NOT NULL,
    operation   TEXT NOT NULL,
    -- NULL for deletions, whose person is gone, and for other machines' packets.
    subject     INTEGER REFERENCES subjects (number),
    -- NULL as well once the completed enrolment was deleted and its delivery stays for the receipt.
    record      INTEGER REFERENCES records (number),
    state       TEXT NOT NULL,
    tries       INTEGER NOT NULL,
    doubts      INTEGER NOT NULL,
    guarantee   TEXT,
    queued_at   INTEGER NOT NULL,
    changed_at  INTEGER NOT NULL,
    due_at      INTEGER NOT NULL,
    -- The last failure and what happened, as JSON; nothing about the person.
    fault       TEXT,
    history     TEXT NOT NULL,
    -- What the service calls the person, sealed under the person's key; under the gallery's lasting key where `subject` is NULL.
    receipt     BLOB,
    -- A deletion waits for the delivery that was under way, or on its way by hand, when the person was erased.
    after_key   BLOB,
    after_state TEXT,
    -- Fingerprint of the machine whose packet it is.
    packet_of   TEXT
) STRICT;
CREATE INDEX outbox_by_state ON outbox (service, state, number);
CREATE INDEX outbox_by_subject ON outbox (subject, service, number) WHERE subject IS NOT NULL;
CREATE UNIQUE INDEX outbox_by_record ON outbox (record, service) WHERE record IS NOT NULL;
CREATE INDEX outbox_by_predecessor ON outbox (after_key) WHERE after_key IS NOT NULL;
