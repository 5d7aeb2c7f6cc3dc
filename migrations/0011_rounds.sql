-- Rounds of the staff survey that are set up: whose keys open them, by which rules, and how far they have come. A round
-- without a row is only planned.
CREATE TABLE staff_rounds (
    study_id    TEXT NOT NULL,
    wave_id     TEXT NOT NULL,
    sealing     TEXT NOT NULL CHECK (sealing = 'custodians' OR sealing = 'server'),
    stage       TEXT NOT NULL CHECK (stage = 'open' OR stage = 'closed' OR stage = 'opened' OR stage = 'reported'),
    recipient   TEXT, -- what answers are sealed to; none where the server keeps them
    round_key   TEXT, -- JSON: the public half, the custodians, and the shares of the private half until it is opened
    rules       TEXT NOT NULL, -- JSON: what decides what is shown
    answer_size INTEGER NOT NULL, -- bytes to which every answer is filled up before it is sealed; 0 without a key
    counted     INTEGER NOT NULL DEFAULT 0, -- answers on counted_day, rounded down
    counted_day INTEGER NOT NULL DEFAULT -1, -- day number
    certificate TEXT, -- JSON, once the round is opened
    report      TEXT, -- JSON, what is shown of the round, once it is reported
    PRIMARY KEY (study_id, wave_id),
    FOREIGN KEY (study_id, wave_id) REFERENCES waves (study_id, id)
);

-- What is known of a practice in a round; without a row, the headcount of the study file and no contact.
CREATE TABLE staff_sites (
    study_id TEXT NOT NULL,
    wave_id  TEXT NOT NULL,
    site_id  TEXT NOT NULL,
    staff    INTEGER NOT NULL,
    contact  TEXT NOT NULL,
    cards    INTEGER NOT NULL,
    PRIMARY KEY (study_id, wave_id, site_id),
    FOREIGN KEY (study_id, wave_id) REFERENCES waves (study_id, id),
    FOREIGN KEY (study_id, site_id) REFERENCES sites (study_id, id)
);

-- Who keeps the three keys of a study's staff survey. Of a key only the public half is kept.
CREATE TABLE staff_custodians (
    study_id  TEXT NOT NULL REFERENCES studies (id),
    number    INTEGER NOT NULL CHECK (number >= 1 AND number <= 3),
    name      TEXT NOT NULL,
    recipient TEXT NOT NULL,
    proved    BOOLEAN NOT NULL,
    PRIMARY KEY (study_id, number)
);

-- Answers that nobody can read until their round is opened, all of a round equally long. They lie in the order of random
-- ids, as those that were opened do.
CREATE TABLE staff_sealed (
    id       TEXT PRIMARY KEY,
    study_id TEXT NOT NULL,
    wave_id  TEXT NOT NULL,
    site_id  TEXT NOT NULL,
    sealed   TEXT NOT NULL, -- base64
    FOREIGN KEY (study_id, wave_id) REFERENCES staff_rounds (study_id, wave_id),
    FOREIGN KEY (study_id, site_id) REFERENCES sites (study_id, id)
) {clustered};

-- Pages that were sent, until their round is closed: a second press of a page's button is told by it. What is kept is a
-- keyed hash of a number that only the page knew.
CREATE TABLE staff_sent (
    page_hash TEXT PRIMARY KEY,
    study_id  TEXT NOT NULL,
    wave_id   TEXT NOT NULL
) {clustered};

-- Rounds that cards were made for keep the protection that they have had.
INSERT INTO staff_rounds (study_id, wave_id, sealing, stage, rules, answer_size)
SELECT DISTINCT study_id, wave_id, 'server', 'open', '{}', 0
FROM (
    SELECT study_id, wave_id
    FROM staff_codes
    UNION
    SELECT study_id, wave_id
    FROM staff_answers) AS used;

-- An older program would store answers unsealed.
UPDATE compatibility
SET oldest_schema = 11;
