using Microsoft.Data.Sqlite;

namespace Latecomer.Runtime.Sqlite;

/// <summary>
/// The one connection that writes. Writers that wait share a transaction, and so one flush of the disk, each in a savepoint of its own: one
/// that is refused leaves no trace and does not touch the others. Taken in the order in which they came. Whoever finds the writer free writes
/// at once, on its own thread.
/// </summary>
internal sealed class SqliteWriter(SqliteSession session, string file, StoreClock clock, long lastId) : IAsyncDisposable
{
    private const int WritesTogether = 64;

    private readonly Lock _lock = new();
    private readonly Queue<PendingWrite> _waiting = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _writing;
    private bool _closed;
    private long _lastId = lastId;

    /// <summary>The next number of the store's sequence. Only within a write.</summary>
    public long NextId() => ++_lastId;

    /// <summary>Makes what <paramref name="write"/> does durable, if it says so.</summary>
    public ValueTask<T> Write<T>(Func<SqliteSession, Written<T>> write)
    {
        var pending = new PendingWrite<T>(write);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _waiting.Enqueue(pending);
            if (_writing)
            {
                return new ValueTask<T>(pending.Task);
            }

            _writing = true;
        }

        WriteGroup();
        return new ValueTask<T>(pending.Task);
    }

    /// <summary>Closes the connection after the writes that were asked for before.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _closed = true;
            if (!_writing)
            {
                _idle.TrySetResult();
            }
        }

        await _idle.Task;
        session.Dispose();
    }

    private void WriteGroup()
    {
        var group = new List<PendingWrite>();
        lock (_lock)
        {
            while (group.Count < WritesTogether && _waiting.TryDequeue(out var next))
            {
                group.Add(next);
            }
        }

        Commit(group);
        bool more;
        lock (_lock)
        {
            more = _writing = _waiting.Count > 0;
            if (_closed && !more)
            {
                _idle.TrySetResult();
            }
        }

        if (more)
        {
            // On another thread: whoever led this group has its own to do.
            ThreadPool.UnsafeQueueUserWorkItem(static writer => writer.WriteGroup(), this, preferLocal: false);
        }
    }

    private void Commit(List<PendingWrite> group)
    {
        try
        {
            session.Execute("BEGIN IMMEDIATE");
            var written = false;
            foreach (var write in group)
            {
                written |= WriteOne(write);
            }

            if (written)
            {
                session.Execute("UPDATE store SET clock = $1, last_id = $2", clock.Now().UtcTicks, _lastId);
            }

            session.Execute(written ? "COMMIT" : "ROLLBACK");
            group.ForEach(w => w.Succeed());
        }
        catch (Exception fault)
        {
            RollBack();
            var explained = fault is SqliteException sqlite ? SqliteFault.Explain(sqlite, file) : fault;
            group.ForEach(w => w.Fail(explained));
        }
    }

    private bool WriteOne(PendingWrite write)
    {
        session.Execute("SAVEPOINT one");
        var keep = false;
        try
        {
            keep = write.Run(session);
        }
        catch (Exception fault) when (!session.IsIdle)
        {
            write.Remember(fault is SqliteException sqlite ? SqliteFault.Explain(sqlite, file) : fault);
        }

        if (!keep)
        {
            session.Execute("ROLLBACK TO one");
        }

        session.Execute("RELEASE one");
        return keep;
    }

    private void RollBack()
    {
        try
        {
            if (!session.IsIdle)
            {
                session.Execute("ROLLBACK");
            }
        }
        catch (SqliteException)
        {
            // The next BEGIN fails then, and says why.
        }
    }
}

/// <summary>What a write came to.</summary>
/// <param name="Value">Its result.</param>
/// <param name="Keep">Whether what it wrote is to stay; if not, nothing was written.</param>
internal readonly record struct Written<T>(T Value, bool Keep);

/// <summary>Makes <see cref="Written{T}"/>s.</summary>
internal static class Written
{
    public static Written<T> Kept<T>(T value) => new(value, Keep: true);

    public static Written<T> Nothing<T>(T value) => new(value, Keep: false);
}
