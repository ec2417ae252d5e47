-- Times are UTC ticks of 100 ns, by this server's clock alone. Ids of mail, generations of timers and the order of activities come from one
-- sequence. No foreign keys: their locks do not fence, and they deadlock. Text is ordered by its bytes, which is the order of code points.

CREATE TABLE latecomer.store (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    shards int NOT NULL
);

INSERT INTO latecomer.store (shards) VALUES ($SHARDS);

-- CACHE 1: a session that kept numbers in stock would give a later message a lower id than an earlier one.
CREATE SEQUENCE latecomer.number CACHE 1;

CREATE TABLE latecomer.node (
    incarnation uuid PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    address text NOT NULL,
    build text NOT NULL,
    joined_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    draining boolean NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE latecomer.shard (
    shard int PRIMARY KEY,
    epoch bigint NOT NULL,
    owner uuid
) WITH (fillfactor = 50);

CREATE TABLE latecomer.mailbox (
    shard int NOT NULL,
    id bigint NOT NULL,
    actor text COLLATE "C" NOT NULL,
    sender text COLLATE "C",
    type text NOT NULL,
    schema_version int NOT NULL,
    body bytea NOT NULL,
    cause text NOT NULL,
    attempts int NOT NULL,
    request text COLLATE "C",
    PRIMARY KEY (shard, id)
) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.01);

CREATE TABLE latecomer.actor_state (
    shard int NOT NULL,
    actor text COLLATE "C" NOT NULL,
    revision bigint NOT NULL,
    schema_version int NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (shard, actor)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

CREATE TABLE latecomer.journal (
    shard int NOT NULL,
    position bigint NOT NULL,
    actor text COLLATE "C" NOT NULL,
    revision bigint NOT NULL,
    type text NOT NULL,
    schema_version int NOT NULL,
    body bytea NOT NULL,
    cause text NOT NULL,
    at bigint NOT NULL,
    PRIMARY KEY (shard, position)
);

CREATE TABLE latecomer.timer (
    shard int NOT NULL,
    actor text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    generation bigint NOT NULL,
    due_at bigint NOT NULL,
    type text NOT NULL,
    schema_version int NOT NULL,
    body bytea NOT NULL,
    cause text NOT NULL,
    attempts int NOT NULL,
    PRIMARY KEY (shard, actor, name)
) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.01);

CREATE INDEX timer_due ON latecomer.timer (shard, due_at, generation);

CREATE TABLE latecomer.activity (
    shard int NOT NULL,
    actor text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    started bigint NOT NULL,
    kind text NOT NULL,
    input bytea NOT NULL,
    cause text NOT NULL,
    attempt int NOT NULL,
    worker uuid,
    cancel_requested boolean NOT NULL,
    PRIMARY KEY (shard, actor, id)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01);

CREATE INDEX activity_worker ON latecomer.activity (worker);

CREATE TABLE latecomer.request (
    id text COLLATE "C" PRIMARY KEY,
    hash text NOT NULL,
    expires_at bigint NOT NULL,
    status text,
    body bytea,
    message text
) WITH (fillfactor = 70);

CREATE INDEX request_expiry ON latecomer.request (expires_at) WHERE status IS NOT NULL;

CREATE TABLE latecomer.projection (
    projection text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (projection, key)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

CREATE TABLE latecomer.dead_letter (
    id bigint PRIMARY KEY,
    shard int NOT NULL,
    actor text COLLATE "C" NOT NULL,
    sender text COLLATE "C",
    type text NOT NULL,
    schema_version int NOT NULL,
    body bytea NOT NULL,
    cause text NOT NULL,
    request text COLLATE "C",
    error text NOT NULL,
    suspends boolean NOT NULL,
    at bigint NOT NULL
);

CREATE INDEX dead_letter_suspends ON latecomer.dead_letter (shard, actor) WHERE suspends;

-- The time of everything here. It is never behind what the asking process has seen before, also when this server's clock was put back.
CREATE FUNCTION latecomer.clock(known bigint) RETURNS bigint LANGUAGE sql VOLATILE AS $$
    SELECT greatest(621355968000000000 + (extract(epoch FROM clock_timestamp()) * 10000000)::bigint, known)
$$;

CREATE FUNCTION latecomer.is_live(who uuid, known bigint) RETURNS boolean LANGUAGE sql VOLATILE AS $$
    SELECT EXISTS (SELECT 1 FROM latecomer.node WHERE incarnation = who AND expires_at > latecomer.clock(known))
$$;

-- Begins every transaction that writes: bounds how long it waits, and what it blocks, and lets nobody's default make a commit less than
-- durable. For the transaction alone, so that a pooler of transactions may stand in between.
CREATE FUNCTION latecomer.begin_write(lock_ms int, statement_ms int, idle_ms int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('lock_timeout', lock_ms::text, true), set_config('statement_timeout', statement_ms::text, true),
        set_config('idle_in_transaction_session_timeout', idle_ms::text, true);
    IF current_setting('synchronous_commit') = 'off' THEN
        PERFORM set_config('synchronous_commit', 'on', true);
    END IF;
END
$$;

-- The fence: holds the lease's row until the end of the transaction, so that a take-over either waits for it or came before it. A weaker
-- lock, or none, lets a stale owner commit after the take-over.
CREATE FUNCTION latecomer.fence(of_shard int, of_epoch bigint, of_owner uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM latecomer.shard WHERE shard = of_shard AND epoch = of_epoch AND owner = of_owner FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING ERRCODE = 'AF001', MESSAGE = 'the lease is lost';
    END IF;
END
$$;

-- Ends transactions that hold a lease and whose client has stopped in the middle of sending them; says how many. No timeout of the server's
-- ends those: idle_in_transaction_session_timeout counts from an answer on, statement_timeout stops between two statements. A take-over
-- would wait until the client goes on. Whoever is at work, or idle in a transaction of his own, is left alone.
CREATE FUNCTION latecomer.end_silent(silent_ms int) RETURNS bigint LANGUAGE sql VOLATILE AS $$
    SELECT count(*) FILTER (WHERE pg_terminate_backend(a.pid)) FROM pg_stat_activity AS a
    WHERE a.datname = current_database() AND a.usename = current_user AND a.pid <> pg_backend_pid()
    AND a.state = 'active' AND a.wait_event_type = 'Client' AND a.state_change < clock_timestamp() - make_interval(secs => silent_ms / 1000.0)
    AND EXISTS (
        SELECT 1 FROM pg_locks AS l WHERE l.pid = a.pid AND l.granted AND l.locktype = 'relation' AND l.mode = 'RowShareLock'
        AND l.database = a.datid AND l.relation = 'latecomer.shard'::regclass)
$$;

-- The second guard. It raises because statements that are sent together cannot branch.
CREATE FUNCTION latecomer.expect(counted bigint, wanted bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF counted <> wanted THEN
        RAISE EXCEPTION USING ERRCODE = 'AF002', MESSAGE = 'the batch is stale';
    END IF;
END
$$;

CREATE FUNCTION latecomer.refuse_activity(actor text, id text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = 'AF003', MESSAGE = actor || chr(10) || id;
END
$$;
