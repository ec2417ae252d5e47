-- When a request was answered; null if that was before this was noted. Without an index, so that answering stays on the row's own page.
ALTER TABLE latecomer.request ADD COLUMN answered_at bigint;

-- Rows of projections that are history since a time.
CREATE TABLE latecomer.retired (
    at bigint NOT NULL,
    projection text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    PRIMARY KEY (at, projection, key)
) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.01);

-- Earlier builds retired nothing: of the tries that they left, those are history that another try follows. A key ends in six digits.
INSERT INTO latecomer.retired (at, projection, key)
SELECT latecomer.clock(0), projection, key FROM latecomer.projection AS old
WHERE projection = 'tries' AND EXISTS (
    SELECT 1 FROM latecomer.projection AS new WHERE new.projection = 'tries' AND new.key > old.key AND new.key <= left(old.key, -6) || '999999'
    AND left(new.key, -6) = left(old.key, -6));
