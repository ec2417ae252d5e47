namespace Latecomer.Grpc;

/// <summary>How a call ended; names and numbers are those of gRPC (<c>doc/statuscodes.md</c>).</summary>
public enum StatusCode
{
    /// <summary>It did what was asked.</summary>
    Ok = 0,

    /// <summary>The caller gave up.</summary>
    Cancelled = 1,

    /// <summary>Nobody knows, such as what another system failed of.</summary>
    Unknown = 2,

    /// <summary>The request itself is wrong, whatever the state.</summary>
    InvalidArgument = 3,

    /// <summary>The caller's deadline passed. What was accepted is carried out all the same.</summary>
    DeadlineExceeded = 4,

    /// <summary>What it names is not there.</summary>
    NotFound = 5,

    /// <summary>What it would make is there.</summary>
    AlreadyExists = 6,

    /// <summary>We know who asks, and he may not.</summary>
    PermissionDenied = 7,

    /// <summary>Too much, at once or in one message; nothing was done.</summary>
    ResourceExhausted = 8,

    /// <summary>The state does not allow it.</summary>
    FailedPrecondition = 9,

    /// <summary>Others interfered; the whole of it may be tried again.</summary>
    Aborted = 10,

    /// <summary>Past the end of what there is.</summary>
    OutOfRange = 11,

    /// <summary>There is no such method, or it does not take what it was sent.</summary>
    Unimplemented = 12,

    /// <summary>A fault of ours, or a message that cannot be read.</summary>
    Internal = 13,

    /// <summary>Not now: ask again, or another server.</summary>
    Unavailable = 14,

    /// <summary>Something is lost for good.</summary>
    DataLoss = 15,

    /// <summary>We do not know who asks.</summary>
    Unauthenticated = 16,
}
