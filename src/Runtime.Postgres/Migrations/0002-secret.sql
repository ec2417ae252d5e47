-- By which the nodes of this store know each other. Drawn once, here, from the server's strong random source: 244 bits.
ALTER TABLE latecomer.store ADD COLUMN secret bytea NOT NULL
    DEFAULT decode(replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), 'hex');
