-- By which a place in the journal is known to be one of this store.
ALTER TABLE store ADD COLUMN identity TEXT NOT NULL DEFAULT '';
UPDATE store SET identity = lower(hex(randomblob(16)));

-- What happened to one actor.
CREATE INDEX journal_actor ON journal (actor, shard, position);
