using Google.Protobuf;

namespace Latecomer.Grpc;

/// <summary>The responses of a streaming call, as its handler sends them.</summary>
public sealed class Responses<TResponse>
    where TResponse : IMessage
{
    private readonly ICallStream _stream;
    private readonly CancellationToken _cancellation;

    internal Responses(ICallStream stream, CancellationToken cancellation) => (_stream, _cancellation) = (stream, cancellation);

    /// <summary>Sends one. Returns when it is on its way, and so waits while the caller does not read: no more than one message and the connection's window are
    /// in memory. One at a time.</summary>
    /// <exception cref="OperationCanceledException">The call is over.</exception>
    /// <exception cref="RpcException">The response is too large; it was not sent.</exception>
    public ValueTask Write(TResponse response) => _stream.Write(response, _cancellation);
}
