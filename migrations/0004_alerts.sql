-- Alerts: somebody's answer to a safety item calls for the study's protocol. What was answered stands in no column: the row
-- says of whom and since when, and that is all that whoever acts on it needs. There is one an item of a response, whatever
-- came later. given_at is when the answer was given, where something says so.
CREATE TABLE alerts (
    id              TEXT PRIMARY KEY,
    study_id        TEXT NOT NULL REFERENCES studies (id),
    enrolment_id    TEXT NOT NULL REFERENCES enrolments (id),
    response_id     TEXT NOT NULL REFERENCES responses (id),
    item            TEXT NOT NULL,
    trial           BOOLEAN NOT NULL,
    given_at        BIGINT,
    raised_at       BIGINT NOT NULL,
    acknowledged_at BIGINT,
    UNIQUE (response_id, item)
);
CREATE INDEX alerts_study ON alerts (study_id, raised_at);
CREATE INDEX alerts_open ON alerts (study_id) WHERE acknowledged_at IS NULL;
CREATE INDEX alerts_enrolment ON alerts (enrolment_id);

-- The outbox of their messages, written in the transaction of the answer. next_at is when a server may try next; whoever
-- takes a message on moves it, so that of several servers one sends it, and another goes on where that one died.
CREATE TABLE alert_messages (
    alert_id     TEXT NOT NULL REFERENCES alerts (id),
    step         TEXT NOT NULL CHECK (step IN ('duty-holder', 'deputy', 'escalation')),
    due_at       BIGINT NOT NULL,
    next_at      BIGINT NOT NULL,
    tries        INTEGER NOT NULL,
    sent_at      BIGINT,
    sent_name    TEXT NOT NULL,
    sent_email   TEXT NOT NULL,
    dropped_at   BIGINT,
    PRIMARY KEY (alert_id, step)
) {clustered};
CREATE INDEX alert_messages_waiting ON alert_messages (next_at) WHERE sent_at IS NULL AND dropped_at IS NULL;

-- What was done about an alert, as codes; the first one takes it on.
CREATE TABLE alert_actions (
    alert_id   TEXT NOT NULL REFERENCES alerts (id),
    number     INTEGER NOT NULL CHECK (number >= 1),
    code       TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    at         BIGINT NOT NULL,
    PRIMARY KEY (alert_id, number)
) {clustered};

-- When a server on this database last reached the mail server that it sends through.
CREATE TABLE mail_route (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    reached_at BIGINT NOT NULL
);

-- An older program would take such an answer in and tell nobody.
UPDATE compatibility
SET oldest_schema = 4;
