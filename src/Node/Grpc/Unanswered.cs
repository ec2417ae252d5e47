using System.Reflection;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Latecomer.Grpc;

namespace Latecomer.Node.Grpc;

/// <summary>Answers the methods that are defined and not built yet with UNIMPLEMENTED. Goes away with the last of them.</summary>
internal static class Unanswered
{
    /// <summary>What <paramref name="methods"/> lack of their services, and of <paramref name="more"/>.</summary>
    public static IEnumerable<RpcMethod> Of(IReadOnlyCollection<RpcMethod> methods, params ServiceDescriptor[] more) =>
        from service in methods.Select(m => m.Descriptor.Service).Concat(more).Distinct()
        from method in service.Methods
        where methods.All(m => m.Descriptor != method)
        select (RpcMethod)typeof(Unanswered).GetMethod(method.IsServerStreaming ? nameof(Stream) : nameof(Unary), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(method.InputType.ClrType, method.OutputType.ClrType).Invoke(obj: null, [method])!;

    private static RpcMethod Unary<TRequest, TResponse>(MethodDescriptor method)
        where TRequest : class, IMessage
        where TResponse : class, IMessage =>
        RpcMethod.Unary<TRequest, TResponse>(method.Service, method.Name, (_, _) => Task.FromResult<Reply<TResponse>>(StatusOf(method)));

    private static RpcMethod Stream<TRequest, TResponse>(MethodDescriptor method)
        where TRequest : class, IMessage
        where TResponse : class, IMessage =>
        RpcMethod.ServerStream<TRequest, TResponse>(method.Service, method.Name, (_, _, _) => Task.FromResult(StatusOf(method)));

    private static Status StatusOf(MethodDescriptor method) => new(StatusCode.Unimplemented, $"{method.FullName} is not there yet.");
}
