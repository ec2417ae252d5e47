using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Latecomer.Node.Http;

/// <summary>A method of the API with what answers it.</summary>
/// <param name="Descriptor">The method, by its <c>.proto</c>.</param>
/// <param name="Answer">Answers a request.</param>
internal sealed record UnaryMethod(MethodDescriptor Descriptor, Func<IMessage, CancellationToken, Task<ApiReply>> Answer)
{
    /// <summary>Where it is called, in gRPC and in Connect.</summary>
    public string Path => $"/{Descriptor.Service.FullName}/{Descriptor.Name}";

    /// <summary>Binds a method of a service by its name.</summary>
    /// <exception cref="ArgumentException">The service has no such method, or it takes another request.</exception>
    public static UnaryMethod Of<TRequest>(ServiceDescriptor service, string name, Func<TRequest, CancellationToken, Task<ApiReply>> answer)
        where TRequest : IMessage
    {
        var descriptor = service.FindMethodByName(name);
        return descriptor?.InputType.ClrType == typeof(TRequest)
            ? new UnaryMethod(descriptor, (request, cancellation) => answer((TRequest)request, cancellation))
            : throw new ArgumentException($"{service.FullName} has no method {name} that takes {typeof(TRequest).Name}.", nameof(name));
    }
}
