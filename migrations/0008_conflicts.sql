-- Submissions that were kept aside because others had come under their number are few, and the monitor looks for them.
CREATE INDEX submissions_conflicts ON submissions (response_id) WHERE verdict = 'conflict';
