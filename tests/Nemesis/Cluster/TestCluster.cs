using Latecomer.Runtime.Postgres;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Postgres;
using Npgsql;

namespace Latecomer.Tests.Nemesis;

/// <summary>A PostgreSQL, its log, and three nodes on it.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    /// <summary>Connections that the server lets in: few, so that they can be used up.</summary>
    public const int Connections = 60;

    /// <summary>How long a node lives without renewing, and how long others may then take.</summary>
    public static readonly TimeSpan Expiry = TimeSpan.FromSeconds(4);
    public static readonly TimeSpan TakeOver = TimeSpan.FromSeconds(2);

    private static readonly string[] Names = ["a", "b", "c"];

    private TestCluster(string folder, PostgresServer server, string store, string? clocks)
    {
        (Folder, Server, Store) = (folder, server, store);
        Log = new WriteAheadLog(store);
        Nodes = [.. Names.Select(name => new ClusterNode(
            name, Data, Directory.CreateDirectory(Path.Combine(folder, "logs")).FullName, store, clocks is null ? null : SkewedClock.Of(clocks, name)))];
    }

    /// <summary>Everything of this run.</summary>
    public string Folder { get; }

    public PostgresServer Server { get; }

    /// <summary>The database, straight.</summary>
    public string Store { get; }

    public WriteAheadLog Log { get; }

    public IReadOnlyList<ClusterNode> Nodes { get; }

    public string Data => Path.Combine(Folder, "data");

    public string Dataset => Path.Combine(Data, "dataset");

    /// <summary>Starts the server and prepares the store; nodes come later.</summary>
    /// <param name="folder">Where everything goes.</param>
    /// <param name="fence">A fence in place of ours.</param>
    public static async Task<TestCluster> Create(string folder, string? fence = null)
    {
        var server = await PostgresServer.Start(durable: false, "wal_level=logical", $"max_connections={Connections}");
        var cluster = new TestCluster(folder, server, server.ConnectionString, await SkewedClock.Compile(folder));
        Directory.CreateDirectory(cluster.Dataset);
        await cluster.Log.Begin();
        await (await PostgresRuntimeStore.Open(cluster.Store, default)).DisposeAsync();
        await cluster.Log.Listen();
        await (fence is null ? Task.CompletedTask : cluster.Log.Weaken(fence));
        return cluster;
    }

    public Task StartNodes() => Task.WhenAll(Nodes.Select(n => n.Start()));

    /// <summary>Runs statements, again and again while the server does not let us in; what they put under a key is there once.</summary>
    public Task Sql(string sql) => Patiently(async command => await command.ExecuteNonQueryAsync(), sql);

    public Task<T> Scalar<T>(string sql) => Patiently(async command => (T)(await command.ExecuteScalarAsync())!, sql);

    public async Task<NpgsqlConnection> Connect()
    {
        var connection = new NpgsqlConnection(Store + ";Pooling=false;Application Name=nemesis");
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Waits, at most so long, until something is true in the store.</summary>
    public async Task<bool> Until(string condition, TimeSpan atMost)
    {
        var deadline = DateTimeOffset.UtcNow + atMost;
        while (DateTimeOffset.UtcNow < deadline)
        {
            if (await Scalar<bool>($"SELECT {condition}"))
            {
                return true;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }

        return false;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }

        await Server.DisposeAsync();
    }

    private async Task<T> Patiently<T>(Func<NpgsqlCommand, Task<T>> run, string sql)
    {
        var deadline = DateTimeOffset.UtcNow + Liveness.Bound;
        while (true)
        {
            try
            {
                await using var connection = await Connect();
                await using var command = new NpgsqlCommand(sql, connection);
                return await run(command);
            }
            catch (NpgsqlException fault) when (DateTimeOffset.UtcNow < deadline)
            {
                if (fault.SqlState == PostgresErrorCodes.UniqueViolation)
                {
                    return default!;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(100));
            }
        }
    }
}
