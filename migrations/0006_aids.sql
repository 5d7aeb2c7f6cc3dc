-- Where the answers were given and which aids to reading were used: what the ledger says of the submissions of a response,
-- put together like everything else in its row. Aids are codes, sorted and parted by blanks.
ALTER TABLE responses ADD COLUMN place TEXT NOT NULL DEFAULT '';
ALTER TABLE responses ADD COLUMN aids TEXT NOT NULL DEFAULT '';

-- Responses that are to be folded again, because folding their ledger gives something else than it did when they were
-- stored. The server that starts next does it and takes the row away.
CREATE TABLE refolds (
    response_id TEXT PRIMARY KEY REFERENCES responses (id)
) {clustered};

INSERT INTO refolds (response_id)
SELECT DISTINCT response_id
FROM submissions
WHERE verdict <> 'conflict' AND content LIKE '%"place":"%';
