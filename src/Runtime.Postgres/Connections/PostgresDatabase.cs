using Npgsql;

namespace Latecomer.Runtime.Postgres;

/// <summary>The database: a small pool of connections, and what every call does with one. Each call is one round trip and, without a word of
/// ours, one transaction: nobody can be paused between its last statement and its commit, and no state of a session outlives it.</summary>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    /// <summary>How long a statement waits for a lock.</summary>
    public const int LockMilliseconds = 2000;

    /// <summary>How many turns share a transaction at most, unless somebody says otherwise.</summary>
    public const int UsualTurnsTogether = 256;

    private const int StatementMilliseconds = 10_000;
    private const int IdleMilliseconds = 5000;

    private readonly string _connectionString;
    private NpgsqlDataSource _source;
    private readonly string _beforeCommit;

    /// <param name="connectionString">As <see cref="ConnectionSettings"/> completes it.</param>
    /// <param name="beforeCommit">Run as the last statement of each write: tests hold a transaction there. Empty: nothing.</param>
    /// <exception cref="StoreRefusedException">It is no connection string.</exception>
    public PostgresDatabase(string connectionString, string beforeCommit = "")
    {
        var settings = ConnectionSettings.Complete(connectionString);
        Name = ConnectionSettings.NameOf(settings);
        _connectionString = settings.ConnectionString;
        _source = NpgsqlDataSource.Create(_connectionString);
        _beforeCommit = beforeCommit;
    }

    /// <summary>Which, for people: no user, no password.</summary>
    public string Name { get; }

    /// <summary>Turns that share a transaction at most, unless one shard's batch alone has more.</summary>
    public int TurnsTogether { get; init; } = UsualTurnsTogether;

    /// <summary>Prepares statements from now on, if a connection is the server's own. Before anybody else uses the database.</summary>
    public async Task PrepareWherePossible(CancellationToken cancellation)
    {
        var direct = false;
        await Use(
            async connection =>
            {
                // A pooler gives out numbers of its own.
                await using var command = new NpgsqlCommand("SELECT pg_backend_pid()", connection);
                direct = (int)(await command.ExecuteScalarAsync(cancellation))! == connection.ProcessID;
            },
            cancellation);
        if (direct)
        {
            await _source.DisposeAsync();
            _source = NpgsqlDataSource.Create(ConnectionSettings.Preparing(_connectionString));
        }
    }

    /// <summary>A connection to use as one likes; faults are told as this class tells them.</summary>
    public async Task Use(Func<NpgsqlConnection, Task> use, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await _source.OpenConnectionAsync(cancellation);
            await use(connection);
        }
        catch (NpgsqlException fault)
        {
            throw PostgresFault.Explain(fault, Name);
        }
    }

    /// <summary>Runs one query.</summary>
    public async Task<List<T>> Query<T>(string sql, Func<NpgsqlDataReader, T> row, object?[] parameters, CancellationToken cancellation)
    {
        var statements = new Statements();
        var rows = statements.Ask(sql, row, parameters);
        await Read(statements, cancellation);
        return rows;
    }

    /// <summary>Runs queries together. Each has a view of its own.</summary>
    public Task Read(Statements statements, CancellationToken cancellation) =>
        Use(connection => statements.Run(connection, cancellation), cancellation);

    /// <summary>Runs what <paramref name="fill"/> adds as one transaction that writes.</summary>
    /// <returns>What <paramref name="fill"/> gave; lists in it are filled.</returns>
    public async Task<T> Write<T>(Func<Statements, T> fill, CancellationToken cancellation)
    {
        var statements = new Statements();
        statements.Call("SELECT latecomer.begin_write($1, $2, $3)", LockMilliseconds, StatementMilliseconds, IdleMilliseconds);
        var result = fill(statements);
        if (_beforeCommit.Length > 0)
        {
            statements.Call(_beforeCommit);
        }

        await Use(connection => statements.Run(connection, cancellation), cancellation);
        return result;
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
