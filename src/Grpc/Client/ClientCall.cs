using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Latecomer.Grpc;

/// <summary>One call with one request, from sending it to its status. Disposing it before that cancels it at the server.</summary>
internal sealed class ClientCall(HttpClient http, MethodDescriptor method, IMessage request, CallOptions options, int mostBytes, CancellationToken cancellation) : IAsyncDisposable
{
    private readonly CancellationTokenSource? _deadline = options.Timeout is null ? null : CancellationTokenSource.CreateLinkedTokenSource(cancellation);
    private HttpResponseMessage? _response;
    private PipeReader? _pipe;
    private FrameReader? _frames;

    private CancellationToken End => _deadline?.Token ?? cancellation;

    /// <summary>The next response; null when the call ended ok.</summary>
    /// <exception cref="RpcException">It ended otherwise.</exception>
    public async ValueTask<IMessage?> Next()
    {
        try
        {
            if (_frames is null)
            {
                await Begin();
            }

            if (await _frames!.Read(End) is { } response)
            {
                return response;
            }

            Finish(_response!.TrailingHeaders.NonValidated.Contains(GrpcHeaders.Status) ? _response.TrailingHeaders : _response.Headers);
            return null;
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested && End.IsCancellationRequested)
        {
            throw new RpcException(StatusCode.DeadlineExceeded, $"No answer within {options.Timeout}.", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new RpcException(ClientStatus.Of(e), e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await (_pipe?.CompleteAsync() ?? ValueTask.CompletedTask);
        _response?.Dispose();
        _deadline?.Dispose();
    }

    private async Task Begin()
    {
        using var message = Message();
        if (options.Timeout is { } timeout)
        {
            _deadline!.CancelAfter(timeout);
        }

        _response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, End);
        if (_response.StatusCode != HttpStatusCode.OK || !GrpcHeaders.IsGrpc(_response.Content.Headers.ContentType?.MediaType))
        {
            throw new RpcException(ClientStatus.Of(_response));
        }

        options.OnHeaders?.Invoke(ClientStatus.Metadata(_response.Headers));
        var encoding = ClientStatus.Value(_response.Headers, GrpcHeaders.Encoding);
        if (encoding is not (null or Gzip.Identity or Gzip.Name))
        {
            throw new RpcException(StatusCode.Internal, $"The server answers in the encoding '{encoding}', which was not offered.");
        }

        _pipe = PipeReader.Create(await _response.Content.ReadAsStreamAsync(End));
        _frames = new FrameReader(_pipe, method.OutputType.Parser, encoding is Gzip.Name, mostBytes);
    }

    private HttpRequestMessage Message()
    {
        var message = new HttpRequestMessage(HttpMethod.Post, new Uri($"/{method.Service.FullName}/{method.Name}", UriKind.Relative))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new FrameContent(request, options.Compress),
        };
        message.Headers.TE.Add(new("trailers"));
        message.Headers.Add(GrpcHeaders.AcceptEncoding, Gzip.Accepted);
        if (options.Compress)
        {
            message.Headers.Add(GrpcHeaders.Encoding, Gzip.Name);
        }

        if (options.Timeout is { } timeout)
        {
            message.Headers.Add(GrpcTimeout.Header, GrpcTimeout.Format(timeout));
        }

        foreach (var (name, value) in options.Metadata)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }

    private void Finish(HttpResponseHeaders trailers)
    {
        var status = ClientStatus.Of(trailers);
        if (!status.IsOk)
        {
            throw new RpcException(status) { Trailers = ClientStatus.Metadata(trailers) };
        }

        options.OnTrailers?.Invoke(ClientStatus.Metadata(trailers));
    }
}
