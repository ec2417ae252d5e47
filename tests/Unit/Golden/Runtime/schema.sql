CREATE TABLE activity (
    started INTEGER PRIMARY KEY,
    shard INTEGER NOT NULL,
    actor TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    input BLOB NOT NULL,
    cause TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    worker TEXT,
    cancel_requested INTEGER NOT NULL,
    UNIQUE (actor, id)
) STRICT

CREATE TABLE actor_state (
    actor TEXT PRIMARY KEY,
    shard INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    schema_version INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT

CREATE TABLE dead_letter (
    id INTEGER PRIMARY KEY,
    shard INTEGER NOT NULL,
    actor TEXT NOT NULL,
    sender TEXT,
    type TEXT NOT NULL,
    schema_version INTEGER NOT NULL,
    body BLOB NOT NULL,
    cause TEXT NOT NULL,
    request TEXT,
    error TEXT NOT NULL,
    suspends INTEGER NOT NULL,
    at INTEGER NOT NULL
) STRICT

CREATE INDEX dead_letter_suspends ON dead_letter (actor) WHERE suspends = 1

CREATE TABLE journal (
    shard INTEGER NOT NULL,
    position INTEGER NOT NULL,
    actor TEXT NOT NULL,
    revision INTEGER NOT NULL,
    type TEXT NOT NULL,
    schema_version INTEGER NOT NULL,
    body BLOB NOT NULL,
    cause TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (shard, position)
) STRICT, WITHOUT ROWID

CREATE INDEX journal_actor ON journal (actor, shard, position)

CREATE TABLE lease (
    shard INTEGER PRIMARY KEY,
    epoch INTEGER NOT NULL,
    owner TEXT
) STRICT

CREATE TABLE mailbox (
    id INTEGER PRIMARY KEY,
    shard INTEGER NOT NULL,
    actor TEXT NOT NULL,
    sender TEXT,
    type TEXT NOT NULL,
    schema_version INTEGER NOT NULL,
    body BLOB NOT NULL,
    cause TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    request TEXT
) STRICT

CREATE INDEX mailbox_shard ON mailbox (shard)

CREATE TABLE node (
    incarnation TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    build TEXT NOT NULL,
    joined_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    draining INTEGER NOT NULL
) STRICT

CREATE TABLE projection (
    projection TEXT NOT NULL,
    key TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (projection, key)
) STRICT, WITHOUT ROWID

CREATE TABLE request (
    id TEXT PRIMARY KEY,
    hash TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    status TEXT,
    body BLOB,
    message TEXT
, answered_at INTEGER) STRICT

CREATE INDEX request_expiry ON request (expires_at) WHERE status IS NOT NULL

CREATE TABLE retired (
    at INTEGER NOT NULL,
    projection TEXT NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (at, projection, key)
) STRICT, WITHOUT ROWID

CREATE TABLE store (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    shards INTEGER NOT NULL,
    clock INTEGER NOT NULL,
    last_id INTEGER NOT NULL
, identity TEXT NOT NULL DEFAULT '') STRICT

CREATE TABLE timer (
    generation INTEGER PRIMARY KEY,
    shard INTEGER NOT NULL,
    actor TEXT NOT NULL,
    name TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    type TEXT NOT NULL,
    schema_version INTEGER NOT NULL,
    body BLOB NOT NULL,
    cause TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    UNIQUE (actor, name)
) STRICT

CREATE INDEX timer_due ON timer (shard, due_at)
