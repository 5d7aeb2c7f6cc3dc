-- Which studies an account sees. Those that were there before keep every study, as they had; a new one has what it is given.
-- Administrators see every study whatever stands here, and a practice the one of its site.
ALTER TABLE accounts ADD COLUMN every_study BOOLEAN NOT NULL DEFAULT FALSE;

UPDATE accounts
SET every_study = TRUE
WHERE role <> 'practice';

CREATE TABLE account_studies (
    account_id TEXT NOT NULL REFERENCES accounts (id),
    study_id   TEXT NOT NULL REFERENCES studies (id),
    PRIMARY KEY (account_id, study_id)
) {clustered};

-- An older program would show every account every study.
UPDATE compatibility
SET oldest_schema = 18;
