-- The secrets in server_keys are sealed with a root key that lies outside the database. Of that the fingerprint stands here,
-- from when it has sealed them. forgotten_at is when the database's files had been made to forget secrets that stood here
-- unsealed before; a database that never held any has it from the start.
CREATE TABLE root_key (
    id           INTEGER PRIMARY KEY CHECK (id = 1),
    fingerprint  TEXT NOT NULL,
    since        BIGINT NOT NULL,
    forgotten_at BIGINT
);

-- An older program could not read the secrets.
UPDATE compatibility
SET oldest_schema = 12;
