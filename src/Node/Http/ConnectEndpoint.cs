using System.Collections.Frozen;
using System.Globalization;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Latecomer.Runtime;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Latecomer.Node.Http;

/// <summary>Answers the API's unary methods as JSON over POST: the Connect protocol's unary form, error bodies and deadlines included.</summary>
internal sealed partial class ConnectEndpoint
{
    private const int MaxDepth = 32;
    private const string TimeoutHeader = "Connect-Timeout-Ms";

    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(false));

    private readonly FrozenDictionary<string, UnaryMethod> _methods;
    private readonly JsonParser _parser;
    private readonly ILogger<ConnectEndpoint> _logger;

    /// <summary>Serves <paramref name="methods"/>.</summary>
    /// <exception cref="ArgumentException">A method of one of their services is missing.</exception>
    public ConnectEndpoint(IReadOnlyCollection<UnaryMethod> methods, ILogger<ConnectEndpoint> logger)
    {
        _methods = methods.ToFrozenDictionary(m => m.Path, StringComparer.Ordinal);
        _logger = logger;
        var services = methods.Select(m => m.Descriptor.Service).Distinct().ToList();
        _parser = new JsonParser(new JsonParser.Settings(MaxDepth, TypeRegistry.FromFiles(services.Select(s => s.File))));
        if (services.SelectMany(s => s.Methods).Count() != methods.Count)
        {
            throw new ArgumentException($"Every method of {string.Join(", ", services.Select(s => s.Name))} needs an answer.", nameof(methods));
        }
    }

    /// <summary>Answers one HTTP request.</summary>
    public async Task Answer(HttpContext http)
    {
        if (!_methods.TryGetValue(http.Request.Path.Value ?? "", out var method))
        {
            await Write(http, 404, new ApiReply.Refused(ApiCode.Unimplemented, $"There is no method {http.Request.Path}."));
        }
        else if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            http.Response.Headers.Allow = HttpMethods.Post;
        }
        else if (!IsJson(http.Request.ContentType))
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            http.Response.Headers["Accept-Post"] = MediaTypeNames.Application.Json;
        }
        else
        {
            await Write(http, await Answer(http, method));
        }
    }

    private static bool IsJson(string? contentType) =>
        Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals(MediaTypeNames.Application.Json, StringComparison.OrdinalIgnoreCase);

    private static Task Write(HttpContext http, ApiReply reply) =>
        Write(http, reply is ApiReply.Refused refused ? refused.Code.HttpStatus() : StatusCodes.Status200OK, reply);

    private static async Task Write(HttpContext http, int status, ApiReply reply)
    {
        var body = reply switch
        {
            ApiReply.Ok ok => Formatter.Format(ok.Body),
            ApiReply.Refused refused => JsonSerializer.Serialize(new { code = refused.Code.Name(), message = refused.Message }, HttpJson.Options),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        http.Response.StatusCode = status;
        http.Response.ContentType = MediaTypeNames.Application.Json;
        await http.Response.WriteAsync(body, http.RequestAborted);
    }

    private async Task<ApiReply> Answer(HttpContext http, UnaryMethod method)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        if (http.Request.Headers[TimeoutHeader].ToString() is { Length: > 0 } timeout)
        {
            if (!int.TryParse(timeout, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds))
            {
                return new ApiReply.Refused(ApiCode.InvalidArgument, $"{TimeoutHeader} is a number of milliseconds, not '{timeout}'.");
            }

            deadline.CancelAfter(milliseconds);
        }

        try
        {
            return await Parse(http.Request, method, deadline.Token) is var (request, fault) && fault is not null
                ? fault
                : await method.Answer(request!, deadline.Token);
        }
        catch (FormatException e)
        {
            return new ApiReply.Refused(ApiCode.InvalidArgument, e.Message);
        }
        catch (StoreFaultException e)
        {
            return new ApiReply.Refused(ApiCode.Unavailable, e.Message);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested && !http.RequestAborted.IsCancellationRequested)
        {
            return new ApiReply.Refused(ApiCode.DeadlineExceeded, "No answer within the caller's deadline; if the request was accepted, it is carried out all the same.");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFault(_logger, e, method.Path);
            return new ApiReply.Refused(ApiCode.Internal, "A fault of latecomer itself; the node's log has more.");
        }
    }

    private async Task<(IMessage? Request, ApiReply? Fault)> Parse(HttpRequest request, UnaryMethod method, CancellationToken cancellation)
    {
        try
        {
            using var reader = new StreamReader(request.Body, Encoding.UTF8);
            var text = await reader.ReadToEndAsync(cancellation);
            return (_parser.Parse(text.Length == 0 ? "{}" : text, method.Descriptor.InputType), null);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, new ApiReply.Refused(ApiCode.ResourceExhausted, $"The request is larger than {EdgeServer.MaxBodyBytes} bytes."));
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidJsonException or FormatException)
        {
            return (null, new ApiReply.Refused(ApiCode.InvalidArgument, $"The body is no {method.Descriptor.InputType.Name}: {e.Message}"));
        }
    }

    [LoggerMessage(1, LogLevel.Error, "{Method} failed by a fault of ours")]
    private static partial void LogFault(ILogger logger, Exception fault, string method);
}
