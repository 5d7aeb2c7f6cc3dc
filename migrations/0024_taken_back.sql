-- What was taken back stays taken back. Tickets say which grant they rest on, and each use asks whether it stands.

-- Which handing-over has the tablet: locked or handed on, it is no longer the one before.
ALTER TABLE kiosks ADD COLUMN lent_to TEXT;
ALTER TABLE hand_overs ADD COLUMN ended_at BIGINT;

-- Sittings whose owner has finished on a device. They are kept for as long as a copy of the ticket could still be shown.
CREATE TABLE ended_sittings (
    sitting  TEXT PRIMARY KEY,
    ended_at BIGINT NOT NULL
) {clustered};

-- Counts up whenever everything that an account is signed in to ends.
ALTER TABLE accounts ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0;

-- An older program would take what was taken back.
UPDATE compatibility
SET oldest_schema = 24;
