using Npgsql;

namespace Latecomer.Tests.Nemesis;

/// <summary>Everything that becomes durable in a database, in the order of commits, by PostgreSQL's own write-ahead log: nobody who writes can pass it by, and
/// it survives what the server survives. Our fence is wrapped so that it says there under which lease each transaction runs, and who was refused.</summary>
internal sealed class WriteAheadLog(string connectionString)
{
    /// <summary>What a transaction says that has passed the fence: shard, epoch, owner.</summary>
    public const string Fenced = "fence";

    /// <summary>What is said for one that did not.</summary>
    public const string Refused = "refused";

    private const string Slot = "nemesis";

    private const string WrapFence = $$"""
        ALTER FUNCTION latecomer.fence(int, bigint, uuid) RENAME TO fence_of_product;
        CREATE FUNCTION latecomer.fence(of_shard int, of_epoch bigint, of_owner uuid) RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM latecomer.fence_of_product(of_shard, of_epoch, of_owner);
            PERFORM pg_logical_emit_message(true, '{{Fenced}}', format('%s %s %s', of_shard, of_epoch, of_owner));
        EXCEPTION WHEN SQLSTATE 'AF001' THEN
            PERFORM pg_logical_emit_message(false, '{{Refused}}', format('%s %s %s', of_shard, of_epoch, of_owner));
            RAISE;
        END
        $$;
        """;

    /// <summary>Begins to keep the log; before anybody writes.</summary>
    public Task Begin() => Do($"SELECT pg_create_logical_replication_slot('{Slot}', 'test_decoding')");

    /// <summary>Lets the fence speak; once the store's tables are there.</summary>
    public Task Listen() => Do(WrapFence);

    /// <summary>Puts another fence in place of ours; see <c>WeakFence</c>.</summary>
    public Task Weaken(string fence) => Do(fence.Replace("FUNCTION latecomer.fence(", "FUNCTION latecomer.fence_of_product(", StringComparison.Ordinal));

    /// <summary>Reads all of it.</summary>
    public async Task<(List<WalTransaction> Transactions, List<WalChange.Said> Asides)> Read(TextWriter? copy)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false;Command Timeout=300");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"SELECT data FROM pg_logical_slot_peek_changes('{Slot}', NULL, NULL, 'include-timestamp', 'on')", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var decoding = new TestDecoding();
        var transactions = new List<WalTransaction>();
        while (await reader.ReadAsync())
        {
            var line = reader.GetString(0);
            if (copy is not null)
            {
                await copy.WriteLineAsync(line);
            }

            if (decoding.Read(line) is { } transaction)
            {
                transactions.Add(transaction);
            }
        }

        return (transactions, decoding.Asides);
    }

    private async Task Do(string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
