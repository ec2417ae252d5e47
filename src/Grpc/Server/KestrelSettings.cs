using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Latecomer.Grpc;

/// <summary>What Kestrel needs to know to serve streams.</summary>
public static class KestrelSettings
{
    // A client shares one connection among all its watches.
    private const int MostStreams = 1000;

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Sets it. A peer that is silent is pinged, and its streams end when it does not answer; one that reads slowly is waited for, as flow control has it.</summary>
    public static void ForStreams(this KestrelServerLimits limits)
    {
        limits.Http2.MaxStreamsPerConnection = MostStreams;
        limits.Http2.KeepAlivePingDelay = Quiet;
        limits.Http2.KeepAlivePingTimeout = Patience;
        limits.MinResponseDataRate = null;
    }
}
