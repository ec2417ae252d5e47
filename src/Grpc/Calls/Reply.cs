using Google.Protobuf;

namespace Latecomer.Grpc;

/// <summary>What a handler with one response gives: that, or a status that says why not. Both convert to it.</summary>
public readonly struct Reply<TResponse>
    where TResponse : class, IMessage
{
    private readonly Status? _status;

    private Reply(TResponse? message, Status? status) => (Message, _status) = (message, status);

    /// <summary>The response; null if there is none.</summary>
    public TResponse? Message { get; }

    /// <summary>How the call ended.</summary>
    public Status Status => Message is not null ? Status.Ok : _status ?? new Status(StatusCode.Internal, "The method gave no answer.");

    /// <summary>The answer is a response.</summary>
    public static implicit operator Reply<TResponse>(TResponse message) => new(message, status: null);

    /// <summary>There is no response.</summary>
    public static implicit operator Reply<TResponse>(Status status) => new(message: null, status.IsOk ? null : status);
}
