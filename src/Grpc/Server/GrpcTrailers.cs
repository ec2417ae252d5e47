using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Latecomer.Grpc;

/// <summary>How a call ended, in headers (<c>Trailers</c> of gRPC over HTTP/2).</summary>
internal static class GrpcTrailers
{
    // Many clients take no more than 8 KiB of headers, and a character may become nine.
    private const int LongestMessage = 700;

    /// <summary>Writes a status, and the metadata that goes with it.</summary>
    public static void Write(IHeaderDictionary target, Status status, Metadata? metadata)
    {
        target[GrpcHeaders.Status] = status.IsOk ? "0" : ((int)status.Code).ToString(CultureInfo.InvariantCulture);
        if (status.Message.Length > 0)
        {
            target[GrpcHeaders.Message] = PercentEncoding.Encode(Short(status.Message));
        }

        if (status.Details.Count > 0)
        {
            target[StatusDetails.Header] = StatusDetails.Encode(status with { Message = Short(status.Message) });
        }

        Write(target, metadata);
    }

    /// <summary>Writes metadata.</summary>
    public static void Write(IHeaderDictionary target, Metadata? metadata)
    {
        foreach (var (name, value) in metadata ?? [])
        {
            target.Append(name, value);
        }
    }

    private static string Short(string message) =>
        message.Length <= LongestMessage ? message : $"{message.AsSpan(0, char.IsHighSurrogate(message[LongestMessage - 1]) ? LongestMessage - 1 : LongestMessage)}...";
}
