using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Latecomer.DeltaLog;
using Latecomer.Grpc;
using Latecomer.Node.Protocol;

namespace Latecomer.Benchmarks.Commands;

/// <summary>Clients with a connection and a pipeline each. The pipelines' work is done by something else, which marks.</summary>
internal sealed class CommandingClients : IDisposable
{
    private const string Table = "t";

    private static readonly MethodDescriptor Apply = PipelinesReflection.Descriptor.Services[0].FindMethodByName("Apply");
    private static readonly MethodDescriptor Pause = PipelinesReflection.Descriptor.Services[0].FindMethodByName("Pause");
    private static readonly MethodDescriptor Unpause = PipelinesReflection.Descriptor.Services[0].FindMethodByName("Unpause");
    private static readonly MethodDescriptor MarkAsProcessing = PartitionsReflection.Descriptor.Services[0].FindMethodByName("MarkAsProcessing");
    private static readonly MethodDescriptor Show = ClusterReflection.Descriptor.Services[0].FindMethodByName("Show");
    private static readonly DateOnly First = new(2001, 1, 1);

    private readonly List<RpcChannel> _channels;
    private readonly int[] _marked;
    private readonly bool[] _paused;

    internal CommandingClients(Uri node, int count)
    {
        _channels = [.. Enumerable.Range(0, count).Select(_ => new RpcChannel(node))];
        _marked = new int[count];
        _paused = new bool[count];
    }

    internal int Count => _channels.Count;

    /// <summary>Makes the table that all pipelines read, empty.</summary>
    internal static async Task MakeTable(string data)
    {
        var schema = new TableSchema([new SchemaField("id", new DataType.Primitive("long")), new SchemaField("d", new DataType.Primitive("string"))]);
        var table = DeltaTable.At(Path.Combine(data, "dataset", Table));
        await table.Create(DeltaLog.Metadata.Create(Guid.NewGuid(), schema, ["d"], DateTimeOffset.UnixEpoch), [], CommitOrigin.None);
    }

    /// <summary>Makes the pipelines.</summary>
    internal Task Prepare() => Task.WhenAll(Enumerable.Range(0, Count).Select(MakePipeline));

    /// <summary>Pauses a client's pipeline, or lets it go on if it is paused.</summary>
    internal Task Command(int client)
    {
        var request = Guid.NewGuid().ToString("N");
        return (_paused[client] = !_paused[client])
            ? Call<PipelineStatus>(client, Pause, new PausePipelineRequest { RequestId = request, Name = Name(client) })
            : Call<PipelineStatus>(client, Unpause, new UnpausePipelineRequest { RequestId = request, Name = Name(client) });
    }

    /// <summary>Lets pipelines that were paused go on.</summary>
    internal Task GoOn() => Task.WhenAll(Enumerable.Range(0, Count).Where(client => _paused[client]).Select(Command));

    private Task MakePipeline(int client) => Call<ApplyPipelineResponse>(client, Apply, new ApplyPipelineRequest
    {
        RequestId = Guid.NewGuid().ToString("N"),
        Pipeline = new Pipeline
        {
            Name = Name(client),
            Schedule = "@daily",
            Start = Date(0),
            ConfigurationFolder = $"files/{Name(client)}",
            Inputs = { new PipelineInput { Table = Table, PartitionColumn = "d" } },
            Work = new PipelineWork { TaskId = "work", External = new ExternalWork() },
        },
    });

    /// <summary>Marks the next date of a client's pipeline.</summary>
    internal Task Mark(int client)
    {
        var date = Date(_marked[client]++);
        return Call<MarkAsProcessingResponse>(
            client, MarkAsProcessing,
            new MarkAsProcessingRequest { RequestId = Guid.NewGuid().ToString("N"), Pipeline = Name(client), LogicalDate = date, RunId = $"airflow__{date}" });
    }

    /// <summary>How many turns the node has run.</summary>
    internal async Task<long> Turns() => (await Call<ShowClusterResponse>(0, Show, new ShowClusterRequest())).Nodes.Single().Turns;

    public void Dispose() => _channels.ForEach(c => c.Dispose());

    private static string Name(int client) => string.Create(CultureInfo.InvariantCulture, $"pipeline-{client}");

    private static string Date(int day) => First.AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private Task<TResponse> Call<TResponse>(int client, MethodDescriptor method, IMessage request)
        where TResponse : class, IMessage<TResponse> => _channels[client].Call<TResponse>(method, request);
}
