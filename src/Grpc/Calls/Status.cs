using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Latecomer.Grpc;

/// <summary>How a call ended.</summary>
/// <param name="Code">The code.</param>
/// <param name="Message">A sentence for people; empty when it is ok.</param>
public sealed record Status(StatusCode Code, string Message)
{
    /// <summary>It did what was asked.</summary>
    public static Status Ok { get; } = new(StatusCode.Ok, "");

    /// <summary>What programs may want to know, such as a <see cref="Protocol.BadRequest"/> (AIP-193).</summary>
    public IReadOnlyList<Any> Details { get; init; } = [];

    /// <summary>Whether it did what was asked.</summary>
    public bool IsOk => Code == StatusCode.Ok;

    /// <summary>With one more detail.</summary>
    public Status With(IMessage detail) => this with { Details = [.. Details, Any.Pack(detail)] };

    /// <summary>The first detail of a kind; null if there is none.</summary>
    public T? Detail<T>()
        where T : class, IMessage<T>, new() => Details.Select(d => d.TryUnpack<T>(out var detail) ? detail : null).FirstOrDefault(d => d is not null);
}
