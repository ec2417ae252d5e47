namespace Latecomer.Grpc;

/// <summary>The headers of gRPC over HTTP/2.</summary>
internal static class GrpcHeaders
{
    public const string ContentType = "application/grpc";
    public const string Encoding = "grpc-encoding";
    public const string AcceptEncoding = "grpc-accept-encoding";
    public const string Status = "grpc-status";
    public const string Message = "grpc-message";

    /// <summary>Whether a content type is gRPC's, in whatever format its messages are.</summary>
    public static bool IsGrpc(string? contentType) => contentType is not null && contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == ContentType.Length || contentType[ContentType.Length] is '+' or ';' or '-' or ' ');

    /// <summary>Whether its messages are protobuf.</summary>
    public static bool IsProto(string contentType)
    {
        var format = contentType.AsSpan(ContentType.Length);
        if (format.IndexOf(';') is >= 0 and var parameters)
        {
            format = format[..parameters];
        }

        return format.TrimEnd() is [] or "+proto";
    }
}
