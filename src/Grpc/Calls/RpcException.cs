namespace Latecomer.Grpc;

/// <summary>Ends a call where no value can: a client's call that failed, or a stream that broke off. Handlers that expect to refuse return a <see cref="Status"/>.</summary>
public sealed class RpcException : Exception
{
    /// <summary>Ends a call with <paramref name="status"/>.</summary>
    public RpcException(Status status, Exception? inner = null)
        : base($"{status.Code}: {status.Message}", inner) => Status = status;

    /// <summary>Ends a call.</summary>
    public RpcException(StatusCode code, string message, Exception? inner = null)
        : this(new Status(code, message), inner)
    {
    }

    /// <summary>How it ended.</summary>
    public Status Status { get; }

    /// <summary>The metadata that came with it; empty at a server.</summary>
    public Metadata Trailers { get; init; } = new();
}
