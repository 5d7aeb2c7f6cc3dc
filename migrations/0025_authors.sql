-- Who sent a submission: the kind of sender and, of a key, a tablet or a user at the command line, which one. Of an account that
-- stands in account_id. Of submissions that were there before only that is known.
ALTER TABLE submissions ADD COLUMN author TEXT NOT NULL DEFAULT '';
ALTER TABLE submissions ADD COLUMN author_id TEXT;

UPDATE submissions
SET author = 'account'
WHERE account_id IS NOT NULL;

ALTER TABLE submissions ADD CONSTRAINT submissions_author_word
CHECK (author = '' OR author = 'participant' OR author = 'tablet' OR author = 'account' OR author = 'key' OR author = 'command');

-- A key that may submit and also replace answers that stand. Keys that were there before may not any more.
ALTER TABLE api_keys ADD COLUMN corrects BOOLEAN NOT NULL DEFAULT FALSE;

-- An older program would take submissions of nobody, and corrections from any key that may submit.
UPDATE compatibility
SET oldest_schema = 25;
