-- How much each response has been sent: entries in its ledger, and bytes of their content. Both have an end, because whoever
-- holds a personal link can send on and on. What came before this counts for nothing.
ALTER TABLE responses ADD COLUMN saves INTEGER NOT NULL DEFAULT 0;
ALTER TABLE responses ADD COLUMN kept_bytes BIGINT NOT NULL DEFAULT 0;
