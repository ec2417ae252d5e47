using System.Reflection;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Latecomer.Grpc;

namespace Latecomer.Tests.Integration.Cli;

/// <summary>Answers methods that a test has no use for with UNIMPLEMENTED: an endpoint answers all of a service.</summary>
internal static class Unanswered
{
    /// <summary>What <paramref name="methods"/> lack of their services.</summary>
    public static IEnumerable<RpcMethod> Of(IReadOnlyCollection<RpcMethod> methods) =>
        from service in methods.Select(m => m.Descriptor.Service).Distinct()
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

    private static Status StatusOf(MethodDescriptor method) => new(StatusCode.Unimplemented, $"{method.FullName} is of no use here.");
}
