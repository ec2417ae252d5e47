using Google.Protobuf;

namespace Latecomer.Grpc;

/// <summary>A call's messages, by whatever protocol they travel.</summary>
internal interface ICallStream
{
    /// <summary>The next request; null when the caller has sent all.</summary>
    /// <exception cref="RpcException">What came is no request, or too large.</exception>
    ValueTask<IMessage?> Read(CancellationToken cancellation);

    /// <summary>Sends a response; of a method with one, with the status.</summary>
    ValueTask Write(IMessage response, CancellationToken cancellation);
}
