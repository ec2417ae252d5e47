-- When a request was answered; null if that was before this was noted.
ALTER TABLE request ADD COLUMN answered_at INTEGER;

-- Rows of projections that are history since a time.
CREATE TABLE retired (
    at INTEGER NOT NULL,
    projection TEXT NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (at, projection, key)
) STRICT, WITHOUT ROWID;

-- Earlier builds retired nothing: of the tries that they left, those are history that another try follows. A key ends in six digits.
INSERT INTO retired (at, projection, key)
SELECT (SELECT clock FROM store), projection, key FROM projection AS old
WHERE projection = 'tries' AND EXISTS (
    SELECT 1 FROM projection AS new WHERE new.projection = 'tries' AND new.key > old.key AND new.key <= substr(old.key, 1, length(old.key) - 6) || '999999'
    AND substr(new.key, 1, length(new.key) - 6) = substr(old.key, 1, length(old.key) - 6));
