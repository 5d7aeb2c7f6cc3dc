-- When the database was last seen by a clock that could be right. A clock that then says less, or much more, is doubted before
-- anything is done that time alone decides. Nothing was seen yet where it is 0.
CREATE TABLE clock (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    seen_at BIGINT NOT NULL
);
INSERT INTO clock (id, seen_at) VALUES (1, 0);
