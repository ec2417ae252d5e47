using System.Threading.Channels;
using Google.Protobuf;
using Latecomer.Grpc;
using Latecomer.Grpc.Protocol;

namespace Latecomer.Tests.Testing.Grpc;

/// <summary>What tests call.</summary>
public sealed class EchoService
{
    private readonly Channel<string> _left = Channel.CreateUnbounded<string>();

    private int _sent;

    /// <summary>How many responses of streams went out.</summary>
    public int Sent => Volatile.Read(ref _sent);

    /// <summary>Waits for what was asked to wait or to repeat without end, and was left.</summary>
    public async Task<string> NextLeft()
    {
        using var liveness = new CancellationTokenSource(Liveness.Bound);
        return await _left.Reader.ReadAsync(liveness.Token);
    }

    public IEnumerable<RpcMethod> Methods()
    {
        var service = EchoReflection.Descriptor.Services[0];
        yield return RpcMethod.Unary<EchoRequest, EchoResponse>(service, "Say", Say);
        yield return RpcMethod.ServerStream<RepeatRequest, EchoResponse>(service, "Repeat", Repeat);
        yield return RpcMethod.ClientStream<EchoRequest, EchoResponse>(service, "Join", Join);
        yield return RpcMethod.Duplex<EchoRequest, EchoResponse>(service, "Chat", Chat);
        yield return RpcMethod.Unary<FailRequest, EchoResponse>(service, "Fail", (request, _) => Task.FromResult(Fail(request)));
        yield return RpcMethod.Unary<EchoRequest, EchoResponse>(service, "Wait", Wait);
    }

    private static Task<Reply<EchoResponse>> Say(EchoRequest request, RpcCall call)
    {
        if (call.Metadata["x-echo"] is { } text)
        {
            call.ResponseHeaders.Add("x-echo", text);
            call.Trailers.Add("x-echo-end", text);
        }

        if (call.Metadata.Bytes("x-echo-bin") is { } bytes)
        {
            call.ResponseHeaders.Add("x-echo-bin", bytes);
            call.Trailers.Add("x-echo-end-bin", bytes);
        }

        return Task.FromResult<Reply<EchoResponse>>(new EchoResponse { Text = request.Text, Payload = request.Payload });
    }

    private static async Task<Reply<EchoResponse>> Join(IAsyncEnumerable<EchoRequest> requests, RpcCall call)
    {
        var said = new List<string>();
        await foreach (var request in requests)
        {
            said.Add(request.Text);
        }

        return new EchoResponse { Text = string.Join(' ', said) };
    }

    private static async Task<Status> Chat(IAsyncEnumerable<EchoRequest> requests, Responses<EchoResponse> responses, RpcCall call)
    {
        await foreach (var request in requests)
        {
            await responses.Write(new EchoResponse { Text = request.Text });
        }

        return Status.Ok;
    }

    private static Reply<EchoResponse> Fail(FailRequest request)
    {
        if (request.ByFault)
        {
            throw new InvalidOperationException(request.Message);
        }

        var status = new Status((StatusCode)request.Code, request.Message);
        return request.Field.Length == 0
            ? status
            : status.With(new BadRequest { FieldViolations = { new BadRequest.Types.FieldViolation { Field = request.Field, Description = "it is wrong" } } });
    }

    private async Task<Status> Repeat(RepeatRequest request, Responses<EchoResponse> responses, RpcCall call)
    {
        var payload = ByteString.CopyFrom(new byte[request.PayloadBytes]);
        try
        {
            for (var i = 0; request.Endless || i < request.Times; i++)
            {
                await responses.Write(new EchoResponse { Text = request.Text, Payload = payload });
                Interlocked.Increment(ref _sent);
            }

            if (request.Waits)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, call.Cancellation);
            }
        }
        catch (OperationCanceledException)
        {
            _left.Writer.TryWrite(request.Text);
            throw;
        }

        return Status.Ok;
    }

    private async Task<Reply<EchoResponse>> Wait(EchoRequest request, RpcCall call)
    {
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, call.Cancellation);
        }
        catch (OperationCanceledException)
        {
            _left.Writer.TryWrite(request.Text);
            throw;
        }

        return new EchoResponse();
    }
}
