using Google.Protobuf;
using Google.Protobuf.Reflection;
using Latecomer.DeltaLog;
using Latecomer.Grpc;
using Latecomer.Node.Access;
using Latecomer.Node.Hosting;
using Latecomer.Node.Protocol;
using Latecomer.Parquet;
using Latecomer.Tests.Testing;
using Latecomer.Tests.Testing.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace Latecomer.Tests.Integration.Hosting;

/// <summary>A node in this process with a table of days and a pipeline on it, asked by gRPC. The pipeline's work is a command that waits until the test lets a date go on.</summary>
internal sealed class CommandedNode : IAsyncDisposable
{
    public const string Name = "orders_by_day";

    private readonly TemporaryFolder _folder = new();
    private readonly TableDefinition _table = new(
        new TableSchema([new SchemaField("name", new DataType.Primitive("string")), new SchemaField("day", new DataType.Primitive("string"))]), ["day"]);

    private TestDatabase? _database;
    private bool _asksForTokens;
    private NodeHost _host = null!;
    private RpcChannel _channel = null!;

    public string Dataset => _host.Dataset;

    /// <summary>The token by which it is asked; null for none.</summary>
    public string? Token { get; set; }

    /// <summary>The first admin's token, of a node that asks for tokens.</summary>
    public string AdminToken => File.ReadAllText(Path.Combine(_folder.Path, "state", FirstToken.FileName)).Trim();

    /// <summary>Starts the node and loads days of January 2024, each in a commit.</summary>
    /// <param name="days">How many.</param>
    /// <param name="onPostgres">Whether its store is a PostgreSQL database; else it is in its data folder.</param>
    /// <param name="asksForTokens">Whether it asks for tokens; then it is asked by the first admin's.</param>
    public static async Task<CommandedNode> Start(int days, bool onPostgres = false, bool asksForTokens = false)
    {
        var node = new CommandedNode { _database = onPostgres ? await TestDatabase.Rent() : null, _asksForTokens = asksForTokens };
        await node.Open();
        node.Token = asksForTokens ? node.AdminToken : null;
        for (var day = 1; day <= days; day++)
        {
            await node.Load(day);
        }

        return node;
    }

    /// <summary>Stops the node, and starts another on the same folder.</summary>
    public async Task Restart()
    {
        await Close();
        await Open();
    }

    public static string Date(int day) => $"2024-01-{day:D2}";

    public static string Full(int day) => $"{Date(day)}T00:00:00Z";

    /// <summary>Lets the work of a date come to its end, now and later.</summary>
    public void Release(int day) => File.WriteAllText(Path.Combine(Dataset, "go", Date(day)), "");

    /// <summary>Lets the work of a date wait again.</summary>
    public void Hold(int day) => File.Delete(Path.Combine(Dataset, "go", Date(day)));

    /// <summary>Lets the work of all dates come to its end.</summary>
    public void ReleaseAll() => Enumerable.Range(1, 31).ToList().ForEach(Release);

    /// <summary>Lets the work of a date fail, or not any more.</summary>
    public void Fail(int day, bool fails = true)
    {
        var file = Path.Combine(Dataset, "fail", Date(day));
        if (fails)
        {
            File.WriteAllText(file, "");
        }
        else
        {
            File.Delete(file);
        }
    }

    /// <summary>Loads a day once more.</summary>
    public async Task Load(int day)
    {
        var written = await DeltaWriter.At(Path.Combine(Dataset, "orders")).AppendRows(_table, PartitionValues.Of("day", Date(day)), Rows(), CommitOrigin.None);
        written.ShouldBeOfType<CommitResult.Committed>();
    }

    /// <summary>Applies the pipeline for the days up to one.</summary>
    public async Task Apply(int lastDay, Action<Pipeline>? change = null, bool paused = false)
    {
        var command = new CommandWork { Program = "/bin/sh" };
        command.Arguments.AddRange(["-c", "while [ ! -e go/{date} ]; do sleep 0.05; done; echo {run_id} {try} >> works; [ ! -e fail/{date} ]"]);
        var pipeline = new Pipeline
        {
            Name = Name,
            Schedule = "@daily",
            Start = Date(1),
            End = Date(lastDay),
            MaxActiveRuns = 4,
            MaxActiveBackfills = 2,
            Retries = 0,
            ConfigurationFolder = Name,
            Work = new PipelineWork { TaskId = "work", Command = command },
        };
        pipeline.Inputs.Add(new PipelineInput { Table = "orders", PartitionColumn = "day" });
        change?.Invoke(pipeline);
        await Call<ApplyPipelineResponse>(PipelinesReflection.Descriptor, "Apply", new ApplyPipelineRequest { Pipeline = pipeline, Paused = paused });
    }

    /// <summary>The ids of the runs whose work has come to an end, in order.</summary>
    public string[] Works() => File.Exists(Path.Combine(Dataset, "works")) ? File.ReadAllLines(Path.Combine(Dataset, "works")) : [];

    public Task<T> Call<T>(FileDescriptor file, string method, IMessage request)
        where T : class, IMessage<T>, new()
    {
        var options = new CallOptions { Metadata = [] };
        if (Token is not null)
        {
            options.Metadata.Add("authorization", $"Bearer {Token}");
        }

        return _channel.Call<T>(file.Services[0].FindMethodByName(method), request, options);
    }

    /// <summary>Code and message of the refusal that a call ends with.</summary>
    public async Task<Status> Refused<T>(FileDescriptor file, string method, IMessage request)
        where T : class, IMessage<T>, new()
    {
        var status = (await Should.ThrowAsync<RpcException>(() => Call<T>(file, method, request))).Status;
        return new Status(status.Code, status.Message);
    }

    /// <summary>All runs that a list with these filters gives.</summary>
    public async Task<IReadOnlyList<Run>> Runs(Action<ListRunsRequest>? filter = null)
    {
        var request = new ListRunsRequest { Pipeline = Name };
        filter?.Invoke(request);
        var runs = new List<Run>();
        do
        {
            var page = await Call<ListRunsResponse>(RunsReflection.Descriptor, "List", request);
            runs.AddRange(page.Runs);
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        return runs;
    }

    /// <summary>Waits until the runs are as wanted.</summary>
    public Task<IReadOnlyList<Run>> Until(string what, Func<IReadOnlyList<Run>, bool> wanted) => HostedCluster.Until(() => Runs(), what, wanted);

    public async ValueTask DisposeAsync()
    {
        await Close();
        if (_database is not null)
        {
            await _database.Return();
        }

        _folder.Dispose();
    }

    private async Task Open()
    {
        var options = new HostOptions { Data = _folder.Path, Store = _database?.ConnectionString, Listen = new Uri("http://127.0.0.1:0"), Tokens = _asksForTokens };
        _host = await NodeHost.Start(options, NullLoggerFactory.Instance, default);
        await _host.Serve(default);
        _channel = new RpcChannel(_host.GrpcAddress);
        Directory.CreateDirectory(Path.Combine(Dataset, "go"));
        Directory.CreateDirectory(Path.Combine(Dataset, "fail"));
    }

    private async Task Close()
    {
        _channel.Dispose();
        await _host.DisposeAsync();
    }

    private static async IAsyncEnumerable<ColumnBatch> Rows()
    {
        yield return new ColumnBatch(
            new ParquetSchema([new ParquetColumn("name", new ColumnType.String(), Nullable: true)]), [BinaryColumn.From(new string?[] { "a", "b" })]);
        await Task.CompletedTask;
    }
}
