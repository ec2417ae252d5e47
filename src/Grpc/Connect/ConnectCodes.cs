using System.Diagnostics;

namespace Latecomer.Grpc;

/// <summary>How the Connect protocol writes status codes (its section on error codes).</summary>
public static class ConnectCodes
{
    private static readonly (StatusCode Code, string Name, int Http)[] All =
    [
        (StatusCode.Cancelled, "canceled", 499),
        (StatusCode.Unknown, "unknown", 500),
        (StatusCode.InvalidArgument, "invalid_argument", 400),
        (StatusCode.DeadlineExceeded, "deadline_exceeded", 504),
        (StatusCode.NotFound, "not_found", 404),
        (StatusCode.AlreadyExists, "already_exists", 409),
        (StatusCode.PermissionDenied, "permission_denied", 403),
        (StatusCode.ResourceExhausted, "resource_exhausted", 429),
        (StatusCode.FailedPrecondition, "failed_precondition", 400),
        (StatusCode.Aborted, "aborted", 409),
        (StatusCode.OutOfRange, "out_of_range", 400),
        (StatusCode.Unimplemented, "unimplemented", 501),
        (StatusCode.Internal, "internal", 500),
        (StatusCode.Unavailable, "unavailable", 503),
        (StatusCode.DataLoss, "data_loss", 500),
        (StatusCode.Unauthenticated, "unauthenticated", 401),
    ];

    /// <summary>The name in an error body. Ok has none.</summary>
    public static string ConnectName(this StatusCode code) => Of(code).Name;

    /// <summary>The HTTP status that goes with it.</summary>
    public static int HttpStatus(this StatusCode code) => code == StatusCode.Ok ? 200 : Of(code).Http;

    /// <summary>The code of a name; null if it is none.</summary>
    public static StatusCode? TryParse(string? name) => Array.Find(All, c => c.Name == name) is { Name: not null } found ? found.Code : null;

    private static (StatusCode Code, string Name, int Http) Of(StatusCode code) =>
        Array.Find(All, c => c.Code == code) is { Name: not null } found ? found : throw new UnreachableException();
}
