using Latecomer.Node.Cli;
using Latecomer.Node.Hosting;
using Latecomer.Node.Http;
using Latecomer.Node.Protocol;
using Latecomer.Runtime;

namespace Latecomer.Node.Clusters;

/// <summary>What only the processes of nodes know of them: those of this one are looked up, the others are asked.</summary>
/// <param name="observer">Counts.</param>
/// <param name="own">The nodes of this process.</param>
/// <param name="grpc">Where this process is called by gRPC.</param>
/// <param name="token">By which the others know this node; null if there are none.</param>
/// <param name="toNodes">Sends to the others.</param>
internal sealed class NodeCounts(NodeObserver observer, IReadOnlyCollection<string> own, Uri grpc, string? token, HttpMessageHandler toNodes)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>What a node of this process did; null if it has none of that name.</summary>
    public ShowNodeResponse? Own(string name) =>
        own.Contains(name, StringComparer.Ordinal)
            ? new ShowNodeResponse { Turns = observer.Of(name).Turns, Activities = observer.Of(name).Activities, GrpcAddress = grpc.GetLeftPart(UriPartial.Authority) }
            : null;

    /// <summary>What a node did; null if it does not answer soon.</summary>
    public async Task<ShowNodeResponse?> Of(NodeRegistration node, CancellationToken cancellation)
    {
        if (Own(node.Name) is { } known)
        {
            return known;
        }

        if (!Uri.TryCreate(node.Address, UriKind.Absolute, out var address))
        {
            return null;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        using var api = new ApiClient(new Connection(address, token) { Handler = toNodes });
        try
        {
            return await api.Call<ShowNodeResponse>("Cluster/ShowNode", new ShowNodeRequest { Name = node.Name }, patience.Token);
        }
        catch (Exception e) when (e is Refusal or OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
            return null;
        }
    }
}
