-- The first dead letter of a shard, which no floor of its mailbox passes: asked every second, however many there are.
CREATE INDEX dead_letter_shard ON latecomer.dead_letter (shard, id);
