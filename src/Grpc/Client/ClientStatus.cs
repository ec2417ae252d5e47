using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Latecomer.Grpc;

/// <summary>How a call ended, as its client reads it.</summary>
internal static class ClientStatus
{
    private static readonly Status Missing = new(StatusCode.Unknown, "The server did not say how the call ended.");

    /// <summary>A status in trailers, or in the headers of an answer that is nothing else.</summary>
    public static Status Of(HttpResponseHeaders headers) => Value(headers, GrpcHeaders.Status) switch
    {
        "0" => Status.Ok,
        { } number => Of(number, headers),
        null => Missing,
    };

    /// <summary>The status for an answer that is no gRPC (<c>doc/http-grpc-status-mapping.md</c>).</summary>
    public static Status Of(HttpResponseMessage response)
    {
        var code = response.StatusCode switch
        {
            HttpStatusCode.BadRequest => StatusCode.Internal,
            HttpStatusCode.Unauthorized => StatusCode.Unauthenticated,
            HttpStatusCode.Forbidden => StatusCode.PermissionDenied,
            HttpStatusCode.NotFound => StatusCode.Unimplemented,
            HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => StatusCode.Unavailable,
            _ => StatusCode.Unknown,
        };
        return new Status(code, $"What answers does not speak gRPC: HTTP {(int)response.StatusCode}, {response.Content.Headers.ContentType?.MediaType ?? "no content type"}.");
    }

    /// <summary>The status for a connection or stream that broke (<c>Errors</c> of gRPC over HTTP/2).</summary>
    public static Status Of(Exception broken)
    {
        for (var e = broken; e is not null; e = e.InnerException)
        {
            if (e is HttpProtocolException { ErrorCode: var code })
            {
                return new Status(Of(code), broken.Message);
            }
        }

        return new Status(StatusCode.Unavailable, broken.Message);
    }

    /// <summary>The value of a header as it came; null without it.</summary>
    public static string? Value(HttpResponseHeaders headers, string name) => headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    /// <summary>The metadata among headers.</summary>
    public static Metadata Metadata(HttpResponseHeaders headers)
    {
        var metadata = new Metadata();
        foreach (var (name, values) in headers.NonValidated)
        {
            if (!ReservedHeaders.Contains(name))
            {
                foreach (var value in values)
                {
                    metadata.Take(name, value);
                }
            }
        }

        return metadata;
    }

    private static Status Of(string number, HttpResponseHeaders headers)
    {
        var code = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var known) && known <= (int)StatusCode.Unauthenticated
            ? (StatusCode)known
            : StatusCode.Unknown;
        var status = new Status(code, PercentEncoding.Decode(Value(headers, GrpcHeaders.Message) ?? ""));
        return StatusDetails.Decode(status, Value(headers, StatusDetails.Header));
    }

    private static StatusCode Of(long http2Error) => http2Error switch
    {
        7 => StatusCode.Unavailable,        // REFUSED_STREAM
        8 => StatusCode.Cancelled,          // CANCEL
        11 => StatusCode.ResourceExhausted, // ENHANCE_YOUR_CALM
        12 => StatusCode.PermissionDenied,  // INADEQUATE_SECURITY
        _ => StatusCode.Internal,
    };
}
