using System.Globalization;
using Npgsql;

namespace Latecomer.Runtime.Postgres;

/// <summary>Brings a database to the schema of this build: numbered scripts, each run once, all in one transaction. Any number of nodes may
/// start at once: one migrates, the others wait for it and find nothing to do.</summary>
internal static class Schema
{
    /// <summary>"LATE": whoever migrates holds it to the end of the transaction.</summary>
    private const long MigrationLock = 0x4C415445;

    private const int OldestServer = 150_000;

    private static readonly TimeSpan MigrationPatience = TimeSpan.FromMinutes(1);

    private static readonly IReadOnlyList<string> Scripts =
        [.. typeof(Schema).Assembly.GetManifestResourceNames().Where(n => n.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <exception cref="StoreRefusedException">The server or the database is not for this build. Nothing was changed.</exception>
    public static async Task Migrate(NpgsqlConnection connection, string name, CancellationToken cancellation)
    {
        await CheckServer(connection, name, cancellation);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.ReadCommitted, cancellation);
        await Execute(connection, string.Create(CultureInfo.InvariantCulture, $"SET LOCAL lock_timeout = {(int)MigrationPatience.TotalMilliseconds}"), cancellation);
        await Execute(connection, string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_xact_lock({MigrationLock})"), cancellation);
        var version = await Version(connection, name, cancellation);
        if (version == Scripts.Count)
        {
            await CheckShards(connection, name, cancellation);
            return;
        }

        await RunScripts(connection, version, Scripts.Count, cancellation);
        await CheckShards(connection, name, cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Makes the tables of a version, for a backup of that version, within the caller's transaction.</summary>
    /// <exception cref="StoreRefusedException">There are tables already, or this build knows no such version.</exception>
    public static async Task Create(NpgsqlConnection connection, string name, int version, CancellationToken cancellation)
    {
        await CheckServer(connection, name, cancellation);
        await Execute(connection, string.Create(CultureInfo.InvariantCulture, $"SELECT pg_advisory_xact_lock({MigrationLock})"), cancellation);
        if (version < 1 || version > Scripts.Count)
        {
            throw new StoreRefusedException($"The backup is of a newer build (schema {version}; this build knows up to {Scripts.Count}). Run that build or newer.");
        }

        if (await Scalar<bool>(connection, "SELECT to_regclass('latecomer.migration') IS NOT NULL", cancellation))
        {
            throw new StoreRefusedException($"{name} holds a store already: restore into an empty database.");
        }

        await RunScripts(connection, await Version(connection, name, cancellation), version, cancellation);
    }

    private static async Task RunScripts(NpgsqlConnection connection, int from, int to, CancellationToken cancellation)
    {
        for (var i = from; i < to; i++)
        {
            await Execute(connection, Text(Scripts[i]).Replace("$SHARDS", ShardId.ShardedCount.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal), cancellation);
            await Execute(connection, string.Create(CultureInfo.InvariantCulture, $"INSERT INTO latecomer.migration (number, name) VALUES ({i + 1}, '{Scripts[i]}')"), cancellation);
        }
    }

    private static async Task CheckServer(NpgsqlConnection connection, string name, CancellationToken cancellation)
    {
        if (await Scalar<int>(connection, "SELECT current_setting('server_version_num')::int", cancellation) < OldestServer)
        {
            throw new StoreRefusedException($"{name} is PostgreSQL {connection.PostgreSqlVersion}, and this build needs 15 or newer.");
        }

        if (await Scalar<string>(connection, "SHOW server_encoding", cancellation) is not "UTF8" and var encoding)
        {
            throw new StoreRefusedException($"{name} has the encoding {encoding}, and the store needs UTF8: name another database.");
        }

        if (await Scalar<string>(connection, "SHOW default_transaction_isolation", cancellation) is not "read committed" and var isolation)
        {
            throw new StoreRefusedException(
                $"{name} makes every transaction {isolation}, and the store needs read committed: reset default_transaction_isolation of its role and database.");
        }

        if (await Scalar<bool>(connection, "SELECT pg_is_in_recovery()", cancellation))
        {
            throw new StoreRefusedException($"{name} is a standby, which nobody can write to: name its primary.");
        }
    }

    /// <summary>How many scripts the database has seen.</summary>
    private static async Task<int> Version(NpgsqlConnection connection, string name, CancellationToken cancellation)
    {
        if (!await Scalar<bool>(connection, "SELECT to_regclass('latecomer.migration') IS NOT NULL", cancellation))
        {
            if (await Scalar<bool>(connection, "SELECT EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = to_regnamespace('latecomer'))", cancellation))
            {
                throw new StoreRefusedException($"{name} has a schema 'latecomer' of another program. Name another database.");
            }

            // A schema that is there already spares the right to make one.
            if (!await Scalar<bool>(connection, "SELECT to_regnamespace('latecomer') IS NOT NULL", cancellation))
            {
                await Execute(connection, "CREATE SCHEMA latecomer", cancellation);
            }

            await Execute(connection, "CREATE TABLE latecomer.migration (number int PRIMARY KEY, name text NOT NULL)", cancellation);
        }

        var version = await Scalar<int>(connection, "SELECT coalesce(max(number), 0) FROM latecomer.migration", cancellation);
        return version <= Scripts.Count
            ? version
            : throw new StoreRefusedException($"{name} is of a newer build (schema {version}; this build knows up to {Scripts.Count}). Run that build or newer.");
    }

    private static async Task CheckShards(NpgsqlConnection connection, string name, CancellationToken cancellation)
    {
        var shards = await Scalar<int>(connection, "SELECT shards FROM latecomer.store", cancellation);
        if (shards != ShardId.ShardedCount)
        {
            throw new StoreRefusedException($"{name} has {shards} shards, but this build has {ShardId.ShardedCount}: the number is fixed when a store is made. Run the build that made it.");
        }
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.CommandTimeout = 2 * (int)MigrationPatience.TotalSeconds;
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<T> Scalar<T>(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static string Text(string name)
    {
        using var stream = typeof(Schema).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
