namespace Latecomer.Runtime;

/// <summary>How a request was answered; the names and meanings are those of gRPC's status codes.</summary>
public enum ReplyStatus
{
    /// <summary>Done, and durable.</summary>
    Ok,

    /// <summary>The request itself is wrong, whatever the state.</summary>
    InvalidArgument,

    /// <summary>What it names is not there.</summary>
    NotFound,

    /// <summary>What it would make is there.</summary>
    AlreadyExists,

    /// <summary>The state does not allow it.</summary>
    FailedPrecondition,

    /// <summary>Its turn kept failing: a fault of ours, set aside as a dead letter.</summary>
    Internal,

    /// <summary>It cannot be done now, and may be later, by another request id: the answer to this one stays.</summary>
    Unavailable,
}

/// <summary>The answer of a turn to a request.</summary>
/// <param name="Request">Which.</param>
/// <param name="Status">How.</param>
/// <param name="Body">What it gives; null unless it is <see cref="ReplyStatus.Ok"/>.</param>
/// <param name="Message">Why not, for people; null when it is <see cref="ReplyStatus.Ok"/>.</param>
public sealed record RequestReply(RequestId Request, ReplyStatus Status, object? Body, string? Message);

/// <summary>A reply as it is stored.</summary>
/// <param name="Status">How it was answered.</param>
/// <param name="Body">What it gives, UTF-8 JSON; null unless ok.</param>
/// <param name="Message">Why not; null when ok.</param>
public sealed record StoredReply(ReplyStatus Status, byte[]? Body, string? Message);
