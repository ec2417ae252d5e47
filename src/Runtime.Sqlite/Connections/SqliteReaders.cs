using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Latecomer.Runtime.Sqlite;

/// <summary>Connections that only read, each from a consistent view, beside the writer and beside each other.</summary>
internal sealed class SqliteReaders(string file) : IDisposable
{
    private const int Kept = 4;

    private readonly ConcurrentBag<SqliteSession> _idle = [];

    /// <summary>Reads; several queries of one call see the same view.</summary>
    public T Read<T>(Func<SqliteSession, T> read)
    {
        try
        {
            var session = _idle.TryTake(out var kept) ? kept : new SqliteSession(file, SqliteOpenMode.ReadWrite);
            var ended = false;
            try
            {
                session.Execute("BEGIN");
                var result = read(session);
                session.Execute("COMMIT");
                ended = true;
                return result;
            }
            finally
            {
                GiveBack(session, ended);
            }
        }
        catch (SqliteException e)
        {
            throw SqliteFault.Explain(e, file);
        }
    }

    public void Dispose()
    {
        while (_idle.TryTake(out var session))
        {
            session.Dispose();
        }
    }

    private void GiveBack(SqliteSession session, bool reusable)
    {
        if (reusable && _idle.Count < Kept)
        {
            _idle.Add(session);
        }
        else
        {
            session.Dispose();
        }
    }
}
