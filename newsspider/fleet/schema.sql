-- The tables of a fleet, beside those of Procrastinate. All instants are PostgreSQL's own: clocks of workers do not count.

CREATE TABLE IF NOT EXISTS fleet_site (   -- a site, and where its archive lies
    name text PRIMARY KEY,                -- as in its site file
    definition text NOT NULL,             -- its site file (TOML), which a worker writes to its folder before each job
    hosts text[] NOT NULL,                -- hosts of its listings
    host text NOT NULL,                   -- the lock of its jobs: sites that share a host share it, and are never met at once
    shard integer NOT NULL,               -- the folder its archive lies in is that of this shard's worker
    added_at timestamptz NOT NULL DEFAULT now(),
    moving_to integer,                    -- the shard it is being moved to; until then nothing new is queued; NULL: it stays
    copy text                             -- where a verified copy lies that the new shard begins with; NULL: nowhere
);

CREATE TABLE IF NOT EXISTS fleet_due (    -- when each kind of work is due for a site
    site text NOT NULL REFERENCES fleet_site(name) ON DELETE CASCADE,
    kind text NOT NULL,                   -- crawl, poll, verify, backup, lake
    every interval NOT NULL,              -- how often; of polls: how often at the most, the archive knows which counts are due
    due_at timestamptz NOT NULL DEFAULT now(),
    failures integer NOT NULL DEFAULT 0,  -- in a row
    PRIMARY KEY (site, kind)
);
ALTER TABLE fleet_due DROP CONSTRAINT IF EXISTS fleet_due_kind_check;  -- of tables made before there was a lake
CREATE INDEX IF NOT EXISTS fleet_due_at ON fleet_due(due_at);

CREATE TABLE IF NOT EXISTS fleet_run (    -- what came of each job
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job bigint NOT NULL,                  -- its number in procrastinate_jobs
    site text NOT NULL,
    kind text NOT NULL,
    shard integer NOT NULL,
    worker text NOT NULL,                 -- host name and process of the worker
    due_at timestamptz,                   -- when it fell due
    started_at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz,              -- NULL: it runs, or its worker died
    exit_code integer,                    -- of the command; negative: the signal that ended it
    summary jsonb,                        -- what the command printed under --json
    said text                             -- the last lines of what it said beside
);
CREATE INDEX IF NOT EXISTS fleet_run_site ON fleet_run(site, kind, id);
CREATE INDEX IF NOT EXISTS fleet_run_open ON fleet_run(job) WHERE finished_at IS NULL;
