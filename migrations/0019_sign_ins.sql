-- Every browser in which an account is signed in, a row each: what the account's session says it rests on. Ending one deletes
-- its row. Of the address only a network of many is kept. seen_at is at most a minute behind.
CREATE TABLE sign_ins (
    id           TEXT PRIMARY KEY,
    account_id   TEXT NOT NULL REFERENCES accounts (id),
    proof        TEXT NOT NULL, -- changes with the password
    network      TEXT NOT NULL,
    began_at     BIGINT NOT NULL,
    seen_at      BIGINT NOT NULL,
    confirmed_at BIGINT NOT NULL,
    ends_at      BIGINT NOT NULL
);
CREATE INDEX sign_ins_account ON sign_ins (account_id);

-- How often something was refused lately is counted before one more entry is written.
CREATE INDEX audit_action ON audit (action, at);

-- An older program would let sign-ins live on that were ended.
UPDATE compatibility
SET oldest_schema = 19;
