namespace Latecomer.Grpc;

/// <summary>How one call is made.</summary>
public sealed record CallOptions
{
    /// <summary>How long to wait, which the server is told too; null for as long as it takes.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>What goes along with the request.</summary>
    public Metadata Metadata { get; init; } = new();

    /// <summary>Whether the request is compressed.</summary>
    public bool Compress { get; init; }

    /// <summary>Hears the metadata that comes before the responses.</summary>
    public Action<Metadata>? OnHeaders { get; init; }

    /// <summary>Hears the metadata that comes with an ok status; that of another is in <see cref="RpcException.Trailers"/>.</summary>
    public Action<Metadata>? OnTrailers { get; init; }
}
