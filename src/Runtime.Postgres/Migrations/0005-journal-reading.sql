-- By which a place in the journal is known to be one of this store.
ALTER TABLE latecomer.store ADD COLUMN identity uuid NOT NULL DEFAULT gen_random_uuid();

-- What happened to one actor; which actors there are.
CREATE INDEX journal_actor ON latecomer.journal (shard, actor, position);
CREATE INDEX actor_state_actor ON latecomer.actor_state (actor);
