using System.Globalization;
using System.Net.Mime;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Latecomer.Grpc;

/// <summary>What a caller says in the headers of the Connect protocol's unary form (its section on unary requests).</summary>
internal static class ConnectHeaders
{
    private const string Version = "Connect-Protocol-Version";
    private const string Timeout = "Connect-Timeout-Ms";
    private const int MostDigits = 10;

    /// <summary>Whether a content type is JSON.</summary>
    public static bool IsJson(string? contentType) => Is(contentType, MediaTypeNames.Application.Json);

    /// <summary>Whether a content type is a stream of JSON.</summary>
    public static bool IsStream(string? contentType) => Is(contentType, ConnectResponses.ContentType);

    /// <summary>Reads them; what is not understood is refused.</summary>
    public static (TimeSpan? Timeout, bool IsGzip, Status? Wrong) Read(IHeaderDictionary headers)
    {
        if (headers[Version].ToString() is not ("" or "1") and var version)
        {
            return Refused(StatusCode.InvalidArgument, $"{Version} is 1 here, not '{version}'.");
        }

        var encoding = headers.ContentEncoding.ToString();
        if (encoding is not ("" or Gzip.Identity or Gzip.Name))
        {
            return Refused(StatusCode.Unimplemented, $"The encoding '{encoding}' is not known here, but {Gzip.Accepted} are.");
        }

        var text = headers[Timeout].ToString();
        if (text.Length == 0)
        {
            return (null, encoding is Gzip.Name, null);
        }

        return text.Length <= MostDigits && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            ? (TimeSpan.FromMilliseconds(milliseconds), encoding is Gzip.Name, null)
            : Refused(StatusCode.InvalidArgument, $"{Timeout} is a number of milliseconds, not '{text}'.");
    }

    private static bool Is(string? contentType, string wanted) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) && type.MediaType.Equals(wanted, StringComparison.OrdinalIgnoreCase);

    private static (TimeSpan? Timeout, bool IsGzip, Status? Wrong) Refused(StatusCode code, string message) => (null, false, new Status(code, message));
}
