-- Scores by the second version of the rules, which rounds on the decimal value. Those by the first stay as they are, for the
-- releases that were made of them; what has a score by it is folded again, which gives it those by the second.
INSERT INTO refolds (response_id)
SELECT DISTINCT response_id
FROM scores
WHERE rule = '1' AND response_id NOT IN (
    SELECT response_id
    FROM refolds
);

-- An older program would go on writing scores by the first version, and releases would lack them by the second.
UPDATE compatibility
SET oldest_schema = 34;
