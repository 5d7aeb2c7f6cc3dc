-- Interface packs that came with a version of a study file, for languages that the program was not built with. Like the file
-- they never change: another pack makes another version.
CREATE TABLE study_interfaces (
    study_id TEXT NOT NULL,
    version  INTEGER NOT NULL,
    language TEXT NOT NULL,
    source   TEXT NOT NULL,
    PRIMARY KEY (study_id, version, language),
    FOREIGN KEY (study_id, version) REFERENCES study_versions (study_id, version)
);

-- An older program could not read a study that speaks another language.
UPDATE compatibility
SET oldest_schema = 21;
