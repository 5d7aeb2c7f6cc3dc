-- The published average that was loaded for the report of a round of the staff survey. It may be replaced until the round is
-- reported; what was reported has its own copy.
CREATE TABLE staff_averages (
    study_id TEXT NOT NULL,
    wave_id  TEXT NOT NULL,
    average  TEXT NOT NULL, -- JSON: its name, what weighs alike in it, and its means by round and factor
    PRIMARY KEY (study_id, wave_id),
    FOREIGN KEY (study_id, wave_id) REFERENCES waves (study_id, id)
);
