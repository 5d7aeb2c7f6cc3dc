-- A correction can move the day of somebody's baseline, from which all that comes later counts. Each move is kept, and a
-- release keeps the day that it was made with.
CREATE TABLE baseline_moves (
    enrolment_id TEXT NOT NULL REFERENCES enrolments (id),
    number       INTEGER NOT NULL,
    day_before   INTEGER NOT NULL,
    day_after    INTEGER NOT NULL,
    at           BIGINT NOT NULL,
    PRIMARY KEY (enrolment_id, number)
) {clustered};

ALTER TABLE release_responses ADD COLUMN baseline_day INTEGER;

-- Somebody who is enrolled by a file did not agree on a page. What the study team declares of their consent is kept here, and
-- never counts as the person's own. People of whom there is nothing in either table were enrolled by an older version.
CREATE TABLE declared_consents (
    enrolment_id TEXT PRIMARY KEY REFERENCES enrolments (id),
    version      TEXT NOT NULL,
    day          INTEGER NOT NULL,
    basis        TEXT NOT NULL,
    declared_by  TEXT NOT NULL,
    declared_at  BIGINT NOT NULL
) {clustered};

-- How many of the people in a release have agreed by declaration alone; NULL in releases of older versions.
ALTER TABLE releases ADD COLUMN declared INTEGER;
