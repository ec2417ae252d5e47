using System.Collections.Frozen;

namespace Latecomer.Grpc;

/// <summary>Headers that are the protocol's own, and so no metadata.</summary>
internal static class ReservedHeaders
{
    private static readonly FrozenSet<string> Names = new[]
    {
        "accept", "accept-encoding", "connection", "content-encoding", "content-length", "content-type", "date", "expect", "host", "keep-alive", "te", "trailer",
        "transfer-encoding", "upgrade",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a header is one of them.</summary>
    public static bool Contains(string name) =>
        Names.Contains(name) || name.StartsWith(':')
        || name.StartsWith("grpc-", StringComparison.OrdinalIgnoreCase) || name.StartsWith("connect-", StringComparison.OrdinalIgnoreCase);
}
