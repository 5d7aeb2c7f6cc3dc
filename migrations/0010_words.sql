-- Columns that hold one of a few words take no other word any more, so that whatever writes to them, a mistake stops there
-- and not where they are read. The words are those of the types of package surveys, and a test compares the two. A response
-- that nobody has answered, or that was erased, has no outcome and no mode, and whoever has not left has no withdrawal.
--
-- Every save writes rows with these columns. SQLite makes a table of what stands behind IN anew for every statement, and
-- with six of them a save took twice as long; comparing with one word after the other costs nothing that can be measured.
ALTER TABLE enrolments ADD CONSTRAINT enrolments_withdrawal_word
CHECK (withdrawal = '' OR withdrawal = 'no-contact' OR withdrawal = 'no-collection' OR withdrawal = 'erasure');

ALTER TABLE responses ADD CONSTRAINT responses_mode_word
CHECK (mode = '' OR mode = 'web' OR mode = 'kiosk' OR mode = 'paper' OR mode = 'telephone' OR mode = 'bulk');

ALTER TABLE responses ADD CONSTRAINT responses_outcome_word
CHECK (outcome = '' OR outcome = 'complete' OR outcome = 'partial' OR outcome = 'break-off');

ALTER TABLE responses ADD CONSTRAINT responses_disposition_word
CHECK (disposition = 'not-yet-due' OR disposition = 'pending' OR disposition = 'complete' OR disposition = 'partial'
    OR disposition = 'break-off' OR disposition = 'refusal' OR disposition = 'non-contact'
    OR disposition = 'other-eligible' OR disposition = 'unknown-eligibility' OR disposition = 'ineligible');

ALTER TABLE responses ADD CONSTRAINT responses_disposition_source_word
CHECK (disposition_source = 'answers' OR disposition_source = 'window' OR disposition_source = 'person');

ALTER TABLE dispositions ADD CONSTRAINT dispositions_disposition_word
CHECK (disposition = 'not-yet-due' OR disposition = 'pending' OR disposition = 'complete' OR disposition = 'partial'
    OR disposition = 'break-off' OR disposition = 'refusal' OR disposition = 'non-contact'
    OR disposition = 'other-eligible' OR disposition = 'unknown-eligibility' OR disposition = 'ineligible');

ALTER TABLE dispositions ADD CONSTRAINT dispositions_source_word
CHECK (source = 'answers' OR source = 'window' OR source = 'person');

ALTER TABLE submissions ADD CONSTRAINT submissions_verdict_word
CHECK (verdict = 'accepted' OR verdict = 'partly-refused' OR verdict = 'late' OR verdict = 'conflict'
    OR verdict = 'aside');

ALTER TABLE server_keys ADD CONSTRAINT server_keys_purpose_word
CHECK (purpose = 'sealing' OR purpose = 'ledger' OR purpose = 'codes' OR purpose = 'releases');
