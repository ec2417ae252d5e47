using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Latecomer.Tests.EndToEnd.Days;
using Latecomer.Tests.EndToEnd.Harness;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Postgres;

namespace Latecomer.Tests.EndToEnd.Clusters;

/// <summary><c>latecomer cluster up|kill|pause|resume|start|down</c>: a cluster of processes on this machine.</summary>
public sealed class LocalClusterTests : IAsyncLifetime
{
    private const int Failed = 1;
    private const int Usage = 2;
    private const int FolderRefused = 4;

    private readonly TemporaryFolder _folder = new();

    private string Data => Path.Combine(_folder.Path, "with spaces", "data");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (LocalProcesses.Record(Data) is not null)
        {
            await Cluster("down");
        }

        _folder.Dispose();
    }

    [PostgresProgramsFact]
    public async Task Up_starts_nodes_that_are_ready_and_down_leaves_nothing_but_the_tables()
    {
        var up = (await Cluster("up", "-o", "json", "--nodes", "2")).Succeeded().Json;

        var nodes = up["nodes"]!.AsArray();
        nodes.Select(n => (string)n!["name"]!).ShouldBe(["node-1", "node-2"]);
        foreach (var node in nodes)
        {
            using var api = new JsonApi(new Uri((string)node!["address"]!));
            (await api.Ready()).Status.ShouldBe(HttpStatusCode.OK);
            (await api.Call("Cluster/Show", []))["nodes"]!.AsArray().Count.ShouldBe(2);
        }

        SecretsShouldBeSecret(up);
        await AgainShouldAddWhatIsMissing();
        var database = LocalProcesses.DatabaseFolder(Data);
        var down = (await Cluster("down")).Succeeded().Output;
        down.ShouldContain("node-3 stopped");
        down.ShouldContain("PostgreSQL stopped");
        await LocalProcesses.ShouldBeGone(Data, database);
        Directory.Exists(Path.Combine(Data, "dataset")).ShouldBeTrue();
        (await Cluster("down")).Refused(Failed, Data, "cluster up");
    }

    [PostgresProgramsFact]
    public async Task Nodes_are_killed_paused_resumed_and_started_and_a_kept_database_goes_on()
    {
        var up = (await Cluster("up", "-o", "json", "--nodes", "2")).Succeeded().Json;
        var (first, second) = (up["nodes"]![0]!.AsObject(), up["nodes"]![1]!.AsObject());
        using var api = new JsonApi(new Uri((string)first["address"]!));
        await new SeedsDay(Data).Load(0);
        await api.Call("Pipelines/Apply", new JsonObject { ["pipeline"] = DayByApi.Definition(), ["requestId"] = "apply" });

        (await Cluster("kill", "node-2")).Succeeded().Output.ShouldBe($"node-2 killed (process {second["process"]})");
        StateOf(second).ShouldBeNull();
        (await Cluster("kill", "node-2")).Refused(Failed, "node-2", "cluster start");
        (await Cluster("start", "node-2")).Succeeded().Output.ShouldContain((string)second["address"]!, Case.Sensitive, "it listens where it did");
        (await Cluster("start", "node-2")).Succeeded().Output.ShouldContain("runs already");

        (await Cluster("pause", "node-1")).Succeeded();
        StateOf(first).ShouldBe('T');
        (await Cluster("start", "node-1")).Refused(Failed, "paused");
        (await Cluster("up")).Succeeded().Output.ShouldContain("paused");
        (await Cluster("resume", "node-1")).Succeeded();
        StateOf(first).ShouldNotBe('T');
        (await Cluster("pause", "node-7")).Refused(Usage, "node-7", "node-1, node-2");

        (await Cluster("pause", "node-1")).Succeeded();
        var database = LocalProcesses.DatabaseFolder(Data);
        (await Cluster("down", "--keep")).Succeeded().Output.ShouldContain(database!);
        await LocalProcesses.ShouldBeGone(Data, database, isRemoved: false);
        var again = (await Cluster("up", "-o", "json")).Succeeded().Json;
        again["nodes"]!.AsArray().Count.ShouldBe(2);
        using var later = new JsonApi(new Uri((string)again["nodes"]![0]!["address"]!));
        (await later.Call("Pipelines/List", []))["pipelines"]!.AsArray().Count.ShouldBe(1);
    }

    [PostgresProgramsFact]
    public async Task Whenever_up_is_killed_down_finds_what_it_left()
    {
        var random = new Random(1);
        for (var kill = 0; kill < 4; kill++)
        {
            await using (var up = ProgramProcess.Latecomer(["cluster", "up", "--nodes", "2", "--data", Data]))
            {
                await Waiting.Until("the cluster to be noted", () => LocalProcesses.Record(Data) is not null || up.HasEnded, up.Story);

                // No wait for anything: the moment of the kill itself, from making the database to waiting for nodes.
                await Task.Delay(random.Next(kill * 1000));
                await up.Kill();
            }

            var database = LocalProcesses.DatabaseFolder(Data);
            (await Cluster("down")).Succeeded();
            await LocalProcesses.ShouldBeGone(Data, database);
            LocalProcesses.Record(Data).ShouldBeNull();
        }
    }

    [PostgresProgramsFact]
    public async Task A_process_that_only_has_the_id_of_ours_is_let_alone()
    {
        (await Cluster("up", "--nodes", "1")).Succeeded();
        (await Cluster("kill", "node-1")).Succeeded();
        var file = Path.Combine(Data, "state", "cluster.json");
        var record = LocalProcesses.Record(Data)!;
        record["nodes"]![0]!["process"]!["id"] = Environment.ProcessId;
        File.WriteAllText(file, record.ToJsonString());

        (await Cluster("kill", "node-1")).Refused(Failed, "does not run");
        (await Cluster("down")).Succeeded().Output.ShouldContain("node-1 did not run");
    }

    [PostgresProgramsFact]
    public async Task A_folder_of_a_node_alone_or_of_somebody_else_is_refused_and_left_as_it_is()
    {
        await (await NodeProcess.Start(Data)).Stop();
        (await Cluster("up")).Refused(FolderRefused, "without --store");
        LocalProcesses.Record(Data).ShouldBeNull();

        var others = Directory.CreateDirectory(Path.Combine(_folder.Path, "others")).FullName;
        await File.WriteAllTextAsync(Path.Combine(others, "letter.txt"), "Dear");
        (await Cli.Run("cluster", "up", "--data", others)).Refused(FolderRefused, "letter.txt");
        FolderContent.Of(others).Count.ShouldBe(1);
    }

    private Task<CommandResult> Cluster(string command, params string[] arguments) => Cli.Run(["cluster", command, .. arguments, "--data", Data]);

    private void SecretsShouldBeSecret(JsonObject up)
    {
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var password = File.ReadAllText(Path.Combine(Data, "state", "postgres.pass")).Split(':')[^1].Trim();
        foreach (var file in new[] { "postgres.pass", "cluster.json" })
        {
            (OperatingSystem.IsWindows() ? owner : File.GetUnixFileMode(Path.Combine(Data, "state", file))).ShouldBe(owner, file);
        }

        up.ToJsonString().ShouldNotContain(password);
        LocalProcesses.With(password).ShouldBeEmpty();
    }

    private async Task AgainShouldAddWhatIsMissing()
    {
        (await Cluster("up")).Succeeded().Output.ShouldStartWith("The cluster is up already.");
        (await Cluster("up", "--nodes", "3")).Succeeded().Output.ShouldStartWith("Started node-3.");
    }

    /// <summary>The letter of proc(5) for a process's state; null if it has ended.</summary>
    private static char? StateOf(JsonObject node)
    {
        var file = string.Create(CultureInfo.InvariantCulture, $"/proc/{(int)node["process"]!}/stat");
        if (!File.Exists(file))
        {
            return null;
        }

        var text = File.ReadAllText(file);
        return text[text.LastIndexOf(')') + 2] is var state and not 'Z' ? state : null;
    }
}
