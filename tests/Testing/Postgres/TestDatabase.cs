using System.Collections.Concurrent;
using Npgsql;

namespace Latecomer.Tests.Testing.Postgres;

/// <summary>An empty database for tests. One that was given back is given out again without the store that was in it, so there are about as many
/// as test classes that run at once. All are dropped when the process ends.</summary>
public sealed class TestDatabase
{
    private static readonly ConcurrentBag<TestDatabase> Idle = [];
    private static readonly ConcurrentBag<string> Made = [];

    private TestDatabase(string connectionString) => ConnectionString = connectionString;

    public string ConnectionString { get; }

    public static async Task<TestDatabase> Rent()
    {
        if (Idle.TryTake(out var idle))
        {
            return idle;
        }

        var server = await PostgresServer.Get();
        var name = $"latecomer_test_{Guid.NewGuid():N}";
        await using var connection = new NpgsqlConnection(server.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0", connection);
        await create.ExecuteNonQueryAsync();
        if (Made.IsEmpty)
        {
            AppDomain.CurrentDomain.ProcessExit += (_, _) => DropAll(server.ConnectionString);
        }

        Made.Add(name);
        return new TestDatabase(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name }.ConnectionString);
    }

    /// <summary>Runs a statement on a connection of its own.</summary>
    public async Task Sql(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first column of the first row of a query, on a connection of its own.</summary>
    public async Task<T?> Scalar<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (T?)await command.ExecuteScalarAsync();
    }

    /// <summary>Gives it back; nobody may use it any more.</summary>
    public async Task Return()
    {
        await Sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        await Sql("DROP SCHEMA IF EXISTS latecomer CASCADE");
        Idle.Add(this);
    }

    private static void DropAll(string server)
    {
        // A server of our own is removed as a whole.
        if (Environment.GetEnvironmentVariable("LATECOMER_TEST_STORE") is not { Length: > 0 })
        {
            return;
        }

        using var connection = new NpgsqlConnection(server + ";Pooling=false");
        connection.Open();
        foreach (var name in Made)
        {
            using var drop = new NpgsqlCommand($"DROP DATABASE IF EXISTS {name} WITH (FORCE)", connection);
            drop.ExecuteNonQuery();
        }
    }
}
