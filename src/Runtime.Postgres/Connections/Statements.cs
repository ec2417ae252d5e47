using Npgsql;

namespace Latecomer.Runtime.Postgres;

/// <summary>Statements that are sent together: one round trip, one transaction, all of it or nothing. Parameters are <c>$1</c>, <c>$2</c>, in
/// order, for each statement anew; where one may be null, the statement says its type.</summary>
internal sealed class Statements
{
    private readonly List<NpgsqlBatchCommand> _commands = [];
    private readonly List<Func<NpgsqlDataReader, CancellationToken, Task>> _readers = [];

    /// <summary>Adds a statement that gives no rows.</summary>
    public void Do(string sql, params ReadOnlySpan<object?> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter ?? DBNull.Value });
        }

        _commands.Add(command);
    }

    /// <summary>Adds a query for what it does; its rows say nothing.</summary>
    public void Call(string sql, params ReadOnlySpan<object?> parameters)
    {
        Do(sql, parameters);
        _readers.Add((_, _) => Task.CompletedTask);
    }

    /// <summary>Adds a query.</summary>
    /// <returns>Its rows, once all was run.</returns>
    public List<T> Ask<T>(string sql, Func<NpgsqlDataReader, T> row, params ReadOnlySpan<object?> parameters)
    {
        Do(sql, parameters);
        var rows = new List<T>();
        _readers.Add(async (reader, cancellation) =>
        {
            while (await reader.ReadAsync(cancellation))
            {
                rows.Add(row(reader));
            }
        });
        return rows;
    }

    /// <summary>Runs them. On return they are committed.</summary>
    public async Task Run(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var command in _commands)
        {
            batch.BatchCommands.Add(command);
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        foreach (var read in _readers)
        {
            await read(reader, cancellation);

            // After the last one this waits for the end of the transaction.
            await reader.NextResultAsync(cancellation);
        }
    }
}
