using System.Data;
using System.Globalization;
using Npgsql;

namespace Latecomer.Runtime.Postgres;

/// <summary>A store's state as one file (<see cref="BackupFormat"/>).</summary>
public static class PostgresBackup
{
    // Above whatever the store gave out after the backup.
    private const long Ahead = 1L << 32;

    // The schema from which on a store has a name for its journal.
    private const int NamedSince = 5;

    /// <summary>Writes all tables as they are at one moment; nodes may go on meanwhile.</summary>
    /// <param name="connectionString">The database.</param>
    /// <param name="file">Where to write.</param>
    /// <param name="cancellation">Gives up; the file is then worth nothing.</param>
    /// <exception cref="StoreRefusedException">The database holds no store.</exception>
    /// <exception cref="StoreFaultException">It cannot be reached or read.</exception>
    public static async Task Write(string connectionString, Stream file, CancellationToken cancellation)
    {
        await using var database = new PostgresDatabase(connectionString);
        await database.Use(
            async connection =>
            {
                await using var moment = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
                if (!await Scalar<bool>(connection, "SELECT to_regclass('latecomer.store') IS NOT NULL", cancellation))
                {
                    throw new StoreRefusedException($"{database.Name} holds no store.");
                }

                using var format = new BackupFormat(file);
                await format.WriteLine($"{BackupFormat.Magic} {BackupFormat.Version}", cancellation);
                await format.WriteLine($"schema {await Scalar<int>(connection, "SELECT max(number) FROM latecomer.migration", cancellation)}", cancellation);
                await format.WriteLine($"last {await Scalar<long>(connection, "SELECT last_value FROM latecomer.number", cancellation)}", cancellation);
                foreach (var (table, columns) in await Tables(connection, cancellation))
                {
                    await format.WriteLine($"table {table} {columns}", cancellation);
                    await using var rows = await connection.BeginRawBinaryCopyAsync($"COPY latecomer.{table} ({columns}) TO STDOUT (FORMAT BINARY)", cancellation);
                    await format.WriteBlocks(rows, cancellation);
                }

                await format.WriteEnd(cancellation);
            },
            cancellation);
    }

    /// <summary>Makes a store of a file, in one transaction. No life and no lease of before is left, and epochs and ids are above all that were given out after
    /// the backup; places in the journal of before mean nothing any more.</summary>
    /// <param name="file">The file, of this build or an older one.</param>
    /// <param name="connectionString">The database, without a store.</param>
    /// <param name="cancellation">Gives up; nothing was changed then.</param>
    /// <exception cref="StoreRefusedException">The database holds a store already, or the file is none of ours, damaged, or of a newer build. Nothing was changed.</exception>
    /// <exception cref="StoreFaultException">It cannot be reached or written.</exception>
    public static async Task Restore(Stream file, string connectionString, CancellationToken cancellation)
    {
        await using var database = new PostgresDatabase(connectionString);
        try
        {
            await database.Use(connection => Restore(file, connection, database.Name, cancellation), cancellation);
        }
        catch (InvalidDataException fault)
        {
            throw new StoreRefusedException($"That is no backup of a store on PostgreSQL: {fault.Message}.", fault);
        }
    }

    private static async Task Restore(Stream file, NpgsqlConnection connection, string name, CancellationToken cancellation)
    {
        using var format = new BackupFormat(file);
        var version = Number(await format.ReadLine(cancellation), BackupFormat.Magic);
        if (version > BackupFormat.Version)
        {
            throw new StoreRefusedException($"The backup is of a newer build (format {version}; this build knows up to {BackupFormat.Version}). Run that build or newer.");
        }

        var schema = Number(await format.ReadLine(cancellation), "schema");
        var last = Number(await format.ReadLine(cancellation), "last");
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellation);
        await Schema.Create(connection, name, (int)Math.Min(schema, int.MaxValue), cancellation);
        var known = (await Tables(connection, cancellation)).ToDictionary(t => t.Name, t => t.Columns, StringComparer.Ordinal);
        await Execute(connection, "DELETE FROM latecomer.store", cancellation);
        for (var line = await format.ReadLine(cancellation); line != "end"; line = await format.ReadLine(cancellation))
        {
            if (line.Split(' ') is not ["table", var table, var columns] || !known.Remove(table, out var wanted) || columns != wanted)
            {
                throw new InvalidDataException($"its schema {schema} has no '{line}'");
            }

            await using var rows = await connection.BeginRawBinaryCopyAsync($"COPY latecomer.{table} ({columns}) FROM STDIN (FORMAT BINARY)", cancellation);
            await format.ReadBlocks(rows, cancellation);
        }

        await format.ReadEnd(cancellation);
        await Execute(connection, $"UPDATE latecomer.shard SET owner = NULL, epoch = epoch + {Ahead}", cancellation);
        await Execute(connection, "DELETE FROM latecomer.node", cancellation);
        await Execute(connection, $"SELECT setval('latecomer.number', {last + Ahead})", cancellation);
        if (schema >= NamedSince)
        {
            await Execute(connection, "UPDATE latecomer.store SET identity = gen_random_uuid()", cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    private static long Number(string line, string word) =>
        line.Split(' ') is [var first, var number] && first == word && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new InvalidDataException($"where '{word}' should be, it reads otherwise");

    private static async Task<List<(string Name, string Columns)>> Tables(NpgsqlConnection connection, CancellationToken cancellation)
    {
        const string sql = """
            SELECT c.relname::text, string_agg(a.attname::text, ',' ORDER BY a.attname COLLATE "C") FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid
            WHERE c.relnamespace = 'latecomer'::regnamespace AND c.relkind = 'r' AND c.relname <> 'migration' AND a.attnum > 0 AND NOT a.attisdropped
            GROUP BY c.relname ORDER BY c.relname COLLATE "C"
            """;
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var tables = new List<(string Name, string Columns)>();
        while (await reader.ReadAsync(cancellation))
        {
            tables.Add((reader.GetString(0), reader.GetString(1)));
        }

        return tables;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<T> Scalar<T>(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
