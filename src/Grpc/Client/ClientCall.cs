using System.IO.Pipelines;
using System.Net;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Latecomer.Grpc;

/// <summary>One call with one request, from sending it to its status. Disposing it before that cancels it at the server.</summary>
internal sealed class ClientCall(HttpClient http, MethodDescriptor method, IMessage request, CallOptions options, int mostBytes, CancellationToken cancellation) : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
    private HttpResponseMessage? _response;
    private PipeReader? _pipe;
    private FrameReader? _frames;

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

            if (await _frames!.Read(_end.Token) is { } response)
            {
                return response;
            }

            End(_response!.TrailingHeaders.NonValidated.Contains(GrpcHeaders.Status) ? ClientStatus.Of(_response.TrailingHeaders) : ClientStatus.Of(_response.Headers));
            return null;
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested && _end.IsCancellationRequested)
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
        _end.Dispose();
    }

    private async Task Begin()
    {
        using var message = Message();
        if (options.Timeout is { } timeout)
        {
            _end.CancelAfter(timeout);
        }

        _response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, _end.Token);
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

        _pipe = PipeReader.Create(await _response.Content.ReadAsStreamAsync(_end.Token));
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

    private void End((Status Status, Metadata Trailers) end)
    {
        if (!end.Status.IsOk)
        {
            throw new RpcException(end.Status) { Trailers = end.Trailers };
        }

        options.OnTrailers?.Invoke(end.Trailers);
    }
}
