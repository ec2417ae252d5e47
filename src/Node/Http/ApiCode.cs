using System.Diagnostics;

namespace Latecomer.Node.Http;

/// <summary>Why a call was refused; names and meanings are those of gRPC's status codes.</summary>
internal enum ApiCode
{
    /// <summary>The request itself is wrong, whatever the state.</summary>
    InvalidArgument,

    /// <summary>What it names is not there.</summary>
    NotFound,

    /// <summary>What it would make is there.</summary>
    AlreadyExists,

    /// <summary>The state does not allow it.</summary>
    FailedPrecondition,

    /// <summary>Too much at once; nothing was done, ask later.</summary>
    ResourceExhausted,

    /// <summary>There is no such method.</summary>
    Unimplemented,

    /// <summary>A fault of ours.</summary>
    Internal,

    /// <summary>The node starts or stops; ask again.</summary>
    Unavailable,

    /// <summary>The caller's deadline passed. A request that was accepted is carried out all the same.</summary>
    DeadlineExceeded,
}

/// <summary>How the Connect protocol writes codes.</summary>
internal static class ApiCodes
{
    /// <summary>The name in an error body.</summary>
    public static string Name(this ApiCode code) => code switch
    {
        ApiCode.InvalidArgument => "invalid_argument",
        ApiCode.NotFound => "not_found",
        ApiCode.AlreadyExists => "already_exists",
        ApiCode.FailedPrecondition => "failed_precondition",
        ApiCode.ResourceExhausted => "resource_exhausted",
        ApiCode.Unimplemented => "unimplemented",
        ApiCode.Internal => "internal",
        ApiCode.Unavailable => "unavailable",
        ApiCode.DeadlineExceeded => "deadline_exceeded",
        _ => throw new UnreachableException(),
    };

    /// <summary>The HTTP status that goes with it.</summary>
    public static int HttpStatus(this ApiCode code) => code switch
    {
        ApiCode.InvalidArgument or ApiCode.FailedPrecondition => 400,
        ApiCode.NotFound => 404,
        ApiCode.AlreadyExists => 409,
        ApiCode.ResourceExhausted => 429,
        ApiCode.Unimplemented => 501,
        ApiCode.Internal => 500,
        ApiCode.Unavailable => 503,
        ApiCode.DeadlineExceeded => 504,
        _ => throw new UnreachableException(),
    };
}
