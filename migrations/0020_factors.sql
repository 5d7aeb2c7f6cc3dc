-- The second step of signing in. An account has an authenticator app, passkeys, or both, and ten codes for when neither is at
-- hand. factor_since is when it first had one of the two, factor_due_at until when it may do without, from its first sign-in.
ALTER TABLE accounts ADD COLUMN factor_since BIGINT;
ALTER TABLE accounts ADD COLUMN factor_due_at BIGINT;

-- secret and pending are sealed with the root key: the secret that counts, and one that was shown and not proved yet.
-- last_step is the last step of time whose code was used, told_step the last whose code was refused with a hint about the clock.
CREATE TABLE authenticators (
    account_id TEXT PRIMARY KEY REFERENCES accounts (id),
    secret     TEXT,
    pending    TEXT,
    last_step  BIGINT NOT NULL,
    told_step  BIGINT NOT NULL
);

-- Only keyed hashes. A code that was used is gone.
CREATE TABLE recovery_codes (
    code_hash  TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id)
);
CREATE INDEX recovery_codes_account ON recovery_codes (account_id);

-- Wrong codes in a row, and until when no other is looked at.
CREATE TABLE factor_tries (
    account_id TEXT PRIMARY KEY REFERENCES accounts (id),
    tries      INTEGER NOT NULL,
    retry_at   BIGINT
);

-- credential is JSON: the public key, and how often it was used as the device counts.
CREATE TABLE passkeys (
    id         TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    name       TEXT NOT NULL,
    credential TEXT NOT NULL,
    made_at    BIGINT NOT NULL,
    used_at    BIGINT
);
CREATE INDEX passkeys_account ON passkeys (account_id);

-- An older program would let everybody in by their password alone.
UPDATE compatibility
SET oldest_schema = 20;
