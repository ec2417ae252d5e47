using System.Runtime.CompilerServices;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Latecomer.Grpc;

/// <summary>A method with what answers it. Bound by name to the generated descriptor of its service, so that the <c>.proto</c> alone says what there is.</summary>
public abstract class RpcMethod
{
    private RpcMethod(MethodDescriptor descriptor) => Descriptor = descriptor;

    /// <summary>The method, by its <c>.proto</c>.</summary>
    public MethodDescriptor Descriptor { get; }

    /// <summary>Where it is called, in gRPC and in Connect.</summary>
    public string Path => $"/{Descriptor.Service.FullName}/{Descriptor.Name}";

    /// <summary>One request, one response.</summary>
    /// <exception cref="ArgumentException">The service has no such method.</exception>
    public static RpcMethod Unary<TRequest, TResponse>(ServiceDescriptor service, string name, UnaryHandler<TRequest, TResponse> handler)
        where TRequest : class, IMessage
        where TResponse : class, IMessage => new UnaryMethod<TRequest, TResponse>(Find<TRequest, TResponse>(service, name, false, false), handler);

    /// <summary>One request, many responses.</summary>
    /// <exception cref="ArgumentException">The service has no such method.</exception>
    public static RpcMethod ServerStream<TRequest, TResponse>(ServiceDescriptor service, string name, ServerStreamHandler<TRequest, TResponse> handler)
        where TRequest : class, IMessage
        where TResponse : class, IMessage => new ServerStreamMethod<TRequest, TResponse>(Find<TRequest, TResponse>(service, name, false, true), handler);

    /// <summary>Many requests, one response.</summary>
    /// <exception cref="ArgumentException">The service has no such method.</exception>
    public static RpcMethod ClientStream<TRequest, TResponse>(ServiceDescriptor service, string name, ClientStreamHandler<TRequest, TResponse> handler)
        where TRequest : class, IMessage
        where TResponse : class, IMessage => new ClientStreamMethod<TRequest, TResponse>(Find<TRequest, TResponse>(service, name, true, false), handler);

    /// <summary>Many requests, many responses.</summary>
    /// <exception cref="ArgumentException">The service has no such method.</exception>
    public static RpcMethod Duplex<TRequest, TResponse>(ServiceDescriptor service, string name, DuplexHandler<TRequest, TResponse> handler)
        where TRequest : class, IMessage
        where TResponse : class, IMessage => new DuplexMethod<TRequest, TResponse>(Find<TRequest, TResponse>(service, name, true, true), handler);

    /// <summary>Reads what the method takes, has it answered, and sends that.</summary>
    internal abstract Task<Status> Answer(ICallStream stream, RpcCall call);

    private static MethodDescriptor Find<TRequest, TResponse>(ServiceDescriptor service, string name, bool requests, bool responses) =>
        service.FindMethodByName(name) is { } method && (method.IsClientStreaming, method.IsServerStreaming) == (requests, responses)
        && method.InputType.ClrType == typeof(TRequest) && method.OutputType.ClrType == typeof(TResponse)
            ? method
            : throw new ArgumentException($"{service.FullName} has no method {name} of this kind, from {typeof(TRequest).Name} to {typeof(TResponse).Name}.", nameof(name));

    private static async ValueTask<TRequest> One<TRequest>(ICallStream stream, RpcCall call)
        where TRequest : class, IMessage
    {
        // doc/statuscodes.md: a violation of how many there are is UNIMPLEMENTED.
        var request = await stream.Read(call.Cancellation) ?? throw new RpcException(StatusCode.Unimplemented, $"{call.Method.Name} takes one request, and none came.");
        if (await stream.Read(call.Cancellation) is not null)
        {
            throw new RpcException(StatusCode.Unimplemented, $"{call.Method.Name} takes one request, and more came.");
        }

        call.Request = request;
        return (TRequest)request;
    }

    private static async IAsyncEnumerable<TRequest> All<TRequest>(ICallStream stream, [EnumeratorCancellation] CancellationToken cancellation)
        where TRequest : class, IMessage
    {
        while (await stream.Read(cancellation) is { } request)
        {
            yield return (TRequest)request;
        }
    }

    private static async Task<Status> Send<TResponse>(Reply<TResponse> reply, ICallStream stream, RpcCall call)
        where TResponse : class, IMessage
    {
        if (reply.Message is { } message)
        {
            await stream.Write(message, call.Cancellation);
        }

        return reply.Status;
    }

    private sealed class UnaryMethod<TRequest, TResponse>(MethodDescriptor descriptor, UnaryHandler<TRequest, TResponse> handler) : RpcMethod(descriptor)
        where TRequest : class, IMessage
        where TResponse : class, IMessage
    {
        internal override async Task<Status> Answer(ICallStream stream, RpcCall call) =>
            await Send(await handler(await One<TRequest>(stream, call), call), stream, call);
    }

    private sealed class ServerStreamMethod<TRequest, TResponse>(MethodDescriptor descriptor, ServerStreamHandler<TRequest, TResponse> handler) : RpcMethod(descriptor)
        where TRequest : class, IMessage
        where TResponse : class, IMessage
    {
        internal override async Task<Status> Answer(ICallStream stream, RpcCall call) =>
            await handler(await One<TRequest>(stream, call), new Responses<TResponse>(stream, call.Cancellation), call);
    }

    private sealed class ClientStreamMethod<TRequest, TResponse>(MethodDescriptor descriptor, ClientStreamHandler<TRequest, TResponse> handler) : RpcMethod(descriptor)
        where TRequest : class, IMessage
        where TResponse : class, IMessage
    {
        internal override async Task<Status> Answer(ICallStream stream, RpcCall call) =>
            await Send(await handler(All<TRequest>(stream, call.Cancellation), call), stream, call);
    }

    private sealed class DuplexMethod<TRequest, TResponse>(MethodDescriptor descriptor, DuplexHandler<TRequest, TResponse> handler) : RpcMethod(descriptor)
        where TRequest : class, IMessage
        where TResponse : class, IMessage
    {
        internal override Task<Status> Answer(ICallStream stream, RpcCall call) =>
            handler(All<TRequest>(stream, call.Cancellation), new Responses<TResponse>(stream, call.Cancellation), call);
    }
}
