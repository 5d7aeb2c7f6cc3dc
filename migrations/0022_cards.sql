-- Every card of the anonymous staff survey that was made, used or not, until its round is closed. A card opens the survey by
-- its row here, which using it does not touch: whoever tries cards again and again learns of none of them whether, and so
-- when, it was used. staff_codes still holds those that can be used, and nothing else of them.
CREATE TABLE staff_cards (
    code_hash TEXT PRIMARY KEY,
    study_id  TEXT NOT NULL,
    wave_id   TEXT NOT NULL,
    site_id   TEXT NOT NULL,
    FOREIGN KEY (study_id, wave_id) REFERENCES waves (study_id, id),
    FOREIGN KEY (study_id, site_id) REFERENCES sites (study_id, id)
) {clustered};

INSERT INTO staff_cards (code_hash, study_id, wave_id, site_id)
SELECT code_hash, study_id, wave_id, site_id
FROM staff_codes;

-- The cards that an older program makes would open nothing.
UPDATE compatibility
SET oldest_schema = 22;
