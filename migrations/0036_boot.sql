-- How long the machine had run when the database was last seen, and since which of its starts: as long as it runs on, nobody can set
-- that, and a clock which is an hour off when the program starts is known by it.
ALTER TABLE clock ADD COLUMN boot TEXT NOT NULL DEFAULT '';
ALTER TABLE clock ADD COLUMN ran BIGINT NOT NULL DEFAULT 0;
