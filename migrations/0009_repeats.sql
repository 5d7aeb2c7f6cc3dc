-- A sitting that first gave another's answer and then a different one differs from it. Only what more than one sitting
-- answered can hold that, so only that is folded again; of what was erased nothing is known.
INSERT INTO refolds (response_id)
SELECT id
FROM responses
WHERE origins LIKE '%;%' AND id NOT IN (
    SELECT response_id
    FROM submissions
    WHERE erased_at IS NOT NULL
) AND id NOT IN (
    SELECT response_id
    FROM refolds
);

-- An older program could not read which answers were given twice.
UPDATE compatibility
SET oldest_schema = 9;
