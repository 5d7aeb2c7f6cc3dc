-- Tablets that practices hand over: what signs in there is the tablet, for one site, and no account. pin is a hash like a
-- password's. tries counts the wrong PINs since the last right one, and the next one is looked at from retry_at on. Who has
-- typed the PIN holds unlocked_by, whose hash stands here, until the tablet is handed over or the time is up.
CREATE TABLE kiosks (
    id          TEXT PRIMARY KEY,
    study_id    TEXT NOT NULL,
    site_id     TEXT NOT NULL,
    name        TEXT NOT NULL,
    pin         TEXT NOT NULL,
    account_id  TEXT NOT NULL REFERENCES accounts (id),
    made_at     BIGINT NOT NULL,
    ends_at     BIGINT NOT NULL,
    revoked_at  BIGINT,
    tries       INTEGER NOT NULL,
    retry_at    BIGINT,
    unlocked_by TEXT,
    unlocked_to BIGINT,
    FOREIGN KEY (study_id, site_id) REFERENCES sites (study_id, id)
);
CREATE INDEX kiosks_site ON kiosks (study_id, site_id);

-- Each time a tablet was given to somebody: by whom, as initials and the kind of colleague, and who helps. The ledger
-- names the row with the answers. It goes with them when somebody asks for erasure.
CREATE TABLE hand_overs (
    id           TEXT PRIMARY KEY,
    kiosk_id     TEXT NOT NULL REFERENCES kiosks (id),
    enrolment_id TEXT NOT NULL REFERENCES enrolments (id),
    wave_id      TEXT NOT NULL,
    initials     TEXT NOT NULL,
    colleague    TEXT NOT NULL CHECK (colleague IN ('practice', 'links-practitioner')),
    helper       TEXT NOT NULL,
    at           BIGINT NOT NULL
);
CREATE INDEX hand_overs_enrolment ON hand_overs (enrolment_id, wave_id);
