namespace Latecomer.Grpc;

/// <summary>How a server answers.</summary>
public sealed record RpcSettings
{
    /// <summary>The largest request message, bytes, compressed or not; RESOURCE_EXHAUSTED beyond.</summary>
    public int MostRequestBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>The largest response message, bytes; RESOURCE_EXHAUSTED beyond.</summary>
    public int MostResponseBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>From how many bytes a response is compressed for those who accept that.</summary>
    public int CompressFromBytes { get; init; } = 16 * 1024;

    /// <summary>What stands around each call; the first is the outermost.</summary>
    public IReadOnlyList<CallFilter> Filters { get; init; } = [];

    /// <summary>The status for what a handler throws, such as what a store that is away throws; null for a fault of ours: it is logged, and the caller told INTERNAL.</summary>
    public Func<Exception, Status?> Translate { get; init; } = _ => null;

    /// <summary>Ends streams of responses with UNAVAILABLE when the server stops. Calls with one response are finished.</summary>
    public CancellationToken Stopping { get; init; } = CancellationToken.None;
}
