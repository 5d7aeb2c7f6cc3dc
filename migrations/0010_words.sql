-- Columns that hold one of a few words take no other word any more, so that whatever writes to them, a mistake stops there
-- and not where they are read. The words are those of the types of package surveys, and a test compares the two. A response
-- that nobody has answered, or that was erased, has no outcome and no mode, and whoever has not left has no withdrawal.
ALTER TABLE enrolments ADD CONSTRAINT enrolments_withdrawal_word
CHECK (withdrawal IN ('', 'no-contact', 'no-collection', 'erasure'));

ALTER TABLE responses ADD CONSTRAINT responses_mode_word
CHECK (mode IN ('', 'web', 'kiosk', 'paper', 'telephone', 'bulk'));

ALTER TABLE responses ADD CONSTRAINT responses_outcome_word
CHECK (outcome IN ('', 'complete', 'partial', 'break-off'));

ALTER TABLE responses ADD CONSTRAINT responses_disposition_word
CHECK (disposition IN ('not-yet-due', 'pending', 'complete', 'partial', 'break-off', 'refusal', 'non-contact', 'other-eligible',
    'unknown-eligibility', 'ineligible'));

ALTER TABLE responses ADD CONSTRAINT responses_disposition_source_word
CHECK (disposition_source IN ('answers', 'window', 'person'));

ALTER TABLE dispositions ADD CONSTRAINT dispositions_disposition_word
CHECK (disposition IN ('not-yet-due', 'pending', 'complete', 'partial', 'break-off', 'refusal', 'non-contact', 'other-eligible',
    'unknown-eligibility', 'ineligible'));

ALTER TABLE dispositions ADD CONSTRAINT dispositions_source_word
CHECK (source IN ('answers', 'window', 'person'));

ALTER TABLE submissions ADD CONSTRAINT submissions_verdict_word
CHECK (verdict IN ('accepted', 'partly-refused', 'late', 'conflict', 'aside'));

ALTER TABLE server_keys ADD CONSTRAINT server_keys_purpose_word
CHECK (purpose IN ('sealing', 'ledger', 'codes', 'releases'));
