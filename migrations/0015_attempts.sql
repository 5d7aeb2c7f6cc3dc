-- What is left of the attempts at accounts and codes that failed, for all servers together. key_hash is a keyed hash of what
-- was tried, an account from a browser or how a code begins, so nothing that somebody typed stands here. Every failure moves
-- spent_until on by the time that one attempt costs, and once that has passed nothing is held against anybody.
CREATE TABLE attempts (
    key_hash    TEXT PRIMARY KEY,
    spent_until BIGINT NOT NULL
) {clustered};
