namespace Latecomer.Tests.Testing.Postgres.Model;

/// <summary>A row in its versions: those that were committed, and the one that its writer has not committed yet. A version without a value is a
/// row that is not there.</summary>
public sealed class Row<T> : LockableRow, IWrittenRow
    where T : class
{
    private readonly List<(long At, T? Value)> _older = [];
    private long _committedAt;
    private T? _committed;
    private T? _pending;
    private ModelTransaction? _writer;

    /// <summary>A transaction that is not over has taken it away or put it there: whether its key is free is not known.</summary>
    public bool IsUndecided(ModelTransaction reader) => _writer is not null && _writer != reader && (_committed is null || _pending is null);

    /// <summary>Somebody has committed it since.</summary>
    public bool IsNewerThan(long snapshot) => _committedAt > snapshot;

    /// <summary>Nothing of it is left to be seen by anybody.</summary>
    public bool IsGone => _writer is null && _committed is null && IsFree;

    /// <summary>As the reader wrote it, else as it was last committed.</summary>
    public T? Newest(ModelTransaction reader) => _writer == reader ? _pending : _committed;

    /// <summary>As the reader wrote it, else as it was when the snapshot was taken.</summary>
    public T? Visible(ModelTransaction reader, long snapshot)
    {
        if (_writer == reader)
        {
            return _pending;
        }

        if (_committedAt <= snapshot)
        {
            return _committed;
        }

        for (var i = _older.Count - 1; i >= 0; i--)
        {
            if (_older[i].At <= snapshot)
            {
                return _older[i].Value;
            }
        }

        return null;
    }

    /// <summary>The writer holds a lock of it that conflicts with every other writer's.</summary>
    public void Write(ModelTransaction writer, T? value)
    {
        if (_writer is not null && _writer != writer)
        {
            throw new InvalidOperationException("Two transactions write a row at once: its locks were not asked.");
        }

        if (_writer is null)
        {
            _writer = writer;
            writer.Wrote(this);
        }

        _pending = value;
    }

    void IWrittenRow.Commit(long at, long oldestSnapshot)
    {
        _older.Add((_committedAt, _committed));
        var needed = _older.FindLastIndex(v => v.At <= oldestSnapshot);
        _older.RemoveRange(0, oldestSnapshot >= at ? _older.Count : Math.Max(needed, 0));
        (_committed, _committedAt, _pending, _writer) = (_pending, at, null, null);
    }

    void IWrittenRow.Undo() => (_pending, _writer) = (null, null);
}

/// <summary>A row that a transaction has written.</summary>
public interface IWrittenRow
{
    /// <summary>What was written becomes what others see; what was before is kept for snapshots that were taken before.</summary>
    void Commit(long at, long oldestSnapshot);

    void Undo();
}
