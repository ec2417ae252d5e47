using Latecomer.Node.Hosting;
using Latecomer.Tests.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Latecomer.Tests.Integration.Grpc;

/// <summary>A node in this process, with an empty table <c>t</c> that pipelines can read.</summary>
internal sealed class ServedNode : IAsyncDisposable
{
    private const string FirstCommit = """
        {"protocol":{"minReaderVersion":1,"minWriterVersion":2}}
        {"metaData":{"id":"5e3a2c52-8a5e-4d0e-9f55-1f3c6f0a9d10","format":{"provider":"parquet","options":{}},"schemaString":"{\"type\":\"struct\",\"fields\":[{\"name\":\"id\",\"type\":\"long\",\"nullable\":true,\"metadata\":{}},{\"name\":\"d\",\"type\":\"string\",\"nullable\":true,\"metadata\":{}}]}","partitionColumns":["d"],"configuration":{},"createdTime":0}}

        """;

    private readonly TemporaryFolder _folder = new();

    private ServedNode()
    {
    }

    public NodeHost Host { get; private set; } = null!;

    /// <summary>Starts it and waits until it serves.</summary>
    public static async Task<ServedNode> Start(ILoggerFactory? logging = null)
    {
        var node = new ServedNode();
        var log = Path.Combine(node._folder.Path, "dataset", "t", "_delta_log");
        node.Host = await NodeHost.Start(new HostOptions { Data = node._folder.Path, Listen = new Uri("http://127.0.0.1:0") }, logging ?? NullLoggerFactory.Instance, default);
        Directory.CreateDirectory(log);
        await File.WriteAllTextAsync(Path.Combine(log, $"{0:D20}.json"), FirstCommit);
        await node.Host.Serve(default);
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _folder.Dispose();
    }
}
