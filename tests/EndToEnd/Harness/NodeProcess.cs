namespace Latecomer.Tests.EndToEnd.Harness;

/// <summary>A <c>latecomer node</c> that serves.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private const string Listening = "listening on ";
    private const string ListeningForGrpc = "listening for gRPC on ";

    private NodeProcess(ProgramProcess process, Uri address, Uri grpcAddress)
    {
        Process = process;
        Address = address;
        GrpcAddress = grpcAddress;
        Api = new JsonApi(address);
    }

    /// <summary>The process.</summary>
    public ProgramProcess Process { get; }

    /// <summary>Where it serves.</summary>
    public Uri Address { get; }

    /// <summary>Where it is called by gRPC.</summary>
    public Uri GrpcAddress { get; }

    /// <summary>Its API.</summary>
    public JsonApi Api { get; }

    /// <summary>The address as <c>--server</c> takes it.</summary>
    public string Server => Address.GetLeftPart(UriPartial.Authority);

    /// <summary>Begins to start a node; it may be killed before it serves.</summary>
    public static ProgramProcess Begin(string data, int nodes = 1, Surroundings? surroundings = null) =>
        ProgramProcess.Latecomer(["node", "--data", data, "--listen", "http://127.0.0.1:0", "--nodes", $"{nodes}"], surroundings);

    /// <summary>Starts a node and waits until it serves.</summary>
    public static Task<NodeProcess> Start(string data, int nodes = 1, Surroundings? surroundings = null) => Listens(Begin(data, nodes, surroundings));

    /// <summary>Starts a node with a store of its own and waits until it serves.</summary>
    public static Task<NodeProcess> Alone(string data, params string[] arguments) =>
        Listens(ProgramProcess.Latecomer(["node", "--data", data, "--listen", "http://127.0.0.1:0", .. arguments]));

    /// <summary>Starts a node where another has served, and waits until it serves.</summary>
    public static Task<NodeProcess> InPlaceOf(NodeProcess former, string data) =>
        Listens(ProgramProcess.Latecomer(["node", "--data", data, "--listen", former.Server, "--grpc", former.GrpcAddress.GetLeftPart(UriPartial.Authority)]));

    /// <summary>Starts a node of a cluster and waits until it listens; it may wait for its store.</summary>
    /// <param name="data">The data folder of all.</param>
    /// <param name="store">The connection string of the database of all.</param>
    /// <param name="name">The node's name.</param>
    /// <param name="arguments">More arguments.</param>
    public static Task<NodeProcess> Join(string data, string store, string name, params string[] arguments) => Listens(BeginToJoin(data, store, name, arguments));

    /// <summary>Begins to start a node of a cluster.</summary>
    public static ProgramProcess BeginToJoin(string data, string store, string name, params string[] arguments) => ProgramProcess.Latecomer(
        ["node", "--data", data, "--listen", "http://127.0.0.1:0", .. arguments],
        new Surroundings { Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["LATECOMER_STORE"] = store, ["LATECOMER_NAME"] = name } });

    private static async Task<NodeProcess> Listens(ProgramProcess process)
    {
        try
        {
            return new NodeProcess(process, await Said(process, Listening), await Said(process, ListeningForGrpc));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    private static async Task<Uri> Said(ProgramProcess process, string said) =>
        new((await process.Line("its address", line => line.StartsWith(said, StringComparison.Ordinal)))[said.Length..].Trim());

    /// <summary>Runs a command of the program against this node.</summary>
    public Task<CommandResult> Cli(params string[] arguments) => Harness.Cli.Run([.. arguments, "--server", Server]);

    /// <summary>Waits until the runs of a pipeline are as wanted.</summary>
    public async Task<IReadOnlyList<RunView>> Runs(string pipeline, string what, Func<IReadOnlyList<RunView>, bool> wanted)
    {
        IReadOnlyList<RunView> runs = [];
        return await Waiting.For(
            $"{what} of {pipeline}",
            async () => wanted(runs = await Api.Runs(pipeline)) ? runs : null,
            () => $"{string.Join('\n', runs)}{Process.Story()}");
    }

    /// <summary>Waits until it can do what it is asked.</summary>
    public Task Ready() => Waiting.For($"{Server} to be ready", async () => (await Api.Ready()).Status == System.Net.HttpStatusCode.OK ? "" : null, Process.Story);

    /// <summary>Stops it in order.</summary>
    public async Task Stop()
    {
        await Process.Terminate();
        await Process.Exit();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await Process.DisposeAsync();
    }
}
