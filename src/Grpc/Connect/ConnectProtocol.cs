using System.Collections.Frozen;
using System.Net.Mime;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Latecomer.Grpc;

/// <summary>Answers calls with one request and one response as JSON over POST: the unary form of the Connect protocol; and, in its
/// streaming form, those with many responses.</summary>
internal sealed class ConnectProtocol(FrozenDictionary<string, RpcMethod> methods, RpcSettings settings, CallRunner runner)
{
    private const int MostDepth = 32;
    private const long MostPassedBytes = 64 * 1024 * 1024;
    private const string TrailerPrefix = "trailer-";

    private readonly JsonParser _parser = new(new JsonParser.Settings(MostDepth, Types(methods.Values)));
    private readonly JsonFormatter _formatter = new(new JsonFormatter.Settings(formatDefaultValues: false, Types(methods.Values)));

    /// <summary>Answers a request.</summary>
    public async Task Answer(HttpContext http)
    {
        // Bodies are judged when they are read; the server lets the rest of one pass, for some seconds, so that callers who send all before they look see the answer.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = settings.MostRequestBytes + MostPassedBytes;
        }

        if (!methods.TryGetValue(http.Request.Path.Value ?? "", out var method))
        {
            await Write(http, StatusCodes.Status404NotFound, body => ConnectError.Write(body, new Status(StatusCode.Unimplemented, $"There is no method {http.Request.Path}.")));
        }
        else if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            http.Response.Headers.Allow = HttpMethods.Post;
        }
        else if (method.Descriptor is { IsClientStreaming: false, IsServerStreaming: true } && ConnectHeaders.IsStream(http.Request.ContentType))
        {
            await AnswerStream(http, method);
        }
        else if (method.Descriptor.IsClientStreaming || method.Descriptor.IsServerStreaming)
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            http.Response.Headers["Accept-Post"] = method.Descriptor.IsClientStreaming ? GrpcHeaders.ContentType : $"{ConnectResponses.ContentType}, {GrpcHeaders.ContentType}";
        }
        else if (!ConnectHeaders.IsJson(http.Request.ContentType))
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            http.Response.Headers["Accept-Post"] = $"{MediaTypeNames.Application.Json}, {GrpcHeaders.ContentType}";
        }
        else
        {
            await Answer(http, method);
        }
    }

    private static TypeRegistry Types(IEnumerable<RpcMethod> methods) => TypeRegistry.FromFiles(methods.Select(m => m.Descriptor.File).Distinct());

    private async Task Answer(HttpContext http, RpcMethod method)
    {
        var (timeout, isGzip, wrong) = ConnectHeaders.Read(http.Request.Headers);
        if (wrong is not null)
        {
            await Write(http, wrong);
            return;
        }

        using var life = new CallLife(http, timeout, CancellationToken.None);
        var call = new RpcCall(http, method.Descriptor, life);
        var stream = new ConnectCallStream(http, call, _parser, isGzip, settings);
        var status = await runner.Run(method, stream, call, life);
        if (life.IsAborted)
        {
            return;
        }

        GrpcTrailers.Write(http.Response.Headers, call.HeadersIfAny);
        foreach (var (name, value) in call.TrailersIfAny ?? [])
        {
            http.Response.Headers.Append(TrailerPrefix + name, value);
        }

        await (status.IsOk && stream.Response is { } response ? Write(http, response) : Write(http, status));
    }

    private async Task AnswerStream(HttpContext http, RpcMethod method)
    {
        var (timeout, isGzip, wrong) = ConnectHeaders.Read(http.Request.Headers);
        if (wrong is null && isGzip)
        {
            wrong = new Status(StatusCode.Unimplemented, "A stream's request comes as it is, not compressed.");
        }

        using var life = new CallLife(http, timeout, settings.Stopping);
        var call = new RpcCall(http, method.Descriptor, life);
        var stream = new ConnectResponses(http, call, _parser, _formatter, settings);
        http.Response.ContentType = ConnectResponses.ContentType;
        var status = wrong ?? await runner.Run(method, stream, call, life);
        if (!life.IsAborted)
        {
            await stream.Finish(status);
        }
    }

    private Task Write(HttpContext http, IMessage response) => response.CalculateSize() > settings.MostResponseBytes
        ? Write(http, new Status(StatusCode.ResourceExhausted, $"The response has more than {settings.MostResponseBytes} bytes. Ask for less at once."))
        : Write(http, StatusCodes.Status200OK, body =>
        {
            using var writer = new StreamWriter(new BufferStream(body), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            _formatter.Format(response, writer);
        });

    private Task Write(HttpContext http, Status status) => Write(http, status.Code.HttpStatus(), body => ConnectError.Write(body, status));

    private async Task Write(HttpContext http, int httpStatus, Action<PooledBuffer> write)
    {
        using var body = new PooledBuffer(int.MaxValue);
        write(body);
        http.Response.StatusCode = httpStatus;
        http.Response.ContentType = MediaTypeNames.Application.Json;
        if (body.Written.Length >= settings.CompressFromBytes && Gzip.IsIn(http.Request.Headers.AcceptEncoding))
        {
            using var gzip = Gzip.Compress(stream => stream.Write(body.Written.Span));
            http.Response.Headers.ContentEncoding = Gzip.Name;
            await Send(http, gzip);
        }
        else
        {
            await Send(http, body);
        }
    }

    private static async Task Send(HttpContext http, PooledBuffer body)
    {
        http.Response.ContentLength = body.Written.Length;
        await http.Response.Body.WriteAsync(body.Written, http.RequestAborted);
    }
}
