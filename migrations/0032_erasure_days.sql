-- How many days an erasure waits once somebody has agreed to it: what the study file said when it was asked for. The hash of a
-- proposal is of that too, so those that are there are hashed anew when the program starts.
ALTER TABLE proposals ADD COLUMN erasure_days INTEGER NOT NULL DEFAULT 7 CHECK (erasure_days BETWEEN 0 AND 30);
UPDATE proposals
SET row_hash = '';
DELETE FROM hashed_tables
WHERE name = 'proposals';

-- An older program would hash rows without it.
UPDATE compatibility
SET oldest_schema = 32;
