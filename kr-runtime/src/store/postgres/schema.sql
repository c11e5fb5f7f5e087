-- What kr keeps in PostgreSQL. It makes this itself if its role may; run it by hand if not.
CREATE SCHEMA IF NOT EXISTS kr;

-- One row for each lock. `space` is the template of a keyed state's locks, or nothing; `key` is the key as kr orders it,
-- and `lock` the same for people. Without `states` there is no instance, and the revision is the last one that it had.
-- `counted` is how often it was written for its counters alone, which makes no revision.
CREATE TABLE IF NOT EXISTS kr.state (
    space text COLLATE "C" NOT NULL,
    key bytea NOT NULL,
    lock text,
    revision bigint NOT NULL,
    epoch bigint NOT NULL,
    counted bigint NOT NULL DEFAULT 0,
    states json,
    changed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (space, key)
) WITH (fillfactor = 70);

-- The greatest revision of the rows of a space that are gone.
CREATE TABLE IF NOT EXISTS kr.space (
    space text COLLATE "C" PRIMARY KEY,
    last_removed bigint NOT NULL
);

-- The number of the last batch of each writer, by which a batch is found when its connection broke.
CREATE TABLE IF NOT EXISTS kr.writer (
    id bigint PRIMARY KEY,
    batch bigint NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);

-- Responses to requests with an `Idempotency-Key`.
CREATE TABLE IF NOT EXISTS kr.response (
    id bytea PRIMARY KEY,
    client bytea NOT NULL,
    request bytea NOT NULL,
    response bytea NOT NULL,
    until timestamptz NOT NULL
);

-- The format of all this.
CREATE TABLE IF NOT EXISTS kr.format (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    version integer NOT NULL
);
INSERT INTO kr.format (version) VALUES (1) ON CONFLICT DO NOTHING;
