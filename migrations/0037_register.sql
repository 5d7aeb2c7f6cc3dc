-- Who agreed that a release goes beyond the team, when, and under which approval or agreement. It is known of releases that somebody
-- proposed and a second person agreed to; what was made before there were second persons has nobody. assessment is JSON: what was
-- counted when the release was made.
ALTER TABLE releases ADD COLUMN approval TEXT NOT NULL DEFAULT '';
ALTER TABLE releases ADD COLUMN approved_by TEXT NOT NULL DEFAULT '';
ALTER TABLE releases ADD COLUMN approved_at BIGINT;
ALTER TABLE releases ADD COLUMN assessment TEXT NOT NULL DEFAULT '';

UPDATE releases
SET approved_by = (
        SELECT MIN(a.name)
        FROM proposals p
        JOIN accounts a ON a.id = p.decided_by
        WHERE p.study_id = releases.study_id AND p.release_number = releases.number AND p.state = 'agreed'),
    approved_at = (
        SELECT MIN(p.decided_at)
        FROM proposals p
        WHERE p.study_id = releases.study_id AND p.release_number = releases.number AND p.state = 'agreed')
WHERE EXISTS (
        SELECT 1
        FROM proposals p
        WHERE p.study_id = releases.study_id AND p.release_number = releases.number AND p.state = 'agreed');

ALTER TABLE releases ADD CONSTRAINT releases_approved
CHECK ((approved_at IS NULL) = (approved_by = ''));

-- An older program would let releases out without saying who agreed.
UPDATE compatibility
SET oldest_schema = 37;
