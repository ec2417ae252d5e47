using System.Net;
using System.Net.Sockets;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Postgres;
using Npgsql;

namespace Latecomer.Tests.EndToEnd.Clusters;

/// <summary>What a node of a cluster waits for when it starts, and what it refuses.</summary>
public sealed class StartTests : IAsyncLifetime
{
    private const int Usage = 2;
    private const int FolderRefused = 4;
    private const int StoreRefused = 6;

    private readonly TemporaryFolder _folder = new();
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.Rent();

    public async Task DisposeAsync()
    {
        await _database.Return();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_database_that_is_not_there_yet_is_waited_for()
    {
        var server = new NpgsqlConnectionStringBuilder(_database.ConnectionString);
        using var gate = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        gate.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var port = ((IPEndPoint)gate.LocalEndPoint!).Port;

        var later = new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Port = port };
        await using var node = await NodeProcess.Join(_folder.Path, later.ConnectionString, "early");
        var waits = await node.Api.Ready();
        waits.Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        ((string)waits.Body["message"]!).ShouldStartWith("Waiting for the store: The database ");
        using (var http = new HttpClient { BaseAddress = node.Address })
        {
            (await http.GetAsync(new Uri("/healthz", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        gate.Listen();
        await using var relay = new Relay(gate, server.Host!, server.Port);
        await node.Ready();
        node.Process.Errors.Lines.Count(l => l.Contains("waiting for the store", StringComparison.Ordinal)).ShouldBe(1, node.Process.Story());
        await node.Stop();
    }

    [Fact]
    public async Task A_node_that_was_killed_begins_again_under_its_name_without_waiting_for_its_former_life_to_expire()
    {
        await using var first = await NodeProcess.Join(_folder.Path, _database.ConnectionString, "again", "--expiry", "10m");
        await first.Ready();
        await first.Process.Kill();
        await using var second = await NodeProcess.Join(_folder.Path, _database.ConnectionString, "again", "--expiry", "10m");
        await second.Ready();
        const string Elsewhere = "SELECT count(*) FROM latecomer.shard WHERE owner IS DISTINCT FROM (SELECT incarnation FROM latecomer.node ORDER BY joined_at DESC LIMIT 1)";
        await Waiting.For("all shards to be its own", async () => await _database.Scalar<long>(Elsewhere) == 0 ? "" : null);
        await second.Stop();
    }

    [Fact]
    public async Task A_node_that_waits_can_be_stopped()
    {
        await using var node = await NodeProcess.Join(_folder.Path, "Host=127.0.0.1;Port=1;Username=u", "early");
        await node.Process.Terminate();
        (await node.Process.Exit()).ShouldBe(0, node.Process.Story());
    }

    [Theory]
    [InlineData("Password=hidden-word", "does not let us in")]
    [InlineData("Database=not_there", "does not exist")]
    public async Task What_waiting_would_not_mend_is_refused(string wrong, string because)
    {
        await using var process = NodeProcess.BeginToJoin(_folder.Path, $"{_database.ConnectionString};{wrong}", "wrong");
        (await process.Exit()).ShouldBe(StoreRefused, process.Story());
        process.Errors.Text.ShouldContain(because);
        process.Errors.Text.ShouldNotContain("hidden-word");
        process.Output.Text.ShouldBe("");
    }

    [Fact]
    public async Task What_is_no_connection_string_is_refused() =>
        (await Cli.Run("node", "--data", _folder.Path, "--listen", "http://127.0.0.1:0", "--store", "nonsense")).Refused(StoreRefused, "Host=");

    [Fact]
    public async Task A_process_is_one_node_of_a_cluster() =>
        (await Cli.Run("node", "--data", _folder.Path, "--store", "Host=127.0.0.1", "--nodes", "2")).Refused(Usage, "--nodes");

    [Fact]
    public async Task A_folder_is_a_clusters_or_one_nodes()
    {
        await using (var node = await NodeProcess.Join(_folder.Path, _database.ConnectionString, "a"))
        {
            (await Cli.Run("node", "--data", _folder.Path, "--listen", "http://127.0.0.1:0")).Refused(FolderRefused, "--store");
            var twin = NodeProcess.BeginToJoin(_folder.Path, _database.ConnectionString, "a");
            (await twin.Exit()).ShouldBe(FolderRefused, twin.Story());
            twin.Errors.Text.ShouldContain($"process {node.Process.Id}");
            await node.Stop();
        }

        var own = Path.Combine(_folder.Path, "own");
        await (await NodeProcess.Start(own)).Stop();
        await using var stranger = NodeProcess.BeginToJoin(own, _database.ConnectionString, "a");
        (await stranger.Exit()).ShouldBe(FolderRefused, stranger.Story());
        stranger.Errors.Text.ShouldContain("without --store");
    }
}
