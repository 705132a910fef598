-- What identity services said after the local decision. It never changes that decision.

CREATE TABLE opinions (
    number  INTEGER PRIMARY KEY,
    -- The flow it belongs to.
    session BLOB NOT NULL UNIQUE CHECK (length(session) = 16),
    -- NULL where nobody was decided on.
    subject INTEGER REFERENCES subjects (number),
    asked_at INTEGER NOT NULL,
    -- Under the person's key; under the gallery's lasting key where `subject` is NULL.
    sealed  BLOB NOT NULL
) STRICT;
CREATE INDEX opinions_by_subject ON opinions (subject, number) WHERE subject IS NOT NULL;
