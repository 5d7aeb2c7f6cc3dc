-- What a study's own instruments say of the classes of their items, as JSON by the instrument's hash and the item's code. Classes
-- are no part of what an instrument means, so its stored copy, which other studies share, does not decide about them.
CREATE TABLE study_classes (
    study_id TEXT PRIMARY KEY REFERENCES studies (id),
    classes  TEXT NOT NULL,
    row_hash TEXT NOT NULL DEFAULT ''
);

-- An older program could not read an instrument that says the class of an item.
UPDATE compatibility
SET oldest_schema = 35;
