-- Whether a proxy gave any answer that stands. Which answers those are stands in origins.
ALTER TABLE responses ADD COLUMN proxied BOOLEAN NOT NULL DEFAULT FALSE;

-- What a proxy gave counts in the primary score no more, so what holds such answers is folded again.
INSERT INTO refolds (response_id)
SELECT DISTINCT response_id
FROM submissions
WHERE verdict <> 'conflict' AND content LIKE '%"helper":"proxy"%' AND response_id NOT IN (
    SELECT response_id
    FROM refolds
);

-- An older program would count a proxy's answers as the person's, and could not read where they are marked.
UPDATE compatibility
SET oldest_schema = 7;
