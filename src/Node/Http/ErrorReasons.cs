using Google.Protobuf.WellKnownTypes;
using Latecomer.Grpc;
using Latecomer.Grpc.Protocol;
using Status = Latecomer.Grpc.Status;

namespace Latecomer.Node.Http;

/// <summary>Tells programs of every error what they tell errors apart by, and when to ask again where that may help (AIP-193).</summary>
internal static class ErrorReasons
{
    /// <summary>Who gives the reasons.</summary>
    public const string Domain = "latecomer";

    private static readonly Duration Soon = Duration.FromTimeSpan(TimeSpan.FromSeconds(1));

    /// <summary>A detail that names a reason.</summary>
    public static ErrorInfo Reason(string reason) => new() { Reason = reason, Domain = Domain };

    /// <summary>A detail that says that to ask again may help.</summary>
    public static RetryInfo AskAgain() => new() { RetryDelay = Soon };

    /// <summary>The filter that adds them: the reason is the code's name, unless whoever made the error knew better.</summary>
    public static async Task<Status> Add(RpcCall call, Func<Task<Status>> next)
    {
        var status = await next();
        if (status.IsOk)
        {
            return status;
        }

        var info = status.Detail<ErrorInfo>() ?? Reason(status.Code.ConnectName().ToUpperInvariant());
        info.Metadata["method"] = call.Method.FullName;
        var told = status with { Details = [Any.Pack(info), .. status.Details.Where(d => !d.Is(ErrorInfo.Descriptor))] };
        return told.Code == StatusCode.Unavailable && told.Detail<RetryInfo>() is null ? told.With(AskAgain()) : told;
    }
}
