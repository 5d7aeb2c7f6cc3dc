-- The first schema. Times are Unix milliseconds, UTC; days are days since 1970-01-01 in the study's zone; identifiers
-- made by the store are lower-case hex that sorts in the order of making, unless order must not show.
-- {clustered} makes SQLite keep a small table in its primary key alone, which halves the pages a commit writes.

-- The oldest schema that a binary must know to use this database.
CREATE TABLE compatibility (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    oldest_schema INTEGER NOT NULL
);
INSERT INTO compatibility (id, oldest_schema) VALUES (1, 1);

-- Secrets of the server: sealing of participants' sessions, digests of the ledger, hashing of codes.
CREATE TABLE server_keys (
    id         TEXT PRIMARY KEY,
    purpose    TEXT NOT NULL,
    secret     TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    retired_at BIGINT
);
CREATE UNIQUE INDEX server_keys_current ON server_keys (purpose) WHERE retired_at IS NULL;

-- Studies and what they are made of -------------------------------------------------------------------------------

CREATE TABLE instruments (
    hash       TEXT PRIMARY KEY,
    id         TEXT NOT NULL,
    version    TEXT NOT NULL,
    source     TEXT NOT NULL,
    stored_at  BIGINT NOT NULL,
    UNIQUE (id, version)
);

CREATE TABLE wordings (
    hash            TEXT PRIMARY KEY,
    instrument_hash TEXT NOT NULL REFERENCES instruments (hash),
    language        TEXT NOT NULL,
    source          TEXT NOT NULL,
    stored_at       BIGINT NOT NULL
);
CREATE INDEX wordings_instrument ON wordings (instrument_hash, language, stored_at);

CREATE TABLE studies (
    id         TEXT PRIMARY KEY,
    state      TEXT NOT NULL CHECK (state IN ('draft', 'pilot', 'live', 'closed', 'locked')),
    version    INTEGER NOT NULL,
    changed_at BIGINT NOT NULL,
    closed_at  BIGINT,
    CHECK ((state IN ('closed', 'locked')) = (closed_at IS NOT NULL))
) {clustered};

CREATE TABLE study_versions (
    study_id  TEXT NOT NULL REFERENCES studies (id),
    version   INTEGER NOT NULL,
    hash      TEXT NOT NULL,
    source    TEXT NOT NULL,
    loaded_at BIGINT NOT NULL,
    PRIMARY KEY (study_id, version)
);

CREATE TABLE sites (
    study_id TEXT NOT NULL REFERENCES studies (id),
    id       TEXT NOT NULL,
    arm_id   TEXT NOT NULL,
    PRIMARY KEY (study_id, id)
);

CREATE TABLE waves (
    study_id TEXT NOT NULL REFERENCES studies (id),
    id       TEXT NOT NULL,
    audience TEXT NOT NULL CHECK (audience IN ('patients', 'staff', 'organisations')),
    PRIMARY KEY (study_id, id)
);

-- The exact instruments, in order, that a wave asks; responses point here and so keep the version they began with.
CREATE TABLE questionnaires (
    hash        TEXT PRIMARY KEY,
    study_id    TEXT NOT NULL,
    wave_id     TEXT NOT NULL,
    instruments TEXT NOT NULL,
    stored_at   BIGINT NOT NULL,
    FOREIGN KEY (study_id, wave_id) REFERENCES waves (study_id, id)
);

-- Accounts ---------------------------------------------------------------------------------------------------------

CREATE TABLE accounts (
    id          TEXT PRIMARY KEY,
    email       TEXT NOT NULL UNIQUE,
    name        TEXT NOT NULL,
    role        TEXT NOT NULL CHECK (role IN ('administrator', 'researcher', 'data-manager', 'data-entry',
                                              'interviewer', 'practice', 'auditor')),
    study_id    TEXT,
    site_id     TEXT,
    password    TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    disabled_at BIGINT,
    FOREIGN KEY (study_id, site_id) REFERENCES sites (study_id, id),
    CHECK ((role = 'practice') = (site_id IS NOT NULL))
);

-- A row per signed-in browser; the token itself is never stored.
CREATE TABLE account_sessions (
    token_hash TEXT PRIMARY KEY,
    data       TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX account_sessions_expires_at ON account_sessions (expires_at);

-- One-time links with which the first administrator, and later each account, sets a password.
CREATE TABLE setup_links (
    token_hash TEXT PRIMARY KEY,
    account_id TEXT REFERENCES accounts (id),
    expires_at BIGINT NOT NULL
);

-- Forms that may do their work once, from when they were sent.
CREATE TABLE sent_forms (
    form_hash  TEXT PRIMARY KEY,
    expires_at BIGINT NOT NULL
);

CREATE TABLE api_keys (
    id         TEXT PRIMARY KEY,
    study_id   TEXT NOT NULL REFERENCES studies (id),
    name       TEXT NOT NULL,
    scope      TEXT NOT NULL CHECK (scope IN ('submit', 'read')),
    key_hash   TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);

CREATE TABLE audit (
    id         TEXT PRIMARY KEY,
    at         BIGINT NOT NULL,
    account_id TEXT REFERENCES accounts (id),
    action     TEXT NOT NULL,
    study_id   TEXT,
    object     TEXT NOT NULL,
    detail     TEXT NOT NULL
);

-- People -----------------------------------------------------------------------------------------------------------

CREATE TABLE participants (
    id         TEXT PRIMARY KEY,
    created_at BIGINT NOT NULL
);

-- Written only in the transaction that stores a consent.
CREATE TABLE contact_details (
    participant_id TEXT PRIMARY KEY REFERENCES participants (id),
    name           TEXT NOT NULL,
    telephone      TEXT NOT NULL,
    email          TEXT NOT NULL,
    address        TEXT NOT NULL,
    changed_at     BIGINT NOT NULL
);

-- label is what the practice or a file calls the person: a number that means nothing elsewhere.
CREATE TABLE enrolments (
    id             TEXT PRIMARY KEY,
    study_id       TEXT NOT NULL,
    site_id        TEXT NOT NULL,
    arm_id         TEXT NOT NULL,
    participant_id TEXT NOT NULL REFERENCES participants (id),
    label          TEXT NOT NULL,
    sampled_at     BIGINT NOT NULL,
    sampled_day    INTEGER NOT NULL,
    baseline_day   INTEGER,
    consented_at   BIGINT,
    withdrawn_at   BIGINT,
    simd_decile    INTEGER CHECK (simd_decile BETWEEN 1 AND 10),
    simd_version   TEXT,
    FOREIGN KEY (study_id, site_id) REFERENCES sites (study_id, id),
    UNIQUE (study_id, label),
    CHECK (simd_decile IS NULL OR simd_version IS NOT NULL)
) {clustered};
CREATE INDEX enrolments_site ON enrolments (study_id, site_id);

-- Referrals, contacts with a links practitioner and the like: what happened, on which day, as codes.
CREATE TABLE enrolment_events (
    id           TEXT PRIMARY KEY,
    enrolment_id TEXT NOT NULL REFERENCES enrolments (id),
    kind         TEXT NOT NULL CHECK (kind IN ('referral', 'contact', 'issue')),
    day          INTEGER NOT NULL,
    attended     BOOLEAN,
    code         TEXT NOT NULL
);
CREATE INDEX enrolment_events_enrolment ON enrolment_events (enrolment_id);

CREATE TABLE consents (
    id           TEXT PRIMARY KEY,
    enrolment_id TEXT NOT NULL REFERENCES enrolments (id),
    version      TEXT NOT NULL,
    language     TEXT NOT NULL,
    clauses      TEXT NOT NULL,
    sitting      TEXT NOT NULL,
    given_at     BIGINT NOT NULL
);
CREATE INDEX consents_enrolment ON consents (enrolment_id);

-- A personal link and a typed code for one enrolment and wave. Only keyed hashes are stored.
CREATE TABLE invitations (
    id           TEXT PRIMARY KEY,
    enrolment_id TEXT NOT NULL REFERENCES enrolments (id),
    study_id     TEXT NOT NULL,
    wave_id      TEXT NOT NULL,
    link_hash    TEXT NOT NULL UNIQUE,
    code_hash    TEXT NOT NULL UNIQUE,
    created_at   BIGINT NOT NULL,
    ended_at     BIGINT,
    FOREIGN KEY (study_id, wave_id) REFERENCES waves (study_id, id)
);
CREATE INDEX invitations_enrolment ON invitations (enrolment_id, wave_id);

-- Answers ----------------------------------------------------------------------------------------------------------

-- The questionnaire of one enrolment and wave, folded from its submissions. answers is a JSON object by item code;
-- origins says which sitting and sequence gave each of them. A row without submissions (revision 0) holds a disposition
-- that an account recorded.
CREATE TABLE responses (
    id                 TEXT PRIMARY KEY,
    enrolment_id       TEXT NOT NULL REFERENCES enrolments (id),
    wave_id            TEXT NOT NULL,
    questionnaire      TEXT NOT NULL REFERENCES questionnaires (hash),
    pilot              BOOLEAN NOT NULL,
    revision           INTEGER NOT NULL,
    answers            TEXT NOT NULL,
    origins            TEXT NOT NULL,
    began_at           BIGINT,
    changed_at         BIGINT,
    finished_at        BIGINT,
    answered_at        BIGINT,
    late_days          INTEGER NOT NULL,
    differing          INTEGER NOT NULL,
    mode               TEXT NOT NULL,
    language           TEXT NOT NULL,
    helper             TEXT NOT NULL,
    outcome            TEXT NOT NULL,
    disposition        TEXT NOT NULL,
    disposition_source TEXT NOT NULL,
    disposition_reason TEXT NOT NULL,
    dispositions       INTEGER NOT NULL,
    UNIQUE (enrolment_id, wave_id)
);

-- The ledger: every submission that arrived, in order of receipt (revision) within its response. Rows are added and
-- never changed, but for erasure, which blanks content and digest. attempt is 0 but for conflicts, which are kept
-- beside the submission whose id and sequence they reused.
CREATE TABLE submissions (
    response_id TEXT NOT NULL REFERENCES responses (id),
    sitting     TEXT NOT NULL,
    seq         INTEGER NOT NULL CHECK (seq >= 1),
    attempt     INTEGER NOT NULL,
    revision    INTEGER NOT NULL,
    verdict     TEXT NOT NULL,
    late_days   INTEGER NOT NULL,
    content     TEXT NOT NULL,
    digest      TEXT NOT NULL,
    account_id  TEXT REFERENCES accounts (id),
    received_at BIGINT NOT NULL,
    erased_at   BIGINT,
    PRIMARY KEY (response_id, sitting, seq, attempt)
) {clustered};

-- value is NULL where the score is not valid, and why says why. A rescore under another rule adds rows.
CREATE TABLE scores (
    response_id     TEXT NOT NULL REFERENCES responses (id),
    scale_id        TEXT NOT NULL,
    rule            TEXT NOT NULL,
    instrument_hash TEXT NOT NULL,
    value           DOUBLE PRECISION,
    answered        INTEGER NOT NULL,
    asked           INTEGER NOT NULL,
    prorated        BOOLEAN NOT NULL,
    why             TEXT NOT NULL,
    PRIMARY KEY (response_id, scale_id, rule)
) {clustered};

CREATE TABLE dispositions (
    response_id TEXT NOT NULL REFERENCES responses (id),
    number      INTEGER NOT NULL,
    disposition TEXT NOT NULL,
    source      TEXT NOT NULL,
    reason      TEXT NOT NULL,
    account_id  TEXT REFERENCES accounts (id),
    at          BIGINT NOT NULL,
    PRIMARY KEY (response_id, number)
) {clustered};

-- The anonymous staff survey: two tables that nothing else points to and that hold no time, no order and no person. ----

-- Codes that have not been spent. Spending one deletes its row.
CREATE TABLE staff_codes (
    code_hash TEXT PRIMARY KEY,
    study_id  TEXT NOT NULL,
    wave_id   TEXT NOT NULL,
    site_id   TEXT NOT NULL,
    FOREIGN KEY (study_id, wave_id) REFERENCES waves (study_id, id),
    FOREIGN KEY (study_id, site_id) REFERENCES sites (study_id, id)
) {clustered};

-- Ids are random and the table is kept in their order, so that it does not tell who answered first.
CREATE TABLE staff_answers (
    id            TEXT PRIMARY KEY,
    study_id      TEXT NOT NULL,
    wave_id       TEXT NOT NULL,
    site_id       TEXT NOT NULL,
    questionnaire TEXT NOT NULL REFERENCES questionnaires (hash),
    language      TEXT NOT NULL,
    answers       TEXT NOT NULL,
    FOREIGN KEY (study_id, wave_id) REFERENCES waves (study_id, id),
    FOREIGN KEY (study_id, site_id) REFERENCES sites (study_id, id)
) {clustered};

-- Releases ---------------------------------------------------------------------------------------------------------

-- An immutable, numbered snapshot. sealed_key makes the release's ids; manifest is the JSON that went out with it.
CREATE TABLE releases (
    study_id   TEXT NOT NULL REFERENCES studies (id),
    number     INTEGER NOT NULL,
    profile    TEXT NOT NULL CHECK (profile IN ('team', 'shared', 'open')),
    sealed_key TEXT NOT NULL,
    plan       TEXT NOT NULL,
    manifest   TEXT NOT NULL,
    account_id TEXT REFERENCES accounts (id),
    frozen_at  BIGINT NOT NULL,
    PRIMARY KEY (study_id, number)
);

-- Which revision of which response a release was made of.
CREATE TABLE release_responses (
    study_id    TEXT NOT NULL,
    number      INTEGER NOT NULL,
    response_id TEXT NOT NULL REFERENCES responses (id),
    revision    INTEGER NOT NULL,
    PRIMARY KEY (study_id, number, response_id),
    FOREIGN KEY (study_id, number) REFERENCES releases (study_id, number)
) {clustered};
